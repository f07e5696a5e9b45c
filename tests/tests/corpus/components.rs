//! The components, in wasmtime: the decider with a bundle loaded, and policies as components.

use std::path::Path;
use std::sync::LazyLock;

use policy_core::bundle::Policy;
use policy_core::compile::compile;
use policy_core::decision::{Outcome, Reason};
use policy_core::invocation::{RawCaller, RawInvocation};
use serde_json::{Value, json};
use wasmtime::component::{Component, Instance, InstancePre, Linker, ResourceAny};
use wasmtime::{Engine as Runtime, Store};

use crate::engines::{Engine, read, without_bundle};

pub(crate) use bindings::exports::portcullis::policy::bundles::{self, LoadErrorCode};
use bindings::exports::portcullis::policy::decisions;
pub(crate) use bindings::exports::portcullis::policy::types::{Caller, Invocation, Token, Verdict};

mod bindings {
    // Both worlds at once, so that they share their types.
    wasmtime::component::bindgen!({
        inline: "
            package portcullis:tests;

            world both {
                include portcullis:policy/policy@0.1.0;
                include portcullis:policy/decider@0.1.0;
            }
        ",
        path: "../policy-wasm/wit",
    });
}

/// Compiles what follows; one is enough.
pub(crate) static RUNTIME: LazyLock<Runtime> = LazyLock::new(Runtime::default);

/// The decider, as a component that a bundle is loaded into.
pub(crate) struct Decider;

/// A policy, as a component with its bundle baked in.
pub(crate) struct Baked;

impl Engine for Decider {
    fn name(&self) -> &'static str {
        "component"
    }

    fn has_full_messages(&self) -> bool {
        false
    }

    fn decide(&self, policy: &Path, requests: &[&[u8]]) -> Vec<String> {
        let bundle = bundle(policy);
        let mut loaded = Loaded::new();
        let policy = loaded.load(bundle.bytes()).expect("what was compiled loads");
        answers(&bundle, requests, |asked| match asked {
            Asked::Json(json) => loaded.explain_json(policy, json),
            Asked::Explain(invocation) => loaded.explain(policy, invocation),
            Asked::Decide(invocation) => as_said(&loaded.decide(policy, invocation)),
        })
    }
}

impl Engine for Baked {
    fn name(&self) -> &'static str {
        "policy component"
    }

    fn has_full_messages(&self) -> bool {
        false
    }

    fn decide(&self, policy: &Path, requests: &[&[u8]]) -> Vec<String> {
        let bundle = bundle(policy);
        let component = policy_modules::bake_component(&bundle).expect("what was compiled is baked");
        let (mut store, instance, pre) = instantiated(&compiled(&component));
        let decisions = decisions::GuestIndices::new(&pre).and_then(|indices| indices.load(&mut store, &instance));
        let decisions = decisions.expect("a policy exports `decisions`");
        answers(&bundle, requests, |asked| match asked {
            Asked::Json(json) => decisions.call_explain_json(&mut store, json).expect(NO_TRAP),
            Asked::Explain(invocation) => decisions.call_explain(&mut store, invocation).expect(NO_TRAP),
            Asked::Decide(invocation) => as_said(&decisions.call_decide(&mut store, invocation).expect(NO_TRAP)),
        })
    }
}

const NO_TRAP: &str = "whatever is asked has an answer";

/// An instance of the decider.
pub(crate) struct Loaded {
    pub(crate) store: Store<()>,
    bundles: bundles::Guest,
}

impl Loaded {
    pub(crate) fn new() -> Self {
        let (mut store, instance, pre) = instantiated(&DECIDER);
        let bundles = bundles::GuestIndices::new(&pre).and_then(|indices| indices.load(&mut store, &instance));
        Self { store, bundles: bundles.expect("the decider exports `bundles`") }
    }

    pub(crate) fn load(&mut self, bundle: &[u8]) -> Result<ResourceAny, bundles::LoadError> {
        self.bundles.policy().call_load(&mut self.store, bundle).expect(NO_TRAP)
    }

    pub(crate) fn explain_json(&mut self, policy: ResourceAny, json: &[u8]) -> String {
        self.bundles.policy().call_explain_json(&mut self.store, policy, json).expect(NO_TRAP)
    }

    pub(crate) fn explain(&mut self, policy: ResourceAny, asked: &Invocation) -> String {
        self.bundles.policy().call_explain(&mut self.store, policy, asked).expect(NO_TRAP)
    }

    pub(crate) fn decide(&mut self, policy: ResourceAny, asked: &Invocation) -> Verdict {
        self.bundles.policy().call_decide(&mut self.store, policy, asked).expect(NO_TRAP)
    }
}

/// Compiling it takes longer than all that an estate asks of it.
static DECIDER: LazyLock<Component> = LazyLock::new(|| compiled(policy_modules::COMPONENT));

fn compiled(component: &[u8]) -> Component {
    Component::new(&RUNTIME, component).expect("the component is valid")
}

/// An instance of a component, which is given nothing.
fn instantiated(component: &Component) -> (Store<()>, Instance, InstancePre<()>) {
    let pre = Linker::new(&RUNTIME).instantiate_pre(component).expect("the component imports nothing");
    let mut store = Store::new(&RUNTIME, ());
    let instance = pre.instantiate(&mut store).expect("the component starts");
    (store, instance, pre)
}

/// The bundle of the estate in a folder.
pub(crate) fn bundle(policy: &Path) -> Policy {
    let estate = read(policy).estate.expect("the policy of a case checks");
    let compiled = compile(&estate, None).unwrap_or_else(|error| panic!("{}: {error}", policy.display()));
    Policy::load(compiled.bytes).expect("what was compiled loads")
}

/// One call of a component.
pub(crate) enum Asked<'a> {
    /// `explain-json`.
    Json(&'a [u8]),
    /// `explain`.
    Explain(&'a Invocation),
    /// `decide`; the answer is [`as_said`].
    Decide(&'a Invocation),
}

/// What is answered to requests as JSON; those that are invocations are asked with types too, and the answers agree.
pub(crate) fn answers(bundle: &Policy, requests: &[&[u8]], mut ask: impl FnMut(Asked<'_>) -> String) -> Vec<String> {
    let mut answer = |request: &&[u8]| {
        let json = ask(Asked::Json(request));
        if let Some(invocation) = typed(request) {
            assert_eq!(ask(Asked::Explain(&invocation)), json, "an invocation with types");
            let whole: Value = serde_json::from_str(&json).expect("a decision is JSON");
            let said = ["outcome", "reason", "policy"].map(|field| (field.to_owned(), whole[field].clone()));
            let said = Value::Object(said.into_iter().collect());
            assert_eq!(ask(Asked::Decide(&invocation)), said.to_string(), "a verdict");
        }
        without_bundle(&json, &bundle.digest().to_string())
    };
    requests.iter().map(&mut answer).collect()
}

/// A verdict as JSON, its words being those of a decision.
fn as_said(verdict: &Verdict) -> String {
    let outcome = Outcome::ALL[verdict.outcome as usize].as_str();
    let reason = Reason::ALL[verdict.reason as usize].as_str();
    json!({"outcome": outcome, "reason": reason, "policy": verdict.policy}).to_string()
}

/// A request with the types of the interface, if it is an invocation at all.
pub(crate) fn typed(request: &[u8]) -> Option<Invocation> {
    let raw = RawInvocation::from_json(request).ok()?;
    let whole: Value = serde_json::from_slice(request).expect("what we read as JSON is JSON");
    Some(Invocation {
        account: raw.account,
        caller: match raw.caller {
            RawCaller::Principal(text) => Caller::Principal(text),
            RawCaller::Token { issuer, claims } => Caller::Token(Token { issuer, claims: claims.to_string() }),
        },
        repository: raw.repository,
        ref_: raw.reference,
        commit: raw.commit,
        path: raw.path,
        command: raw.command,
        arguments: raw.arguments,
        evidence: whole.get("evidence").map(ToString::to_string),
    })
}
