//! Columns: the `=` of consecutive lines, and the comments at their ends.

use unicode_segmentation::UnicodeSegmentation as _;

use super::line::Line;
use super::token::{Kind, Token};

/// Aligns the `=` of consecutive attributes, then the comments at the ends of consecutive lines, which the former moved.
pub(super) fn align(lines: &mut [Line<'_>]) {
    columns(lines, assign);
    columns(lines, comment);
}

/// Aligns the token that `find` names, in each run of lines that have one.
fn columns(lines: &mut [Line<'_>], find: fn(&Line<'_>) -> Option<usize>) {
    let mut run: Vec<(&mut Line<'_>, usize)> = Vec::new();
    for line in lines {
        if line.blank_before {
            close(std::mem::take(&mut run));
        }
        match find(line) {
            Some(index) => run.push((line, index)),
            None => close(std::mem::take(&mut run)),
        }
    }
    close(run);
}

fn close(run: Vec<(&mut Line<'_>, usize)>) {
    let widths: Vec<usize> = run.iter().map(|(line, index)| width_before(line, *index)).collect();
    let widest = widths.iter().copied().max().unwrap_or(0);
    for ((line, index), width) in run.into_iter().zip(widths) {
        line.tokens.get_mut(index).into_iter().for_each(|token| token.spaces = widest - width + 1);
    }
}

/// The `=` of an attribute or of an object's entry, where what is assigned ends on the line. A heredoc does: its lines
/// are its own.
fn assign(line: &Line<'_>) -> Option<usize> {
    let index = line.tokens.iter().position(|token| token.kind == Kind::Assign).filter(|index| *index > 0)?;
    let (name, value) = line.tokens.split_at_checked(index)?;
    // A `=` inside brackets that begin on this line is no column of the lines around it.
    let balanced = |tokens: &[Token<'_>]| {
        let mut depth = 0;
        let never_closed = tokens.iter().all(|token| {
            depth += token.bracket_change();
            depth >= 0
        });
        never_closed && depth == 0
    };
    (balanced(name) && balanced(value) && !name.iter().any(Token::has_lines)).then_some(index)
}

/// The comment at the end of a line that holds something else too.
fn comment(line: &Line<'_>) -> Option<usize> {
    let (last, before) = line.tokens.split_last()?;
    let single = !before.is_empty() && !before.iter().any(Token::has_lines);
    (last.kind == Kind::LineComment && single).then_some(before.len())
}

/// How wide the line is before the token at `index`, in characters as people see them.
fn width_before(line: &Line<'_>, index: usize) -> usize {
    line.tokens.iter().take(index).map(|token| token.spaces + width(&token.written())).sum()
}

fn width(text: &str) -> usize {
    if text.is_ascii() { text.len() } else { text.graphemes(true).count() }
}
