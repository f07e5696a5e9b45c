//! A short text of a language.

use super::node::Node;

/// Bytes of a text that is worth trying.
const BYTES: usize = 16 << 10;

/// Some text that `node` matches, of at most [`BYTES`] bytes; none where it matches nothing or none is at hand.
pub(super) fn witness(node: &Node) -> Option<String> {
    let text = match node {
        Node::Nothing => return None,
        Node::Empty | Node::AnyText | Node::Repeat { min: 0, .. } => String::new(),
        Node::Literal(text) => text.to_string(),
        Node::Class(ranges) => ranges.first()?.0.to_string(),
        Node::Concat(parts) => {
            let mut text = String::new();
            for part in parts {
                text.push_str(&witness(part)?);
            }
            text
        }
        Node::Alternate(branches) => branches.iter().find_map(witness)?,
        Node::Repeat { max: Some(max), min, .. } if max < min => return None,
        Node::Repeat { node, min, .. } => {
            let once = witness(node)?;
            let times = usize::try_from(*min).ok()?;
            once.len().checked_mul(times).filter(|bytes| *bytes <= BYTES)?;
            if once.is_empty() { once } else { once.repeat(times) }
        }
    };
    (text.len() <= BYTES).then_some(text)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::super::testing::{Random, agrees, regular};
    use super::super::{measure, regex};
    use super::{Node, witness};

    #[test]
    fn a_witness_is_of_the_language_and_only_nothing_has_none() {
        let mut random = Random(0xfeed_beef);
        for _ in 0..2_000 {
            let node = regular(&mut random, 3);
            match witness(&node) {
                Some(text) => assert!(agrees(&node, &text), "{node:?} {text:?}"),
                None => assert!(measure(&node).unwrap().empty, "{node:?}"),
            }
        }
    }

    #[test]
    fn a_long_text_is_no_witness() {
        assert_eq!(witness(&regex("(a{128}){128}").unwrap()).map(|text| text.len()), Some(16 << 10));
        assert_eq!(witness(&regex("b(a{128}){128}").unwrap()), None);
        assert_eq!(witness(&regex("(a{1000}){1000}").unwrap()), None);
        let reversed = Node::Repeat { node: Box::new(Node::literal("a")), min: 2, max: Some(1) };
        assert_eq!(witness(&reversed), None);
        let empties = Node::Repeat { node: Box::new(Node::Empty), min: u32::MAX, max: None };
        assert_eq!(witness(&empties).as_deref(), Some(""));
    }
}
