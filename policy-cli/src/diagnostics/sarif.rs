//! SARIF 2.1.0: <https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html>.

use std::fmt::Write as _;

use policy_core::diagnostic::Code;
use serde_json::{Value, json};

use super::Checked;
use super::document::{Finding, Place};

pub(super) fn write(checked: &Checked) -> String {
    let results: Vec<Value> = checked.findings.iter().map(|(finding, _)| result(checked, finding)).collect();
    let log = json!({
        "$schema": "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {
                "name": "portcullis",
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": Code::ALL.iter().copied().map(rule).collect::<Vec<_>>(),
            }},
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    });
    format!("{log:#}\n")
}

fn rule(code: Code) -> Value {
    json!({
        "id": code.as_str(),
        "name": code.name(),
        "shortDescription": {"text": code.summary()},
        "help": {"text": format!("portcullis explain {}", code.as_str())},
        "defaultConfiguration": {"level": code.severity().as_str()},
    })
}

fn result(checked: &Checked, finding: &Finding) -> Value {
    let text = match &finding.help {
        Some(help) => format!("{}\nhelp: {help}", finding.message),
        None => finding.message.clone(),
    };
    let mut result = json!({
        "ruleId": finding.code,
        "ruleIndex": Code::ALL.iter().position(|code| code.as_str() == finding.code),
        "level": finding.severity,
        "message": {"text": text},
        "locations": [location(checked, &finding.place)],
    });
    let related: Vec<Value> = finding
        .related
        .iter()
        .map(|related| {
            let mut location = location(checked, &related.place);
            if let Value::Object(fields) = &mut location {
                fields.insert("message".to_owned(), json!({"text": related.message}));
            }
            location
        })
        .collect();
    if let (Value::Object(fields), false) = (&mut result, related.is_empty()) {
        fields.insert("relatedLocations".to_owned(), Value::Array(related));
    }
    result
}

fn location(checked: &Checked, place: &Place) -> Value {
    json!({"physicalLocation": {
        "artifactLocation": {"uri": uri(&checked.path_of(&place.file))},
        "region": {
            "startLine": place.line,
            "startColumn": place.column,
            "endLine": place.end_line,
            "endColumn": place.end_column,
        },
    }})
}

/// A path as a relative reference (RFC 3986): everything escaped that is not plainly part of a path.
fn uri(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/+@,=".contains(&byte) {
            out.push(char::from(byte));
        } else {
            // Writing to a string does not fail.
            _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::uri;

    #[test]
    fn a_path_becomes_a_reference() {
        assert_eq!(uri("policy/a b:ü.hcl"), "policy/a%20b%3A%C3%BC.hcl");
    }
}
