//! Diagnostics as they are shown: the core's and those about files, in the one order of L3.

mod document;
mod github;
mod human;
mod sarif;

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use policy_core::diagnostic::{Diagnostic, Severity};
use policy_core::source::Span;
use policy_core::{Estate, PolicyTest, Report, TestReport, check, read_tests};

use crate::failure::Failure;
use crate::policy_directory::{self, Contents, FileProblem};
use ci_feedback::Colors;

pub(crate) use document::Document;
use document::{Finding, Place, RelatedPlace};

/// How diagnostics are written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Format {
    /// For people, with excerpts
    #[default]
    Human,
    /// One JSON document: `portcullis schema diagnostics`
    Json,
    /// Annotations of GitHub Actions
    Github,
    /// SARIF 2.1.0, for code scanning
    Sarif,
}

/// A checked policy directory.
pub(crate) struct Checked {
    /// The directory as it was named.
    pub(crate) directory: PathBuf,
    /// The core's report; its diagnostics are in `findings`.
    report: Report,
    /// How many policy files there are.
    files: usize,
    /// Everything there is to say, in order, with the span of what the core said.
    findings: Vec<(Finding, Option<Span>)>,
}

impl Checked {
    /// Reads and checks the policy directory.
    ///
    /// # Errors
    /// Where there is no such directory.
    pub(crate) fn read(directory: &Path) -> Result<Self, Failure> {
        let contents = policy_directory::read(directory)?;
        Ok(Self::new(directory, contents))
    }

    /// Reads the test files of a policy directory; none of the tests where something is wrong with them.
    ///
    /// # Errors
    /// Where there is no such directory, or no test file in it.
    pub(crate) fn read_tests(directory: &Path) -> Result<(Self, Option<Vec<PolicyTest>>), Failure> {
        let contents = policy_directory::read_tests(directory)?;
        if contents.files.is_empty() && contents.problems.is_empty() {
            let message = format!("there are no tests in `{}`", directory.display());
            return Err(Failure::input(message, "tests stand in files named `*.test.hcl` in the policy directory"));
        }
        let files = contents.files.len();
        let TestReport { tests, diagnostics, sources } = read_tests(contents.files);
        let report = Report { estate: None, diagnostics, sources };
        let checked = Self::assemble(directory, files, contents.problems, report);
        let clean = checked.count(Severity::Error) == 0;
        Ok((checked, tests.filter(|_| clean)))
    }

    /// Why some of the `files` files of `directory` could not be formatted.
    pub(crate) fn refused(directory: &Path, files: usize, problems: Vec<FileProblem>, report: Report) -> Self {
        Self::assemble(directory, files, problems, report)
    }

    /// Whether there is nothing to say.
    pub(crate) fn is_silent(&self) -> bool {
        self.findings.is_empty()
    }

    fn new(directory: &Path, contents: Contents) -> Self {
        let files = contents.files.len();
        Self::assemble(directory, files, contents.problems, check(contents.files))
    }

    fn assemble(directory: &Path, files: usize, problems: Vec<FileProblem>, mut report: Report) -> Self {
        // Where names were found but none could be read, "there is no policy file" would send the reader astray.
        let unreadable = files == 0 && problems.iter().any(hides_policy);
        let found = if unreadable { Vec::new() } else { std::mem::take(&mut report.diagnostics) };
        let about_files = problems.into_iter().map(|problem| (about_file(problem), None));
        let about_text = found.into_iter().map(|diagnostic| {
            let span = diagnostic.span;
            (in_text(diagnostic, &report), Some(span))
        });
        let mut findings: Vec<_> = about_files.chain(about_text).collect();
        // L3. Stable: the core has ordered what stands at one place.
        findings.sort_by(|(left, _), (right, _)| left.place.order().cmp(&right.place.order()));
        Self { directory: directory.to_path_buf(), report, files, findings }
    }

    /// The estate, if nothing is wrong with the directory.
    pub(crate) fn estate(&self) -> Option<&Estate> {
        self.report.estate.as_ref().filter(|_| self.count(Severity::Error) == 0)
    }

    /// The paths of the policy files that were read.
    pub(crate) fn paths(&self) -> impl Iterator<Item = PathBuf> {
        self.report.sources.iter().map(|(_, file)| self.directory.join(&**file.name()))
    }

    /// The path of a policy file as it can be opened from here.
    pub(crate) fn path_of(&self, file: &str) -> String {
        path_in(&self.directory, file)
    }

    fn count(&self, severity: Severity) -> usize {
        self.findings.iter().filter(|(finding, _)| finding.severity == severity.as_str()).count()
    }

    /// Everything there is to say, in `format`.
    pub(crate) fn written(&self, format: Format, colors: Colors) -> String {
        match format {
            Format::Human => human::write(self, colors),
            Format::Json => Document::json(self),
            Format::Github => github::write(self),
            Format::Sarif => sarif::write(self),
        }
    }

    /// One line that sums it up, without a line end.
    pub(crate) fn summary(&self) -> String {
        let files = counted(self.files, "file", "files");
        let warnings = counted(self.count(Severity::Warning), "warning", "warnings");
        let Some(estate) = self.estate() else {
            return format!("{}, {warnings} in {files}", counted(self.count(Severity::Error), "error", "errors"));
        };
        let rules: usize = estate.accounts.iter().map(|account| estate.rules(account).len()).sum();
        let accounts = counted(estate.accounts.len(), "account", "accounts");
        format!("ok: {accounts}, {} in {files}, {warnings}", counted(rules, "rule", "rules"))
    }
}

/// The path of `file`, a name relative to `directory`; `.` is the directory itself.
pub(crate) fn path_in(directory: &Path, file: &str) -> String {
    let directory = directory.to_string_lossy();
    match (directory.trim_end_matches('/'), file) {
        ("." | "./.", file) => file.to_owned(),
        (directory, ".") => {
            if directory.is_empty() {
                "/".to_owned()
            } else {
                directory.to_owned()
            }
        }
        (directory, file) => format!("{}/{file}", directory.trim_start_matches("./")),
    }
}

/// `1 file`, `2 files`.
fn counted(number: usize, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}

/// Whether there may be policy behind what cannot be read.
fn hides_policy(problem: &FileProblem) -> bool {
    use policy_core::diagnostic::Code;
    problem.code != Code::NotAPlainFile || policy_directory::is_policy(OsStr::new(&problem.file))
}

fn about_file(problem: FileProblem) -> Finding {
    Finding {
        code: problem.code.as_str(),
        severity: problem.code.severity().as_str(),
        message: problem.message,
        place: Place::beginning(problem.file),
        help: Some(problem.help.to_owned()),
        related: Vec::new(),
        confidential: false,
    }
}

fn in_text(diagnostic: Diagnostic, report: &Report) -> Finding {
    let related = diagnostic.related.into_iter().map(|related| RelatedPlace {
        span: related.span,
        place: Place::of(&report.sources, related.span),
        message: related.message,
    });
    Finding {
        code: diagnostic.code.as_str(),
        severity: diagnostic.code.severity().as_str(),
        related: related.collect(),
        message: diagnostic.message,
        place: Place::of(&report.sources, diagnostic.span),
        help: diagnostic.help,
        confidential: diagnostic.confidential,
    }
}
