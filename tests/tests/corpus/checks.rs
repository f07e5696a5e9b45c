//! Every estate of `fixtures/checks` through the library and the program: the complete list of diagnostics.

use serde_json::{Value, json};

use policy_core::Report;
use policy_core::source::{Position, Span};

use crate::engines;
use crate::fixtures::{self, Check};

#[test]
fn every_check_finds_what_is_expected_where_it_is_expected() {
    let checks = fixtures::checks();
    let mut failures = Vec::new();
    for check in &checks {
        let found = diagnostics(&engines::read(&check.policy));
        failures.extend(differences(check, &found));
    }
    assert!(failures.is_empty(), "{} of {} checks differ:\n{}", failures.len(), checks.len(), failures.join("\n"));
}

#[test]
fn the_program_finds_what_the_library_finds() {
    if engines::only_the_library() {
        return;
    }
    for check in fixtures::checks() {
        let policy = check.policy.to_str().expect("a path in UTF-8");
        let output = engines::run_program(&["check", policy, "--format", "json"], b"");
        let report: Value = serde_json::from_slice(&output.stdout)
            .unwrap_or_else(|error| panic!("{}: {error}: {}", check.name, String::from_utf8_lossy(&output.stderr)));
        let library = diagnostics(&engines::read(&check.policy));
        assert_eq!(report["version"], json!(1), "{}", check.name);
        assert_eq!(report["diagnostics"], Value::Array(library.clone()), "{}", check.name);
        let failed = library.iter().any(|diagnostic| diagnostic["severity"] == "error");
        assert_eq!(output.status.code(), Some(if failed { 3 } else { 0 }), "{}", check.name);
    }
}

#[test]
fn there_are_at_least_a_hundred_and_twenty_invalid_estates() {
    let invalid = fixtures::checks()
        .into_iter()
        .filter(|check| check.diagnostics.iter().any(|diagnostic| diagnostic["severity"] == "error"));
    assert!(invalid.count() >= 120);
}

/// The diagnostics of a report in the form in which the program writes them.
fn diagnostics(report: &Report) -> Vec<Value> {
    let place = |span: Span| {
        let (file, start, end) = report.sources.positions(span).expect("a span lies in a file");
        (file.name().to_string(), start, end)
    };
    let related = |span: Span, message: &str| {
        let (file, start, end) = place(span);
        json!({"file": file, "line": start.line, "column": start.column,
               "end_line": end.line, "end_column": end.column, "message": message})
    };
    let each = report.diagnostics.iter().map(|found| {
        let (file, start, end): (String, Position, Position) = place(found.span);
        let others: Vec<Value> = found.related.iter().map(|other| related(other.span, &other.message)).collect();
        json!({"code": found.code.as_str(), "severity": found.severity().as_str(), "message": found.message,
               "file": file, "line": start.line, "column": start.column,
               "end_line": end.line, "end_column": end.column, "help": found.help, "related": others})
    });
    each.collect()
}

fn differences(check: &Check, found: &[Value]) -> Option<String> {
    let fits = |found: &Value, expected: &Value| {
        expected.as_object().expect("a diagnostic is an object").iter().all(|(field, value)| match field.as_str() {
            "message_contains" => contains(&found["message"], value),
            "help_contains" => contains(&found["help"], value),
            "code" | "severity" | "file" | "line" | "column" => found[field] == *value,
            _ => panic!("{}: a diagnostic cannot expect `{field}`", check.name),
        })
    };
    let same = found.len() == check.diagnostics.len() && found.iter().zip(&check.diagnostics).all(|(a, b)| fits(a, b));
    (!same).then(|| {
        let list = |items: &[Value]| items.iter().map(|item| format!("\n      {item}")).collect::<Vec<_>>().concat();
        format!("  {}\n    expected:{}\n    found:{}", check.name, list(&check.diagnostics), list(found))
    })
}

fn contains(text: &Value, part: &Value) -> bool {
    text.as_str().is_some_and(|text| text.contains(part.as_str().expect("a text")))
}
