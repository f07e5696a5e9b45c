//! The WebAssembly modules: what they promise to every host, also to one that does everything wrong.

mod author;
mod hostile;
mod imports;
mod soak;

use policy_core::bundle::Policy;
use policy_core::compile::compile;
use policy_core::{PolicyFile, check};

/// A policy with one account, one permit and one forbid.
const POLICY: &str = r#"
repository "live" { remotes = ["github.com/acme/live"] }
caller "ci" { principals = ["arn:aws:iam::111111111111:role/ci-*"] }
runner "planner" {
  image = "planner:1"
  role  = "planner"
}
command "plan" {
  runner  = "planner"
  program = ["terraform", "plan"]
  effect  = "read"
}
account "prod" {
  id = "222222222222"
  permit "plan anything" {
    callers      = ["ci"]
    repositories = ["live"]
    refs         = any()
    paths        = ["prod/**"]
    commands     = ["plan"]
  }
  forbid "not the vault" { paths = ["prod/vault"] }
}
"#;

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
