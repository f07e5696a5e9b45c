//! Any bytes as an invocation in the compact form, and whatever is an invocation as JSON through that form and back: the
//! form loses nothing, and changes no verdict.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use policy_core::bundle::Policy;
use policy_core::compile::compile;
use policy_core::invocation::{CompactCaller, CompactInvocation, RawCaller, RawInvocation};
use policy_core::{PolicyFile, check};

const ESTATE: &str = include_str!("../../policy-cli/tests/policy/estate.hcl");

static POLICY: LazyLock<Policy> = LazyLock::new(|| {
    let estate = check(vec![PolicyFile::new("estate.hcl", ESTATE)]).estate.expect("the fixture is an estate");
    Policy::load(compile(&estate, None).expect("the fixture compiles").bytes).expect("what was compiled loads")
});

fuzz_target!(|input: &[u8]| {
    // What has the form is decided, and as its parts are; what has not is refused by both.
    match (POLICY.decide_compact(input), RawInvocation::from_compact(input)) {
        (Ok(verdict), Ok(raw)) => assert_eq!(verdict.to_compact(), POLICY.decide_raw(&raw).to_compact()),
        (Ok(verdict), Err(_)) => assert_eq!(verdict.reason().as_str(), "invalid-invocation"),
        (Err(_), read) => assert!(read.is_err(), "what cannot be decided cannot be read"),
    }
    let Ok(raw) = RawInvocation::from_json(input) else { return };
    // A token or evidence is JSON within the compact form, which `to_json` writes.
    let RawCaller::Principal(principal) = &raw.caller else { return };
    let arguments: Vec<&str> = raw.arguments.iter().map(|argument| &**argument).collect();
    let mut bytes = Vec::new();
    CompactInvocation {
        account: &raw.account,
        caller: CompactCaller::Principal(principal),
        repository: &raw.repository,
        reference: &raw.reference,
        commit: raw.commit.as_deref(),
        path: &raw.path,
        command: &raw.command,
        arguments: &arguments,
        evidence: None,
    }
    .write(&mut bytes);
    let read = RawInvocation::from_compact(&bytes).expect("what was written is read");
    let raw = RawInvocation { evidence: read.evidence.clone(), ..raw };
    assert_eq!(read, raw);
    assert_eq!(RawInvocation::from_json(raw.to_json().as_bytes()).as_ref(), Ok(&raw));
    assert_eq!(
        POLICY.decide_raw(&raw).to_compact(),
        POLICY.decide_compact(&bytes).expect("it has the form").to_compact()
    );
});
