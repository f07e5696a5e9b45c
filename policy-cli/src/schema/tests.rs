//! Holds the schemas against the types, and the types against the core.

use std::path::Path;

use policy_core::bundle::Policy;
use policy_core::compile::compile;
use policy_core::decision::Digest;
use policy_core::invocation::RawInvocation;
use policy_core::limits;
use policy_core::reference::Reference;
use policy_core::{PolicyFile, check};
use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema};
use serde_json::Value;

use crate::arguments::PolicyFormat;
use crate::{bundle, webassembly};

use super::{BUNDLE, COMPILED, DECISION, DIAGNOSTICS, INVOCATION, decision, invocation};

fn text(schema: Schema) -> String {
    format!("{:#}\n", Value::from(schema))
}

fn made<T: JsonSchema>(of_input: bool) -> String {
    let settings = SchemaSettings::draft2020_12();
    let settings = if of_input { settings.for_deserialize() } else { settings.for_serialize() };
    text(settings.into_generator().into_root_schema_for::<T>())
}

/// `UPDATE_SCHEMAS=1 cargo test -p policy-cli schema` writes them anew.
fn assert_kept(name: &str, kept: &str, made: &str) {
    if std::env::var_os("UPDATE_SCHEMAS").is_some() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/schemas").join(name);
        std::fs::write(path, made).unwrap();
        return;
    }
    assert_eq!(kept, made, "docs/schemas/{name} is not what the types say; write it anew with UPDATE_SCHEMAS=1");
}

#[test]
fn the_schemas_are_those_of_the_types() {
    assert_kept("invocation.json", INVOCATION, &made::<invocation::Invocation>(true));
    assert_kept("decision.json", DECISION, &made::<decision::Decision>(false));
    assert_kept("diagnostics.json", DIAGNOSTICS, &made::<crate::diagnostics::Document>(false));
    assert_kept("compiled.json", COMPILED, &made::<crate::bundle::CompiledDocument>(false));
    assert_kept("bundle.json", BUNDLE, &made::<crate::bundle::Document<'_>>(false));
}

#[test]
fn every_object_is_closed_and_every_field_explained() {
    for schema in [INVOCATION, DECISION, DIAGNOSTICS, COMPILED, BUNDLE] {
        closed(&serde_json::from_str(schema).unwrap());
    }
}

fn closed(value: &Value) {
    if let Some(fields) = value.get("properties").and_then(|fields| fields.as_object()) {
        assert_eq!(value["additionalProperties"], false, "{value}");
        for (name, field) in fields {
            assert!(field.get("description").is_some(), "`{name}` has no description");
        }
    }
    match value {
        Value::Object(fields) => fields.values().for_each(closed),
        Value::Array(items) => items.iter().for_each(closed),
        _ => {}
    }
}

/// Where a document has `null`, its schema allows it; where it has an object, the schema names all of its fields.
fn described(schema: &Value, root: &Value, document: &Value) -> Result<(), String> {
    let reference = |schema: &Value| {
        let name = schema["$ref"].as_str().and_then(|path| path.strip_prefix("#/$defs/").map(str::to_owned));
        name.map(|name| root["$defs"][name].clone())
    };
    if let Some(definition) = reference(schema) {
        return described(&definition, root, document);
    }
    if let Some(choices) = schema["anyOf"].as_array() {
        let fits = choices.iter().any(|choice| described(choice, root, document).is_ok());
        return fits.then_some(()).ok_or_else(|| format!("{document} fits no choice of {schema}"));
    }
    let types: Vec<&str> = match &schema["type"] {
        Value::Array(types) => types.iter().filter_map(Value::as_str).collect(),
        one => one.as_str().into_iter().collect(),
    };
    let kind = match document {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    };
    if !types.contains(&kind) {
        return Err(format!("{document} is {kind}, not {types:?}"));
    }
    match document {
        Value::Array(items) => items.iter().try_for_each(|item| described(&schema["items"], root, item)),
        Value::Object(fields) => fields.iter().try_for_each(|(name, value)| {
            let field =
                schema["properties"].get(name).or(schema.get("additionalProperties").filter(|any| any.is_object()));
            described(field.ok_or_else(|| format!("`{name}` is not described"))?, root, value)
        }),
        _ => Ok(()),
    }
}

fn assert_described(schema: &str, document: &str) {
    let root: Value = serde_json::from_str(schema).unwrap();
    described(&root, &root, &serde_json::from_str(document).unwrap()).unwrap();
}

#[test]
fn what_is_written_is_as_its_schema_says() {
    let estate =
        check(vec![PolicyFile::new("estate.hcl", include_str!("../../tests/policy/estate.hcl"))]).estate.unwrap();
    let policy = Policy::load(compile(&estate, None).unwrap().bytes).unwrap();
    assert_described(BUNDLE, &bundle::Document::json(&policy, None, None));
    let formats = [PolicyFormat::Bundle, PolicyFormat::Wasm, PolicyFormat::Component];
    for format in formats.into_iter().filter(|format| webassembly::can_write(*format).is_ok()) {
        let file = bundle::file_of(&policy, format).unwrap();
        let digest = Digest::of(&file);
        let written = bundle::Written { format, bytes: file.len(), digest };
        assert_described(COMPILED, &bundle::CompiledDocument::json(&policy, &written));
        if let Ok((_, module)) = webassembly::opened("policy.wasm".as_ref(), &file) {
            assert_described(BUNDLE, &bundle::Document::json(&policy, Some(&module), policy.account("prod")));
        }
    }
    for line in include_str!("../../tests/requests.jsonl").lines() {
        assert_described(DECISION, &policy.explain_json(line.as_bytes()).to_json());
    }
}

/// The limits in attributes are literals; these are the numbers they stand for.
#[test]
fn the_limits_are_those_of_the_core() {
    let schema: Value = serde_json::from_str(INVOCATION).unwrap();
    let field = |name: &str| schema["properties"][name].clone();
    assert_eq!(field("repository")["maxLength"], limits::TEXT_BYTES);
    assert_eq!(field("ref")["maxLength"], limits::TEXT_BYTES);
    assert_eq!(field("path")["maxLength"], limits::PATH_BYTES);
    assert_eq!(field("arguments")["maxItems"], limits::ARGUMENT_ITEMS);
    assert_eq!(field("arguments")["items"]["maxLength"], limits::ARGUMENT_BYTES);
    assert_eq!(schema["$defs"]["Token"]["properties"]["claims"]["maxProperties"], limits::CLAIMS);
}

#[test]
fn decisions_of_the_core_go_through_the_types_unchanged() {
    let policy = include_str!("../../tests/policy/estate.hcl");
    let estate = check(vec![PolicyFile::new("estate.hcl", policy)]).estate.unwrap();
    let engine = Reference::new(&estate);
    let requests = include_str!("../../tests/requests.jsonl");
    let mut reasons = std::collections::BTreeSet::new();
    for line in requests.lines() {
        let decided = engine.decide_json(line.as_bytes());
        let written = decided.to_json();
        let read: decision::Decision = serde_json::from_str(&written).unwrap();
        assert_eq!(serde_json::to_string(&read).unwrap(), written);
        reasons.insert(decided.reason);
    }
    assert_eq!(reasons.len(), policy_core::decision::Reason::ALL.len(), "only {reasons:?}");
}

#[test]
fn the_core_takes_the_invocations_that_the_types_take() {
    let requests = include_str!("../../tests/requests.jsonl");
    for line in requests.lines() {
        let by_core = RawInvocation::from_json(line.as_bytes()).is_ok();
        let by_types = serde_json::from_str::<invocation::Invocation>(line).is_ok();
        assert_eq!(by_core, by_types, "{line}");
    }
}
