//! For tests: random patterns and texts, and a matcher that shares nothing with the automata.

#![expect(clippy::indexing_slicing, reason = "a test fails by panicking")]

use std::collections::BTreeSet;

use super::node::Node;

/// A xorshift generator, the same in each run.
pub(super) struct Random(pub(super) u64);

impl Random {
    fn below(&mut self, count: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % count
    }
}

/// A random pattern over a few characters of one to four bytes.
pub(super) fn regular(random: &mut Random, depth: u32) -> Node {
    build(random, depth, &|random| match random.below(9) {
        0 => Node::AnyText,
        1 => Node::literal("é"),
        2 => Node::class([('b', 'é')]),
        3 => Node::class([('\0', '.'), ('0', char::MAX)]),
        4 => Node::literal("😀/"),
        _ => leaf(random),
    })
}

/// A random pattern over `a` and `b`.
pub(super) fn ascii(random: &mut Random, depth: u32) -> Node {
    build(random, depth, &leaf)
}

fn leaf(random: &mut Random) -> Node {
    match random.below(7) {
        0 => Node::Empty,
        1 => Node::literal("b"),
        2 => Node::literal("ab"),
        3 => Node::class([('a', 'b')]),
        4 if random.below(4) == 0 => Node::Nothing,
        _ => Node::literal("a"),
    }
}

fn build(random: &mut Random, depth: u32, leaf: &dyn Fn(&mut Random) -> Node) -> Node {
    if depth == 0 {
        return leaf(random);
    }
    let parts = |random: &mut Random| -> Vec<Node> {
        let count = 1 + random.below(3);
        (0..count).map(|_| build(random, depth - 1, leaf)).collect()
    };
    match random.below(4) {
        0 => leaf(random),
        1 => Node::alternate(parts(random)),
        2 => {
            let min = u32::try_from(random.below(3)).unwrap_or(0);
            let max = [None, Some(min), Some(min + 1), Some(min + 2)][usize::try_from(random.below(4)).unwrap_or(0)];
            let node = build(random, depth - 1, leaf);
            if random.below(2) == 0 { node.repeat(min, max) } else { Node::Repeat { node: Box::new(node), min, max } }
        }
        _ => Node::concat(parts(random)),
    }
}

/// A random text of the characters that [`regular`] uses.
pub(super) fn text(random: &mut Random) -> String {
    let count = random.below(6);
    (0..count).map(|_| ['a', 'b', 'é', '/', '😀', 'a'][usize::try_from(random.below(6)).unwrap_or(0)]).collect()
}

/// Whether `node` matches `text`, by trying every way.
pub(super) fn agrees(node: &Node, text: &str) -> bool {
    let characters: Vec<char> = text.chars().collect();
    ends(node, &characters, 0).contains(&characters.len())
}

/// Where a match that begins at `from` can end.
fn ends(node: &Node, text: &[char], from: usize) -> BTreeSet<usize> {
    match node {
        Node::Nothing => BTreeSet::new(),
        Node::Empty => [from].into(),
        Node::AnyText => (from..=text.len()).collect(),
        Node::Literal(literal) => {
            let literal: Vec<char> = literal.chars().collect();
            text[from..].starts_with(&literal).then_some(from + literal.len()).into_iter().collect()
        }
        Node::Class(ranges) => {
            let next = text.get(from).filter(|next| ranges.iter().any(|(start, end)| start <= next && *next <= end));
            next.map(|_| from + 1).into_iter().collect()
        }
        Node::Concat(parts) => parts.iter().fold([from].into(), |starts, part| after(part, text, &starts)),
        Node::Alternate(branches) => branches.iter().flat_map(|branch| ends(branch, text, from)).collect(),
        Node::Repeat { node, min, max } => repeated(node, (*min, *max), text, from),
    }
}

fn after(node: &Node, text: &[char], starts: &BTreeSet<usize>) -> BTreeSet<usize> {
    starts.iter().flat_map(|start| ends(node, text, *start)).collect()
}

/// Copies beyond the smallest number and the length of the text reach no new end.
fn repeated(node: &Node, (min, max): (u32, Option<u32>), text: &[char], from: usize) -> BTreeSet<usize> {
    let most = max.unwrap_or(min + u32::try_from(text.len()).unwrap_or(0) + 1);
    let mut found = BTreeSet::new();
    let mut current: BTreeSet<usize> = [from].into();
    for count in 0..=most {
        if count >= min {
            found.extend(&current);
        }
        current = after(node, text, &current);
    }
    found
}

/// Every text over `a` and `b` of at most `length` characters.
pub(super) fn every_text(length: usize) -> Vec<String> {
    let mut all = vec![String::new()];
    let mut longest = all.clone();
    for _ in 0..length {
        longest = longest.iter().flat_map(|text| [format!("{text}a"), format!("{text}b")]).collect();
        all.extend(longest.iter().cloned());
    }
    all
}

/// How many different languages that are not empty are left of `node`, a pattern over `a` and `b`, after some beginning,
/// told apart by texts of at most `length`: exact for automata of at most `length + 1` states (Myhill and Nerode).
pub(super) fn residuals(node: &Node, length: usize) -> usize {
    let language: BTreeSet<String> = every_text(2 * length).into_iter().filter(|text| agrees(node, text)).collect();
    let texts = every_text(length);
    let after =
        |begin: &String| -> Vec<bool> { texts.iter().map(|end| language.contains(&format!("{begin}{end}"))).collect() };
    let kinds: BTreeSet<Vec<bool>> = texts.iter().map(after).filter(|kind| kind.contains(&true)).collect();
    kinds.len()
}
