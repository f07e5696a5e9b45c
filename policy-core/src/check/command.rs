//! `command` blocks (section 8).

use std::sync::Arc;

use crate::diagnostic::{Code, Diagnostic};
use crate::estate::{
    Action, Command, CommandEffect, Dashes, OptionSpecification, PatternList, Positional, Runner, Tool, ValueKind,
    Verb, option_name,
};
use crate::evaluate::Located;
use crate::limits;
use crate::source::Span;
use crate::syntax::tree::Block;

use super::block::{Fields, Schema};
use super::context::Context;
use super::convert::{Subject, Variables};
use super::patterns::Place;
use super::selection::runner_not_declared;
use super::standard;

const COMMAND: Schema = Schema {
    labels: 1,
    attributes: &[
        "verb",
        "runner",
        "program",
        "effect",
        "plan",
        "always",
        "trailing",
        "environment",
        "dashes",
        "success_exit_codes",
        "lock_wait",
        "cancel_grace",
    ],
    blocks: &["option", "flag", "positional"],
};
const OPTION: Schema =
    Schema { labels: 1, attributes: &["values", "kind", "repeat", "separate", "secret", "required"], blocks: &[] };
const FLAG: Schema = Schema { labels: 1, attributes: &["repeat"], blocks: &[] };
const POSITIONAL: Schema = Schema { labels: 0, attributes: &["values", "kind", "min", "max", "secret"], blocks: &[] };

const KINDS: &[(&str, ValueKind)] = &[("text", ValueKind::Text), ("path", ValueKind::Path)];
const EFFECTS: &[(&str, CommandEffect)] = &[("read", CommandEffect::Read), ("write", CommandEffect::Write)];
const DASHES: &[(&str, Dashes)] = &[("either", Dashes::Either), ("exact", Dashes::Exact)];

/// Seconds where nothing is said: `lock_wait` and `cancel_grace`.
const DEFAULT_WAIT: u32 = 10 * 60;

impl Context<'_> {
    /// The `command` blocks, and the standard commands if they are imported.
    pub(super) fn commands(&mut self, blocks: &[&Block], import_standard: bool) {
        let standard = if import_standard { standard::blocks() } else { Vec::new() };
        self.import_names(&standard);
        let mut declared = Vec::new();
        for block in blocks {
            let fields = self.fields(block, &COMMAND);
            let name = self.block_name(&fields);
            let new = name.as_ref().is_some_and(|name| self.commands.declare(name, fields.header(), self.diagnostics));
            let action = self.action(&fields);
            if let (Some(name), true, Some(action)) = (name, new, action) {
                self.commands.define(&name.clone(), Command { name, action });
            }
            declared.push(fields);
        }
        self.import_commands(&standard);
        for fields in declared {
            self.plan_reference(&fields);
        }
    }

    /// What the command of a block does.
    pub(super) fn action(&mut self, fields: &Fields<'_>) -> Option<Action> {
        if let Some(verb) = fields.attribute("verb") {
            self.nothing_beside_verb(fields);
            let choices = Verb::ALL.map(|verb| (verb.as_str(), verb));
            let value = self.value(verb)?;
            return self.choice(&Subject::of(verb), &value, &choices).map(Action::Verb);
        }
        let says_something = ["runner", "program", "effect"].iter().any(|name| fields.attribute(name).is_some());
        if !says_something && !fields.block.body.broken {
            let message =
                format!("the command `{}` says neither `verb` nor `runner`, `program` and `effect`", fields.label());
            let help =
                "write `runner`, `program` and `effect` for something to execute, or `verb` for what the runtime does";
            self.mistake(Code::MissingAttribute, fields.header(), message, help);
            return None;
        }
        self.tool(fields).map(|tool| Action::Tool(Box::new(tool)))
    }

    /// Section 3: a verb stands alone, beside its description.
    fn nothing_beside_verb(&mut self, fields: &Fields<'_>) {
        let body = &fields.block.body;
        let attributes = body.attributes.iter().filter(|attribute| {
            let name = &*attribute.name.text;
            name != "verb" && COMMAND.attributes.contains(&name)
        });
        let blocks = body.blocks.iter().filter(|block| COMMAND.blocks.contains(&&*block.kind.text));
        let found = attributes.map(|attribute| (attribute.span, attribute.name.text.clone()));
        let found: Vec<_> = found.chain(blocks.map(|block| (block.header, block.kind.text.clone()))).collect();
        for (span, name) in found {
            let message = format!("a command with `verb` has no `{name}`");
            self.mistake(
                Code::Conflict,
                span,
                message,
                "a verb is carried out by the runtime itself; it takes nothing",
            );
        }
    }

    fn tool(&mut self, fields: &Fields<'_>) -> Option<Tool> {
        let runner = self.required(fields, "runner", Self::runner_reference);
        let program = self.required(fields, "program", |context, subject, value| {
            let members = context.some_members(subject, value)?;
            context.items(subject, members)
        });
        let effect = self.required(fields, "effect", |context, subject, value| context.choice(subject, value, EFFECTS));
        let items = |context: &mut Self, subject: &Subject<'_>, value: &Located| {
            let members = context.members(subject, value)?;
            context.items(subject, members)
        };
        let always = self.optional(fields, "always", items).unwrap_or_default();
        let trailing = self.optional(fields, "trailing", items).unwrap_or_default();
        let environment = self.optional(fields, "environment", Self::environment).unwrap_or_default();
        let dashes = self.optional(fields, "dashes", |context, subject, value| context.choice(subject, value, DASHES));
        let codes = self.optional(fields, "success_exit_codes", Self::exit_codes).unwrap_or_else(|| vec![0]);
        let mut tool = Tool {
            plan: self.optional(fields, "plan", Self::text),
            lock_wait: self.optional(fields, "lock_wait", Self::duration).unwrap_or(DEFAULT_WAIT),
            cancel_grace: self.optional(fields, "cancel_grace", Self::duration).unwrap_or(DEFAULT_WAIT),
            runner: runner.flatten()?,
            program: program.unwrap_or_default(),
            effect: effect.unwrap_or(CommandEffect::Write),
            always,
            trailing,
            environment: environment.values.clone(),
            dashes: dashes.unwrap_or(Dashes::Either),
            success_exit_codes: codes,
            options: Vec::new(),
            positional: None,
        };
        self.variables_of_both(&tool.runner, &environment);
        self.options(fields, &mut tool);
        tool.positional = self.positional(fields);
        Some(tool)
    }

    /// The runner of a command; inside, none where its block is wrong.
    #[expect(clippy::option_option, reason = "not named rightly, or named but wrong itself, are two things")]
    fn runner_reference(&mut self, subject: &Subject<'_>, value: &Located) -> Option<Option<Arc<Runner>>> {
        let name = self.text(subject, value)?;
        if !self.runners.contains(&name) {
            let diagnostic = self.runners.undeclared(&name, subject.span);
            self.report(diagnostic);
            return None;
        }
        Some(self.runners.get(&name).cloned())
    }

    /// `plan` names a read command with a runner.
    fn plan_reference(&mut self, fields: &Fields<'_>) {
        let Some(attribute) = fields.attribute("plan").filter(|_| fields.attribute("verb").is_none()) else { return };
        let label = fields.label();
        let Some(plan) = self.commands.get(label).and_then(|command| command.tool()?.plan.clone()) else { return };
        let span = attribute.span;
        if let Some((_, runner)) = self.missing_imports.iter().find(|(name, _)| *name == plan) {
            let diagnostic = runner_not_declared(&plan, runner, span);
            self.report(diagnostic);
        } else if !self.commands.contains(&plan) {
            let diagnostic = self.commands.undeclared(&plan, span);
            self.report(diagnostic);
        } else if let Some(command) = self.commands.get(&plan) {
            let problem = match command.tool().map(|tool| tool.effect) {
                Some(CommandEffect::Read) => return,
                Some(CommandEffect::Write) => "writes",
                None => "is a verb of the runtime",
            };
            let message = format!("`plan` names the command `{plan}`, which {problem}");
            self.mistake(Code::NotThatKind, span, message, "name a command with `effect = \"read\"` that saves a plan");
        }
    }

    fn exit_codes(&mut self, subject: &Subject<'_>, value: &Located) -> Option<Vec<u8>> {
        let members = self.some_members(subject, value)?;
        let codes: Vec<Option<u8>> =
            members.iter().map(|member| self.whole(&subject.member(member), member, 0..=255)).collect();
        let mut codes: Vec<u8> = codes.into_iter().collect::<Option<_>>()?;
        codes.sort_unstable();
        codes.dedup();
        Some(codes)
    }

    /// N7: a variable that the runner and the command give two values, or that is a secret of the runner.
    fn variables_of_both(&mut self, runner: &Runner, variables: &Variables) {
        let Some(of_runner) = self.runner_variables.remove(&runner.name) else { return };
        self.conflicting_variables(&variables.places, &of_runner.secrets);
        for (name, value) in &variables.values {
            let (Some(span), Some(other)) = (variables.places.get(name), of_runner.places.get(name)) else { continue };
            if of_runner.values.get(name) != Some(value) {
                let message = format!("`{name}` has two values: one here and one in the runner `{}`", runner.name);
                let (earlier, later) = ((*span).min(*other), (*span).max(*other));
                self.report(
                    Diagnostic::new(Code::ConflictingVariable, later, message)
                        .help("give it its value in one place")
                        .related(earlier, "the other value"),
                );
            }
        }
        self.runner_variables.insert(runner.name.clone(), of_runner);
    }

    fn options(&mut self, fields: &Fields<'_>, tool: &mut Tool) {
        let mut headers: Vec<Span> = Vec::new();
        for block in &fields.block.body.blocks {
            let option = match &*block.kind.text {
                "option" => self.option(block),
                "flag" => self.flag(block),
                _ => continue,
            };
            let Some(option) = option else { continue };
            let taken =
                tool.options.iter().zip(&headers).find(|(other, _)| tool.dashes.same(&other.name, &option.name));
            if let Some((other, before)) = taken {
                let message = format!("`{}` and `{}` are one name", option.name, other.name);
                let diagnostic = Diagnostic::new(Code::DuplicateName, block.header, message)
                    .help("`-x` and `--x` are one name unless the command says `dashes = \"exact\"`")
                    .related(*before, "declared here first");
                self.report(diagnostic);
                continue;
            }
            self.not_fixed(tool, &option.name, block.header);
            headers.push(block.header);
            tool.options.push(option);
        }
        tool.options.sort_by(|left, right| left.name.cmp(&right.name));
    }

    /// A2: what the command passes itself cannot be declared.
    fn not_fixed(&mut self, tool: &Tool, name: &str, header: Span) {
        if tool.passes_itself(name) {
            let message = format!("the command passes `{name}` itself");
            let help = "take it out of `program`, `always` and `trailing`, or do not declare it";
            self.mistake(Code::FixedOption, header, message, help);
        }
    }

    fn option(&mut self, block: &Block) -> Option<OptionSpecification> {
        let fields = self.fields(block, &OPTION);
        let name = self.option_label(&fields);
        let (kind, values) = self.kind_and_values(&fields);
        let repeat = self.optional(&fields, "repeat", Self::boolean).unwrap_or(false);
        let separate = self.optional(&fields, "separate", Self::boolean).unwrap_or(false);
        let secret = self.optional(&fields, "secret", Self::boolean).unwrap_or(false);
        let required = self.optional(&fields, "required", Self::boolean).unwrap_or(false);
        // An option whose values are wrong is declared all the same: rules may name it.
        let values = values.or(Some(PatternList { include: vec![], exclude: vec![] }));
        Some(OptionSpecification { name: name?, values, kind, repeat, separate, secret, required })
    }

    /// What values of an option, or positional arguments, are and may be.
    fn kind_and_values(&mut self, fields: &Fields<'_>) -> (ValueKind, Option<PatternList>) {
        let kind = self.optional(fields, "kind", |context, subject, value| context.choice(subject, value, KINDS));
        let kind = kind.unwrap_or(ValueKind::Text);
        let place = match kind {
            ValueKind::Text => Place::Argument,
            ValueKind::Path => Place::PathArgument,
        };
        let values =
            self.required(fields, "values", |context, subject, value| context.pattern_list(subject, value, place));
        (kind, values)
    }

    fn flag(&mut self, block: &Block) -> Option<OptionSpecification> {
        let fields = self.fields(block, &FLAG);
        let name = self.option_label(&fields);
        let repeat = self.optional(&fields, "repeat", Self::boolean).unwrap_or(false);
        let kind = ValueKind::Text;
        let (separate, secret, required) = (false, false, false);
        Some(OptionSpecification { name: name?, values: None, kind, repeat, separate, secret, required })
    }

    /// N2: the name of an option or flag.
    fn option_label(&mut self, fields: &Fields<'_>) -> Option<Arc<str>> {
        let label = fields.block.labels.first().filter(|label| !label.text.is_empty())?;
        if !is_option_name(&label.text) {
            let message = format!("`{}` is no name of a {}", label.text.escape_debug(), fields.block.kind.text);
            let help = "such a name is `-` or `--`, a letter or digit, then letters, digits, `.`, `_` and `-`; at most 128 bytes";
            self.mistake(Code::InvalidName, fields.header(), message, help);
        }
        Some(label.text.clone())
    }

    fn positional(&mut self, fields: &Fields<'_>) -> Option<Positional> {
        for block in fields.blocks("positional").skip(1) {
            self.fields(block, &POSITIONAL);
        }
        let block = self.at_most_one(fields.blocks("positional"))?;
        let fields = self.fields(block, &POSITIONAL);
        let (kind, values) = self.kind_and_values(&fields);
        let most = i128::try_from(limits::ARGUMENT_ITEMS).unwrap_or(i128::MAX);
        let min: Option<u16> =
            self.optional(&fields, "min", |context, subject, value| context.whole(subject, value, 0..=most));
        let max: Option<u16> =
            self.required(&fields, "max", |context, subject, value| context.whole(subject, value, 1..=most));
        let secret = self.optional(&fields, "secret", Self::boolean).unwrap_or(false);
        if let (Some(min), Some(max)) = (min, max)
            && min > max
            && let (Some(first), Some(second)) = (fields.attribute("min"), fields.attribute("max"))
        {
            let message = format!("`min` is {min}, but `max` is only {max}");
            self.report(Diagnostic::new(Code::Conflict, first.span.max(second.span), message));
        }
        let values = values.unwrap_or(PatternList { include: vec![], exclude: vec![] });
        Some(Positional { values, kind, min: min.unwrap_or(0), max: max.unwrap_or(1), secret })
    }
}

fn is_option_name(name: &str) -> bool {
    let Some(bare) = option_name(name).and_then(|name| name.strip_prefix("--").or_else(|| name.strip_prefix('-')))
    else {
        return false;
    };
    let good = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-');
    name.len() <= limits::NAME_BYTES
        && !name.contains('=')
        && bare.as_bytes().first().is_some_and(u8::is_ascii_alphanumeric)
        && bare.bytes().all(good)
}

#[cfg(test)]
mod tests {
    use super::is_option_name;

    #[test]
    fn option_names_have_one_or_two_dashes() {
        for name in ["-x", "--x", "-var-file", "--a.b_c-d", "-1", &format!("--{}", "a".repeat(126))] {
            assert!(is_option_name(name), "{name}");
        }
        for name in ["", "-", "--", "x", "---x", "-_x", "-x=y", "- x", "-é", &format!("--{}", "a".repeat(127))] {
            assert!(!is_option_name(name), "{name}");
        }
    }
}
