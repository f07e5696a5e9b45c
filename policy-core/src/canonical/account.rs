//! The number of an AWS account.

use alloc::borrow::ToOwned;
use alloc::string::String;
use core::fmt;

use super::Malformed;

/// The number of an AWS account: 12 ASCII digits (section 3, C6).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AccountId(String);

impl AccountId {
    /// Reads an account id.
    ///
    /// # Errors
    /// Anything but 12 ASCII digits.
    pub fn parse(text: &str) -> Result<Self, Malformed> {
        if is_account_id(text) {
            Ok(Self(text.to_owned()))
        } else {
            Err(Malformed::new("an account id has exactly 12 digits").of(text, "an account id"))
        }
    }

    /// The 12 digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Whether `text` is 12 ASCII digits.
pub(super) fn is_account_id(text: &str) -> bool {
    text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit())
}

impl fmt::Display for AccountId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::AccountId;

    #[test]
    fn an_account_id_has_12_ascii_digits() {
        let id = AccountId::parse("012345678901").unwrap();
        assert_eq!((id.as_str(), id.to_string().as_str()), ("012345678901", "012345678901"));
        for text in ["", "12345678901", "1234567890123", "12345678901a", "12345678901 ", "١٢٣٤٥٦"] {
            assert!(AccountId::parse(text).is_err(), "{text:?}");
        }
    }
}
