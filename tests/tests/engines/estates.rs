//! Random estates: written as policy text at once, with what it takes to ask about them.

use crate::callers::{Asking, Caller, json};
use crate::commands::{self, Command, RUNNERS, Taken};
use crate::patterns::{self, List, PATHS, VALUES};
use crate::refs;
use crate::requirements::{Required, required};
use workspace_tests::chance::Chance;

/// How large an estate is.
#[derive(Clone, Copy)]
pub(crate) struct Size {
    /// The most rules of each account, and the fewest.
    pub(crate) rules: usize,
    pub(crate) least: usize,
    pub(crate) callers: usize,
    /// Different lists of paths and refs that rules choose among, beside their own.
    pub(crate) lists: usize,
    /// One rule in so many has lists of its own.
    pub(crate) own: usize,
    /// And one in so many forbids.
    pub(crate) forbids: usize,
}

/// A repository, and refs that it protects.
pub(crate) struct Repository {
    pub(crate) text: String,
    pub(crate) protected: Vec<String>,
}

/// What a rule asks, for whoever aims at it.
pub(crate) struct Rule {
    pub(crate) text: String,
    pub(crate) callers: Vec<usize>,
    pub(crate) repositories: Vec<usize>,
    pub(crate) refs: Vec<String>,
    pub(crate) paths: Vec<String>,
    pub(crate) commands: Vec<usize>,
    /// Option, or nothing for positional arguments, and values.
    pub(crate) arguments: Vec<(String, Vec<String>)>,
    pub(crate) proved: Vec<String>,
}

/// An account, or the template of some.
pub(crate) struct Account {
    pub(crate) head: String,
    pub(crate) rules: Vec<Rule>,
}

pub(crate) struct Estate {
    pub(crate) repositories: Vec<Repository>,
    pub(crate) callers: Vec<Caller>,
    pub(crate) commands: Vec<Command>,
    /// The first is a template that the two last extend.
    pub(crate) accounts: Vec<Account>,
    pub(crate) forbids: Vec<Rule>,
}

/// Names and remotes; the last two are declared nowhere and by nobody's rules, as a rule.
const REPOSITORIES: [(&str, &[&str]); 5] = [
    ("live", &["github.com/acme/live", "git.acme.example/platform/Live"]),
    ("live-2", &["git.acme.example:8443/platform/live"]),
    ("tools", &["gitlab.com/acme/tools"]),
    ("mono", &["git.acme.example/Mono"]),
    ("unused", &["git.acme.example/un/Used", "bitbucket.org/acme/unused"]),
];

pub(crate) fn remotes(repository: usize) -> &'static [&'static str] {
    REPOSITORIES[repository].1
}

const ACCOUNTS: [(&str, &str); 4] =
    [("template", ""), ("prod", "222222222222"), ("prod-eu", "333333333333"), ("eu", "444444444444")];

struct Maker<'c> {
    chance: &'c mut Chance,
    callers: Vec<Caller>,
    commands: Vec<Command>,
    paths: Vec<List>,
    refs: Vec<List>,
    values: Vec<List>,
    size: Size,
    number: usize,
}

pub(crate) fn estate(chance: &mut Chance, size: Size) -> Estate {
    let repositories = REPOSITORIES.iter().map(|(name, remotes)| repository(chance, name, remotes)).collect();
    let count = 3 + chance.below(size.callers);
    let callers = (0..count).map(|number| Caller::made(chance, number)).collect();
    let commands = commands::commands(chance);
    let paths = (0..size.lists).map(|_| patterns::list(chance, &PATHS)).collect();
    let refs = (0..size.lists).map(|_| refs::list(chance, true)).collect();
    let values = (0..size.lists).map(|_| patterns::list(chance, &VALUES)).collect();
    let mut maker = Maker { chance, callers, commands, paths, refs, values, size, number: 0 };
    let accounts = ACCOUNTS.iter().enumerate().map(|(place, (name, id))| {
        let head = match place {
            0 => format!("template \"{name}\" {{\n"),
            1 => format!("account \"{name}\" {{\n  id = \"{id}\"\n"),
            _ => format!("account \"{name}\" {{\n  id = \"{id}\"\n  extends = [\"template\"]\n"),
        };
        // The account of its own has as many rules as it may; the others share the template's.
        let most = if place == 1 { size.rules } else { size.rules / 4 + 1 };
        let count = if place == 1 { size.least } else { 1 }
            + maker.chance.below(most.max(size.least) - size.least.min(most) + 1);
        Account { head, rules: (0..count).map(|_| maker.rule(place == 0, true)).collect() }
    });
    let accounts = accounts.collect();
    let forbids = (0..maker.chance.below(4)).map(|_| maker.rule(false, false)).collect();
    let Maker { callers, commands, .. } = maker;
    Estate { repositories, callers, commands, accounts, forbids }
}

fn repository(chance: &mut Chance, name: &'static str, remotes: &[&str]) -> Repository {
    let list = (name != "tools" && !chance.once_in(6)).then(|| refs::list(chance, false));
    let remotes: Vec<String> = remotes.iter().map(|remote| json(remote)).collect();
    let protected = list.as_ref().map(|list| format!("  protected = {}\n", list.text)).unwrap_or_default();
    let text = format!("repository \"{name}\" {{\n  remotes = [{}]\n{protected}}}\n", remotes.join(", "));
    Repository { text, protected: list.map(|list| list.hits).unwrap_or_default() }
}

/// Names among the declared ones: as they stand in a rule, and the places of those that are meant, mostly.
fn names(chance: &mut Chance, declared: &[&str]) -> (String, Vec<usize>) {
    let any = chance.once_in(4);
    let first = chance.below(declared.len());
    let mut included = vec![first];
    included.extend(chance.some(2, |chance| chance.below(declared.len())));
    let wildcard = |chance: &mut Chance, place: usize| {
        let name = declared[place];
        match chance.below(5) {
            0 => format!("{}*", &name[..1]),
            1 => format!("{}?", &name[..name.len() - 1]),
            _ => name.to_owned(),
        }
    };
    let mut members: Vec<String> = if any {
        vec!["any()".to_owned()]
    } else {
        let written = included.iter().skip(1).map(|place| json(&wildcard(chance, *place)));
        let written: Vec<String> = written.collect();
        [json(declared[first])].into_iter().chain(written).collect()
    };
    members.dedup();
    if any {
        included = (0..declared.len()).collect();
    }
    for _ in 0..chance.below(3) {
        let place = chance.below(declared.len());
        // What is named outright stays.
        if place != first {
            members.push(format!("!{}", json(declared[place])));
            included.retain(|other| *other != place);
        }
    }
    (format!("[{}]", members.join(", ")), included)
}

impl Maker<'_> {
    fn rule(&mut self, in_template: bool, may_permit: bool) -> Rule {
        self.number += 1;
        let permit = may_permit && !self.chance.once_in(self.size.forbids);
        let kind = if permit { "permit" } else { "forbid" };
        let name = format!("{}{}", self.chance.pick(&["a ", "b", "C-", "\u{e9} ", "z/"]), self.number);
        let mut lines = vec![format!("  {kind} {} {{\n", json(&name))];
        let mut rule = Rule {
            text: String::new(),
            callers: (0..self.callers.len()).collect(),
            repositories: (0..REPOSITORIES.len()).collect(),
            refs: Vec::new(),
            paths: Vec::new(),
            commands: (0..self.commands.len()).collect(),
            arguments: Vec::new(),
            proved: Vec::new(),
        };
        // E4: what a forbid leaves out means anything; paths stay, so that not all is forbidden.
        let says = |maker: &mut Self| permit || maker.chance.once_in(2);
        if says(self) {
            let declared: Vec<&str> = self.callers.iter().map(|caller| &*caller.name).collect();
            let (list, callers) = names(self.chance, &declared);
            lines.push(format!("    callers = {list}\n"));
            rule.callers = callers;
        }
        if says(self) {
            // The last one is seldom selected.
            let declared: Vec<&str> = REPOSITORIES[..4].iter().map(|(name, _)| *name).collect();
            let (list, repositories) = names(self.chance, &declared);
            lines.push(format!("    repositories = {list}\n"));
            rule.repositories = repositories;
        }
        if says(self) {
            let list = if self.chance.once_in(self.size.own) {
                refs::list(self.chance, true)
            } else {
                self.chance.pick(&self.refs).clone()
            };
            lines.push(format!("    refs = {}\n", list.text));
            rule.refs = list.hits;
        }
        self.paths(&mut rule, &mut lines, in_template);
        let written = if says(self) { self.commands(&mut rule, &mut lines) } else { String::new() };
        self.arguments(&mut rule, &mut lines);
        if permit && self.chance.once_in(3) {
            let planned = ["effect(\"write\")", "any()", "[\"apply\"]", "[\"copy\", \"apply\"]"].contains(&&*written);
            let Required { text: require, refs } = required(self.chance, &self.callers, planned);
            lines.push(require);
            rule.proved = refs;
        }
        lines.push("  }\n".to_owned());
        Rule { text: lines.concat(), ..rule }
    }

    fn paths(&mut self, rule: &mut Rule, lines: &mut Vec<String>, in_template: bool) {
        let list = if self.chance.once_in(self.size.own) {
            patterns::list(self.chance, &PATHS)
        } else {
            self.chance.pick(&self.paths).clone()
        };
        rule.paths = list.hits;
        if in_template && self.chance.once_in(2) {
            lines.push(format!(
                "    paths = concat([\"${{account.name}}/**\", \"x-${{account.id}}\"], {})\n",
                list.text
            ));
            rule.paths.extend(["prod-eu/app", "eu/app", "prod/app", "x-333333333333"].map(str::to_owned));
        } else {
            lines.push(format!("    paths = {}\n", list.text));
        }
    }

    fn commands(&mut self, rule: &mut Rule, lines: &mut Vec<String>) -> String {
        let declared: Vec<&str> = self.commands.iter().map(|command| command.name).collect();
        let (list, commands) = match self.chance.below(6) {
            0 => ("effect(\"write\")".to_owned(), vec![1, 2, 3]),
            1 => ("any()".to_owned(), (0..declared.len()).collect()),
            2 => ("[\"apply\"]".to_owned(), vec![1]),
            3 => ("[\"copy\", \"apply\"]".to_owned(), vec![3, 1]),
            _ => names(self.chance, &declared),
        };
        lines.push(format!("    commands = {list}\n"));
        rule.commands = commands;
        list
    }

    /// A4: only what one of the rule's commands takes can be named. Here that is one which is named outright.
    fn arguments(&mut self, rule: &mut Rule, lines: &mut Vec<String>) {
        if !self.chance.once_in(2) {
            return;
        }
        let outright = self.commands.get(rule.commands[0]);
        let takes: Vec<&Taken> = outright.into_iter().flat_map(|command| &command.takes).collect();
        let mut entries = Vec::new();
        for taken in takes {
            if self.chance.once_in(2) {
                continue;
            }
            // Both spellings of one option may be named: then both hold.
            let names: Vec<&str> = match taken.spellings {
                [] => vec!["positional"],
                [one] => vec![one],
                spellings if self.chance.once_in(3) => spellings.to_vec(),
                spellings => vec![*self.chance.pick(spellings)],
            };
            for name in names {
                let own = self.chance.once_in(self.size.own);
                let list =
                    if own { patterns::list(self.chance, &VALUES) } else { self.chance.pick(&self.values).clone() };
                entries.push(format!("      {} = {}\n", json(name), list.text));
                rule.arguments.push((name.to_owned(), list.hits));
            }
        }
        if !entries.is_empty() {
            lines.push(format!("    arguments = {{\n{}    }}\n", entries.concat()));
        }
    }
}

/// The blocks of an estate, apart so that some can be left out.
#[derive(Clone)]
pub(crate) struct Written {
    /// What is declared for all.
    pub(crate) declared: Vec<String>,
    /// For each account or template how it begins, and its rules.
    pub(crate) accounts: Vec<(String, Vec<String>)>,
    pub(crate) forbids: Vec<String>,
}

impl Written {
    pub(crate) fn new(estate: &Estate) -> Self {
        let blocks = estate.repositories.iter().map(|repository| &repository.text);
        let blocks = blocks.chain(estate.callers.iter().map(|caller| &caller.text));
        let blocks = blocks.chain(estate.commands.iter().map(|command| &command.text)).cloned();
        let texts = |rules: &[Rule]| rules.iter().map(|rule| rule.text.clone()).collect();
        Self {
            declared: [RUNNERS.to_owned()].into_iter().chain(blocks).collect(),
            accounts: estate.accounts.iter().map(|account| (account.head.clone(), texts(&account.rules))).collect(),
            forbids: texts(&estate.forbids),
        }
    }

    /// The text of each block, in order.
    pub(crate) fn blocks(&self) -> Vec<String> {
        let accounts = self.accounts.iter().map(|(head, rules)| format!("{head}{}}}\n", rules.concat()));
        self.declared.iter().cloned().chain(accounts).chain(self.forbids.iter().cloned()).collect()
    }

    /// All of it as one file.
    pub(crate) fn text(&self) -> String {
        self.blocks().concat()
    }
}

/// Identities for each caller, some for all.
pub(crate) fn people(chance: &mut Chance, estate: &Estate, each: usize) -> Vec<Vec<Asking>> {
    let of_caller = |caller: &Caller| (0..each).filter_map(|_| caller.identity(chance)).collect();
    estate.callers.iter().map(of_caller).collect()
}
