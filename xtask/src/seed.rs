//! The seed of the random parts.

use std::hash::{BuildHasher as _, RandomState};

/// The variable that tests read the seed from.
pub(crate) const VARIABLE: &str = "PORTCULLIS_SEED";

/// A seed that was not used before, as far as chance goes. The standard library's hash keys are random, which saves a
/// dependency.
pub(crate) fn fresh() -> u64 {
    RandomState::new().hash_one(std::process::id())
}
