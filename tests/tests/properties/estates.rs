//! Random valid estates. What is declared has fixed names, so that whatever shrinks still refers to what exists.

use crate::choices::Choices;
use crate::glob::{Glob, Part, Segment};
use crate::model::{
    Account, Caller, CallerKind, Command, Commands, Estate, List, Opt, Pattern, Positional, Repository, Requirements,
    Rule, Spelling, Template, Window,
};
use crate::patterns_made::{NAMES, PATHS, VALUES, list, names, protected_list, ref_list};

pub(crate) const CALLERS: &[&str] = &["ci", "ci-main", "people", "workflow", "workflow-2"];
pub(crate) const REPOSITORIES: &[&str] = &["live", "live-2", "tools"];
pub(crate) const COMMANDS: &[&str] = &["plan", "apply", "apply-2", "status"];
pub(crate) const ZONES: &[&str] = &["UTC", "Europe/Berlin"];
pub(crate) const DAYS: &[&str] = &["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
pub(crate) const TIMES: &[&str] = &["2027-01-01T00:00:00Z", "2027-01-01T00:00:01Z", "2026-12-31T23:59:59Z"];
pub(crate) const COUNTS: &[&str] = &["creates", "updates", "replaces", "destroys"];

pub(crate) fn estate(choices: &mut Choices<'_>) -> Estate {
    let remotes: [&[&str]; 3] = [
        &["github.com/acme/live", "git.acme.example/platform/Live"],
        &["git.acme.example:8443/platform/live"],
        &["gitlab.com/acme/tools"],
    ];
    let repository = |(name, remotes): (&&str, &[&str])| Repository {
        name: (*name).to_owned(),
        remotes: remotes.iter().map(|remote| (*remote).to_owned()).collect(),
        protected: protected_list(choices),
    };
    let repositories = REPOSITORIES.iter().zip(remotes).map(repository).collect();
    let callers = CALLERS.iter().enumerate().map(|(number, name)| caller(choices, name, number < 3)).collect();
    let commands: Vec<Command> = COMMANDS.iter().map(|name| command(choices, name)).collect();
    let rules = |place: &str, choices: &mut Choices<'_>, permits: bool| {
        let mut number = 0;
        choices.some(2, |choices| {
            number += 1;
            let name = format!("{}{place} {number}", choices.pick(&["a", "b", "C"]));
            rule(choices, &commands, name, permits)
        })
    };
    let templates = (0..3).map(|number| Template {
        name: format!("t{number}"),
        extends: (0..number).filter(|_| choices.chance(3)).map(|other| format!("t{other}")).collect(),
        rules: rules(&format!("t{number}"), choices, true),
    });
    let templates = templates.collect();
    let accounts = [("prod", "222222222222"), ("prod-eu", "333333333333")].map(|(name, id)| Account {
        name: name.to_owned(),
        id: id.to_owned(),
        extends: (0..3).filter(|_| choices.chance(2)).map(|other| format!("t{other}")).collect(),
        rules: rules(name, choices, true),
    });
    let forbids = rules("top", choices, false);
    Estate { repositories, callers, commands: commands.clone(), templates, accounts: accounts.into(), forbids }
}

/// Roles whose names are patterns, in one account or in any.
fn principals(choices: &mut Choices<'_>) -> List<Pattern> {
    let mut found = list(choices, &NAMES);
    // P8: no principal is without a name.
    found.exclude.retain(|pattern| *pattern != Pattern::Exact(String::new()));
    let kind = choices.pick(&["role", "user"]);
    let account = choices.pick(&["111111111111", "*"]);
    for pattern in found.include.iter_mut().chain(&mut found.exclude) {
        let mut glob = match pattern {
            Pattern::Any => continue,
            Pattern::Exact(text) => Glob::literal(text),
            Pattern::Of(glob, _) => glob.clone(),
        };
        let mut head = vec![Part::Literal("arn:aws:iam::".to_owned())];
        head.push(if account == "*" { Part::Star } else { Part::Literal(account.to_owned()) });
        head.push(Part::Literal(format!(":{kind}")));
        glob.0.insert(0, Segment::Parts(head));
        let spelling = if let Pattern::Of(_, spelling) = pattern { spelling.clone() } else { Spelling::Plain };
        *pattern = Pattern::Of(glob, spelling);
    }
    found
}

fn caller(choices: &mut Choices<'_>, name: &str, by_principal: bool) -> Caller {
    let kind = if by_principal {
        let sessions = choices.chance(2).then(|| list(choices, &NAMES));
        CallerKind::Principals { principals: principals(choices), sessions }
    } else {
        let mut claims = vec![("repository_id".to_owned(), list(choices, &NAMES))];
        claims.extend(choices.chance(2).then(|| ("environment".to_owned(), list(choices, &NAMES))));
        CallerKind::Tokens {
            issuer: choices.pick(&["https://token.example", "https://ci.example/acme"]).to_owned(),
            claims,
        }
    };
    Caller { name: name.to_owned(), kind }
}

fn command(choices: &mut Choices<'_>, name: &str) -> Command {
    let mut command = Command {
        name: name.to_owned(),
        verb: name == "status",
        write: name != "plan",
        plan: name == "apply",
        options: Vec::new(),
        positional: None,
    };
    if command.verb {
        return command;
    }
    for (option, path) in [("-target", false), ("--var-file", true)] {
        if choices.chance(2) {
            let (values, repeat) = (Some(list(choices, &VALUES)), choices.chance(2));
            command.options.push(Opt { name: option.to_owned(), values, path, repeat });
        }
    }
    if choices.chance(3) {
        command.options.push(Opt { name: "-refresh".to_owned(), values: None, path: false, repeat: choices.chance(2) });
    }
    command.positional = choices.chance(3).then(|| {
        let min = choices.below(2);
        Positional { values: list(choices, &VALUES), min, max: 1 + choices.below(2) }
    });
    command
}

fn rule(choices: &mut Choices<'_>, commands: &[Command], name: String, may_permit: bool) -> Rule {
    let permit = may_permit && !choices.chance(3);
    // E4: what a forbid leaves out means anything; paths stay, so that it says something.
    let says = |choices: &mut Choices<'_>| permit || choices.chance(2);
    let mut rule = Rule {
        name,
        permit,
        callers: says(choices).then(|| names(choices, CALLERS)),
        repositories: says(choices).then(|| names(choices, REPOSITORIES)),
        refs: says(choices).then(|| ref_list(choices)),
        paths: Some(list(choices, &PATHS)),
        own_path: may_permit && choices.chance(4),
        commands: says(choices).then(|| commands_of(choices)),
        arguments: Vec::new(),
        require: None,
    };
    rule.arguments = arguments(choices, commands, &rule);
    rule.require = (permit && choices.chance(2)).then(|| requirements(choices, commands, &rule));
    rule
}

fn commands_of(choices: &mut Choices<'_>) -> Commands {
    match choices.below(5) {
        0 => Commands::Effect { write: choices.chance(2) },
        _ => Commands::Names(names(choices, COMMANDS)),
    }
}

/// A4: only options that one of the rule's commands declares can be named.
fn arguments(choices: &mut Choices<'_>, commands: &[Command], rule: &Rule) -> Vec<(String, List<Pattern>)> {
    let selected: Vec<&Command> =
        commands.iter().filter(|command| rule.commands.as_ref().is_none_or(|list| list.selects(command))).collect();
    let declares = |name: &str| match name {
        "positional" => selected.iter().any(|command| command.positional.is_some()),
        _ => selected.iter().any(|command| command.options.iter().any(|option| same_option(&option.name, name))),
    };
    let names = ["-target", "-var-file", "positional"].into_iter().filter(|name| declares(name));
    let mut found = Vec::new();
    for name in names {
        if choices.chance(2) {
            found.push((name.to_owned(), list(choices, &VALUES)));
        }
    }
    found
}

/// A1: `-x` and `--x` are one name.
pub(crate) fn same_option(left: &str, right: &str) -> bool {
    left.trim_start_matches('-') == right.trim_start_matches('-')
}

fn requirements(choices: &mut Choices<'_>, commands: &[Command], rule: &Rule) -> Requirements {
    let mut found = Requirements {
        commit_on: choices.chance(3).then(|| ref_list(choices)),
        commit_is_tip_of: choices.chance(4).then(|| ref_list(choices)),
        no_rollback: choices.chance(3),
        windows: choices.some(2, window),
        not_after: choices.chance(3).then(|| choices.pick(TIMES)),
        ..Requirements::default()
    };
    let named = |command: &&Command| rule.commands.as_ref().is_some_and(|list| list.names_outright(command));
    if commands.iter().filter(named).all(|command| command.plan) && choices.chance(2) {
        found.planned = true;
        for name in COUNTS {
            found.plan.extend(choices.chance(3).then(|| (*name, choices.pick(&[0, 1, 2]))));
        }
        found.types = choices.chance(3).then(|| list(choices, &NAMES_OF_TYPES));
    }
    if found == Requirements::default() {
        found.no_rollback = true;
    }
    found
}

const NAMES_OF_TYPES: crate::patterns_made::Words<'_> = crate::patterns_made::Words {
    texts: &["aws_s3_bucket", "aws_s3", "null_resource"],
    separators: "/",
    segments: 1,
    askable: |_| true,
};

fn window(choices: &mut Choices<'_>) -> Window {
    let from = choices.below(23) * 60 + choices.below(60);
    let to = (from + 1 + choices.below(600)).min(24 * 60);
    let first = choices.below(DAYS.len());
    let days = DAYS[first..(first + 1 + choices.below(3)).min(DAYS.len())].to_vec();
    Window { days, from, to, zone: choices.pick(ZONES) }
}
