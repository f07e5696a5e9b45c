//! Commits (C5).

use alloc::borrow::ToOwned;
use alloc::string::String;
use core::fmt;

use super::Malformed;
use crate::prose::say;

/// The id of a commit: 40 or 64 lower-case hexadecimal digits (C5).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CommitId(String);

impl CommitId {
    /// Reads the id of a commit.
    ///
    /// # Errors
    /// Anything but 40 or 64 lower-case hexadecimal digits (C5).
    pub fn parse(text: &str) -> Result<Self, Malformed> {
        Self::check(text)?;
        Ok(Self(text.to_owned()))
    }

    /// Whether a text is the id of a commit, as [`parse`](Self::parse) says.
    pub(crate) fn check(text: &str) -> Result<(), Malformed> {
        if is_commit_id(text) {
            return Ok(());
        }
        let malformed = Malformed::new("a commit is 40 or 64 lower-case hexadecimal digits").of(text, "a commit");
        Err(if has_length_of_commit(text) && is_hexadecimal(text) {
            malformed.help_by(|| Some(say("write `{}`", &[&text.to_ascii_lowercase()])))
        } else if is_hexadecimal(text) {
            malformed.help("write all digits, as `git rev-parse` prints them")
        } else {
            malformed
        })
    }

    /// The digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for CommitId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// Whether `text` is the canonical id of a commit.
pub(crate) fn is_commit_id(text: &str) -> bool {
    has_length_of_commit(text) && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

/// Whether `text` could be taken for the id of a commit: its digits, of either case.
pub(super) fn resembles_commit_id(text: &str) -> bool {
    has_length_of_commit(text) && is_hexadecimal(text)
}

/// Whether `text` is one or more hexadecimal digits of either case.
pub(super) fn is_hexadecimal(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

fn has_length_of_commit(text: &str) -> bool {
    matches!(text.len(), 40 | 64)
}

#[cfg(test)]
mod tests {
    use super::{CommitId, is_commit_id, is_hexadecimal, resembles_commit_id};

    #[test]
    fn a_commit_has_40_or_64_lower_case_digits() {
        for text in ["0123456789abcdef0123456789abcdef01234567".to_owned(), "f".repeat(64)] {
            let commit = CommitId::parse(&text).unwrap();
            assert_eq!((commit.as_str(), commit.to_string()), (text.as_str(), text.clone()));
        }
        for length in [0, 1, 7, 39, 41, 63, 65, 128] {
            assert!(CommitId::parse(&"a".repeat(length)).is_err(), "{length}");
        }
        for last in ["A", "g", " ", "\n", "`", "/", ":", "G"] {
            assert!(CommitId::parse(&format!("{}{last}", "a".repeat(39))).is_err(), "{last:?}");
        }
    }

    #[test]
    fn the_help_fits_the_mistake() {
        let help = |text: &str| CommitId::parse(text).unwrap_err().help;
        assert_eq!(help(&"AB".repeat(20)), Some(format!("write `{}`", "ab".repeat(20))));
        assert_eq!(help("abc1234"), Some("write all digits, as `git rev-parse` prints them".to_owned()));
        assert_eq!(help("main"), None);
        assert_eq!(help(&"x".repeat(40)), None);
        assert_eq!(help(""), None);
    }

    #[test]
    fn either_case_resembles_a_commit() {
        let upper = "AB".repeat(20);
        assert!(resembles_commit_id(&upper) && !is_commit_id(&upper));
        assert!(!resembles_commit_id(&"a".repeat(41)) && !resembles_commit_id(&"g".repeat(40)));
        assert!(is_hexadecimal("0aF") && !is_hexadecimal("") && !is_hexadecimal("0g"));
    }
}
