//! Regular expressions (P3): the parser is that of the `regex` crate; what they mean is written out here.

use regex_syntax::ast::parse::ParserBuilder;
use regex_syntax::ast::{Ast, GroupKind, Repetition, RepetitionKind, RepetitionRange};

use super::error::{PatternError, grouped, within_bytes};
use super::node::Node;
use super::regex_class::{bracketed, dot, perl, to_node};
use super::regex_error::{anchored, flagged, from_parser, refused, unicode_class};
use crate::limits::REPETITION;

/// Nesting of groups, repetitions and classes: the default of the `regex` crate.
const NESTING: u32 = 250;

/// The language of the regular expression `text`, which always matches whole texts (P3).
///
/// # Errors
/// `Regex` for what is not a regular expression or is left out of the language, with what to write instead;
/// `PatternTooLarge` for too many bytes.
pub fn regex(text: &str) -> Result<Node, PatternError> {
    within_bytes(text)?;
    let ast = ParserBuilder::new().nest_limit(NESTING).build().parse(text).map_err(|error| from_parser(&error))?;
    node(&ast)
}

/// Recursion that [`NESTING`] bounds.
fn node(ast: &Ast) -> Result<Node, PatternError> {
    match ast {
        Ast::Empty(_) => Ok(Node::Empty),
        Ast::Flags(_) => Err(flagged()),
        Ast::Literal(literal) => Ok(Node::literal(literal.c.to_string())),
        Ast::Dot(_) => Ok(to_node(&dot())),
        Ast::Assertion(assertion) => Err(anchored(&assertion.kind)),
        Ast::ClassUnicode(_) => Err(unicode_class()),
        Ast::ClassPerl(class) => Ok(to_node(&perl(class))),
        Ast::ClassBracketed(class) => Ok(to_node(&bracketed(class)?)),
        Ast::Repetition(repetition) => repeated(repetition),
        Ast::Group(group) => match &group.kind {
            GroupKind::NonCapturing(flags) if !flags.items.is_empty() => Err(flagged()),
            _ => node(&group.ast),
        },
        Ast::Alternation(alternation) => all(&alternation.asts).map(Node::alternate),
        Ast::Concat(concat) => all(&concat.asts).map(Node::concat),
    }
}

fn all(asts: &[Ast]) -> Result<Vec<Node>, PatternError> {
    asts.iter().map(node).collect()
}

fn repeated(repetition: &Repetition) -> Result<Node, PatternError> {
    let (min, max) = match &repetition.op.kind {
        RepetitionKind::ZeroOrOne => (0, Some(1)),
        RepetitionKind::ZeroOrMore => (0, None),
        RepetitionKind::OneOrMore => (1, None),
        RepetitionKind::Range(RepetitionRange::Exactly(count)) => (*count, Some(*count)),
        RepetitionKind::Range(RepetitionRange::AtLeast(min)) => (*min, None),
        RepetitionKind::Range(RepetitionRange::Bounded(min, max)) => (*min, Some(*max)),
    };
    // The parser has refused a largest number that is less than the smallest.
    if min.max(max.unwrap_or(0)) > REPETITION {
        return Err(too_often());
    }
    Ok(node(&repetition.ast)?.repeat(min, max))
}

/// The refusal of a number over [`REPETITION`].
pub(super) fn too_often() -> PatternError {
    let limit = grouped(usize::try_from(REPETITION).unwrap_or(usize::MAX));
    refused(
        format!("a number of a counted repetition is over {limit}"),
        format!("write at most {limit}, or `*` or `+` without a number"),
    )
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::super::{Nfa, Node};
    use super::regex;
    use crate::diagnostic::Code;

    fn decides(table: &[(&str, &[&str], &[&str])]) {
        for (pattern, matching, other) in table {
            let nfa = Nfa::new(&regex(pattern).unwrap()).unwrap();
            for text in *matching {
                assert!(nfa.matches(text.as_bytes()), "`{pattern}` matches {text:?}");
            }
            for text in *other {
                assert!(!nfa.matches(text.as_bytes()), "`{pattern}` does not match {text:?}");
            }
        }
    }

    // P3
    #[test]
    fn a_regex_matches_whole_texts() {
        decides(&[
            ("", &[""], &["a"]),
            ("a", &["a"], &["A", "aa", "ab", "ba", "", "a\n"]),
            ("a|b", &["a", "b"], &["ab", ""]),
            ("a|", &["a", ""], &["b"]),
            ("a(b|c)d", &["abd", "acd"], &["ad"]),
            ("(?:a)(?P<n>b)(?<m>c)", &["abc"], &[]),
            ("a*", &["", "a", "aaa"], &["b"]),
            ("a*?b+?c??", &["b", "abc"], &["a"]),
            ("a+", &["a", "aa"], &[""]),
            ("a?", &["", "a"], &["aa"]),
            ("a{2}", &["aa"], &["a", "aaa"]),
            ("a{2,}", &["aa", "aaaa"], &["a"]),
            ("a{2,3}", &["aa", "aaa"], &["a", "aaaa"]),
            ("(a{2,3}){2}", &["aaaa", "aaaaaa"], &["aaa", "aaaaaaa"]),
            (r"\x41\x{e9}\u00e9\U0001F600\.", &["Aéé😀."], &[]),
            (r"\n\t\\", &["\n\t\\"], &[]),
        ]);
    }

    // P3
    #[test]
    fn classes_are_of_ascii_and_negations_of_all_scalar_values() {
        decides(&[
            (".", &["a", "é", "\r", "\u{10ffff}", "\u{2028}", "\0"], &["\n", "", "ab"]),
            (r"\d", &["0", "9"], &["a", "٣", "/", ":"]),
            (r"\w", &["0", "9", "A", "Z", "a", "z", "_"], &["é", "-", "@", "[", "`", "{"]),
            (r"\s", &["\t", "\n", "\u{b}", "\u{c}", "\r", " "], &["\u{a0}", "\u{85}", "a", "\u{8}", "\u{e}"]),
            (r"\D", &["a", "٣", "\n"], &["0", "9"]),
            (r"\W", &["é", "-", "\n"], &["a", "_"]),
            (r"\S", &["\u{a0}", "a"], &["\u{b}", " ", "\n"]),
            ("[^a]", &["b", "é", "\n", "\u{d7ff}", "\u{e000}", "\u{10ffff}"], &["a", ""]),
            ("[a-cé]", &["a", "b", "c", "é"], &["d", "e"]),
            ("[[:alpha:]]", &["a", "z", "A", "Z"], &["é", "0", "@", "["]),
            ("[[:^alpha:]]", &["é", "0", "\n"], &["a", "Z"]),
            ("[^[:^alpha:]]", &["a"], &["0"]),
            ("[[:digit:][:blank:]]", &["0", "9", "\t", " "], &["\n", "a"]),
            ("[[:alnum:]]", &["0", "A", "z"], &["_"]),
            ("[[:ascii:]]", &["\0", "\u{7f}"], &["\u{80}"]),
            ("[[:cntrl:]]", &["\0", "\u{1f}", "\u{7f}"], &[" ", "\u{80}"]),
            ("[[:graph:]]", &["!", "~"], &[" ", "\u{7f}"]),
            ("[[:lower:]]", &["a", "z"], &["A", "`", "{"]),
            ("[[:upper:]]", &["A", "Z"], &["a", "@", "["]),
            ("[[:print:]]", &[" ", "~"], &["\u{1f}", "\u{7f}"]),
            ("[[:punct:]]", &["!", "/", ":", "@", "[", "`", "{", "~"], &["0", "A", "a", " ", "\u{7f}"]),
            ("[[:space:]]", &["\u{b}", "\t", "\r", " "], &["\u{8}", "\u{e}"]),
            ("[[:word:]]", &["_", "0", "A", "z"], &["-"]),
            ("[[:xdigit:]]", &["0", "f", "F"], &["g", "G"]),
            ("[a-c&&b-d]", &["b", "c"], &["a", "d"]),
            ("[a-c--b]", &["a", "c"], &["b"]),
            ("[a-c~~b-d]", &["a", "d"], &["b", "c"]),
            (r"[\d--5]", &["0"], &["5"]),
            (r"[^\D]", &["0"], &["a"]),
            ("[a[^b]]", &["a", "c"], &["b"]),
            ("[^&&a]", &["é"], &[]),
        ]);
        // The last of the table is a negated intersection with nothing.
        assert_eq!(regex("[a&&b]").unwrap(), Node::Nothing);
        assert_eq!(regex(r"[\s\S]*").unwrap(), Node::AnyText);
    }

    // P3
    #[test]
    fn what_is_left_out_is_refused_with_the_fix() {
        for (pattern, message, help) in [
            ("^a", "`^`", "leave it out"),
            ("a$", "`$`", "leave it out"),
            (r"\Aa", r"`\A`", "leave it out"),
            (r"a\z", r"`\z`", "leave it out"),
            (r"(a|^)*", "`^`", "leave it out"),
            (r"\ba", "word boundary", "beside the word"),
            (r"\Ba", "word boundary", "beside the word"),
            (r"\b{start}a", "word boundary", "beside the word"),
            (r"\b{end}a", "word boundary", "beside the word"),
            (r"\b{start-half}a", "word boundary", "beside the word"),
            (r"\b{end-half}a", "word boundary", "beside the word"),
            (r"\<a", "word boundary", "beside the word"),
            (r"a\>", "word boundary", "beside the word"),
            ("(?i)a", "flags", "[Aa]"),
            ("(?i:a)", "flags", "[Aa]"),
            ("(?-u:a)", "flags", "[Aa]"),
            ("((?s).)", "flags", "[Aa]"),
            (r"\pL", r"`\p`", "[A-Za-z]"),
            (r"\p{Greek}", r"`\p`", "[A-Za-z]"),
            (r"\PL", r"`\p`", "[A-Za-z]"),
            (r"[a\pL]", r"`\p`", "[A-Za-z]"),
            (r"[a--[\pL]]", r"`\p`", "[A-Za-z]"),
            (r"[\pL--a]", r"`\p`", "[A-Za-z]"),
            ("(?=a)", "look-around", "!regex"),
            ("(?!a)", "look-around", "!regex"),
            ("(?<=a)", "look-around", "!regex"),
            ("(?<!a)", "look-around", "!regex"),
            (r"(a)\1", "back-references", "write out"),
            ("a{1001}", "over 1,000", "at most 1,000"),
            ("a{1001,}", "over 1,000", "at most 1,000"),
            ("a{0,1001}", "over 1,000", "at most 1,000"),
            ("(a{1001}){0}", "over 1,000", "at most 1,000"),
            ("a{99999999999}", "over 1,000", "at most 1,000"),
            ("a{,3}", "number", "{0,n}"),
            ("a{3,2}", "", ""),
            ("(a", "unclosed group", ""),
            ("a)", "unopened group", ""),
            ("[a", "unclosed character class", ""),
            ("*", "missing expression", ""),
        ] {
            let error = regex(pattern).unwrap_err();
            assert_eq!(error.code, Code::Regex);
            assert!(error.message.contains(message), "{pattern}: {}", error.message);
            assert!(error.help.as_ref().is_some_and(|text| text.contains(help)), "{pattern}: {:?}", error.help);
        }
    }

    #[test]
    fn numbers_bytes_and_nesting_are_limited() {
        for pattern in ["a{1000}", "a{1000,}", "a{0,1000}", "a{1000,1000}", "(a{1000}){1000}"] {
            assert!(regex(pattern).is_ok(), "{pattern}");
        }
        assert!(regex(&"a".repeat(4_096)).is_ok());
        assert_eq!(regex(&"a".repeat(4_097)).unwrap_err().code, Code::PatternTooLarge);
        let nested = |depth: usize| format!("{}a{}", "(".repeat(depth), ")".repeat(depth));
        assert!(regex(&nested(250)).is_ok());
        assert!(regex(&nested(251)).unwrap_err().message.contains("250"));
    }
}
