//! Random invocations near the boundary of an estate's rules.

use policy_core::canonical::UnitPath;
use policy_core::invocation::RawInvocation;

use crate::bound;
use crate::callers::{Asking, json};
use crate::commands::{Command, Taken};
use crate::estates::{Estate, Rule, people, remotes};
use crate::patterns::{PATHS, REFS, VALUES, near};
use crate::refs::COMMIT;
use crate::requirements::{Shown, shown};
use workspace_tests::chance::Chance;

/// What questions about one estate are made of.
pub(crate) struct Questions<'e> {
    estate: &'e Estate,
    people: Vec<Vec<Asking>>,
    shown: Vec<Shown>,
    /// Rules, each with the accounts that have it.
    rules: Vec<(&'e Rule, &'static [&'static str])>,
}

/// An invocation, and what is needed to write it as JSON.
pub(crate) struct Asked<'q> {
    pub(crate) raw: RawInvocation,
    caller: &'q Asking,
    evidence: &'q Shown,
}

/// The accounts that have the rules of each account or template, by name or id.
const HAVE: [&[&str]; 4] =
    [&["prod-eu", "eu"], &["prod", "222222222222"], &["prod-eu", "333333333333"], &["eu", "444444444444"]];
const ALL: &[&str] = &["prod", "prod-eu", "eu"];
const ANY: &[&str] = &["prod", "prod-eu", "eu", "template", "Prod"];

/// Repositories that nobody declares, in other letters, or malformed.
const OTHERS: [&str; 6] = [
    "github.com/acme/other",
    "git.acme.example/platform/live",
    "git.acme.example/MONO",
    "https://git.acme.example/un/used.git",
    "git.acme.example/a/../b",
    "localhost/x",
];

impl<'e> Questions<'e> {
    pub(crate) fn new(chance: &mut Chance, estate: &'e Estate) -> Self {
        let mut people = people(chance, estate, 8);
        people.retain(|of_caller| !of_caller.is_empty());
        let of_accounts = estate
            .accounts
            .iter()
            .zip(HAVE)
            .flat_map(|(account, have)| account.rules.iter().map(move |rule| (rule, have)));
        let rules: Vec<(&Rule, &[&str])> = of_accounts.chain(estate.forbids.iter().map(|rule| (rule, ALL))).collect();
        let approving: Vec<Asking> = crate::estates::people(chance, estate, 3).into_iter().flatten().collect();
        let mut made = Vec::new();
        for _ in 0..40 {
            let (rule, _) = chance.pick(&rules);
            let protected = estate.repositories.iter().flat_map(|repository| repository.protected.iter().cloned());
            let proved: Vec<String> = rule.proved.iter().cloned().chain(protected).collect();
            made.extend(shown(chance, &proved, &approving));
        }
        made.extend(shown(&mut Chance::new(0, 0), &[], &[]));
        Self { estate, people, shown: made, rules }
    }

    pub(crate) fn asked(&self, chance: &mut Chance) -> Asked<'_> {
        let (rule, accounts) = *chance.pick(&self.rules);
        let of_caller = if chance.once_in(4) { None } else { self.people.get(*chance.pick(&rule.callers)) };
        let of_caller = of_caller.unwrap_or_else(|| chance.pick(&self.people));
        let caller = chance.pick(of_caller);
        let command = *chance.pick(&rule.commands);
        let command = if chance.once_in(8) { chance.below(self.estate.commands.len()) } else { command };
        let evidence = chance.pick(&self.shown);
        let account = if chance.once_in(20) { ANY } else { accounts };
        let raw = RawInvocation {
            account: chance.word(account).to_owned(),
            caller: caller.raw.clone(),
            repository: self.repository(chance, rule),
            reference: text(chance, &rule.refs, REFS.words, "refs/heads/"),
            commit: chance.once_in(2).then(|| COMMIT.to_owned()),
            path: text(chance, &rule.paths, PATHS.words, ""),
            command: if chance.once_in(60) {
                "destroy".to_owned()
            } else {
                self.estate.commands[command].name.to_owned()
            },
            arguments: arguments(chance, &self.estate.commands[command], rule),
            evidence: evidence.evidence.clone(),
        };
        Asked { raw: as_said(chance, raw, caller), caller, evidence }
    }

    fn repository(&self, chance: &mut Chance, rule: &Rule) -> String {
        let place = match chance.below(12) {
            0 => return (*chance.pick(&OTHERS)).to_owned(),
            1 => chance.below(self.estate.repositories.len()),
            _ => *chance.pick(&rule.repositories),
        };
        (*chance.pick(remotes(place))).to_owned()
    }
}

/// What a token says that it asks for is asked, mostly.
fn as_said(chance: &mut Chance, raw: RawInvocation, caller: &Asking) -> RawInvocation {
    let mut raw = raw;
    let mut said = |part: &str| bound::said(&caller.bound, part, &caller.raw).filter(|_| !chance.once_in(6));
    raw.repository = said("repository").unwrap_or(raw.repository);
    raw.reference = said("ref").unwrap_or(raw.reference);
    raw.commit = said("commit").or(raw.commit);
    raw
}

/// A text that a rule asks for, or nearly, or any.
fn text(chance: &mut Chance, hits: &[String], words: &[&str], folder: &str) -> String {
    match chance.below(10) {
        0 => format!("{folder}{}", chance.pick(words)),
        1 if !hits.is_empty() => {
            let hit = chance.pick(hits);
            near(chance, hit)
        }
        _ if hits.is_empty() => format!("{folder}{}/{}", chance.pick(words), chance.pick(words)),
        _ => chance.pick(hits).clone(),
    }
}

fn value(chance: &mut Chance, taken: &Taken, rule: &Rule) -> String {
    let named = |name: &str| match taken.spellings {
        [] => name == "positional",
        spellings => spellings.contains(&name),
    };
    let asked: Vec<&Vec<String>> =
        rule.arguments.iter().filter(|(name, _)| named(name)).map(|(_, hits)| hits).collect();
    let of_rule = if asked.is_empty() || chance.once_in(4) { None } else { Some(*chance.pick(&asked)) };
    let hits = of_rule.or(taken.values.as_ref().map(|list| &list.hits));
    match hits {
        Some(hits) if chance.once_in(6) => {
            let hit = chance.pick(hits);
            near(chance, hit)
        }
        Some(hits) => chance.pick(hits).clone(),
        None => (*chance.pick(VALUES.words)).to_owned(),
    }
}

fn arguments(chance: &mut Chance, command: &Command, rule: &Rule) -> Vec<String> {
    let mut items = Vec::new();
    if chance.once_in(4) {
        return items;
    }
    for taken in &command.takes {
        let most = if chance.once_in(60) { 70 } else { taken.most };
        let least = taken.least.max(usize::from(taken.required && !chance.once_in(12)));
        for _ in 0..least.max(chance.below(most + 1)) {
            let value = value(chance, taken, rule);
            let refused = taken.path && UnitPath::parse(&value).is_err()
                || taken.plain && (value.is_empty() || value.starts_with('-'));
            if refused && !chance.once_in(20) {
                items.extend(taken.spellings.is_empty().then(|| "app".to_owned()));
                continue;
            }
            match taken.spellings {
                [] => items.push(value),
                spellings if chance.once_in(3) && !value.starts_with('-') => {
                    items.extend([(*chance.pick(spellings)).to_owned(), value]);
                }
                spellings => items.push(format!("{}={value}", chance.pick(spellings))),
            }
        }
    }
    if !command.flags.is_empty() && chance.once_in(4) {
        items.push((*chance.pick(command.flags)).to_owned());
    }
    if chance.once_in(40) {
        let wrong = ["-input=true", "--lock", "--", "", "-unknown=1", "-x", "x\u{1}", "-refresh=1", "app", "--end"];
        items.push((*chance.pick(&wrong)).to_owned());
    }
    items
}

impl Asked<'_> {
    /// The same as JSON.
    pub(crate) fn json(&self) -> String {
        let raw = &self.raw;
        let commit = raw.commit.as_ref().map(|commit| format!("\"commit\": {}, ", json(commit))).unwrap_or_default();
        let items: Vec<String> = raw.arguments.iter().map(|item| json(item)).collect();
        format!(
            "{{\"account\": {}, \"caller\": {}, \"repository\": {}, \"ref\": {}, {commit}\"path\": {}, \"command\": {}, \
             \"arguments\": [{}], \"evidence\": {}}}",
            json(&raw.account),
            self.caller.json,
            json(&raw.repository),
            json(&raw.reference),
            json(&raw.path),
            json(&raw.command),
            items.join(", "),
            self.evidence.json
        )
    }
}
