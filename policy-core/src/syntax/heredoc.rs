//! Heredocs: `<<NAME` and `<<-NAME`, as `HashiCorp`'s parser reads them.

use crate::text::shared_nfc;

use super::scanner::{Nesting, Parsed, Parser};
use super::template::{Piece, trimmed};
use super::tree::{ExpressionKind, TemplatePart};

impl Parser<'_> {
    /// Reads a heredoc; the cursor is left at the end of its last line.
    pub(super) fn heredoc(&mut self) -> Parsed<ExpressionKind> {
        let start = self.position;
        self.position += 2;
        let flush = self.take("-");
        let delimiter = self.expect_identifier("the heredoc's delimiter after `<<`")?;
        if !self.take_line_end() {
            return Err(self.unexpected("a new line after the heredoc's delimiter"));
        }
        let mut pieces = Vec::new();
        let mut trim_next = false;
        let mut line_begins = true;
        loop {
            if line_begins && self.take_delimiter(&delimiter.text) {
                break;
            }
            let mut literal = String::new();
            line_begins = self.heredoc_literal(&mut literal);
            literal = trimmed(literal, trim_next);
            if line_begins || self.position == self.text.len() {
                if !line_begins {
                    let message = format!("this heredoc has no end; a line with `{}` is missing", delimiter.text);
                    return Err(self.error(self.span_of(start, start + 2), &message));
                }
                trim_next = false;
                pieces.push(Piece::Literal(literal));
                continue;
            }
            let control =
                self.nested(Nesting::Expression, start, |parser| parser.control(literal, &mut trim_next, &mut pieces))?;
            pieces.push(Piece::Control(control));
        }
        if flush {
            strip_indentation(&mut pieces);
        }
        self.heredoc_kind(pieces)
    }

    fn heredoc_kind(&mut self, pieces: Vec<Piece>) -> Parsed<ExpressionKind> {
        let mut parts = self.assemble(join_literals(pieces))?;
        Ok(match parts.as_slice() {
            [] => ExpressionKind::Text("".into()),
            [TemplatePart::Literal(text)] => ExpressionKind::Text(shared_nfc(text)),
            _ => ExpressionKind::Template(std::mem::take(&mut parts)),
        })
    }

    /// Takes the rest of a line, its end included (then true), or what stands before a control.
    fn heredoc_literal(&mut self, literal: &mut String) -> bool {
        loop {
            match self.byte(0) {
                None => return false,
                Some(b'$' | b'%') if self.byte(1) == Some(b'{') => return false,
                Some(b'\n') => {
                    self.position += 1;
                    literal.push('\n');
                    return true;
                }
                _ => self.literal_character(literal),
            }
        }
    }

    /// Takes the line that ends the heredoc, but not its end: that ends the attribute too.
    fn take_delimiter(&mut self, delimiter: &str) -> bool {
        let line = self.rest().split('\n').next().unwrap_or("");
        if line.trim() != delimiter {
            return false;
        }
        self.position += line.trim_end().len();
        true
    }
}

/// `<<-` takes away what all lines have in common in front, not counting empty lines; a line that begins with `${` or
/// `%{` has nothing in front.
fn strip_indentation(pieces: &mut [Piece]) {
    let mut common = usize::MAX;
    let mut line_begins = true;
    let mut lines: Vec<usize> = Vec::new();
    for (index, piece) in pieces.iter().enumerate() {
        if line_begins {
            match piece {
                Piece::Literal(text) if text.trim_start().is_empty() && text.ends_with('\n') => {}
                Piece::Literal(text) => {
                    common = common.min(text.chars().take_while(|character| character.is_whitespace()).count());
                    lines.push(index);
                }
                Piece::Control(_) => common = 0,
            }
        }
        line_begins = matches!(piece, Piece::Literal(text) if text.ends_with('\n'));
    }
    for index in lines {
        if let Some(Piece::Literal(text)) = pieces.get_mut(index) {
            let width: usize = text.chars().take(common).map(char::len_utf8).sum();
            text.drain(..width);
        }
    }
}

/// Joins the lines between two controls.
fn join_literals(pieces: Vec<Piece>) -> Vec<Piece> {
    let mut joined: Vec<Piece> = Vec::new();
    for piece in pieces {
        match (joined.last_mut(), piece) {
            (Some(Piece::Literal(before)), Piece::Literal(text)) => before.push_str(&text),
            (_, piece) => joined.push(piece),
        }
    }
    joined
}
