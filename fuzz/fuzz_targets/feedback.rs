//! Any bytes as what a CI job says, and as what is to be shown to it: always an answer, which is JSON; what is asked is an
//! invocation; and what a report prints has no more workflow commands than annotations.
#![no_main]

use ci_feedback::wire::{invocation_json, report_json};
use libfuzzer_sys::fuzz_target;
use policy_core::invocation::RawInvocation;
use serde_json::{Value, json};

fuzz_target!(|input: &[u8]| {
    let answer: Value = serde_json::from_str(&invocation_json(input)).expect("an answer is JSON");
    if let Some(asked) = answer.get("asked") {
        let invocation = asked["invocation"].as_str().expect("an invocation");
        RawInvocation::from_json(invocation.as_bytes()).expect("what is asked is an invocation");
        let decision = json!({"version": 1, "outcome": "deny", "reason": "no-permit", "message": "m", "rules": [], "unmet": [],
            "launch": null, "nearest": [], "policy": format!("sha256:{}", "0".repeat(64)), "bundle": null, "language": 1,
            "engine": "wasm"});
        let shown = json!({"version": 1, "decision": decision.to_string(), "asked": asked});
        assert_harmless(&report(shown.to_string().as_bytes()));
    }
    assert_harmless(&report(input));
});

fn report(input: &[u8]) -> Value {
    serde_json::from_str(&report_json(input)).expect("an answer is JSON")
}

/// An annotation is one line, and begins the only workflow command in it.
fn assert_harmless(answer: &Value) {
    let report = &answer["report"];
    for annotation in report["annotations"].as_array().expect("annotations") {
        let line = annotation.as_str().expect("a line");
        assert!(line.starts_with("::") && !line.contains(['\n', '\r']), "{line:?}");
    }
    for (name, value) in report["outputs"].as_object().expect("outputs") {
        assert!(!name.contains(['\n', '=']) && value.is_string(), "{name:?} {value:?}");
    }
    let explanation = report["explanation"].as_str().expect("an explanation");
    assert!(!explanation.lines().any(|line| line.trim_start().starts_with("::")), "{explanation:?}");
}
