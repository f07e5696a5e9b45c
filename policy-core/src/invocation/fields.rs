//! The fields of JSON objects whose names the language fixes.

use std::borrow::Cow;

use crate::diagnostic::{nearest, one_of};
use crate::json::Json;

/// Why something is no invocation.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct InvalidInvocation {
    /// One sentence that names the field: lower case, no full stop.
    pub message: String,
}

impl InvalidInvocation {
    pub(super) fn new(message: impl Into<String>) -> Self {
        Self { message: message.into() }
    }

    /// A field with another value than it takes.
    pub(super) fn field(name: &str, problem: &str) -> Self {
        Self::new(format!("`{name}` {problem}"))
    }
}

/// The result of reading a part of an invocation.
pub(super) type Valid<T> = Result<T, InvalidInvocation>;

/// An object whose fields are taken one by one.
pub(super) struct Fields<'a> {
    /// What the object is, for messages: `the invocation`, `caller`, `evidence.plan` …
    name: &'static str,
    fields: Vec<(Cow<'a, str>, Json<'a>)>,
}

impl<'a> Fields<'a> {
    /// The fields of `value`, all of which must be `known`.
    pub(super) fn new(name: &'static str, value: Json<'a>, known: &[&str]) -> Valid<Self> {
        let Json::Object(fields) = value else {
            return Err(InvalidInvocation::new(format!("{name} must be an object, not {}", value.kind())));
        };
        if let Some((unknown, _)) = fields.iter().find(|(field, _)| !known.contains(&&**field)) {
            let help = match nearest(unknown, known.iter().copied()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("it has {}", one_of(known)),
            };
            return Err(InvalidInvocation::new(format!("{name} has no field `{}`; {help}", shortened(unknown))));
        }
        Ok(Self { name, fields })
    }

    /// Takes a field out, if it is there.
    pub(super) fn take(&mut self, field: &str) -> Option<Json<'a>> {
        let index = self.fields.iter().position(|(name, _)| name == field)?;
        Some(self.fields.swap_remove(index).1)
    }

    /// Takes a field out that must be there.
    pub(super) fn required(&mut self, field: &str) -> Valid<Json<'a>> {
        self.take(field).ok_or_else(|| InvalidInvocation::new(format!("{} has no `{field}`", self.name)))
    }

    /// A text that must be there.
    pub(super) fn text(&mut self, field: &str) -> Valid<String> {
        text(field, self.required(field)?)
    }

    /// A whole number of digits only, up to 2^63 - 1, that must be there.
    pub(super) fn count(&mut self, field: &str) -> Valid<u64> {
        let value = self.required(field)?;
        let number = match &value {
            Json::Number(token) if token.bytes().all(|byte| byte.is_ascii_digit()) => token.parse::<i64>().ok(),
            _ => None,
        };
        let number = number.and_then(|number| u64::try_from(number).ok());
        number.ok_or_else(|| InvalidInvocation::field(field, "must be a whole number of digits only, up to 2^63 - 1"))
    }

    /// A boolean, false where it is not there.
    pub(super) fn flag(&mut self, field: &str) -> Valid<bool> {
        match self.take(field) {
            None => Ok(false),
            Some(Json::Bool(value)) => Ok(value),
            Some(other) => Err(wrong_type(field, "a boolean", &other)),
        }
    }

    /// A list, empty where it is not there.
    pub(super) fn list(&mut self, field: &str) -> Valid<Vec<Json<'a>>> {
        match self.take(field) {
            None => Ok(Vec::new()),
            Some(Json::Array(items)) => Ok(items),
            Some(other) => Err(wrong_type(field, "a list", &other)),
        }
    }

    /// A list of texts, empty where it is not there.
    pub(super) fn texts(&mut self, field: &str) -> Valid<Vec<String>> {
        self.list(field)?.into_iter().map(|item| text(field, item)).collect()
    }
}

/// A text.
pub(super) fn text(field: &str, value: Json<'_>) -> Valid<String> {
    match value {
        Json::Text(text) => Ok(text.into_owned()),
        other => Err(wrong_type(field, "text", &other)),
    }
}

pub(super) fn wrong_type(field: &str, expected: &str, found: &Json<'_>) -> InvalidInvocation {
    InvalidInvocation::field(field, &format!("must be {expected}, not {}", found.kind()))
}

/// The beginning of a text that may be long.
pub(super) fn shortened(text: &str) -> String {
    text.chars().take(80).flat_map(char::escape_debug).collect()
}
