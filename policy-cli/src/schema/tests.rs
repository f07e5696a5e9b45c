//! Holds the schemas against the types, and the types against the core.

use std::path::Path;

use policy_core::invocation::RawInvocation;
use policy_core::limits;
use policy_core::reference::Reference;
use policy_core::{PolicyFile, check};
use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema};

use super::{DECISION, DIAGNOSTICS, INVOCATION, decision, invocation};

fn text(schema: Schema) -> String {
    format!("{:#}\n", serde_json::Value::from(schema))
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
}

#[test]
fn every_object_is_closed_and_every_field_explained() {
    for schema in [INVOCATION, DECISION, DIAGNOSTICS] {
        closed(&serde_json::from_str(schema).unwrap());
    }
}

fn closed(value: &serde_json::Value) {
    if let Some(fields) = value.get("properties").and_then(|fields| fields.as_object()) {
        assert_eq!(value["additionalProperties"], false, "{value}");
        for (name, field) in fields {
            assert!(field.get("description").is_some(), "`{name}` has no description");
        }
    }
    match value {
        serde_json::Value::Object(fields) => fields.values().for_each(closed),
        serde_json::Value::Array(items) => items.iter().for_each(closed),
        _ => {}
    }
}

/// The limits in attributes are literals; these are the numbers they stand for.
#[test]
fn the_limits_are_those_of_the_core() {
    let schema: serde_json::Value = serde_json::from_str(INVOCATION).unwrap();
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
