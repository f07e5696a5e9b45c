//! Random invocations near the boundary of an estate's rules: one that a rule matches, then something changed.

use serde_json::{Map, Value, json};

use crate::choices::Choices;
use crate::estates::{COMMANDS, COUNTS, DAYS, TIMES, ZONES};
use crate::model::{CallerKind, Estate, Opt, RefPattern, Rule};
use crate::patterns_made::{NAMES, PATHS, VALUES, ref_sample, sample};

#[derive(Debug, Clone)]
pub(crate) enum Identity {
    /// The principal without the session, and the session.
    Principal(String, String),
    Token {
        issuer: String,
        claims: Vec<(String, Value)>,
    },
}

/// An argument as it is meant.
#[derive(Debug, Clone)]
pub(crate) struct Argument {
    /// The name with its dashes; none for a positional.
    pub(crate) name: Option<String>,
    pub(crate) value: Option<String>,
    /// Whether the value is an item by itself.
    pub(crate) apart: bool,
}

#[derive(Debug, Clone)]
pub(crate) struct Asked {
    pub(crate) account: String,
    pub(crate) caller: Identity,
    /// Host and path as they are written in policies, and how they are spelled here.
    pub(crate) repository: String,
    pub(crate) spelling: usize,
    pub(crate) reference: String,
    pub(crate) commit: Option<String>,
    pub(crate) path: String,
    pub(crate) command: String,
    pub(crate) arguments: Vec<Argument>,
    pub(crate) evidence: Map<String, Value>,
}

/// How many ways there are to write one repository.
pub(crate) const SPELLINGS: usize = 8;

/// One repository in one of its spellings (C1).
pub(crate) fn spelled(identity: &str, spelling: usize) -> String {
    let (host, path) = identity.split_once('/').expect("host and path");
    let port = host.contains(':');
    match spelling % SPELLINGS {
        1 => format!("https://{identity}"),
        2 => format!("https://{identity}.git"),
        3 => format!("ssh://git@{identity}"),
        4 => format!("https://token@{}/{path}/", host.to_uppercase()),
        5 if !port => format!("git@{host}:{path}.git"),
        6 if !port => format!("git@{host}:/{path}"),
        7 if !port => format!("https://{host}:443/{path}.git/"),
        _ => identity.to_owned(),
    }
}

pub(crate) fn asked(estate: &Estate, choices: &mut Choices<'_>) -> Asked {
    let account = &estate.accounts[choices.below(estate.accounts.len())];
    let rules = estate.rules(account);
    let aim = (!rules.is_empty()).then(|| rules[choices.below(rules.len())]);
    let repository = &estate.repositories[choices.below(3)];
    let mut asked = Asked {
        account: if choices.chance(4) { account.id.clone() } else { account.name.clone() },
        caller: caller(estate, aim, choices),
        repository: choices.pick(&repository.remotes),
        spelling: choices.below(SPELLINGS),
        reference: "refs/heads/main".to_owned(),
        commit: choices.chance(2).then(|| "0123456789abcdef0123456789abcdef01234567".to_owned()),
        path: "prod/app".to_owned(),
        command: choices.pick(COMMANDS).to_owned(),
        arguments: Vec::new(),
        evidence: Map::new(),
    };
    if let Some(rule) = aim {
        take_aim(&mut asked, estate, rule, &repository.protected, choices);
        asked.arguments = arguments(estate, &asked.command, rule, choices);
    }
    asked.evidence = evidence(aim, &repository.protected, choices);
    for _ in 0..choices.below(3) {
        change(&mut asked, choices);
    }
    asked
}

fn take_aim(asked: &mut Asked, estate: &Estate, rule: &Rule, protected: &[RefPattern], choices: &mut Choices<'_>) {
    if let Some(refs) = &rule.refs {
        asked.reference = ref_sample(&choices.pick(&refs.include), protected, choices);
    }
    if let Some(paths) = &rule.paths {
        asked.path = sample(&choices.pick(&paths.include), choices, &PATHS);
    }
    if let Some(names) = &rule.repositories {
        let selected: Vec<_> = estate.repositories.iter().filter(|found| names.selects(&found.name)).collect();
        if !selected.is_empty() {
            let repository = choices.pick(&selected);
            asked.repository = choices.pick(&repository.remotes);
        }
    }
    if let Some(commands) = &rule.commands {
        let selected: Vec<_> = estate.commands.iter().filter(|command| commands.selects(command)).collect();
        if !selected.is_empty() {
            asked.command.clone_from(&choices.pick(&selected).name);
        }
    }
}

fn caller(estate: &Estate, rule: Option<&Rule>, choices: &mut Choices<'_>) -> Identity {
    let names = rule.and_then(|rule| rule.callers.as_ref());
    let selected: Vec<_> =
        estate.callers.iter().filter(|caller| names.is_none_or(|names| names.selects(&caller.name))).collect();
    let caller = if selected.is_empty() { &estate.callers[0] } else { selected[choices.below(selected.len())] };
    match &caller.kind {
        CallerKind::Principals { principals, sessions } => {
            let mut principal = match sample(&choices.pick(&principals.include), choices, &NAMES) {
                text if text.starts_with("arn:") => text,
                name => format!("arn:aws:iam::111111111111:role/{name}"),
            };
            // A star for the account's number was filled with anything.
            let number = principal.split(':').nth(4).unwrap_or_default().to_owned();
            principal = principal.replacen(&format!("::{number}:"), "::111111111111:", 1);
            let session = match sessions {
                _ if principal.contains(":user/") => String::new(),
                Some(list) => sample(&choices.pick(&list.include), choices, &NAMES),
                None => choices.pick(&["", "run-1"]).to_owned(),
            };
            Identity::Principal(principal, session)
        }
        CallerKind::Tokens { issuer, claims } => {
            let claim = |(name, list): &(String, crate::model::List<crate::model::Pattern>)| {
                let text = sample(&choices.pick(&list.include), choices, &NAMES);
                let value = match choices.below(4) {
                    0 => json!([text, "other"]),
                    1 if text == "4711" => json!(4711),
                    _ => json!(text),
                };
                (name.clone(), value)
            };
            Identity::Token { issuer: issuer.clone(), claims: claims.iter().map(claim).collect() }
        }
    }
}

fn arguments(estate: &Estate, command: &str, rule: &Rule, choices: &mut Choices<'_>) -> Vec<Argument> {
    let command = estate.commands.iter().find(|found| found.name == command).expect("a declared command");
    let of_rule = |name: &str| {
        rule.arguments.iter().find(|(other, _)| crate::estates::same_option(other, name)).map(|(_, list)| list)
    };
    let mut found = Vec::new();
    for Opt { name, values, .. } in &command.options {
        for _ in 0..choices.below(3) {
            let list = values.as_ref().map(|values| of_rule(name).filter(|_| choices.chance(2)).unwrap_or(values));
            let value = list.map(|list| sample(&choices.pick(&list.include), choices, &VALUES));
            let name = if choices.chance(3) { format!("-{}", name.trim_start_matches('-')) } else { name.clone() };
            found.push(Argument { name: Some(name), value, apart: choices.chance(2) });
        }
    }
    if let Some(positional) = &command.positional {
        for _ in 0..choices.below(positional.max + 1) {
            let list = of_rule("positional").filter(|_| choices.chance(2)).unwrap_or(&positional.values);
            let value = Some(sample(&choices.pick(&list.include), choices, &VALUES));
            found.push(Argument { name: None, value, apart: false });
        }
    }
    found
}

fn evidence(rule: Option<&Rule>, protected: &[RefPattern], choices: &mut Choices<'_>) -> Map<String, Value> {
    let mut evidence = Map::new();
    let Some(require) = rule.and_then(|rule| rule.require.as_ref()) else { return evidence };
    for (name, list) in [("commit_on", &require.commit_on), ("commit_is_tip_of", &require.commit_is_tip_of)] {
        if let Some(list) = list {
            let proved = choices.some(2, |choices| ref_sample(&choices.pick(&list.include), protected, choices));
            let canonical: Vec<String> = proved.into_iter().filter(|found| crate::oracle::is_ref(found)).collect();
            evidence.insert(name.to_owned(), json!(canonical));
        }
    }
    if !choices.chance(4) {
        evidence.insert("planned".to_owned(), json!(!choices.chance(4)));
        let mut plan: Map<String, Value> =
            COUNTS.iter().map(|name| ((*name).to_owned(), json!(choices.below(4)))).collect();
        let types = choices.some(2, |choices| match &require.types {
            Some(list) => sample(&choices.pick(&list.include), choices, &NAMES),
            None => "aws_s3".to_owned(),
        });
        plan.insert("types".to_owned(), json!(types));
        evidence.insert("plan".to_owned(), Value::Object(plan));
        evidence.insert("no_rollback".to_owned(), json!(!choices.chance(4)));
    }
    if !choices.chance(4) {
        let zone = require.windows.first().map_or(ZONES[0], |window| window.zone);
        let day = require.windows.first().map_or(DAYS[0], |window| choices.pick(&window.days));
        let near: Vec<usize> =
            require.windows.iter().flat_map(|window| [window.from, window.to - 1, window.to]).collect();
        let minute = if near.is_empty() { 0 } else { choices.pick(&near) }.min(1439);
        let (zones, utc) = (json!({zone: {"day": day, "minute": minute}}), choices.pick(TIMES));
        evidence.insert("clock".to_owned(), json!({"utc": utc, "zones": zones}));
    }
    evidence
}

/// Makes one thing a little different.
fn change(asked: &mut Asked, choices: &mut Choices<'_>) {
    match choices.below(10) {
        0 => asked.path = near(&asked.path, choices),
        1 => asked.reference = near(&asked.reference, choices),
        2 => match &mut asked.caller {
            Identity::Principal(principal, session) => match choices.below(3) {
                0 => *session = near(session, choices),
                1 => *principal = principal.replacen("111111111111", "222222222222", 1),
                _ => principal.push(choices.pick(&['a', '-'])),
            },
            Identity::Token { issuer, claims } => match claims.last_mut().filter(|_| !choices.chance(3)) {
                Some((_, value)) => {
                    *value = choices.pick(&[json!(null), json!("x"), json!({"a": "ci"}), json!([]), json!(true)]);
                }
                None => issuer.push('x'),
            },
        },
        3 => {
            asked.repository = choices
                .pick(&["github.com/acme/other", "git.acme.example/platform/live", "git.acme.example/platform/LIVE"])
                .to_owned();
        }
        4 => {
            asked.reference = match asked.reference.strip_prefix("refs/heads/") {
                Some(name) => format!("refs/tags/{name}"),
                None => asked.reference.replacen("refs/tags/", "refs/heads/", 1),
            }
        }
        5 => asked.command = choices.pick(&["plan", "apply", "apply-2", "status", "destroy"]).to_owned(),
        6 => asked.arguments.push(Argument { name: None, value: Some("app".to_owned()), apart: false }),
        7 => asked.arguments.push(Argument {
            name: Some("-target".to_owned()),
            value: Some("app".to_owned()),
            apart: false,
        }),
        8 => asked.account = choices.pick(&["prod-eu", "prod", "pro", "444444444444"]).to_owned(),
        _ => {
            let last = asked.arguments.last_mut().and_then(|argument| argument.value.as_mut());
            if let Some(value) = last {
                *value = near(value, choices);
            }
        }
    }
}

/// The same text with a character or a segment changed, added or taken away.
fn near(text: &str, choices: &mut Choices<'_>) -> String {
    let mut characters: Vec<char> = text.chars().collect();
    let at = characters.len() - characters.len().min(choices.below(characters.len() + 1));
    match choices.below(6) {
        0 => characters.insert(at, choices.pick(&['a', '-', '/', '.', '\u{e9}', '0'])),
        1 if at < characters.len() => drop(characters.remove(at)),
        2 if at < characters.len() => characters[at] = choices.pick(&['x', '/', '-', '.', 'A']),
        3 => return format!("{text}/extra"),
        4 => return format!("{text}-eu"),
        _ => return text.rsplit_once('/').map_or(text, |(parent, _)| parent).to_owned(),
    }
    characters.into_iter().collect()
}

impl Asked {
    /// The items of the command line.
    pub(crate) fn items(&self) -> Vec<String> {
        let mut items = Vec::new();
        for argument in &self.arguments {
            match (&argument.name, &argument.value) {
                (Some(name), Some(value)) if argument.apart => items.extend([name.clone(), value.clone()]),
                (Some(name), Some(value)) => items.push(format!("{name}={value}")),
                (name, value) => items.extend(name.iter().chain(value).cloned()),
            }
        }
        items
    }

    pub(crate) fn to_json(&self) -> Value {
        let caller = match &self.caller {
            Identity::Principal(principal, session) if session.is_empty() => json!({"principal": principal}),
            Identity::Principal(principal, session) => {
                let assumed = principal.replacen(":iam:", ":sts:", 1).replacen(":role/", ":assumed-role/", 1);
                json!({"principal": format!("{assumed}/{session}")})
            }
            Identity::Token { issuer, claims } => {
                json!({"issuer": issuer, "claims": claims.iter().cloned().collect::<Map<_, _>>()})
            }
        };
        let mut asked = json!({
            "account": self.account, "caller": caller, "repository": spelled(&self.repository, self.spelling),
            "ref": self.reference, "path": self.path, "command": self.command, "arguments": self.items(),
            "evidence": self.evidence,
        });
        if let Some(commit) = &self.commit {
            asked["commit"] = json!(commit);
        }
        asked
    }
}
