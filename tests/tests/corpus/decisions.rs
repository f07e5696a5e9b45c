//! Every case through every engine: what is expected, and that all engines answer alike.

use serde_json::{Map, Value, json};

use crate::engines::{self, Engine};
use crate::fixtures::{self, Case, Estate};
use crate::random;

#[test]
fn every_engine_decides_every_case_as_expected() {
    decide_every_case(&engines::all());
}

#[test]
#[ignore = "`cargo xtask test --only components-in-javascript` installs what it needs, and runs it"]
fn components_in_javascript_decide_every_case_as_expected() {
    decide_every_case(&engines::transpiled());
}

/// The first engine is what the others are held against, and that for some random requests too.
fn decide_every_case(engines: &[Box<dyn Engine>]) {
    let mut failures = Vec::new();
    let mut count = 0;
    let seed = workspace_tests::seed();
    for mut estate in fixtures::estates() {
        estate.cases.extend(random::cases(&estate, seed));
        let requests: Vec<&[u8]> = estate.cases.iter().map(|case| case.request.as_slice()).collect();
        let mut first: Option<Vec<String>> = None;
        for engine in engines {
            let answers = engine.decide(&estate.policy, &requests);
            assert_eq!(answers.len(), requests.len(), "{} answers each request of {}", engine.name(), estate.name);
            for (case, answer) in estate.cases.iter().zip(&answers) {
                count += 1;
                failures.extend(differences(&**engine, &estate, case, answer));
            }
            match &first {
                None => first = Some(answers),
                Some(first) => failures.extend(disagreements(engine.name(), &estate, first, &answers)),
            }
        }
    }
    assert!(failures.is_empty(), "seed {seed}: {} of {count} answers differ:\n{}", failures.len(), failures.join("\n"));
}

#[test]
fn there_are_at_least_four_hundred_cases_with_names_of_their_own() {
    let mut count = 0;
    for estate in fixtures::estates() {
        let mut names: Vec<&str> = estate.cases.iter().map(|case| case.name.as_str()).collect();
        count += names.len();
        names.sort_unstable();
        let twice: Vec<_> = names.windows(2).filter(|pair| pair[0] == pair[1]).collect();
        assert!(twice.is_empty(), "{}: {twice:?}", estate.name);
    }
    assert!(count >= 400, "{count} cases");
}

/// Every field but `engine` and `message` is equal across engines, byte for byte.
fn disagreements(engine: &str, estate: &Estate, first: &[String], answers: &[String]) -> Vec<String> {
    let same = |answer: &String| {
        let mut decision: Map<String, Value> = serde_json::from_str(answer).expect("a decision is JSON");
        for field in ["engine", "message"] {
            assert!(decision.insert(field.to_owned(), Value::Null).is_some(), "a decision has `{field}`");
        }
        Value::Object(decision).to_string()
    };
    let pairs = estate.cases.iter().zip(first.iter().zip(answers));
    let different = pairs.filter(|(_, (first, answer))| same(first) != same(answer));
    different
        .map(|(case, (first, answer))| {
            format!("{}/{}: {engine} answers otherwise\n  {first}\n  {answer}", estate.name, case.name)
        })
        .collect()
}

fn differences(engine: &dyn Engine, estate: &Estate, case: &Case, answer: &str) -> Vec<String> {
    let decision: Value = serde_json::from_str(answer).expect("a decision is JSON");
    let mut found = Vec::new();
    for (field, expected) in &case.expect {
        let problem = match field.as_str() {
            "message_contains" if !engine.has_full_messages() => None,
            "message_contains" => {
                let message = decision["message"].as_str().expect("a message");
                let missing = fixtures::texts(expected).into_iter().find(|part| !message.contains(part.as_str()));
                missing.map(|part| format!("the message lacks `{part}`: {message}"))
            }
            "got" => got_differently(&decision, expected),
            "claims" => claims_differently(&decision, expected),
            "absent" => {
                let there = fixtures::texts(expected).into_iter().find(|part| answer.contains(part.as_str()));
                there.map(|part| format!("the decision repeats `{part}`: {answer}"))
            }
            _ => {
                let got = reading(&decision, field);
                (got != *expected).then(|| format!("{field} is {got}, not {expected}"))
            }
        };
        found.extend(problem.map(|problem| {
            let (engine, message) = (engine.name(), &decision["message"]);
            format!("{}/{} ({engine}): {problem} [{message}]", estate.name, case.name)
        }));
    }
    found
}

/// What a field of `expect` is compared with.
fn reading(decision: &Value, field: &str) -> Value {
    match field {
        "outcome" | "reason" | "unmet" | "policy" | "language" | "bundle" => decision[field].clone(),
        "rules" => decision["rules"].as_array().expect("`rules`").iter().map(|rule| rule["name"].clone()).collect(),
        "launch" => decision["launch"].clone(),
        "argv" | "environment" | "effect" | "runner" => decision["launch"][field].clone(),
        "nearest" => decision["nearest"].as_array().expect("`nearest`").iter().map(nearest).collect(),
        _ => panic!("a case cannot expect `{field}`"),
    }
}

/// The dimensions named in `got`, of the first of `nearest`.
fn got_differently(decision: &Value, expected: &Value) -> Option<String> {
    let failed = decision["nearest"][0]["failed"].as_array().cloned().unwrap_or_default();
    let expected = expected.as_object().expect("`got` is an object");
    expected.iter().find_map(|(dimension, text)| {
        let found =
            failed.iter().find(|failed| failed["dimension"] == *dimension.as_str()).map(|failed| &failed["got"]);
        (found != Some(text)).then(|| format!("{dimension} got {found:?}, not {text}"))
    })
}

/// The `claims` of the caller, of the first of `nearest`; of each the fields that are expected.
fn claims_differently(decision: &Value, expected: &Value) -> Option<String> {
    let failed = decision["nearest"][0]["failed"].as_array().cloned().unwrap_or_default();
    let caller = failed.into_iter().find(|failed| failed["dimension"] == "caller");
    let found = caller.and_then(|caller| caller["claims"].as_array().cloned()).unwrap_or_default();
    let expected = expected.as_array().expect("`claims` is a list");
    let same = |(found, expected): (&Value, &Value)| {
        expected.as_object().expect("a claim is an object").iter().all(|(field, value)| found[field] == *value)
    };
    let all = found.len() == expected.len() && found.iter().zip(expected).all(same);
    (!all).then(|| format!("claims is {found:?}, not {expected:?}"))
}

fn nearest(rule: &Value) -> Value {
    let failed: Vec<Value> =
        rule["failed"].as_array().expect("`failed`").iter().map(|failed| failed["dimension"].clone()).collect();
    json!({"rule": rule["rule"], "failed": failed})
}
