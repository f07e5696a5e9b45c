//! `portcullis fmt`: one layout for policy text, and the proof that nothing but the layout changed.
//!
//! It works on tokens, not on the tree: what is not blank cannot get lost on the way. Line ends are kept, save that
//! empty lines are thinned out. Texts in quotes and heredocs are taken over byte for byte.

mod align;
mod files;
mod line;
#[cfg(test)]
mod tests;
mod token;

use std::collections::BTreeMap;

use crate::diagnostic::Diagnostic;
use crate::source::FileId;
use crate::syntax::tree::Body;
use crate::syntax::{parse, same_tree, texts};

pub use files::{FormatReport, FormattedFile, Outcome, format_files};
use line::Line;
use token::{Kind, Token, tokens};

/// Why a text was not formatted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FormatError {
    /// It is not HCL. The diagnostics are those of [`parse`], about [`FileId::first`].
    #[error("the text is not HCL")]
    NotHcl(Vec<Diagnostic>),
    /// What came out does not say the same: a bug, and nothing of it may be used.
    #[error("the formatter would change {0}: this is a bug")]
    Bug(&'static str),
}

/// Formats the text of one policy file. A byte-order mark is left away.
///
/// ```
/// let formatted = policy_core::format::format("account \"prod\"{\nid=\"222222222222\" # ours\n}");
/// assert_eq!(formatted.unwrap(), "account \"prod\" {\n  id = \"222222222222\" # ours\n}\n");
/// ```
///
/// # Errors
/// Where `text` is not HCL, or the formatter finds itself changing more than the layout.
pub fn format(text: &str) -> Result<String, FormatError> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let body = read(text).map_err(FormatError::NotHcl)?;
    let before = tokens_of(text, body.clone()).ok_or(FormatError::Bug("a file that it cannot split into tokens"))?;
    let formatted = written(&laid_out(before.clone()));
    verify(&before, body, &formatted)?;
    Ok(formatted)
}

fn read(text: &str) -> Result<Body, Vec<Diagnostic>> {
    let mut diagnostics = Vec::new();
    let body = parse(FileId::first(), text, &mut diagnostics);
    if diagnostics.is_empty() { Ok(body) } else { Err(diagnostics) }
}

fn tokens_of(text: &str, body: Body) -> Option<Vec<Token<'_>>> {
    let texts: BTreeMap<usize, usize> =
        texts(text, body).into_iter().map(|span| (span.start as usize, span.end as usize)).collect();
    let tokens = tokens(text, &texts)?;
    // Each text has become a token, or the parser and the tokens disagree about what is inside quotes.
    let found = tokens.iter().filter(|token| token.kind == Kind::Text).count();
    (found == texts.len()).then_some(tokens)
}

fn laid_out(tokens: Vec<Token<'_>>) -> Vec<Line<'_>> {
    let mut lines = line::lines(tokens);
    line::indent(&mut lines);
    line::space(&mut lines);
    align::align(&mut lines);
    lines
}

fn written(lines: &[Line<'_>]) -> String {
    let mut out = String::new();
    for line in lines {
        if line.blank_before {
            out.push('\n');
        }
        for token in &line.tokens {
            out.extend(std::iter::repeat_n(' ', token.spaces));
            out.push_str(&token.written());
        }
        out.push('\n');
    }
    out
}

/// Reads what came out anew, and compares tokens, comments, line ends and the tree with what went in.
fn verify(before: &[Token<'_>], body: Body, formatted: &str) -> Result<(), FormatError> {
    let after = read(formatted).map_err(|_| FormatError::Bug("HCL into something else"))?;
    let tokens = tokens_of(formatted, after.clone()).ok_or(FormatError::Bug("the tokens"))?;
    if !significant(before).eq(significant(&tokens)) {
        return Err(FormatError::Bug("the tokens or comments"));
    }
    if !same_tree(body, after) {
        return Err(FormatError::Bug("what the text says"));
    }
    Ok(())
}

/// All tokens and comments, each with whether it begins a line. Of a comment, the blanks at the ends of its lines are
/// not significant.
fn significant<'a>(tokens: &'a [Token<'a>]) -> impl Iterator<Item = (bool, Kind, String)> + 'a {
    let mut begins_line = true;
    tokens.iter().filter_map(move |token| {
        if token.kind == Kind::LineEnd {
            begins_line = true;
            return None;
        }
        let text = match token.is_comment() {
            true => token.text.lines().map(str::trim_end).collect::<Vec<_>>().join("\n"),
            false => token.text.to_owned(),
        };
        Some((std::mem::take(&mut begins_line), token.kind, text))
    })
}
