//! Diagnostics as data: a stable code, a severity, one message, places and help. The core builds them, others draw them.

mod code;

pub use code::Code;

use std::borrow::Cow;

use crate::redact;
use crate::source::Span;
use crate::text::is_control;

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// The estate cannot be used.
    Error,
    /// The estate can be used; the author should look.
    Warning,
}

impl Severity {
    /// The word for it in every output: `error` or `warning`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
        }
    }
}

/// Another place that belongs to a diagnostic, and what is to be seen there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Related {
    /// The place.
    pub span: Span,
    /// What is to be seen there.
    pub message: String,
}

/// One mistake or warning.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// What kind it is; decides the severity.
    pub code: Code,
    /// One sentence: lower case, no full stop, names the thing in backticks.
    pub message: String,
    /// The place (L3).
    pub span: Span,
    /// What would be right.
    pub help: Option<String>,
    /// Other places that belong to it.
    pub related: Vec<Related>,
    /// Whether a secret may stand at the place: then nobody shows its lines but through [`lines`](crate::redact::lines).
    pub confidential: bool,
}

impl Diagnostic {
    /// A diagnostic without help and without other places.
    pub fn new(code: Code, span: Span, message: impl Into<String>) -> Self {
        Self { code, message: one_line(message.into()), span, help: None, related: Vec::new(), confidential: false }
    }

    /// Says what would be right.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(one_line(help.into()));
        self
    }

    /// Says what would be right, if that is known.
    #[must_use]
    pub fn maybe_help(mut self, help: Option<String>) -> Self {
        self.help = help.map(one_line).or(self.help);
        self
    }

    /// Adds another place.
    #[must_use]
    pub fn related(mut self, span: Span, message: impl Into<String>) -> Self {
        self.related.push(Related { span, message: one_line(message.into()) });
        self
    }

    /// A secret may stand at its place, if `is` says so.
    #[must_use]
    pub const fn confidential(mut self, is: bool) -> Self {
        self.confidential = is;
        self
    }

    /// How bad it is.
    pub const fn severity(&self) -> Severity {
        self.code.severity()
    }
}

/// A message is one line, also where it quotes a name that holds the end of one; control characters are shown as escapes, and
/// users of addresses not at all (C1).
fn one_line(text: String) -> String {
    let text = match redact::text(&text) {
        Cow::Borrowed(_) => text,
        Cow::Owned(redacted) => redacted,
    };
    if !text.contains(is_control) {
        return text;
    }
    let escaped = |character: char| match is_control(character) {
        true => character.escape_debug().to_string(),
        false => character.to_string(),
    };
    text.chars().map(escaped).collect()
}

#[cfg(test)]
mod tests {
    use super::{Code, Diagnostic};
    use crate::source::{FileId, Span};

    #[test]
    fn messages_are_one_line_whatever_they_quote() {
        let span = Span::new(FileId::first(), 0, 0);
        let diagnostic = Diagnostic::new(Code::Labels, span, "a `x\ny`").help("\t").related(span, "\u{7f}é");
        assert_eq!(diagnostic.message, "a `x\\ny`");
        assert_eq!(diagnostic.help.as_deref(), Some("\\t"));
        assert_eq!(diagnostic.related[0].message, "\\u{7f}é");
        assert_eq!(diagnostic.maybe_help(Some("\r".to_owned())).help.as_deref(), Some("\\r"));
    }
}
