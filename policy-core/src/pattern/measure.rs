//! The limits of one pattern (P8, section 10).

use super::bound::bound;
use super::error::{PatternError, TooLarge, grouped};
use super::minimize::Dfa;
use super::nfa::Nfa;
use super::node::Node;
use crate::diagnostic::Code;
use crate::limits::{PATTERN_BUILD_STATES, PATTERN_STATES};

/// How large a language is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Measure {
    /// States of the smallest deterministic automaton over the bytes of UTF-8, the dead state not counted.
    pub states: usize,
    /// Whether the language has no text at all; then there are no states.
    pub empty: bool,
}

/// Measures `node` exactly.
///
/// # Errors
/// [`TooLarge`] when that takes more than [`PATTERN_BUILD_STATES`] states, or too much counted work.
pub fn measure(node: &Node) -> Result<Measure, TooLarge> {
    let states = Dfa::new(&Nfa::new(node)?)?.minimal_states();
    Ok(Measure { states, empty: states == 0 })
}

/// Whether one pattern keeps the limits and matches something (P8). Common shapes are judged without an automaton.
///
/// # Errors
/// `PatternTooLarge` and `MatchesNothing`.
pub fn check(node: &Node) -> Result<(), PatternError> {
    if bound(node).is_some_and(|states| states <= PATTERN_STATES) {
        return Ok(());
    }
    match measure(node) {
        Err(TooLarge) => Err(too_large(&format!(
            "takes more than {} states, or too much work, to build",
            grouped(PATTERN_BUILD_STATES)
        ))),
        Ok(Measure { empty: true, .. }) => {
            let help = "write a pattern that some text matches, or leave it out";
            Err(PatternError::new(Code::MatchesNothing, "the pattern matches no text at all", help))
        }
        Ok(Measure { states, .. }) if states > PATTERN_STATES => Err(too_large(&format!(
            "has {} states, and at most {} are allowed",
            grouped(states),
            grouped(PATTERN_STATES)
        ))),
        Ok(_) => Ok(()),
    }
}

fn too_large(why: &str) -> PatternError {
    let help = "write several simpler patterns, with smaller counts, or `*` for a counted repetition";
    PatternError::new(Code::PatternTooLarge, format!("the automaton of the pattern {why}"), help)
}

#[cfg(test)]
mod tests {
    use super::super::bound::bound;
    use super::super::principal::canonical_principal;
    use super::super::testing::{Random, ascii, residuals};
    use super::super::{Node, Separators, glob, regex};
    use super::{Measure, TooLarge, check, measure};
    use crate::diagnostic::Code;

    fn states(pattern: &str) -> usize {
        measure(&regex(pattern).unwrap()).unwrap().states
    }

    #[test]
    fn states_are_those_of_the_smallest_automaton() {
        for (pattern, wanted) in [
            ("", 1),
            ("a", 2),
            ("é", 3),
            ("abc", 4),
            ("a*", 1),
            ("a|b", 2),
            ("ab|cb", 3),
            ("a|aa|aaa", 4),
            ("(a|b)*a(a|b)", 4),
            ("(a|b)*a(a|b){5}", 64),
            ("(a|b)*a(a|b){12}", 8_192),
            ("(a|b)*a(a|b){16}", 131_072),
            ("(a*b*)*", 1),
            ("(ab)*", 2),
            (r"[\s\S]", 9),
            (r"[\s\S]*", 8),
            ("[^/]", 9),
            ("a{1000}", 1_001),
            ("(a|[a&&b])c", 3),
            ("(a|b[a&&b])c", 3),
            ("[a-c]x|[d-f]x", 3),
        ] {
            assert_eq!(states(pattern), wanted, "{pattern}");
        }
        let literals = measure(&glob("{ab,ac,bb,bc}", Separators::Slash).unwrap()).unwrap();
        assert_eq!(literals, Measure { states: 3, empty: false });
        assert_eq!(measure(&Node::Nothing), Ok(Measure { states: 0, empty: true }));
        let hidden = Node::Concat([Node::literal("a"), Node::Class([].into())].into());
        assert_eq!(measure(&hidden), Ok(Measure { states: 0, empty: true }));
    }

    #[test]
    fn states_agree_with_a_count_of_residual_languages() {
        let mut random = Random(0x0123_4567_89ab_cdef);
        let mut compared = 0;
        for _ in 0..1_500 {
            let node = ascii(&mut random, 3);
            let measured = measure(&node).unwrap();
            let counted = residuals(&node, 5);
            if measured.states <= 6 {
                compared += 1;
                assert_eq!(measured.states, counted, "{node:?}");
            } else {
                assert!(counted <= measured.states, "{node:?}");
            }
            assert_eq!(measured.empty, measured.states == 0);
        }
        assert!(compared > 500, "{compared}");
    }

    // Section 10
    #[test]
    fn ten_thousand_states_are_allowed_and_no_more() {
        assert_eq!(check(&regex("a{999}(a{1000}){9}").unwrap()), Ok(()));
        assert_eq!(states("a{999}(a{1000}){9}"), 10_000);
        let error = check(&regex("(a{1000}){10}").unwrap()).unwrap_err();
        assert_eq!(error.code, Code::PatternTooLarge);
        assert!(error.message.contains("10,001") && error.message.contains("10,000"), "{}", error.message);
        assert_eq!(check(&regex("(a|b)*a(a|b){12}").unwrap()), Ok(()));
        assert_eq!(check(&regex("(a|b)*a(a|b){13}").unwrap()).unwrap_err().code, Code::PatternTooLarge);
    }

    // Section 10
    #[test]
    fn what_outgrows_the_build_is_refused() {
        for pattern in [
            "(a|b)*a(a|b){17}",
            "(a|b)*a(a|b){30}",
            "((a{1000}){1000}){1000}",
            "(.*a.{500}){3}",
            "((a{0,100}b?){0,100}c?){0,100}",
            "(a?b?c?d?){1000}[a-d]{1000}",
        ] {
            let node = regex(pattern).unwrap();
            assert_eq!(measure(&node), Err(TooLarge), "{pattern}");
            let error = check(&node).unwrap_err();
            assert_eq!((error.code, error.message.contains("160,000")), (Code::PatternTooLarge, true));
        }
    }

    // Section 10
    #[test]
    fn a_build_has_at_most_160_000_states_and_four_million_transitions() {
        // As many as the least common multiple of the two lengths.
        assert_eq!(states("(a{256})*|(a{625})*"), 160_000);
        assert_eq!(measure(&regex("x((a{256})*|(a{625})*)").unwrap()), Err(TooLarge));
        // 95 classes of bytes, each of which every state reads.
        let apart =
            || (' '..='~').map(|character| Node::concat([Node::literal(character.to_string()), Node::literal("\n")]));
        let row = |count| Node::alternate(apart().chain([Node::class([(' ', '~')]).repeat(count, Some(count))]));
        assert_eq!(measure(&row(42_000)).map(|measure| measure.empty), Ok(false));
        assert_eq!(measure(&row(43_000)), Err(TooLarge));
    }

    // P8
    #[test]
    fn what_matches_nothing_is_refused() {
        for node in [Node::Nothing, regex("[a&&b]").unwrap(), Node::Concat([Node::Nothing].into())] {
            assert_eq!(check(&node).unwrap_err().code, Code::MatchesNothing);
        }
        assert_eq!(check(&regex("").unwrap()), Ok(()));
    }

    #[test]
    fn a_bound_is_never_below_the_states() {
        let texts = [
            "",
            "prod",
            "prod-00017/**",
            "**",
            "*",
            "?",
            "é?*",
            "a/*/b",
            "*.tf",
            "*aab",
            "a*b",
            "a*aab",
            "*/*/mgmt/x",
            "a/*",
            "???",
            "*é",
            "*?",
            "a*b*c",
            "**/a",
            "a/**/b",
            "{a,b}/**",
            "*a/b",
            "é*/é*",
            "*:x",
            "a*\u{7f}",
        ];
        for separators in [Separators::Slash, Separators::SlashAndColon] {
            for node in texts.iter().map(|text| glob(text, separators).unwrap()) {
                if let Some(bound) = bound(&node) {
                    assert!(bound >= measure(&node).unwrap().states && !measure(&node).unwrap().empty, "{node:?}");
                }
            }
        }
        let mut random = Random(77);
        for _ in 0..3_000 {
            let node = ascii(&mut random, 2);
            if let Some(bound) = bound(&node) {
                assert!(bound >= measure(&node).unwrap().states && !measure(&node).unwrap().empty, "{node:?}");
            }
        }
    }

    #[test]
    fn common_shapes_need_no_automaton() {
        for text in
            ["", "prod", "prod-00017/**", "**", "*", "a/?/b", "prod/*/x", "*.tfvars", "*/*/mgmt/deploy-runner", "*a"]
        {
            assert!(bound(&glob(text, Separators::Slash).unwrap()).is_some(), "{text}");
        }
        let arn = glob("arn:aws:iam::111111111111:role/ci-*", Separators::SlashAndColon).unwrap();
        assert!(bound(&arn).is_some());
        assert_eq!(bound(&canonical_principal()), None);
    }
}
