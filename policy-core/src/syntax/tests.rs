//! What the parser reads, where it says things stand, and how it goes on after mistakes. That trees are right is shown
//! against another parser in the `workspace-tests` package.

use crate::diagnostic::{Code, Diagnostic};
use crate::source::{FileId, SourceFile};

use super::parse;
use super::tree::{Body, ExpressionKind, TemplatePart};

fn read(text: &str) -> (Body, Vec<Diagnostic>) {
    let mut diagnostics = Vec::new();
    let body = parse(FileId::first(), text, &mut diagnostics);
    (body, diagnostics)
}

/// Code, line and column of each diagnostic.
fn places(text: &str) -> Vec<(Code, u32, u32)> {
    let file = SourceFile::new("estate.hcl", text.to_owned());
    let place = |found: &Diagnostic| {
        let position = file.position(found.span.start);
        (found.code, position.line, position.column)
    };
    read(text).1.iter().map(place).collect()
}

/// The value of the first attribute, which must be text.
fn text_of(text: &str) -> String {
    let (body, diagnostics) = read(text);
    assert!(diagnostics.is_empty(), "{diagnostics:?}");
    match &body.attributes[0].value.kind {
        ExpressionKind::Text(text) => text.to_string(),
        other => panic!("{other:?}"),
    }
}

/// The literal parts of the first attribute's template, with `*` for what is evaluated.
fn template_of(text: &str) -> String {
    fn write(parts: &[TemplatePart]) -> String {
        let part = |part: &TemplatePart| match part {
            TemplatePart::Literal(text) => text.to_string(),
            TemplatePart::Interpolation(_) => "*".to_owned(),
            TemplatePart::If { then, otherwise, .. } => format!("<{}|{}>", write(then), write(otherwise)),
            TemplatePart::For { body, .. } => format!("<{}>", write(body)),
        };
        parts.iter().map(part).collect()
    }
    let (body, diagnostics) = read(text);
    assert!(diagnostics.is_empty(), "{diagnostics:?}");
    match &body.attributes[0].value.kind {
        ExpressionKind::Template(parts) => write(parts),
        other => panic!("{other:?}"),
    }
}

#[test]
fn everything_knows_where_it_stands() {
    let text = "account \"prod\" {\n  paths = [\"é\", b.c]\n}\n";
    let (body, diagnostics) = read(text);
    assert!(diagnostics.is_empty());
    let block = &body.blocks[0];
    let under = |span: crate::source::Span| &text[span.start as usize..span.end as usize];
    assert_eq!(under(block.header), "account \"prod\"");
    assert_eq!(under(block.labels[0].span), "\"prod\"");
    let attribute = &block.body.attributes[0];
    assert_eq!(under(attribute.span), "paths = [\"é\", b.c]");
    let ExpressionKind::List(members) = &attribute.value.kind else { panic!("no list") };
    assert_eq!((under(members[0].span), under(members[1].span)), ("\"é\"", "b.c"));
    let file = SourceFile::new("estate.hcl", text.to_owned());
    assert_eq!(file.position(members[1].span.start).column, 17, "columns count characters");
}

#[test]
fn texts_are_unescaped_and_in_nfc() {
    assert_eq!(text_of(r#"a = "\n\r\t\"\\\u0041\U0001F600""#), "\n\r\t\"\\A😀");
    assert_eq!(text_of("a = \"e\\u0301\""), "é");
    assert_eq!(text_of(r#"a = "$${x} %%{y} $ % $$ 100%""#), "${x} %{y} $ % $$ 100%");
}

#[test]
fn bad_escapes_and_open_texts_are_refused_where_they_stand() {
    assert_eq!(places("a = \"x\\q\"\n"), [(Code::Syntax, 1, 7)]);
    assert_eq!(places("a = \"\\u12\"\n"), [(Code::Syntax, 1, 6)]);
    assert_eq!(places("a = \"\\uD800\"\n"), [(Code::Syntax, 1, 6)]);
    assert_eq!(places("a = \"\\u12é\"\n"), [(Code::Syntax, 1, 6)]);
    assert_eq!(places("a = \"open\nb = 1\n"), [(Code::Syntax, 1, 5)]);
    assert_eq!(places("a = /* open\n"), [(Code::Syntax, 1, 5)]);
}

#[test]
fn heredocs_keep_their_lines_and_lose_their_common_indentation() {
    assert_eq!(text_of("a = <<EOT\none\n  two\nEOT\n"), "one\n  two\n");
    assert_eq!(text_of("a = <<-EOT\n    one\n      two\n\n    EOT\n"), "one\n  two\n\n");
    assert_eq!(text_of("a = <<EOT\nEOT\n"), "");
    assert_eq!(text_of("a = <<EOT\nEOTX\n\"quoted\\n\"\nEOT"), "EOTX\n\"quoted\\n\"\n");
    assert_eq!(text_of("a = <<EOT\r\none\r\nEOT\r\n"), "one\r\n");
    assert_eq!(template_of("a = <<-EOT\n    x ${b}\n  ${c}\n    EOT\n"), "  x *\n*\n");
    assert_eq!(template_of("a = <<-EOT\n  %{ if b ~}\n  yes\n  %{ endif ~}\n  EOT\n"), "<  yes\n|>".replace("  yes\n", "yes\n"));
    assert_eq!(places("a = <<EOT\nopen\n"), [(Code::Syntax, 1, 5)]);
    assert_eq!(places("a = <<EOT text\nEOT\n"), [(Code::Syntax, 1, 10)]);
}

#[test]
fn tildes_take_white_space_away() {
    assert_eq!(template_of("a = \"x  ${~ b ~}  y\""), "x*y");
    assert_eq!(template_of("a = \"x  ${ b }  y\""), "x  *  y");
    assert_eq!(template_of("a = \"%{ if b ~} x %{~ else ~} y %{~ endif }.\""), "<x|y>.");
    assert_eq!(template_of("a = \"%{ for v in b }${v},%{ endfor }\""), "<*,>");
}

#[test]
fn directives_belong_together() {
    for text in [
        "a = \"%{ if b }x\"",
        "a = \"%{ endif }\"",
        "a = \"%{ else }\"",
        "a = \"%{ if b }%{ else }%{ else }%{ endif }\"",
        "a = \"%{ for v in b }%{ endif }\"",
        "a = \"%{ if b }%{ endfor }\"",
        "a = \"%{ while b }\"",
    ] {
        assert_eq!(places(text).len(), 1, "{text}");
    }
}

#[test]
fn a_broken_attribute_hides_nothing_else() {
    let text = "account \"a\" {\n  x = [1\n  y = )\n  z = 1\n}\naccount \"b\" {\n  x = 1 2\n}\n";
    let (body, _) = read(text);
    assert_eq!(body.blocks.len(), 2);
    assert!(body.blocks.iter().all(|block| block.body.broken));
    assert_eq!(places(text), [(Code::Syntax, 3, 3), (Code::Syntax, 3, 7), (Code::Syntax, 7, 9)]);
}

#[test]
fn a_broken_block_keeps_its_name_and_its_siblings() {
    let text = "account \"a\" {\n  permit \"x\" {\n    paths = [\"a\"\n  }\n  permit \"y\" {\n    paths = [\"b\"]\n  }\n}\ncaller \"c\" {\n}\n";
    let (body, diagnostics) = read(text);
    assert_eq!(diagnostics.len(), 1);
    let names: Vec<_> = body.blocks.iter().map(|block| &*block.labels[0].text).collect();
    assert_eq!(names, ["a", "c"]);
    let rules: Vec<_> = body.blocks[0].body.blocks.iter().map(|block| (&*block.labels[0].text, block.body.broken)).collect();
    assert_eq!(rules, [("x", true), ("y", false)]);
    assert!(!body.blocks[0].body.broken, "what holds the broken block is whole");
}

#[test]
fn a_block_without_end_is_reported_once() {
    assert_eq!(places("account \"a\" {\n  permit \"b\" {\n    x = 1\n"), [(Code::Syntax, 4, 1)]);
    let (_, diagnostics) = read("account \"a\" {\n  permit \"b\" {\n");
    assert_eq!(diagnostics[0].related.len(), 1, "the block that has no end is shown");
}

#[test]
fn unformatted_text_is_resumed_by_its_brackets() {
    let text = "caller \"x\" {\nprincipals = [\"a\" \"b\"]\nperson = \"session\"\n}\ncaller \"y\" {}\n";
    let (body, diagnostics) = read(text);
    assert_eq!((diagnostics.len(), body.blocks.len()), (1, 2));
    assert_eq!(body.blocks[0].body.attributes.len(), 1, "the next attribute is read");
}

#[test]
fn what_is_written_twice_is_reported_at_the_second() {
    assert_eq!(places("a = 1\na = 2\n"), [(Code::DuplicateKey, 2, 1)]);
    assert_eq!(places("a = { b = 1, \"b\" = 2 }\n"), [(Code::DuplicateKey, 1, 14)]);
    assert_eq!(places("a = { (b) = 1, (b) = 2 }\n"), [], "what has to be evaluated is compared later");
}

#[test]
fn numbers_that_need_too_many_digits_are_refused() {
    assert_eq!(places("a = 12345678901234567890\n"), [(Code::NumberRange, 1, 5)]);
    assert_eq!(places("a = 1e400\n"), [(Code::NumberRange, 1, 5)]);
    assert_eq!(places("a = 1e\n"), [(Code::Syntax, 1, 7)]);
    assert_eq!(places("a = 1234567890123456789\n"), []);
}

fn nested(open: &str, inner: &str, close: &str, depth: usize) -> String {
    format!("a = {}{inner}{}\n", open.repeat(depth), close.repeat(depth))
}

#[test]
fn nesting_is_counted_as_the_language_says() {
    for (open, inner, close) in
        [("[", "1", "]"), ("(", "1", ")"), ("{ a = ", "1", " }"), ("f(", "1", ")"), ("\"${", "1", "}\""), ("[for x in y : ", "1", "]")]
    {
        assert_eq!(places(&nested(open, inner, close, 64)), [], "64 times {open}");
        let found = places(&nested(open, inner, close, 65));
        assert_eq!(found.first().map(|found| found.0), Some(Code::TooDeep), "65 times {open}");
    }
    assert_eq!(places(&nested("(", "1", ")", 1_000_000)).first().map(|found| found.0), Some(Code::TooDeep));
}

#[test]
fn chains_are_not_nesting() {
    for text in [
        format!("a = 1{}\n", " + 1".repeat(50_000)),
        format!("a = {}true\n", "!".repeat(50_000)),
        format!("a = {}1\n", "b ? c : ".repeat(50_000)),
        format!("a = b{}\n", ".c".repeat(50_000)),
    ] {
        assert_eq!(places(&text), [], "{}", &text[..20]);
    }
    for text in [format!("a = {}\n", "b ? ".repeat(50_000)), format!("a = b{}\n", "[c".repeat(50_000)), format!("a = b{}\n", "[*]".repeat(65))] {
        assert_eq!(places(&text).first().map(|found| found.0), Some(Code::TooDeep), "{}", &text[..20]);
    }
}

#[test]
fn blocks_are_nested_sixty_four_deep_at_most() {
    let blocks = |depth: usize| format!("{}{}", "b {\n".repeat(depth), "}\n".repeat(depth));
    assert_eq!(places(&blocks(64)), []);
    assert_eq!(places(&blocks(65)).first().map(|found| found.0), Some(Code::TooDeep));
    assert!(!places(&blocks(100_000)).is_empty());
}

#[test]
fn unknown_characters_and_places_are_named() {
    for (text, line, column) in [
        ("a b = 1\n", 1, 5),
        ("= 1\n", 1, 1),
        ("}\n", 1, 1),
        ("a = @\n", 1, 5),
        ("a = b::c()\n", 1, 6),
        ("a {\n  b = 1 }\n", 2, 9),
        ("a { b = 1, c = 2 }\n", 1, 10),
        ("a { b { } }\n", 1, 7),
        ("a = 1 b = 2\n", 1, 7),
        ("a = {b = 1 c = 2}\n", 1, 12),
        ("a = [1 2]\n", 1, 8),
        ("a = f(1 2)\n", 1, 9),
        ("a = b ? c\n", 1, 10),
        ("a = [for x y : z]\n", 1, 12),
        ("\u{feff}a = 1\n", 1, 1),
    ] {
        assert_eq!(places(text), [(Code::Syntax, line, column)], "{text}");
    }
}
