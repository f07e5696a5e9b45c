//! Canonical forms (section 7 of the language): one type for each thing that is asked about, which can only hold good
//! values. Every parser is total and idempotent, and says what would have been right.

mod account;
mod codecommit;
mod commit;
mod host;
mod issuer;
mod malformed;
mod path;
mod principal;
mod principal_kind;
mod reference;
mod repository;
mod repository_identity;

pub use account::AccountId;
pub use commit::CommitId;
pub(crate) use commit::is_commit_id;
pub use issuer::Issuer;
pub use malformed::Malformed;
pub(crate) use malformed::shown;
pub use path::UnitPath;
pub use principal::Principal;
pub use reference::FullRef;
pub use repository::RepositoryId;

/// The number of a port: 1 to 65535, digits only, no leading zero (C1).
fn port(digits: &str) -> Option<u16> {
    let plain = digits.bytes().all(|byte| byte.is_ascii_digit()) && !digits.starts_with('0');
    if plain { digits.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::port;

    #[test]
    fn a_port_is_1_to_65535_without_leading_zero() {
        for (digits, expected) in [("1", 1), ("22", 22), ("8080", 8080), ("65535", 65535)] {
            assert_eq!(port(digits), Some(expected));
        }
        for digits in ["", "0", "01", "+1", "-1", "65536", "99999999999999999999", "1a", " 1", "1 "] {
            assert_eq!(port(digits), None, "{digits:?}");
        }
    }
}
