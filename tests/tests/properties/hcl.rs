//! Writes the model as HCL, in many ways that all mean the same: order, lines, comments, spellings of texts and lists.

use crate::choices::Choices;
use crate::model::{
    CallerKind, Command, Commands, Estate, IDENTITY, List, Names, Pattern, RefPattern, Requirements, Rule, Spelling,
    Window,
};

/// Writes one estate; what is a matter of taste is chosen.
pub(crate) struct Writer<'c, 'n> {
    pub(crate) taste: &'c mut Choices<'n>,
}

/// A block: its header, and attributes and blocks in any order.
struct Block {
    header: String,
    parts: Vec<String>,
}

impl Writer<'_, '_> {
    /// The files of the estate, by name.
    pub(crate) fn files(&mut self, estate: &Estate) -> Vec<(String, String)> {
        let blocks = self.blocks(estate);
        let blocks = self.taste.shuffled(blocks);
        let count = 1 + self.taste.below(3);
        let mut files: Vec<(String, String)> = (0..count)
            .map(|number| {
                (
                    self.taste.pick(&["estate", "accounts/x", "z"]).to_owned() + &number.to_string() + ".hcl",
                    String::new(),
                )
            })
            .collect();
        for block in blocks {
            let file = self.taste.below(count);
            files[file].1 += &block;
            files[file].1 += self.taste.pick(&["\n", "\n\n", "\n# a note\n", "\n/* a note\n of lines */\n"]);
        }
        files
    }

    fn blocks(&mut self, estate: &Estate) -> Vec<String> {
        let mut blocks = vec![
            "runner \"planner\" {\n  image = \"planner:1\"\n  role = \"planner\"\n}".to_owned(),
            "runner \"applier\" {\n  image = \"applier:1\"\n  role = \"applier\"\n}".to_owned(),
        ];
        for repository in &estate.repositories {
            let remotes = repository.remotes.iter().map(|remote| text(remote)).collect();
            let mut parts = vec![format!("remotes = {}", self.list(remotes))];
            if !repository.protected.is_empty() || self.taste.chance(2) {
                let protected = repository.protected.iter().map(ref_pattern).collect();
                parts.push(format!("protected = {}", self.list(protected)));
            }
            blocks.push(self.block(format!("repository {}", text(&repository.name)), parts));
        }
        for caller in &estate.callers {
            let parts = self.caller(&caller.kind);
            blocks.push(self.block(format!("caller {}", text(&caller.name)), parts));
        }
        for command in &estate.commands {
            let parts = self.command(command);
            blocks.push(self.block(format!("command {}", text(&command.name)), parts));
        }
        for template in &estate.templates {
            let parts = self.rules(&template.extends, &template.rules, vec![]);
            blocks.push(self.block(format!("template {}", text(&template.name)), parts));
        }
        for account in &estate.accounts {
            let parts = self.rules(&account.extends, &account.rules, vec![format!("id = {}", text(&account.id))]);
            blocks.push(self.block(format!("account {}", text(&account.name)), parts));
        }
        for forbid in &estate.forbids {
            let block = self.rule(forbid);
            blocks.push(block);
        }
        blocks
    }

    fn block(&mut self, header: String, parts: Vec<String>) -> String {
        let block = Block { header, parts: self.taste.shuffled(parts) };
        let end = self.taste.pick(&["\n", "\n", " # why\n", " // why\n", "\n\n"]);
        let described = if self.taste.chance(6) { "  description = \"for people\"\n" } else { "" };
        let parts: Vec<String> = block.parts.iter().map(|part| format!("  {part}{end}")).collect();
        format!("{} {{\n{described}{}}}", block.header, parts.concat())
    }

    fn list(&mut self, members: Vec<String>) -> String {
        let members = self.taste.shuffled(members);
        match self.taste.below(4) {
            0 | 1 => format!("[{}]", members.join(", ")),
            2 if !members.is_empty() => format!("[\n    {},\n  ]", members.join(",\n    ")),
            _ => format!("concat([{}], [])", members.join(",")),
        }
    }

    fn patterns(&mut self, list: &List<Pattern>) -> String {
        let include = list.include.iter().map(pattern);
        let members = include.chain(list.exclude.iter().map(|member| format!("!{}", pattern(member))));
        let members = members.collect();
        self.list(members)
    }

    fn refs(&mut self, list: &List<RefPattern>) -> String {
        let include = list.include.iter().map(ref_pattern);
        let members: Vec<String> =
            include.chain(list.exclude.iter().map(|member| format!("!{}", ref_pattern(member)))).collect();
        match members.as_slice() {
            [one] if one.ends_with(')') && !one.starts_with('!') && self.taste.chance(2) => one.clone(),
            _ => self.list(members),
        }
    }

    fn names(&mut self, names: &Names) -> String {
        let any = names.any.then(|| "any()".to_owned());
        let include = names.list.include.iter().map(|name| text(name));
        let exclude = names.list.exclude.iter().map(|name| format!("!{}", text(name)));
        let members = any.into_iter().chain(include).chain(exclude).collect();
        self.list(members)
    }

    fn caller(&mut self, kind: &CallerKind) -> Vec<String> {
        match kind {
            CallerKind::Principals { principals, sessions } => {
                let mut parts = vec![format!("principals = {}", self.patterns(principals))];
                parts.extend(sessions.as_ref().map(|sessions| format!("sessions = {}", self.patterns(sessions))));
                parts
            }
            CallerKind::Tokens { issuer, claims } => {
                let claims: Vec<String> =
                    claims.iter().map(|(name, list)| format!("    {name} = {}\n", self.patterns(list))).collect();
                vec![
                    format!("issuer = {}", text(issuer)),
                    format!("claims = {{\n{}  }}", self.taste.shuffled(claims).concat()),
                ]
            }
        }
    }

    fn command(&mut self, command: &Command) -> Vec<String> {
        if command.verb {
            return vec![format!("verb = {}", text(&command.name))];
        }
        let (effect, runner) = if command.write { ("write", "applier") } else { ("read", "planner") };
        let mut parts = vec![
            format!("runner = \"{runner}\""),
            format!("effect = \"{effect}\""),
            format!("program = [\"tool\", {}]", text(&command.name)),
        ];
        parts.extend(command.plan.then(|| "plan = \"plan\"".to_owned()));
        for option in &command.options {
            let (kind, mut inner) = match &option.values {
                Some(values) => ("option", vec![format!("values = {}", self.patterns(values))]),
                None => ("flag", vec![]),
            };
            inner.extend(option.path.then(|| "kind = \"path\"".to_owned()));
            inner.extend(option.repeat.then(|| "repeat = true".to_owned()));
            parts.push(self.block(format!("{kind} {}", text(&option.name)), inner));
        }
        if let Some(positional) = &command.positional {
            let values = format!("values = {}", self.patterns(&positional.values));
            let bounds = [format!("min = {}", positional.min), format!("max = {}", positional.max)];
            parts.push(self.block("positional".to_owned(), [values].into_iter().chain(bounds).collect()));
        }
        parts
    }

    fn rules(&mut self, extends: &[String], rules: &[Rule], mut parts: Vec<String>) -> Vec<String> {
        if !extends.is_empty() {
            let names = extends.iter().map(|name| text(name)).collect();
            parts.push(format!("extends = {}", self.list(names)));
        }
        parts.extend(rules.iter().map(|rule| self.rule(rule)).collect::<Vec<_>>());
        parts
    }

    fn rule(&mut self, rule: &Rule) -> String {
        let mut parts = Vec::new();
        parts.extend(rule.callers.as_ref().map(|names| format!("callers = {}", self.names(names))));
        parts.extend(rule.repositories.as_ref().map(|names| format!("repositories = {}", self.names(names))));
        parts.extend(rule.refs.as_ref().map(|list| format!("refs = {}", self.refs(list))));
        if let Some(paths) = &rule.paths {
            let paths = self.patterns(paths);
            let own = if rule.own_path { "concat([\"${account.name}/**\"], " } else { "" };
            parts.push(format!("paths = {own}{paths}{}", if rule.own_path { ")" } else { "" }));
        }
        parts.extend(rule.commands.as_ref().map(|commands| match commands {
            Commands::Names(names) => format!("commands = {}", self.names(names)),
            Commands::Effect { write: true } => "commands = effect(\"write\")".to_owned(),
            Commands::Effect { write: false } => "commands = [effect(\"read\")]".to_owned(),
        }));
        if !rule.arguments.is_empty() {
            let entry =
                |(name, list): &(String, List<Pattern>)| format!("    {} = {}\n", text(name), self.patterns(list));
            let entries: String = rule.arguments.iter().map(entry).collect();
            parts.push(format!("arguments = {{\n{entries}  }}"));
        }
        if let Some(require) = &rule.require {
            let require = self.requirements(require);
            parts.push(self.block("require".to_owned(), require));
        }
        let kind = if rule.permit { "permit" } else { "forbid" };
        self.block(format!("{kind} {}", text(&rule.name)), parts)
    }

    fn requirements(&mut self, require: &Requirements) -> Vec<String> {
        let mut parts = Vec::new();
        parts.extend(require.commit_on.as_ref().map(|list| format!("commit_on = {}", self.refs(list))));
        parts.extend(require.commit_is_tip_of.as_ref().map(|list| format!("commit_is_tip_of = {}", self.refs(list))));
        parts.extend(require.planned.then(|| "planned = true".to_owned()));
        let mut plan: Vec<String> = require.plan.iter().map(|(name, most)| format!("{name} = {most}")).collect();
        plan.extend(require.types.as_ref().map(|types| format!("types = {}", self.patterns(types))));
        if !plan.is_empty() {
            parts.push(format!("plan = {{ {} }}", self.taste.shuffled(plan).join(", ")));
        }
        parts.extend(require.no_rollback.then(|| "no_rollback = true".to_owned()));
        if !require.windows.is_empty() {
            let windows = require.windows.iter().map(window).collect();
            parts.push(format!("window = {}", self.list(windows)));
        }
        parts.extend(require.not_after.map(|time| format!("not_after = \"{time}\"")));
        parts
    }
}

fn window(window: &Window) -> String {
    let clock = |minute: usize| format!("\"{:02}:{:02}\"", minute / 60, minute % 60);
    let days: Vec<String> = window.days.iter().map(|day| text(day)).collect();
    let (from, to) = (clock(window.from), clock(window.to));
    format!("{{ days = [{}], from = {from}, to = {to}, zone = {} }}", days.join(", "), text(window.zone))
}

/// A text between quotation marks.
fn text(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"").replace("${", "$${").replace("%{", "%%{"))
}

fn pattern(pattern: &Pattern) -> String {
    match pattern {
        Pattern::Any => "any()".to_owned(),
        Pattern::Exact(exact) => format!("exact({})", text(exact)),
        Pattern::Of(glob, Spelling::Plain) => text(&glob.as_glob()),
        Pattern::Of(glob, Spelling::Glob) => format!("glob({})", text(&glob.as_glob())),
        Pattern::Of(glob, Spelling::Regex) => format!("regex({})", text(&glob.as_regex(IDENTITY))),
    }
}

fn ref_pattern(found: &RefPattern) -> String {
    match found {
        RefPattern::Any => "any()".to_owned(),
        RefPattern::Branch(inner) => format!("branch({})", pattern(inner)),
        RefPattern::Tag(inner) => format!("tag({})", pattern(inner)),
        RefPattern::Commit => "commit()".to_owned(),
        RefPattern::PullRequest => "pull_request()".to_owned(),
        RefPattern::Protected => "protected()".to_owned(),
        RefPattern::Whole(inner) => pattern(inner),
    }
}
