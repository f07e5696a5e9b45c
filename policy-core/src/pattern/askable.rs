//! What can be asked in a dimension, as a regular language: a pattern that matches none of it is a mistake (P8).

use super::error::TooLarge;
use super::language::{search, some_is_left};
use super::node::Node;
use super::path::canonical_path;
use super::principal::{canonical_principal, session};
use super::reference::{canonical_reference, refused};
use super::witness::witness;
use crate::canonical::{FullRef, Principal, UnitPath};

/// What stands where a pattern takes any text, in texts that are tried: the name of nearly anything, the id of an account,
/// and nothing.
const FILLERS: [&str; 3] = ["x", "111111111111", ""];

/// The texts that can be asked in one dimension, without the rules about Unicode normalisation, format characters and
/// length (P8).
#[derive(Debug)]
pub struct Askable {
    allowed: Node,
    /// What of it cannot be asked after all.
    refused: Vec<Node>,
    /// Whether a text can be asked, with all rules.
    holds: fn(&str) -> bool,
    /// Some texts that can be asked, of each kind.
    samples: &'static [&'static str],
}

impl Askable {
    /// Refs (C2).
    pub fn references() -> Self {
        const SAMPLES: [&str; 4] =
            ["refs/heads/x", "refs/tags/x", "refs/pull/1/head", "1111111111111111111111111111111111111111"];
        Self { allowed: canonical_reference(), refused: refused(), holds: FullRef::is_one, samples: &SAMPLES }
    }

    /// Paths (C3).
    pub fn paths() -> Self {
        Self { allowed: canonical_path(), refused: Vec::new(), holds: UnitPath::is_one, samples: &["x", "x/x", "."] }
    }

    /// Principals as they are matched (C6): a role or user without its path, never an assumed role.
    pub fn principals() -> Self {
        const SAMPLES: [&str; 3] =
            ["arn:aws:iam::111111111111:role/x", "arn:aws:iam::111111111111:user/x", "local:user/x"];
        Self { allowed: canonical_principal(), refused: Vec::new(), holds: is_matched_so, samples: &SAMPLES }
    }

    /// Sessions (C6), which may be empty.
    pub fn sessions() -> Self {
        Self { allowed: session(), refused: Vec::new(), holds: Principal::is_session, samples: &["x", ""] }
    }

    /// Whether `node` matches something that can be asked.
    ///
    /// # Errors
    /// [`TooLarge`] as for [`leaves_nothing`](Self::leaves_nothing).
    pub fn meets(&self, node: &Node) -> Result<bool, TooLarge> {
        self.leaves_nothing(&[node], &[]).map(|nothing| !nothing)
    }

    /// Whether nothing that can be asked is left of what one of `positive` matches when all that one of `negative` matches
    /// is taken away. True where `positive` is empty.
    ///
    /// # Errors
    /// [`TooLarge`] when the automata together take more states, or more counted work, than those of one pattern may.
    pub fn leaves_nothing(&self, positive: &[&Node], negative: &[&Node]) -> Result<bool, TooLarge> {
        if some_is_left(self.tried(positive), negative)? {
            return Ok(false);
        }
        let none: Vec<&Node> = negative.iter().copied().chain(&self.refused).collect();
        search(&[positive, &[&self.allowed]], &none).map(|found| !found)
    }

    /// Texts that can be asked and that one of `nodes` matches, if some are at hand. Nearly every pattern has one.
    fn tried(&self, nodes: &[&Node]) -> Vec<String> {
        let mut texts = Vec::new();
        for node in nodes {
            match node {
                Node::AnyText => texts.extend(self.samples.iter().map(|text| (*text).to_owned())),
                node => texts.extend(FILLERS.iter().filter_map(|filler| witness(node, filler))),
            }
        }
        texts.retain(|text| (self.holds)(text));
        texts
    }
}

/// A text that `node` matches, in which `filler` stands for what may be anything; none where none is at hand.
pub(crate) fn example(node: &Node, filler: &str) -> Option<String> {
    witness(node, filler)
}

fn is_matched_so(text: &str) -> bool {
    matches!(Principal::matched(text), Ok((None, "")))
}

#[cfg(test)]
mod tests {
    use super::super::{Nfa, Separators, glob, regex};
    use super::{Askable, Node, TooLarge};

    /// Whether a text is of the language, by the automata alone.
    fn by_automata(askable: &Askable, text: &str) -> bool {
        let matches = |node: &Node| Nfa::new(node).unwrap().matches(text.as_bytes());
        matches(&askable.allowed) && !askable.refused.iter().any(matches)
    }

    fn agrees(askable: &Askable, texts: &[&str]) {
        for text in texts {
            assert_eq!(by_automata(askable, text), (askable.holds)(text), "{text:?}");
        }
        for text in askable.samples {
            assert!(by_automata(askable, text) && (askable.holds)(text), "{text:?}");
        }
    }

    /// Names of refs, at both sides of the line.
    const NAMES: &[&str] = &[
        "main",
        "a/b",
        "",
        "@",
        "@@",
        "a@",
        "@/x",
        "a..b",
        "a@{1}",
        "a@b",
        "a{",
        "a\\b",
        "a~1",
        "a^",
        "a:b",
        "a?",
        "a*",
        "a[b",
        "a]b",
        "a b",
        "a\n",
        "a\0",
        "a\u{7f}",
        "a\u{85}",
        "\u{a0}",
        "é",
        "/a",
        "a/",
        "a//b",
        ".a",
        "a/.b",
        "-a",
        "a/-b",
        "a-",
        "a.lock",
        "a.lock/b",
        "a.lockb",
        "lock",
        ".lock",
        "a.",
        "a./b",
        "a.b",
        ".",
        "refs/x",
        "refs",
        "refsx",
        "x/refs/heads/y",
        "refs/heads/main",
    ];

    // C2
    #[test]
    fn the_language_of_refs_is_that_of_their_reader() {
        let hashes = ["a".repeat(39), "a".repeat(40), "aB".repeat(20), "F".repeat(64), "a".repeat(41), "g".repeat(40)];
        for name in NAMES.iter().copied().chain(hashes.iter().map(String::as_str)) {
            let texts = ["refs/heads/", "refs/tags/", "refs/notes/", "refs/", ""].map(|kind| format!("{kind}{name}"));
            agrees(&Askable::references(), &texts.each_ref().map(String::as_str));
        }
        let requests = [
            "refs/pull/1/head",
            "refs/pull/0/head",
            "refs/merge-requests/12/train",
            "refs/pull-requests/1/from",
            "refs/pull-requests/1/head",
            "refs/heads/main\n",
            "Refs/heads/main",
        ];
        agrees(&Askable::references(), &requests);
    }

    // C3
    #[test]
    fn the_language_of_paths_is_that_of_their_reader() {
        let paths = [
            ".", "", "a", "a/b", "/a", "a/", "a//b", "./a", "a/.", "a/./b", "..", "../a", "a/..", "...", ".a", "..a",
            "a/..b", ".-", "..-", "-", "-a", "a/-b", "a-", "a\\b", "a\n", "a\u{85}", "é/ü", "a b", "\u{a0}", ".//",
            "a/.../b", "*?[]~^",
        ];
        agrees(&Askable::paths(), &paths);
    }

    // C6
    #[test]
    fn the_languages_of_callers_are_those_of_their_reader() {
        let sessions = ["", "a", "A+=,.@_-9", "a b", "a/b", "a:b", "é", "a\n"];
        agrees(&Askable::sessions(), &sessions);
        let principals = [
            "arn:aws:iam::111111111111:role/ci",
            "arn:aws-us-gov:iam::111111111111:user/A9+=,.@_-z",
            "arn:aws:iam::111111111111:root",
            "local:user/ana",
            "arn:aws:iam::111111111111:role/path/ci",
            "arn:aws:iam::111111111111:user/path/ana",
            "arn:aws:sts::111111111111:assumed-role/ci/run",
            "arn:aws:iam::1111:role/ci",
            "arn:AWS:iam::111111111111:role/ci",
            "arn:aws:iam::111111111111:group/ci",
            "local:user/",
            "",
        ];
        agrees(&Askable::principals(), &principals);
    }

    // P8
    #[test]
    fn a_pattern_that_can_match_nothing_that_is_asked_is_found() {
        let slash = |text: &str| glob(text, Separators::Slash).unwrap();
        for (text, wanted) in [
            ("prod/**", true),
            ("*", true),
            ("**/app", true),
            ("prod/{a,b}", true),
            (".", true),
            (".*", true),
            ("..*", true),
            ("", false),
            ("/prod/**", false),
            ("./prod", false),
            ("prod/", false),
            ("prod//app", false),
            ("prod/app\n", false),
            ("*/-x", false),
            ("a\\\\b", false),
        ] {
            assert_eq!(Askable::paths().meets(&slash(text)), Ok(wanted), "{text:?}");
        }
        for (text, wanted) in [
            ("refs/heads/*", true),
            ("refs/**", true),
            ("refs/pull/*/head", true),
            ("refs/pull-requests/*/from", true),
            ("refs/heads/refs*", true),
            ("refs/heads/refs/**", false),
            ("refs/heads/", false),
            ("refs/heads/**/", false),
            ("refs/notes/**", false),
            ("refs/heads/a b", false),
            ("refs/heads/*.lock", false),
            ("refs/pull/0*/head", false),
        ] {
            assert_eq!(Askable::references().meets(&slash(text)), Ok(wanted), "{text:?}");
        }
        let name = regex("refs/heads/[0-9a-f]{40}").unwrap();
        assert_eq!(Askable::references().meets(&name), Ok(false));
        assert_eq!(Askable::references().meets(&regex("[0-9a-f]*").unwrap()), Ok(true));
    }

    // P8
    #[test]
    fn a_list_is_judged_by_what_can_be_asked() {
        let slash =
            |texts: &[&str]| texts.iter().map(|text| glob(text, Separators::Slash).unwrap()).collect::<Vec<_>>();
        for (positive, negative, nothing) in [
            (&["**"][..], &["**"][..], true),
            (&["**"], &["prod/**"], false),
            // What is left is `prod/` alone, which nobody can ask.
            (&["prod/**"], &["prod/?*", "prod/**/?*"], true),
            (&["*"], &["?*"], true),
            (&["a", "b"], &["a"], false),
            (&[], &[], true),
        ] {
            let (positive, negative) = (slash(positive), slash(negative));
            let got = Askable::paths()
                .leaves_nothing(&positive.iter().collect::<Vec<_>>(), &negative.iter().collect::<Vec<_>>());
            assert_eq!(got, Ok(nothing), "{positive:?} {negative:?}");
        }
        let colons = |text: &str| glob(text, Separators::SlashAndColon).unwrap();
        let roles =
            Askable::principals().leaves_nothing(&[&Node::AnyText], &[&colons("**:role/*"), &colons("**:user/*")]);
        assert_eq!(roles, Ok(false), "the root is left");
        let all = [colons("**:role/*"), colons("**:user/*"), colons("**:root")];
        assert_eq!(Askable::principals().leaves_nothing(&[&Node::AnyText], &all.each_ref()), Ok(true));
    }

    #[test]
    fn what_is_too_large_is_not_judged() {
        let huge = regex("/((a{1000}){1000}){1000}").unwrap();
        assert_eq!(Askable::paths().meets(&huge), Err(TooLarge));
    }
}
