//! Lists of texts, names and patterns in their canonical form.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::estate::{Names, PatternList, RefList, RefPattern};
use crate::evaluate::PatternValue;
use crate::json::{ArrayWriter, ObjectWriter};

/// `["a","b"]`, in the order given.
pub(super) fn texts<'a>(out: &mut String, texts: impl IntoIterator<Item = &'a str>) {
    let mut array = ArrayWriter::new(out);
    texts.into_iter().for_each(|text| array.text(text));
    array.finish();
}

/// `["a","b"]`, sorted by bytes, each once.
pub(super) fn sorted(out: &mut String, mut members: Vec<String>) {
    members.sort_unstable();
    members.dedup();
    texts(out, members.iter().map(String::as_str));
}

/// `{"a":"x","b":"y"}`.
pub(super) fn map(out: &mut String, entries: &BTreeMap<Arc<str>, Arc<str>>) {
    let mut object = ObjectWriter::new(out);
    entries.iter().for_each(|(name, value)| object.text(name, value));
    object.finish();
}

/// `{"any":false,"except":[…],"names":[…]}`.
pub(super) fn names<T>(out: &mut String, names: &Names<T>, name: impl Fn(&T) -> &Arc<str>) {
    let list = |items: &[Arc<T>]| items.iter().map(|item| name(item).to_string()).collect();
    let mut object = ObjectWriter::new(out);
    object.boolean("any", names.any);
    sorted(object.field("except"), list(&names.excluded));
    sorted(object.field("names"), list(&names.included));
    object.finish();
}

/// `{"except":[…],"patterns":[…]}`.
pub(super) fn patterns(out: &mut String, list: &PatternList) {
    let texts = |patterns: &[Arc<crate::estate::Pattern>]| {
        patterns.iter().map(|pattern| pattern_text(&pattern.value)).collect()
    };
    both(out, texts(&list.exclude), texts(&list.include));
}

/// The same for refs.
pub(super) fn refs(out: &mut String, list: &RefList) {
    let texts = |patterns: &[RefPattern]| {
        let text = |pattern: &RefPattern| match pattern {
            RefPattern::Pattern(pattern) => pattern_text(&pattern.value),
            RefPattern::Protected => "protected".to_owned(),
        };
        patterns.iter().map(text).collect()
    };
    both(out, texts(&list.exclude), texts(&list.include));
}

fn both(out: &mut String, except: Vec<String>, patterns: Vec<String>) {
    let mut object = ObjectWriter::new(out);
    sorted(object.field("except"), except);
    sorted(object.field("patterns"), patterns);
    object.finish();
}

/// The kind of a pattern, a colon, and its text; a plain string is a glob.
fn pattern_text(value: &PatternValue) -> String {
    match value {
        PatternValue::Plain(text) | PatternValue::Glob(text) => format!("glob:{text}"),
        PatternValue::Regex(text) => format!("regex:{text}"),
        PatternValue::Exact(text) => format!("exact:{text}"),
        PatternValue::Any => "any".to_owned(),
        PatternValue::Branch(inner) => format!("branch:{}", pattern_text(inner)),
        PatternValue::Tag(inner) => format!("tag:{}", pattern_text(inner)),
        PatternValue::Commit => "commit".to_owned(),
        PatternValue::PullRequest => "pull_request".to_owned(),
        PatternValue::Protected => "protected".to_owned(),
        PatternValue::Effect { write } => format!("effect:{}", if *write { "write" } else { "read" }),
        PatternValue::Not(inner) => format!("not:{}", pattern_text(inner)),
    }
}

/// `null`, or what `write` appends.
pub(super) fn optional<T>(out: &mut String, value: Option<T>, write: impl FnOnce(&mut String, T)) {
    match value {
        Some(value) => write(out, value),
        None => out.push_str("null"),
    }
}
