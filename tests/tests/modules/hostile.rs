//! A host that does everything wrong gets a status, never a trap that looks like a bug, never what belongs to another call.

use policy_modules::{AUTHOR, DECIDER};
use workspace_tests::module::{CompiledModule, RawModule};

use super::{PERMITTED, POLICY, policy, reason};

const NO_POLICY: u32 = 1;
const ALREADY_LOADED: u32 = 2;
const INPUT_LENGTH: u32 = 3;
const INPUT_FORM: u32 = 4;
const POISONED: u32 = 6;

fn loaded(module: &CompiledModule) -> RawModule {
    let mut instance = module.instance();
    let bundle = policy(POLICY);
    assert_eq!(instance.ask("portcullis_load", bundle.bytes()), (0, Vec::new()));
    instance
}

#[test]
fn calls_in_the_wrong_order_are_refused() {
    for module in [DECIDER, AUTHOR] {
        let module = CompiledModule::new(module);
        let mut instance = module.instance();
        for call in ["portcullis_decide", "portcullis_decide_json"] {
            assert_eq!(instance.call(call, 0), Ok(NO_POLICY), "{call}");
            assert_eq!(instance.call(call, 1), Ok(INPUT_LENGTH), "{call}");
        }
        assert_eq!(instance.call("portcullis_load", 1), Ok(INPUT_LENGTH));
        let mut instance = loaded(&module);
        let bundle = policy(POLICY);
        assert_eq!(instance.ask("portcullis_load", bundle.bytes()).0, ALREADY_LOADED);
        // And goes on as if nothing had been.
        let (status, decision) = instance.ask("portcullis_decide_json", PERMITTED.as_bytes());
        assert_eq!((status, reason(&decision).as_str()), (0, "permitted"));
    }
}

#[test]
fn a_policy_module_needs_no_loading_and_refuses_it() {
    let bundle = policy(POLICY);
    let module = CompiledModule::new(&policy_modules::bake(&bundle).expect("a module"));
    let mut instance = module.instance();
    let (status, decision) = instance.ask("portcullis_decide_json", PERMITTED.as_bytes());
    assert_eq!((status, reason(&decision).as_str()), (0, "permitted"));
    let expected = policy_core::decision::Decision {
        engine: policy_core::decision::Engine::Wasm,
        ..bundle.explain_json(PERMITTED.as_bytes())
    };
    let decision: serde_json::Value = serde_json::from_slice(&decision).expect("a decision");
    assert_eq!(decision["bundle"], expected.bundle.expect("a digest").to_string());
    assert_eq!(module.instance().ask("portcullis_load", bundle.bytes()).0, ALREADY_LOADED);
}

#[test]
fn lengths_beyond_the_input_area_are_refused() {
    let module = CompiledModule::new(DECIDER);
    let mut instance = loaded(&module);
    let address = instance.call("portcullis_input", 10).expect("an address");
    assert_ne!(address, 0);
    for length in [11, 1 << 16, 1 << 31, u32::MAX] {
        for call in ["portcullis_decide", "portcullis_decide_json", "portcullis_digest"] {
            assert_eq!(instance.call(call, length), Ok(INPUT_LENGTH), "{call} {length}");
            assert_eq!(instance.result(), b"");
        }
    }
    // More than any bundle has.
    for length in [(512 << 20) + 1, u32::MAX] {
        assert_eq!(instance.call("portcullis_input", length), Ok(0));
    }
    assert_eq!(reason(&instance.ask("portcullis_decide_json", PERMITTED.as_bytes()).1), "permitted");
}

#[test]
fn a_call_never_answers_with_what_belongs_to_another() {
    let module = CompiledModule::new(DECIDER);
    let mut instance = loaded(&module);
    let length = u32::try_from(PERMITTED.len()).expect("a length");
    assert_eq!(reason(&instance.ask("portcullis_decide_json", PERMITTED.as_bytes()).1), "permitted");
    // Nothing was written since.
    assert_eq!(instance.call("portcullis_decide_json", length), Ok(0));
    assert_eq!(reason(&instance.result()), "invalid-invocation");
    assert_eq!(reason(&instance.ask("portcullis_decide_json", PERMITTED.as_bytes()).1), "permitted");
    assert_eq!(instance.call("portcullis_decide", length), Ok(INPUT_FORM));
    assert_eq!(instance.result(), b"", "a refused call has no result");
    assert_eq!(instance.call("portcullis_input", 4_096).map(|address| address != 0), Ok(true));
    assert_eq!(instance.result(), b"", "asking for room forgets too");
}

#[test]
fn whatever_is_no_bundle_is_refused_by_name() {
    let module = CompiledModule::new(DECIDER);
    let bundle = policy(POLICY);
    let bytes = bundle.bytes();
    let changed = |at: usize, value: u8| {
        let mut changed = bytes.to_vec();
        changed[at] = value;
        changed
    };
    let cases: [(Vec<u8>, u32, &str); 7] = [
        (Vec::new(), 16, "not a policy bundle"),
        (b"PK\x03\x04".to_vec(), 16, "not a policy bundle"),
        (changed(8, 9), 17, "format version 9.0; this program reads 1.0"),
        (bytes[..bytes.len() - 1].to_vec(), 19, "truncated"),
        ([bytes, &[0]].concat(), 20, "bytes"),
        (changed(bytes.len() - 1, !bytes[bytes.len() - 1]), 22, "check sum"),
        (policy_modules::bake(&bundle).expect("a module"), 16, "not a policy bundle"),
    ];
    for (bytes, status, said) in cases {
        let mut instance = module.instance();
        let (found, reason) = instance.ask("portcullis_load", &bytes);
        let reason = String::from_utf8(reason).expect("text");
        assert_eq!(found, status, "{reason}");
        assert!(reason.contains(said), "{reason}");
        // A good one may still come.
        assert_eq!(instance.ask("portcullis_load", bundle.bytes()).0, 0);
    }
    let mut other_language = changed(12, 2);
    policy_core::bundle::seal(&mut other_language);
    let (status, reason) = module.instance().ask("portcullis_load", &other_language);
    assert_eq!(status, 18, "{}", String::from_utf8_lossy(&reason));
}

#[test]
fn memory_that_runs_out_is_told_from_a_bug() {
    let module = CompiledModule::new(DECIDER);
    let beginning = module.instance().memory_bytes();
    let mut instance = module.limited(beginning + (1 << 20));
    assert_eq!(instance.call("portcullis_input", 64 << 20), Ok(0), "there is no such room");
    assert_eq!(instance.get("portcullis_fault"), 0, "and nothing broke");
    // The request fits, what has to be made of it does not.
    let bundle = policy(POLICY);
    assert_eq!(instance.ask("portcullis_load", bundle.bytes()).0, 0);
    let many: Vec<String> = (0..200).map(|number| format!("\"-target=module.{number:>600}\"")).collect();
    let rich = PERMITTED.replace("\"plan\"}", &format!("\"plan\",\"arguments\":[{}]}}", many.join(",")));
    let mut outcomes = Vec::new();
    for pages in 1..20 {
        let mut instance = module.limited(beginning + (pages << 16));
        if instance.ask("portcullis_load", bundle.bytes()).0 != 0 {
            continue;
        }
        let Ok(address) = instance.call("portcullis_input", u32::try_from(rich.len()).expect("a length")) else {
            continue;
        };
        if address == 0 {
            continue;
        }
        instance.write(address, rich.as_bytes());
        let outcome = instance.call("portcullis_decide_json", u32::try_from(rich.len()).expect("a length"));
        if outcome.is_err() {
            assert_eq!(instance.get("portcullis_fault"), 1, "it was memory");
            assert_eq!(instance.call("portcullis_decide_json", 0), Ok(POISONED));
            assert_eq!(instance.call("portcullis_input", 1), Ok(0));
        }
        outcomes.push(outcome.is_err());
    }
    assert!(outcomes.contains(&true) && outcomes.contains(&false), "{outcomes:?}");
}

#[test]
fn random_bytes_get_a_status() {
    let module = CompiledModule::new(DECIDER);
    let mut instance = loaded(&module);
    let mut state = workspace_tests::seed() | 1;
    let mut next = move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state
    };
    for _ in 0..2_000 {
        let length = usize::try_from(next() % 200).expect("a length");
        let mut bytes: Vec<u8> = (0..length).map(|_| next().to_le_bytes()[0]).collect();
        // Many look like a header.
        if next() % 2 == 0 {
            bytes.iter_mut().enumerate().filter(|(at, _)| at % 4 != 0 && *at < 48).for_each(|(_, byte)| *byte = 0);
        }
        let (status, result) = instance.ask("portcullis_decide", &bytes);
        match status {
            0 => assert_eq!((result.len(), result[0]), (36, 1), "a denial"),
            status => assert_eq!((status, result.len()), (INPUT_FORM, 0)),
        }
        let (status, decision) = instance.ask("portcullis_decide_json", &bytes);
        assert_eq!((status, reason(&decision).as_str()), (0, "invalid-invocation"));
    }
}
