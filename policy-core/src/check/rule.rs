//! `permit` and `forbid` blocks.
//!
//! A rule of a template is looked at once: what does not depend on `account` is evaluated then and shared by all accounts
//! that extend the template; the rest is evaluated for each of them.

use std::sync::Arc;

use crate::diagnostic::{Code, Diagnostic};
use crate::estate::{
    ArgumentCondition, Caller, Command, PatternList, Place, RefList, Repository, Requirements, Rule, RuleEffect,
};
use crate::evaluate::{AccountValues, Located, Value};
use crate::source::Span;
use crate::suggestion::nearest;
use crate::syntax::tree::{Attribute, Block};

use super::block::{Fields, Schema};
use super::context::{Context, without_account};
use super::convert::Subject;
use super::patterns;
use super::selection::{SelectedName, Selection};

const PERMIT: Schema = Schema {
    labels: 1,
    attributes: &["callers", "repositories", "refs", "paths", "commands", "arguments"],
    blocks: &["require"],
};
const FORBID: Schema = Schema { blocks: &[], ..PERMIT };

/// A converted attribute, or what is still to be evaluated for each account.
pub(super) enum Part<'a, T> {
    /// The attribute is not there.
    Absent,
    /// It is wrong, which is reported.
    Failed,
    /// It does not depend on `account`.
    Shared(Arc<T>),
    /// It does.
    PerAccount(&'a Attribute),
}

/// The conditions on arguments, and where the name of each is written.
pub(super) struct Arguments {
    list: Arc<Vec<ArgumentCondition>>,
    places: Vec<Span>,
}

impl Arguments {
    /// The conditions.
    pub(super) fn into_list(self) -> Arc<Vec<ArgumentCondition>> {
        self.list
    }
}

/// A rule before it is known for which account.
pub(super) struct RuleDraft<'a> {
    pub(super) name: Arc<str>,
    pub(super) header: Span,
    effect: RuleEffect,
    place: Place,
    callers: Part<'a, Selection<Caller>>,
    repositories: Part<'a, Selection<Repository>>,
    refs: Part<'a, RefList>,
    paths: Part<'a, PatternList>,
    commands: Part<'a, Selection<Command>>,
    arguments: Part<'a, Arguments>,
    require: Option<RequireDraft<'a>>,
    /// Where `protected()` stands in it.
    protected: Option<Span>,
    /// The finished rule, where nothing in it depends on `account`.
    shared: Option<Arc<Rule>>,
}

/// The `require` block of a rule before it is known for which account.
enum RequireDraft<'a> {
    Shared(Option<Arc<Requirements>>),
    PerAccount(Fields<'a>),
}

impl<'a> Context<'_> {
    /// The rules of an account, a template or the top level, in the order written; two of one name are reported (N3).
    pub(super) fn drafts(
        &mut self,
        blocks: impl Iterator<Item = &'a Block>,
        account_exists: bool,
    ) -> Vec<RuleDraft<'a>> {
        let mut drafts: Vec<RuleDraft<'a>> = Vec::new();
        let mut names: std::collections::BTreeMap<Arc<str>, Span> = std::collections::BTreeMap::new();
        for block in blocks {
            let effect = match &*block.kind.text {
                "permit" => RuleEffect::Permit,
                "forbid" => RuleEffect::Forbid,
                _ => continue,
            };
            let draft = self.draft(block, effect, account_exists);
            if draft.name.is_empty() {
                continue;
            }
            match names.get(&draft.name) {
                Some(before) => {
                    let diagnostic = duplicate_rule(&draft.name, draft.header, *before);
                    self.report(diagnostic);
                }
                None => {
                    names.insert(draft.name.clone(), draft.header);
                    drafts.push(draft);
                }
            }
        }
        drafts
    }

    fn draft(&mut self, block: &'a Block, effect: RuleEffect, account: bool) -> RuleDraft<'a> {
        let fields = self.fields(block, if effect == RuleEffect::Permit { &PERMIT } else { &FORBID });
        let name = self.title(&fields);
        self.patterns.protected_use = None;
        self.required_dimensions(&fields, effect);
        let mut draft = RuleDraft {
            name,
            header: block.header,
            effect,
            place: self.place(block.header),
            callers: self.part(&fields, "callers", account, Self::callers_part),
            repositories: self.part(&fields, "repositories", account, Self::repository_names),
            refs: self.part(&fields, "refs", account, Self::refs_part),
            paths: self.part(&fields, "paths", account, Self::paths_part),
            commands: self.part(&fields, "commands", account, Self::command_names),
            arguments: self.part(&fields, "arguments", account, Self::arguments_part),
            require: None,
            protected: None,
            shared: None,
        };
        for extra in fields.blocks("require").skip(1) {
            self.require_fields(extra, account);
        }
        if effect == RuleEffect::Permit
            && let Some(require) = self.at_most_one(fields.blocks("require"))
        {
            draft.require = Some(self.draft_require(require, account));
        }
        draft.protected = self.patterns.protected_use;
        if draft.is_shared() {
            draft.shared = self.instantiate(&draft, None);
        }
        draft
    }

    /// E4: in a permit each dimension is written; a forbid says at least one thing.
    fn required_dimensions(&mut self, fields: &Fields<'_>, effect: RuleEffect) {
        let dimensions = ["callers", "repositories", "refs", "paths", "commands"];
        match effect {
            RuleEffect::Permit => {
                for name in dimensions {
                    if fields.attribute(name).is_none() {
                        self.missing_dimension(fields, name);
                    }
                }
            }
            RuleEffect::Forbid => {
                let says_something = PERMIT.attributes.iter().any(|name| fields.attribute(name).is_some());
                if !says_something && !fields.block.body.broken {
                    let message = format!("the forbid `{}` says nothing about what it forbids", fields.label());
                    let help = "add one of `callers`, `repositories`, `refs`, `paths`, `commands` and `arguments`";
                    self.mistake(Code::MissingAttribute, fields.header(), message, help);
                }
            }
        }
    }

    fn missing_dimension(&mut self, fields: &Fields<'_>, name: &str) {
        if !fields.block.body.broken {
            let message = format!("the permit `{}` has no `{name}`", fields.label());
            let help = format!("nothing is open by omission: write `{name} = any()` if anything is meant");
            self.mistake(Code::MissingAttribute, fields.header(), message, help);
        }
    }

    fn draft_require(&mut self, block: &'a Block, account: bool) -> RequireDraft<'a> {
        let (fields, uses_account) = self.require_fields(block, account);
        if uses_account {
            return RequireDraft::PerAccount(fields);
        }
        RequireDraft::Shared(self.requirements(&fields, None).map(Arc::new))
    }

    /// Resolves an attribute and, unless it depends on `account`, evaluates and converts it.
    fn part<T>(
        &mut self,
        fields: &Fields<'a>,
        name: &str,
        account_exists: bool,
        convert: fn(&mut Self, &Subject<'_>, &Located) -> Option<T>,
    ) -> Part<'a, T> {
        let Some(attribute) = fields.attribute(name) else { return Part::Absent };
        let before = self.diagnostics.len();
        let uses = self.resolve(&attribute.value, account_exists);
        if self.diagnostics.len() > before {
            return Part::Failed;
        }
        if uses.account {
            return Part::PerAccount(attribute);
        }
        self.convert_part(attribute, None, convert).map_or(Part::Failed, Part::Shared)
    }

    fn convert_part<T>(
        &mut self,
        attribute: &Attribute,
        account: Option<&AccountValues>,
        convert: fn(&mut Self, &Subject<'_>, &Located) -> Option<T>,
    ) -> Option<Arc<T>> {
        let value = self.evaluate(&attribute.value, account)?;
        let subject = Subject::of(attribute);
        if value.value == Value::Null {
            let message = format!("`{}` is `null`, which could mean anything", subject.name);
            self.mistake(Code::NullValue, subject.span, message, "write `any()` if anything is meant");
            return None;
        }
        convert(self, &subject, &value).map(Arc::new)
    }

    /// The rule for one account. None where something in it is wrong, which is reported.
    pub(super) fn instantiate(&mut self, draft: &RuleDraft<'a>, account: Option<&AccountValues>) -> Option<Arc<Rule>> {
        if let Some(rule) = &draft.shared {
            return Some(rule.clone());
        }
        let callers = self.finished(&draft.callers, account, Self::callers_part);
        let repositories = self.finished(&draft.repositories, account, Self::repository_names);
        let refs = self.finished(&draft.refs, account, Self::refs_part);
        let paths = self.finished(&draft.paths, account, Self::paths_part);
        let commands = self.finished(&draft.commands, account, Self::command_names);
        let arguments = self.finished(&draft.arguments, account, Self::arguments_part);
        let requirements = match &draft.require {
            None => Some(None),
            Some(RequireDraft::Shared(requirements)) => requirements.clone().map(Some),
            Some(RequireDraft::PerAccount(fields)) => {
                self.requirements(fields, account).map(|found| Some(Arc::new(found)))
            }
        };
        if let (Some(commands), Some(Some(arguments))) = (&commands, &arguments) {
            self.arguments_of_commands(commands.as_deref(), arguments);
        }
        if let (Some(Some(commands)), Some(Some(requirements))) = (&commands, &requirements) {
            self.planned_commands(commands, requirements);
        }
        let rule = Rule {
            name: draft.name.clone(),
            effect: draft.effect,
            place: draft.place.clone(),
            callers: callers?.map(|selection| selection.names.clone()),
            repositories: repositories?.map(|selection| selection.names.clone()),
            refs: refs?,
            paths: paths?,
            commands: commands?.map(|selection| selection.names.clone()),
            arguments: arguments?.map(|arguments| arguments.list.clone()),
            requirements: requirements?,
        };
        self.nothing_protected(&rule, draft);
        Some(Arc::new(rule))
    }

    /// The value of a part for one account: inside, none where the rule leaves it out.
    #[expect(clippy::option_option, reason = "wrong and left out are two things")]
    fn finished<T>(
        &mut self,
        part: &Part<'_, T>,
        account: Option<&AccountValues>,
        convert: fn(&mut Self, &Subject<'_>, &Located) -> Option<T>,
    ) -> Option<Option<Arc<T>>> {
        match part {
            Part::Absent => Some(None),
            Part::Failed => None,
            Part::Shared(value) => Some(Some(value.clone())),
            Part::PerAccount(attribute) => self.convert_part(attribute, account, convert).map(Some),
        }
    }

    /// N1: of a template that nobody extends, what needs no `account` is checked.
    pub(super) fn check_unextended(&mut self, draft: &RuleDraft<'_>) {
        self.check_partly(&draft.callers, Self::callers_part);
        self.check_partly(&draft.repositories, Self::repository_names);
        self.check_partly(&draft.refs, Self::refs_part);
        self.check_partly(&draft.paths, Self::paths_part);
        self.check_partly(&draft.commands, Self::command_names);
        self.check_partly(&draft.arguments, Self::arguments_part);
        if let Some(RequireDraft::PerAccount(fields)) = &draft.require {
            self.check_requirements_partly(fields);
        }
    }

    fn check_partly<T>(&mut self, part: &Part<'_, T>, convert: fn(&mut Self, &Subject<'_>, &Located) -> Option<T>) {
        if let Part::PerAccount(attribute) = part {
            self.check_attribute_partly(attribute, |context, subject, value| {
                convert(context, subject, value);
            });
        }
    }

    /// Evaluates and converts what of an attribute needs no `account`. What is then wrong with the whole (that it is
    /// empty, or takes everything away) may be right with the rest, so that only mistakes inside count.
    pub(super) fn check_attribute_partly(
        &mut self,
        attribute: &Attribute,
        convert: impl FnOnce(&mut Self, &Subject<'_>, &Located),
    ) {
        let rest = without_account(&attribute.value, &mut |expression| {
            let reported = self.diagnostics.len();
            let uses = self.resolve(expression, true).account;
            self.diagnostics.truncate(reported);
            uses
        });
        let Some(value) = rest.and_then(|rest| self.evaluate(&rest, None)) else { return };
        let before = self.diagnostics.len();
        let subject = Subject::of(attribute);
        convert(self, &subject, &value);
        let inside: Vec<Diagnostic> =
            self.diagnostics.drain(before..).filter(|diagnostic| diagnostic.span != subject.span).collect();
        self.diagnostics.extend(inside);
    }

    fn callers_part(&mut self, subject: &Subject<'_>, value: &Located) -> Option<Selection<Caller>> {
        self.caller_names(subject, value, true)
    }

    fn refs_part(&mut self, subject: &Subject<'_>, value: &Located) -> Option<RefList> {
        self.ref_list(subject, value, false)
    }

    fn paths_part(&mut self, subject: &Subject<'_>, value: &Located) -> Option<PatternList> {
        self.pattern_list(subject, value, patterns::Place::Path)
    }

    /// A4: names of options, or `positional`, and what their values match.
    pub(super) fn arguments_part(&mut self, subject: &Subject<'_>, value: &Located) -> Option<Arguments> {
        let mut list = Vec::new();
        let mut places = Vec::new();
        for (name, value) in self.some_entries(subject, value)? {
            let entry = subject.entry(name, value);
            let values = self.pattern_list(&entry, value, patterns::Place::Argument);
            list.push(values.map(|values| ArgumentCondition { name: name.clone(), values }));
            places.push(entry.span);
        }
        let list: Option<Vec<_>> = list.into_iter().collect();
        Some(Arguments { list: Arc::new(list?), places })
    }

    /// A4: a name that none of the rule's commands declares as an option.
    pub(super) fn arguments_of_commands(&mut self, commands: Option<&Selection<Command>>, arguments: &Arguments) {
        let all;
        let commands: &[Arc<Command>] = match commands {
            Some(selection) => &selection.names.included,
            None => {
                all = self.commands.values();
                &all
            }
        };
        let tools: Vec<_> = commands.iter().filter_map(|command| command.tool()).collect();
        let mut mistakes = Vec::new();
        for (condition, place) in arguments.list.iter().zip(&arguments.places) {
            let name = &*condition.name;
            let positional = name == "positional";
            let known = tools.iter().any(|tool| match positional {
                true => tool.positional.is_some(),
                false => tool.option(name).is_some_and(|option| option.values.is_some()),
            });
            if known {
                continue;
            }
            if !positional && tools.iter().any(|tool| tool.option(name).is_some()) {
                let message = format!("`{name}` is a flag; it has no values to match");
                mistakes.push(Diagnostic::new(Code::NotThatKind, *place, message));
                continue;
            }
            let options = tools.iter().flat_map(|tool| &tool.options).filter(|option| option.values.is_some());
            let near = nearest(name, options.map(|option| &*option.name)).map(|near| format!("did you mean `{near}`?"));
            let message = if positional {
                "none of the rule's commands takes positional arguments".to_owned()
            } else {
                format!("none of the rule's commands has an option `{}`", name.escape_debug())
            };
            let help = near.unwrap_or_else(|| "name an option of a command that the rule selects".to_owned());
            mistakes.push(Diagnostic::new(Code::UndeclaredName, *place, message).help(help));
        }
        self.diagnostics.append(&mut mistakes);
    }

    /// R: `planned` for a command that is named outright and applies no plan.
    fn planned_commands(&mut self, commands: &Selection<Command>, requirements: &Requirements) {
        if !requirements.planned {
            return;
        }
        for SelectedName { name, span, .. } in commands.selected.iter().filter(|selected| selected.outright) {
            let Some(command) = self.commands.get(name) else { continue };
            if command.tool().is_none_or(|tool| tool.plan.is_none()) {
                let message = format!("the rule requires a plan, but the command `{name}` applies none");
                let help = "give the command a `plan`, or write a rule of its own for it";
                self.mistake(Code::PlanRequirement, *span, message, help);
            }
        }
    }

    /// P6: a warning where `protected()` looks at a repository that protects nothing.
    fn nothing_protected(&mut self, rule: &Rule, draft: &RuleDraft<'_>) {
        if !rule.uses_protected() {
            return;
        }
        let empty: Vec<String> = match &rule.repositories {
            Some(list) if !list.any => list.included.clone(),
            _ => self.repositories.values(),
        }
        .iter()
        .filter(|repository| repository.protected.include.is_empty())
        .map(|repository| format!("`{}`", repository.name))
        .collect();
        if !empty.is_empty() {
            let message = format!("`protected()` is nothing for {}", empty.join(", "));
            let help = "say what is protected in the `repository` block: `protected = [branch(\"main\")]`";
            let place = draft.protected.or(self.patterns.protected_use).unwrap_or(draft.header);
            self.mistake(Code::NothingProtected, place, message, help);
        }
    }
}

impl RuleDraft<'_> {
    /// Whether nothing in the rule depends on `account`.
    fn is_shared(&self) -> bool {
        fn shared<T>(part: &Part<'_, T>) -> bool {
            !matches!(part, Part::PerAccount(_))
        }
        shared(&self.callers)
            && shared(&self.repositories)
            && shared(&self.refs)
            && shared(&self.paths)
            && shared(&self.commands)
            && shared(&self.arguments)
            && !matches!(self.require, Some(RequireDraft::PerAccount(_)))
    }
}

/// N3: two rules that apply to one account share a name.
pub(super) fn duplicate_rule(name: &str, later: Span, before: Span) -> Diagnostic {
    Diagnostic::new(Code::DuplicateName, later, format!("a second rule `{}`", name.escape_debug()))
        .help("rules that apply to one account have different names: its own, its templates' and those at top level")
        .related(before, "the first one")
}
