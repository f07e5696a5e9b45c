//! Lists of declared names, and what they select (P1, P7).

use std::sync::Arc;

use crate::diagnostic::{Code, Diagnostic};
use crate::estate::{Command, CommandEffect, Names};
use crate::evaluate::{Located, PatternValue, Value};
use crate::pattern;
use crate::source::Span;

use super::context::Context;
use super::convert::Subject;
use super::names::{Declared, name_matches};

/// What a place takes beside names.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Allowed {
    pub(super) any: bool,
    pub(super) effect: bool,
}

/// A member of a list of names.
enum Member {
    Name(Arc<str>),
    Any,
    Effect(CommandEffect),
}

/// A list of names, and which member selects what.
pub(super) struct Selection<T> {
    pub(super) names: Arc<Names<T>>,
    pub(super) selected: Vec<SelectedName>,
}

/// A name that a member selects.
pub(super) struct SelectedName {
    pub(super) name: Arc<str>,
    /// The member.
    pub(super) span: Span,
    /// Whether the member names it outright, and not by a pattern.
    pub(super) outright: bool,
}

/// What members select so far. `broken` is set where something was reported.
#[derive(Default)]
struct Selected {
    names: Vec<Arc<str>>,
    by_member: Vec<SelectedName>,
    any: bool,
    open: bool,
    broken: bool,
}

impl Context<'_> {
    /// A list of callers (`any()` only where `allowed` says so).
    pub(super) fn caller_names(
        &mut self,
        subject: &Subject<'_>,
        value: &Located,
        any: bool,
    ) -> Option<Selection<crate::estate::Caller>> {
        self.names(subject, value, Allowed { any, effect: false }, |context| &context.callers)
    }

    /// A list of repositories.
    pub(super) fn repository_names(
        &mut self,
        subject: &Subject<'_>,
        value: &Located,
    ) -> Option<Selection<crate::estate::Repository>> {
        self.names(subject, value, Allowed { any: true, effect: false }, |context| &context.repositories)
    }

    /// A list of commands; `any()` and `effect()` are written out.
    pub(super) fn command_names(&mut self, subject: &Subject<'_>, value: &Located) -> Option<Selection<Command>> {
        self.names(subject, value, Allowed { any: true, effect: true }, |context| &context.commands)
    }

    pub(super) fn names<T>(
        &mut self,
        subject: &Subject<'_>,
        value: &Located,
        allowed: Allowed,
        declared: fn(&Self) -> &Declared<T>,
    ) -> Option<Selection<T>> {
        let members = self.name_members(subject, value)?;
        let mut included = Selected::default();
        let mut excluded = Selected::default();
        let mut texts = Vec::new();
        for member in members {
            let (negated, inner) = match &member.value {
                Value::Pattern(pattern) => match &**pattern {
                    PatternValue::Not(inner) => (true, Value::Pattern(inner.clone())),
                    _ => (false, member.value.clone()),
                },
                other => (false, other.clone()),
            };
            let target = if negated { &mut excluded } else { &mut included };
            match self.name_member(subject, member, &inner, allowed) {
                Some(found) => {
                    texts.push(member_text(&found, negated));
                    self.select(&found, member.span, declared, target);
                }
                None => target.broken = true,
            }
        }
        let positives = texts.iter().any(|text| !text.starts_with('!'));
        if !positives && !included.broken {
            self.only_negated(subject);
            return None;
        }
        self.finish(subject, included, excluded, (declared, crate::estate::list_text(&texts)))
    }

    /// The members of the list, or the one function that may stand without brackets.
    fn name_members<'v>(&mut self, subject: &Subject<'_>, value: &'v Located) -> Option<&'v [Located]> {
        match &value.value {
            Value::Pattern(_) => Some(std::slice::from_ref(value)),
            _ if self.lacks_brackets(subject, value) => None,
            _ => self.some_members(subject, value),
        }
    }

    fn name_member(
        &mut self,
        subject: &Subject<'_>,
        member: &Located,
        value: &Value,
        allowed: Allowed,
    ) -> Option<Member> {
        let Value::Pattern(pattern) = value else {
            return self.text(&subject.member(member), member).map(Member::Name);
        };
        match &**pattern {
            PatternValue::Plain(name) => Some(Member::Name(name.clone())),
            PatternValue::Any if allowed.any => Some(Member::Any),
            PatternValue::Effect { write } if allowed.effect => {
                Some(Member::Effect(if *write { CommandEffect::Write } else { CommandEffect::Read }))
            }
            other => {
                let message = format!("`{}` lists declared names; `{}` is none", subject.name, pattern::display(other));
                let help = "write names; `*` and `?` in them select among those that are declared";
                self.mistake(Code::MisplacedPattern, member.span, message, help);
                None
            }
        }
    }

    fn select<T>(&mut self, member: &Member, span: Span, declared: fn(&Self) -> &Declared<T>, selected: &mut Selected) {
        match member {
            Member::Name(name) if name.contains(['*', '?']) => {
                let matching = declared(self).iter().map(|(known, _)| known).filter(|known| name_matches(name, known));
                let matching: Vec<Arc<str>> = matching.cloned().collect();
                if matching.is_empty() {
                    selected.broken = true;
                    let kind = declared(self).kind;
                    let message = format!("`{}` selects no {kind}", name.escape_debug());
                    self.mistake(
                        Code::SelectsNothing,
                        span,
                        message,
                        "a pattern of names must select at least one that is declared",
                    );
                }
                matching.into_iter().for_each(|name| selected.add(name, span, false));
            }
            Member::Name(name) if declared(self).contains(name) => selected.add(name.clone(), span, true),
            Member::Name(name) => {
                selected.broken = true;
                let diagnostic = self.missing_name(name, span, declared);
                self.report(diagnostic);
            }
            Member::Any => {
                selected.any = true;
                selected.open = true;
            }
            Member::Effect(effect) => {
                selected.open = true;
                let tools = self.commands.iter().filter(|(_, command)| {
                    command.and_then(|command| command.tool()).is_some_and(|tool| tool.effect == *effect)
                });
                selected.names.extend(tools.map(|(name, _)| name.clone()));
            }
        }
    }

    /// N4 and N6: a name that nobody declares, or a standard command without its runner.
    fn missing_name<T>(&self, name: &Arc<str>, span: Span, declared: fn(&Self) -> &Declared<T>) -> Diagnostic {
        let declared = declared(self);
        let runner = self.missing_imports.iter().find(|(missing, _)| missing == name).map(|(_, runner)| runner);
        match runner {
            Some(runner) if declared.kind == "command" => runner_not_declared(name, runner, span),
            _ => declared.undeclared(name, span),
        }
    }

    fn finish<T>(
        &mut self,
        subject: &Subject<'_>,
        mut included: Selected,
        mut excluded: Selected,
        (declared, text): (fn(&Self) -> &Declared<T>, String),
    ) -> Option<Selection<T>> {
        let commands = declared(self).kind == "command";
        let all: Vec<Arc<str>> = declared(self).iter().map(|(name, _)| name.clone()).collect();
        // Commands are only those that exist, so that `any()` can be written out.
        if commands && included.any {
            included.names.clone_from(&all);
        }
        if excluded.any {
            excluded.names = all;
        }
        for list in [&mut included.names, &mut excluded.names] {
            list.sort();
            list.dedup();
        }
        included.names.retain(|name| excluded.names.binary_search(name).is_err());
        let any = included.any && !commands;
        let nothing_left = included.names.is_empty() && (!any || excluded.any) && (!included.open || excluded.any);
        let broken = included.broken || excluded.broken;
        if nothing_left && !broken {
            let message = format!("`{}` takes away everything that it lists", subject.name);
            self.mistake(
                Code::MatchesNothing,
                subject.span,
                message,
                "a list means what stands in it without `!`, minus what stands in it with `!`",
            );
            return None;
        }
        let selected = included.by_member;
        let lookup = |names: Vec<Arc<str>>| names.iter().map(|name| declared(self).get(name).cloned()).collect();
        let (included, excluded): (Option<Vec<_>>, Option<Vec<_>>) = (lookup(included.names), lookup(excluded.names));
        let names = Names { any, included: included?, excluded: excluded?, text: text.into() };
        (!broken).then(|| Selection { names: Arc::new(names), selected })
    }

    /// P1: at least one positive member.
    pub(super) fn only_negated(&mut self, subject: &Subject<'_>) {
        let message = format!("`{}` has only members with `!`, and nothing to take them away from", subject.name);
        self.mistake(Code::OnlyNegated, subject.span, message, "add what is meant, for example `any()`");
    }
}

impl Selected {
    fn add(&mut self, name: Arc<str>, span: Span, outright: bool) {
        self.names.push(name.clone());
        self.by_member.push(SelectedName { name, span, outright });
    }
}

/// N6: a standard command does not exist before its runner does.
pub(super) fn runner_not_declared(command: &str, runner: &str, span: Span) -> Diagnostic {
    let message = format!("the standard command `{command}` needs a runner `{runner}`, which nobody declares");
    Diagnostic::new(Code::RunnerNotDeclared, span, message).help(format!("declare it: `runner \"{runner}\" {{ … }}`"))
}

fn member_text(member: &Member, negated: bool) -> String {
    let text = match member {
        Member::Name(name) => pattern::display(&PatternValue::Plain(name.clone())),
        Member::Any => pattern::display(&PatternValue::Any),
        Member::Effect(effect) => pattern::display(&PatternValue::Effect { write: *effect == CommandEffect::Write }),
    };
    if negated { format!("!{text}") } else { text }
}
