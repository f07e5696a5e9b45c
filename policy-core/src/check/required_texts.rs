//! Requirements that list texts: `includes_tip_of` and `checks` (R).

use std::sync::Arc;

use crate::diagnostic::{Code, Diagnostic};
use crate::evaluate::{Located, PatternValue, Value};
use crate::pattern;
use crate::source::Span;

use super::context::Context;
use super::convert::Subject;
use super::patterns::Place;

/// R: how many checks one rule may require.
const CHECKS: usize = 20;
/// R: bytes of the name of a check.
const CHECK_BYTES: usize = 200;
/// R: what makes a plain text a glob.
const GLOB_CHARACTERS: [char; 7] = ['*', '?', '[', ']', '{', '}', '\\'];

impl Context<'_> {
    /// R: one literal ref or a list of different ones, as they read in the end; sorted.
    pub(super) fn literal_refs(&mut self, subject: &Subject<'_>, value: &Located) -> Option<Vec<Arc<str>>> {
        let members = match &value.value {
            Value::Text(_) | Value::Pattern(_) => std::slice::from_ref(value),
            _ => self.some_members(subject, value)?,
        };
        let found: Vec<_> =
            members.iter().map(|member| Some((self.literal_ref(subject, member)?, member.span))).collect();
        self.different(subject, found, "ref")
    }

    fn literal_ref(&mut self, subject: &Subject<'_>, member: &Located) -> Option<Arc<str>> {
        let pattern = match &member.value {
            Value::Text(text) => PatternValue::Plain(text.clone()),
            Value::Pattern(pattern) => (**pattern).clone(),
            _ => {
                let expected = "refs: `branch(\"main\")`, `tag(\"v1\")`, or text such as `\"refs/heads/main\"`";
                self.wrong_type(&subject.member(member), member, expected);
                return None;
            }
        };
        let Some(literal) = literal(&pattern) else {
            let message = format!("`{}` takes single refs, and `{}` is none", subject.name, pattern::display(&pattern));
            let help = "write `branch(\"main\")`, `tag(\"v1\")` or `\"refs/heads/main\"`, without `*?[]{}\\`; \
                        what has them in its name is written as `exact(\"…\")`";
            self.mistake(Code::MisplacedPattern, member.span, message, help);
            return None;
        };
        // P6, P8: it is a ref that can be asked.
        self.pattern_member(subject, pattern, member.span, (Place::Ref, false))?;
        Some(literal)
    }

    /// R: 1 to 20 different names of checks; sorted.
    pub(super) fn check_names(&mut self, subject: &Subject<'_>, value: &Located) -> Option<Vec<Arc<str>>> {
        let members = self.some_members(subject, value)?;
        if members.len() > CHECKS {
            let message =
                format!("`{}` lists {} checks, and at most {CHECKS} are allowed", subject.name, members.len());
            self.report(Diagnostic::new(Code::InvalidValue, subject.span, message));
            return None;
        }
        let found: Vec<_> = members
            .iter()
            .map(|member| Some((self.check_name(&subject.member(member), member)?, member.span)))
            .collect();
        self.different(subject, found, "check")
    }

    fn check_name(&mut self, subject: &Subject<'_>, value: &Located) -> Option<Arc<str>> {
        let name = self.item(subject, value)?;
        if name.len() > CHECK_BYTES {
            let message =
                format!("the name of this check has {} bytes, and at most {CHECK_BYTES} are allowed", name.len());
            self.report(Diagnostic::new(Code::InvalidValue, subject.span, message));
            return None;
        }
        Some(name)
    }

    /// The texts, sorted; one that is listed twice is reported where it stands again. None where something was reported.
    fn different(
        &mut self,
        subject: &Subject<'_>,
        found: Vec<Option<(Arc<str>, Span)>>,
        what: &str,
    ) -> Option<Vec<Arc<str>>> {
        let mut complete = true;
        let mut texts: Vec<(Arc<str>, Span)> = Vec::with_capacity(found.len());
        for found in found {
            let Some((text, span)) = found else {
                complete = false;
                continue;
            };
            match texts.iter().find(|(other, _)| *other == text) {
                None => texts.push((text, span)),
                Some((_, before)) => {
                    complete = false;
                    let message = format!("`{}` lists the {what} `{}` twice", subject.name, text.escape_debug());
                    let diagnostic = Diagnostic::new(Code::InvalidValue, span, message).help("leave it out here");
                    self.report(diagnostic.related(*before, "the first one"));
                }
            }
        }
        let mut texts: Vec<Arc<str>> = texts.into_iter().map(|(text, _)| text).collect();
        texts.sort_unstable();
        complete.then_some(texts)
    }
}

/// The one ref that a pattern stands for by its form; none for what may stand for several.
fn literal(pattern: &PatternValue) -> Option<Arc<str>> {
    let plain = |text: &Arc<str>| (!text.contains(GLOB_CHARACTERS)).then(|| text.clone());
    let name = |inner: &PatternValue| match inner {
        PatternValue::Plain(text) => plain(text),
        PatternValue::Exact(text) => Some(text.clone()),
        _ => None,
    };
    match pattern {
        PatternValue::Plain(_) | PatternValue::Exact(_) => name(pattern),
        PatternValue::Branch(inner) => name(inner).map(|name| format!("refs/heads/{name}").into()),
        PatternValue::Tag(inner) => name(inner).map(|name| format!("refs/tags/{name}").into()),
        _ => None,
    }
}
