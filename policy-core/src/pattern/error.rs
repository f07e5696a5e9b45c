//! What can be wrong with a pattern.

use crate::diagnostic::Code;
use crate::limits::{PATTERN_BUILD_STATES, PATTERN_BYTES};

/// A mistake in one pattern; the caller knows its place.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct PatternError {
    /// What kind of mistake: `Glob`, `Regex`, `PatternTooLarge`, `MatchesNothing` or `MisplacedPattern`.
    pub code: Code,
    /// One sentence: lower case, no full stop.
    pub message: String,
    /// What to write instead.
    pub help: Option<String>,
}

impl PatternError {
    pub(super) fn new(code: Code, message: impl Into<String>, help: impl Into<String>) -> Self {
        Self { code, message: message.into(), help: Some(help.into()) }
    }
}

/// An automaton that takes more than [`PATTERN_BUILD_STATES`] states, or more counted work than is allowed, to build.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the automaton takes more than {} states, or too much work, to build", grouped(PATTERN_BUILD_STATES))]
pub struct TooLarge;

/// Section 10: the bytes of one pattern.
///
/// # Errors
/// `PatternTooLarge` for more than [`PATTERN_BYTES`].
pub(super) fn within_bytes(text: &str) -> Result<(), PatternError> {
    if text.len() <= PATTERN_BYTES {
        return Ok(());
    }
    let message =
        format!("the pattern has {} bytes, and at most {} are allowed", grouped(text.len()), grouped(PATTERN_BYTES));
    Err(PatternError::new(Code::PatternTooLarge, message, "write it as several patterns of one list"))
}

/// `number` with a comma before each three digits, as the limits are written in the language.
pub(super) fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::{TooLarge, grouped, within_bytes};
    use crate::diagnostic::Code;

    #[test]
    fn numbers_are_grouped_by_three_digits() {
        for (number, text) in [(0, "0"), (999, "999"), (1_000, "1,000"), (160_000, "160,000"), (1_234_567, "1,234,567")]
        {
            assert_eq!(grouped(number), text);
        }
        assert!(TooLarge.to_string().contains("160,000"));
    }

    #[test]
    fn a_pattern_has_at_most_4096_bytes() {
        assert_eq!(within_bytes(&"a".repeat(4_096)), Ok(()));
        let error = within_bytes(&"a".repeat(4_097)).unwrap_err();
        assert_eq!((error.code, error.to_string().contains("4,097")), (Code::PatternTooLarge, true));
        // Bytes, not characters.
        assert!(within_bytes(&"é".repeat(2_048)).is_ok());
        assert!(within_bytes(&"é".repeat(2_049)).is_err());
    }
}
