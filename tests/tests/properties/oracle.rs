//! What must be decided, from the model alone: sections 5, 7 and 8 read once more, over what was meant rather than
//! over text. Knows only the alphabet that the generators use.

use serde_json::Value;

use crate::asked::{Argument, Asked, Identity};
use crate::estates::same_option;
use crate::matching::is_commit;
use crate::model::{
    Account, Caller, CallerKind, Command, Estate, IDENTITY, List, Names, Pattern, Positional, RefPattern, Repository,
    Requirements, Rule, SLASH,
};

/// Reason, names of rules, and requirements not shown.
pub(crate) type Expected = (&'static str, Vec<String>, Vec<&'static str>);

pub(crate) fn expected(estate: &Estate, asked: &Asked) -> Expected {
    match decided(estate, asked) {
        Ok(expected) => expected,
        Err(reason) => (reason, vec![], vec![]),
    }
}

struct Question<'a> {
    estate: &'a Estate,
    asked: &'a Asked,
    command: &'a Command,
    account: &'a Account,
    repository: Option<&'a Repository>,
}

/// E8, in its order.
fn decided(estate: &Estate, asked: &Asked) -> Result<Expected, &'static str> {
    let named = |account: &&Account| account.name == asked.account || account.id == asked.account;
    let account = estate.accounts.iter().find(named).ok_or("unknown-account")?;
    let rules = estate.rules(account);
    let check = |good: bool, reason| if good { Ok(()) } else { Err(reason) };
    check(is_identity(&asked.caller), "malformed-caller")?;
    check(!differs_in_case(estate, &rules, &asked.repository), "malformed-repository")?;
    check(is_ref(&asked.reference), "malformed-ref")?;
    check(
        !is_commit(&asked.reference) || asked.commit.as_ref().is_none_or(|commit| *commit == asked.reference),
        "malformed-commit",
    )?;
    check(is_path(&asked.path), "malformed-path")?;
    let command = estate.commands.iter().find(|command| command.name == asked.command).ok_or("unknown-command")?;
    let selects = |rule: &&Rule| rule.commands.as_ref().is_some_and(|list| list.selects(command));
    check(rules.iter().any(selects), "unknown-command")?;
    check(are_accepted(command, &asked.arguments), "argument-refused")?;
    let repository = estate.repositories.iter().find(|found| found.remotes.contains(&asked.repository));
    Ok(Question { estate, asked, command, account, repository }.answer(&rules))
}

impl Question<'_> {
    /// E1, E2, E5, E9.
    fn answer(&self, rules: &[&Rule]) -> Expected {
        let (permits, forbids): (Vec<&Rule>, Vec<&Rule>) =
            rules.iter().filter(|rule| self.matches(rule)).partition(|rule| rule.permit);
        let names = |rules: &[&Rule]| rules.iter().map(|rule| rule.name.clone()).collect();
        if !forbids.is_empty() {
            return ("forbidden", names(&forbids), vec![]);
        }
        let unmet: Vec<(&Rule, Vec<&'static str>)> = permits.iter().map(|rule| (*rule, self.unmet(rule))).collect();
        let shown: Vec<&Rule> = unmet.iter().filter(|(_, unmet)| unmet.is_empty()).map(|(rule, _)| *rule).collect();
        if !shown.is_empty() {
            return ("permitted", names(&shown), vec![]);
        }
        match unmet.into_iter().min_by_key(|(rule, unmet)| (unmet.len(), rule.name.clone())) {
            Some((rule, unmet)) => ("requirements-unmet", names(&[rule]), unmet),
            None => ("no-permit", vec![], vec![]),
        }
    }

    /// E3.
    fn matches(&self, rule: &Rule) -> bool {
        let asked = self.asked;
        let own = rule.own_path && asked.path.starts_with(&format!("{}/", self.account.name));
        let path = rule.paths.as_ref().is_none_or(|paths| {
            (own || paths.include.iter().any(|pattern| pattern.matches(&asked.path, SLASH)))
                && !paths.exclude.iter().any(|pattern| pattern.matches(&asked.path, SLASH))
        });
        path && rule.callers.as_ref().is_none_or(|names| self.caller_matches(names))
            && rule.repositories.as_ref().is_none_or(|names| self.repository_matches(names))
            && rule.refs.as_ref().is_none_or(|refs| self.ref_matches(refs, &asked.reference))
            && rule.commands.as_ref().is_none_or(|list| list.selects(self.command))
            && rule.arguments.iter().all(|(name, list)| self.arguments_match(name, list, rule.permit))
    }

    fn caller_matches(&self, names: &Names) -> bool {
        let is = |caller: &&Caller| is_caller(caller, &self.asked.caller);
        let wild = |patterns: &[String], name: &str| patterns.iter().any(|one| crate::matching::wildcard(one, name));
        let of = |patterns: &[String]| self.estate.callers.iter().filter(is).any(|caller| wild(patterns, &caller.name));
        (names.any || of(&names.list.include)) && !of(&names.list.exclude)
    }

    /// What is no declared repository is one only for `any()`.
    fn repository_matches(&self, names: &Names) -> bool {
        self.repository.map_or(names.any, |repository| names.selects(&repository.name))
    }

    fn ref_matches(&self, refs: &List<RefPattern>, reference: &str) -> bool {
        let protected = self.repository.map_or(&[][..], |repository| &repository.protected);
        refs.matches(reference, protected)
    }

    /// A4.
    fn arguments_match(&self, name: &str, list: &List<Pattern>, permit: bool) -> bool {
        let mut values = self.asked.arguments.iter().filter(|argument| match &argument.name {
            Some(given) => name != "positional" && same_option(given, name),
            None => name == "positional",
        });
        let good = |argument: &Argument| list.matches(argument.value.as_deref().unwrap_or_default(), SLASH);
        if permit { values.all(good) } else { values.any(good) }
    }

    /// R, in its order.
    fn unmet(&self, rule: &Rule) -> Vec<&'static str> {
        let Some(require) = &rule.require else { return vec![] };
        let evidence = &self.asked.evidence;
        let is_true = |name: &str| evidence.get(name) == Some(&Value::Bool(true));
        let asked = [
            ("commit_on", require.commit_on.as_ref().map(|refs| self.proved(refs, "commit_on"))),
            ("commit_is_tip_of", require.commit_is_tip_of.as_ref().map(|refs| self.proved(refs, "commit_is_tip_of"))),
            ("planned", require.planned.then(|| self.command.plan && is_true("planned"))),
            (
                "plan",
                (!require.plan.is_empty() || require.types.is_some()).then(|| within(require, evidence.get("plan"))),
            ),
            ("no_rollback", require.no_rollback.then(|| is_true("no_rollback"))),
            ("window", (!require.windows.is_empty()).then(|| in_window(require, evidence.get("clock")))),
            (
                "not_after",
                require.not_after.map(|last| {
                    let clock = evidence.get("clock").and_then(|clock| clock["utc"].as_str());
                    clock.is_some_and(|now| now <= last)
                }),
            ),
        ];
        asked.into_iter().filter(|(_, shown)| *shown == Some(false)).map(|(name, _)| name).collect()
    }

    fn proved(&self, refs: &List<RefPattern>, name: &str) -> bool {
        let proved = self.asked.evidence.get(name).and_then(Value::as_array);
        let matches = |found: &Value| self.ref_matches(refs, found.as_str().unwrap_or_default());
        self.asked.commit.is_some() && proved.is_some_and(|proved| proved.iter().any(matches))
    }
}

fn within(require: &Requirements, plan: Option<&Value>) -> bool {
    let Some(plan) = plan else { return false };
    let types = plan["types"].as_array().expect("types");
    require.plan.iter().all(|(name, most)| plan[*name].as_u64().is_some_and(|count| count <= *most))
        && require
            .types
            .as_ref()
            .is_none_or(|list| types.iter().all(|touched| list.matches(touched.as_str().unwrap_or_default(), SLASH)))
}

fn in_window(require: &Requirements, clock: Option<&Value>) -> bool {
    let Some(clock) = clock else { return false };
    require.windows.iter().any(|window| {
        let now = &clock["zones"][window.zone];
        let minute = now["minute"].as_u64().and_then(|minute| usize::try_from(minute).ok());
        now["day"].as_str().is_some_and(|day| window.days.contains(&day))
            && minute.is_some_and(|minute| window.from <= minute && minute < window.to)
    })
}

/// C6.
fn is_caller(caller: &Caller, identity: &Identity) -> bool {
    match (&caller.kind, identity) {
        (CallerKind::Principals { principals, sessions }, Identity::Principal(principal, session)) => {
            principals.matches(principal, IDENTITY)
                && sessions.as_ref().is_none_or(|sessions| sessions.matches(session, IDENTITY))
        }
        (CallerKind::Tokens { issuer, claims }, Identity::Token { issuer: asked, claims: given }) => {
            let claim = |(name, list): &(String, List<Pattern>)| {
                let value = given.iter().find(|(other, _)| other == name).map(|(_, value)| value);
                value.is_some_and(|value| texts(value).iter().any(|text| list.matches(text, IDENTITY)))
            };
            issuer == asked && claims.iter().all(claim)
        }
        _ => false,
    }
}

fn texts(value: &Value) -> Vec<String> {
    match value {
        Value::String(text) => vec![text.clone()],
        Value::Number(number) => vec![number.to_string()],
        Value::Bool(truth) => vec![truth.to_string()],
        Value::Array(values) => values.iter().filter(|value| !value.is_array()).flat_map(texts).collect(),
        Value::Null | Value::Object(_) => vec![],
    }
}

fn is_identity(identity: &Identity) -> bool {
    let Identity::Principal(principal, session) = identity else { return true };
    let word =
        |text: &str| !text.is_empty() && text.chars().all(|one| one.is_ascii_alphanumeric() || "+=,.@_-".contains(one));
    let (kind, name) = principal.rsplit(':').next().and_then(|last| last.split_once('/')).expect("kind and name");
    let path_and_name = name.split('/').all(word) && !name.is_empty();
    if session.is_empty() {
        path_and_name && (kind == "role" || !name.contains('/'))
    } else {
        kind == "role" && word(name) && word(session)
    }
}

/// C1: a remote that the account's rules select, in other letters.
fn differs_in_case(estate: &Estate, rules: &[&Rule], identity: &str) -> bool {
    let selected = estate.repositories.iter().filter(|found| rules.iter().any(|rule| selects(rule, &found.name)));
    let remotes: Vec<&String> = selected.flat_map(|found| &found.remotes).collect();
    !remotes.iter().any(|remote| *remote == identity)
        && remotes.iter().any(|remote| remote.eq_ignore_ascii_case(identity))
}

/// D1: which repositories take part in a rule.
fn selects(rule: &Rule, name: &str) -> bool {
    let lists = [
        rule.refs.as_ref(),
        rule.require.as_ref().and_then(|found| found.commit_on.as_ref()),
        rule.require.as_ref().and_then(|found| found.commit_is_tip_of.as_ref()),
    ];
    let protected = lists.into_iter().flatten().any(List::names_protected);
    match &rule.repositories {
        None => protected,
        Some(names) if names.any => {
            protected || names.list.exclude.iter().any(|one| crate::matching::wildcard(one, name))
        }
        Some(names) => names.selects(name),
    }
}

/// C2, for the alphabet of the generators.
pub(crate) fn is_ref(text: &str) -> bool {
    let name = text.strip_prefix("refs/heads/").or_else(|| text.strip_prefix("refs/tags/"));
    match name {
        Some(name) => {
            let segment =
                |one: &str| !one.is_empty() && !one.starts_with(['.', '-']) && one.strip_suffix(".lock").is_none();
            name.split('/').all(segment) && !name.contains("..") && !name.ends_with('.') && !name.starts_with("refs/")
        }
        None => is_commit(text) || is_pull_request(text),
    }
}

fn is_pull_request(text: &str) -> bool {
    let number = |one: &str| !one.starts_with('0') && !one.is_empty() && one.bytes().all(|byte| byte.is_ascii_digit());
    match text.split('/').collect::<Vec<_>>().as_slice() {
        ["refs", "pull", id, "head" | "merge"]
        | ["refs", "merge-requests", id, "head" | "merge" | "train"]
        | ["refs", "pull-requests", id, "from" | "merge"] => number(id),
        _ => false,
    }
}

/// C3, for the alphabet of the generators.
fn is_path(text: &str) -> bool {
    text == "." || text.split('/').all(|one| !matches!(one, "" | "." | "..") && !one.starts_with('-'))
}

/// A1.
fn are_accepted(command: &Command, arguments: &[Argument]) -> bool {
    if command.verb {
        return arguments.is_empty();
    }
    let named = |argument: &Argument, name: &str| argument.name.as_ref().is_some_and(|given| same_option(given, name));
    let one = |argument: &Argument| {
        let Some(name) = &argument.name else { return positional_accepted(command, argument) };
        let Some(option) = command.options.iter().find(|option| same_option(&option.name, name)) else { return false };
        let once = option.repeat || arguments.iter().filter(|other| named(other, &option.name)).count() == 1;
        let good = match (&option.values, &argument.value) {
            (None, None) => true,
            (Some(list), Some(value)) => {
                list.matches(value, SLASH)
                    && (!argument.apart || !(value.is_empty() || value.starts_with('-')))
                    && (!option.path || is_path(value))
            }
            _ => false,
        };
        once && good
    };
    let positionals = arguments.iter().filter(|argument| argument.name.is_none()).count();
    let count = command.positional.as_ref().is_none_or(|found| (found.min..=found.max).contains(&positionals));
    count && arguments.iter().all(one)
}

fn positional_accepted(command: &Command, argument: &Argument) -> bool {
    let value = argument.value.as_deref().unwrap_or_default();
    let fits = |positional: &Positional| positional.values.matches(value, SLASH);
    !value.is_empty() && !value.starts_with('-') && command.positional.as_ref().is_some_and(fits)
}
