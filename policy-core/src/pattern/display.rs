//! Patterns as their authors write them.

use std::fmt::Write as _;

use crate::evaluate::PatternValue;
use crate::text::{is_control, is_format};

/// The text of `value` in the policy language, on one line: `"prod/**"`, `!"x"`, `branch("main")`, `regex("a\\.b")`.
pub fn display(value: &PatternValue) -> String {
    match value {
        PatternValue::Plain(text) => quoted(text),
        PatternValue::Glob(text) => format!("glob({})", quoted(text)),
        PatternValue::Regex(text) => format!("regex({})", quoted(text)),
        PatternValue::Exact(text) => format!("exact({})", quoted(text)),
        PatternValue::Any => "any()".to_owned(),
        PatternValue::Branch(name) => format!("branch({})", display(name)),
        PatternValue::Tag(name) => format!("tag({})", display(name)),
        PatternValue::Commit => "commit()".to_owned(),
        PatternValue::PullRequest => "pull_request()".to_owned(),
        PatternValue::Protected => "protected()".to_owned(),
        PatternValue::Effect { write: true } => "effect(\"write\")".to_owned(),
        PatternValue::Effect { write: false } => "effect(\"read\")".to_owned(),
        PatternValue::Not(pattern) => format!("!{}", display(pattern)),
    }
}

/// `text` as a quoted string of HCL. Control and format characters are written as escapes: an explanation shows no text
/// that looks like other text.
fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    let mut rest = text.chars();
    while let Some(character) = rest.next() {
        match character {
            '"' | '\\' => out.extend(['\\', character]),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '$' | '%' => sigil(&mut out, character, rest.as_str()),
            other if is_control(other) || is_format(other) => escape(&mut out, other),
            other => out.push(other),
        }
    }
    out.push('"');
    out
}

/// Writes `$` or `%`, doubled before `{`. One that stands before such a pair is written as an escape, so that nobody has
/// to know how three of them are read.
fn sigil(out: &mut String, character: char, rest: &str) {
    if rest.starts_with('{') {
        out.extend([character, character]);
    } else if rest.starts_with(character) && rest.trim_start_matches(character).starts_with('{') {
        escape(out, character);
    } else {
        out.push(character);
    }
}

fn escape(out: &mut String, character: char) {
    let number = u32::from(character);
    // Writing to text cannot fail.
    let _ = if number > 0xffff { write!(out, "\\U{number:08x}") } else { write!(out, "\\u{number:04x}") };
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::{PatternValue, display};

    #[test]
    fn patterns_are_shown_as_they_are_written() {
        let plain = |text: &str| Arc::new(PatternValue::Plain(text.into()));
        for (value, text) in [
            (PatternValue::Plain("prod/**".into()), r#""prod/**""#),
            (PatternValue::Glob("a".into()), r#"glob("a")"#),
            (PatternValue::Regex(r"a\.b".into()), r#"regex("a\\.b")"#),
            (PatternValue::Exact("\"".into()), r#"exact("\"")"#),
            (PatternValue::Any, "any()"),
            (PatternValue::Branch(plain("main")), r#"branch("main")"#),
            (PatternValue::Tag(Arc::new(PatternValue::Regex("v".into()))), r#"tag(regex("v"))"#),
            (PatternValue::Commit, "commit()"),
            (PatternValue::PullRequest, "pull_request()"),
            (PatternValue::Protected, "protected()"),
            (PatternValue::Effect { write: true }, r#"effect("write")"#),
            (PatternValue::Effect { write: false }, r#"effect("read")"#),
            (PatternValue::Not(plain("x")), r#"!"x""#),
        ] {
            assert_eq!(display(&value), text);
        }
    }

    #[test]
    fn text_is_escaped_as_hcl_reads_it() {
        for (text, shown) in [
            ("${a}", r#""$${a}""#),
            ("%{if}", r#""%%{if}""#),
            ("$a {", r#""$a {""#),
            ("$$a%%", r#""$$a%%""#),
            ("$${", r#""\u0024$${""#),
            ("%%%{", r#""\u0025\u0025%%{""#),
            ("$%{", r#""$%%{""#),
            ("a\n\r\t\u{0}", r#""a\n\r\t\u0000""#),
            ("\u{202e}é\u{e0001}", r#""\u202eé\U000e0001""#),
            ("\u{ffff}", "\"\u{ffff}\""),
        ] {
            assert_eq!(display(&PatternValue::Plain(text.into())), shown);
        }
    }
}
