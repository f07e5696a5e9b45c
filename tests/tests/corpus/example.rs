//! The examples of `docs/component.md`, which stand here as they stand there.

use wasmtime::component::{Component, Linker};
use wasmtime::{Engine, Store};

wasmtime::component::bindgen!({ path: "../policy-wasm/wit", world: "policy" });

use exports::portcullis::policy::types::{Caller, Invocation, Outcome};

fn may_plan(policy: &[u8]) -> wasmtime::Result<bool> {
    let engine = Engine::default();
    let component = Component::new(&engine, policy)?;
    let mut store = Store::new(&engine, ());
    // An empty linker: there is nothing to import.
    let policy = Policy::instantiate(&mut store, &component, &Linker::new(&engine))?;
    let invocation = Invocation {
        account: "dev".to_owned(),
        caller: Caller::Principal("arn:aws:sts::111111111111:assumed-role/ci-main/run-17".to_owned()),
        repository: "git@github.com:acme/infrastructure-live.git".to_owned(),
        ref_: "refs/heads/main".to_owned(),
        commit: None,
        path: "dev/eu-west-1/app".to_owned(),
        command: "terragrunt-plan".to_owned(),
        arguments: Vec::new(),
        evidence: None,
    };
    let verdict = policy.portcullis_policy_decisions().call_decide(&mut store, &invocation)?;
    Ok(verdict.outcome == Outcome::Permit)
}

const PAGE: &str = include_str!("../../../docs/component.md");

/// The block of a language.
pub(crate) fn block(language: &str) -> &'static str {
    let fence = format!("```{language}\n");
    let (_, behind) = PAGE.split_once(&fence).expect("the page has an example");
    behind.split_once("```").expect("the example ends").0
}

#[test]
fn the_example_in_rust_is_this_one_and_permits() {
    assert!(include_str!("example.rs").contains(block("rust")), "docs/component.md has another example");
    let policy = crate::components::bundle(&workspace_tests::root().join("fixtures/estates/acme/policy"));
    let component = policy_modules::bake_component(&policy).expect("what was compiled is baked");
    assert!(may_plan(&component).expect("there is an answer"));
}
