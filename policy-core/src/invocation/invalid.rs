//! What is wrong with the shape of an invocation.

use alloc::string::String;

use super::fields::Place;
use crate::json::JsonError;
use crate::prose::{HELPS, number};

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

    /// Says what is wrong with what stands at a place.
    pub(super) fn at(place: Place<'_>, what: &str) -> Self {
        Self::new(["`", &place.text(), "`", what].concat())
    }

    /// Says what would be right, if that is known and there is room for help.
    #[must_use]
    pub(super) fn help_by(mut self, help: impl FnOnce() -> Option<String>) -> Self {
        if HELPS {
            self.help = help();
        }
        self
    }
}

impl From<JsonError> for InvalidInvocation {
    fn from(error: JsonError) -> Self {
        Self::new(["the JSON is not accepted: ", &error.message()].concat())
    }
}

/// Refuses `count` over `limit`, which section 10 sets.
pub(super) fn at_most(place: Place<'_>, count: usize, unit: &str, limit: usize) -> Result<(), InvalidInvocation> {
    if count <= limit {
        return Ok(());
    }
    let what = [" has ", &number(count), " ", unit, ", and at most ", &number(limit), " are allowed"].concat();
    Err(InvalidInvocation::at(place, &what))
}

#[cfg(test)]
mod tests {
    use super::{Place, at_most};

    #[test]
    fn a_limit_is_what_is_still_allowed() {
        assert_eq!(at_most(Place::Named("ref"), 5, "bytes", 5), Ok(()));
        let message = at_most(Place::Named("ref"), 6, "bytes", 5).map_err(|invalid| invalid.to_string());
        assert_eq!(message, Err("`ref` has 6 bytes, and at most 5 are allowed".to_owned()));
    }
}
