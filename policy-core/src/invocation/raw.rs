//! An invocation as it is asked: its shape is checked, its texts are not yet canonical.

use crate::json::{self, Json};
use crate::limits;

use super::fields::{Fields, InvalidInvocation, Valid, wrong_type};
use super::{Claims, Evidence};

/// An invocation as it is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RawInvocation {
    /// The account, by name or id.
    pub account: String,
    /// Who asks.
    pub caller: RawCaller,
    /// From which repository.
    pub repository: String,
    /// From which ref.
    pub reference: String,
    /// At which commit.
    pub commit: Option<String>,
    /// On which path.
    pub path: String,
    /// Which command.
    pub command: String,
    /// With which arguments.
    pub arguments: Vec<String>,
    /// What the runtime found to hold.
    pub evidence: Evidence,
}

/// A caller as it is given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RawCaller {
    /// An AWS principal.
    Principal(String),
    /// The bearer of a token.
    Token {
        /// Who issued it.
        issuer: String,
        /// What it claims.
        claims: Claims,
    },
}

const FIELDS: &[&str] =
    &["account", "caller", "repository", "ref", "commit", "path", "command", "arguments", "evidence"];

impl RawInvocation {
    /// Reads an invocation as JSON: one line without its end.
    ///
    /// # Errors
    /// Where the JSON is not an invocation, or something is over a limit (E6, section 10).
    pub fn from_json(bytes: &[u8]) -> Result<Self, InvalidInvocation> {
        let limits = json::Limits { bytes: limits::INVOCATION_BYTES, nesting: limits::INVOCATION_NESTING };
        let value = json::read(bytes, limits).map_err(|error| InvalidInvocation::new(format!("no JSON: {error}")))?;
        let mut fields = Fields::new("the invocation", value, FIELDS)?;
        let invocation = Self {
            account: fields.text("account")?,
            caller: RawCaller::read("caller", fields.required("caller")?)?,
            repository: fields.text("repository")?,
            reference: fields.text("ref")?,
            commit: fields.take("commit").map(|value| super::fields::text("commit", value)).transpose()?,
            path: fields.text("path")?,
            command: fields.text("command")?,
            arguments: fields.texts("arguments")?,
            evidence: fields.take("evidence").map(Evidence::read).transpose()?.unwrap_or_default(),
        };
        invocation.validate()?;
        Ok(invocation)
    }

    /// Checks the limits of section 10 that are not those of JSON.
    ///
    /// # Errors
    /// Names what is over which limit.
    pub fn validate(&self) -> Result<(), InvalidInvocation> {
        within("repository", &self.repository)?;
        within("ref", &self.reference)?;
        self.caller.validate()?;
        let count = self.arguments.len();
        if count > limits::ARGUMENT_ITEMS {
            return Err(over("arguments", count, "items", limits::ARGUMENT_ITEMS));
        }
        if let Some(longest) = self.arguments.iter().map(String::len).max().filter(|bytes| *bytes > limits::ARGUMENT_BYTES) {
            return Err(over("arguments", longest, "bytes in one item", limits::ARGUMENT_BYTES));
        }
        let bytes: usize = self.arguments.iter().map(String::len).sum();
        if bytes > limits::ARGUMENTS_BYTES {
            return Err(over("arguments", bytes, "bytes", limits::ARGUMENTS_BYTES));
        }
        Ok(())
    }
}

impl RawCaller {
    /// Reads a caller as JSON: `{"principal"}` or `{"issuer", "claims"}`.
    ///
    /// # Errors
    /// Where it is not the `caller` of an invocation.
    pub fn from_json(bytes: &[u8]) -> Result<Self, InvalidInvocation> {
        // In an invocation it stands one level deeper.
        let limits = json::Limits { bytes: limits::INVOCATION_BYTES, nesting: limits::INVOCATION_NESTING - 1 };
        let value = json::read(bytes, limits).map_err(|error| InvalidInvocation::new(format!("no JSON: {error}")))?;
        let caller = Self::read("the caller", value)?;
        caller.validate()?;
        Ok(caller)
    }

    pub(super) fn read(name: &'static str, value: Json<'_>) -> Valid<Self> {
        let mut fields = Fields::new(name, value, &["principal", "issuer", "claims"])?;
        match (fields.take("principal"), fields.take("issuer"), fields.take("claims")) {
            (Some(Json::Text(principal)), None, None) => Ok(Self::Principal(principal.into_owned())),
            (Some(other), None, None) => Err(wrong_type("principal", "text", &other)),
            (None, Some(Json::Text(issuer)), Some(claims)) => {
                Ok(Self::Token { issuer: issuer.into_owned(), claims: Claims::read(claims)? })
            }
            (None, Some(other), Some(_)) => Err(wrong_type("issuer", "text", &other)),
            _ => Err(InvalidInvocation::new(format!("{name} is either `principal`, or `issuer` and `claims`"))),
        }
    }

    pub(super) fn validate(&self) -> Valid<()> {
        match self {
            Self::Principal(text) => within("principal", text),
            Self::Token { issuer, claims } => {
                within("issuer", issuer)?;
                claims.validate()
            }
        }
    }
}

fn within(name: &str, text: &str) -> Valid<()> {
    if text.len() > limits::TEXT_BYTES { Err(over(name, text.len(), "bytes", limits::TEXT_BYTES)) } else { Ok(()) }
}

fn over(name: &str, found: usize, what: &str, limit: usize) -> InvalidInvocation {
    InvalidInvocation::field(name, &format!("has {found} {what}; {limit} are the limit"))
}
