//! Tokens that lose nothing: what stands between them is blanks alone.

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::syntax::identifier_length;

/// What a token is, as far as its place on a line depends on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// The end of a line.
    LineEnd,
    /// `# …` or `// …`, without the end of the line.
    LineComment,
    /// `/* … */`.
    BlockComment,
    /// A quoted text or template, or a heredoc up to its last line: never looked into.
    Text,
    /// A name.
    Word,
    /// `for`, `in` or `if` of a `for` expression.
    Keyword,
    /// A number.
    Number,
    /// The digits of `.0`.
    Element,
    /// `(`, `[` or `{`.
    Open(u8),
    /// `)`, `]` or `}`.
    Close(u8),
    /// `,`.
    Comma,
    /// `.`.
    Dot,
    /// `...`.
    Ellipsis,
    /// `=`.
    Assign,
    /// `!`, and a `-` that negates.
    Prefix,
    /// `*` in `.*` and `[*]`.
    Splat,
    /// Everything that stands between two operands.
    Operator,
}

impl Kind {
    /// Whether a value can end with it; then a `-` behind it subtracts.
    const fn ends_value(self) -> bool {
        matches!(self, Self::Text | Self::Word | Self::Number | Self::Element | Self::Close(_) | Self::Splat)
    }

    const fn is_comment(self) -> bool {
        matches!(self, Self::LineComment | Self::BlockComment)
    }
}

/// A token, and the blanks before it.
#[derive(Debug, Clone)]
pub(super) struct Token<'a> {
    /// What it is.
    pub(super) kind: Kind,
    /// Its text as it was found.
    pub(super) text: &'a str,
    /// How many spaces are written before it.
    pub(super) spaces: usize,
}

impl<'a> Token<'a> {
    /// Its text as it is written: comments lose the blanks at the ends of their lines, all else is as it was.
    pub(super) fn written(&self) -> Cow<'a, str> {
        match self.kind {
            Kind::LineComment => self.text.trim_end().into(),
            Kind::BlockComment if self.text.contains('\n') => {
                self.text.split('\n').map(str::trim_end).collect::<Vec<_>>().join("\n").into()
            }
            _ => self.text.into(),
        }
    }

    /// Whether it goes over several lines.
    pub(super) fn has_lines(&self) -> bool {
        self.kind != Kind::LineEnd && self.text.contains('\n')
    }

    pub(super) const fn is_comment(&self) -> bool {
        self.kind.is_comment()
    }

    /// How the number of open brackets changes with it.
    pub(super) const fn bracket_change(&self) -> isize {
        match self.kind {
            Kind::Open(_) => 1,
            Kind::Close(_) => -1,
            _ => 0,
        }
    }
}

/// The tokens of `text`. `texts` are the ends of its quoted texts and heredocs by their beginnings, as the parser found
/// them. None where something is no token, which cannot be in a text that the parser has read.
pub(super) fn tokens<'a>(text: &'a str, texts: &BTreeMap<usize, usize>) -> Option<Vec<Token<'a>>> {
    let mut scan = Scan { text, texts, position: 0, before: None, open: Vec::new(), found: Vec::new() };
    while scan.position < text.len() {
        scan.step()?;
    }
    Some(scan.found)
}

struct Scan<'a, 't> {
    text: &'a str,
    texts: &'t BTreeMap<usize, usize>,
    position: usize,
    /// The last token that is neither comment nor end of a line.
    before: Option<Kind>,
    /// For each open bracket, whether it began a `for` expression.
    open: Vec<bool>,
    found: Vec<Token<'a>>,
}

impl Scan<'_, '_> {
    fn step(&mut self) -> Option<()> {
        let rest = self.text.get(self.position..)?;
        let bytes = rest.as_bytes();
        let (kind, length) = match (bytes.first()?, bytes.get(1)) {
            (b' ' | b'\t', _) => {
                self.position += 1;
                return Some(());
            }
            (b'\n', _) => (Kind::LineEnd, 1),
            (b'\r', Some(b'\n')) => (Kind::LineEnd, 2),
            (b'#', _) | (b'/', Some(b'/')) => (Kind::LineComment, line_length(rest)),
            (b'/', Some(b'*')) => (Kind::BlockComment, rest.get(2..)?.find("*/")? + 4),
            (b'"' | b'<', _) if self.texts.contains_key(&self.position) => {
                (Kind::Text, self.texts.get(&self.position)?.checked_sub(self.position)?)
            }
            (b'0'..=b'9', _) if self.before == Some(Kind::Dot) => (Kind::Element, digits(bytes)),
            (b'0'..=b'9', _) => (Kind::Number, number(bytes)),
            _ => match identifier_length(rest) {
                0 => self.symbol(rest)?,
                length => (self.word(rest.get(..length)?), length),
            },
        };
        self.take(kind, length)
    }

    fn take(&mut self, kind: Kind, length: usize) -> Option<()> {
        let text = self.text.get(self.position..self.position.checked_add(length)?)?;
        match kind {
            Kind::Open(_) => self.open.push(false),
            Kind::Close(_) => drop(self.open.pop()),
            Kind::Keyword if matches!(self.before, Some(Kind::Open(_))) => {
                self.open.last_mut().into_iter().for_each(|is_for| *is_for = true);
            }
            _ => {}
        }
        if kind != Kind::LineEnd && !kind.is_comment() {
            self.before = Some(kind);
        }
        self.position += length;
        self.found.push(Token { kind, text, spaces: 0 });
        Some(())
    }

    fn word(&self, word: &str) -> Kind {
        let keyword = match word {
            "for" => matches!(self.before, Some(Kind::Open(b'[' | b'{'))),
            "in" | "if" => {
                let ended = self.before.is_some_and(|before| before.ends_value() || before == Kind::Ellipsis);
                self.open.last() == Some(&true) && ended
            }
            _ => false,
        };
        if keyword { Kind::Keyword } else { Kind::Word }
    }

    fn symbol(&self, rest: &str) -> Option<(Kind, usize)> {
        const TWO: &[&str] = &["=>", "==", "!=", "<=", ">=", "&&", "||"];
        if rest.starts_with("...") {
            return Some((Kind::Ellipsis, 3));
        }
        if TWO.iter().any(|operator| rest.starts_with(operator)) {
            return Some((Kind::Operator, 2));
        }
        let kind = match rest.as_bytes().first()? {
            byte @ (b'(' | b'[' | b'{') => Kind::Open(*byte),
            byte @ (b')' | b']' | b'}') => Kind::Close(*byte),
            b',' => Kind::Comma,
            b'.' => Kind::Dot,
            b'=' => Kind::Assign,
            b'!' => Kind::Prefix,
            b'-' if !self.before.is_some_and(Kind::ends_value) => Kind::Prefix,
            b'*' if matches!(self.before, Some(Kind::Dot | Kind::Open(_))) => Kind::Splat,
            b'-' | b'*' | b'+' | b'/' | b'%' | b'<' | b'>' | b'?' | b':' => Kind::Operator,
            _ => return None,
        };
        Some((kind, 1))
    }
}

/// The bytes up to the end of the line; a carriage return before it belongs to the end.
fn line_length(rest: &str) -> usize {
    match rest.find('\n') {
        Some(length) if rest.as_bytes().get(length.wrapping_sub(1)) == Some(&b'\r') => length - 1,
        Some(length) => length,
        None => rest.len(),
    }
}

fn digits(bytes: &[u8]) -> usize {
    bytes.iter().take_while(|byte| byte.is_ascii_digit()).count()
}

/// The bytes of a number with a fraction and an exponent.
fn number(bytes: &[u8]) -> usize {
    let from = |start: usize| bytes.get(start..).map_or(0, digits);
    let mut length = digits(bytes);
    if bytes.get(length) == Some(&b'.') && from(length + 1) > 0 {
        length += 1 + from(length + 1);
    }
    if matches!(bytes.get(length), Some(b'e' | b'E')) {
        let sign = usize::from(matches!(bytes.get(length + 1), Some(b'+' | b'-')));
        length += 1 + sign + from(length + 1 + sign);
    }
    length
}
