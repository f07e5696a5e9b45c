//! One invocation by both engines.

use policy_core::bundle::Policy;
use policy_core::compile::compile;
use policy_core::decision::{Decision, Engine};
use policy_core::invocation::{Invocation, RawInvocation};
use policy_core::reference::Reference;
use policy_core::{Estate, PolicyFile, check};

/// The estate of a policy text; what is wrong with it otherwise.
pub(crate) fn checked(text: &str) -> Result<Estate, String> {
    let report = check(vec![PolicyFile::new("estate.hcl", text)]);
    report.estate.ok_or_else(|| {
        let said = report.diagnostics.iter();
        let said: Vec<String> =
            said.map(|found| format!("{}: `{}`", found.message, report.sources.text(found.span))).collect();
        said.join("\n")
    })
}

/// The bundle of an estate, loaded.
pub(crate) fn compiled(estate: &Estate) -> Result<Policy, String> {
    let compiled = compile(estate, None).map_err(|error| format!("does not compile: {error}"))?;
    Policy::load(compiled.bytes).map_err(|error| format!("does not load: {error}"))
}

/// A decision without what engines may differ in.
pub(crate) fn shared(decision: Decision<'_>) -> Decision<'_> {
    Decision { engine: Engine::Reference, message: String::new(), bundle: None, ..decision }
}

/// The same decision twice over, by its meaning; `Err` says how they differ.
pub(crate) fn agree(
    reference: &Reference<'_>,
    policy: &Policy,
    raw: &RawInvocation,
) -> Result<Decision<'static>, String> {
    // What is canonical is read once for all, but for the engine's own way to decide without that.
    let decided = policy.decide_raw(raw);
    let (expected, verdict, explained) = match Invocation::parse(raw) {
        Ok(asked) => (reference.decide(&asked), policy.decide(&asked), policy.explain(&asked)),
        Err(_) => (reference.decide_raw(raw), decided, policy.explain_raw(raw)),
    };
    let (expected, explained) = (shared(expected), shared(explained));
    for verdict in [verdict, decided] {
        if (verdict.reason(), verdict.policy()) != (expected.reason, expected.policy) {
            return Err(format!("decided {}, not {}", verdict.reason().as_str(), expected.to_json()));
        }
    }
    if explained == expected { Ok(expected) } else { Err(differ(&explained, &expected)) }
}

/// The same by the text that goes in and the text that comes out.
pub(crate) fn agree_as_json(reference: &Reference<'_>, policy: &Policy, request: &[u8]) -> Result<(), String> {
    let expected = shared(reference.decide_json(request)).to_json();
    let (verdict, explained) = (policy.decide_json(request), shared(policy.explain_json(request)));
    if explained.to_json() != expected || verdict.reason() != explained.reason || verdict.policy() != explained.policy {
        return Err(format!("{}\n  {}\n  not {expected}", verdict.reason().as_str(), explained.to_json()));
    }
    Ok(())
}

fn differ(explained: &Decision<'_>, expected: &Decision<'_>) -> String {
    format!("explained\n  {}\n  not {}", explained.to_json(), expected.to_json())
}
