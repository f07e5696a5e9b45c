//! Section 8: what commands take and execute, and what rules ask of their arguments.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::dimensions::{About, Asks, Entry, list_of};
use super::fault::{self, Fault};
use super::{AccountRules, CompileError, Compiler};
use crate::bundle::arguments::distinct;
use crate::bundle::layout::Section;
use crate::bundle::records::{CommandRecord, ConditionRecord, OptionRecord, ToolRecord, option_flags};
use crate::digest;
use crate::estate::{
    ArgumentCondition, Command, CommandEffect, Dashes, OptionSpecification, RuleEffect, Tool, ValueKind, option_name,
};

/// The name by which rules mean the arguments without a leading dash.
const POSITIONAL: &str = "positional";

/// Conditions of rules, at most one of each rule, on the values of one option.
type Layer<'e> = Vec<(u16, &'e ArgumentCondition)>;

impl<'e> Compiler<'e> {
    /// The index of the commands that rules select.
    pub(super) fn commands(&mut self, rules: &AccountRules<'e, '_>) -> Result<u32, CompileError> {
        let mut commands: BTreeMap<&'e str, &'e Command> = BTreeMap::new();
        for (_, rule) in rules.numbered() {
            let included = rule.commands.iter().flat_map(|names| &names.included);
            commands.extend(included.map(|command| (&*command.name, &**command)));
        }
        if fault::injected(Fault::CommandOfOthers) {
            commands.extend(self.estate.commands.iter().map(|command| (&*command.name, &**command)));
        }
        let mut index = Vec::with_capacity(commands.len());
        for (name, command) in commands {
            let record = self.command(rules, command)?;
            index.push((name, self.tables.record(Section::Commands, &record)));
        }
        Ok(self.tables.index(index.into_iter())?)
    }

    fn command(&mut self, rules: &AccountRules<'e, '_>, command: &'e Command) -> Result<CommandRecord, CompileError> {
        let selects = rules.numbers(|rule| rule.commands.is_none() || rule.selects_command(&command.name));
        // A4: without values no condition of a forbid is met, and every one of a permit.
        let without = rules.numbers(|rule| {
            rule.effect == RuleEffect::Permit || rule.arguments.is_none() || fault::injected(Fault::AbsentForbid)
        });
        let (mut with, mut conditions) = (without.clone(), Vec::new());
        let tool = match command.tool() {
            None => 0,
            Some(tool) => {
                (with, conditions) = self.conditions(rules, tool)?;
                self.tool(command, tool)? + 1
            }
        };
        Ok(CommandRecord {
            name: self.tables.text(&command.name),
            rules: self.tables.set(&selects),
            tool,
            without_arguments: self.tables.set(&without),
            with_arguments: self.tables.set(&with),
            conditions: self.tables.list(conditions),
        })
    }

    /// The rules that may match with arguments, and the conditions on them.
    fn conditions(
        &mut self,
        rules: &AccountRules<'e, '_>,
        tool: &'e Tool,
    ) -> Result<(Vec<u16>, Vec<u32>), CompileError> {
        // By option, none for positional arguments: a rule may name one option in two spellings, both of which hold.
        let mut layers: BTreeMap<Option<usize>, Vec<Layer<'e>>> = BTreeMap::new();
        let mut never = Vec::new();
        for (number, rule) in rules.numbered() {
            for condition in rule.arguments.iter().flat_map(|conditions| conditions.iter()) {
                let Some(option) = meant(tool, &condition.name) else {
                    if rule.effect == RuleEffect::Forbid {
                        never.push(number);
                    }
                    continue;
                };
                let layers = layers.entry(option).or_default();
                match layers.iter_mut().find(|layer| layer.last().is_none_or(|(last, _)| *last != number)) {
                    Some(layer) => layer.push((number, condition)),
                    None => layers.push(vec![(number, condition)]),
                }
            }
        }
        let mut conditions = Vec::new();
        for (option, layers) in layers {
            let option = match option {
                None => 0,
                Some(place) => match tool.options.get(place) {
                    Some(option) => self.option(option)? + 1,
                    None => continue,
                },
            };
            for layer in layers {
                conditions.push(self.condition(rules, option, &layer)?);
            }
        }
        if fault::injected(Fault::LostCondition) {
            conditions.pop();
        }
        let with = rules.numbers(|_| true).into_iter().filter(|number| !never.contains(number)).collect();
        Ok((with, conditions))
    }

    fn condition(&mut self, rules: &AccountRules<'e, '_>, option: u32, layer: &Layer<'e>) -> Result<u32, CompileError> {
        let asked = |number: &u16| layer.iter().any(|(asked, _)| asked == number);
        let all = rules.numbers(|_| true);
        let free: Vec<u16> = all.iter().copied().filter(|number| !asked(number)).collect();
        let absent: Vec<u16> =
            all.into_iter().filter(|number| usize::from(*number) >= rules.forbids || !asked(number)).collect();
        let entry = |(number, condition): &(u16, &'e ArgumentCondition)| Entry {
            rules: vec![*number],
            asks: Asks::patterns(&condition.values),
        };
        let entries: Vec<Entry<'e>> = layer.iter().map(entry).collect();
        let about = About { attribute: "arguments", rules: &rules.rules };
        let record = ConditionRecord {
            option,
            values: self.rule_sets(&free, &entries, None, about)?,
            absent: self.tables.set(&absent),
        };
        Ok(self.tables.record(Section::Conditions, &record))
    }

    /// The number of what a command executes.
    fn tool(&mut self, command: &'e Command, tool: &'e Tool) -> Result<u32, CompileError> {
        if let Some(known) = self.tools.get(&std::ptr::from_ref(command)) {
            return Ok(*known);
        }
        let options = self.options(tool)?;
        let positional = match &tool.positional {
            Some(positional) => self.matcher(&list_of(&positional.values), "values", &command.name)? + 1,
            None => 0,
        };
        let of_positional = tool.positional.as_ref();
        let text = of_positional.map(|positional| positional.values.text()).unwrap_or_default();
        let flags = of_positional.map_or(0, |positional| {
            flag(positional.kind == ValueKind::Path, option_flags::PATH) | flag(positional.secret, option_flags::SECRET)
        });
        let always: Vec<&str> = tool.always.iter().map(|item| &**item).collect();
        let always = match always.split_last() {
            Some((_, rest)) if fault::injected(Fault::LostAlways) => rest.to_vec(),
            _ => always,
        };
        let record = ToolRecord {
            runner: self.tables.text(&tool.runner.name),
            runner_digest: self.tables.digest(digest::of_runner(&tool.runner)),
            effect: u32::from(tool.effect == CommandEffect::Write),
            plan: u32::from(tool.plan.is_some()),
            either_dashes: u32::from(tool.dashes == Dashes::Either),
            requires: u32::from(
                tool.options.iter().any(|option| option.required) && !fault::injected(Fault::LostRequires),
            ),
            program: self.tables.texts(tool.program.iter().map(|item| &**item)),
            always: self.tables.texts(always),
            trailing: self.tables.texts(tool.trailing.iter().map(|item| &**item)),
            environment: self.environment(tool),
            options,
            positional,
            positional_text: self.tables.text(&text),
            positional_min: of_positional.map_or(0, |positional| positional.min.into()),
            positional_max: of_positional.map_or(0, |positional| positional.max.into()),
            positional_flags: flags,
        };
        let number = self.tables.record(Section::Tools, &record);
        self.tools.insert(std::ptr::from_ref(command), number);
        Ok(number)
    }

    /// A5: the runner's variables and the command's. N7 lets none be in both with two values.
    fn environment(&mut self, tool: &Tool) -> u32 {
        let mut variables: BTreeMap<&Arc<str>, &Arc<str>> = tool.runner.environment.iter().collect();
        if fault::injected(Fault::RunnerEnvironmentWins) {
            variables.clear();
        }
        variables.extend(&tool.environment);
        self.tables.texts(variables.iter().flat_map(|(name, value)| [&***name, &***value]))
    }

    /// The index of options, flags and reserved names.
    fn options(&mut self, tool: &'e Tool) -> Result<u32, CompileError> {
        let either = tool.dashes == Dashes::Either;
        let mut index: Vec<(&str, u32)> = Vec::new();
        for option in &tool.options {
            index.push((distinct(&option.name, either), self.option(option)?));
        }
        // A2.
        for item in tool.program.iter().chain(&tool.always).chain(&tool.trailing) {
            let Some(name) = option_name(item) else { continue };
            let key = distinct(name, either);
            if index.iter().any(|(known, _)| *known == key) {
                continue;
            }
            let record = OptionRecord {
                name: self.tables.text(name),
                flags: option_flags::RESERVED,
                values: 0,
                text: self.tables.text(""),
            };
            index.push((key, self.tables.record(Section::Options, &record)));
        }
        Ok(self.tables.index(index.into_iter())?)
    }

    fn option(&mut self, option: &'e OptionSpecification) -> Result<u32, CompileError> {
        let values = match &option.values {
            Some(_) if fault::injected(Fault::LostValues) => {
                let any = super::graph::List { include: vec![&crate::pattern::Node::AnyText], exclude: Vec::new() };
                self.matcher(&any, "values", &option.name)?
            }
            Some(values) => self.matcher(&list_of(values), "values", &option.name)?,
            None => 0,
        };
        let text = option.values.as_ref().map(crate::estate::PatternList::text).unwrap_or_default();
        let flags = flag(option.values.is_none(), option_flags::FLAG)
            | flag(option.kind == ValueKind::Path, option_flags::PATH)
            | flag(option.repeat, option_flags::REPEAT)
            | flag(option.separate, option_flags::SEPARATE)
            | flag(option.required && !fault::injected(Fault::LostRequired), option_flags::REQUIRED)
            | flag(option.secret && !fault::injected(Fault::LostSecret), option_flags::SECRET);
        let record =
            OptionRecord { name: self.tables.text(&option.name), flags, values, text: self.tables.text(&text) };
        Ok(self.tables.record(Section::Options, &record))
    }
}

const fn flag(set: bool, flag: u32) -> u32 {
    if set { flag } else { 0 }
}

/// What a rule's `arguments` name: the place of the option, or none for positional arguments; nothing if the command has
/// no such thing.
#[expect(clippy::option_option, reason = "the outer option is whether there is such a thing")]
fn meant(tool: &Tool, name: &str) -> Option<Option<usize>> {
    if name == POSITIONAL {
        return tool.positional.is_some().then_some(None);
    }
    tool.options.iter().position(|option| tool.dashes.same(&option.name, name)).map(Some)
}
