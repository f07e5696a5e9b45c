//! What users of the host rely on.

use policy_core::bundle::Policy;
use policy_core::compile::compile;
use policy_core::{PolicyFile, check};
use policy_host::{
    CompactCaller, CompactInvocation, Digest, Host, HostError, HostedPolicy, Limits, Outcome, Reason, Session,
};

const POLICY: &str = include_str!("policy.hcl");

fn bundle() -> Policy {
    let estate = check(vec![PolicyFile::new("estate.hcl", POLICY)]).estate.unwrap();
    Policy::load(compile(&estate, None).unwrap().bytes).unwrap()
}

fn asked(path: &str) -> CompactInvocation<'_> {
    CompactInvocation {
        account: "prod",
        caller: CompactCaller::Principal("arn:aws:iam::111111111111:role/ci-main"),
        repository: "git@github.com:acme/live.git",
        reference: "refs/heads/main",
        commit: None,
        path,
        command: "plan",
        arguments: &[],
        evidence: None,
    }
}

fn hosted(instances: u32) -> HostedPolicy {
    let host = Host::new(Limits { instances, ..Limits::default() }).unwrap();
    host.bake(&bundle()).unwrap()
}

#[test]
fn a_decision_is_the_native_one() {
    let (policy, native) = (hosted(2), bundle());
    let mut session = policy.session().unwrap();
    for path in ["prod/app", "prod/vault", "stage/app", "prod//app"] {
        let mut bytes = Vec::new();
        asked(path).write(&mut bytes);
        let expected = native.decide_compact(&bytes).unwrap();
        let verdicts = [policy.decide(&asked(path)), session.decide(&asked(path))];
        for verdict in verdicts.map(|verdict| verdict.unwrap()) {
            assert_eq!((verdict.reason, verdict.policy), (expected.reason(), expected.policy()), "{path}");
        }
        let json = format!(
            r#"{{"account":"prod","caller":{{"principal":"arn:aws:iam::111111111111:role/ci-main"}},"repository":"github.com/acme/live","ref":"refs/heads/main","path":"{path}","command":"plan"}}"#
        );
        let expected = native.explain_json(json.as_bytes());
        for decision in [policy.decide_json(json.as_bytes()), session.decide_json(json.as_bytes())] {
            let decision = decision.unwrap();
            assert!(decision.contains(&format!("\"reason\":\"{}\"", expected.reason.as_str())), "{decision}");
            assert!(decision.contains(&expected.policy.unwrap().to_string()), "{decision}");
            assert!(decision.ends_with("\"engine\":\"wasm\"}"), "{decision}");
        }
    }
}

#[test]
fn threads_share_a_policy() {
    fn shared<T: Send + Sync + 'static>() {}
    fn sent<T: Send + 'static>() {}
    shared::<Host>();
    shared::<HostedPolicy>();
    sent::<Session>();
    let policy = hosted(8);
    let deciding = |_| {
        let policy = policy.clone();
        std::thread::spawn(move || {
            for _ in 0..200 {
                assert_eq!(policy.decide(&asked("prod/app")).unwrap().outcome, Outcome::Permit);
                assert_eq!(policy.decide(&asked("prod/vault")).unwrap().reason, Reason::Forbidden);
            }
        })
    };
    let threads: Vec<_> = (0..4).map(deciding).collect();
    threads.into_iter().for_each(|thread| thread.join().unwrap());
}

#[test]
fn instances_are_counted() {
    let policy = hosted(2);
    let first = policy.session().unwrap();
    let second = policy.session().unwrap();
    assert!(matches!(policy.session(), Err(HostError::Busy)));
    assert!(matches!(policy.decide(&asked("prod/app")), Err(HostError::Busy)));
    drop(first);
    assert_eq!(policy.decide(&asked("prod/app")).unwrap().outcome, Outcome::Permit);
    drop(second);
}

#[test]
#[expect(unsafe_code, reason = "the artefact was made a moment ago by this very test")]
fn what_was_compiled_ahead_of_time_decides_alike() {
    let policy = hosted(2);
    let artefact = policy.precompiled().unwrap();
    let host = Host::new(Limits::default()).unwrap();
    // SAFETY: made above, and held in memory since.
    let taken = unsafe { host.load_precompiled(&artefact, Digest::of(&artefact)) }.unwrap();
    assert_eq!(taken.decide(&asked("prod/app")).unwrap().outcome, Outcome::Permit);
    let mut swapped = artefact.clone();
    let last = swapped.len() - 1;
    swapped[last] ^= 1;
    // SAFETY: refused by its digest before anything of it is used.
    let refused = unsafe { host.load_precompiled(&swapped, Digest::of(&artefact)) };
    assert!(matches!(refused, Err(HostError::Digest { .. })));
    // A policy module is no artefact: wasmtime refuses it by its header.
    let module = policy_modules::bake(&bundle()).unwrap();
    // SAFETY: not machine code at all, which is found before anything of it is used.
    let refused = unsafe { host.load_precompiled(&module, Digest::of(&module)) };
    assert!(matches!(refused, Err(HostError::NotAModule(_))));
}

#[test]
fn a_request_of_any_size_has_an_answer() {
    let policy = hosted(2);
    let mut session = policy.session().unwrap();
    for size in [0, 1, 4_096, 4_097, 262_144, 262_145, 10 << 20] {
        let decision = session.decide_json(&vec![b' '; size]).unwrap();
        assert!(decision.contains("\"reason\":\"invalid-invocation\""), "{size}: {decision}");
    }
    assert_eq!(session.decide(&asked("prod/app")).unwrap().outcome, Outcome::Permit);
}
