//! HCL native syntax: text becomes a tree, with the span of everything.
//!
//! A parser of our own: the language counts nesting by rules of its own, keeps going after a mistake, and numbers are exact
//! decimals; see `docs/decisions/0001-own-hcl-parser.md`. It is held against `hcl-edit` by a test over random documents.

mod body;
mod expression;
mod heredoc;
mod recovery;
mod scanner;
mod spans;
mod template;
#[cfg(test)]
mod tests;
pub mod tree;

use crate::diagnostic::Diagnostic;
use crate::source::FileId;

use scanner::Parser;
pub(crate) use scanner::identifier_length;
pub use spans::same_tree;
pub(crate) use spans::texts;
use tree::Body;

/// Reads `text`, the contents of `file` without a byte-order mark. What is wrong goes to `diagnostics`, one for each
/// broken attribute or block; the rest of the file is read all the same.
pub fn parse(file: FileId, text: &str, diagnostics: &mut Vec<Diagnostic>) -> Body {
    Parser::new(file, text, diagnostics).file()
}
