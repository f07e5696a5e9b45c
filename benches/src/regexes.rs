//! What people write by hand: five regular expressions for each rule, tried one rule after the other.

use regex::Regex;

use crate::policy::{DESTROY, FOLDER, OPERATOR, PROTECTED, Question, ROLE, Rule, SUSPENDED};

/// What the tables call it.
pub const NAME: &str = "regex 1.13.1, five for each rule";

pub struct Regexes {
    forbids: [Forbid; 3],
    permits: Vec<Permit>,
}

/// A part of a question, and the expression that forbids it.
struct Forbid {
    part: fn(&Question) -> &str,
    pattern: Regex,
}

struct Permit {
    path: Regex,
    reference: Regex,
    command: Regex,
    repository: Regex,
    caller: Regex,
}

impl Regexes {
    pub fn new(rules: &[Rule]) -> Self {
        let forbids = [
            Forbid { part: |question| &question.path, pattern: regex(&format!("(^|/){FOLDER}")) },
            Forbid { part: |question| &question.command, pattern: regex(&format!("^{DESTROY}$")) },
            Forbid { part: |question| &question.caller, pattern: regex(&format!("^{ROLE}.*{SUSPENDED}$")) },
        ];
        Self { forbids, permits: rules.iter().map(Permit::new).collect() }
    }

    pub fn permits(&self, question: &Question) -> bool {
        let forbidden = self.forbids.iter().any(|forbid| forbid.pattern.is_match((forbid.part)(question)));
        !forbidden && self.permits.iter().any(|permit| permit.matches(question))
    }
}

impl Permit {
    fn new(rule: &Rule) -> Self {
        Self {
            path: regex(&format!("^{}/", rule.team())),
            reference: match rule.branches() {
                Some(branches) => regex(&format!("^{branches}")),
                None => regex(&format!("^{PROTECTED}$")),
            },
            command: regex(&format!("^({})$", rule.commands().join("|"))),
            repository: regex(&format!("^{}$", regex::escape(&rule.repository()))),
            caller: regex(&format!("^{ROLE}({}|{OPERATOR})", rule.role())),
        }
    }

    /// The path first: in all rules but one it is what fails.
    fn matches(&self, question: &Question) -> bool {
        self.path.is_match(&question.path)
            && self.reference.is_match(&question.reference)
            && self.command.is_match(&question.command)
            && self.repository.is_match(&question.repository)
            && self.caller.is_match(&question.caller)
    }
}

fn regex(pattern: &str) -> Regex {
    Regex::new(pattern).expect("the pattern is a regular expression")
}
