//! The world `decider`: policies are loaded.

use policy_core::bundle::{self, BundleError};

use crate::answers;
use crate::bindings::exports::portcullis::policy::bundles::{self, LoadError, LoadErrorCode};
use crate::bindings::{self, Invocation, Verdict};

/// The component.
struct Decider;

/// A policy that was loaded, and goes when the host drops it.
struct Policy(bundle::Policy);

impl bundles::Guest for Decider {
    type Policy = Policy;
}

impl bundles::GuestPolicy for Policy {
    fn load(bundle: Vec<u8>) -> Result<bundles::Policy, LoadError> {
        let policy = bundle::Policy::load(bundle)?;
        Ok(bundles::Policy::new(Self(policy)))
    }

    fn decide(&self, invocation: Invocation) -> Verdict {
        answers::decide(&self.0, invocation)
    }

    fn explain(&self, invocation: Invocation) -> String {
        answers::explain(&self.0, invocation)
    }

    fn explain_json(&self, json: Vec<u8>) -> String {
        answers::explain_json(&self.0, &json)
    }
}

impl From<BundleError> for LoadError {
    fn from(error: BundleError) -> Self {
        let code = match &error {
            BundleError::NotABundle => LoadErrorCode::NotABundle,
            BundleError::Version { .. } => LoadErrorCode::FormatVersion,
            BundleError::Language { .. } => LoadErrorCode::LanguageVersion,
            BundleError::Truncated { .. } => LoadErrorCode::Truncated,
            BundleError::TooLong { .. } => LoadErrorCode::TooLong,
            BundleError::TooLarge { .. } => LoadErrorCode::TooLarge,
            BundleError::Damaged => LoadErrorCode::Damaged,
            BundleError::Malformed { .. } => LoadErrorCode::Malformed,
            BundleError::NotProved => LoadErrorCode::NotProved,
        };
        Self { code, message: error.to_string() }
    }
}

#[expect(unsafe_code, reason = "functions are exported by name")]
mod exported {
    use super::{Decider, bindings};

    bindings::export!(Decider with_types_in bindings);
}
