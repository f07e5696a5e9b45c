//! What is known of a repository's identity without reading it again.

use super::{RepositoryId, host};
use crate::text::split_once;

impl RepositoryId {
    /// Whether the text of an identity is itself a spelling of that repository, as it is for nearly all: not where it keeps
    /// the port of the other scheme (ambiguous without one), nor for a host of one label, which needs a scheme (C1).
    ///
    /// `identity` is the text of an identity; for any other text the answer means nothing.
    pub(crate) fn is_spelling(identity: &str) -> bool {
        let (host, port) = host_and_port(identity);
        (host.contains('.') || host == "localhost") && !matches!(port, "22" | "443")
    }

    /// Whether a text that differs from the text of an identity in case alone names the same repository (C1).
    ///
    /// `identity` is the text of an identity; for any other text the answer means nothing.
    pub(crate) fn folds_case(identity: &str) -> bool {
        host::folds(host_and_port(identity).0)
    }
}

/// The host of an identity, and its port, empty where it has none.
fn host_and_port(identity: &str) -> (&str, &str) {
    let place = split_once(identity, b'/').map_or(identity, |(place, _)| place);
    split_once(place, b':').map_or((place, ""), |parts| parts)
}

#[cfg(test)]
mod tests {
    use super::RepositoryId;

    // C1
    #[test]
    fn an_identity_is_a_spelling_where_it_reads_as_itself() {
        for text in [
            "github.com/acme/live",
            "https://git.example.com:8443/x",
            "https://git.example.com:22/x",
            "ssh://git.example.com:443/x",
            "ssh://git@git.example.com:2222/x",
            "https://localhost:3000/a/b",
            "localhost/x",
            "git@h.example:22/x",
            "h.example/443/x",
        ] {
            let identity = RepositoryId::parse(text).unwrap();
            let reads_as_itself = RepositoryId::parse(identity.as_str()).is_ok_and(|again| again == identity);
            assert_eq!(RepositoryId::is_spelling(identity.as_str()), reads_as_itself, "{text}");
        }
    }

    // C1
    #[test]
    fn case_is_told_by_the_host() {
        for text in [
            "github.com/acme/live",
            "github.com:8443/acme/live",
            "https://dev.azure.com/acme/my%20project/_git/live",
            "git@gitlab.com:a/b",
            "git.example.com/Acme/Live",
            "https://localhost:3000/a/b",
        ] {
            let identity = RepositoryId::parse(text).unwrap();
            let other = identity.as_str().to_ascii_uppercase();
            let same = RepositoryId::parse(&other).is_ok_and(|other| other == identity);
            assert_eq!(RepositoryId::folds_case(identity.as_str()), same, "{text}");
        }
    }
}
