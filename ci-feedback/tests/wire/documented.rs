//! The examples of `docs/ci-feedback.md`: each block of JSON that is marked as going in is handed over, and what comes out is
//! the block behind it.

use std::fs;
use std::path::Path;

use ci_feedback::needed_variables;
use ci_feedback::wire::{invocation_json, needed_variables_json, report_json};
use serde_json::Value;

fn page() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/ci-feedback.md");
    fs::read_to_string(path).unwrap().replace("\r\n", "\n")
}

/// The blocks whose fence says `json NAME`, in order.
fn blocks(page: &str) -> Vec<(String, Value)> {
    let mut found = Vec::new();
    for part in page.split("```json ").skip(1) {
        let (name, rest) = part.split_once('\n').unwrap();
        let (text, _) = rest.split_once("\n```").unwrap();
        found.push((name.to_owned(), serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"))));
    }
    found
}

#[test]
fn the_examples_do_what_the_page_says() {
    let page = page();
    let blocks = blocks(&page);
    assert_eq!(blocks.len() % 2, 0);
    let mut functions = Vec::new();
    for pair in blocks.chunks(2) {
        let [(function, input), (out, expected)] = pair else { panic!("{pair:?}") };
        assert_eq!(out, "out");
        let answer = match function.as_str() {
            "invocation" => invocation_json(input.to_string().as_bytes()),
            "report" => report_json(input.to_string().as_bytes()),
            other => panic!("{other} is no function"),
        };
        let answer: Value = serde_json::from_str(&answer).unwrap();
        assert_eq!(&answer, expected, "{answer:#}");
        functions.push(function.clone());
    }
    for function in ["invocation", "report"] {
        assert!(functions.iter().any(|name| name == function), "{function} has no example");
    }
}

#[test]
fn the_page_lists_the_variables_that_are_read() {
    let page = page();
    for name in needed_variables() {
        assert!(page.contains(&format!("`{name}`")), "{name}");
    }
    let listed: Vec<String> = serde_json::from_str(&needed_variables_json()).unwrap();
    assert_eq!(listed, needed_variables());
    assert!(listed.windows(2).all(|pair| pair[0] < pair[1]), "sorted, each once");
}
