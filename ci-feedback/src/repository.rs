//! Addresses of repositories without what may be secret in them.
//!
//! CI systems hand out addresses with credentials, such as `https://gitlab-ci-token:…@gitlab.com/…`. C1 refuses passwords
//! and has no word of them in its message; here they are taken away, and what may hold a secret elsewhere is refused without
//! a decision: a job's log may be public.

use crate::problem::{Kind, Problem};

/// An address that may be shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Clean {
    pub(crate) address: String,
    /// Whether something was taken away.
    pub(crate) stripped: bool,
}

/// Takes user and password out of `https://user:password@host/path`, and refuses, without repeating it, whatever may hold
/// a secret elsewhere. `source` says where the address is from.
///
/// The authority ends at the first `/`, the user at its last `@`, as RFC 3986 says. What has no scheme keeps its user: that
/// of `git@host:path` is no secret, and decides how the rest is read (C1).
pub(crate) fn clean(address: &str, source: &str) -> Result<Clean, Problem> {
    let refuse = |why: &str| {
        Err(Problem::new(
            Kind::Repository,
            format!("the repository of {source} is not repeated here: {why}"),
            "pass the repository without credentials, as in `github.com/acme/infrastructure-live`",
        ))
    };
    if address.contains(['?', '#']) {
        return refuse("it has a `?` or `#`, behind which may be a secret");
    }
    let Some((scheme, rest)) = address.split_once("://") else {
        return match address.split_once('@') {
            Some((user, _)) if user.contains([':', '/']) => refuse("it has `:` or `/` before an `@`, without a scheme"),
            Some((_, rest)) if rest.contains('@') => refuse("it has more than one `@`"),
            _ => Ok(Clean { address: address.to_owned(), stripped: false }),
        };
    };
    let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
    let (stripped, host) = match authority.rsplit_once('@') {
        Some((_, host)) => (true, host),
        None => (false, authority),
    };
    if path.contains('@') || scheme.contains('@') {
        return refuse("it has an `@` behind its host: a `/` or `@` in a password is written `%2F` or `%40`");
    }
    // A port that is none may be the beginning of a password: `https://user:secret/word`.
    if host.split_once(':').is_some_and(|(_, port)| port.is_empty() || !port.bytes().all(|byte| byte.is_ascii_digit()))
    {
        return refuse("what stands behind the `:` of its host is no port");
    }
    let slash = if rest.contains('/') { "/" } else { "" };
    Ok(Clean { address: format!("{scheme}://{host}{slash}{path}"), stripped })
}

#[cfg(test)]
mod tests {
    use super::{Clean, clean};

    #[test]
    fn credentials_are_taken_away() {
        let cases = [
            ("https://gitlab-ci-token:hunter2@gitlab.com/acme/live.git", "https://gitlab.com/acme/live.git"),
            ("https://hunter2@github.com/acme/live", "https://github.com/acme/live"),
            ("https://a:b@c@github.com/acme/live", "https://github.com/acme/live"),
            ("https://x-access-token:hunter2@github.com:8443/acme/live", "https://github.com:8443/acme/live"),
            ("https://github.com:x1@evil.example/acme/live", "https://evil.example/acme/live"),
            ("ssh://git@github.com/acme/live", "ssh://github.com/acme/live"),
            ("https://user:hunter2@github.com", "https://github.com"),
        ];
        for (address, expected) in cases {
            assert_eq!(clean(address, "x"), Ok(Clean { address: expected.to_owned(), stripped: true }), "{address}");
        }
    }

    #[test]
    fn what_has_none_stays() {
        for address in
            ["https://github.com/acme/live", "git@github.com:acme/live.git", "github.com/acme/live", "", "@", "x"]
        {
            assert_eq!(clean(address, "x"), Ok(Clean { address: address.to_owned(), stripped: false }));
        }
    }

    #[test]
    fn what_may_hold_a_secret_is_refused_and_not_repeated() {
        for address in [
            "https://user:sec/hunter2@github.com/acme/live",
            "https://user:hunter2/x",
            "https://github.com/acme/live?token=hunter2",
            "https://github.com/acme/live#hunter2",
            "user:hunter2@github.com:acme/live",
            "a@hunter2@github.com:acme/live",
            "git.example.com:hunter2@github.com/acme/live",
            "hunter2@x://github.com/acme/live",
            "https://github.com/hunter2@x",
        ] {
            let problem = clean(address, "`GIT_URL`").unwrap_err();
            assert!(!format!("{problem:?}").contains("hunter2"), "{problem:?}");
        }
    }
}
