//! From a written pattern to its language.

use super::error::{PatternError, within_bytes};
use super::glob::{Separators, glob};
use super::node::Node;
use super::regex::regex;
use crate::diagnostic::Code;
use crate::evaluate::PatternValue;

/// The language of `value` (P2 to P6). `separators` are those of its place; inside `branch` and `tag` it is `/`.
///
/// `protected()`, `effect()` and `!` depend on more than the pattern: callers deal with them before.
///
/// # Errors
/// `Glob`, `Regex` and `PatternTooLarge` as [`glob`] and [`regex`]; `MisplacedPattern` for `protected()`, `effect()`, `!`
/// and for what cannot stand inside `branch` and `tag`.
pub fn compile(value: &PatternValue, separators: Separators) -> Result<Node, PatternError> {
    match value {
        PatternValue::Plain(_) | PatternValue::Glob(_) | PatternValue::Regex(_) | PatternValue::Exact(_) => {
            text_pattern(value, separators, "this place")
        }
        PatternValue::Any => Ok(Node::AnyText),
        PatternValue::Branch(name) => named_ref("refs/heads/", name, "`branch`"),
        PatternValue::Tag(name) => named_ref("refs/tags/", name, "`tag`"),
        PatternValue::Commit => Ok(commit()),
        PatternValue::PullRequest => Ok(pull_request()),
        PatternValue::Protected => Err(misplaced("`protected()`", "this place")),
        PatternValue::Effect { .. } => Err(misplaced("`effect`", "this place")),
        PatternValue::Not(_) => Err(misplaced("a pattern with `!`", "this place")),
    }
}

fn text_pattern(value: &PatternValue, separators: Separators, place: &str) -> Result<Node, PatternError> {
    match value {
        PatternValue::Plain(text) | PatternValue::Glob(text) => glob(text, separators),
        PatternValue::Regex(text) => regex(text),
        PatternValue::Exact(text) => within_bytes(text).map(|()| Node::literal(&**text)),
        _ => Err(misplaced("this pattern", place)),
    }
}

/// P6: the prefix, then the pattern by itself, so that `**` may stand at its beginning.
fn named_ref(prefix: &str, name: &PatternValue, place: &str) -> Result<Node, PatternError> {
    Ok(Node::concat([Node::literal(prefix), text_pattern(name, Separators::Slash, place)?]))
}

/// Any commit id.
pub(super) fn commit() -> Node {
    let digits = |count| Node::class([('0', '9'), ('a', 'f')]).repeat(count, Some(count));
    Node::alternate([digits(40), digits(64)])
}

/// The refs of pull and merge requests (P6).
pub(super) fn pull_request() -> Node {
    let of_server = |folder: &str, kinds: &[&str]| {
        let kinds = kinds.iter().map(|kind| Node::literal(*kind));
        let number = [Node::class([('1', '9')]), Node::class([('0', '9')]).repeat(0, None), Node::literal("/")];
        Node::concat([Node::literal(folder)].into_iter().chain(number).chain([Node::alternate(kinds)]))
    };
    Node::alternate([
        of_server("refs/pull/", &["head", "merge"]),
        of_server("refs/merge-requests/", &["head", "merge", "train"]),
        of_server("refs/pull-requests/", &["from", "merge"]),
    ])
}

fn misplaced(what: &str, place: &str) -> PatternError {
    PatternError::new(
        Code::MisplacedPattern,
        format!("{what} has no meaning in {place}"),
        "write a plain string, `glob(\"…\")`, `regex(\"…\")` or `exact(\"…\")`",
    )
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::super::Nfa;
    use super::compile;
    use super::{Node, PatternValue, Separators};
    use crate::diagnostic::Code;

    fn plain(text: &str) -> Arc<PatternValue> {
        Arc::new(PatternValue::Plain(text.into()))
    }

    fn matches(value: &PatternValue, text: &str) -> bool {
        Nfa::new(&compile(value, Separators::Slash).unwrap()).unwrap().matches(text.as_bytes())
    }

    // P4, P5
    #[test]
    fn exact_is_itself_and_any_is_anything() {
        let exact = PatternValue::Exact(r"a*{\".into());
        assert!(matches(&exact, r"a*{\") && !matches(&exact, "ab"));
        assert_eq!(compile(&PatternValue::Exact("".into()), Separators::Slash), Ok(Node::Empty));
        assert_eq!(compile(&PatternValue::Any, Separators::SlashAndColon), Ok(Node::AnyText));
        let long = |count| compile(&PatternValue::Exact("a".repeat(count).into()), Separators::Slash);
        assert!(long(4_096).is_ok());
        assert_eq!(long(4_097).unwrap_err().code, Code::PatternTooLarge);
    }

    #[test]
    fn separators_are_those_of_the_place_save_in_refs() {
        let star = PatternValue::Plain("*".into());
        let colon = |value: &PatternValue| {
            Nfa::new(&compile(value, Separators::SlashAndColon).unwrap()).unwrap().matches(b"refs/heads/a:b")
        };
        assert!(matches(&star, "a:b"));
        assert!(!colon(&PatternValue::Glob("refs/heads/*".into())));
        assert!(colon(&PatternValue::Branch(plain("*"))));
        assert_eq!(compile(&star, Separators::Slash), compile(&PatternValue::Glob("*".into()), Separators::Slash));
    }

    // P6
    #[test]
    fn branches_and_tags_are_their_prefix_and_the_pattern() {
        for (name, matching, other) in [
            (plain("main"), "main", "main2"),
            (plain("release/*"), "release/1", "release/1/2"),
            (plain("**/x"), "a/x", "a/b"),
            (plain("{a,b}"), "b", "c"),
            (Arc::new(PatternValue::Glob("v?".into())), "v1", "v10"),
            (Arc::new(PatternValue::Regex("a|b".into())), "b", "ab"),
            (Arc::new(PatternValue::Exact("*".into())), "*", "a"),
        ] {
            let (branch, tag) = (PatternValue::Branch(Arc::clone(&name)), PatternValue::Tag(name));
            assert!(matches(&branch, &format!("refs/heads/{matching}")), "{branch:?}");
            assert!(matches(&tag, &format!("refs/tags/{matching}")), "{tag:?}");
            assert!(!matches(&branch, &format!("refs/tags/{matching}")) && !matches(&branch, matching));
            assert!(!matches(&tag, &format!("refs/heads/{matching}")) && !matches(&tag, matching));
            assert!(!matches(&branch, &format!("refs/heads/{other}")), "{branch:?}");
        }
    }

    // P6, C2
    #[test]
    fn commits_and_pull_requests_are_their_canonical_forms() {
        for (text, wanted) in [
            ("0123456789".repeat(4), true),
            ("abcdef01".repeat(8), true),
            ("a".repeat(39), false),
            ("a".repeat(41), false),
            ("a".repeat(63), false),
            ("a".repeat(65), false),
            ("A".repeat(40), false),
            ("g".repeat(40), false),
        ] {
            assert_eq!(matches(&PatternValue::Commit, &text), wanted, "{text}");
        }
        for (text, wanted) in [
            ("refs/pull/1/head", true),
            ("refs/pull/1029/merge", true),
            ("refs/merge-requests/9/head", true),
            ("refs/merge-requests/30/merge", true),
            ("refs/merge-requests/30/train", true),
            ("refs/pull-requests/7/from", true),
            ("refs/pull-requests/70/merge", true),
            ("refs/pull/1/train", false),
            ("refs/pull/1/from", false),
            ("refs/merge-requests/1/from", false),
            ("refs/pull-requests/1/head", false),
            ("refs/pull-requests/01/from", false),
            ("refs/pull/0/head", false),
            ("refs/pull/01/head", false),
            ("refs/pull//head", false),
            ("refs/pull/1/heads", false),
            ("refs/pull/1", false),
            ("refs/pull/1a/head", false),
            ("pull/1/head", false),
            ("refs/heads/pull/1/head", false),
        ] {
            assert_eq!(matches(&PatternValue::PullRequest, text), wanted, "{text}");
        }
    }

    #[test]
    fn what_needs_more_than_the_pattern_is_misplaced() {
        for value in [
            PatternValue::Protected,
            PatternValue::Effect { write: true },
            PatternValue::Not(plain("a")),
            PatternValue::Branch(Arc::new(PatternValue::Any)),
            PatternValue::Tag(Arc::new(PatternValue::Branch(plain("a")))),
        ] {
            let error = compile(&value, Separators::Slash).unwrap_err();
            assert_eq!(error.code, Code::MisplacedPattern, "{value:?}");
            assert!(
                error.message.ends_with("this place")
                    || error.message.contains("`branch`")
                    || error.message.contains("`tag`")
            );
        }
        let error = compile(&PatternValue::Branch(plain("!a")), Separators::Slash).unwrap_err();
        assert_eq!(error.code, Code::Glob);
    }
}
