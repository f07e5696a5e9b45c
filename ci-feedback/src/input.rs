//! What a job knows: its environment, what the user said, and the files that the environment names.

use std::collections::BTreeMap;
use std::fmt;

use crate::system::{System, recognised};

/// The environment variables of a job. Only those of [`needed_variables`](crate::needed_variables) are ever read; it
/// does not show what it holds.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Environment(BTreeMap<String, String>);

impl Environment {
    /// Takes variables by name.
    pub fn new(variables: BTreeMap<String, String>) -> Self {
        Self(variables)
    }

    /// The value, if it is there and not empty: several systems set what does not apply to nothing.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }

    /// The value, also where it is empty.
    pub(crate) fn raw(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    /// All names and values.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }
}

impl fmt::Debug for Environment {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_set().entries(self.0.keys()).finish()
    }
}

/// How GitHub writes the owner and the repository in the `sub` of a token. Repositories made, renamed or transferred since
/// July 2026 have the ids in it, others once somebody chose so; nothing in a job's environment tells which.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SubjectFormat {
    /// `repo:OWNER/NAME:…`
    Names,
    /// `repo:OWNER@ID/NAME@ID:…`
    Ids,
}

impl SubjectFormat {
    /// Reads `names` or `ids`.
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "names" => Some(Self::Names),
            "ids" => Some(Self::Ids),
            _ => None,
        }
    }
}

/// A text that never shows itself.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Takes a text.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    pub(crate) fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Secret")
    }
}

/// What the user said.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Options {
    /// The account, by name or id. Needed.
    pub account: Option<String>,
    /// The folder of the unit. Needed.
    pub path: Option<String>,
    /// The command. Needed.
    pub command: Option<String>,
    /// Its arguments.
    pub arguments: Vec<String>,
    /// Which CI system it is, where the environment looks like several.
    pub system: Option<System>,
    /// In place of what the environment says.
    pub repository: Option<String>,
    /// In place of what the environment says: a ref in full.
    pub reference: Option<String>,
    /// In place of what the environment says.
    pub commit: Option<String>,
    /// Who asks: an ARN.
    pub principal: Option<String>,
    /// Who asks: a token, as the CI system issued it.
    pub token: Option<Secret>,
    /// Who asks: the issuer of `claims`; without them the issuer of the token that is predicted on GitHub.
    pub issuer: Option<String>,
    /// Who asks: claims, as the text of a JSON object.
    pub claims: Option<String>,
    /// Claims of the predicted token that the environment does not say, or says wrong: `NAME=VALUE`, or `NAME` alone for one
    /// that the token does not have.
    pub claim: Vec<String>,
    /// The GitHub environment of the deploying job, for the predicted token.
    pub environment: Option<String>,
    /// How `sub` is written, for the predicted token. It says, too, that the job has no environment but the one that is said.
    pub subject: Option<SubjectFormat>,
}

/// All that an invocation is made of.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Input {
    /// The job's environment.
    pub environment: Environment,
    /// What the user said.
    pub options: Options,
    /// The file that `GITHUB_EVENT_PATH` names, if it could be read.
    pub event: Option<String>,
}

impl Input {
    /// The CI system that it is of, if that is one.
    pub fn system(&self) -> Option<System> {
        recognised(self).ok()
    }
}
