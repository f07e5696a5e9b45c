//! The cases of `fixtures/ci` through the functions of the module: what each must say is written in it, by hand.

use std::fs;
use std::path::{Path, PathBuf};

use ci_feedback::wire::{invocation_json, report_json};
use serde_json::{Value, json};

/// The fields that an expectation may have: one that is misspelt would expect nothing.
const KNOWN: [&str; 10] =
    ["why", "asked", "absent_claims", "notes", "warnings", "text_contains", "absent", "problems", "exit", "report"];
const KNOWN_OF_REPORT: [&str; 10] = [
    "exit",
    "doubt",
    "explanation_absent",
    "explanation_contains",
    "annotations",
    "annotations_count",
    "outputs",
    "files",
    "summary_contains",
    "summary_absent",
];

fn cases() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures/ci");
    let entries = fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut cases: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).filter(|path| path.is_dir()).collect();
    cases.sort();
    cases
}

fn text(case: &Path, name: &str) -> Option<String> {
    fs::read_to_string(case.join(name)).ok()
}

fn object(case: &Path, name: &str) -> Option<Value> {
    text(case, name).map(|text| serde_json::from_str(&text).unwrap_or_else(|error| panic!("{name}: {error}")))
}

fn strings(value: &Value) -> Vec<&str> {
    value.as_array().into_iter().flatten().map(|item| item.as_str().unwrap()).collect()
}

fn fields_are_known(value: &Value, known: &[&str]) {
    for name in value.as_object().unwrap().keys() {
        assert!(known.contains(&name.as_str()), "`{name}` is no field of an expectation");
    }
}

#[test]
fn every_case_says_what_is_expected() {
    let cases = cases();
    assert!(cases.len() >= 40, "{}", cases.len());
    let mut wrong = Vec::new();
    for case in cases {
        let name = case.file_name().unwrap().to_string_lossy().into_owned();
        if let Err(panic) = std::panic::catch_unwind(|| run(&case)) {
            let why = panic.downcast_ref::<String>().cloned().unwrap_or_default();
            wrong.push(format!("{name}: {why}"));
        }
    }
    assert!(wrong.is_empty(), "{} cases are wrong:\n{}", wrong.len(), wrong.join("\n"));
}

fn run(case: &Path) {
    let expected = object(case, "expected.json").unwrap();
    fields_are_known(&expected, &KNOWN);
    let mut input = json!({
        "version": 1,
        "environment": object(case, "environment.json").unwrap(),
        "options": object(case, "options.json").unwrap(),
    });
    if let Some(event) = text(case, "event.json") {
        input["event"] = event.into();
    }
    let answer = invocation_json(input.to_string().as_bytes());
    for absent in strings(&expected["absent"]) {
        assert!(!answer.contains(absent), "{absent} is in {answer}");
    }
    for present in strings(&expected["text_contains"]) {
        assert!(answer.contains(present), "{present} is not in {answer}");
    }
    let answer: Value = serde_json::from_str(&answer).unwrap();
    if let Value::Array(problems) = &expected["problems"] {
        refused(&answer, problems, &expected);
        return;
    }
    let asked = &answer["asked"];
    assert!(asked.is_object(), "{answer}");
    assert_eq!((&asked["system"], &asked["caller"]), (&expected["asked"]["system"], &expected["asked"]["caller"]));
    if !expected["absent_claims"].is_null() {
        assert_eq!(asked["absent"], expected["absent_claims"]);
    }
    let invocation: Value = serde_json::from_str(asked["invocation"].as_str().unwrap()).unwrap();
    assert_eq!(invocation, expected["asked"]["invocation"]);
    notes(asked, &expected);
    reported(case, asked, &expected);
}

fn refused(answer: &Value, problems: &[Value], expected: &Value) {
    let found = answer["problems"].as_array().unwrap_or_else(|| panic!("{answer}"));
    assert_eq!(found.len(), problems.len(), "{answer}");
    for (found, expected) in found.iter().zip(problems) {
        assert_eq!(found["kind"], expected["kind"], "{found}");
        let has = |field: &str, part: &str| found[field].as_str().unwrap().contains(part);
        assert!(has("message", expected["contains"].as_str().unwrap()), "{found}");
        assert!(has("help", expected["help"].as_str().unwrap_or_default()), "{found}");
    }
    assert_eq!(answer["report"]["exit"], expected["exit"]);
    harmless(&answer["report"], false);
}

fn notes(asked: &Value, expected: &Value) {
    let notes = asked["notes"].as_array().unwrap();
    for part in strings(&expected["notes"]) {
        let there = notes.iter().any(|note| note["text"].as_str().unwrap().contains(part));
        assert!(there, "no note says `{part}`: {notes:?}");
    }
    if let Some(count) = expected["warnings"].as_u64() {
        let warnings = notes.iter().filter(|note| note["warning"] == true).count();
        assert_eq!(warnings as u64, count, "{notes:?}");
    }
}

fn reported(case: &Path, asked: &Value, expected: &Value) {
    let Some(decision) = text(case, "decision.json") else { return };
    let mut input = json!({"version": 1, "decision": decision, "asked": asked});
    if let Some(claims) = text(case, "claims.json") {
        input["claims"] = claims.into();
    }
    let view = object(case, "view.json").unwrap_or_else(|| json!({}));
    input.as_object_mut().unwrap().extend(view.as_object().unwrap().clone());
    let answer: Value = serde_json::from_str(&report_json(input.to_string().as_bytes())).unwrap();
    let (report, expected) = (&answer["report"], &expected["report"]);
    fields_are_known(expected, &KNOWN_OF_REPORT);
    assert_eq!(report["exit"], expected["exit"], "{report}");
    contains(&report["explanation"], &expected["explanation_contains"]);
    for part in strings(&expected["explanation_absent"]) {
        assert!(!report["explanation"].as_str().unwrap().contains(part), "{part}: {}", report["explanation"]);
    }
    assert_eq!(report["doubt"], *expected.get("doubt").unwrap_or(&json!("")), "{report}");
    contains(&report["summary"], &expected["summary_contains"]);
    for part in strings(&expected["summary_absent"]) {
        assert!(!report["summary"].as_str().unwrap().contains(part), "{part}: {}", report["summary"]);
    }
    if !expected["annotations"].is_null() {
        assert_eq!(report["annotations"], expected["annotations"]);
    }
    if let Some(count) = expected["annotations_count"].as_u64() {
        assert_eq!(report["annotations"].as_array().unwrap().len() as u64, count, "{report}");
    }
    for (name, value) in expected["outputs"].as_object().into_iter().flatten() {
        assert_eq!(&report["outputs"][name], value, "{name}");
    }
    if !expected["files"].is_null() {
        let files: Vec<&str> = report["files"].as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(files, strings(&expected["files"]));
    }
    harmless(report, view["color"] == true);
}

fn contains(text: &Value, parts: &Value) {
    let text = text.as_str().unwrap();
    for part in strings(parts) {
        assert!(text.contains(part), "{part:?} is not in\n{text}");
    }
}

/// What holds of every report, whatever was asked.
fn harmless(report: &Value, color: bool) {
    let explanation = report["explanation"].as_str().unwrap();
    for line in explanation.lines() {
        assert!(!line.trim_start().starts_with("::") && !line.contains("##["), "a workflow command: {line}");
        assert!(color || !line.chars().any(char::is_control), "a control character: {line:?}");
    }
    for line in strings(&report["annotations"]) {
        assert!(line.starts_with("::") && !line.chars().any(char::is_control), "{line:?}");
    }
    let summary = report["summary"].as_str().unwrap();
    assert!(!summary.chars().any(|character| character.is_control() && character != '\n'), "{summary:?}");
    let markup = summary.replace("<code>", "").replace("</code>", "");
    assert!(!markup.contains('<') && !markup.contains('['), "{summary}");
    let read = read_outputs(report["files"]["GITHUB_OUTPUT"].as_str().unwrap_or_default());
    if report["files"]["GITHUB_OUTPUT"].is_string() {
        let outputs = report["outputs"].as_object().unwrap();
        let written: Vec<(String, String)> =
            outputs.iter().map(|(name, value)| (name.clone(), value.as_str().unwrap().to_owned())).collect();
        assert_eq!(read, written);
    }
}

/// Reads a file of outputs as GitHub's runner does.
fn read_outputs(text: &str) -> Vec<(String, String)> {
    let mut lines = text.lines();
    let mut outputs = Vec::new();
    while let Some(line) = lines.next() {
        let (name, delimiter) = line.split_once("<<").unwrap();
        let value: Vec<&str> = lines.by_ref().take_while(|line| *line != delimiter).collect();
        outputs.push((name.to_owned(), value.join("\n")));
    }
    outputs
}
