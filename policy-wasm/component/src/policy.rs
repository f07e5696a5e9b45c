//! The world `policy`: the one that is baked in.

use std::sync::OnceLock;

use policy_core::bundle;

use crate::answers;
use crate::bindings::exports::portcullis::policy::decisions;
use crate::bindings::{self, Invocation, Verdict};

/// The component.
struct Baked;

impl decisions::Guest for Baked {
    fn decide(invocation: Invocation) -> Verdict {
        answers::decide(policy(), invocation)
    }

    fn explain(invocation: Invocation) -> String {
        answers::explain(policy(), invocation)
    }

    fn explain_json(json: Vec<u8>) -> String {
        answers::explain_json(policy(), &json)
    }
}

/// The policy that was baked in, which was checked when that was done.
fn policy() -> &'static bundle::Policy<&'static [u8]> {
    static POLICY: OnceLock<bundle::Policy<&'static [u8]>> = OnceLock::new();
    POLICY.get_or_init(|| match policy_wasm::baked() {
        Some(Ok(policy)) => policy,
        // Nothing that baking made comes here: whoever made this gets no answer at all.
        Some(Err(_)) | None => core::arch::wasm32::unreachable(),
    })
}

#[expect(unsafe_code, reason = "functions are exported by name")]
mod exported {
    use super::{Baked, bindings};

    bindings::export!(Baked with_types_in bindings);
}
