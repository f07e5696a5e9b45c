//! Labels and values, aligned.

use std::borrow::Cow;
use std::fmt::Write as _;

use super::Colors;

/// Rows of a label and a value.
#[derive(Debug, Default)]
pub struct Table {
    rows: Vec<(Cow<'static, str>, String)>,
}

impl Table {
    /// Adds a row.
    pub fn row(&mut self, label: impl Into<Cow<'static, str>>, value: impl Into<String>) {
        self.rows.push((label.into(), value.into()));
    }

    /// Whether there is nothing to write.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The rows, each on a line of its own, behind `indent` spaces.
    pub fn written(&self, indent: usize, colors: Colors) -> String {
        let width = self.rows.iter().map(|(label, _)| label.len()).max().unwrap_or(0);
        self.written_at(indent, width + 2, colors)
    }

    /// The same with columns of `width`.
    pub fn written_at(&self, indent: usize, width: usize, colors: Colors) -> String {
        let faint = colors.faint();
        let mut text = String::new();
        for (label, value) in &self.rows {
            let space = " ".repeat(width.saturating_sub(label.len()));
            // Writing to a string does not fail.
            _ = writeln!(text, "{:indent$}{faint}{label}{faint:#}{space}{value}", "");
        }
        text
    }
}
