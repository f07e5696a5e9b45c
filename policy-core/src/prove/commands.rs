//! Section 8: what commands take and execute, and what rules ask of their arguments.

use std::collections::BTreeMap;

use super::repositories::numbers;
use super::sets::Asked;
use super::{Difference, Proved, Prover, Proving, list_of};
use crate::bundle::index;
use crate::bundle::layout::Section;
use crate::bundle::records::{CommandRecord, ConditionRecord, OptionRecord, ToolRecord, option_flags};
use crate::digest;
use crate::estate::{
    ArgumentCondition, Command, CommandEffect, Dashes, OptionSpecification, RuleEffect, Tool, ValueKind, option_name,
};

/// What conditions are about: an option by its place in the command, or positional arguments.
type Target = Option<usize>;

impl<'e> Prover<'_, 'e> {
    pub(super) fn commands(&mut self, proving: &Proving<'_, 'e, '_>) -> Proved {
        let mut commands: BTreeMap<&str, &'e Command> = BTreeMap::new();
        for rule in &proving.rules.rules {
            let included = rule.commands.iter().flat_map(|names| &names.included);
            commands.extend(included.map(|command| (&*command.name, &**command)));
        }
        let slots = Self::there("words", self.view.list(proving.scope.commands))?;
        self.equal("commands", "the number of commands", &index::all(slots).count(), &commands.len())?;
        for (name, command) in commands {
            let is_it = |record: &CommandRecord| self.view.text(record.name) == name;
            let found = self.view.find(Section::Commands, proving.scope.commands, index::hash(name.as_bytes()), is_it);
            let (_, record) = Self::there("commands", found)?;
            self.command(proving, command, &record)?;
        }
        Ok(())
    }

    fn command(&mut self, proving: &Proving<'_, 'e, '_>, command: &'e Command, record: &CommandRecord) -> Proved {
        let selects = numbers(proving, |rule| rule.commands.is_none() || rule.selects_command(&command.name));
        self.same_set("the rules of a command", record.rules, &selects)?;
        // A4: no value, no condition of a forbid met.
        let without = numbers(proving, |rule| match rule.effect {
            RuleEffect::Permit => true,
            RuleEffect::Forbid => rule.arguments.is_none(),
        });
        self.same_set("the rules without arguments", record.without_arguments, &without)?;
        let tool: Option<ToolRecord> = self.view.optional(Section::Tools, record.tool);
        self.equal("commands", "whether a command executes anything", &tool.is_some(), &command.tool().is_some())?;
        match (command.tool(), tool) {
            (Some(tool), Some(is)) => {
                self.tool(tool, &is)?;
                self.conditions(proving, tool, &is, record)
            }
            // A verb takes no arguments.
            _ => Ok(()),
        }
    }

    fn texts(&mut self, what: &str, list: u32, should: &[&str]) -> Proved {
        let is: Vec<&str> = self.view.texts(list).collect();
        self.equal("tools", what, &is.as_slice(), &should)
    }

    fn tool(&mut self, tool: &'e Tool, is: &ToolRecord) -> Proved {
        self.text("tools", "the runner", is.runner, &tool.runner.name)?;
        let digest = self.view.digest(is.runner_digest);
        self.equal("tools", "the digest of a runner", &digest, &Some(digest::of_runner(&tool.runner)))?;
        let flags = (is.effect, is.plan, is.either_dashes);
        let should = (tool.effect == CommandEffect::Write, tool.plan.is_some(), tool.dashes == Dashes::Either);
        self.equal("tools", "effect, plan and dashes", &flags, &(should.0.into(), should.1.into(), should.2.into()))?;
        let requires = tool.options.iter().any(|option| option.required);
        self.equal("tools", "whether an option must be given", &is.requires, &u32::from(requires))?;
        for (list, items) in [(is.program, &tool.program), (is.always, &tool.always), (is.trailing, &tool.trailing)] {
            self.texts("the items of a command", list, &items.iter().map(|item| &**item).collect::<Vec<_>>())?;
        }
        let mut environment = tool.runner.environment.clone();
        environment.extend(tool.environment.iter().map(|(name, value)| (name.clone(), value.clone())));
        let pairs: Vec<&str> = environment.iter().flat_map(|(name, value)| [&**name, &**value]).collect();
        self.texts("the environment", is.environment, &pairs)?;
        self.options(tool, is)?;
        let there = is.positional != 0;
        self.equal("tools", "whether there are positionals", &there, &tool.positional.is_some())?;
        if let (Some(automaton), Some(positional)) = (is.positional.checked_sub(1), &tool.positional) {
            let bounds = (is.positional_min, is.positional_max);
            let should = (u32::from(positional.min), u32::from(positional.max));
            self.equal("tools", "the number of positionals", &bounds, &should)?;
            let flags = path(positional.kind) | if positional.secret { option_flags::SECRET } else { 0 };
            self.equal("tools", "the flags of positionals", &is.positional_flags, &flags)?;
            self.text("tools", "the text of positionals", is.positional_text, &positional.values.text())?;
            self.matcher("positionals", automaton, list_of(&positional.values))?;
        }
        Ok(())
    }

    /// A1, A2: each declared name, in any spelling, is its option; each item that is passed anyway is refused; and there
    /// is no other name.
    fn options(&mut self, tool: &'e Tool, is: &ToolRecord) -> Proved {
        let mut names: Vec<&str> = Vec::new();
        for option in &tool.options {
            names.push(&option.name);
            for spelling in spellings(tool, &option.name) {
                let record = self.option_record(is, &spelling)?;
                self.option(option, &record)?;
            }
        }
        for item in tool.program.iter().chain(&tool.always).chain(&tool.trailing) {
            let Some(name) = option_name(item) else { continue };
            if !names.iter().any(|known| tool.dashes.same(known, name)) {
                names.push(name);
            }
            for spelling in spellings(tool, name) {
                let record = self.option_record(is, &spelling)?;
                self.equal("options", "whether a name is reserved", &record.flags, &option_flags::RESERVED)?;
            }
        }
        let slots = Self::there("words", self.view.list(is.options))?;
        self.equal("options", "the number of options", &index::all(slots).count(), &names.len())
    }

    fn option_record(&self, tool: &ToolRecord, name: &str) -> Result<OptionRecord, Difference> {
        let found = crate::bundle::arguments::find(self.view, tool, name);
        Self::there("options", found.map(|(_, record)| record))
    }

    fn option(&mut self, option: &'e OptionSpecification, is: &OptionRecord) -> Proved {
        self.text("options", "the name of an option", is.name, &option.name)?;
        let flags = [
            (option.values.is_none(), option_flags::FLAG),
            (option.repeat, option_flags::REPEAT),
            (option.separate, option_flags::SEPARATE),
            (option.secret, option_flags::SECRET),
            (option.required, option_flags::REQUIRED),
        ];
        let flags = flags.into_iter().filter(|(set, _)| *set).fold(path(option.kind), |flags, (_, flag)| flags | flag);
        self.equal("options", &format!("the flags of `{}`", option.name), &is.flags, &flags)?;
        if let Some(values) = &option.values {
            self.text("options", "the text of an option", is.text, &values.text())?;
            self.matcher("the values of an option", is.values, list_of(values))?;
        }
        Ok(())
    }

    /// A4: for each option the first conditions of rules on it are one record, their second ones the next, and so on.
    fn conditions(
        &mut self,
        proving: &Proving<'_, 'e, '_>,
        tool: &'e Tool,
        of_tool: &ToolRecord,
        record: &CommandRecord,
    ) -> Proved {
        let mut layers: BTreeMap<(Target, usize), BTreeMap<u16, &'e ArgumentCondition>> = BTreeMap::new();
        let mut never = Vec::new();
        for (number, rule) in (0..).zip(&proving.rules.rules) {
            let mut met: BTreeMap<Target, usize> = BTreeMap::new();
            for condition in rule.arguments.iter().flat_map(|conditions| conditions.iter()) {
                let target = match &*condition.name {
                    "positional" => tool.positional.as_ref().map(|_| None),
                    name => tool.options.iter().position(|option| tool.dashes.same(&option.name, name)).map(Some),
                };
                match target {
                    Some(target) => {
                        let layer = met.entry(target).or_default();
                        layers.entry((target, *layer)).or_default().insert(number, condition);
                        *layer += 1;
                    }
                    None if rule.effect == RuleEffect::Forbid => never.push(number),
                    None => {}
                }
            }
        }
        let with: Vec<u16> = numbers(proving, |_| true).into_iter().filter(|number| !never.contains(number)).collect();
        self.same_set("the rules with arguments", record.with_arguments, &with)?;
        let records: Vec<ConditionRecord> = self.view.records(Section::Conditions, record.conditions).collect();
        self.equal("conditions", "the number of conditions", &records.len(), &layers.len())?;
        for (is, ((target, _), layer)) in records.iter().zip(&layers) {
            let meant = is.option.checked_sub(1);
            let should = match target.and_then(|place| tool.options.get(place)) {
                Some(option) => {
                    crate::bundle::arguments::find(self.view, of_tool, &option.name).map(|(number, _)| number)
                }
                None => None,
            };
            self.equal("conditions", "the option of a condition", &meant, &should)?;
            self.condition(proving, is, layer)?;
        }
        Ok(())
    }

    fn condition(
        &mut self,
        proving: &Proving<'_, 'e, '_>,
        is: &ConditionRecord,
        layer: &BTreeMap<u16, &'e ArgumentCondition>,
    ) -> Proved {
        let rules = (0..).zip(&proving.rules.rules).map(|(number, _)| number);
        let asked = |number: u16| match layer.get(&number) {
            Some(condition) => Asked::List(list_of(&condition.values)),
            None => Asked::Nothing,
        };
        let asked: Vec<Asked> = rules.map(asked).collect();
        self.rule_sets("arguments", is.values, &asked, None)?;
        let forbids = |number: &u16| usize::from(*number) < proving.rules.forbids;
        let all = numbers(proving, |_| true);
        let absent: Vec<u16> =
            all.into_iter().filter(|number| !(forbids(number) && layer.contains_key(number))).collect();
        self.same_set("the rules without a value", is.absent, &absent)
    }
}

const fn path(kind: ValueKind) -> u32 {
    match kind {
        ValueKind::Path => option_flags::PATH,
        ValueKind::Text => 0,
    }
}

/// The spellings of a name that are one with it.
fn spellings(tool: &Tool, name: &str) -> Vec<String> {
    let bare = name.trim_start_matches('-');
    let all = [name.to_owned(), format!("-{bare}"), format!("--{bare}")];
    all.into_iter().filter(|spelling| tool.dashes.same(spelling, name)).collect()
}
