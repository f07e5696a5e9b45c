//! `portcullis explain`: a page about each code and each reason.

use std::fmt::Write as _;

use serde_json::{Value, json};

use crate::arguments::{Explain, ExplainFormat};
use crate::exit::Exit;
use crate::explain::{Topic, all, find};
use crate::failure::Failure;
use crate::output;
use crate::suggestion::nearest;

pub(super) fn run(typed: &Explain) -> Result<Exit, Failure> {
    let text = match (&typed.code, typed.format) {
        (None, ExplainFormat::Human) => list(),
        (None, ExplainFormat::Json) => document(&json!({"version": 1, "topics": all().map(short).collect::<Vec<_>>()})),
        (Some(code), format) => page(find(code).ok_or_else(|| unknown(code))?, format),
    };
    output::write(&text)?;
    Ok(Exit::Good)
}

fn unknown(code: &str) -> Failure {
    let near = nearest(code, all().map(|topic| topic.code)).map(|near| format!("did you mean `{near}`? "));
    Failure::usage(
        format!("there is no code or reason `{code}`"),
        format!("{}`portcullis explain` lists them all", near.unwrap_or_default()),
    )
}

fn page(topic: Topic, format: ExplainFormat) -> String {
    match format {
        ExplainFormat::Human => topic.page.to_owned(),
        ExplainFormat::Json => {
            let mut value = short(topic);
            if let Value::Object(fields) = &mut value {
                fields.shift_insert(0, "version".to_owned(), json!(1));
                fields.insert("page".to_owned(), json!(topic.page));
            }
            document(&value)
        }
    }
}

fn short(topic: Topic) -> Value {
    json!({"code": topic.code, "kind": topic.kind, "name": topic.name, "severity": topic.severity, "summary": topic.summary})
}

fn document(value: &Value) -> String {
    format!("{value}\n")
}

fn list() -> String {
    let mut out = String::from("Diagnostics of `portcullis check`:\n");
    let (diagnostics, reasons): (Vec<Topic>, Vec<Topic>) = all().partition(|topic| topic.kind == "diagnostic");
    for topic in diagnostics {
        // Writing to a string does not fail.
        _ = writeln!(out, "  {}  {:<22} {}", topic.code, topic.name, topic.summary);
    }
    out.push_str("\nReasons of `portcullis decide`:\n");
    for topic in reasons {
        _ = writeln!(out, "  {:<20}  {:<8} {}", topic.code, topic.severity, topic.summary);
    }
    out.push_str("\n`portcullis explain CODE` shows the page about one of them.\n");
    out
}
