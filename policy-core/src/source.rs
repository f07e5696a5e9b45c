//! Source text and places in it: which file, which bytes, which line and column.

use std::sync::{Arc, OnceLock};

/// Bytes between two counts of characters.
const STEP: usize = 1 << 10;

/// The number of a file among the [`Sources`] of an estate; files are numbered in the order of their names' bytes (L3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId(pub(crate) u32);

/// A half-open range of bytes in one file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// The file.
    pub file: FileId,
    /// Offset of the first byte.
    pub start: u32,
    /// Offset after the last byte.
    pub end: u32,
}

impl FileId {
    /// The first file.
    pub const fn first() -> Self {
        Self(0)
    }
}

impl Span {
    /// The span of the bytes `start..end` of `file`.
    pub const fn new(file: FileId, start: u32, end: u32) -> Self {
        Self { file, start, end }
    }

    /// From the beginning of `self` to the end of `other`, which lies behind it in the same file.
    #[must_use]
    pub const fn to(self, other: Self) -> Self {
        Self { file: self.file, start: self.start, end: other.end }
    }
}

/// A place for people: lines and columns count from 1, columns in Unicode scalar values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position {
    /// The line, from 1.
    pub line: u32,
    /// The column in Unicode scalar values, from 1; a byte-order mark does not count.
    pub column: u32,
}

/// One policy file as the engine keeps it: text without a byte-order mark, and where its lines begin.
#[derive(Debug, Clone)]
pub struct SourceFile {
    name: Arc<str>,
    text: Box<str>,
    line_starts: Box<[u32]>,
    /// How many characters begin before every [`STEP`]th byte, so that a place is found in bounded time, also where a whole
    /// file is one line of four megabytes. Counted when it is first asked for.
    characters: OnceLock<Box<[usize]>>,
}

impl SourceFile {
    /// Keeps `text` under `name`, which is relative and `/`-separated.
    pub(crate) fn new(name: &str, text: String) -> Self {
        let mut line_starts = vec![0];
        for (index, byte) in text.bytes().enumerate() {
            if byte == b'\n' {
                line_starts.push(u32::try_from(index).unwrap_or(u32::MAX).saturating_add(1));
            }
        }
        Self { name: name.into(), text: text.into(), line_starts: line_starts.into(), characters: OnceLock::new() }
    }

    /// The name: relative to the policy directory, `/`-separated.
    pub fn name(&self) -> &Arc<str> {
        &self.name
    }

    /// The text, without a byte-order mark.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The line that holds the byte at `offset`, from 1.
    pub fn line(&self, offset: u32) -> u32 {
        let index = self.line_starts.partition_point(|&start| start <= offset);
        u32::try_from(index).unwrap_or(u32::MAX).max(1)
    }

    /// The line and column of the byte at `offset`.
    pub fn position(&self, offset: u32) -> Position {
        let line = self.line(offset);
        let start = self.line_starts.get(line as usize - 1).copied().unwrap_or(0);
        let column = self.characters_before(offset as usize).saturating_sub(self.characters_before(start as usize)) + 1;
        Position { line, column: u32::try_from(column).unwrap_or(u32::MAX) }
    }

    /// How many characters begin before `offset`.
    fn characters_before(&self, offset: usize) -> usize {
        let bytes = self.text.as_bytes();
        let counts = self.characters.get_or_init(|| {
            let counted = bytes.chunks(STEP).scan(0, |count, chunk| {
                let before = *count;
                *count += characters(chunk);
                Some(before)
            });
            counted.collect()
        });
        let step = (offset / STEP).min(counts.len().saturating_sub(1));
        let rest = bytes.get(step * STEP..offset.min(bytes.len())).unwrap_or_default();
        counts.get(step).copied().unwrap_or(0) + characters(rest)
    }
}

/// How many characters begin in `bytes`.
fn characters(bytes: &[u8]) -> usize {
    bytes.iter().filter(|byte| **byte & 0xC0 != 0x80).count()
}

/// The files of an estate, in the order of their names' bytes.
#[derive(Debug, Clone, Default)]
pub struct Sources {
    files: Vec<SourceFile>,
}

impl Sources {
    /// Keeps `files`, which are sorted by name.
    pub(crate) fn new(files: Vec<SourceFile>) -> Self {
        Self { files }
    }

    /// The file with this number.
    pub fn file(&self, id: FileId) -> Option<&SourceFile> {
        self.files.get(id.0 as usize)
    }

    /// All files with their numbers, in order.
    pub fn iter(&self) -> impl Iterator<Item = (FileId, &SourceFile)> {
        self.files.iter().zip(0..).map(|(file, id)| (FileId(id), file))
    }

    /// The text under `span`; empty where the span does not lie in a file.
    pub fn text(&self, span: Span) -> &str {
        self.file(span.file).and_then(|file| file.text.get(span.start as usize..span.end as usize)).unwrap_or("")
    }

    /// Where `span` begins and ends.
    pub fn positions(&self, span: Span) -> Option<(&SourceFile, Position, Position)> {
        let file = self.file(span.file)?;
        Some((file, file.position(span.start), file.position(span.end)))
    }
}

#[cfg(test)]
mod tests {
    use super::SourceFile;

    #[test]
    fn a_place_is_found_in_a_long_line_too() {
        let text = format!("locals {{\n  a = \"{}\"\n}}\n# ü", "ü".repeat(3_000));
        let file = SourceFile::new("a.hcl", text.clone());
        for offset in (0..=text.len()).filter(|offset| text.is_char_boundary(*offset)) {
            let (before, _) = text.split_at(offset);
            let line = before.rsplit('\n').next().unwrap_or_default();
            let expected = (before.matches('\n').count() + 1, line.chars().count() + 1);
            let place = file.position(u32::try_from(offset).unwrap());
            assert_eq!((place.line as usize, place.column as usize), expected, "at {offset}");
        }
    }
}
