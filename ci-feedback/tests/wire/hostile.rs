//! What a broken or hostile host hands over: it is answered with a problem, and the answer is JSON.

use ci_feedback::wire::{invocation_json, report_json};
use serde_json::{Value, json};

const INPUT: &str = r#"{"version":1,"environment":{"CIRCLECI":"true","CIRCLE_TAG":"v1","CIRCLE_REPOSITORY_URL":"git@github.com:acme/live.git"},
    "options":{"account":"prod","path":"prod/app","command":"plan","principal":"arn:aws:iam::111111111111:role/ci"}}"#;

fn asked(input: &[u8]) -> Value {
    serde_json::from_str(&invocation_json(input)).unwrap()
}

/// The kinds of the problems that an answer has, and its exit code.
fn kinds(answer: &Value) -> (Vec<&str>, u64) {
    let problems = answer["problems"].as_array().unwrap_or_else(|| panic!("{answer}"));
    (
        problems.iter().map(|problem| problem["kind"].as_str().unwrap()).collect(),
        answer["report"]["exit"].as_u64().unwrap(),
    )
}

#[test]
fn input_of_another_form_is_a_problem() {
    let cases: Vec<Vec<u8>> = vec![
        b"".to_vec(),
        b"null".to_vec(),
        b"{}".to_vec(),
        b"\xff".to_vec(),
        "[".repeat(100_000).into_bytes(),
        vec![b' '; (8 << 20) + 1],
        INPUT.replace("\"version\":1", "\"version\":2").into_bytes(),
        INPUT.replace("\"version\":1", "\"version\":1,\"version\":1").into_bytes(),
        INPUT.replace("\"version\":1", "\"version\":1,\"x\":1").into_bytes(),
        INPUT.replace("\"CIRCLE_TAG\":\"v1\"", "\"CIRCLE_TAG\":1").into_bytes(),
        INPUT.replace("\"account\"", "\"x\"").into_bytes(),
        INPUT.replace("\"account\":\"prod\"", "\"system\":\"travis\"").into_bytes(),
        INPUT.replace("\"account\":\"prod\"", "\"arguments\":\"-x\"").into_bytes(),
        INPUT.replace("\"account\":\"prod\"", "\"subject\":\"both\"").into_bytes(),
        INPUT.replace("\"options\"", "\"event\":{},\"options\"").into_bytes(),
        format!("{INPUT} x").into_bytes(),
    ];
    for input in cases {
        let answer = asked(&input);
        assert_eq!(kinds(&answer), (vec!["input"], 3), "{}", String::from_utf8_lossy(&input[..input.len().min(200)]));
    }
    assert!(asked(INPUT.as_bytes())["asked"].is_object());
}

#[test]
fn values_are_not_repeated() {
    let input = INPUT.replace("\"CIRCLE_TAG\":\"v1\"", "\"CIRCLE_TAG\":[\"hunter2\"]");
    assert!(!invocation_json(input.as_bytes()).contains("hunter2"));
    let input = INPUT.replace("\"account\":\"prod\"", "\"system\":\"hunter2\"");
    assert!(!invocation_json(input.as_bytes()).contains("hunter2"));
}

#[test]
fn whatever_is_cut_or_changed_is_answered() {
    for end in 0..INPUT.len() {
        assert!(asked(&INPUT.as_bytes()[..end]).is_object());
    }
    for at in 0..INPUT.len() {
        for byte in [0, b'"', b'{', b'\\', 0xff, b'9'] {
            let mut bytes = INPUT.as_bytes().to_vec();
            bytes[at] = byte;
            assert!(asked(&bytes).is_object());
        }
    }
}

#[test]
fn a_report_takes_only_what_was_asked() {
    let asked = asked(INPUT.as_bytes())["asked"].clone();
    let digest = format!("sha256:{}", "0".repeat(64));
    let decision = json!({"version": 1, "outcome": "permit", "reason": "permitted", "message": "m", "rules": [], "unmet": [],
        "launch": null, "nearest": [], "policy": digest, "bundle": null, "language": 1, "engine": "wasm"});
    let good = json!({"version": 1, "decision": decision.to_string(), "asked": asked});
    let report = |input: &Value| -> Value { serde_json::from_str(&report_json(input.to_string().as_bytes())).unwrap() };
    assert_eq!(report(&good)["report"]["exit"], 0);
    let changes = [
        ("asked", json!({})),
        ("asked", json!(null)),
        ("decision", decision),
        ("unmet", json!("maybe")),
        ("color", json!(1)),
        ("prefix", json!(null)),
        ("version", json!("1")),
    ];
    for (field, value) in changes {
        let mut input = good.clone();
        input[field] = value;
        assert_eq!(kinds(&report(&input)), (vec!["input"], 3), "{input}");
    }
    for (field, value) in
        [("invocation", json!("{}")), ("system", json!("x")), ("caller", json!("x")), ("notes", json!({}))]
    {
        let mut input = good.clone();
        input["asked"][field] = value;
        assert_eq!(kinds(&report(&input)), (vec!["input"], 3), "{input}");
    }
    let mut input = good;
    input["asked"]["notes"] = json!(vec![json!({"field": "ref", "text": "x", "warning": false}); 65]);
    assert_eq!(kinds(&report(&input)), (vec!["input"], 3));
}

#[test]
fn the_text_of_a_decision_is_read_strictly() {
    let asked = asked(INPUT.as_bytes())["asked"].clone();
    let report = |decision: &str| -> Value {
        let input = json!({"version": 1, "decision": decision, "asked": asked});
        serde_json::from_str::<Value>(&report_json(input.to_string().as_bytes())).unwrap()["report"].clone()
    };
    let digest = format!("sha256:{}", "0".repeat(64));
    let good = format!(
        r#"{{"version":1,"outcome":"unmet","reason":"requirements-unmet","message":"m","rules":[{{"name":"r","account":"a","effect":"permit","file":"f","line":1}}],"unmet":["planned"],"launch":{{"command":"c","effect":"read","runner":"r","runner_digest":"{digest}","argv":["x"],"environment":{{"A":"b"}}}},"nearest":[{{"rule":"r","file":"f","line":1,"failed":[{{"dimension":"ref","got":"g","expected":"e","claims":[{{"caller":"c","claim":"x","got":null,"expected":"y"}}]}}]}}],"policy":null,"bundle":"{digest}","language":1,"engine":"native"}}"#
    );
    let read = report(&good);
    assert_eq!((&read["exit"], &read["outputs"]["decision"]), (&json!(4), &json!(good)));
    for (from, to) in [
        ("\"planned\"", "\"other\""),
        ("\"effect\":\"permit\"", "\"effect\":\"allow\""),
        ("\"effect\":\"read\"", "\"effect\":\"execute\""),
        ("\"dimension\":\"ref\"", "\"dimension\":\"refs\""),
        ("\"got\":null", "\"got\":1"),
        (",\"claims\":[", ",\"claim\":["),
        ("\"claim\":\"x\",", ""),
        ("\"engine\":\"native\"", "\"engine\":\"other\""),
        ("\"line\":1", "\"line\":-1"),
        ("\"line\":1", "\"line\":99999999999"),
        ("sha256:0", "sha256:g"),
        ("sha256:0", "sha256:"),
        ("\"policy\":null,", ""),
        ("\"unmet\":[", "\"unmet\":[1,"),
        ("\"environment\":{\"A\":\"b\"}", "\"environment\":[]"),
    ] {
        let changed = good.replacen(from, to, 1);
        assert_ne!(changed, good, "{from}");
        assert_eq!(report(&changed)["exit"], 3, "{changed}");
    }
}
