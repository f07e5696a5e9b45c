//! What regular expressions may not hold, and what to write instead (P3).

use regex_syntax::ast::{AssertionKind, Error, ErrorKind};

use super::error::PatternError;
use super::regex::too_often;
use crate::diagnostic::Code;

/// A refusal of a regular expression.
pub(super) fn refused(message: impl Into<String>, help: impl Into<String>) -> PatternError {
    PatternError::new(Code::Regex, message, help)
}

/// Flags, alone or of a group.
pub(super) fn flagged() -> PatternError {
    refused(
        "flags such as `(?i)` are not part of the language",
        "leave the flags out, and write `[Aa]` for either case",
    )
}

/// `\p` and `\P`.
pub(super) fn unicode_class() -> PatternError {
    refused(r"Unicode classes with `\p` are not part of the language", "write the characters out, such as `[A-Za-z]`")
}

/// Anchors and word boundaries.
pub(super) fn anchored(kind: &AssertionKind) -> PatternError {
    let (anchor, help) = match kind {
        AssertionKind::StartLine => ("^", r"leave it out, or write `\\^` in the quoted text for the character itself"),
        AssertionKind::EndLine => ("$", r"leave it out, or write `\\$` in the quoted text for the character itself"),
        AssertionKind::StartText => (r"\A", "leave it out"),
        AssertionKind::EndText => (r"\z", "leave it out"),
        _ => {
            let help = r"write the characters that may stand beside the word, such as `(.*\\W)?word(\\W.*)?`";
            return refused("a word boundary is not part of the language", help);
        }
    };
    refused(format!("`{anchor}` is not needed: a regular expression always matches the whole text"), help)
}

/// What the parser refuses.
pub(super) fn from_parser(error: &Error) -> PatternError {
    match error.kind() {
        ErrorKind::UnsupportedLookAround => refused(
            "look-around is not part of the language",
            "write `!regex(\"…\")` as another member of the list for what is to be taken away",
        ),
        ErrorKind::UnsupportedBackreference => {
            refused("back-references are not part of the language", "write out what the group may be a second time")
        }
        ErrorKind::DecimalInvalid => too_often(),
        ErrorKind::RepetitionCountDecimalEmpty => {
            refused("a counted repetition has no number", "write `{n}`, `{n,}`, `{m,n}` or `{0,n}`")
        }
        kind => {
            let at = error.span().start;
            let help = format!(
                "look at character {} of the expression; `glob(\"…\")` or `exact(\"…\")` may be what is meant",
                at.column
            );
            refused(format!("the regular expression cannot be read: {kind}"), help)
        }
    }
}
