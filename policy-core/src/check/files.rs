//! The files of an estate: limits, encoding, and their trees (L1, L2).

use crate::diagnostic::{Code, Diagnostic};
use crate::limits;
use crate::source::{FileId, SourceFile, Sources, Span};
use crate::syntax;
use crate::syntax::tree::Body;

/// A policy file as it comes: a name relative to the policy directory, `/`-separated, and bytes.
#[derive(Debug, Clone)]
pub struct PolicyFile {
    /// The name.
    pub name: String,
    /// The contents.
    pub bytes: Vec<u8>,
}

impl PolicyFile {
    /// A policy file.
    pub fn new(name: impl Into<String>, bytes: impl Into<Vec<u8>>) -> Self {
        Self { name: name.into(), bytes: bytes.into() }
    }
}

const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

/// Reads the files in the order of their names. No trees where there is nothing to read, or too much.
pub(crate) fn read(mut files: Vec<PolicyFile>, diagnostics: &mut Vec<Diagnostic>) -> (Sources, Option<Vec<Body>>) {
    files.sort_by(|left, right| left.name.cmp(&right.name));
    if let Some(refusal) = refusal(&files) {
        diagnostics.push(refusal);
        let names = files.iter().take(1).map(|file| SourceFile::new(&file.name, String::new()));
        let nameless = files.is_empty().then(|| SourceFile::new(".", String::new()));
        return (Sources::new(names.chain(nameless).collect()), None);
    }
    let mut sources = Vec::with_capacity(files.len());
    let mut bodies = Vec::with_capacity(files.len());
    for (file, number) in files.into_iter().zip(0..) {
        let id = FileId(number);
        let before = diagnostics.len();
        let text = text(id, file.bytes, diagnostics);
        let is_text = !diagnostics.iter().skip(before).any(|found| found.code == Code::NotUtf8);
        bodies.push(syntax::parse(id, &text, diagnostics));
        if !is_text {
            // What follows from the encoding is no further mistake; the names that could be read still count.
            diagnostics.truncate(before + 1);
        }
        sources.push(SourceFile::new(&file.name, text));
    }
    (Sources::new(sources), Some(bodies))
}

/// What makes the whole directory unreadable (section 10, L1).
fn refusal(files: &[PolicyFile]) -> Option<Diagnostic> {
    let place = Span::new(FileId(0), 0, 0);
    let bytes: usize = files.iter().map(|file| file.bytes.len()).sum();
    if files.is_empty() {
        let help = "a policy directory holds `*.hcl` files; `portcullis init` writes a first one";
        return Some(Diagnostic::new(Code::NoPolicyFile, place, "there is no policy file here").help(help));
    }
    let message = if files.len() > limits::ESTATE_FILES {
        format!("the estate has {} files; {} are the limit", files.len(), limits::ESTATE_FILES)
    } else if bytes > limits::ESTATE_BYTES {
        format!("the estate has {bytes} bytes; {} are the limit", limits::ESTATE_BYTES)
    } else {
        return None;
    };
    let help = "is this the policy directory? name the one that holds policy files alone";
    Some(Diagnostic::new(Code::TooMuchText, place, message).help(help))
}

/// The text of a file without a byte-order mark. Bytes that are not UTF-8 are reported and replaced one by one, so that
/// the places of everything else stay true.
fn text(id: FileId, mut bytes: Vec<u8>, diagnostics: &mut Vec<Diagnostic>) -> String {
    if bytes.len() > limits::FILE_BYTES {
        let message = format!("the file has {} bytes; {} are the limit", bytes.len(), limits::FILE_BYTES);
        diagnostics.push(
            Diagnostic::new(Code::TooMuchText, Span::new(id, 0, 0), message)
                .help("an estate may have many files: split this one, for example into one for each account"),
        );
        return String::new();
    }
    if bytes.starts_with(BYTE_ORDER_MARK) {
        bytes.drain(..BYTE_ORDER_MARK.len());
        diagnostics.push(
            Diagnostic::new(Code::ByteOrderMark, Span::new(id, 0, 0), "the file begins with a byte-order mark")
                .help("save it as UTF-8 without one"),
        );
    }
    let mut reported = false;
    loop {
        match String::from_utf8(bytes) {
            Ok(text) => return text,
            Err(error) => {
                let at = error.utf8_error().valid_up_to();
                bytes = error.into_bytes();
                if !reported {
                    let offset = u32::try_from(at).unwrap_or(u32::MAX);
                    diagnostics.push(
                        Diagnostic::new(
                            Code::NotUtf8,
                            Span::new(id, offset, offset),
                            "the file is not UTF-8 from here on",
                        )
                        .help("save it as UTF-8"),
                    );
                    reported = true;
                    replace_invalid(&mut bytes);
                }
            }
        }
    }
}

/// Replaces each byte that is not part of UTF-8 by a question mark.
fn replace_invalid(bytes: &mut Vec<u8>) {
    let mut replaced = Vec::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        replaced.extend_from_slice(chunk.valid().as_bytes());
        replaced.extend(std::iter::repeat_n(b'?', chunk.invalid().len()));
    }
    *bytes = replaced;
}
