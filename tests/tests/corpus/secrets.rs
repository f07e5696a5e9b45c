//! What `fixtures/secrets` puts into invocations and policies comes back from no engine, no host package and no module
//! (C1, A5). The program's own outputs are tested in `policy-cli`.

use std::fs;

use policy_core::{PolicyFile, check};
use serde_json::{Value, json};
use workspace_tests::module::{CompiledModule, policy_files};

use crate::engines;

/// What is secret has it in it.
const MARK: &str = "SECRET";
/// The status of the author module that stands for an invalid policy.
const INVALID: u32 = 7;

/// The members of the list that a fixture is.
fn fixture(name: &str) -> Vec<Value> {
    let path = workspace_tests::root().join("fixtures/secrets").join(name);
    serde_json::from_slice(&fs::read(&path).expect("a fixture")).expect("a list")
}

fn texts(name: &str) -> Vec<String> {
    fixture(name).iter().map(|text| text.as_str().expect("text").to_owned()).collect()
}

/// A question that the estate `acme` permits, but for what is changed.
fn question() -> Value {
    json!({
        "account": "dev",
        "caller": {"principal": "arn:aws:sts::111111111111:assumed-role/ci-main/run-3"},
        "repository": "github.com/acme/infrastructure-live",
        "ref": "refs/heads/main",
        "path": "dev/eu-west-1/data/orders",
        "command": "migrate-database",
    })
}

/// The question with a text at a JSON pointer; lists and objects on the way are made.
fn asked(pointer: &str, text: &str) -> Value {
    let parts: Vec<&str> = pointer.split('/').skip(1).collect();
    let inner = |value: Value, part: &&str| match *part {
        "0" => json!([value]),
        "issuer" => json!({"issuer": value, "claims": {"sub": "a"}}),
        name => json!({name: value}),
    };
    let made = parts.iter().rev().fold(Value::from(text), inner);
    let mut question = question();
    for (name, value) in made.as_object().expect("a pointer begins with a field") {
        question[name] = value.clone();
    }
    question
}

fn questions() -> Vec<Value> {
    let (addresses, places) = (texts("addresses.json"), texts("places.json"));
    let mut questions: Vec<Value> =
        addresses.iter().flat_map(|address| places.iter().map(|place| asked(place, address))).collect();
    questions.extend(texts("remotes.json").iter().map(|text| asked("/repository", text)));
    for arguments in fixture("arguments.json") {
        let mut question = question();
        question["arguments"] = arguments;
        questions.push(question);
    }
    questions
}

/// A decision without what must hold what was asked: `launch.argv` (A5), and `got` of paths and arguments (E10).
fn without_what_was_asked(decision: &str) -> String {
    let mut decision: Value = serde_json::from_str(decision).expect("a decision is JSON");
    if let Some(launch) = decision["launch"].as_object_mut() {
        launch.remove("argv");
    }
    for rule in decision["nearest"].as_array_mut().into_iter().flatten() {
        for failed in rule["failed"].as_array_mut().into_iter().flatten() {
            if failed["dimension"] == "path" || failed["dimension"] == "arguments" {
                failed["got"] = Value::Null;
            }
        }
    }
    decision.to_string()
}

// C1, A5
#[test]
fn no_engine_repeats_a_secret_of_an_invocation() {
    let questions: Vec<String> = questions().iter().map(Value::to_string).collect();
    let requests: Vec<&[u8]> = questions.iter().map(String::as_bytes).collect();
    assert!(requests.len() > 200);
    let policy = workspace_tests::root().join("fixtures/estates/acme/policy");
    for engine in engines::all() {
        for (question, decision) in questions.iter().zip(engine.decide(&policy, &requests)) {
            let shown = without_what_was_asked(&decision);
            assert!(!shown.contains(MARK), "{}: {question}\n{shown}", engine.name());
        }
    }
}

// A5
#[test]
fn a_secret_is_where_the_runner_needs_it() {
    let mut question = question();
    question["arguments"] = json!(["-password=SECRET", "migrations/1.sql"]);
    question["repository"] = json!("github.com/acme/app");
    let question = question.to_string();
    let policy = workspace_tests::root().join("fixtures/estates/acme/policy");
    for engine in engines::all() {
        let [decision] = &*engine.decide(&policy, &[question.as_bytes()]) else { panic!("one answer") };
        let decision: Value = serde_json::from_str(decision).expect("a decision is JSON");
        assert_eq!(decision["launch"]["argv"][2], "-password=SECRET", "{}", engine.name());
    }
}

// C1
#[test]
fn no_diagnostic_of_the_library_or_the_module_repeats_a_secret() {
    let author = CompiledModule::new(policy_modules::AUTHOR);
    let addresses = texts("addresses.json");
    for template in texts("policies.json") {
        for address in &addresses {
            let quoted = Value::from(address.as_str()).to_string();
            let text = template.replace("@@", quoted.trim_matches('"'));
            let report = check(vec![PolicyFile::new("estate.hcl", text.as_str())]);
            assert!(!format!("{:?}", report.diagnostics).contains(MARK), "{text}\n{:?}", report.diagnostics);
            let input = policy_files([("estate.hcl", text.as_bytes())]);
            let mut instance = author.instance();
            let (_, found) = instance.ask("portcullis_check", &input);
            assert!(!String::from_utf8_lossy(&found).contains(MARK), "{text}");
            let whole = [&u32::MAX.to_le_bytes()[..], &input].concat();
            let (status, found) = instance.ask("portcullis_compile", &whole);
            let refused = status == INVALID;
            assert!(!refused || !String::from_utf8_lossy(&found).contains(MARK), "{text}");
            let (status, found) = instance.ask("portcullis_format", text.as_bytes());
            assert!(status != INVALID || !String::from_utf8_lossy(&found).contains(MARK), "{text}");
        }
    }
}
