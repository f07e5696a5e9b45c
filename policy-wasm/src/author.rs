//! What the author module does beyond deciding: checking, compiling and formatting policy text.

use policy_core::compile::compile;
use policy_core::diagnostic::Diagnostic;
use policy_core::format::{FormatReport, Outcome, format_files};
use policy_core::json::{ArrayWriter, ObjectWriter, write_text};
use policy_core::source::{Sources, Span};
use policy_core::{PolicyFile, check};

use crate::session::Session;
use crate::status::Status;

/// The name of the file in diagnostics about a text that is to be formatted.
const FORMATTED: &str = "policy.hcl";
/// The length of an account's name where none is given.
const WHOLE_ESTATE: u32 = u32::MAX;

impl Session {
    /// Checks policy files; the result is the JSON that `portcullis check --format json` writes.
    ///
    /// # Errors
    /// A length beyond the input area; bytes that do not have the form.
    pub fn check(&mut self, length: usize) -> Result<(), Status> {
        let files = Input(self.input(length)?).files()?;
        let report = check(files);
        self.answer(length, diagnostics(&report.diagnostics, &report.sources).into_bytes());
        Ok(())
    }

    /// Compiles policy files, or one account of them; the result is the bundle.
    ///
    /// # Errors
    /// A length beyond the input area; bytes that do not have the form; a policy with mistakes, whose diagnostics are the
    /// result, as of [`check`](Self::check); one that cannot be compiled: then the result is `{"error", "help"}`.
    pub fn compile(&mut self, length: usize) -> Result<(), Status> {
        let mut input = Input(self.input(length)?);
        let account = input.account()?;
        let report = check(input.files()?);
        let Some(estate) = report.estate else {
            self.answer(length, diagnostics(&report.diagnostics, &report.sources).into_bytes());
            return Err(Status::InvalidPolicy);
        };
        match compile(&estate, account.as_deref()) {
            Ok(compiled) => {
                self.answer(length, compiled.bytes);
                Ok(())
            }
            Err(error) => {
                let out = refusal(&error.to_string(), error.help());
                self.answer(length, out.into_bytes());
                Err(Status::InvalidPolicy)
            }
        }
    }

    /// Formats the text of one policy file; the result is the text.
    ///
    /// # Errors
    /// A length beyond the input area; text that is not HCL, whose diagnostics are the result.
    pub fn format(&mut self, length: usize) -> Result<(), Status> {
        let FormatReport { files, diagnostics: found, sources } =
            format_files(vec![PolicyFile::new(FORMATTED, self.input(length)?)]);
        let (result, status) = match files.into_iter().next().map(|file| file.outcome) {
            Some(Outcome::Formatted(text)) => (text, Ok(())),
            Some(Outcome::Bug(error)) => (refusal(&error.to_string(), "please report it"), Err(Status::InvalidPolicy)),
            Some(Outcome::Refused) | None => (diagnostics(&found, &sources), Err(Status::InvalidPolicy)),
        };
        self.answer(length, result.into_bytes());
        status
    }
}

/// `{"error", "help"}`: what has no place in the text.
fn refusal(error: &str, help: &str) -> String {
    let mut out = String::new();
    let mut object = ObjectWriter::new(&mut out);
    object.text("error", error);
    object.text("help", help);
    object.finish();
    out
}

/// What is still to be read of the input. Numbers have four bytes and are little-endian.
struct Input<'i>(&'i [u8]);

impl<'i> Input<'i> {
    fn number(&mut self) -> Result<u32, Status> {
        let (number, rest) = self.0.split_first_chunk().ok_or(Status::InputForm)?;
        self.0 = rest;
        Ok(u32::from_le_bytes(*number))
    }

    fn bytes(&mut self, length: u32) -> Result<&'i [u8], Status> {
        let (bytes, rest) = self.0.split_at_checked(length as usize).ok_or(Status::InputForm)?;
        self.0 = rest;
        Ok(bytes)
    }

    fn text(&mut self, length: u32) -> Result<&'i str, Status> {
        std::str::from_utf8(self.bytes(length)?).map_err(|_| Status::InputForm)
    }

    fn account(&mut self) -> Result<Option<String>, Status> {
        match self.number()? {
            WHOLE_ESTATE => Ok(None),
            length => Ok(Some(self.text(length)?.to_owned())),
        }
    }

    /// How many files there are; then each with the lengths of its name and its text before both.
    fn files(&mut self) -> Result<Vec<PolicyFile>, Status> {
        let count = self.number()?;
        let mut files = Vec::new();
        for _ in 0..count {
            let (name, text) = (self.number()?, self.number()?);
            files.push(PolicyFile::new(self.text(name)?, self.bytes(text)?));
        }
        if self.0.is_empty() { Ok(files) } else { Err(Status::InputForm) }
    }
}

/// The document of `docs/schemas/diagnostics.json`.
fn diagnostics(found: &[Diagnostic], sources: &Sources) -> String {
    let mut out = String::new();
    let mut object = ObjectWriter::new(&mut out);
    object.number("version", 1);
    let mut array = ArrayWriter::new(object.field("diagnostics"));
    for diagnostic in found {
        let mut object = ObjectWriter::new(array.item());
        object.text("code", diagnostic.code.as_str());
        object.text("severity", diagnostic.code.severity().as_str());
        object.text("message", &diagnostic.message);
        place(&mut object, sources, diagnostic.span);
        match &diagnostic.help {
            Some(help) => object.text("help", help),
            None => object.field("help").push_str("null"),
        }
        let mut related = ArrayWriter::new(object.field("related"));
        for other in &diagnostic.related {
            let mut object = ObjectWriter::new(related.item());
            place(&mut object, sources, other.span);
            object.text("message", &other.message);
            object.finish();
        }
        related.finish();
        object.finish();
    }
    array.finish();
    object.finish();
    out
}

fn place(object: &mut ObjectWriter<'_>, sources: &Sources, span: Span) {
    let (name, [line, column, end_line, end_column]) = match sources.positions(span) {
        Some((file, start, end)) => (&**file.name(), [start.line, start.column, end.line, end.column]),
        None => (".", [1; 4]),
    };
    write_text(object.field("file"), name);
    object.number("line", line.into());
    object.number("column", column.into());
    object.number("end_line", end_line.into());
    object.number("end_column", end_column.into());
}
