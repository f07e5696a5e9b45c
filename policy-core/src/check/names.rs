//! Names: what they may look like (N2), that each is declared once, and what is declared.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::diagnostic::{Code, Diagnostic};
use crate::limits;
use crate::source::Span;
use crate::suggestion::nearest;
use crate::text::{is_control, is_format};

use super::block::Fields;
use super::context::Context;

/// The declared names of one kind. A name whose block is broken or wrong is declared too: what refers to it is no mistake.
pub(super) struct Declared<T> {
    pub(super) kind: &'static str,
    entries: BTreeMap<Arc<str>, Entry<T>>,
}

struct Entry<T> {
    header: Option<Span>,
    value: Option<Arc<T>>,
}

impl<T> Declared<T> {
    pub(super) fn new(kind: &'static str) -> Self {
        Self { kind, entries: BTreeMap::new() }
    }

    /// Declares a name; false where it is taken, which is reported at `header`.
    pub(super) fn declare(&mut self, name: &Arc<str>, header: Span, diagnostics: &mut Vec<Diagnostic>) -> bool {
        if let Some(before) = self.entries.get(name) {
            let message = format!("a second {} `{name}`", self.kind);
            let mut diagnostic = Diagnostic::new(Code::DuplicateName, header, message);
            diagnostic = match before.header {
                Some(span) => diagnostic.help("give it a name of its own").related(span, "the first one"),
                None => diagnostic.help("this name is one of the standard commands; give yours another one"),
            };
            diagnostics.push(diagnostic);
            return false;
        }
        self.entries.insert(name.clone(), Entry { header: Some(header), value: None });
        true
    }

    /// Declares a name that no file of the estate declares.
    pub(super) fn import(&mut self, name: &Arc<str>) {
        self.entries.entry(name.clone()).or_insert(Entry { header: None, value: None });
    }

    /// Takes back a name that does not exist after all.
    pub(super) fn remove(&mut self, name: &str) {
        self.entries.remove(name);
    }

    /// Says what a declared name means.
    pub(super) fn define(&mut self, name: &str, value: T) {
        if let Some(entry) = self.entries.get_mut(name) {
            entry.value = Some(Arc::new(value));
        }
    }

    /// Whether the name is declared.
    pub(super) fn contains(&self, name: &str) -> bool {
        self.entries.contains_key(name)
    }

    /// What the name means; none where it is not declared or its block is wrong.
    pub(super) fn get(&self, name: &str) -> Option<&Arc<T>> {
        self.entries.get(name)?.value.as_ref()
    }

    /// Where the name is declared.
    pub(super) fn header(&self, name: &str) -> Option<Span> {
        self.entries.get(name)?.header
    }

    /// The declared names, by their bytes, with what each means.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&Arc<str>, Option<&Arc<T>>)> {
        self.entries.iter().map(|(name, entry)| (name, entry.value.as_ref()))
    }

    /// Everything that is declared and right, by the bytes of the names.
    pub(super) fn values(&self) -> Vec<Arc<T>> {
        self.entries.values().filter_map(|entry| entry.value.clone()).collect()
    }

    /// N4: a name that is not declared, with the nearest that is.
    pub(super) fn undeclared(&self, name: &str, span: Span) -> Diagnostic {
        let message = format!("no {} `{}` is declared", self.kind, name.escape_debug());
        let near = nearest(name, self.entries.keys().map(|key| &**key));
        let help = match near {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("declare it: `{} \"{}\" {{ … }}`", self.kind, name.escape_debug()),
        };
        Diagnostic::new(Code::UndeclaredName, span, message).help(help)
    }
}

impl Context<'_> {
    /// The label of a block as a name (N2); none where it is missing or no name, which is reported.
    pub(super) fn block_name(&mut self, fields: &Fields<'_>) -> Option<Arc<str>> {
        let label = fields.block.labels.first().filter(|label| !label.text.is_empty())?;
        let problem = name_problem(&label.text);
        if let Some(problem) = problem {
            let message =
                format!("`{}` is no name of a {}: {problem}", label.text.escape_debug(), fields.block.kind.text);
            let help = "a name is a letter or digit, then letters, digits, `.`, `_` and `-`; at most 128 bytes";
            self.mistake(Code::InvalidName, fields.header(), message, help);
        }
        Some(label.text.clone())
    }

    /// The label of a rule or invariant (N2); empty where it is missing, which is reported.
    pub(super) fn title(&mut self, fields: &Fields<'_>) -> Arc<str> {
        let Some(label) = fields.block.labels.first() else { return "".into() };
        let bad = label.text.chars().find(|character| is_control(*character) || is_format(*character));
        let problem = match bad {
            Some(character) => Some(format!("it holds the invisible character `{}`", character.escape_unicode())),
            None if label.text.len() > limits::TITLE_BYTES => Some(format!("it has {} bytes", label.text.len())),
            None => None,
        };
        if let Some(problem) = problem {
            let message = format!("this is no name of a {}: {problem}", fields.block.kind.text);
            let help = "such a name is 1 to 200 bytes of visible text";
            self.mistake(Code::InvalidName, fields.header(), message, help);
        }
        label.text.clone()
    }
}

/// N2: what keeps `name` from being a name.
fn name_problem(name: &str) -> Option<String> {
    let good = |character: char| character.is_ascii_alphanumeric() || matches!(character, '.' | '_' | '-');
    if let Some(bad) = name.chars().find(|character| !good(*character)) {
        return Some(format!("it holds `{}`", bad.escape_debug()));
    }
    if !name.starts_with(|first: char| first.is_ascii_alphanumeric()) {
        return Some("it begins with neither letter nor digit".to_owned());
    }
    (name.len() > limits::NAME_BYTES).then(|| format!("it has {} bytes", name.len()))
}

/// Whether `name` matches `pattern`, in which `*` is any text and `?` one character (P7).
pub(super) fn name_matches(pattern: &str, name: &str) -> bool {
    let (pattern, name) = (pattern.as_bytes(), name.as_bytes());
    let (mut at, mut position) = (0, 0);
    // Where to go on when what follows the last `*` does not fit: behind the star, one byte later in the name.
    let mut retry: Option<(usize, usize)> = None;
    while position < name.len() {
        match pattern.get(at) {
            Some(b'*') => {
                retry = Some((at + 1, position));
                at += 1;
            }
            Some(byte) if *byte == b'?' || Some(byte) == name.get(position) => {
                at += 1;
                position += 1;
            }
            _ => match retry {
                Some((after, from)) => {
                    retry = Some((after, from + 1));
                    (at, position) = (after, from + 1);
                }
                None => return false,
            },
        }
    }
    pattern.iter().skip(at).all(|byte| *byte == b'*')
}

#[cfg(test)]
mod tests {
    use super::{name_matches, name_problem};

    #[test]
    fn stars_and_question_marks_select_names() {
        for (pattern, name, expected) in [
            ("*", "", true),
            ("*", "ci", true),
            ("terraform-*", "terraform-plan", true),
            ("terraform-*", "terraform", false),
            ("*-plan", "terraform-plan-destroy", false),
            ("*-plan*", "terraform-plan-destroy", true),
            ("c?", "ci", true),
            ("c?", "c", false),
            ("a*b*c", "aXbXbXc", true),
            ("a*b*c", "aXbXbX", false),
            ("?*?", "a", false),
            ("**", "x", true),
        ] {
            assert_eq!(name_matches(pattern, name), expected, "{pattern} {name}");
        }
    }

    #[test]
    fn names_have_a_beginning_and_an_end() {
        assert!(name_problem("a").is_none() && name_problem("0.a_b-C").is_none());
        assert!(name_problem(&"a".repeat(128)).is_none() && name_problem(&"a".repeat(129)).is_some());
        assert!(name_problem("-a").is_some() && name_problem("a b").is_some() && name_problem("é").is_some());
        assert!(name_problem("_a").is_some() && name_problem(".a").is_some());
    }
}
