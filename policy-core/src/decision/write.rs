//! The JSON form of a decision: fields in the language's order, keys of objects by their bytes, nothing optional left out.

use alloc::string::String;

use crate::json::write_text;
use crate::prose::push_number;

use super::{Decision, Digest, FailedDimension, Launch, MatchedRule, Nearest};

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
        field(out, "outcome", |out| write_text(out, self.outcome().as_str()));
        field(out, "reason", |out| write_text(out, self.reason.as_str()));
        field(out, "message", |out| write_text(out, &self.message));
        field(out, "rules", |out| list(out, &self.rules, matched_rule));
        field(out, "unmet", |out| list(out, &self.unmet, |out, name| write_text(out, name)));
        field(out, "launch", |out| optional(out, self.launch.as_ref(), launch));
        field(out, "nearest", |out| list(out, &self.nearest, nearest));
        field(out, "policy", |out| optional(out, self.policy, digest));
        field(out, "bundle", |out| optional(out, self.bundle, digest));
        field(out, "language", |out| push_number(out, self.language.into()));
        field(out, "engine", |out| write_text(out, self.engine.as_str()));
        out.push('}');
    }
}

/// Writes `"name":value`, with a comma unless it is the first in its object. `name` needs no escape.
fn field(out: &mut String, name: &str, value: impl FnOnce(&mut String)) {
    out.push_str(if out.ends_with('{') { "\"" } else { ",\"" });
    out.push_str(name);
    out.push_str("\":");
    value(out);
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
    field(out, "name", |out| write_text(out, &rule.name));
    field(out, "account", |out| write_text(out, &rule.account));
    field(out, "effect", |out| write_text(out, rule.effect));
    field(out, "file", |out| write_text(out, &rule.file));
    field(out, "line", |out| push_number(out, rule.line.into()));
    out.push('}');
}

fn launch(out: &mut String, launch: &Launch<'_>) {
    out.push('{');
    field(out, "command", |out| write_text(out, &launch.command));
    field(out, "effect", |out| write_text(out, launch.effect));
    field(out, "runner", |out| write_text(out, &launch.runner));
    field(out, "runner_digest", |out| digest(out, launch.runner_digest));
    field(out, "argv", |out| list(out, &launch.argv, |out, item| write_text(out, item)));
    field(out, "environment", |out| {
        out.push('{');
        for (name, value) in &launch.environment {
            field(out, name, |out| write_text(out, value));
        }
        out.push('}');
    });
    out.push('}');
}

fn nearest(out: &mut String, nearest: &Nearest<'_>) {
    out.push('{');
    field(out, "rule", |out| write_text(out, &nearest.rule));
    field(out, "file", |out| write_text(out, &nearest.file));
    field(out, "line", |out| push_number(out, nearest.line.into()));
    field(out, "failed", |out| list(out, &nearest.failed, failed));
    out.push('}');
}

fn failed(out: &mut String, failed: &FailedDimension<'_>) {
    out.push('{');
    field(out, "dimension", |out| write_text(out, failed.dimension));
    field(out, "got", |out| write_text(out, &failed.got));
    field(out, "expected", |out| write_text(out, &failed.expected));
    out.push('}');
}
