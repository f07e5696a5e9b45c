//! The JSON form of a decision: fields in the language's order, keys of objects by their bytes, nothing optional left out.

use crate::json::write_text;

use super::{Decision, FailedDimension, Launch, MatchedRule, Nearest};

impl Decision<'_> {
    /// The decision as one line of JSON, without a line end.
    pub fn to_json(&self) -> String {
        let mut out = String::with_capacity(512);
        out.push_str("{\"version\":1");
        field(&mut out, "outcome", |out| write_text(out, self.outcome().as_str()));
        field(&mut out, "reason", |out| write_text(out, self.reason.as_str()));
        field(&mut out, "message", |out| write_text(out, &self.message));
        field(&mut out, "rules", |out| list(out, &self.rules, matched_rule));
        field(&mut out, "unmet", |out| list(out, &self.unmet, |out, name| write_text(out, name)));
        field(&mut out, "launch", |out| optional(out, self.launch.as_ref(), launch));
        field(&mut out, "nearest", |out| list(out, &self.nearest, nearest));
        field(&mut out, "policy", |out| optional(out, self.policy, |out, digest| write_text(out, &digest.to_string())));
        field(&mut out, "bundle", |out| optional(out, self.bundle, |out, digest| write_text(out, &digest.to_string())));
        field(&mut out, "language", |out| out.push_str(&self.language.to_string()));
        field(&mut out, "engine", |out| write_text(out, self.engine.as_str()));
        out.push('}');
        out
    }
}

/// Writes `"name":value`, with a comma unless it is the first in its object.
fn field(out: &mut String, name: &str, value: impl FnOnce(&mut String)) {
    if !out.ends_with('{') {
        out.push(',');
    }
    write_text(out, name);
    out.push(':');
    value(out);
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
    field(out, "line", |out| out.push_str(&rule.line.to_string()));
    out.push('}');
}

fn launch(out: &mut String, launch: &Launch<'_>) {
    out.push('{');
    field(out, "command", |out| write_text(out, &launch.command));
    field(out, "effect", |out| write_text(out, launch.effect));
    field(out, "runner", |out| write_text(out, &launch.runner));
    field(out, "runner_digest", |out| write_text(out, &launch.runner_digest.to_string()));
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
    field(out, "line", |out| out.push_str(&nearest.line.to_string()));
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
