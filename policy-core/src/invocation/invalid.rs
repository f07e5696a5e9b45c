//! What is wrong with the shape of an invocation.

use alloc::string::String;

use super::fields::{Place, Read};
use crate::json::JsonError;
use crate::prose::{number, say};

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
}

impl From<JsonError> for InvalidInvocation {
    fn from(error: JsonError) -> Self {
        Self::new(say("the JSON is not accepted: {}", &[&error.message()]))
    }
}

/// Refuses `count` over `limit`, which section 10 sets.
pub(super) fn at_most(place: Place<'_>, count: usize, unit: &str, limit: usize) -> Read<()> {
    if count <= limit {
        return Ok(());
    }
    let what = say(" has {} {}, and at most {} are allowed", &[&number(count), unit, &number(limit)]);
    Err(place.refuse(&what))
}

#[cfg(test)]
mod tests {
    use super::{Place, at_most};

    #[test]
    fn a_limit_is_what_is_still_allowed() {
        assert_eq!(at_most(Place::Named("ref"), 5, "bytes", 5), Ok(()));
        let message = at_most(Place::Named("ref"), 6, "bytes", 5)
            .map_err(|refused| super::InvalidInvocation::from(refused).to_string());
        assert_eq!(message, Err("`ref` has 6 bytes, and at most 5 are allowed".to_owned()));
    }
}
