//! What is wrong with the shape of an invocation.

use std::fmt;

use crate::json::JsonError;

/// The shape or a limit of an invocation is not kept: `invalid-invocation` (E8, section 10).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct InvalidInvocation {
    /// What is wrong, and with which field: one line, lower case, no full stop.
    pub message: String,
    /// What would be right, if that can be said beyond the message.
    pub help: Option<String>,
}

impl InvalidInvocation {
    /// Says what is wrong, without help.
    pub fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), help: None }
    }

    /// Says what would be right, if that is known.
    #[must_use]
    pub(super) fn maybe_help(mut self, help: Option<String>) -> Self {
        self.help = help;
        self
    }

    /// There is more of something than a limit of section 10 allows.
    pub(super) fn over(place: impl fmt::Display, count: usize, unit: &str, limit: usize) -> Self {
        Self::new(format!("`{place}` has {count} {unit}, and at most {limit} are allowed"))
    }
}

impl From<JsonError> for InvalidInvocation {
    fn from(error: JsonError) -> Self {
        Self::new(format!("the JSON is not accepted: {error}"))
    }
}

/// Refuses `count` over `limit`.
pub(super) fn at_most(
    place: impl fmt::Display,
    count: usize,
    unit: &str,
    limit: usize,
) -> Result<(), InvalidInvocation> {
    if count > limit { Err(InvalidInvocation::over(place, count, unit, limit)) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::at_most;

    #[test]
    fn a_limit_is_what_is_still_allowed() {
        assert_eq!(at_most("ref", 5, "bytes", 5), Ok(()));
        let message = at_most("ref", 6, "bytes", 5).map_err(|invalid| invalid.to_string());
        assert_eq!(message, Err("`ref` has 6 bytes, and at most 5 are allowed".to_owned()));
    }
}
