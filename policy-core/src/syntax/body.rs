//! Bodies: attributes and blocks, and going on after one that is broken.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::diagnostic::{Code, Diagnostic};
use crate::source::Span;

use super::recovery::Resume;
use super::scanner::{Nesting, Parsed, Parser, identifier_length};
use super::tree::{Attribute, Block, Body, Expression, ExpressionKind, Name, ObjectEntry};

/// The block whose body is read.
#[derive(Clone, Copy)]
pub(super) struct Enclosing {
    /// The blanks before it on its first line.
    pub(super) indentation: usize,
    header: Span,
}

/// How a body ended.
#[derive(PartialEq, Eq)]
enum End {
    /// At its closing brace, or for a file at its end.
    Closed,
    /// Its closing brace was not found where it belongs; the cursor is where something else goes on.
    Lost,
}

impl Parser<'_> {
    /// Reads a whole file.
    pub(super) fn file(&mut self) -> Body {
        let mut body = Body::default();
        // At the top level nothing closes the body: it goes on after whatever is broken, up to the end.
        while self.items(&mut body, None) == End::Lost {}
        report_duplicate_attributes(&body, self.diagnostics);
        body
    }

    /// Reads items up to the end of the body, of the file without an enclosing block.
    fn items(&mut self, body: &mut Body, enclosing: Option<Enclosing>) -> End {
        loop {
            let start = self.position;
            match self.item(body, enclosing) {
                Ok(true) => {}
                Ok(false) => return End::Closed,
                Err(broken) => {
                    body.broken = true;
                    // Of several blocks that the end of the file leaves open, the innermost tells enough.
                    if self.diagnostics.last().is_none_or(|last| last.span != broken.span) {
                        self.diagnostics.push(*broken);
                    }
                    match self.resume(start, enclosing.map(|block| block.indentation)) {
                        Resume::SameBody => {}
                        Resume::BodyClosed => return End::Closed,
                        Resume::Elsewhere => return End::Lost,
                    }
                }
            }
        }
    }

    /// Reads one attribute or block, or the end of the body (then false).
    fn item(&mut self, body: &mut Body, enclosing: Option<Enclosing>) -> Parsed<bool> {
        self.skip_blank(true)?;
        match (self.byte(0), enclosing) {
            (None, Some(block)) => {
                let broken = self.unexpected("`}` at the end of the block");
                return Err(Box::new(broken.related(block.header, "this block has no end")));
            }
            (None, None) => return Ok(false),
            (Some(b'}'), Some(_)) => {
                self.position += 1;
                return Ok(false);
            }
            _ => {}
        }
        let start = self.position;
        let name = self.expect_identifier(if enclosing.is_some() {
            "an attribute, a block or `}`"
        } else {
            "a block such as `account \"prod\" {`"
        })?;
        self.skip_blank(false)?;
        if self.byte(0) == Some(b'=') && self.byte(1) != Some(b'=') {
            let attribute = self.attribute(name, start)?;
            body.attributes.push(attribute);
            self.item_end("after the attribute")?;
        } else if self.block(body, name, start)? == End::Closed {
            self.item_end("after the block")?;
        }
        Ok(true)
    }

    fn attribute(&mut self, name: Name, start: usize) -> Parsed<Attribute> {
        self.position += 1;
        self.skip_blank(false)?;
        let value = self.expression(false)?;
        Ok(Attribute { name, value, span: self.span(start) })
    }

    /// An item ends with its line, or with the file.
    fn item_end(&mut self, place: &str) -> Parsed<()> {
        self.skip_blank(false)?;
        if self.position == self.text.len() || self.take_line_end() {
            return Ok(());
        }
        Err(self.unexpected(&format!("a new line {place}")))
    }

    /// Reads a block behind its first word. Its name is kept also where its body is broken, so that what refers to it
    /// is not reported as a mistake too.
    fn block(&mut self, parent: &mut Body, kind: Name, start: usize) -> Parsed<End> {
        let mut labels = Vec::new();
        while self.byte(0) != Some(b'{') {
            labels.push(self.label(&kind)?);
            self.skip_blank(false)?;
        }
        let header = labels.last().map_or(kind.span, |last: &Name| kind.span.to(last.span));
        let brace = self.position;
        self.position += 1;
        let mut block = Block { kind, labels, body: Body::default(), header };
        let end = self.nested(Nesting::Block, brace, |parser| {
            if let Some(end) = parser.one_line_body(&mut block.body)? {
                return Ok(end);
            }
            let enclosing = Enclosing { indentation: parser.indentation(start), header };
            Ok(parser.items(&mut block.body, Some(enclosing)))
        });
        block.body.broken |= end.is_err();
        report_duplicate_attributes(&block.body, self.diagnostics);
        parent.blocks.push(block);
        end
    }

    fn label(&mut self, kind: &Name) -> Parsed<Name> {
        let start = self.position;
        if self.byte(0) == Some(b'"') {
            let text = self.quoted_literal()?;
            return Ok(self.name(text, start));
        }
        self.identifier().ok_or_else(|| {
            // C1: before these it is not a name but a part of an address, a user or a token.
            let is_address = matches!(self.byte(0), Some(b'@' | b':'));
            let before = if is_address { "a name".to_owned() } else { format!("`{}`", kind.text) };
            self.unexpected(&format!("`=`, a label or `{{` after {before}"))
        })
    }

    /// Reads `{ }` and `{ name = value }` where they stand on one line; none where the body has lines of its own.
    fn one_line_body(&mut self, body: &mut Body) -> Parsed<Option<End>> {
        self.skip_blank(false)?;
        if self.take_line_end() {
            return Ok(None);
        }
        if self.take("}") {
            return Ok(Some(End::Closed));
        }
        let start = self.position;
        if identifier_length(self.rest()) == 0 {
            return Err(self.unexpected("a new line, an attribute or `}` after `{`"));
        }
        let name = self.expect_identifier("an attribute")?;
        self.skip_blank(false)?;
        if self.byte(0) != Some(b'=') {
            return Err(self.unexpected("`=`; a block inside a block stands on lines of its own,"));
        }
        let attribute = self.attribute(name, start)?;
        body.attributes.push(attribute);
        self.skip_blank(false)?;
        if !self.take("}") {
            let broken = self.unexpected("`}`");
            return Err(Box::new(
                broken.help("a block on one line holds one attribute; write the others on their own lines"),
            ));
        }
        Ok(Some(End::Closed))
    }
}

/// L2: an attribute written twice is an error at the second.
fn report_duplicate_attributes(body: &Body, diagnostics: &mut Vec<Diagnostic>) {
    report_duplicates(body.attributes.iter().map(|attribute| (&attribute.name.text, attribute.name.span)), diagnostics);
}

/// L2: an object key written twice is an error at the second. Keys that have to be evaluated are compared later.
pub(super) fn report_duplicate_keys(entries: &[ObjectEntry], diagnostics: &mut Vec<Diagnostic>) {
    let literal = |key: &Expression| match &key.kind {
        ExpressionKind::Text(text) => Some((text.clone(), key.span)),
        _ => None,
    };
    let keys: Vec<_> = entries.iter().filter_map(|entry| literal(&entry.key)).collect();
    report_duplicates(keys.iter().map(|(text, span)| (text, *span)), diagnostics);
}

fn report_duplicates<'a>(names: impl Iterator<Item = (&'a Arc<str>, Span)>, diagnostics: &mut Vec<Diagnostic>) {
    let mut first: BTreeMap<&str, Span> = BTreeMap::new();
    for (name, span) in names {
        match first.get(&**name) {
            None => {
                first.insert(name, span);
            }
            Some(before) => diagnostics.push(
                Diagnostic::new(Code::DuplicateKey, span, format!("`{name}` is written twice"))
                    .help("keep one of them; nothing here is overwritten silently")
                    .related(*before, "first written here"),
            ),
        }
    }
}
