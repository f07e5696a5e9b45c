//! What the lists of the model match: P1 to P7 over the model.

use crate::model::{Command, Commands, IDENTITY, List, Names, Pattern, RefPattern, Spelling};

impl Pattern {
    pub(crate) fn matches(&self, text: &str, separators: &str) -> bool {
        match self {
            Self::Any => true,
            Self::Exact(exact) => exact == text,
            // Written as a regex, a star stops at either separator wherever it stands (`hcl.rs`).
            Self::Of(glob, Spelling::Regex) => glob.matches(text, IDENTITY),
            Self::Of(glob, _) => glob.matches(text, separators),
        }
    }
}

impl List<Pattern> {
    pub(crate) fn matches(&self, text: &str, separators: &str) -> bool {
        self.include.iter().any(|pattern| pattern.matches(text, separators))
            && !self.exclude.iter().any(|pattern| pattern.matches(text, separators))
    }
}

impl RefPattern {
    fn matches(&self, reference: &str, protected: &[RefPattern]) -> bool {
        let below = |folder: &str, pattern: &Pattern| {
            reference.strip_prefix(folder).is_some_and(|name| pattern.matches(name, "/"))
        };
        match self {
            Self::Any => true,
            Self::Branch(pattern) => below("refs/heads/", pattern),
            Self::Tag(pattern) => below("refs/tags/", pattern),
            Self::Commit => is_commit(reference),
            Self::PullRequest => {
                ["refs/pull/", "refs/merge-requests/", "refs/pull-requests/"].iter().any(|at| reference.starts_with(at))
            }
            Self::Protected => protected.iter().any(|pattern| pattern.matches(reference, &[])),
            Self::Whole(pattern) => pattern.matches(reference, "/"),
        }
    }
}

impl List<RefPattern> {
    pub(crate) fn matches(&self, reference: &str, protected: &[RefPattern]) -> bool {
        self.include.iter().any(|pattern| pattern.matches(reference, protected))
            && !self.exclude.iter().any(|pattern| pattern.matches(reference, protected))
    }

    pub(crate) fn names_protected(&self) -> bool {
        self.include.iter().chain(&self.exclude).any(|pattern| *pattern == RefPattern::Protected)
    }
}

impl Names {
    /// Whether a declared name is selected.
    pub(crate) fn selects(&self, name: &str) -> bool {
        (self.any || self.list.include.iter().any(|pattern| wildcard(pattern, name)))
            && !self.list.exclude.iter().any(|pattern| wildcard(pattern, name))
    }
}

impl Commands {
    pub(crate) fn selects(&self, command: &Command) -> bool {
        match self {
            Self::Names(names) => names.selects(&command.name),
            Self::Effect { write } => !command.verb && command.write == *write,
        }
    }

    /// Whether a command is named without a wildcard.
    pub(crate) fn names_outright(&self, command: &Command) -> bool {
        matches!(self, Self::Names(names) if names.list.include.contains(&command.name))
    }
}

/// `*` and `?` in names, where nothing separates.
pub(crate) fn wildcard(pattern: &str, name: &str) -> bool {
    match pattern.chars().next() {
        None => name.is_empty(),
        Some('*') => {
            name.char_indices().map(|(at, _)| at).chain([name.len()]).any(|at| wildcard(&pattern[1..], &name[at..]))
        }
        Some('?') => !name.is_empty() && wildcard(&pattern[1..], &name[1..]),
        Some(first) => name.starts_with(first) && wildcard(&pattern[1..], &name[1..]),
    }
}

pub(crate) fn is_commit(text: &str) -> bool {
    matches!(text.len(), 40 | 64) && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}
