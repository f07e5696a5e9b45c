//! Lines: which there are, how far they are indented, and the spaces within them.
//!
//! The rules are those of `hclwrite`, which is behind `terraform fmt` and `terragrunt hcl fmt`: who runs those over the
//! same files is not to see them change to and fro. Where it guesses, we know: which `-` negates, and which `in` and
//! `if` are names.

use super::token::{Kind, Token};

/// Spaces of one level.
const LEVEL: usize = 2;

/// What stands between two ends of lines. A text of several lines counts as if it were one.
#[derive(Debug)]
pub(super) struct Line<'a> {
    /// At least one.
    pub(super) tokens: Vec<Token<'a>>,
    /// Whether an empty line stands before it.
    pub(super) blank_before: bool,
}

impl Line<'_> {
    fn closes(&self) -> bool {
        self.tokens.first().is_some_and(|token| matches!(token.kind, Kind::Close(_)))
    }

    fn opens(&self) -> bool {
        let last = self.tokens.iter().rev().find(|token| !token.is_comment());
        last.is_some_and(|token| matches!(token.kind, Kind::Open(_)))
    }
}

/// The lines that are not empty, in order. Of several empty lines one is kept, and none at the beginning and end of what
/// stands in brackets or in the file.
pub(super) fn lines(tokens: Vec<Token<'_>>) -> Vec<Line<'_>> {
    let mut lines: Vec<Line<'_>> = Vec::new();
    let mut blank = false;
    let mut current: Vec<Token<'_>> = Vec::new();
    let mut end = |current: &mut Vec<_>| {
        let tokens = std::mem::take(current);
        if tokens.is_empty() {
            blank = true;
            return;
        }
        let line = Line { tokens, blank_before: false };
        let blank_before = blank && !line.closes() && lines.last().is_some_and(|before| !before.opens());
        lines.push(Line { blank_before, ..line });
        blank = false;
    };
    for token in tokens {
        match token.kind {
            Kind::LineEnd => end(&mut current),
            _ => current.push(token),
        }
    }
    end(&mut current);
    lines
}

/// Indents each line by the brackets that lines before it left open: one level for each such line, however many it left
/// open.
pub(super) fn indent(lines: &mut [Line<'_>]) {
    let mut open: Vec<usize> = Vec::new();
    for line in lines {
        let change: isize = line.tokens.iter().map(Token::bracket_change).sum();
        let mut closed = if change < 0 { change.unsigned_abs() } else { 0 };
        while closed > 0 {
            match open.pop() {
                Some(level) if level > closed => {
                    open.push(level - closed);
                    closed = 0;
                }
                Some(level) => closed -= level,
                None => break,
            }
        }
        if let Some(first) = line.tokens.first_mut() {
            first.spaces = LEVEL * open.len();
        }
        if change > 0 {
            open.push(change.unsigned_abs());
        }
    }
}

/// Sets the spaces between the tokens of each line.
pub(super) fn space(lines: &mut [Line<'_>]) {
    for line in lines {
        let mut spaces: Vec<usize> = Vec::with_capacity(line.tokens.len());
        for (index, token) in line.tokens.iter().enumerate() {
            let before = index.checked_sub(1).and_then(|index| line.tokens.get(index));
            spaces.push(before.map_or(token.spaces, |before| {
                let next = line.tokens.get(index + 1).map(|next| next.kind);
                usize::from(apart(before.kind, token.kind, next))
            }));
        }
        line.tokens.iter_mut().zip(spaces).for_each(|(token, spaces)| token.spaces = spaces);
    }
}

/// Whether a space stands between two tokens of a line, of which `next` is the one after.
const fn apart(left: Kind, right: Kind, next: Option<Kind>) -> bool {
    match (left, right) {
        // `1 .5` is the element 5 of 1, `1.5` is a number.
        (Kind::Number, Kind::Dot) => matches!(next, Some(Kind::Element)),
        (Kind::Dot | Kind::Prefix, _)
        | (_, Kind::Dot | Kind::Comma | Kind::Ellipsis)
        | (Kind::Word, Kind::Open(b'('))
        | (Kind::Word | Kind::Number | Kind::Element | Kind::Text | Kind::Close(_) | Kind::Splat, Kind::Open(b'['))
        | (Kind::Open(b'{'), Kind::Close(b'}')) => false,
        (Kind::Comma | Kind::Open(b'{'), _) | (_, Kind::Close(b'}')) => true,
        (Kind::Open(_), _) | (_, Kind::Close(_)) => false,
        _ => true,
    }
}
