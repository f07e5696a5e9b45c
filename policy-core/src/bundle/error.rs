//! Why bytes are no bundle that this program decides with.

use alloc::borrow::ToOwned;
use alloc::string::String;

use super::layout::{MAJOR, MINOR};
use crate::limits::BUNDLE_BYTES;
use crate::prose::{number, push_number, say};

/// Bytes that are not decided with.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.message())]
pub enum BundleError {
    /// They do not begin as a bundle does.
    NotABundle,
    /// The version of the format is another.
    Version {
        /// The major version it says.
        major: u16,
        /// The minor version it says.
        minor: u16,
    },
    /// The language is another.
    Language {
        /// The version it says.
        language: u32,
    },
    /// It is shorter than it says.
    Truncated {
        /// How many bytes there are.
        bytes: usize,
        /// How many there should be.
        expected: usize,
    },
    /// It is longer than it says.
    TooLong {
        /// How many bytes there are.
        bytes: usize,
        /// How many there should be.
        expected: u64,
    },
    /// It is longer than any bundle may be.
    TooLarge {
        /// How many bytes there are.
        bytes: usize,
    },
    /// The check sum is another.
    Damaged,
    /// A part does not have the form that the format asks for.
    Malformed {
        /// The section, or `header`.
        part: &'static str,
    },
    /// It was never proved equal to a policy.
    NotProved,
}

impl BundleError {
    /// What is wrong: one line, lower case, no full stop.
    pub fn message(&self) -> String {
        match self {
            Self::NotABundle => "this is not a policy bundle".to_owned(),
            Self::Version { major, minor } => {
                let (theirs, ours) = (version(*major, *minor), version(MAJOR, MINOR));
                say("the bundle has format version {}; this program reads {}", &[&theirs, &ours])
            }
            Self::Language { language } => {
                let language = number(*language as usize);
                say("the bundle has language version {}; this program decides by language version 1", &[&language])
            }
            Self::Truncated { bytes, expected } => {
                say("the bundle is truncated: it has {} of {} bytes", &[&number(*bytes), &number(*expected)])
            }
            Self::TooLong { bytes, expected } => {
                let mut length = String::new();
                push_number(&mut length, *expected);
                say("the bundle says that it has {} bytes, and has {}", &[&length, &number(*bytes)])
            }
            Self::TooLarge { bytes } => {
                let (bytes, most) = (number(*bytes), number(BUNDLE_BYTES));
                say("the bundle has {} bytes, and at most {} are allowed", &[&bytes, &most])
            }
            Self::Damaged => "the bundle is damaged: its check sum does not match".to_owned(),
            Self::Malformed { part } => say("the bundle is malformed in its {}", &[part]),
            Self::NotProved => "the bundle was not proved equal to its policy".to_owned(),
        }
    }

    /// What to do about it.
    pub const fn help(&self) -> &'static str {
        match self {
            Self::NotABundle => "name a file that `portcullis compile` wrote, or a policy directory",
            Self::Version { .. } | Self::Language { .. } => {
                "compile the policy with this version of portcullis, or decide with the version that wrote the bundle"
            }
            Self::Truncated { .. } | Self::TooLong { .. } | Self::Damaged => {
                "copy or download it again, and compare its SHA-256 with the one that `portcullis compile` printed"
            }
            Self::TooLarge { .. } => "compile single accounts with `--account`",
            Self::Malformed { .. } | Self::NotProved => "do not trust where it came from; compile the policy again",
        }
    }
}

fn version(major: u16, minor: u16) -> String {
    say("{}.{}", &[&number(major.into()), &number(minor.into())])
}
