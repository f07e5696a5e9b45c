//! The interface of the components, and whatever hosts may do wrong with it.

use std::path::PathBuf;

use policy_core::decision::Reason;
use wasmtime::component::Component;

use crate::components::{Caller, Invocation, LoadErrorCode, Loaded, RUNTIME, Token, bundle, typed};

fn acme() -> PathBuf {
    workspace_tests::root().join("fixtures/estates/acme/policy")
}

fn invocation() -> Invocation {
    typed(
        br#"{"account": "prod", "caller": {"principal": "local:user/ana"}, "repository": "github.com/acme/live",
             "ref": "refs/heads/main", "path": "prod", "command": "plan"}"#,
    )
    .expect("an invocation")
}

#[test]
fn a_component_imports_nothing_and_exports_its_world() {
    let policy = policy_modules::bake_component(&bundle(&acme())).expect("what was compiled is baked");
    for (bytes, own) in [(policy_modules::COMPONENT, "bundles"), (&*policy, "decisions")] {
        let component = Component::new(&RUNTIME, bytes).expect("the component is valid");
        let component = component.component_type();
        assert_eq!(component.imports(&RUNTIME).len(), 0);
        let mut exports: Vec<_> = component.exports(&RUNTIME).map(|(name, _)| name.to_owned()).collect();
        exports.sort();
        assert_eq!(exports, [own, "types"].map(|name| format!("portcullis:policy/{name}@0.1.0")));
    }
}

#[test]
fn what_is_no_bundle_gets_an_error_and_the_instance_lives_on() {
    let bundle = bundle(&acme());
    let good = bundle.bytes();
    let mut loaded = Loaded::new();
    let mut code = |bytes: &[u8]| loaded.load(bytes).map(drop).map_err(|error| (error.code, error.message));
    let not_a_bundle = (LoadErrorCode::NotABundle, "this is not a policy bundle".to_owned());
    assert_eq!(code(b""), Err(not_a_bundle.clone()));
    assert_eq!(code(&vec![0xff; 100_000]), Err(not_a_bundle));
    assert_eq!(code(&good[..good.len() - 1]).map_err(|error| error.0), Err(LoadErrorCode::Truncated));
    assert_eq!(code(&[good, &[0]].concat()).map_err(|error| error.0), Err(LoadErrorCode::TooLong));
    for at in (0..good.len()).step_by(good.len() / 200) {
        let mut changed = good.to_vec();
        changed[at] ^= 0x55;
        assert!(code(&changed).is_err(), "byte {at}");
    }
    assert_eq!(code(good), Ok(()));
}

#[test]
fn policies_live_beside_each_other_and_go_when_they_are_dropped() {
    let bundle = bundle(&acme());
    let mut loaded = Loaded::new();
    let first = loaded.load(bundle.bytes()).expect("what was compiled loads");
    let expected = loaded.explain(first, &invocation());
    for _ in 0..200 {
        let second = loaded.load(bundle.bytes()).expect("a policy that was dropped leaves its memory behind");
        assert_eq!(loaded.explain(second, &invocation()), expected);
        second.resource_drop(&mut loaded.store).expect("a policy is dropped");
    }
    assert_eq!(loaded.explain(first, &invocation()), expected);
}

#[test]
fn whatever_is_asked_has_an_answer() {
    let bundle = bundle(&acme());
    let mut loaded = Loaded::new();
    let policy = loaded.load(bundle.bytes()).expect("what was compiled loads");
    let token =
        |claims: &str| Caller::Token(Token { issuer: "https://issuer.example".to_owned(), claims: claims.to_owned() });
    let long = "x".repeat(1 << 20);
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    let same = invocation;
    let hostile = [
        (Invocation { account: long.clone(), ..same() }, Reason::UnknownAccount),
        (Invocation { account: "prod\0".to_owned(), ..same() }, Reason::UnknownAccount),
        (Invocation { repository: long.clone(), ..same() }, Reason::InvalidInvocation),
        (Invocation { path: long.clone(), ..same() }, Reason::MalformedPath),
        (Invocation { arguments: vec![String::new(); 100_000], ..same() }, Reason::InvalidInvocation),
        (Invocation { evidence: Some(deep.clone()), ..same() }, Reason::InvalidInvocation),
        (Invocation { evidence: Some(String::new()), ..same() }, Reason::InvalidInvocation),
        (Invocation { caller: token(&deep), ..same() }, Reason::InvalidInvocation),
        (Invocation { caller: token(&format!("{{\"a\":{deep}}}")), ..same() }, Reason::InvalidInvocation),
        // Nothing gets out of the place that it is given.
        (Invocation { caller: token("{},\"issuer\":\"x\""), ..same() }, Reason::InvalidInvocation),
        (Invocation { evidence: Some("{},\"commit\":\"x\"".to_owned()), ..same() }, Reason::InvalidInvocation),
    ];
    for (asked, reason) in hostile {
        let verdict = loaded.decide(policy, &asked);
        assert_eq!(Reason::ALL[verdict.reason as usize], reason);
        assert!(loaded.explain(policy, &asked).contains(&format!("\"{}\"", reason.as_str())));
    }
    for json in [&b""[..], b"\xff\xfe", b"{", deep.as_bytes(), long.as_bytes()] {
        assert!(loaded.explain_json(policy, json).contains("\"invalid-invocation\""));
    }
}
