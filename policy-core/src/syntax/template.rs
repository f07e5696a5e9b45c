//! Quoted text and templates: literals, `${…}` and `%{…}`.

use std::sync::Arc;

use crate::text::shared_nfc;

use super::scanner::{Nesting, Parsed, Parser};
use super::tree::{ExpressionKind, TemplatePart};

/// A piece of a template before directives are put together.
pub(super) enum Piece {
    /// Text; of a heredoc, at most one line of it.
    Literal(String),
    /// `${x}` or the head of a directive.
    Control(Control),
}

/// What stands between `${` or `%{` and `}`.
pub(super) enum Control {
    /// A part that is complete.
    Part(TemplatePart),
    /// `%{if c}` (with an empty `then`) or `%{for …}` (with an empty body), and where it stands.
    Open(TemplatePart, usize),
    /// `%{else}`.
    Else(usize),
    /// `%{endif}`.
    EndIf(usize),
    /// `%{endfor}`.
    EndFor(usize),
}

impl Parser<'_> {
    /// Reads a quoted text or template.
    pub(super) fn quoted(&mut self) -> Parsed<ExpressionKind> {
        let start = self.position;
        // Most texts have nothing to unescape and nothing inside.
        if let Some(text) = self.plain_quoted() {
            return Ok(ExpressionKind::Text(text));
        }
        self.position += 1;
        let mut pieces = Vec::new();
        let mut literal = String::new();
        let mut trim_next = false;
        loop {
            match self.byte(0) {
                None | Some(b'\n') => {
                    return Err(self.error(self.span_of(start, start + 1), "this text has no closing `\"` on its line"));
                }
                Some(b'"') => {
                    self.position += 1;
                    break;
                }
                Some(b'\\') => literal.push(self.escape()?),
                Some(b'$' | b'%') if self.byte(1) == Some(b'{') => {
                    let before = trimmed(std::mem::take(&mut literal), trim_next);
                    // A template is a level of nesting only where something stands inside (section 10).
                    let control = self.nested(Nesting::Expression, start, |parser| {
                        parser.control(before, &mut trim_next, &mut pieces)
                    })?;
                    pieces.push(Piece::Control(control));
                }
                _ => self.literal_character(&mut literal),
            }
        }
        if pieces.is_empty() {
            return Ok(ExpressionKind::Text(shared_nfc(&literal)));
        }
        pieces.push(Piece::Literal(trimmed(literal, trim_next)));
        Ok(ExpressionKind::Template(self.assemble(pieces)?))
    }

    /// Takes a quoted text that holds no escape, no template and no end of line.
    fn plain_quoted(&mut self) -> Option<Arc<str>> {
        let inside = self.rest().get(1..)?;
        let length = inside.bytes().position(|byte| matches!(byte, b'"' | b'\\' | b'$' | b'%' | b'\n'))?;
        let text = inside.get(..length)?;
        if inside.as_bytes().get(length) != Some(&b'"') {
            return None;
        }
        self.position += length + 2;
        Some(shared_nfc(text))
    }

    /// Reads quoted text that may hold no template, for labels.
    pub(super) fn quoted_literal(&mut self) -> Parsed<Arc<str>> {
        let start = self.position;
        match self.quoted()? {
            ExpressionKind::Text(text) => Ok(text),
            _ => Err(self.error(self.span(start), "a label is plain text; it holds no `${` and no `%{`")),
        }
    }

    /// Takes one character of a literal; `$${` and `%%{` stand for `${` and `%{`.
    pub(super) fn literal_character(&mut self, literal: &mut String) {
        for (escaped, plain) in [("$${", "${"), ("%%{", "%{")] {
            if self.take(escaped) {
                literal.push_str(plain);
                return;
            }
        }
        if let Some(character) = self.character() {
            literal.push(character);
            self.position += character.len_utf8();
        }
    }

    fn escape(&mut self) -> Parsed<char> {
        let start = self.position;
        self.position += 1;
        let digits = match self.byte(0) {
            Some(b'u') => 4,
            Some(b'U') => 8,
            other => {
                let character = match other {
                    Some(b'n') => '\n',
                    Some(b'r') => '\r',
                    Some(b't') => '\t',
                    Some(b'"') => '"',
                    Some(b'\\') => '\\',
                    _ => {
                        let end = self.position + self.character().map_or(0, char::len_utf8);
                        let broken = self.error(self.span_of(start, end), "there is no such escape");
                        let help = r#"a text may hold `\n`, `\r`, `\t`, `\"`, `\\`, `\uNNNN` and `\UNNNNNNNN`; a backslash itself is `\\`"#;
                        return Err(Box::new(broken.help(help)));
                    }
                };
                self.position += 1;
                return Ok(character);
            }
        };
        self.position += 1;
        let hexadecimal = self.rest().get(..digits).filter(|text| text.bytes().all(|byte| byte.is_ascii_hexdigit()));
        let character = hexadecimal.and_then(|text| u32::from_str_radix(text, 16).ok()).and_then(char::from_u32);
        let end = (self.position + digits).min(self.text.len());
        let Some(character) = character else {
            let message = format!("this escape needs {digits} hexadecimal digits of a Unicode character");
            return Err(self.error(self.span_of(start, self.boundary(end)), &message));
        };
        self.position += digits;
        Ok(character)
    }

    /// The first boundary of a character at or behind `position`.
    fn boundary(&self, position: usize) -> usize {
        (position..=self.text.len()).find(|&index| self.text.is_char_boundary(index)).unwrap_or(position)
    }

    /// Reads `${…}` or `%{…}`. `before` is the literal in front, which `~` may trim; `trim_next` becomes what `~` at the
    /// end asks for.
    pub(super) fn control(
        &mut self,
        mut before: String,
        trim_next: &mut bool,
        pieces: &mut Vec<Piece>,
    ) -> Parsed<Control> {
        let start = self.position;
        let directive = self.byte(0) == Some(b'%');
        self.position += 2;
        if self.take("~") {
            before.truncate(before.trim_end().len());
        }
        if !before.is_empty() {
            pieces.push(Piece::Literal(before));
        }
        self.skip_blank(true)?;
        let control = if directive {
            self.directive(start)?
        } else {
            Control::Part(TemplatePart::Interpolation(self.expression(true)?))
        };
        self.skip_blank(true)?;
        *trim_next = self.take("~");
        self.expect("}", "at the end of what the template evaluates")?;
        Ok(control)
    }

    fn directive(&mut self, start: usize) -> Parsed<Control> {
        if self.take_word("if") {
            self.skip_blank(true)?;
            let condition = self.expression(true)?;
            return Ok(Control::Open(TemplatePart::If { condition, then: Vec::new(), otherwise: Vec::new() }, start));
        }
        if self.take_word("for") {
            let (key, value) = self.for_names()?;
            let collection = self.expression(true)?;
            return Ok(Control::Open(TemplatePart::For { key, value, collection, body: Vec::new() }, start));
        }
        for (word, control) in
            [("else", Control::Else(start)), ("endif", Control::EndIf(start)), ("endfor", Control::EndFor(start))]
        {
            if self.take_word(word) {
                return Ok(control);
            }
        }
        Err(self.unexpected("`if`, `else`, `endif`, `for` or `endfor` after `%{`"))
    }

    /// Puts literals, interpolations and directives together. The directives that are open are kept in a list, so that
    /// nothing recurses, and their number is limited, so that nothing that reads the tree does.
    pub(super) fn assemble(&mut self, pieces: Vec<Piece>) -> Parsed<Vec<TemplatePart>> {
        let mut open: Vec<OpenDirective> = Vec::new();
        let mut parts: Vec<TemplatePart> = Vec::new();
        for piece in pieces {
            match piece {
                Piece::Literal(text) if text.is_empty() => {}
                Piece::Literal(text) => parts.push(TemplatePart::Literal(text.into())),
                Piece::Control(Control::Part(part)) => parts.push(part),
                Piece::Control(Control::Open(directive, start)) => {
                    if open.len() >= crate::limits::ARM_NESTING as usize {
                        return self.nested_too_deep(start);
                    }
                    open.push(OpenDirective { directive, start, outer: std::mem::take(&mut parts), in_else: false });
                }
                Piece::Control(Control::Else(start)) => self.begin_else(&mut open, &mut parts, start)?,
                Piece::Control(Control::EndIf(start)) => self.close(open.pop(), &mut parts, start, true)?,
                Piece::Control(Control::EndFor(start)) => self.close(open.pop(), &mut parts, start, false)?,
            }
        }
        match open.last() {
            None => Ok(parts),
            Some(directive) => {
                let span = self.span_of(directive.start, directive.start + 2);
                Err(self.error(span, "this directive has no end; `%{endif}` or `%{endfor}` is missing"))
            }
        }
    }

    fn nested_too_deep<T>(&mut self, start: usize) -> Parsed<T> {
        let message = format!("directives are nested deeper than {} levels", crate::limits::ARM_NESTING);
        let span = self.span_of(start, start + 2);
        Err(Box::new(crate::diagnostic::Diagnostic::new(crate::diagnostic::Code::TooDeep, span, message)))
    }

    fn begin_else(&mut self, open: &mut [OpenDirective], parts: &mut Vec<TemplatePart>, start: usize) -> Parsed<()> {
        if let Some(OpenDirective { directive: TemplatePart::If { then, .. }, in_else, .. }) = open.last_mut()
            && !*in_else
        {
            *then = std::mem::take(parts);
            *in_else = true;
            return Ok(());
        }
        Err(self.error(self.span_of(start, start + 2), "`else` stands outside an `if` directive"))
    }

    fn close(
        &mut self,
        open: Option<OpenDirective>,
        parts: &mut Vec<TemplatePart>,
        start: usize,
        of_if: bool,
    ) -> Parsed<()> {
        let inner = std::mem::take(parts);
        if let Some(mut open) = open {
            let fits = match &mut open.directive {
                TemplatePart::If { then, otherwise, .. } if of_if => {
                    *(if open.in_else { otherwise } else { then }) = inner;
                    true
                }
                TemplatePart::For { body, .. } if !of_if => {
                    *body = inner;
                    true
                }
                _ => false,
            };
            if fits {
                *parts = open.outer;
                parts.push(open.directive);
                return Ok(());
            }
        }
        Err(self.error(self.span_of(start, start + 2), "this directive ends nothing that is open here"))
    }
}

/// `literal` without the white space that a `~` before it takes away.
pub(super) fn trimmed(mut literal: String, trim: bool) -> String {
    if trim {
        literal.drain(..literal.len() - literal.trim_start().len());
    }
    literal
}

/// A directive whose end has not come yet.
struct OpenDirective {
    directive: TemplatePart,
    start: usize,
    /// The parts before it.
    outer: Vec<TemplatePart>,
    in_else: bool,
}
