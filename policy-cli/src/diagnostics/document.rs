//! The JSON form of diagnostics. `docs/schemas/diagnostics.json` is made from these types.

use policy_core::source::{Sources, Span};
use serde::Serialize;

use super::Checked;

/// What `portcullis check` has to say about a policy directory.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema, serde::Deserialize))]
#[cfg_attr(test, serde(deny_unknown_fields), schemars(title = "Diagnostics"))]
pub(crate) struct Document {
    /// The version of this form.
    #[cfg_attr(test, schemars(range(min = 1, max = 1)))]
    version: u32,
    /// Mistakes and warnings, by the bytes of the file's name and by position.
    diagnostics: Vec<Entry>,
}

/// One mistake or warning.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema, serde::Deserialize))]
#[cfg_attr(test, serde(deny_unknown_fields), schemars(rename = "Diagnostic"))]
struct Entry {
    /// The stable code; `portcullis explain CODE` says more.
    #[cfg_attr(test, schemars(regex(pattern = "^PL[0-9]{3}$")))]
    code: String,
    /// `error`: the policy cannot be used. `warning`: it can, but its author should look.
    #[cfg_attr(test, schemars(extend("enum" = ["error", "warning"])))]
    severity: String,
    /// One sentence: what is wrong.
    message: String,
    /// The file, relative to the policy directory, `/`-separated; `.` is the directory itself.
    file: String,
    /// The line where it begins, from 1.
    #[cfg_attr(test, schemars(range(min = 1)))]
    line: u32,
    /// The column where it begins, from 1, in Unicode scalar values.
    #[cfg_attr(test, schemars(range(min = 1)))]
    column: u32,
    /// The line where it ends.
    #[cfg_attr(test, schemars(range(min = 1)))]
    end_line: u32,
    /// The column behind its last character.
    #[cfg_attr(test, schemars(range(min = 1)))]
    end_column: u32,
    /// What would be right, where that is known.
    help: Option<String>,
    /// Other places that belong to it.
    related: Vec<RelatedEntry>,
}

/// Another place that belongs to a diagnostic.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema, serde::Deserialize))]
#[cfg_attr(test, serde(deny_unknown_fields), schemars(rename = "Related"))]
struct RelatedEntry {
    /// The file, relative to the policy directory, `/`-separated.
    file: String,
    /// The line where it begins, from 1.
    #[cfg_attr(test, schemars(range(min = 1)))]
    line: u32,
    /// The column where it begins, from 1, in Unicode scalar values.
    #[cfg_attr(test, schemars(range(min = 1)))]
    column: u32,
    /// The line where it ends.
    #[cfg_attr(test, schemars(range(min = 1)))]
    end_line: u32,
    /// The column behind its last character.
    #[cfg_attr(test, schemars(range(min = 1)))]
    end_column: u32,
    /// What is to be seen there.
    message: String,
}

impl Document {
    /// The document for `checked`, with a line end.
    pub(super) fn json(checked: &Checked) -> String {
        let diagnostics = checked.findings.iter().map(|(finding, _)| Entry::from(finding)).collect();
        let document = Self { version: 1, diagnostics };
        // Texts and numbers always have a JSON form.
        serde_json::to_string(&document).unwrap_or_default() + "\n"
    }
}

/// A diagnostic with its place found.
#[derive(Debug)]
pub(super) struct Finding {
    pub(super) code: &'static str,
    pub(super) severity: &'static str,
    pub(super) message: String,
    pub(super) place: Place,
    pub(super) help: Option<String>,
    pub(super) related: Vec<RelatedPlace>,
    /// Whether a secret may stand at the place.
    pub(super) confidential: bool,
}

/// Another place that belongs to a diagnostic.
#[derive(Debug)]
pub(super) struct RelatedPlace {
    pub(super) span: Span,
    pub(super) place: Place,
    pub(super) message: String,
}

/// Where something stands: lines and columns from 1, columns in Unicode scalar values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) file: String,
    pub(super) line: u32,
    pub(super) column: u32,
    pub(super) end_line: u32,
    pub(super) end_column: u32,
}

impl Place {
    /// Line 1 of a file.
    pub(super) fn beginning(file: impl Into<String>) -> Self {
        Self { file: file.into(), line: 1, column: 1, end_line: 1, end_column: 1 }
    }

    /// Where `span` begins and ends.
    pub(super) fn of(sources: &Sources, span: Span) -> Self {
        let Some((file, start, end)) = sources.positions(span) else { return Self::beginning(".") };
        let (line, column, end_line, end_column) = (start.line, start.column, end.line, end.column);
        Self { file: file.name().to_string(), line, column, end_line, end_column }
    }

    /// What decides the order of L3.
    pub(super) fn order(&self) -> (&[u8], u32, u32) {
        (self.file.as_bytes(), self.line, self.column)
    }
}

impl From<&Finding> for Entry {
    fn from(finding: &Finding) -> Self {
        let place = &finding.place;
        Self {
            code: finding.code.to_owned(),
            severity: finding.severity.to_owned(),
            message: finding.message.clone(),
            file: place.file.clone(),
            line: place.line,
            column: place.column,
            end_line: place.end_line,
            end_column: place.end_column,
            help: finding.help.clone(),
            related: finding.related.iter().map(RelatedEntry::from).collect(),
        }
    }
}

impl From<&RelatedPlace> for RelatedEntry {
    fn from(related: &RelatedPlace) -> Self {
        let place = &related.place;
        Self {
            file: place.file.clone(),
            line: place.line,
            column: place.column,
            end_line: place.end_line,
            end_column: place.end_column,
            message: related.message.clone(),
        }
    }
}
