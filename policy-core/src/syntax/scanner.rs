//! The cursor over the text: white space, comments, names, and the counted nesting.

use std::sync::Arc;

use crate::diagnostic::{Code, Diagnostic};
use crate::limits;
use crate::source::{FileId, Span};
use crate::text::shared_nfc;

use super::tree::Name;

/// What could not be read, and why. Boxed: it is rare, and every function hands it on.
pub(super) type Broken = Box<Diagnostic>;

/// The result of reading something.
pub(super) type Parsed<T> = Result<T, Broken>;

/// Which nesting is counted; see [`limits::EXPRESSION_NESTING`] and its neighbours.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Nesting {
    /// Brackets, braces, parentheses, calls, templates with something inside.
    Expression,
    /// Middle arms of conditionals, directives, splats.
    Arm,
    /// Blocks.
    Block,
}

/// The reader of one file.
pub(super) struct Parser<'a> {
    pub(super) text: &'a str,
    pub(super) position: usize,
    pub(super) diagnostics: &'a mut Vec<Diagnostic>,
    file: FileId,
    depth: [u32; 3],
}

impl<'a> Parser<'a> {
    pub(super) fn new(file: FileId, text: &'a str, diagnostics: &'a mut Vec<Diagnostic>) -> Self {
        Self { text, position: 0, diagnostics, file, depth: [0; 3] }
    }

    /// The byte `ahead` of the cursor.
    pub(super) fn byte(&self, ahead: usize) -> Option<u8> {
        self.text.as_bytes().get(self.position + ahead).copied()
    }

    /// The character under the cursor.
    pub(super) fn character(&self) -> Option<char> {
        self.rest().chars().next()
    }

    /// What has not been read.
    pub(super) fn rest(&self) -> &'a str {
        self.text.get(self.position..).unwrap_or("")
    }

    /// The text from `start` to the cursor.
    pub(super) fn since(&self, start: usize) -> &'a str {
        self.text.get(start..self.position).unwrap_or("")
    }

    /// Takes `token` if it stands under the cursor.
    pub(super) fn take(&mut self, token: &str) -> bool {
        let found = self.rest().as_bytes().starts_with(token.as_bytes());
        if found {
            self.position += token.len();
        }
        found
    }

    /// Takes `token`, or says that it was expected.
    pub(super) fn expect(&mut self, token: &str, after: &str) -> Parsed<()> {
        if self.take(token) { Ok(()) } else { Err(self.unexpected(&format!("`{token}` {after}"))) }
    }

    /// The span from `start` to the cursor.
    pub(super) fn span(&self, start: usize) -> Span {
        self.span_of(start, self.position)
    }

    /// The span of the bytes `start..end`. Files are at most 4 MiB, so that the offsets fit.
    pub(super) fn span_of(&self, start: usize, end: usize) -> Span {
        let offset = |position| u32::try_from(position).unwrap_or(u32::MAX);
        Span::new(self.file, offset(start), offset(end))
    }

    /// The span of the character under the cursor, empty at the end of the text.
    pub(super) fn here(&self) -> Span {
        let width = self.character().map_or(0, char::len_utf8);
        self.span_of(self.position, self.position + width)
    }

    /// A syntax error under the cursor: `expected` was not found.
    #[expect(clippy::unnecessary_box_returns, reason = "every function hands it on boxed")]
    pub(super) fn unexpected(&self, expected: &str) -> Broken {
        let found = match self.character() {
            None => "the end of the file".to_owned(),
            Some('\n' | '\r') => "the end of the line".to_owned(),
            Some(character) => format!("`{}`", character.escape_debug()),
        };
        self.error(self.here(), &format!("expected {expected}, but found {found}"))
    }

    /// A syntax error.
    #[expect(
        clippy::unused_self,
        clippy::unnecessary_box_returns,
        reason = "reads and is handed on as the other errors"
    )]
    pub(super) fn error(&self, span: Span, message: &str) -> Broken {
        Box::new(Diagnostic::new(Code::Syntax, span, message))
    }

    /// Reads one level deeper, or refuses where that is too deep. The level is left again also when reading fails.
    pub(super) fn nested<T>(
        &mut self,
        nesting: Nesting,
        start: usize,
        read: impl FnOnce(&mut Self) -> Parsed<T>,
    ) -> Parsed<T> {
        let (slot, limit, what) = match nesting {
            Nesting::Expression => (0, limits::EXPRESSION_NESTING, "expressions"),
            Nesting::Arm => (1, limits::ARM_NESTING, "conditionals, directives and splats"),
            Nesting::Block => (2, limits::BLOCK_NESTING, "blocks"),
        };
        let depth = self.depth.get(slot).copied().unwrap_or(0);
        if depth >= limit {
            let end = (start + 1).min(self.text.len());
            let message = format!("{what} are nested deeper than {limit} levels");
            return Err(Box::new(
                Diagnostic::new(Code::TooDeep, self.span_of(start, end), message)
                    .help("name the inner part in a `locals` block and use that name here"),
            ));
        }
        self.set_depth(slot, depth + 1);
        let result = read(self);
        self.set_depth(slot, depth);
        result
    }

    fn set_depth(&mut self, slot: usize, depth: u32) {
        if let Some(level) = self.depth.get_mut(slot) {
            *level = depth;
        }
    }

    /// Skips blanks and comments; line ends only where `lines` says so. A comment up to the end of the line leaves that.
    pub(super) fn skip_blank(&mut self, lines: bool) -> Parsed<()> {
        loop {
            match self.byte(0) {
                Some(b' ' | b'\t') => self.position += 1,
                Some(b'\n') if lines => self.position += 1,
                Some(b'\r') if lines && self.byte(1) == Some(b'\n') => self.position += 2,
                Some(b'#') => self.skip_line(),
                Some(b'/') if self.byte(1) == Some(b'/') => self.skip_line(),
                Some(b'/') if self.byte(1) == Some(b'*') => self.skip_inline_comment()?,
                _ => return Ok(()),
            }
        }
    }

    /// Moves to the end of the line, or of the text.
    pub(super) fn skip_line(&mut self) {
        let rest = self.rest().as_bytes();
        let length = rest.iter().position(|&byte| byte == b'\n').unwrap_or(rest.len());
        self.position += length;
        // The carriage return belongs to the line's end.
        if length > 0 && rest.get(length - 1) == Some(&b'\r') && length < rest.len() {
            self.position -= 1;
        }
    }

    fn skip_inline_comment(&mut self) -> Parsed<()> {
        let start = self.position;
        match self.rest().get(2..).and_then(|rest| rest.find("*/")) {
            Some(length) => {
                self.position += length + 4;
                Ok(())
            }
            None => {
                self.position = self.text.len();
                Err(self.error(self.span_of(start, start + 2), "this comment has no end; `*/` is missing"))
            }
        }
    }

    /// Takes the end of a line.
    pub(super) fn take_line_end(&mut self) -> bool {
        self.take("\n") || self.take("\r\n")
    }

    /// Takes an identifier: a letter or `_`, then letters, digits, `_` and `-`.
    pub(super) fn identifier(&mut self) -> Option<Name> {
        let start = self.position;
        let length = identifier_length(self.rest());
        if length == 0 {
            return None;
        }
        self.position += length;
        Some(self.name(shared_nfc(self.since(start)), start))
    }

    /// Takes an identifier, or says that it was expected.
    pub(super) fn expect_identifier(&mut self, what: &str) -> Parsed<Name> {
        self.identifier().ok_or_else(|| self.unexpected(what))
    }

    /// A name with the span from `start` to the cursor.
    pub(super) fn name(&self, text: Arc<str>, start: usize) -> Name {
        Name { text, span: self.span(start) }
    }

    /// Takes the identifier `word`, and not one that only begins with it.
    pub(super) fn take_word(&mut self, word: &str) -> bool {
        let rest = self.rest();
        let found = rest.starts_with(word) && identifier_length(rest) == word.len();
        if found {
            self.position += word.len();
        }
        found
    }
}

/// The bytes of the identifier at the beginning of `text`, 0 without one.
pub(crate) fn identifier_length(text: &str) -> usize {
    let ascii = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
    let bytes = text.as_bytes();
    if bytes.first().is_none_or(|byte| byte.is_ascii_digit() || *byte == b'-') {
        return 0;
    }
    let length = bytes.iter().position(|byte| !ascii(byte)).unwrap_or(bytes.len());
    if bytes.get(length).is_none_or(u8::is_ascii) {
        return length;
    }
    let starts = |character| character == '_' || unicode_ident::is_xid_start(character);
    let continues = |character| character == '-' || unicode_ident::is_xid_continue(character);
    let mut characters = text.char_indices();
    match characters.next() {
        Some((_, first)) if starts(first) => {
            characters.find(|(_, character)| !continues(*character)).map_or(text.len(), |(index, _)| index)
        }
        _ => 0,
    }
}
