//! The JSON form of a decision: fields in the language's order, keys of objects by their bytes, nothing optional left out.

use alloc::string::String;

use crate::json::write_text;
use crate::prose::push_number;

use super::{Decision, Digest, FailedClaim, FailedDimension, Launch, MatchedRule, Nearest};

impl Decision<'_> {
    /// The decision as one line of JSON, without a line end.
    pub fn to_json(&self) -> String {
        let mut out = String::with_capacity(1_024);
        self.write_json(&mut out);
        out
    }

    /// Appends the decision as one line of JSON, without a line end.
    pub fn write_json(&self, out: &mut String) {
        out.push_str("{\"version\":1");
        text(out, "outcome", self.outcome().as_str());
        text(out, "reason", self.reason.as_str());
        text(out, "message", &self.message);
        list(field(out, "rules"), &self.rules, matched_rule);
        list(field(out, "unmet"), &self.unmet, |out, name| write_text(out, name));
        optional(field(out, "launch"), self.launch.as_ref(), launch);
        list(field(out, "nearest"), &self.nearest, nearest);
        optional(field(out, "policy"), self.policy, digest);
        optional(field(out, "bundle"), self.bundle, digest);
        push_number(field(out, "language"), self.language.into());
        text(out, "engine", self.engine.as_str());
        out.push('}');
    }
}

/// Begins the field `name`, with a comma unless it is the first in its object; its value goes to what is returned. `name`
/// needs no escape.
fn field<'o>(out: &'o mut String, name: &str) -> &'o mut String {
    out.push_str(if out.ends_with('{') { "\"" } else { ",\"" });
    out.push_str(name);
    out.push_str("\":");
    out
}

/// Writes a field that is a text.
fn text(out: &mut String, name: &str, value: &str) {
    write_text(field(out, name), value);
}

fn digest(out: &mut String, digest: Digest) {
    out.push('"');
    digest.write(out);
    out.push('"');
}

fn optional<T>(out: &mut String, value: Option<T>, write: impl FnOnce(&mut String, T)) {
    match value {
        Some(value) => write(out, value),
        None => out.push_str("null"),
    }
}

fn list<T>(out: &mut String, items: &[T], write: impl Fn(&mut String, &T)) {
    out.push('[');
    for (index, item) in items.iter().enumerate() {
        if index > 0 {
            out.push(',');
        }
        write(out, item);
    }
    out.push(']');
}

fn matched_rule(out: &mut String, rule: &MatchedRule<'_>) {
    out.push('{');
    text(out, "name", &rule.name);
    text(out, "account", &rule.account);
    text(out, "effect", rule.effect);
    text(out, "file", &rule.file);
    push_number(field(out, "line"), rule.line.into());
    out.push('}');
}

fn launch(out: &mut String, launch: &Launch<'_>) {
    out.push('{');
    text(out, "command", &launch.command);
    text(out, "effect", launch.effect);
    text(out, "runner", &launch.runner);
    digest(field(out, "runner_digest"), launch.runner_digest);
    list(field(out, "argv"), &launch.argv, |out, item| write_text(out, item));
    field(out, "environment").push('{');
    for (name, value) in &launch.environment {
        text(out, name, value);
    }
    out.push('}');
    out.push('}');
}

fn nearest(out: &mut String, nearest: &Nearest<'_>) {
    out.push('{');
    text(out, "rule", &nearest.rule);
    text(out, "file", &nearest.file);
    push_number(field(out, "line"), nearest.line.into());
    list(field(out, "failed"), &nearest.failed, failed);
    out.push('}');
}

fn failed(out: &mut String, failed: &FailedDimension<'_>) {
    out.push('{');
    text(out, "dimension", failed.dimension);
    text(out, "got", &failed.got);
    text(out, "expected", &failed.expected);
    list(field(out, "claims"), &failed.claims, failed_claim);
    out.push('}');
}

fn failed_claim(out: &mut String, failed: &FailedClaim<'_>) {
    out.push('{');
    text(out, "caller", &failed.caller);
    text(out, "claim", &failed.claim);
    optional(field(out, "got"), failed.got.as_deref(), write_text);
    text(out, "expected", &failed.expected);
    out.push('}');
}
