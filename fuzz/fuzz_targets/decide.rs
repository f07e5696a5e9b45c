//! Any bytes as a request to a whole estate: a decision, always the same one, whose JSON can be read again; and what is
//! permitted is permitted as well when another program has read the request and written it out anew, so that two
//! readers never disagree about what was permitted.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use policy_core::decision::Outcome;
use policy_core::reference::Reference;
use policy_core::{Estate, PolicyFile, check};
use serde_json::Value;

const FILES: &[(&str, &str)] = &[
    ("accounts/dev.hcl", include_str!("../../fixtures/estates/acme/policy/accounts/dev.hcl")),
    ("accounts/logs.hcl", include_str!("../../fixtures/estates/acme/policy/accounts/logs.hcl")),
    ("accounts/prod.hcl", include_str!("../../fixtures/estates/acme/policy/accounts/prod.hcl")),
    ("accounts/security.hcl", include_str!("../../fixtures/estates/acme/policy/accounts/security.hcl")),
    ("accounts/shared.hcl", include_str!("../../fixtures/estates/acme/policy/accounts/shared.hcl")),
    ("accounts/stage.hcl", include_str!("../../fixtures/estates/acme/policy/accounts/stage.hcl")),
    ("callers.hcl", include_str!("../../fixtures/estates/acme/policy/callers.hcl")),
    ("commands.hcl", include_str!("../../fixtures/estates/acme/policy/commands.hcl")),
    ("estate.hcl", include_str!("../../fixtures/estates/acme/policy/estate.hcl")),
    ("runners.hcl", include_str!("../../fixtures/estates/acme/policy/runners.hcl")),
    ("templates.hcl", include_str!("../../fixtures/estates/acme/policy/templates.hcl")),
];

/// The fields of a decision, in order.
const FIELDS: &[&str] = &[
    "version", "outcome", "reason", "message", "rules", "unmet", "launch", "nearest", "policy", "bundle", "language",
    "engine",
];

static ESTATE: LazyLock<Estate> = LazyLock::new(|| {
    let report = check(FILES.iter().map(|(name, text)| PolicyFile::new(*name, *text)).collect());
    report.estate.expect("the fixture is an estate")
});
static ENGINE: LazyLock<Reference<'static>> = LazyLock::new(|| Reference::new(&ESTATE));

fuzz_target!(|request: &[u8]| {
    let decision = ENGINE.decide_json(request);
    let json = decision.to_json();
    assert_eq!(json, ENGINE.decide_json(request).to_json());
    assert_eq!(json, Reference::new(&ESTATE).decide_json(request).to_json());
    let read: Value = serde_json::from_str(&json).expect("a decision is JSON");
    let fields: Vec<&str> = read.as_object().expect("an object").keys().map(String::as_str).collect();
    assert_eq!(fields, FIELDS);
    if decision.outcome() == Outcome::Deny {
        assert!(decision.launch.is_none() && decision.unmet.is_empty());
    } else {
        assert!(!decision.rules.is_empty() && decision.policy.is_some());
        assert_eq!(decision.outcome() == Outcome::Unmet, !decision.unmet.is_empty());
        let request: Value = serde_json::from_slice(request).expect("what is permitted is JSON to any reader");
        assert_eq!(json, ENGINE.decide_json(request.to_string().as_bytes()).to_json());
    }
});
