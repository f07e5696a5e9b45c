//! Our engine as all measurements see it: the one module that knows which of our engines it is.

use policy_core::bundle::Policy;
use policy_core::compile;
use policy_core::decision::{Decision, Outcome};
use policy_core::invocation::{CompactCaller, CompactInvocation, Invocation, RawCaller, RawInvocation};
use policy_core::{Estate, PolicyFile, check};

/// What the tables call it.
pub const NAME: &str = "Portcullis";

/// An engine that is ready to decide.
pub struct Engine(Policy);

impl Engine {
    /// The engine for a checked estate.
    pub fn new(estate: Estate) -> Self {
        compile(&estate).and_then(load).expect("the estate compiles to a valid bundle")
    }

    /// Decides, and says no more than whether it is permitted.
    pub fn permits(&self, invocation: &Invocation) -> bool {
        self.0.decide(invocation).outcome() == Outcome::Permit
    }

    /// As [`permits`](Self::permits), from what was typed.
    pub fn permits_raw(&self, raw: &RawInvocation) -> bool {
        self.0.decide_raw(raw).outcome() == Outcome::Permit
    }

    /// As [`permits`](Self::permits), from the compact form.
    pub fn permits_compact(&self, bytes: &[u8]) -> bool {
        self.0.decide_compact(bytes).expect("the form is right").outcome() == Outcome::Permit
    }

    /// Decides and explains.
    pub fn explain(&self, invocation: &Invocation) -> Decision<'_> {
        self.0.explain(invocation)
    }

    /// From JSON to JSON, explained.
    pub fn explain_json(&self, json: &[u8]) -> String {
        self.0.explain_json(json).to_json()
    }
}

/// A policy as a module of its own.
pub fn module(bundle: Vec<u8>) -> Vec<u8> {
    policy_modules::bake(&Policy::load(bundle).expect("the bundle is valid")).expect("the bundle fits into a module")
}

/// An invocation in the compact form.
pub fn compact(raw: &RawInvocation) -> Vec<u8> {
    let mut bytes = Vec::new();
    with_compact(raw, |invocation| invocation.write(&mut bytes));
    bytes
}

/// Hands on what the compact form is written from.
pub fn with_compact<T>(raw: &RawInvocation, work: impl FnOnce(&CompactInvocation<'_>) -> T) -> T {
    let RawCaller::Principal(principal) = &raw.caller else { panic!("all callers are principals") };
    work(&CompactInvocation {
        account: &raw.account,
        caller: CompactCaller::Principal(principal),
        repository: &raw.repository,
        reference: &raw.reference,
        commit: None,
        path: &raw.path,
        command: &raw.command,
        arguments: &[],
        evidence: None,
    })
}

/// The checked estate of these files.
pub fn estate(files: Vec<(String, String)>) -> Estate {
    let files = files.into_iter().map(|(name, text)| PolicyFile::new(name, text)).collect();
    check(files).estate.expect("the policy has no mistakes")
}

/// The bundle of an estate, proved equal to it.
pub fn compile(estate: &Estate) -> Option<Vec<u8>> {
    Some(compile::compile(estate, None).expect("the estate compiles").bytes)
}

/// The engine for the bytes of a bundle.
pub fn load(bundle: Vec<u8>) -> Option<Engine> {
    Some(Engine(Policy::load(bundle).expect("the bundle is valid")))
}

/// What `portcullis decide` takes to decide by a bundle.
pub fn bundle_arguments(bundle: &std::path::Path) -> Option<Vec<std::ffi::OsString>> {
    Some(vec!["--policy".into(), bundle.into()])
}
