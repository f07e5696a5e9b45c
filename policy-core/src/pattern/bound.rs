//! An upper bound of the states of common patterns: a million rules are checked, and few are worth an automaton.

use super::node::Node;

/// States that one range of characters takes at most beside the state before and after it: a range is at most 19
/// sequences of byte ranges, each with at most three states inside.
const RANGE: usize = 64;

/// A number of states that `node` does not exceed, and the proof that it matches something; none for shapes that only the
/// automaton can judge.
///
/// The shapes are parts in a row whose automaton is deterministic by itself, byte for byte, because after each part it is
/// known which part reads the next byte: UTF-8 tells where a character ends, and after a repeated class stands an ASCII
/// character that is not in it. A row may end in any text, in a repeated class, or in a repeated class and an ASCII
/// literal, whose sets of states are given by the longest beginning of the literal that was read.
pub(super) fn bound(node: &Node) -> Option<usize> {
    let parts = if let Node::Concat(parts) = node { &**parts } else { std::slice::from_ref(node) };
    let mut states = 1_usize;
    for (position, part) in parts.iter().enumerate() {
        let after = parts.get(position + 1..).unwrap_or(&[]);
        states = states.checked_add(match part {
            Node::Empty => 0,
            Node::Literal(text) => text.len(),
            Node::AnyText if after.is_empty() => RANGE,
            Node::Class(ranges) if !ranges.is_empty() => ranges.len() * RANGE,
            Node::Repeat { node, min: 0, max: None } => repeated_class(node, after)?,
            _ => return None,
        })?;
    }
    Some(states)
}

fn repeated_class(node: &Node, after: &[Node]) -> Option<usize> {
    let Node::Class(ranges) = node else { return None };
    let deterministic = match after {
        [] => true,
        [Node::Literal(text)] if text.is_ascii() => true,
        [Node::Literal(text), ..] => text.chars().next().is_some_and(|first| first.is_ascii() && !has(ranges, first)),
        _ => false,
    };
    (deterministic && !ranges.is_empty()).then(|| ranges.len() * RANGE)
}

fn has(ranges: &[(char, char)], character: char) -> bool {
    ranges.iter().any(|(start, end)| (*start..=*end).contains(&character))
}

#[cfg(test)]
mod tests {
    use super::{Node, bound};

    #[test]
    fn only_rows_that_are_deterministic_have_a_bound() {
        let star = || Node::class([('a', 'z')]).repeat(0, None);
        let row = |parts: [Node; 3]| bound(&Node::concat(parts));
        assert_eq!(bound(&Node::literal("abc")), Some(4));
        assert_eq!(bound(&Node::literal("a".repeat(20_000))), Some(20_001));
        assert_eq!(bound(&Node::class([('a', 'a'), ('c', 'c')])), Some(129));
        assert_eq!(row([Node::literal("a"), star(), Node::literal("ab")]), Some(1 + 1 + 64 + 2));
        assert_eq!(row([star(), Node::literal("/a"), star()]), Some(1 + 64 + 2 + 64));
        for row in [
            row([star(), Node::literal("b"), star()]),
            row([star(), Node::literal("é"), star()]),
            row([Node::Empty, star(), Node::literal("é")]),
            row([star(), Node::class([('0', '9')]), Node::Empty]),
            row([Node::AnyText, Node::literal("a"), Node::Empty]),
            bound(&Node::Nothing),
            bound(&Node::Class([].into())),
            bound(&Node::Concat([Node::literal("a"), Node::Nothing].into())),
            bound(&Node::literal("ab").repeat(0, None)),
            bound(&Node::class([('a', 'z')]).repeat(1, None)),
            bound(&Node::class([('a', 'z')]).repeat(0, Some(2))),
            bound(&Node::Repeat { node: Box::new(Node::Class([].into())), min: 0, max: None }),
            bound(&Node::alternate([Node::literal("a"), Node::Empty])),
        ] {
            assert_eq!(row, None);
        }
    }
}
