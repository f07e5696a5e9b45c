//! What a call ends with.

use policy_core::bundle::BundleError;

/// How a call ended. A number never gets a second meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(i32)]
pub enum Status {
    /// The result is there.
    Done = 0,
    /// Nothing was loaded yet.
    NoPolicy = 1,
    /// A policy is loaded already; another one takes another instance.
    AlreadyLoaded = 2,
    /// More bytes than the input area was asked to have room for.
    InputLength = 3,
    /// The input does not have the form that the call asks for: the host has a bug.
    InputForm = 4,
    /// There is no memory left.
    Memory = 5,
    /// A call before this one did not end. This instance answers nothing any more.
    Poisoned = 6,
    /// The policy is invalid, or is not compiled; the result says why.
    InvalidPolicy = 7,
    /// The bytes are no bundle.
    NotABundle = 16,
    /// The bundle has a version of the format that this module does not read.
    FormatVersion = 17,
    /// The bundle has a version of the language that this module does not decide by.
    LanguageVersion = 18,
    /// The bundle is shorter than it says.
    Truncated = 19,
    /// The bundle is longer than it says.
    TooLong = 20,
    /// The bundle is larger than any may be.
    TooLarge = 21,
    /// The bundle's check sum is another.
    Damaged = 22,
    /// A part of the bundle does not have its form.
    Malformed = 23,
    /// The bundle was never proved equal to a policy.
    NotProved = 24,
}

impl From<&BundleError> for Status {
    fn from(error: &BundleError) -> Self {
        match error {
            BundleError::NotABundle => Self::NotABundle,
            BundleError::Version { .. } => Self::FormatVersion,
            BundleError::Language { .. } => Self::LanguageVersion,
            BundleError::Truncated { .. } => Self::Truncated,
            BundleError::TooLong { .. } => Self::TooLong,
            BundleError::TooLarge { .. } => Self::TooLarge,
            BundleError::Damaged => Self::Damaged,
            BundleError::Malformed { .. } => Self::Malformed,
            BundleError::NotProved => Self::NotProved,
        }
    }
}
