//! Hosts of repositories (C1).

use super::repository::spellings;
use super::{Malformed, shown};
use crate::prose::say;
use crate::text::parts;

/// Hosts that do not tell the case of a path (C1).
const FOLDING: [&str; 6] =
    ["github.com", "gitlab.com", "bitbucket.org", "codeberg.org", "dev.azure.com", "ssh.dev.azure.com"];

/// Second names of hosts (C1). `www.` before one of [`FOLDING`] is another.
const SECOND_NAMES: [(&str, &str); 3] =
    [("ssh.github.com", "github.com"), ("altssh.gitlab.com", "gitlab.com"), ("altssh.bitbucket.org", "bitbucket.org")];

/// Bytes of one label (C1).
const LABEL_BYTES: usize = 63;

/// The host where it stands behind a scheme, in any case: one label alone is one too.
pub(super) fn behind_scheme(host: &str) -> Result<&str, Malformed> {
    if host.ends_with('.') {
        return Err(spellings("its host ends with `.`"));
    }
    if !parts(host, b'.').all(is_label) {
        let why = "each label of its host is 1 to 63 letters, digits and `-`, which neither begins nor ends it";
        return Err(spellings(why));
    }
    Ok(host)
}

/// The host where it stands without a scheme: one label alone may as well be a folder, or a name of ssh's configuration.
pub(super) fn without_scheme(host: &str) -> Result<&str, Malformed> {
    let host = behind_scheme(host)?;
    if !host.contains('.') && !host.eq_ignore_ascii_case("localhost") {
        let why = say("`{}` is no host: it has no dot", &[&shown(host)]);
        return Err(spellings(why).help("write `host.domain/path`, or `ssh://host/path` for a host of one label"));
    }
    Ok(host)
}

/// Whether the paths of the host, written in any case, are lower-cased.
pub(super) fn folds(host: &str) -> bool {
    FOLDING.iter().any(|folding| folding.eq_ignore_ascii_case(host))
}

/// The host that this one, in any case, is a second name of.
pub(super) fn first_name(host: &str) -> Option<&'static str> {
    let behind_www = host.split_at_checked(4).filter(|(www, _)| www.eq_ignore_ascii_case("www.")).map(|(_, host)| host);
    let www = FOLDING.iter().copied().find(|first| behind_www.is_some_and(|host| first.eq_ignore_ascii_case(host)));
    let listed = SECOND_NAMES.iter().find(|(second, _)| second.eq_ignore_ascii_case(host));
    www.or(listed.map(|(_, first)| *first))
}

fn is_label(label: &str) -> bool {
    let allowed = label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    allowed && !label.is_empty() && label.len() <= LABEL_BYTES && !label.starts_with('-') && !label.ends_with('-')
}

#[cfg(test)]
mod tests {
    use super::{FOLDING, behind_scheme, first_name, folds, without_scheme};

    // C1
    #[test]
    fn one_label_is_a_host_behind_a_scheme_only() {
        for host in ["git", "GIT", "a", "a-1", "7"] {
            assert!(behind_scheme(host).is_ok() && without_scheme(host).is_err(), "{host}");
        }
        for host in ["localhost", "LocalHost", "git.example", "a.b.c", "10.0.0.1"] {
            assert!(behind_scheme(host).is_ok() && without_scheme(host).is_ok(), "{host}");
        }
        for host in ["", ".", "git.", ".git", "a..b", "-a", "a-", "a_b", "a.-b", "[::1]", &"a".repeat(64)] {
            assert!(behind_scheme(host).is_err() && without_scheme(host).is_err(), "{host}");
        }
        assert!(behind_scheme(&"a".repeat(63)).is_ok());
    }

    // C1
    #[test]
    fn second_names_have_one_first_name() {
        for (host, first) in [
            ("ssh.github.com", Some("github.com")),
            ("SSH.GitHub.com", Some("github.com")),
            ("altssh.gitlab.com", Some("gitlab.com")),
            ("altssh.bitbucket.org", Some("bitbucket.org")),
            ("www.codeberg.org", Some("codeberg.org")),
            ("WWW.dev.azure.com", Some("dev.azure.com")),
            ("www.ssh.dev.azure.com", Some("ssh.dev.azure.com")),
            ("www.www.github.com", None),
            ("www.ssh.github.com", None),
            ("ssh.gitlab.com", None),
            ("altssh.github.com", None),
            ("www.github.com.example", None),
            ("wwwxgithub.com", None),
            ("www.git.example", None),
        ] {
            assert_eq!(first_name(host), first, "{host}");
            assert!(!folds(host), "{host}");
        }
        for host in FOLDING {
            assert!(first_name(host).is_none() && folds(host) && folds(&host.to_uppercase()));
            assert_eq!(first_name(&format!("www.{host}")), Some(host));
        }
    }
}
