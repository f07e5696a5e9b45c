//! The rules of an account, and what they select, in their canonical form.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::estate::{
    Account, Action, Caller, CallerKind, Command, OptionSpecification, Person, PlanLimits, Positional, Repository,
    Requirements, Rule, Runner, Tool, Window,
};
use crate::json::{ArrayWriter, ObjectWriter};

use super::Selection;
use super::lists::{map, names, optional, patterns, refs, sorted, texts};
use super::runner;

/// The canonical text of what decides in `account`. Keys of every object are sorted by bytes.
pub(super) fn serialise(account: &Account, rules: &[&Arc<Rule>], selection: &Selection) -> String {
    let mut out = String::new();
    let mut object = ObjectWriter::new(&mut out);
    let mut about = ObjectWriter::new(object.field("account"));
    about.text("id", &account.id);
    about.text("name", &account.name);
    about.finish();
    each(object.field("callers"), &selection.callers, caller);
    each(object.field("commands"), &selection.commands, command);
    object.text("format", "portcullis-policy-1");
    object.number("language", 1);
    each(object.field("repositories"), &selection.repositories, repository);
    let mut array = ArrayWriter::new(object.field("rules"));
    rules.iter().for_each(|found| rule(array.item(), found));
    array.finish();
    each(object.field("runners"), &runners(selection), runner::write);
    object.finish();
    out
}

fn runners(selection: &Selection) -> BTreeMap<Arc<str>, Arc<Runner>> {
    let tools = selection.commands.values().filter_map(|command| command.tool());
    tools.map(|tool| (tool.runner.name.clone(), tool.runner.clone())).collect()
}

fn each<T>(out: &mut String, items: &BTreeMap<Arc<str>, Arc<T>>, write: impl Fn(&mut String, &T)) {
    let mut object = ObjectWriter::new(out);
    items.iter().for_each(|(name, item)| write(object.field(name), item));
    object.finish();
}

fn rule(out: &mut String, rule: &Rule) {
    let mut object = ObjectWriter::new(out);
    optional(object.field("arguments"), rule.arguments.as_ref(), |out, conditions| {
        let mut object = ObjectWriter::new(out);
        conditions.iter().for_each(|condition| patterns(object.field(&condition.name), &condition.values));
        object.finish();
    });
    optional(object.field("callers"), rule.callers.as_ref(), |out, list| names(out, list, |caller| &caller.name));
    optional(object.field("commands"), rule.commands.as_ref(), |out, list| {
        sorted(out, list.included.iter().map(|command| command.name.to_string()).collect());
    });
    object.text("effect", rule.effect.as_str());
    object.text("name", &rule.name);
    optional(object.field("paths"), rule.paths.as_deref(), patterns);
    optional(object.field("refs"), rule.refs.as_deref(), refs);
    optional(object.field("repositories"), rule.repositories.as_ref(), |out, list| {
        names(out, list, |repository| &repository.name);
    });
    optional(object.field("require"), rule.requirements.as_ref(), |out, found| requirements(out, found));
    object.finish();
}

fn requirements(out: &mut String, requirements: &Requirements) {
    let mut object = ObjectWriter::new(out);
    optional(object.field("approvals"), requirements.approvals.as_ref(), |out, approvals| {
        let mut object = ObjectWriter::new(out);
        names(object.field("approvers"), &approvals.approvers, |caller| &caller.name);
        object.number("count", approvals.count.into());
        object.finish();
    });
    texts(object.field("checks"), requirements.checks.iter().map(|check| &**check));
    optional(object.field("commit_is_tip_of"), requirements.commit_is_tip_of.as_ref(), refs);
    optional(object.field("commit_on"), requirements.commit_on.as_ref(), refs);
    texts(object.field("includes_tip_of"), requirements.includes_tip_of.iter().map(|reference| &**reference));
    object.boolean("no_rollback", requirements.no_rollback);
    optional(object.field("not_after"), requirements.not_after, |out, time| {
        crate::json::write_text(out, &time.to_string());
    });
    optional(object.field("plan"), requirements.plan.as_ref(), plan);
    object.boolean("planned", requirements.planned);
    sorted_windows(object.field("windows"), &requirements.windows);
    object.finish();
}

fn plan(out: &mut String, limits: &PlanLimits) {
    let number = |out: &mut String, number: u64| out.push_str(&number.to_string());
    let mut object = ObjectWriter::new(out);
    optional(object.field("creates"), limits.creates, number);
    optional(object.field("destroys"), limits.destroys, number);
    optional(object.field("replaces"), limits.replaces, number);
    optional(object.field("types"), limits.types.as_ref(), patterns);
    optional(object.field("updates"), limits.updates, number);
    object.finish();
}

fn sorted_windows(out: &mut String, windows: &[Window]) {
    let mut windows: Vec<&Window> = windows.iter().collect();
    windows.sort_unstable();
    windows.dedup();
    let mut array = ArrayWriter::new(out);
    for window in windows {
        let mut object = ObjectWriter::new(array.item());
        texts(object.field("days"), window.days.iter().map(|day| day.as_str()));
        object.number("from", window.from.into());
        object.number("to", window.to.into());
        object.text("zone", &window.zone);
        object.finish();
    }
    array.finish();
}

fn caller(out: &mut String, caller: &Caller) {
    let mut object = ObjectWriter::new(out);
    match &caller.kind {
        CallerKind::Principals { principals, sessions, person } => {
            let person = person.map(|person| match person {
                Person::Session => "session",
                Person::Principal => "principal",
            });
            optional(object.field("person"), person, crate::json::write_text);
            patterns(object.field("principals"), principals);
            optional(object.field("sessions"), sessions.as_ref(), patterns);
        }
        CallerKind::Tokens { issuer, claims, person, bind } => {
            optional(object.field("bind"), bind.as_ref(), |out, bind| {
                let mut parts: Vec<_> = bind.parts().collect();
                parts.sort_unstable_by_key(|(name, _)| *name);
                let mut object = ObjectWriter::new(out);
                parts.into_iter().for_each(|(name, text)| object.text(name, text.as_str()));
                object.finish();
            });
            let mut conditions = ObjectWriter::new(object.field("claims"));
            claims.iter().for_each(|claim| patterns(conditions.field(&claim.name), &claim.patterns));
            conditions.finish();
            object.text("issuer", issuer.as_str());
            optional(object.field("person"), person.as_deref(), crate::json::write_text);
        }
    }
    object.finish();
}

fn repository(out: &mut String, repository: &Repository) {
    let mut object = ObjectWriter::new(out);
    refs(object.field("protected"), &repository.protected);
    sorted(object.field("remotes"), repository.remotes.iter().map(|remote| remote.as_str().to_owned()).collect());
    object.finish();
}

fn command(out: &mut String, command: &Command) {
    match &command.action {
        Action::Verb(verb) => {
            let mut object = ObjectWriter::new(out);
            object.text("verb", verb.as_str());
            object.finish();
        }
        Action::Tool(found) => tool(out, found),
    }
}

fn tool(out: &mut String, tool: &Tool) {
    let mut object = ObjectWriter::new(out);
    texts(object.field("always"), tool.always.iter().map(|item| &**item));
    object.number("cancel_grace", tool.cancel_grace.into());
    object.text("dashes", tool.dashes.as_str());
    object.text("effect", tool.effect.as_str());
    map(object.field("environment"), &tool.environment);
    object.number("lock_wait", tool.lock_wait.into());
    let mut options = ObjectWriter::new(object.field("options"));
    tool.options.iter().for_each(|found| option(options.field(&found.name), found));
    options.finish();
    optional(object.field("plan"), tool.plan.as_deref(), crate::json::write_text);
    optional(object.field("positional"), tool.positional.as_ref(), positional);
    texts(object.field("program"), tool.program.iter().map(|item| &**item));
    object.text("runner", &tool.runner.name);
    let codes: Vec<String> = tool.success_exit_codes.iter().map(u8::to_string).collect();
    texts(object.field("success_exit_codes"), codes.iter().map(String::as_str));
    texts(object.field("trailing"), tool.trailing.iter().map(|item| &**item));
    object.finish();
}

fn option(out: &mut String, option: &OptionSpecification) {
    let mut object = ObjectWriter::new(out);
    object.text("kind", option.kind.as_str());
    object.boolean("repeat", option.repeat);
    object.boolean("required", option.required);
    object.boolean("secret", option.secret);
    object.boolean("separate", option.separate);
    optional(object.field("values"), option.values.as_ref(), patterns);
    object.finish();
}

fn positional(out: &mut String, positional: &Positional) {
    let mut object = ObjectWriter::new(out);
    object.text("kind", positional.kind.as_str());
    object.number("max", positional.max.into());
    object.number("min", positional.min.into());
    object.boolean("secret", positional.secret);
    patterns(object.field("values"), &positional.values);
    object.finish();
}
