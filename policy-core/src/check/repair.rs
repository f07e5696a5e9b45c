//! What an author probably meant by a pattern that can match nothing (P8). Whether it matches something is for others to
//! find out: these are guesses.

use std::sync::Arc;

use crate::evaluate::PatternValue;

use super::patterns::Place;

/// Makes a pattern of the kind of another one of a text.
type Make = fn(Arc<str>) -> PatternValue;

/// Patterns that may be meant by `value`, most likely first; it is none of them.
pub(super) fn repairs(value: &PatternValue, place: Place) -> Vec<PatternValue> {
    let mut found = match (place, value) {
        (Place::Ref, PatternValue::Branch(name) | PatternValue::Tag(name)) => named_ref(value, name),
        (_, value) => of_text(value).map(|(make, text)| repaired(make, text, place)).unwrap_or_default(),
    };
    found.retain(|repair| repair != value);
    found.dedup();
    found
}

/// The text of a pattern that is one, and how to make another of its kind.
fn of_text(value: &PatternValue) -> Option<(Make, &str)> {
    match value {
        PatternValue::Plain(text) => Some((PatternValue::Plain, text)),
        PatternValue::Glob(text) => Some((PatternValue::Glob, text)),
        PatternValue::Regex(text) => Some((PatternValue::Regex, text)),
        PatternValue::Exact(text) => Some((PatternValue::Exact, text)),
        _ => None,
    }
}

fn repaired(make: Make, text: &str, place: Place) -> Vec<PatternValue> {
    match place {
        Place::Ref => full_ref(make, &tidied(text)),
        Place::Path | Place::PathArgument => path(make, text),
        Place::Principal => principal(text).map(|text| make(text.into())).into_iter().collect(),
        Place::Session => text.rsplit('/').next().map(|text| make(text.trim_end().into())).into_iter().collect(),
        Place::Argument | Place::ResourceType | Place::Claim => Vec::new(),
    }
}

/// The text without line ends, empty segments, `.` segments, and without `/` at its ends.
fn tidied(text: &str) -> String {
    let text = text.trim_matches(['\n', '\r']);
    let segments: Vec<&str> = text.split('/').filter(|segment| !matches!(*segment, "" | ".")).collect();
    segments.join("/")
}

/// `prod/` may mean the folder, and what is below it.
fn path(make: Make, text: &str) -> Vec<PatternValue> {
    let tidy = tidied(text);
    let folder = if tidy.is_empty() { make(".".into()) } else { make(tidy.clone().into()) };
    let is_glob = matches!(folder, PatternValue::Plain(_) | PatternValue::Glob(_));
    let below = (is_glob && text.ends_with('/') && !tidy.is_empty()).then(|| make(format!("{tidy}/**").into()));
    [Some(folder), below].into_iter().flatten().collect()
}

fn full_ref(make: Make, text: &str) -> Vec<PatternValue> {
    let kept = |text: &str| vec![make(text.into())];
    let name = text.strip_prefix("refs/heads/").or_else(|| text.strip_prefix("refs/tags/"));
    if let Some(twice) = name.filter(|name| name.starts_with("refs/")) {
        return kept(twice);
    }
    if let Some((_, branch)) = text.strip_prefix("refs/remotes/").and_then(|rest| rest.split_once('/')) {
        return kept(&format!("refs/heads/{branch}"));
    }
    if text.starts_with("refs/") {
        return kept(text);
    }
    let name = Arc::new(make(text.into()));
    vec![PatternValue::Branch(name.clone()), PatternValue::Tag(name)]
}

/// Inside `branch()` and `tag()` stands the name alone.
fn named_ref(value: &PatternValue, name: &PatternValue) -> Vec<PatternValue> {
    let Some((make, text)) = of_text(name) else { return Vec::new() };
    let text = tidied(text);
    if let Some(branch) = text.strip_prefix("refs/heads/") {
        return vec![PatternValue::Branch(Arc::new(make(branch.into())))];
    }
    if let Some(tag) = text.strip_prefix("refs/tags/") {
        return vec![PatternValue::Tag(Arc::new(make(tag.into())))];
    }
    let name = Arc::new(make(text.into()));
    vec![if matches!(value, PatternValue::Tag(_)) { PatternValue::Tag(name) } else { PatternValue::Branch(name) }]
}

/// The form in which an assumed role, or a role or user with a path, is matched.
fn principal(text: &str) -> Option<String> {
    let (before, resource) = text.trim_end().rsplit_once(':')?;
    let (kind, names) = resource.split_once('/')?;
    let (kind, name) = match kind {
        "assumed-role" => ("role", names.split('/').next()?),
        "role" | "user" => (kind, names.rsplit('/').next()?),
        _ => return None,
    };
    Some(format!("{}:{kind}/{name}", before.replacen(":sts:", ":iam:", 1)))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::{PatternValue, Place, repairs};
    use crate::pattern::display;

    fn plain(text: &str) -> PatternValue {
        PatternValue::Plain(text.into())
    }

    // P8
    #[test]
    fn what_was_meant_is_guessed() {
        let regex = |text: &str| PatternValue::Regex(text.into());
        let branch = |name: PatternValue| PatternValue::Branch(Arc::new(name));
        let tag = |name: PatternValue| PatternValue::Tag(Arc::new(name));
        for (value, place, wanted) in [
            (plain("/prod/**"), Place::Path, &[r#""prod/**""#][..]),
            (plain("./prod"), Place::Path, &[r#""prod""#]),
            (plain("a//b/./c"), Place::PathArgument, &[r#""a/b/c""#]),
            (plain("prod/"), Place::Path, &[r#""prod""#, r#""prod/**""#]),
            (plain("/"), Place::Path, &[r#"".""#]),
            (plain("prod/**\n"), Place::Path, &[r#""prod/**""#]),
            (regex("/prod/.*"), Place::Path, &[r#"regex("prod/.*")"#]),
            (regex("release/.*"), Place::Ref, &[r#"branch(regex("release/.*"))"#, r#"tag(regex("release/.*"))"#]),
            (plain("refs/heads/refs/heads/main"), Place::Ref, &[r#""refs/heads/main""#]),
            (plain("refs/remotes/origin/main"), Place::Ref, &[r#""refs/heads/main""#]),
            (plain("refs/notes/x"), Place::Ref, &[]),
            (branch(plain("refs/heads/main")), Place::Ref, &[r#"branch("main")"#]),
            (branch(plain("refs/tags/v*")), Place::Ref, &[r#"tag("v*")"#]),
            (tag(plain("/v1\n")), Place::Ref, &[r#"tag("v1")"#]),
            (plain("arn:aws:sts::1:assumed-role/ci/*"), Place::Principal, &[r#""arn:aws:iam::1:role/ci""#]),
            (plain("arn:aws:iam::1:user/team/ana"), Place::Principal, &[r#""arn:aws:iam::1:user/ana""#]),
            (plain("ci"), Place::Principal, &[]),
            (plain("ci/run-*"), Place::Session, &[r#""run-*""#]),
            (PatternValue::Commit, Place::Ref, &[]),
        ] {
            let found: Vec<String> = repairs(&value, place).iter().map(display).collect();
            assert_eq!(found, wanted, "{value:?}");
        }
    }
}
