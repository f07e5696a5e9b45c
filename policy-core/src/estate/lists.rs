//! Lists of names and of patterns: the union of what is listed, minus the union of what is listed with `!` (P1).

use std::sync::{Arc, OnceLock};

use crate::evaluate::PatternValue;
use crate::pattern::{self, Nfa, Node};

/// Declared names, or anything.
#[derive(Debug)]
pub struct Names<T> {
    /// Whether `any()` is listed.
    pub any: bool,
    /// What is selected by name, by the bytes of the names.
    pub included: Vec<Arc<T>>,
    /// What is selected with `!`, by the bytes of the names.
    pub excluded: Vec<Arc<T>>,
    /// The list as its author would write it, for explanations.
    pub text: Arc<str>,
}

/// A pattern that was checked: it is well formed, within the limits, and matches something.
#[derive(Debug)]
pub struct Pattern {
    /// What was written.
    pub value: PatternValue,
    /// The language it means.
    pub node: Node,
    automaton: OnceLock<Option<Nfa>>,
}

impl Pattern {
    /// Keeps a pattern and its meaning.
    pub(crate) fn new(value: PatternValue, node: Node) -> Self {
        Self { value, node, automaton: OnceLock::new() }
    }

    /// The automaton of the pattern, built when it is first asked for. None only where it is larger than the limits,
    /// which was refused when the pattern was checked.
    pub(crate) fn automaton(&self) -> Option<&Nfa> {
        self.automaton.get_or_init(|| Nfa::new(&self.node).ok()).as_ref()
    }

    /// The pattern as its author would write it.
    pub fn text(&self) -> String {
        pattern::display(&self.value)
    }
}

/// Patterns: what matches one of `include` and none of `exclude`.
#[derive(Debug)]
pub struct PatternList {
    /// One or more.
    pub include: Vec<Arc<Pattern>>,
    /// Those written with `!`.
    pub exclude: Vec<Arc<Pattern>>,
}

impl PatternList {
    /// The list as its author would write it.
    pub fn text(&self) -> String {
        let include = self.include.iter().map(|pattern| pattern.text());
        let exclude = self.exclude.iter().map(|pattern| format!("!{}", pattern.text()));
        list_text(&include.chain(exclude).collect::<Vec<_>>())
    }
}

/// Patterns of refs, with `protected()` among them.
#[derive(Debug, Default)]
pub struct RefList {
    /// One or more; none only in a repository that protects nothing.
    pub include: Vec<RefPattern>,
    /// Those written with `!`.
    pub exclude: Vec<RefPattern>,
}

impl RefList {
    /// Whether `protected()` is listed.
    pub fn uses_protected(&self) -> bool {
        self.include.iter().chain(&self.exclude).any(|pattern| matches!(pattern, RefPattern::Protected))
    }

    /// The list as its author would write it.
    pub fn text(&self) -> String {
        let include = self.include.iter().map(RefPattern::text);
        let exclude = self.exclude.iter().map(|pattern| format!("!{}", pattern.text()));
        list_text(&include.chain(exclude).collect::<Vec<_>>())
    }
}

/// A pattern of refs.
#[derive(Debug, Clone)]
pub enum RefPattern {
    /// A pattern by itself.
    Pattern(Arc<Pattern>),
    /// `protected()`: the list of the invocation's repository.
    Protected,
}

impl RefPattern {
    /// The pattern as its author would write it.
    pub fn text(&self) -> String {
        match self {
            Self::Pattern(pattern) => pattern.text(),
            Self::Protected => "protected()".to_owned(),
        }
    }
}

/// `x` for one function by itself, `[x, y]` otherwise.
pub(crate) fn list_text(members: &[String]) -> String {
    match members {
        [one] if !one.starts_with(['"', '!']) => one.clone(),
        _ => format!("[{}]", members.join(", ")),
    }
}
