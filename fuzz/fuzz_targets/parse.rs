//! Any text is parsed without a panic, twice alike, and everything in the tree has a place inside the text.
#![no_main]

use libfuzzer_sys::fuzz_target;
use policy_core::diagnostic::{Diagnostic, Severity};
use policy_core::source::{FileId, Span};
use policy_core::syntax::parse;
use policy_core::syntax::tree::{Block, Body};

fuzz_target!(|text: &str| {
    let (body, diagnostics) = read(text);
    let (again, diagnostics_again) = read(text);
    assert_eq!(format!("{body:?}"), format!("{again:?}"));
    assert_eq!(diagnostics, diagnostics_again);
    for diagnostic in &diagnostics {
        inside(text, diagnostic.span);
        diagnostic.related.iter().for_each(|related| inside(text, related.span));
    }
    in_body(text, &body);
    let failed = diagnostics.iter().any(|diagnostic| diagnostic.severity() == Severity::Error);
    assert!(failed || !body.broken, "a broken file without an error");
});

fn read(text: &str) -> (Body, Vec<Diagnostic>) {
    let mut diagnostics = Vec::new();
    let body = parse(FileId::first(), text, &mut diagnostics);
    (body, diagnostics)
}

/// A place is a range of whole characters of the text.
fn inside(text: &str, span: Span) {
    assert!(span.start <= span.end, "{span:?} ends before it begins");
    assert!(text.get(span.start as usize..span.end as usize).is_some(), "{span:?} is no part of the text");
}

/// Attributes and blocks each stand in the order of the text, and none before the other of its kind has ended.
fn in_body(text: &str, body: &Body) {
    let mut end = 0;
    for attribute in &body.attributes {
        inside(text, attribute.span);
        inside(text, attribute.value.span);
        assert!(attribute.span.start >= end, "attributes are not in order");
        assert!(attribute.name.span.end <= attribute.value.span.start);
        assert!(attribute.value.span.end <= attribute.span.end);
        end = attribute.span.end;
    }
    let mut end = 0;
    for block in &body.blocks {
        assert!(block.header.start >= end, "blocks are not in order");
        end = block.header.end;
        in_block(text, block);
    }
}

fn in_block(text: &str, block: &Block) {
    inside(text, block.header);
    assert_eq!(block.header.start, block.kind.span.start);
    let mut end = block.kind.span.end;
    for label in &block.labels {
        inside(text, label.span);
        assert!(label.span.start >= end, "labels are not in order");
        end = label.span.end;
    }
    in_body(text, &block.body);
}
