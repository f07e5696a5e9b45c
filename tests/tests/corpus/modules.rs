//! The WebAssembly modules as engines: baked and handed a bundle, decider and author, in a session and fresh.

use std::path::Path;
use std::sync::LazyLock;

use policy_core::bundle::Policy;
use policy_core::compile::compile;
use policy_core::decision::{Digest, Reason};
use policy_host::{Host, HostedPolicy, Limits};
use policy_modules::{AUTHOR, DECIDER};
use serde_json::Value;
use workspace_tests::module::CompiledModule;

use crate::engines::{self, Engine};

/// Compiling one takes longer than all that an estate asks of it.
static COMPILED_DECIDER: LazyLock<CompiledModule> = LazyLock::new(|| CompiledModule::new(DECIDER));
static COMPILED_AUTHOR: LazyLock<CompiledModule> = LazyLock::new(|| CompiledModule::new(AUTHOR));

pub(crate) fn engines() -> [Box<dyn Engine>; 4] {
    [
        Box::new(Decider { name: "decider", module: &COMPILED_DECIDER, explains: false }),
        Box::new(Decider { name: "author", module: &COMPILED_AUTHOR, explains: true }),
        Box::new(Hosted { name: "host, one session", fresh: false }),
        Box::new(Hosted { name: "host, fresh sandboxes", fresh: true }),
    ]
}

/// A module that is handed the bundle.
struct Decider {
    name: &'static str,
    module: &'static LazyLock<CompiledModule>,
    explains: bool,
}

impl Engine for Decider {
    fn name(&self) -> &'static str {
        self.name
    }

    fn has_full_messages(&self) -> bool {
        self.explains
    }

    fn decide(&self, policy: &Path, requests: &[&[u8]]) -> Vec<String> {
        let policy = compiled(policy);
        let mut instance = self.module.instance();
        assert_eq!(instance.ask("portcullis_load", policy.bytes()).0, 0, "the bundle loads");
        let answer = |request: &&[u8]| {
            let (status, answer) = instance.ask("portcullis_decide_json", request);
            assert_eq!(status, 0, "a decision");
            of_directory(std::str::from_utf8(&answer).expect("text"))
        };
        requests.iter().map(answer).collect()
    }
}

/// A policy module in the Rust host.
struct Hosted {
    name: &'static str,
    fresh: bool,
}

impl Engine for Hosted {
    fn name(&self) -> &'static str {
        self.name
    }

    fn has_full_messages(&self) -> bool {
        false
    }

    fn decide(&self, policy: &Path, requests: &[&[u8]]) -> Vec<String> {
        let policy = compiled(policy);
        let file = policy_modules::bake(&policy).expect("a module");
        let host = Host::new(Limits { instances: 2, ..Limits::default() }).expect("a host");
        let hosted: HostedPolicy = host.load(&file, Digest::of(&file)).expect("a policy");
        let mut session = hosted.session().expect("a session");
        let answer = |request: &&[u8]| {
            let answer = if self.fresh { hosted.decide_json(request) } else { session.decide_json(request) };
            let answer = answer.expect("a decision");
            let said: Value = serde_json::from_str(&answer).expect("JSON");
            let native = policy.decide_json(request);
            let reason = Reason::ALL.into_iter().find(|reason| said["reason"] == reason.as_str());
            assert_eq!(reason, Some(native.reason()), "{answer}");
            of_directory(&answer)
        };
        requests.iter().map(answer).collect()
    }
}

fn compiled(policy: &Path) -> Policy {
    let estate = engines::read(policy).estate.expect("the policy of a case checks");
    Policy::load(compile(&estate, None).expect("it compiles").bytes).expect("it loads")
}

/// A decision by a bundle as one by a directory, which names no bundle.
pub(crate) fn of_directory(answer: &str) -> String {
    let (before, bundle) = answer.rsplit_once("\"bundle\":\"sha256:").expect("a digest of the bundle");
    let (_, behind) = bundle.split_once('"').expect("its end");
    format!("{before}\"bundle\":null{behind}")
}
