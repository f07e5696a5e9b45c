//! Modules that a host takes up by mistake: each is stopped by a limit or refused.

use std::time::{Duration, Instant};

use policy_core::bundle::Policy;
use policy_core::compile::compile;
use policy_core::{PolicyFile, check};
use policy_host::{Digest, Host, HostError, Limits};

const REQUEST: &[u8] = br#"{"account": "prod", "caller": {"principal": "local:user/ana"},
    "repository": "github.com/acme/live", "ref": "refs/heads/main", "path": "prod", "command": "plan"}"#;

fn policy() -> Policy {
    let text = "account \"prod\" { id = \"222222222222\" }\n";
    let estate = check(vec![PolicyFile::new("estate.hcl", text)]).estate.unwrap();
    Policy::load(compile(&estate, None).unwrap().bytes).unwrap()
}

fn host() -> Host {
    let limits = Limits { time: Duration::from_millis(100), memory_bytes: 16 << 20, instances: 4 };
    Host::new(limits).unwrap()
}

/// Everything that a policy exports, `replaced` in place of what it exports otherwise.
fn module(replaced: &[(&str, &str)]) -> Vec<u8> {
    let mut exports = [
        ("memory", "(memory (export \"memory\") 1)"),
        ("portcullis_abi", "(func (export \"portcullis_abi\") (result i32) (i32.const 65536))"),
        ("portcullis_language", "(func (export \"portcullis_language\") (result i32) (i32.const 1))"),
        ("portcullis_result", "(func (export \"portcullis_result\") (result i32) (i32.const 16))"),
        ("portcullis_input", "(func (export \"portcullis_input\") (param i32) (result i32) (i32.const 1024))"),
        ("portcullis_fault", "(func (export \"portcullis_fault\") (result i32) (i32.const 0))"),
        ("portcullis_decide", "(func (export \"portcullis_decide\") (param i32) (result i32) (i32.const 0))"),
        ("portcullis_decide_json", "(func (export \"portcullis_decide_json\") (param i32) (result i32) (i32.const 0))"),
    ];
    for (name, text) in replaced {
        exports.iter_mut().filter(|(export, _)| export == name).for_each(|(_, export)| *export = text);
    }
    let text: String = exports.iter().map(|(_, export)| *export).collect();
    wat::parse_str(format!("(module {text})")).unwrap()
}

fn load(host: &Host, file: &[u8]) -> Result<policy_host::HostedPolicy, HostError> {
    host.load(file, Digest::of(file))
}

#[test]
fn any_other_file_is_refused_unread() {
    let module = policy_modules::bake(&policy()).unwrap();
    let expected = Digest::of(&module);
    let host = host();
    for at in [0, 8, 100, module.len() / 2, module.len() - 1] {
        let mut patched = module.clone();
        patched[at] ^= 1;
        let refused = host.load(&patched, expected).unwrap_err();
        assert!(matches!(refused, HostError::Digest { .. }), "{refused}");
    }
    assert!(matches!(host.load(b"", expected), Err(HostError::Digest { .. })));
    assert!(host.load(&module, expected).is_ok());
}

/// A patched decider around a genuine bundle, loaded with the digest of the genuine file.
#[test]
fn a_patched_decider_around_a_genuine_bundle_is_refused() {
    let genuine = policy_modules::bake(&policy()).unwrap();
    let text = format!("(module (memory (export \"memory\") 1) (data (i32.const 0) \"{}\"))", "x".repeat(10));
    let patched = wat::parse_str(text).unwrap();
    assert!(matches!(host().load(&patched, Digest::of(&genuine)), Err(HostError::Digest { .. })));
    assert!(policy_modules::open(&patched).is_err());
}

#[test]
fn an_endless_loop_is_cut_off() {
    let endless = "(param i32) (result i32) (loop (br 0)) (i32.const 0))";
    let host = host();
    let file = module(&[("portcullis_decide_json", &format!("(func (export \"portcullis_decide_json\") {endless}"))]);
    let policy = load(&host, &file).unwrap();
    let begun = Instant::now();
    assert!(matches!(policy.decide_json(REQUEST), Err(HostError::Time)));
    assert!(begun.elapsed() < Duration::from_secs(5));
    let mut session = policy.session().unwrap();
    assert!(matches!(session.decide_json(REQUEST), Err(HostError::Time)));
    assert!(matches!(session.decide_json(REQUEST), Err(HostError::Poisoned)));
    // Also while it is taken up.
    let file =
        module(&[("portcullis_abi", "(func (export \"portcullis_abi\") (result i32) (loop (br 0)) (i32.const 0))")]);
    assert!(matches!(load(&host, &file), Err(HostError::Time)));
}

#[test]
fn a_memory_bomb_stays_within_the_limit() {
    let bomb = "(func (export \"portcullis_decide_json\") (param i32) (result i32)
        (loop (br_if 0 (i32.ne (memory.grow (i32.const 16)) (i32.const -1)))) (i32.const 0))";
    let policy = load(&host(), &module(&[("portcullis_decide_json", bomb)])).unwrap();
    let mut session = policy.session().unwrap();
    _ = session.decide_json(REQUEST);
    assert!(session.memory_bytes() <= 16 << 20, "{} bytes", session.memory_bytes());
    // One that wants more from the beginning is not taken up.
    let large = module(&[("memory", "(memory (export \"memory\") 1024)")]);
    assert!(matches!(load(&host(), &large), Err(HostError::NotAModule(_) | HostError::Runtime(_))));
}

#[test]
fn endless_recursion_is_a_trap() {
    let deep = "(func $deep (export \"portcullis_decide_json\") (param i32) (result i32) (call $deep (local.get 0)))";
    let policy = load(&host(), &module(&[("portcullis_decide_json", deep)])).unwrap();
    assert!(matches!(policy.decide_json(REQUEST), Err(HostError::Trap(_))));
}

#[test]
fn a_module_that_wants_something_is_refused() {
    let text = "(module (import \"env\" \"fetch\" (func)) (memory (export \"memory\") 1))";
    let refused = load(&host(), &wat::parse_str(text).unwrap()).unwrap_err();
    assert_eq!(refused.to_string(), "the module imports `env.fetch`, and a policy imports nothing");
}

#[test]
fn other_versions_are_named() {
    let abi = |version: u32| format!("(func (export \"portcullis_abi\") (result i32) (i32.const {version}))");
    for (version, shown) in [(2 << 16, "2.0"), (0, "0.0"), (1 << 16 | 1, "1.1")] {
        let refused = load(&host(), &module(&[("portcullis_abi", &abi(version))])).unwrap_err();
        assert_eq!(refused.to_string(), format!("the module has ABI version {shown}; this host reads version 1.0"));
    }
    let language = "(func (export \"portcullis_language\") (result i32) (i32.const 2))";
    let refused = load(&host(), &module(&[("portcullis_language", language)])).unwrap_err();
    assert_eq!(refused.to_string(), "the module has language version 2; this host reads version 1");
}

#[test]
fn what_is_no_policy_is_refused() {
    let host = host();
    assert!(matches!(load(&host, b"PK"), Err(HostError::NotAModule(_))));
    assert!(matches!(load(&host, policy().bytes()), Err(HostError::NotAModule(_))));
    let empty = wat::parse_str("(module)").unwrap();
    assert!(matches!(load(&host, &empty), Err(HostError::Export("memory"))));
    let wrong = module(&[("portcullis_decide", "(func (export \"portcullis_decide\") (result i32) (i32.const 0))")]);
    let policy = load(&host, &wrong).unwrap();
    let asked = example();
    assert!(matches!(policy.decide(&asked), Err(HostError::Export("portcullis_decide"))));
}

/// Answers that no decider gives are no answers, above all no permits.
#[test]
fn nonsense_is_no_answer() {
    let host = host();
    let at = |address: u32, length: u32| {
        let data = format!("(data (i32.const 16) \"{}\")", hex(address) + &hex(length));
        format!("(memory (export \"memory\") 1) {data}")
    };
    for (address, length) in [(0, 0), (64, 36), (65_535, 2), (u32::MAX, 1), (0, u32::MAX), (65_536, 1)] {
        let file = module(&[("memory", &at(address, length))]);
        let policy = load(&host, &file).unwrap();
        assert!(matches!(policy.decide(&example()), Err(HostError::Answer)), "{address} {length}");
    }
    let refusing = "(func (export \"portcullis_decide\") (param i32) (result i32) (i32.const 77))";
    let policy = load(&host, &module(&[("portcullis_decide", refusing)])).unwrap();
    assert!(matches!(policy.decide(&example()), Err(HostError::Refused { status: 77, .. })));
    let nowhere = "(func (export \"portcullis_input\") (param i32) (result i32) (i32.const -1))";
    let policy = load(&host, &module(&[("portcullis_input", nowhere)])).unwrap();
    assert!(matches!(policy.decide(&example()), Err(HostError::Answer)));
}

fn hex(number: u32) -> String {
    let bytes: Vec<String> = number.to_le_bytes().iter().map(|byte| format!("\\{byte:02x}")).collect();
    bytes.concat()
}

fn example() -> policy_host::CompactInvocation<'static> {
    policy_host::CompactInvocation {
        account: "prod",
        caller: policy_host::CompactCaller::Principal("local:user/ana"),
        repository: "github.com/acme/live",
        reference: "refs/heads/main",
        commit: None,
        path: "prod",
        command: "plan",
        arguments: &[],
        evidence: None,
    }
}
