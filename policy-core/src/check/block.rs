//! Blocks against what the language names: attributes, inner blocks, labels (L2).

use crate::diagnostic::{Code, Diagnostic};
use crate::source::Span;
use crate::suggestion::{nearest, one_of};
use crate::syntax::tree::{Attribute, Block};

/// What a kind of block may hold. `description` may stand in every block and is not listed.
pub(super) struct Schema {
    pub(super) labels: usize,
    pub(super) attributes: &'static [&'static str],
    pub(super) blocks: &'static [&'static str],
}

impl Schema {
    /// Nothing but a description.
    pub(super) const EMPTY: Self = Self { labels: 0, attributes: &[], blocks: &[] };
}

/// The attributes and blocks of a block that the language knows.
pub(super) struct Fields<'a> {
    pub(super) block: &'a Block,
}

impl<'a> Fields<'a> {
    /// The attribute of this name; of two, the first: the second is reported already.
    pub(super) fn attribute(&self, name: &str) -> Option<&'a Attribute> {
        self.block.body.attributes.iter().find(|attribute| &*attribute.name.text == name)
    }

    /// The inner blocks of this kind, in order.
    pub(super) fn blocks(&self, kind: &'static str) -> impl Iterator<Item = &'a Block> + use<'a> {
        self.block.body.blocks.iter().filter(move |block| &*block.kind.text == kind)
    }

    /// Where a missing attribute is reported.
    pub(super) fn header(&self) -> Span {
        self.block.header
    }

    /// The label, or the empty text where it is missing, which is reported.
    pub(super) fn label(&self) -> &'a str {
        self.block.labels.first().map_or("", |label| &label.text)
    }
}

/// Compares a block with what it may hold and reports the rest.
pub(super) fn read<'a>(block: &'a Block, schema: &Schema, diagnostics: &mut Vec<Diagnostic>) -> Fields<'a> {
    check_labels(block, schema.labels, diagnostics);
    for attribute in &block.body.attributes {
        let name = &*attribute.name.text;
        if name != "description" && !schema.attributes.contains(&name) {
            diagnostics.push(unknown_attribute(attribute, &block.kind.text, schema));
        }
    }
    for inner in &block.body.blocks {
        if !schema.blocks.contains(&&*inner.kind.text) {
            diagnostics.push(unknown_block(inner, &block.kind.text, schema));
        }
    }
    Fields { block }
}

fn unknown_attribute(attribute: &Attribute, kind: &str, schema: &Schema) -> Diagnostic {
    let name = &*attribute.name.text;
    let message = format!("a `{kind}` block has no attribute `{name}`");
    let diagnostic = Diagnostic::new(Code::UnknownAttribute, attribute.span, message);
    if schema.blocks.contains(&name) {
        return diagnostic.help(format!("`{name}` is a block here: write `{name} {{ … }}` without `=`"));
    }
    diagnostic.maybe_help(did_you_mean(name, schema.attributes, "it has"))
}

/// L2: a block that the language does not name here.
pub(super) fn unknown_block(block: &Block, parent: &str, schema: &Schema) -> Diagnostic {
    let kind = &*block.kind.text;
    let diagnostic =
        Diagnostic::new(Code::UnknownBlock, block.header, format!("a `{parent}` block holds no `{kind}` block"));
    if schema.attributes.contains(&kind) {
        return diagnostic.help(format!("`{kind}` is an attribute here: write `{kind} = …`"));
    }
    if kind == "require" {
        return diagnostic.help("only `permit` rules require anything; a `forbid` rule always forbids what it matches");
    }
    diagnostic.maybe_help(did_you_mean(kind, schema.blocks, "it holds"))
}

/// L2: a block that the language does not name at top level.
pub(super) fn unknown_top_level(block: &Block, kinds: &[&str]) -> Diagnostic {
    let kind = &*block.kind.text;
    let diagnostic = Diagnostic::new(Code::UnknownBlock, block.header, format!("the language has no block `{kind}`"));
    if kind == "test" {
        return diagnostic.help("tests stand in files of their own, named `*.test.hcl`");
    }
    diagnostic.maybe_help(did_you_mean(kind, kinds, "there are"))
}

fn did_you_mean(name: &str, known: &[&str], there_are: &str) -> Option<String> {
    match nearest(name, known.iter().copied()) {
        Some(near) => Some(format!("did you mean `{near}`?")),
        None if known.is_empty() => None,
        None => Some(format!("{there_are} {}", one_of(known))),
    }
}

/// L2: a label missing, empty or too many. A block that came without a name has no name to report again.
pub(super) fn check_labels(block: &Block, expected: usize, diagnostics: &mut Vec<Diagnostic>) {
    let kind = &*block.kind.text;
    let found = block.labels.len();
    let problem = match (expected, found) {
        (0, 1..) => Some((format!("a `{kind}` block has no label"), format!("write `{kind} {{ … }}`"))),
        (1, 0) => Some((format!("this `{kind}` block has no name"), format!("write `{kind} \"NAME\" {{ … }}`"))),
        (1, 2..) => Some((
            format!("a `{kind}` block has one label, its name"),
            format!("write `{kind} \"NAME\" {{ … }}`; for a second name write a second block"),
        )),
        _ if expected > 0 && block.labels.iter().any(|label| label.text.is_empty()) => {
            Some((format!("the name of this `{kind}` block is empty"), format!("write `{kind} \"NAME\" {{ … }}`")))
        }
        _ => None,
    };
    if let Some((message, help)) = problem {
        diagnostics.push(Diagnostic::new(Code::Labels, block.header, message).help(help));
    }
}
