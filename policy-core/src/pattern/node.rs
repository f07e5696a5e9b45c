//! The syntax of a regular language over Unicode scalar values.

/// A regular language over text, as small as is cheap: most estates hold a pattern or more for each account.
///
/// The constructors keep it flat: a concatenation holds no concatenation, no empty text and no two literals side by
/// side, and what they make is [`Node::Nothing`] exactly when its language is empty. Its depth is bounded: globs are flat,
/// and the parser of regular expressions limits nesting.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Node {
    /// No text at all, not even the empty one.
    Nothing,
    /// The empty text.
    Empty,
    /// Any text.
    AnyText,
    /// This text.
    Literal(Box<str>),
    /// One character of these inclusive ranges, which are sorted and neither overlap nor touch.
    Class(Box<[(char, char)]>),
    /// These, one after another.
    Concat(Box<[Node]>),
    /// One of these.
    Alternate(Box<[Node]>),
    /// As often as it says, each time any text of the inner language.
    Repeat {
        /// What is repeated.
        node: Box<Node>,
        /// How often at least.
        min: u32,
        /// How often at most; without it, without end.
        max: Option<u32>,
    },
}

impl Node {
    /// `text` itself (P4).
    pub fn literal(text: impl Into<Box<str>>) -> Self {
        let text = text.into();
        if text.is_empty() { Self::Empty } else { Self::Literal(text) }
    }

    /// One character of the inclusive `ranges`, in any order; none of a range that is the wrong way round.
    pub fn class(ranges: impl IntoIterator<Item = (char, char)>) -> Self {
        let mut sorted: Vec<(char, char)> = ranges.into_iter().filter(|(start, end)| start <= end).collect();
        sorted.sort_unstable();
        let mut merged: Vec<(char, char)> = Vec::with_capacity(sorted.len());
        for (start, end) in sorted {
            match merged.last_mut() {
                Some((_, last)) if start <= *last || successor(*last) == Some(start) => *last = end.max(*last),
                _ => merged.push((start, end)),
            }
        }
        if merged.is_empty() { Self::Nothing } else { Self::Class(merged.into()) }
    }

    /// One character that is neither of category Cc nor one of `unwanted`.
    pub(super) fn visible_but(unwanted: &[char]) -> Self {
        let mut unwanted: Vec<char> = unwanted.to_vec();
        unwanted.sort_unstable();
        let mut ranges = Vec::new();
        for (first, end) in [(' ', '~'), ('\u{a0}', char::MAX)] {
            let mut start = first;
            for character in unwanted.iter().filter(|character| (first..=end).contains(character)) {
                // Nothing stands before the first of a range.
                ranges.extend((start..*character).next_back().map(|last| (start, last)));
                start = successor(*character).unwrap_or(char::MAX);
            }
            ranges.push((start, end));
        }
        Self::class(ranges)
    }

    /// `parts`, one after another.
    pub fn concat(parts: impl IntoIterator<Item = Self>) -> Self {
        let mut flat = Vec::new();
        for part in parts {
            let parts = if let Self::Concat(inner) = part { inner.into_vec() } else { vec![part] };
            for part in parts {
                if part == Self::Nothing {
                    return Self::Nothing;
                }
                append(&mut flat, part);
            }
        }
        one_or(flat, Self::Empty, Self::Concat)
    }

    /// One of `branches`.
    pub fn alternate(branches: impl IntoIterator<Item = Self>) -> Self {
        let mut flat: Vec<Self> = Vec::new();
        for branch in branches {
            let branches = if let Self::Alternate(inner) = branch { inner.into_vec() } else { vec![branch] };
            for branch in branches {
                match branch {
                    Self::Nothing => {}
                    Self::AnyText => return Self::AnyText,
                    branch if flat.last() == Some(&branch) => {}
                    branch => flat.push(branch),
                }
            }
        }
        one_or(flat, Self::Nothing, Self::Alternate)
    }

    /// `self`, at least `min` and at most `max` times; nothing where `max` is less than `min`.
    #[must_use]
    pub fn repeat(self, min: u32, max: Option<u32>) -> Self {
        if max.is_some_and(|max| max < min) {
            return Self::Nothing;
        }
        match self {
            _ if max == Some(0) => Self::Empty,
            Self::Nothing if min == 0 => Self::Empty,
            Self::Nothing | Self::Empty | Self::AnyText => self,
            _ if (min, max) == (1, Some(1)) => self,
            Self::Class(ranges) if (min, max) == (0, None) && is_everything(&ranges) => Self::AnyText,
            Self::Repeat { node, min: inner_min, max: inner_max } => {
                if let Some((min, max)) = multiply((inner_min, inner_max), (min, max)) {
                    return node.repeat(min, max);
                }
                let inner = Self::Repeat { node, min: inner_min, max: inner_max };
                Self::Repeat { node: Box::new(inner), min, max }
            }
            node => Self::Repeat { node: Box::new(node), min, max },
        }
    }

    /// The text that all texts of the language begin with, as far as it is written as such.
    pub fn literal_prefix(&self) -> &str {
        match self {
            Self::Literal(text) => text,
            Self::Concat(parts) => parts.first().map_or("", Self::literal_prefix),
            _ => "",
        }
    }

    /// What follows the first `bytes` of [`literal_prefix`](Self::literal_prefix).
    #[must_use]
    pub fn without_prefix(&self, bytes: usize) -> Self {
        match self {
            Self::Literal(text) => Self::literal(text.get(bytes..).unwrap_or_default()),
            Self::Concat(parts) if bytes > 0 => {
                let first = parts.first().map(|first| first.without_prefix(bytes));
                Self::concat(first.into_iter().chain(parts.iter().skip(1).cloned()))
            }
            _ => self.clone(),
        }
    }

    /// `self` or the empty text.
    #[must_use]
    pub fn optional(self) -> Self {
        self.repeat(0, Some(1))
    }
}

/// The counts of a repetition within a repetition as one, where that is the same language: when the numbers of copies
/// that the two make have no gaps, and the product is a number.
fn multiply(inner: (u32, Option<u32>), outer: (u32, Option<u32>)) -> Option<(u32, Option<u32>)> {
    if inner.0 > 1 && outer.1 != Some(outer.0) {
        return None;
    }
    let max = match (inner.1, outer.1) {
        (Some(inner), Some(outer)) => Some(inner.checked_mul(outer)?),
        _ => None,
    };
    Some((inner.0.checked_mul(outer.0)?, max))
}

fn append(flat: &mut Vec<Node>, part: Node) {
    match (flat.last_mut(), part) {
        (_, Node::Empty) | (Some(Node::AnyText), Node::AnyText) => {}
        (Some(Node::Literal(before)), Node::Literal(text)) => {
            let mut joined = std::mem::take(before).into_string();
            joined.push_str(&text);
            *before = joined.into();
        }
        (_, part) => flat.push(part),
    }
}

fn one_or(mut nodes: Vec<Node>, none: Node, many: fn(Box<[Node]>) -> Node) -> Node {
    match nodes.len() {
        0 | 1 => nodes.pop().unwrap_or(none),
        _ => many(nodes.into()),
    }
}

fn is_everything(ranges: &[(char, char)]) -> bool {
    ranges == [('\0', char::MAX)]
}

/// The next scalar value; that of U+D7FF is U+E000.
fn successor(character: char) -> Option<char> {
    (character..=char::MAX).nth(1)
}

#[cfg(test)]
mod tests {
    use super::Node;

    fn a() -> Node {
        Node::literal("a")
    }

    #[test]
    fn concatenations_are_flat_and_literals_are_joined() {
        let node = Node::concat([a(), Node::Empty, Node::concat([Node::literal("b"), Node::AnyText]), Node::AnyText]);
        assert_eq!(node, Node::Concat([Node::literal("ab"), Node::AnyText].into()));
        assert_eq!(Node::concat([]), Node::Empty);
        assert_eq!(Node::concat([a(), Node::literal("")]), a());
        assert_eq!(Node::concat([a(), Node::Nothing]), Node::Nothing);
    }

    #[test]
    fn alternatives_are_flat_and_hold_no_nothing() {
        assert_eq!(Node::alternate([]), Node::Nothing);
        assert_eq!(Node::alternate([Node::Nothing, a(), a()]), a());
        assert_eq!(Node::alternate([a(), Node::AnyText]), Node::AnyText);
        let inner = Node::alternate([a(), Node::Empty]);
        assert_eq!(inner, Node::Alternate([a(), Node::Empty].into()));
        assert_eq!(
            Node::alternate([inner, Node::literal("b")]),
            Node::Alternate([a(), Node::Empty, Node::literal("b")].into())
        );
    }

    #[test]
    fn classes_are_sorted_and_merged() {
        assert_eq!(Node::class([]), Node::Nothing);
        assert_eq!(Node::class([('b', 'a')]), Node::Nothing);
        assert_eq!(Node::class([('c', 'd'), ('a', 'b')]), Node::Class([('a', 'd')].into()));
        assert_eq!(Node::class([('a', 'f'), ('b', 'c'), ('f', 'g')]), Node::Class([('a', 'g')].into()));
        assert_eq!(Node::class([('a', 'a'), ('c', 'c')]), Node::Class([('a', 'a'), ('c', 'c')].into()));
        assert_eq!(
            Node::class([('\u{e000}', char::MAX), ('\0', '\u{d7ff}')]).repeat(0, None),
            Node::AnyText,
            "there is no scalar value between these"
        );
    }

    #[test]
    fn repetitions_that_need_no_repetition_have_none() {
        for (node, min, max, wanted) in [
            (a(), 0, Some(0), Node::Empty),
            (a(), 1, Some(1), a()),
            (a(), 2, Some(1), Node::Nothing),
            (Node::Empty, 3, None, Node::Empty),
            (Node::Nothing, 0, None, Node::Empty),
            (Node::Nothing, 1, None, Node::Nothing),
            (Node::AnyText, 5, Some(9), Node::AnyText),
            (Node::AnyText, 0, Some(0), Node::Empty),
        ] {
            assert_eq!(node.clone().repeat(min, max), wanted, "{node:?} {min} {max:?}");
        }
    }

    #[test]
    fn repetitions_of_repetitions_are_joined_only_where_no_count_is_left_out() {
        let twice = |inner: (u32, Option<u32>), outer: (u32, Option<u32>)| {
            a().repeat(inner.0, inner.1).repeat(outer.0, outer.1)
        };
        let once = |min, max| Node::Repeat { node: Box::new(a()), min, max };
        assert_eq!(twice((0, None), (0, None)), once(0, None));
        assert_eq!(twice((1, None), (0, Some(1))), once(0, None));
        assert_eq!(twice((1, Some(3)), (2, Some(4))), once(2, Some(12)));
        assert_eq!(twice((2, Some(3)), (5, Some(5))), once(10, Some(15)));
        assert_eq!(
            twice((2, Some(2)), (0, None)),
            Node::Repeat { node: Box::new(once(2, Some(2))), min: 0, max: None }
        );
        let large = once(70_000, Some(70_000));
        assert_eq!(
            large.clone().repeat(70_000, Some(70_000)),
            Node::Repeat { node: Box::new(large), min: 70_000, max: Some(70_000) }
        );
    }
}
