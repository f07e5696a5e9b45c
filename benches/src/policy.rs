//! One policy of any number of rules, from which every engine's form of it is made, and the questions that are asked.
//!
//! Rule 17 permits some commands on `team-17/**` of one repository, to two callers, from the branches `release-17/**` or
//! from protected refs. Three rules forbid: a folder anywhere, a command, and a caller. The patterns are such that each
//! engine can say them with what it does best: prefixes, equality, one search for a text.

use policy_core::invocation::{Evidence, Invocation, RawCaller, RawInvocation};

/// The account that all rules belong to.
pub const ACCOUNT: &str = "prod";
/// How every role's ARN begins.
pub const ROLE: &str = "arn:aws:iam::111111111111:role/";
/// How the roles of operators go on.
pub const OPERATOR: &str = "operator-";
/// How the roles end that the third forbid is about.
pub const SUSPENDED: &str = "-old";
/// The folder that the first forbid is about.
pub const FOLDER: &str = "mgmt/";
/// The one protected ref.
pub const PROTECTED: &str = "refs/heads/main";
/// The command that the second forbid is about.
pub const DESTROY: &str = "terragrunt-destroy";
const PLAN: &str = "terragrunt-plan";
const APPLY: &str = "terragrunt-apply";
const PIPELINES: usize = 8;
const REPOSITORIES: usize = 4;

/// One permit rule.
pub struct Rule {
    pub number: usize,
}

impl Rule {
    /// How the refs that it permits begin, or none if it permits what is protected.
    pub fn branches(&self) -> Option<String> {
        (!self.number.is_multiple_of(3)).then(|| format!("refs/heads/release-{}/", self.number))
    }

    /// The first segment of the paths that it permits.
    pub fn team(&self) -> String {
        format!("team-{}", self.number)
    }

    /// The pipeline that may act, beside operators.
    pub fn pipeline(&self) -> usize {
        self.number % PIPELINES
    }

    /// How the role of its pipeline goes on after [`ROLE`].
    pub fn role(&self) -> String {
        format!("ci-{}-", self.pipeline())
    }

    /// The identity of its repository.
    pub fn repository(&self) -> String {
        repository(self.number)
    }

    pub fn commands(&self) -> &'static [&'static str] {
        match self.number % 4 {
            0 | 2 => &[PLAN],
            1 => &[PLAN, APPLY],
            _ => &[PLAN, APPLY, DESTROY],
        }
    }
}

fn repository(number: usize) -> String {
    format!("github.com/acme/live-{}", number % REPOSITORIES)
}

/// So many permit rules.
pub fn rules(number: usize) -> Vec<Rule> {
    (0..number).map(|number| Rule { number }).collect()
}

/// The policy as HCL.
pub fn hcl(rules: &[Rule]) -> Vec<(String, String)> {
    let mut text = String::from("policy {\n  language = 1\n  import   = [\"standard\"]\n}\n\n");
    for number in 0..REPOSITORIES {
        let remote = repository(number);
        text.push_str(&format!(
            "repository \"live-{number}\" {{\n  remotes   = [\"{remote}\"]\n  protected = [branch(\"main\")]\n}}\n\n"
        ));
    }
    let callers = (0..PIPELINES).map(|number| (format!("ci-{number}"), format!("ci-{number}-*")));
    let others = [("operators", format!("{OPERATOR}*")), ("suspended", format!("*{SUSPENDED}"))];
    for (name, roles) in callers.chain(others.map(|(name, roles)| (name.to_owned(), roles))) {
        text.push_str(&format!("caller \"{name}\" {{\n  principals = [\"{ROLE}{roles}\"]\n}}\n\n"));
    }
    for name in ["planner", "applier"] {
        text.push_str(&format!("runner \"{name}\" {{\n  image = \"runner:1\"\n  role  = \"{name}\"\n}}\n\n"));
    }
    text.push_str(&format!("account \"{ACCOUNT}\" {{\n  id = \"222222222222\"\n\n"));
    for rule in rules {
        let refs = match rule.branches() {
            Some(_) => format!("[branch(\"release-{}/**\")]", rule.number),
            None => "protected()".to_owned(),
        };
        text.push_str(&format!(
            "  permit \"rule {:04}\" {{\n    callers      = [\"ci-{}\", \"operators\"]\n    repositories = [\"live-{}\"]\n    \
             refs         = {refs}\n    paths        = [\"{}/**\"]\n    commands     = {:?}\n  }}\n\n",
            rule.number,
            rule.pipeline(),
            rule.number % REPOSITORIES,
            rule.team(),
            rule.commands(),
        ));
    }
    text.push_str(&format!("  forbid \"management by hand only\" {{\n    paths = [\"**/{FOLDER}**\"]\n  }}\n\n"));
    text.push_str(&format!("  forbid \"nothing is destroyed\" {{\n    commands = [\"{DESTROY}\"]\n  }}\n\n"));
    text.push_str("  forbid \"suspended roles\" {\n    callers = [\"suspended\"]\n  }\n}\n");
    vec![("estate.hcl".to_owned(), text)]
}

/// What is right to answer, and why.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expected {
    Permit,
    Forbid,
    NoPermit,
}

/// One question: its canonical parts, which every engine is given.
#[derive(Debug, Clone)]
pub struct Question {
    /// The number of the rule that it was made from, the only one whose paths can match.
    pub rule: usize,
    pub expected: Expected,
    pub caller: String,
    pub repository: String,
    pub reference: String,
    pub path: String,
    pub command: String,
}

impl Question {
    /// The parts by the names that policies of all engines use for them.
    pub fn parts(&self) -> [(&'static str, &str); 5] {
        [
            ("caller", &self.caller),
            ("repository", &self.repository),
            ("ref", &self.reference),
            ("path", &self.path),
            ("command", &self.command),
        ]
    }

    /// The same as a person or a pipeline would spell it: a session of the role, and the address that git shows.
    pub fn raw(&self) -> RawInvocation {
        let role = self.caller.strip_prefix(ROLE).expect("all callers are roles");
        RawInvocation {
            account: ACCOUNT.to_owned(),
            caller: RawCaller::Principal(format!("arn:aws:sts::111111111111:assumed-role/{role}/run-17")),
            repository: self.repository.replacen("github.com/", "git@github.com:", 1) + ".git",
            reference: self.reference.clone(),
            commit: None,
            path: self.path.clone(),
            command: self.command.clone(),
            arguments: Vec::new(),
            evidence: Evidence::default(),
        }
    }

    /// The same in canonical form.
    pub fn canonical(&self) -> Invocation {
        let invocation = Invocation::parse(&self.raw()).expect("the question is canonical");
        assert_eq!(invocation.repository().to_string(), self.repository);
        assert_eq!(invocation.path().to_string(), self.path);
        invocation
    }

    /// What [`raw`](Self::raw) is, as JSON.
    pub fn raw_json(&self) -> String {
        let raw = self.raw();
        let RawCaller::Principal(principal) = &raw.caller else { unreachable!("all callers are roles") };
        serde_json::json!({
            "account": raw.account, "caller": { "principal": principal }, "repository": raw.repository,
            "ref": raw.reference, "path": raw.path, "command": raw.command,
        })
        .to_string()
    }
}

/// At least 200 questions: of rules from the first to the last, what each permits, and what differs from that in one part.
pub fn questions(rules: &[Rule]) -> Vec<Question> {
    const RULES: usize = 16;
    let chosen = RULES.min(rules.len());
    let last = rules.len() - 1;
    (0..chosen).map(|index| &rules[index * last / (chosen - 1)]).flat_map(|rule| about(rule, rules.len())).collect()
}

/// The questions about one rule.
fn about(rule: &Rule, rules: usize) -> Vec<Question> {
    let team = rule.team();
    let permitted = Question {
        rule: rule.number,
        expected: Expected::Permit,
        caller: format!("{ROLE}{}main", rule.role()),
        repository: rule.repository(),
        reference: rule.branches().map_or(PROTECTED.to_owned(), |branches| branches + "2026-07"),
        path: format!("{team}/eu-west-1/app"),
        command: PLAN.to_owned(),
    };
    let like = |expected: Expected, change: &dyn Fn(&mut Question)| {
        let mut question = Question { expected, ..permitted.clone() };
        change(&mut question);
        question
    };
    let (yes, no, forbidden) = (Expected::Permit, Expected::NoPermit, Expected::Forbid);
    let caller = |expected, role: &str| like(expected, &|question| question.caller = format!("{ROLE}{role}"));
    let reference = |text: &str| like(no, &|question| question.reference = text.to_owned());
    let path = |expected, text: String| like(expected, &|question| question.path.clone_from(&text));
    let command = |expected, name: &str| like(expected, &|question| question.command = name.to_owned());
    let applies = if rule.commands().contains(&APPLY) { yes } else { no };
    let other = (rule.pipeline() + 1) % PIPELINES;
    vec![
        permitted.clone(),
        caller(yes, "operator-ana"),
        caller(no, &format!("ci-{other}-main")),
        caller(no, "developer"),
        caller(no, "ci-main"),
        caller(forbidden, &format!("{}main{SUSPENDED}", rule.role())),
        caller(forbidden, &format!("{OPERATOR}ana{SUSPENDED}")),
        like(no, &|question| question.repository = repository(rule.number + 1)),
        like(no, &|question| question.repository = "github.com/mallory/live-0".to_owned()),
        reference("refs/heads/feature"),
        reference(&format!("refs/tags/release-{}/2026-07", rule.number)),
        reference(&format!("refs/heads/release-{}", rule.number)),
        reference(&format!("refs/heads/release-{}/2026-07", rules + 1)),
        reference("0123456789abcdef0123456789abcdef01234567"),
        path(yes, format!("{team}/app")),
        path(yes, format!("{team}/eu-central-1/production/network/transit-gateway/attachments")),
        path(yes, format!("{team}/mgmt-tools/app")),
        path(no, team.clone()),
        path(no, format!("team-{}/eu-west-1/app", rules + 1)),
        path(no, format!("{team}0000/eu-west-1/app")),
        path(no, "somewhere/else".to_owned()),
        path(forbidden, format!("{team}/mgmt/deploy-runner")),
        path(forbidden, "mgmt/deploy-runner".to_owned()),
        command(applies, APPLY),
        command(forbidden, DESTROY),
        command(no, "terragrunt-validate"),
    ]
}
