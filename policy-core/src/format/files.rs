//! Formatting many files at once, for whoever has a directory of them.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::check::{PolicyFile, read_files};
use crate::diagnostic::{Code, Diagnostic};
use crate::source::{FileId, SourceFile, Sources};

use super::{FormatError, format};

/// What became of the files.
#[derive(Debug)]
pub struct FormatReport {
    /// The files, in the order of their names' bytes; none where all of them together are too much.
    pub files: Vec<FormattedFile>,
    /// Why files were refused, by file and position.
    pub diagnostics: Vec<Diagnostic>,
    /// The texts that the diagnostics' spans lie in.
    pub sources: Sources,
}

/// One file.
#[derive(Debug)]
pub struct FormattedFile {
    /// Its name, as it was given.
    pub name: Arc<str>,
    /// What became of it.
    pub outcome: Outcome,
}

/// What became of a file.
#[derive(Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The formatted text.
    Formatted(String),
    /// It cannot be read; the report's diagnostics say why.
    Refused,
    /// The formatter would change this: a bug.
    Bug(FormatError),
}

/// Formats each of `files`. One that cannot be read does not keep the others from it.
pub fn format_files(files: Vec<PolicyFile>) -> FormatReport {
    if files.is_empty() {
        return FormatReport { files: Vec::new(), diagnostics: Vec::new(), sources: Sources::default() };
    }
    let mut diagnostics = Vec::new();
    let (sources, bodies) = read_files(files, &mut diagnostics);
    // Formatting takes the mark away.
    diagnostics.retain(|found| found.code != Code::ByteOrderMark);
    diagnostics.sort_by_key(|found| (found.span, found.code));
    let refused: BTreeSet<FileId> = diagnostics.iter().map(|found| found.span.file).collect();
    let files = match bodies {
        None => Vec::new(),
        Some(_) => sources
            .iter()
            .map(|(id, file)| {
                let outcome = if refused.contains(&id) { Outcome::Refused } else { outcome(file) };
                FormattedFile { name: file.name().clone(), outcome }
            })
            .collect(),
    };
    FormatReport { files, diagnostics, sources }
}

fn outcome(file: &SourceFile) -> Outcome {
    format(file.text()).map_or_else(Outcome::Bug, Outcome::Formatted)
}
