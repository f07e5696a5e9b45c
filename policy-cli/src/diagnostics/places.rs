//! Lines and columns of many diagnostics: found in bounded time each, also where a whole file is one line of four megabytes
//! with a mistake every few bytes.

use std::collections::HashMap;

use policy_core::source::{FileId, SourceFile, Sources, Span};

use super::document::Place;

/// Bytes between two counts of characters.
const STEP: usize = 1 << 10;

/// What is known of the files that diagnostics lie in.
#[derive(Default)]
pub(super) struct Places {
    files: HashMap<FileId, Index>,
}

/// Where a file's lines begin, and how many characters lie before every [`STEP`]th byte.
struct Index {
    lines: Vec<usize>,
    characters: Vec<usize>,
}

impl Places {
    /// The place of `span`.
    pub(super) fn place(&mut self, sources: &Sources, span: Span) -> Place {
        let Some(file) = sources.file(span.file) else { return Place::beginning(".") };
        let index = self.files.entry(span.file).or_insert_with(|| Index::of(file));
        let (line, column) = index.position(file.text(), span.start as usize);
        let (end_line, end_column) = index.position(file.text(), span.end.max(span.start) as usize);
        Place { file: file.name().to_string(), line, column, end_line, end_column }
    }
}

impl Index {
    fn of(file: &SourceFile) -> Self {
        let (mut lines, mut characters, mut count) = (vec![0], Vec::new(), 0);
        for (offset, byte) in file.text().bytes().enumerate() {
            if offset % STEP == 0 {
                characters.push(count);
            }
            count += usize::from(begins_character(byte));
            if byte == b'\n' {
                lines.push(offset + 1);
            }
        }
        Self { lines, characters }
    }

    fn position(&self, text: &str, offset: usize) -> (u32, u32) {
        let line = self.lines.partition_point(|start| *start <= offset).max(1);
        let start = self.lines.get(line - 1).copied().unwrap_or(0);
        let column = self.before(text, offset).saturating_sub(self.before(text, start)) + 1;
        let number = |value: usize| u32::try_from(value).unwrap_or(u32::MAX);
        (number(line), number(column))
    }

    /// How many characters begin before `offset`.
    fn before(&self, text: &str, offset: usize) -> usize {
        let step = (offset / STEP).min(self.characters.len().saturating_sub(1));
        let counted = self.characters.get(step).copied().unwrap_or(0);
        let rest = text.as_bytes().get(step * STEP..offset.min(text.len())).unwrap_or_default();
        counted + rest.iter().filter(|byte| begins_character(**byte)).count()
    }
}

const fn begins_character(byte: u8) -> bool {
    byte & 0xC0 != 0x80
}

#[cfg(test)]
mod tests {
    use policy_core::source::Span;
    use policy_core::{PolicyFile, check};

    use super::Places;

    #[test]
    fn places_are_those_of_the_core() {
        let text = format!("locals {{\n  a = \"{}\"\n}}\n# ü", "ü".repeat(3_000));
        let report = check(vec![PolicyFile::new("a.hcl", text.clone())]);
        let (id, _) = report.sources.iter().next().unwrap();
        let mut places = Places::default();
        for offset in (0..=text.len()).filter(|offset| text.is_char_boundary(*offset)) {
            let span = Span::new(id, u32::try_from(offset).unwrap(), u32::try_from(offset).unwrap());
            let (_, expected, _) = report.sources.positions(span).unwrap();
            let place = places.place(&report.sources, span);
            assert_eq!((place.line, place.column), (expected.line, expected.column), "at {offset}");
        }
    }
}
