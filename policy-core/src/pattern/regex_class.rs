//! The character classes of regular expressions, as P3 defines them.

use regex_syntax::ast::{
    ClassAscii, ClassAsciiKind, ClassBracketed, ClassPerl, ClassPerlKind, ClassSet, ClassSetBinaryOp,
    ClassSetBinaryOpKind, ClassSetItem,
};
use regex_syntax::hir::{ClassUnicode, ClassUnicodeRange};

use super::error::PatternError;
use super::node::Node;
use super::regex_error::unicode_class;

/// One character of `class`.
pub(super) fn to_node(class: &ClassUnicode) -> Node {
    Node::class(class.ranges().iter().map(|range| (range.start(), range.end())))
}

/// `.`: any character but a line feed.
pub(super) fn dot() -> ClassUnicode {
    negated(set(&[('\n', '\n')]), true)
}

/// `\d`, `\w`, `\s` and their negations.
pub(super) fn perl(class: &ClassPerl) -> ClassUnicode {
    let ranges = match class.kind {
        ClassPerlKind::Digit => ascii_ranges(&ClassAsciiKind::Digit),
        ClassPerlKind::Space => ascii_ranges(&ClassAsciiKind::Space),
        ClassPerlKind::Word => ascii_ranges(&ClassAsciiKind::Word),
    };
    negated(set(ranges), class.negated)
}

/// `[…]`. The nesting limit of the parser bounds the recursion.
///
/// # Errors
/// `Regex` for `\p` in it.
pub(super) fn bracketed(class: &ClassBracketed) -> Result<ClassUnicode, PatternError> {
    Ok(negated(class_set(&class.kind)?, class.negated))
}

fn class_set(class: &ClassSet) -> Result<ClassUnicode, PatternError> {
    match class {
        ClassSet::Item(item) => class_item(item),
        ClassSet::BinaryOp(operation) => combined(operation),
    }
}

fn combined(operation: &ClassSetBinaryOp) -> Result<ClassUnicode, PatternError> {
    let mut class = class_set(&operation.lhs)?;
    let right = class_set(&operation.rhs)?;
    match operation.kind {
        ClassSetBinaryOpKind::Intersection => class.intersect(&right),
        ClassSetBinaryOpKind::Difference => class.difference(&right),
        ClassSetBinaryOpKind::SymmetricDifference => class.symmetric_difference(&right),
    }
    Ok(class)
}

fn class_item(item: &ClassSetItem) -> Result<ClassUnicode, PatternError> {
    match item {
        ClassSetItem::Empty(_) => Ok(ClassUnicode::empty()),
        ClassSetItem::Literal(literal) => Ok(set(&[(literal.c, literal.c)])),
        ClassSetItem::Range(range) => Ok(set(&[(range.start.c, range.end.c)])),
        ClassSetItem::Ascii(class) => Ok(ascii(class)),
        ClassSetItem::Unicode(_) => Err(unicode_class()),
        ClassSetItem::Perl(class) => Ok(perl(class)),
        ClassSetItem::Bracketed(class) => bracketed(class),
        ClassSetItem::Union(union) => {
            // Made at once: to add one item after another sorts the class each time.
            let mut ranges = Vec::new();
            for item in &union.items {
                ranges.extend_from_slice(class_item(item)?.ranges());
            }
            Ok(ClassUnicode::new(ranges))
        }
    }
}

fn ascii(class: &ClassAscii) -> ClassUnicode {
    negated(set(ascii_ranges(&class.kind)), class.negated)
}

fn ascii_ranges(kind: &ClassAsciiKind) -> &'static [(char, char)] {
    match kind {
        ClassAsciiKind::Alnum => &[('0', '9'), ('A', 'Z'), ('a', 'z')],
        ClassAsciiKind::Alpha => &[('A', 'Z'), ('a', 'z')],
        ClassAsciiKind::Ascii => &[('\0', '\x7f')],
        ClassAsciiKind::Blank => &[('\t', '\t'), (' ', ' ')],
        ClassAsciiKind::Cntrl => &[('\0', '\x1f'), ('\x7f', '\x7f')],
        ClassAsciiKind::Digit => &[('0', '9')],
        ClassAsciiKind::Graph => &[('!', '~')],
        ClassAsciiKind::Lower => &[('a', 'z')],
        ClassAsciiKind::Print => &[(' ', '~')],
        ClassAsciiKind::Punct => &[('!', '/'), (':', '@'), ('[', '`'), ('{', '~')],
        ClassAsciiKind::Space => &[('\t', '\r'), (' ', ' ')],
        ClassAsciiKind::Upper => &[('A', 'Z')],
        ClassAsciiKind::Word => &[('0', '9'), ('A', 'Z'), ('_', '_'), ('a', 'z')],
        ClassAsciiKind::Xdigit => &[('0', '9'), ('A', 'F'), ('a', 'f')],
    }
}

fn set(ranges: &[(char, char)]) -> ClassUnicode {
    ClassUnicode::new(ranges.iter().map(|(start, end)| ClassUnicodeRange::new(*start, *end)))
}

fn negated(mut class: ClassUnicode, negated: bool) -> ClassUnicode {
    if negated {
        class.negate();
    }
    class
}
