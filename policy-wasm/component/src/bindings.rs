//! What is generated from the WIT: types, traits for what is exported, and the boundary.

#![expect(clippy::same_length_and_capacity, reason = "the generated code takes lists over as they were handed in")]

#[cfg(not(feature = "baked"))]
wit_bindgen::generate!({ world: "decider", path: "../wit" });

#[cfg(feature = "baked")]
wit_bindgen::generate!({ world: "policy", path: "../wit" });

pub(crate) use self::exports::portcullis::policy::types::{Caller, Invocation, Outcome, Reason, Token, Verdict};
