//! The WebAssembly modules: what they promise to every host, also to one that does everything wrong.

mod author;
mod hostile;
mod imports;
mod soak;

use policy_core::bundle::Policy;
use policy_core::compile::compile;
use policy_core::{PolicyFile, check};

/// A policy with one account, one permit and one forbid.
const POLICY: &str = include_str!("../../../policy-wasm/host/tests/sandbox/policy.hcl");

/// What it permits.
const PERMITTED: &str = r#"{"account":"prod","caller":{"principal":"arn:aws:iam::111111111111:role/ci-main"},"repository":"github.com/acme/live","ref":"refs/heads/main","path":"prod/app","command":"plan"}"#;

fn policy(text: &str) -> Policy {
    let estate = check(vec![PolicyFile::new("estate.hcl", text)]).estate.expect("a policy without mistakes");
    Policy::load(compile(&estate, None).expect("it compiles").bytes).expect("it loads")
}

/// The field `reason` of a decision.
fn reason(decision: &[u8]) -> String {
    let decision: serde_json::Value = serde_json::from_slice(decision).expect("a decision");
    decision["reason"].as_str().expect("a reason").to_owned()
}
