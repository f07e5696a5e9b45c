//! The whole answer: what decided, what it means for the runner, and what would have to differ.

use alloc::borrow::{Cow, ToOwned};
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;

use super::super::Policy;
use super::super::index;
use super::super::layout::Section;
use super::super::records::{
    AccountRecord, ArgumentRecord, DeclaredRecord, RefListRecord, RepositoryRecord, RuleRecord, ToolRecord,
    option_flags,
};
use super::super::rule_set::RuleSet;
use super::super::view::{View, with_account_name};
use super::arguments::{self, Argument};
use super::asked::Asked;
use super::nearest::{Near, nearest};
use super::requirements::Unmet;
use super::rules::{Sets, matching};
use super::{Judgement, Question, Refusal, Scope};
use crate::canonical::{Malformed, shown};
use crate::decision::{Decision, Dimension, Engine, FailedDimension, Launch, MatchedRule, Nearest, Reason, message};
use crate::invocation::InvalidInvocation;
use crate::prose::say;
use crate::redact;

/// Names of accounts that are looked through for the one that was meant.
const SUGGESTIONS: usize = 10_000;

impl<B: AsRef<[u8]>> Policy<B> {
    /// Puts the digest of the bundle in, which only the whole bundle knows.
    pub(super) fn with_digest<'p>(&'p self, decision: Decision<'p>) -> Decision<'p> {
        let mut decision = decision;
        decision.bundle = Some(self.digest());
        decision
    }

    /// A denial without an account.
    pub(super) fn refuse(&self, refusal: &Refusal<'_>) -> Decision<'_> {
        let message = match refusal {
            Refusal::UnknownAccount(name) => {
                let view = self.view();
                let numbers = 0..u32::try_from(view.count::<AccountRecord>(Section::Accounts)).unwrap_or(u32::MAX);
                let accounts = numbers.filter_map(|number| view.record::<AccountRecord>(Section::Accounts, number));
                message::unknown_account(name, accounts.take(SUGGESTIONS).map(|account| view.text(account.name)))
            }
            _ => String::new(),
        };
        self.with_digest(plain(refusal.reason(), message, self.language()))
    }

    /// The denial of what is no invocation at all.
    pub fn explain_invalid(&self, invalid: InvalidInvocation) -> Decision<'_> {
        let message = with_help(&Malformed { message: invalid.message, help: invalid.help });
        self.with_digest(plain(Reason::InvalidInvocation, message, self.language()))
    }
}

fn with_help(malformed: &Malformed) -> String {
    match &malformed.help {
        Some(help) => say("{}; {}", &[&malformed.message, help]),
        None => malformed.message.clone(),
    }
}

fn plain<'p>(reason: Reason, message: String, language: u32) -> Decision<'p> {
    Decision {
        reason,
        message,
        rules: Vec::new(),
        unmet: Vec::new(),
        launch: None,
        nearest: Vec::new(),
        policy: None,
        bundle: None,
        language,
        engine: Engine::Native,
    }
}

impl<'p> Scope<'p> {
    /// The name of the account.
    fn name(&self) -> &'p str {
        self.view.text(self.account.name)
    }

    pub(super) fn explain(&self, asked: &Asked<'_>, repository: Option<RepositoryRecord>) -> Decision<'p> {
        match self.question(asked, repository) {
            Err(refusal) => self.refuse(&refusal),
            Ok(question) => {
                let mut decision = None;
                // Loading has checked that nothing is missing; if something were, nothing would be permitted.
                let _ = question.with_sets(&mut |sets| decision = question.explain(sets));
                decision.unwrap_or_else(|| self.denied())
            }
        }
    }

    /// A denial that says nothing.
    pub(super) fn denied(&self) -> Decision<'p> {
        self.plain(Reason::NoPermit, String::new())
    }

    fn plain(&self, reason: Reason, message: String) -> Decision<'p> {
        let mut decision = plain(reason, message, self.view.header.language);
        decision.policy = self.view.digest(self.account.policy);
        decision
    }

    /// A denial before any rule is looked at.
    pub(super) fn refuse(&self, refusal: &Refusal<'_>) -> Decision<'p> {
        let view = self.view;
        let message = match refusal {
            Refusal::UnknownAccount(name) => message::unknown_account(name, []),
            Refusal::RepositoryCase(record) => {
                say("the repository differs only in case from `{}`", &[view.text(record.identity)])
            }
            Refusal::Malformed(_, malformed) => with_help(malformed),
            Refusal::UnknownCommand(name) => {
                let numbers = index::all(view.numbers(self.shared.commands));
                let commands = numbers
                    .filter_map(|number| view.record(Section::Commands, number))
                    .map(|command: super::CommandRecord| view.text(command.name));
                let near = message::did_you_mean(name, commands);
                say("no rule of account `{}` is about a command `{}`{}", &[self.name(), &shown(name), &near])
            }
            Refusal::Argument(refusal, command, tool) => refusal.message(view, command, tool.as_ref()),
        };
        self.plain(refusal.reason(), message)
    }

    fn matched(&self, number: u16, effect: &'static str) -> Option<MatchedRule<'p>> {
        let rule = self.rule(number)?;
        Some(MatchedRule {
            name: self.view.text(rule.name).into(),
            account: self.name().into(),
            effect,
            file: self.view.text(rule.file).into(),
            line: rule.line,
        })
    }

    /// A text of a rule, with the account's name in it.
    fn rule_text(&self, reference: u32) -> Cow<'p, str> {
        match self.view.optional_text(reference) {
            Some(text) => with_account_name(text, self.name()),
            None => "any()".into(),
        }
    }
}

impl<'p> Question<'p, '_> {
    /// E9, E10: what decided.
    fn explain(&self, sets: &Sets<'_>) -> Option<Decision<'p>> {
        let mut decision = self.within.denied();
        match self.judge_by(sets)? {
            Judgement::Forbidden => {
                let forbids = self.within.shared.forbids;
                decision.reason = Reason::Forbidden;
                decision.rules = self.matched(sets, "forbid", &|number| u32::from(number) < forbids)?;
                decision.message = message::forbidden(decision.rules.iter().map(|rule| &*rule.name));
            }
            Judgement::Permitted => {
                let shown = |number: u16| self.unmet(number).is_some_and(Unmet::is_empty);
                decision.reason = Reason::Permitted;
                decision.rules = self.matched(sets, "permit", &shown)?;
                decision.launch = self.launch();
                decision.message = message::permitted(decision.rules.iter().map(|rule| &*rule.name));
            }
            Judgement::Unmet(number, unmet) => {
                let rule = self.within.matched(number, "permit")?;
                decision.reason = Reason::RequirementsUnmet;
                decision.unmet = unmet.names();
                decision.launch = self.launch();
                decision.message = message::unmet(&rule.name, &decision.unmet);
                decision.rules = vec![rule];
            }
            Judgement::NoPermit => {
                decision.nearest = self.nearest(sets)?;
                decision.message = message::no_permit(self.within.name(), &decision.nearest);
            }
        }
        Some(decision)
    }

    /// The rules that match and that are `wanted`.
    fn matched(
        &self,
        sets: &Sets<'_>,
        effect: &'static str,
        wanted: &dyn Fn(u16) -> bool,
    ) -> Option<Vec<MatchedRule<'p>>> {
        let mut rules = Vec::new();
        for number in matching(sets, self.within.rules()) {
            if wanted(number) {
                rules.push(self.within.matched(number, effect)?);
            }
        }
        Some(rules)
    }

    /// A3, A5: what a runner is to execute; nothing for a verb.
    fn launch(&self) -> Option<Launch<'p>> {
        let view = self.within.view;
        let tool = self.tool?;
        let mut environment = Vec::new();
        let mut texts = view.texts(tool.environment);
        while let (Some(name), Some(value)) = (texts.next(), texts.next()) {
            environment.push((name.into(), value.into()));
        }
        Some(Launch {
            command: view.text(self.command.name).into(),
            effect: if tool.effect == 0 { "read" } else { "write" },
            runner: view.text(tool.runner).into(),
            runner_digest: view.digest(tool.runner_digest)?,
            argv: self.argv(&tool),
            environment,
        })
    }

    /// A3: program, options and flags as given, `always`, positionals, `trailing`.
    fn argv(&self, tool: &ToolRecord) -> Vec<Cow<'p, str>> {
        let view = self.within.view;
        let mut argv: Vec<Cow<'p, str>> = Vec::new();
        let add = |argv: &mut Vec<Cow<'p, str>>, list: u32| {
            for text in view.texts(list) {
                argv.push(text.into());
            }
        };
        add(&mut argv, tool.program);
        for argument in self.given() {
            let Argument::Option(_, option, value) = argument else { continue };
            let name = view.text(option.name);
            match value {
                None => argv.push(name.into()),
                Some(value) if option.flags & option_flags::SEPARATE != 0 => {
                    argv.push(name.into());
                    argv.push(value.to_owned().into());
                }
                Some(value) => argv.push(say("{}={}", &[name, value]).into()),
            }
        }
        add(&mut argv, tool.always);
        for value in self.values(None) {
            argv.push(value.to_owned().into());
        }
        add(&mut argv, tool.trailing);
        argv
    }

    /// E10.
    fn nearest(&self, sets: &Sets<'_>) -> Option<Vec<Nearest<'p>>> {
        let rules = self.within.rules();
        let declared = self.declared();
        let mut refs = Vec::new();
        let mut sets = *sets;
        if let Some(repository) = &declared
            && let Some(set) = sets.get_mut(Dimension::Ref as usize)
        {
            // What is declared and not selected has no automaton of its own: this explains, and decides nothing.
            refs = vec![0_u64; rules.div_ceil(64)];
            self.refs_rule_by_rule(repository, &mut refs)?;
            *set = RuleSet::Made(&refs);
        }
        let near = nearest(&sets, self.within.shared.forbids as usize, rules);
        drop(refs);
        let mut rules = Vec::with_capacity(near.len());
        for near in &near {
            rules.push(self.near(near, declared.as_ref())?);
        }
        Some(rules)
    }

    fn near(&self, near: &Near, declared: Option<&DeclaredRecord>) -> Option<Nearest<'p>> {
        let rule = self.within.rule(near.rule)?;
        let mut failed = Vec::new();
        for dimension in Dimension::ALL {
            if near.failed >> (dimension as u8) & 1 != 0 {
                let (got, expected) = (self.got(&rule, dimension), self.expected(&rule, dimension, declared));
                let claims = match dimension {
                    Dimension::Caller => self.failed_claims(near.rule)?,
                    _ => Vec::new(),
                };
                failed.push(FailedDimension { dimension: dimension.as_str(), got, expected, claims });
            }
        }
        Some(Nearest {
            rule: self.within.view.text(rule.name).into(),
            file: self.within.view.text(rule.file).into(),
            line: rule.line,
            failed,
        })
    }

    /// The repository, if it is declared and no rule of the account selects it, and that can make a difference.
    fn declared(&self) -> Option<DeclaredRecord> {
        if self.repository.is_some() || self.within.shared.protected == 0 {
            return None;
        }
        let view = self.within.view;
        let asked = self.asked.repository.as_bytes();
        let is_it = |record: &DeclaredRecord| view.text_bytes(record.identity) == Some(asked);
        let found = view.find(Section::Declared, view.header.declared, index::hash(asked), is_it);
        found.map(|(_, record)| record)
    }

    fn refs_rule_by_rule(&self, repository: &DeclaredRecord, room: &mut [u64]) -> Option<()> {
        let reference = self.asked.reference;
        for number in 0..u16::try_from(self.within.rules()).ok()? {
            let list = self.within.view.optional::<RefListRecord>(Section::RefLists, self.within.rule(number)?.refs);
            let matches = list.is_none_or(|list| self.in_refs(&list, Some(repository.protected), reference));
            if let Some(word) = room.get_mut(usize::from(number / 64)).filter(|_| matches) {
                *word |= 1 << (number % 64);
            }
        }
        Some(())
    }

    fn got(&self, rule: &RuleRecord, dimension: Dimension) -> String {
        let asked = self.asked;
        match dimension {
            // C1: a claim may hold an address.
            Dimension::Caller => redact::text(&asked.caller.text()).into_owned(),
            Dimension::Repository => asked.repository.to_owned(),
            Dimension::Ref => asked.reference.to_owned(),
            Dimension::Path => asked.path.to_owned(),
            Dimension::Command => asked.command.to_owned(),
            Dimension::Arguments => self.failed_arguments(rule, |question, argument, out| {
                let name = question.within.rule_text(argument.name + 1);
                if question.is_secret(&name) {
                    return out.push_str(&say("{} [secret]", &[&name]));
                }
                for (place, value) in question.values_named(&name).enumerate() {
                    out.push_str(&say("{}{}={}", &[if place == 0 { "" } else { " " }, &name, value]));
                }
            }),
        }
    }

    fn expected(&self, rule: &RuleRecord, dimension: Dimension, declared: Option<&DeclaredRecord>) -> Cow<'p, str> {
        let reference = match dimension {
            Dimension::Caller => rule.callers,
            Dimension::Repository => rule.repositories,
            Dimension::Ref => return self.expected_refs(rule, declared),
            Dimension::Path => rule.paths,
            Dimension::Command => rule.commands,
            Dimension::Arguments => {
                return Cow::Owned(self.failed_arguments(rule, |question, argument, out| {
                    let text = |at: u32| question.within.rule_text(at + 1);
                    out.push_str(&say("\"{}\" = {}", &[&text(argument.name), &text(argument.text)]));
                }));
            }
        };
        self.within.rule_text(reference)
    }

    fn expected_refs(&self, rule: &RuleRecord, declared: Option<&DeclaredRecord>) -> Cow<'p, str> {
        let view = self.within.view;
        let Some(list) = view.optional::<RefListRecord>(Section::RefLists, rule.refs) else { return "any()".into() };
        let text = self.within.rule_text(list.text + 1);
        if list.protected == 0 {
            return text;
        }
        let of_selected = self.repository.map(|repository| repository.protected_text);
        let protected = of_selected.or(declared.map(|repository| repository.protected_text)).unwrap_or_default();
        let meaning = view.optional_text(protected).unwrap_or("nothing for this repository");
        Cow::Owned(say("{}, where protected() is {}", &[&text, meaning]))
    }

    /// Something about each name in `arguments` whose values do not match a permit rule.
    fn failed_arguments(&self, rule: &RuleRecord, write: impl Fn(&Self, &ArgumentRecord, &mut String)) -> String {
        let view: View<'p> = self.within.view;
        let mut out = String::new();
        for argument in view.records::<ArgumentRecord>(Section::Arguments, rule.arguments) {
            let name = self.within.rule_text(argument.name + 1);
            if self.values_named(&name).all(|value| view.matches(argument.values, value)) {
                continue;
            }
            if !out.is_empty() {
                out.push_str(", ");
            }
            write(self, &argument, &mut out);
        }
        out
    }

    /// The values of the option that a rule names in any spelling, or the positional arguments.
    fn values_named(&self, name: &str) -> impl Iterator<Item = &str> {
        let option = self.option_named(name);
        let none = name != "positional" && option.is_none();
        self.values(option).filter(move |_| !none)
    }

    /// The option that a rule names; none for positional arguments, and for a name that the command does not declare.
    fn option_named(&self, name: &str) -> Option<u32> {
        if name == "positional" {
            return None;
        }
        arguments::find(self.within.view, self.tool.as_ref()?, name).map(|(number, _)| number)
    }

    /// Whether the values of an option, or the positional arguments, are kept out of everything but `argv` (A5).
    fn is_secret(&self, name: &str) -> bool {
        let Some(tool) = &self.tool else { return false };
        let flags = match name {
            "positional" => tool.positional_flags,
            _ => arguments::find(self.within.view, tool, name).map_or(0, |(_, option)| option.flags),
        };
        flags & option_flags::SECRET != 0
    }
}
