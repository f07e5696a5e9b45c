//! Why bytes are no bundle that this program decides with.

use super::layout::{MAJOR, MINOR};
use crate::limits::BUNDLE_BYTES;

/// Bytes that are not decided with.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BundleError {
    /// They do not begin as a bundle does.
    #[error("this is not a policy bundle")]
    NotABundle,
    /// The version of the format is another.
    #[error("the bundle has format version {major}.{minor}; this program reads {MAJOR}.{MINOR}")]
    Version {
        /// The major version it says.
        major: u16,
        /// The minor version it says.
        minor: u16,
    },
    /// The language is another.
    #[error("the bundle has language version {language}; this program decides by language version 1")]
    Language {
        /// The version it says.
        language: u32,
    },
    /// It is shorter than it says.
    #[error("the bundle is truncated: it has {bytes} of {expected} bytes")]
    Truncated {
        /// How many bytes there are.
        bytes: usize,
        /// How many there should be.
        expected: usize,
    },
    /// It is longer than it says.
    #[error("the bundle says that it has {expected} bytes, and has {bytes}")]
    TooLong {
        /// How many bytes there are.
        bytes: usize,
        /// How many there should be.
        expected: u64,
    },
    /// It is longer than any bundle may be.
    #[error("the bundle has {bytes} bytes, and at most {BUNDLE_BYTES} are allowed")]
    TooLarge {
        /// How many bytes there are.
        bytes: usize,
    },
    /// The check sum is another.
    #[error("the bundle is damaged: its check sum does not match")]
    Damaged,
    /// A part does not have the form that the format asks for.
    #[error("the bundle is malformed in its {part}")]
    Malformed {
        /// The section, or `header`.
        part: &'static str,
    },
    /// It was never proved equal to a policy.
    #[error("the bundle was not proved equal to its policy")]
    NotProved,
}

impl BundleError {
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
