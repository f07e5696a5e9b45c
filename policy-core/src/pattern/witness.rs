//! A short text of a language.

use super::node::Node;

/// Bytes of a text that is worth trying.
const BYTES: usize = 16 << 10;

/// Some text that `node` matches, of at most [`BYTES`] bytes; none where it matches nothing or none is at hand.
///
/// What may be empty is `filler`, as far as it matches that: without a filler the text is short, with one it is more like
/// what is asked.
pub(super) fn witness(node: &Node, filler: &str) -> Option<String> {
    let text = match node {
        Node::Nothing => return None,
        Node::Empty => String::new(),
        Node::AnyText => filler.to_owned(),
        Node::Literal(text) => text.to_string(),
        Node::Class(ranges) => likely(ranges)?.to_string(),
        Node::Concat(parts) => {
            let mut text = String::new();
            for part in parts {
                text.push_str(&witness(part, filler)?);
            }
            text
        }
        Node::Alternate(branches) => branches.iter().find_map(|branch| witness(branch, filler))?,
        Node::Repeat { max: Some(max), min, .. } if max < min => return None,
        Node::Repeat { node, min, max } => repeated(node, (*min, *max), filler)?,
    };
    (text.len() <= BYTES).then_some(text)
}

fn repeated(node: &Node, (min, max): (u32, Option<u32>), filler: &str) -> Option<String> {
    if let Node::Class(ranges) = node {
        let count = u32::try_from(filler.chars().count()).unwrap_or(u32::MAX);
        let fits = count >= min && max.is_none_or(|max| count <= max);
        if fits && filler.chars().all(|character| has(ranges, character)) {
            return Some(filler.to_owned());
        }
    }
    let times = if min == 0 && !filler.is_empty() && max != Some(0) { 1 } else { min };
    if times == 0 {
        return Some(String::new());
    }
    let Some(once) = witness(node, filler) else { return (min == 0).then(String::new) };
    let times = usize::try_from(times).ok()?;
    once.len().checked_mul(times).filter(|bytes| *bytes <= BYTES)?;
    Some(if once.is_empty() { once } else { once.repeat(times) })
}

/// A character of a class: a plain one, if it has one.
fn likely(ranges: &[(char, char)]) -> Option<char> {
    ['x', '1', 'X'].into_iter().find(|character| has(ranges, *character)).or_else(|| {
        let plain = |(start, end): &(char, char)| (*start..=*end).find(char::is_ascii_alphanumeric);
        ranges.iter().filter(|(start, _)| start.is_ascii()).find_map(plain).or(Some(ranges.first()?.0))
    })
}

fn has(ranges: &[(char, char)], character: char) -> bool {
    ranges.iter().any(|(start, end)| (*start..=*end).contains(&character))
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Random, agrees, regular};
    use super::super::{measure, regex};
    use super::{Node, witness};

    #[test]
    fn a_witness_is_of_the_language_and_only_nothing_has_none() {
        let mut random = Random(0xfeed_beef);
        for _ in 0..2_000 {
            let node = regular(&mut random, 3);
            for filler in ["", "a", "bé/", "aaaaa"] {
                match witness(&node, filler) {
                    Some(text) => assert!(agrees(&node, &text), "{node:?} {text:?}"),
                    None => assert!(measure(&node).unwrap().empty, "{node:?}"),
                }
            }
        }
    }

    #[test]
    fn a_long_text_is_no_witness() {
        assert_eq!(witness(&regex("(a{128}){128}").unwrap(), "").map(|text| text.len()), Some(16 << 10));
        assert_eq!(witness(&regex("b(a{128}){128}").unwrap(), "x"), None);
        assert_eq!(witness(&regex("(a{1000}){1000}").unwrap(), ""), None);
        let reversed = Node::Repeat { node: Box::new(Node::literal("a")), min: 2, max: Some(1) };
        assert_eq!(witness(&reversed, "x"), None);
        let empties = Node::Repeat { node: Box::new(Node::Empty), min: u32::MAX, max: None };
        assert_eq!(witness(&empties, "").as_deref(), Some(""));
    }

    #[test]
    fn what_may_be_empty_is_filled_as_far_as_it_can_be() {
        for (pattern, filler, text) in [
            ("a.*b", "", "ab"),
            ("a.*b", "x", "axb"),
            ("[0-9]*", "x", "1"),
            ("[0-9]{12}", "", "111111111111"),
            ("[0-9]+", "222", "222"),
            ("[a-w]?", "x", "a"),
            ("(ab)*", "x", "ab"),
            ("[[:^ascii:]]", "x", "\u{80}"),
        ] {
            assert_eq!(witness(&regex(pattern).unwrap(), filler).as_deref(), Some(text), "{pattern} {filler}");
        }
        assert_eq!(witness(&Node::AnyText, "x").as_deref(), Some("x"));
    }
}
