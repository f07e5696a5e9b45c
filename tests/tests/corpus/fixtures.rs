//! The files of the corpus, as `fixtures/README.md` describes them.

use std::path::{Path, PathBuf};

use serde_json::{Map, Value};

/// An estate and the cases that are asked of it.
pub(crate) struct Estate {
    pub(crate) name: String,
    pub(crate) policy: PathBuf,
    pub(crate) cases: Vec<Case>,
}

/// One invocation and what its decision must say.
pub(crate) struct Case {
    /// Topic and name, for messages.
    pub(crate) name: String,
    /// The rules of the language that it is about.
    pub(crate) rules: Vec<String>,
    /// The invocation as it is handed over, which may be no JSON at all.
    pub(crate) request: Vec<u8>,
    /// The fields that are compared.
    pub(crate) expect: Map<String, Value>,
}

/// A policy directory and what a check of it must say.
pub(crate) struct Check {
    pub(crate) name: String,
    pub(crate) policy: PathBuf,
    pub(crate) rules: Vec<String>,
    /// The complete list of diagnostics, each with the fields that are compared.
    pub(crate) diagnostics: Vec<Value>,
}

pub(crate) fn estates() -> Vec<Estate> {
    let estates = folders(&workspace_tests::root().join("fixtures/estates")).into_iter().map(|folder| {
        let cases: Vec<Case> = files(&folder.join("cases")).iter().flat_map(|file| cases(file)).collect();
        assert!(!cases.is_empty(), "{} has no cases", folder.display());
        Estate { name: name(&folder), policy: folder.join("policy"), cases }
    });
    estates.collect()
}

pub(crate) fn checks() -> Vec<Check> {
    let checks = folders(&workspace_tests::root().join("fixtures/checks")).into_iter().map(|folder| {
        let expected = json(&folder.join("expected.json"));
        Check {
            name: name(&folder),
            policy: folder.join("policy"),
            rules: texts(&expected["rules"]),
            diagnostics: expected["diagnostics"].as_array().expect("`diagnostics` is a list").clone(),
        }
    });
    checks.collect()
}

fn cases(file: &Path) -> Vec<Case> {
    let topic = file.file_stem().expect("a case file has a name").to_string_lossy().into_owned();
    let document = json(file);
    let cases = document["cases"].as_array().unwrap_or_else(|| panic!("{} has no `cases`", file.display()));
    cases.iter().map(|case| self::case(&topic, &document["base"], case)).collect()
}

fn case(topic: &str, base: &Value, case: &Value) -> Case {
    let known = ["name", "rules", "why", "change", "remove", "text", "hex", "expect"];
    let fields = case.as_object().expect("a case is an object");
    let name = format!("{topic}/{}", case["name"].as_str().expect("a case has a name"));
    if let Some(unknown) = fields.keys().find(|field| !known.contains(&field.as_str())) {
        panic!("{name}: a case has no field `{unknown}`");
    }
    let request = match (case.get("text"), case.get("hex")) {
        (Some(text), _) => text.as_str().expect("`text` is text").as_bytes().to_vec(),
        (None, Some(hex)) => unhex(hex.as_str().expect("`hex` is text")),
        (None, None) => merged(base, case).to_string().into_bytes(),
    };
    let expect = case["expect"].as_object().unwrap_or_else(|| panic!("{name} expects nothing")).clone();
    assert!(expect.contains_key("outcome") && expect.contains_key("reason"), "{name} expects no outcome or reason");
    Case { name, rules: texts(&case["rules"]), request, expect }
}

/// `base` with the top-level fields of `change` replaced and those of `remove` taken away.
fn merged(base: &Value, case: &Value) -> Value {
    let mut request = base.as_object().expect("`base` is an object").clone();
    if let Some(change) = case.get("change") {
        request.extend(change.as_object().expect("`change` is an object").clone());
    }
    if let Some(remove) = case.get("remove") {
        for field in texts(remove) {
            assert!(request.shift_remove(&field).is_some(), "`remove` names `{field}`, which is not there");
        }
    }
    Value::Object(request)
}

/// The folders in a folder, by name.
fn folders(parent: &Path) -> Vec<PathBuf> {
    entries(parent).into_iter().filter(|path| path.is_dir()).collect()
}

/// The JSON files in a folder, by name.
fn files(parent: &Path) -> Vec<PathBuf> {
    entries(parent).into_iter().filter(|path| path.extension().is_some_and(|ending| ending == "json")).collect()
}

fn entries(parent: &Path) -> Vec<PathBuf> {
    let listing = std::fs::read_dir(parent).unwrap_or_else(|error| panic!("{}: {error}", parent.display()));
    let mut paths: Vec<PathBuf> = listing.map(|entry| entry.expect("a folder's entry").path()).collect();
    paths.sort();
    paths
}

fn name(path: &Path) -> String {
    path.file_name().expect("a fixture has a name").to_string_lossy().into_owned()
}

pub(crate) fn json(path: &Path) -> Value {
    let text = std::fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    serde_json::from_slice(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

pub(crate) fn texts(value: &Value) -> Vec<String> {
    let items = value.as_array().unwrap_or_else(|| panic!("not a list of texts: {value}"));
    items.iter().map(|item| item.as_str().expect("a text").to_owned()).collect()
}

fn unhex(text: &str) -> Vec<u8> {
    let digits: Vec<u32> = text.chars().map(|digit| digit.to_digit(16).expect("a hexadecimal digit")).collect();
    digits.chunks(2).map(|pair| u8::try_from(pair[0] * 16 + pair[1]).expect("a byte")).collect()
}
