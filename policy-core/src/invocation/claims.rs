//! The claims of a token (C6).

use std::fmt;

use crate::json::{ArrayWriter, Json, ObjectWriter, write_text};
use crate::limits;

use super::fields::{InvalidInvocation, Valid, shortened};

/// The claims of a token, by the bytes of their names.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Claims(Vec<(String, Claim)>);

/// The value of a claim.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Claim {
    /// A text, matched as it is.
    Text(String),
    /// A number, matched by the characters of its token.
    Number(String),
    /// A boolean, matched as `true` or `false`.
    Bool(bool),
    /// A list, of which one element must match. Its elements are texts, numbers, booleans and nested values.
    Array(Vec<Claim>),
    /// `null`, which never matches.
    Null,
    /// An object, or a list in a list, which never matches: its compact JSON.
    Nested(String),
}

impl Claims {
    /// Reads the object of claims.
    pub(super) fn read(value: Json<'_>) -> Valid<Self> {
        let Json::Object(fields) = value else {
            return Err(InvalidInvocation::field("claims", &format!("must be an object, not {}", value.kind())));
        };
        let mut claims = Vec::with_capacity(fields.len());
        for (name, value) in fields {
            let claim = Claim::read(&name, value, true)?;
            claims.push((name.into_owned(), claim));
        }
        claims.sort_by(|(left, _), (right, _)| left.cmp(right));
        let claims = Self(claims);
        claims.validate()?;
        Ok(claims)
    }

    /// Section 10: how many claims, elements and bytes there may be.
    pub(super) fn validate(&self) -> Valid<()> {
        if self.0.len() > limits::CLAIMS {
            return Err(InvalidInvocation::field("claims", &format!("has {} claims; {} are the limit", self.0.len(), limits::CLAIMS)));
        }
        for (name, claim) in &self.0 {
            let elements = if let Claim::Array(elements) = claim { elements.len() } else { 0 };
            if elements > limits::CLAIM_ELEMENTS {
                let problem = format!("has {elements} elements; {} are the limit", limits::CLAIM_ELEMENTS);
                return Err(InvalidInvocation::field(&shortened(name), &problem));
            }
            let longest = claim.texts().map(str::len).chain([name.len()]).max().unwrap_or(0);
            if longest > limits::TEXT_BYTES {
                let problem = format!("is a claim with a text of {longest} bytes; {} are the limit", limits::TEXT_BYTES);
                return Err(InvalidInvocation::field(&shortened(name), &problem));
            }
        }
        Ok(())
    }

    fn get(&self, name: &str) -> Option<&Claim> {
        let index = self.0.binary_search_by(|(other, _)| other.as_str().cmp(name)).ok()?;
        self.0.get(index).map(|(_, claim)| claim)
    }

    /// The texts of a claim, one of which must match; none where it is absent, `null` or nested.
    pub fn texts(&self, name: &str) -> Vec<&str> {
        self.get(name).map(|claim| claim.texts().collect()).unwrap_or_default()
    }

    /// The claim, if it is text; what persons and `sub` are taken from.
    pub fn text(&self, name: &str) -> Option<&str> {
        match self.get(name)? {
            Claim::Text(text) => Some(text),
            _ => None,
        }
    }
}

impl Claim {
    fn read(name: &str, value: Json<'_>, top: bool) -> Valid<Self> {
        Ok(match value {
            Json::Text(text) => Self::Text(text.into_owned()),
            Json::Number(token) => Self::Number(token.to_owned()),
            Json::Bool(value) => Self::Bool(value),
            Json::Null if top => Self::Null,
            Json::Array(elements) if top => {
                Self::Array(elements.into_iter().map(|element| Self::read(name, element, false)).collect::<Valid<_>>()?)
            }
            nested => {
                if holds_null(&nested) {
                    return Err(InvalidInvocation::field(&shortened(name), "holds `null`, which may only be a claim's whole value"));
                }
                let mut text = String::new();
                nested.write(&mut text);
                Self::Nested(text)
            }
        })
    }

    /// What is matched.
    fn texts(&self) -> impl Iterator<Item = &str> {
        let elements = match self {
            Self::Array(elements) => elements.as_slice(),
            other => std::slice::from_ref(other),
        };
        elements.iter().filter_map(|element| match element {
            Self::Text(text) | Self::Number(text) => Some(text.as_str()),
            Self::Bool(true) => Some("true"),
            Self::Bool(false) => Some("false"),
            Self::Array(_) | Self::Null | Self::Nested(_) => None,
        })
    }

    fn write(&self, out: &mut String) {
        match self {
            Self::Text(text) => write_text(out, text),
            Self::Number(text) | Self::Nested(text) => out.push_str(text),
            Self::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
            Self::Null => out.push_str("null"),
            Self::Array(elements) => {
                let mut array = ArrayWriter::new(out);
                elements.iter().for_each(|element| element.write(array.item()));
                array.finish();
            }
        }
    }
}

/// Whether `null` stands in a value. The reader bounds its depth.
fn holds_null(value: &Json<'_>) -> bool {
    match value {
        Json::Null => true,
        Json::Array(items) => items.iter().any(holds_null),
        Json::Object(fields) => fields.iter().any(|(_, value)| holds_null(value)),
        _ => false,
    }
}

impl fmt::Display for Claims {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut out = String::new();
        let mut object = ObjectWriter::new(&mut out);
        self.0.iter().for_each(|(name, claim)| claim.write(object.field(name)));
        object.finish();
        formatter.write_str(&out)
    }
}
