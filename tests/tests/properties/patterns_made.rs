//! Random patterns and lists of them, none of which matches nothing (P8).

use policy_core::canonical::{FullRef, UnitPath};

use crate::choices::Choices;
use crate::glob::{Glob, Part, Segment};
use crate::model::{List, Names, Pattern, RefPattern, Spelling};

/// What a text is made of, by the kind of text.
pub(crate) struct Words<'a> {
    pub(crate) texts: &'a [&'a str],
    pub(crate) separators: &'a str,
    /// The most segments.
    pub(crate) segments: usize,
    /// Whether a text can be asked: a list matches one that can, and so does each of its members (P8).
    pub(crate) askable: fn(&str) -> bool,
}

pub(crate) const PATHS: Words<'_> =
    Words { texts: &["prod", "eu", "app", "prod-eu", "stage", "a.b"], separators: "/", segments: 3, askable: is_path };
pub(crate) const REFS: Words<'_> =
    Words { texts: &["main", "release", "v1", "main-2", "feature"], separators: "/", segments: 2, askable: is_name };
pub(crate) const VALUES: Words<'_> =
    Words { texts: &["app", "env", "x=y", "db.tfvars", "a,b"], separators: "/", segments: 2, askable: is_path };
pub(crate) const NAMES: Words<'_> =
    Words { texts: &["ci", "run", "ana", "ci-main", "4711"], separators: "/:", segments: 1, askable: is_something };

fn is_path(text: &str) -> bool {
    UnitPath::parse(text).is_ok()
}

fn is_name(text: &str) -> bool {
    FullRef::parse(&format!("refs/heads/{text}")).is_ok()
}

fn is_something(text: &str) -> bool {
    !text.is_empty()
}

pub(crate) fn glob(choices: &mut Choices<'_>, words: &Words<'_>) -> Glob {
    let count = 1 + choices.below(words.segments);
    let mut segments = Vec::new();
    for _ in 0..count {
        let deep = words.segments > 1 && choices.chance(5) && segments.last() != Some(&Segment::Deep);
        segments.push(if deep { Segment::Deep } else { Segment::Parts(parts(choices, words.texts)) });
    }
    Glob(segments)
}

/// The pieces of a segment. Two stars never meet, not even when braces between them are empty: that would be a `**` that
/// is no segment.
fn parts(choices: &mut Choices<'_>, words: &[&str]) -> Vec<Part> {
    let mut parts = vec![Part::Literal(choices.pick(words).to_owned())];
    let mut star = false;
    for _ in 0..choices.below(3) {
        let part = match choices.below(4) {
            0 if !star => Part::Star,
            1 => Part::One,
            2 => Part::Either(vec![choices.pick(words).to_owned(), choices.pick(&["", "-x", "0"]).to_owned()]),
            _ => Part::Literal(choices.pick(&["-x", "0", "b"]).to_owned()),
        };
        star |= part == Part::Star;
        parts.push(part);
    }
    if choices.chance(3) {
        parts.remove(0);
    }
    let either_alone = matches!(parts.as_slice(), [] | [Part::Either(_)]);
    // No segment of what is asked begins with `-`, so that a pattern of such a segment is a mistake (P8).
    let dash = match parts.first() {
        Some(Part::Literal(text)) => text.starts_with('-'),
        Some(Part::Either(texts)) => texts.iter().any(|text| text.is_empty() || text.starts_with('-')),
        _ => false,
    };
    if either_alone || dash { vec![Part::Literal(choices.pick(words).to_owned())] } else { parts }
}

pub(crate) fn pattern(choices: &mut Choices<'_>, words: &Words<'_>) -> Pattern {
    match choices.below(8) {
        0 => Pattern::Exact(
            Glob(vec![Segment::Parts(vec![Part::Literal(choices.pick(words.texts).to_owned())])]).sample(choices),
        ),
        1 => Pattern::Of(glob(choices, words), Spelling::Regex),
        2 => Pattern::Of(glob(choices, words), Spelling::Glob),
        _ => Pattern::Of(glob(choices, words), Spelling::Plain),
    }
}

/// A list whose `!` members leave something of it: a text that its first member matches.
pub(crate) fn list(choices: &mut Choices<'_>, words: &Words<'_>) -> List<Pattern> {
    let mut include = vec![pattern(choices, words)];
    include.extend(choices.some(1, |choices| pattern(choices, words)));
    if choices.chance(8) {
        include = vec![Pattern::Any];
    }
    let Some(kept) = askable_sample(&include[0], choices, words) else {
        return List { include, exclude: Vec::new() };
    };
    let mut exclude = choices.some(1, |choices| match askable_sample(&include[0], choices, words) {
        Some(near) if !choices.chance(2) => Pattern::Exact(near),
        _ => pattern(choices, words),
    });
    exclude.retain(|pattern| !pattern.matches(&kept, words.separators));
    List { include, exclude }
}

/// A text that a pattern matches and that can be asked, if one is found.
fn askable_sample(pattern: &Pattern, choices: &mut Choices<'_>, words: &Words<'_>) -> Option<String> {
    (0..20).map(|_| sample(pattern, choices, words)).find(|text| (words.askable)(text))
}

/// A text that a pattern matches.
pub(crate) fn sample(pattern: &Pattern, choices: &mut Choices<'_>, words: &Words<'_>) -> String {
    match pattern {
        Pattern::Any => glob(choices, words).sample(choices),
        Pattern::Exact(text) => text.clone(),
        Pattern::Of(glob, _) => glob.sample(choices),
    }
}

fn ref_pattern(choices: &mut Choices<'_>, protected: bool) -> RefPattern {
    match choices.below(9) {
        0 | 1 => RefPattern::Branch(pattern(choices, &REFS)),
        2 => RefPattern::Tag(pattern(choices, &REFS)),
        3 => RefPattern::Commit,
        4 => RefPattern::PullRequest,
        5 | 6 if protected => RefPattern::Protected,
        7 if protected => RefPattern::Any,
        _ => {
            let mut glob = glob(choices, &REFS);
            let kind = choices.pick(&["heads", "tags"]);
            for literal in [kind, "refs"] {
                glob.0.insert(0, Segment::Parts(vec![Part::Literal(literal.to_owned())]));
            }
            RefPattern::Whole(Pattern::Of(glob, choices.pick(&[Spelling::Plain, Spelling::Glob, Spelling::Regex])))
        }
    }
}

pub(crate) fn protected_list(choices: &mut Choices<'_>) -> Vec<RefPattern> {
    choices.some(2, |choices| ref_pattern(choices, false))
}

/// A list of refs; what is taken away is a single ref, which never empties it.
pub(crate) fn ref_list(choices: &mut Choices<'_>) -> List<RefPattern> {
    let mut include = vec![ref_pattern(choices, true)];
    include.extend(choices.some(1, |choices| ref_pattern(choices, true)));
    let askable = |text: &String| FullRef::parse(text).is_ok();
    let Some(kept) = (0..20).map(|_| ref_sample(&include[0], &[], choices)).find(askable) else {
        return List { include, exclude: Vec::new() };
    };
    let mut exclude = choices.some(1, |choices| {
        if choices.chance(2) { ref_pattern(choices, true) } else { RefPattern::Branch(pattern(choices, &REFS)) }
    });
    // What `protected()` is, is another list; nobody is told that one takes away what the other gives.
    exclude.retain(|pattern| {
        let one = List { include: vec![pattern.clone()], exclude: Vec::new() };
        *pattern != RefPattern::Any && !one.matches(&kept, &[]) && *pattern != include[0]
    });
    List { include, exclude }
}

/// A ref that a pattern matches.
pub(crate) fn ref_sample(pattern: &RefPattern, protected: &[RefPattern], choices: &mut Choices<'_>) -> String {
    match pattern {
        RefPattern::Any => choices.pick(&["refs/heads/main", "refs/tags/v1", "refs/heads/feature/x"]).to_owned(),
        RefPattern::Branch(pattern) => format!("refs/heads/{}", sample(pattern, choices, &REFS)),
        RefPattern::Tag(pattern) => format!("refs/tags/{}", sample(pattern, choices, &REFS)),
        RefPattern::Commit => choices.pick(&["0123456789abcdef", "fedcba9876543210"]).repeat(3)[..40].to_owned(),
        RefPattern::PullRequest => choices
            .pick(&[
                "refs/pull/1/head",
                "refs/pull/20/merge",
                "refs/merge-requests/3/train",
                "refs/pull-requests/4/from",
            ])
            .to_owned(),
        RefPattern::Protected => match protected {
            [] => "refs/heads/main".to_owned(),
            list => ref_sample(&choices.pick(list), &[], choices),
        },
        RefPattern::Whole(pattern) => sample(pattern, choices, &REFS),
    }
}

/// Names among the declared ones, with wildcards; at least the first of those that are picked is left.
pub(crate) fn names(choices: &mut Choices<'_>, declared: &[&str]) -> Names {
    let any = choices.chance(5);
    let first = choices.pick(declared);
    let mut include = vec![with_wildcard(choices, first)];
    include.extend(choices.some(1, |choices| choices.pick(declared).to_owned()));
    let mut exclude = choices.some(1, |choices| {
        let name = choices.pick(declared);
        with_wildcard(choices, name)
    });
    exclude.retain(|pattern| !crate::matching::wildcard(pattern, first));
    Names { any, list: List { include: if any { Vec::new() } else { include }, exclude } }
}

fn with_wildcard(choices: &mut Choices<'_>, name: &str) -> String {
    let at = 1 + choices.below(name.len() - 1);
    match choices.below(4) {
        0 => format!("{}*", &name[..at]),
        1 => format!("{}?{}", &name[..at], &name[at + 1..]),
        _ => name.to_owned(),
    }
}
