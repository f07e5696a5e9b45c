//! Our engine as all measurements see it: the one module that knows which of our engines it is.

use policy_core::decision::{Decision, Outcome};
use policy_core::invocation::{Invocation, RawInvocation};
use policy_core::reference::Reference;
use policy_core::{Estate, PolicyFile, check};

/// What the tables call it.
pub const NAME: &str = "Portcullis (reference engine)";

/// An engine that is ready to decide.
pub struct Engine(Reference<'static>);

impl Engine {
    /// The engine for a checked estate. The reference engine reads the estate itself, which therefore has to stay: a
    /// measuring process makes few of them and ends soon.
    pub fn new(estate: Estate) -> Self {
        Self(Reference::new(Box::leak(Box::new(estate))))
    }

    /// Decides, and says no more than whether it is permitted.
    pub fn permits(&self, invocation: &Invocation) -> bool {
        self.0.decide(invocation).outcome() == Outcome::Permit
    }

    /// As [`permits`](Self::permits), from what was typed.
    pub fn permits_raw(&self, raw: &RawInvocation) -> bool {
        self.0.decide_raw(raw).outcome() == Outcome::Permit
    }

    /// Decides and explains.
    pub fn explain(&self, invocation: &Invocation) -> Decision {
        self.0.decide(invocation)
    }

    /// From JSON to JSON, explained.
    pub fn explain_json(&self, json: &[u8]) -> String {
        self.0.decide_json(json).to_json()
    }
}

/// The checked estate of these files.
pub fn estate(files: Vec<(String, String)>) -> Estate {
    let files = files.into_iter().map(|(name, text)| PolicyFile::new(name, text)).collect();
    check(files).estate.expect("the policy has no mistakes")
}

/// The bundle of an estate, proved equal to it; none with an engine that has no bundles.
pub fn compile(_estate: &Estate) -> Option<Vec<u8>> {
    None
}

/// The engine for the bytes of a bundle; none with an engine that has no bundles.
pub fn load(_bundle: Vec<u8>) -> Option<Engine> {
    None
}

/// What `portcullis decide` takes to decide by a bundle; none while it takes none.
pub fn bundle_arguments(_bundle: &std::path::Path) -> Option<Vec<std::ffi::OsString>> {
    None
}
