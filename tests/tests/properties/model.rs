//! The model of an estate: what the random estates are before they are written as HCL.

use crate::glob::Glob;

/// What separates in each kind of text (P2).
pub(crate) const SLASH: &str = "/";
pub(crate) const IDENTITY: &str = "/:";

/// How a pattern is written; all but `Exact` and `Any` are the pattern itself.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Spelling {
    Plain,
    Glob,
    Regex,
}

/// A pattern of plain texts.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Pattern {
    Any,
    Exact(String),
    Of(Glob, Spelling),
}

/// A pattern of refs (P6).
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum RefPattern {
    Any,
    Branch(Pattern),
    Tag(Pattern),
    Commit,
    PullRequest,
    Protected,
    /// A pattern of the whole ref.
    Whole(Pattern),
}

/// P1: the positive members and those written with `!`.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct List<T> {
    pub(crate) include: Vec<T>,
    pub(crate) exclude: Vec<T>,
}

/// Names of declared things (P7); `*` and `?` in them are wildcards.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Names {
    pub(crate) any: bool,
    pub(crate) list: List<String>,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Repository {
    pub(crate) name: String,
    pub(crate) remotes: Vec<String>,
    pub(crate) protected: Vec<RefPattern>,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum CallerKind {
    Principals { principals: List<Pattern>, sessions: Option<List<Pattern>> },
    Tokens { issuer: String, claims: Vec<(String, List<Pattern>)> },
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Caller {
    pub(crate) name: String,
    pub(crate) kind: CallerKind,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Opt {
    pub(crate) name: String,
    /// None for a flag.
    pub(crate) values: Option<List<Pattern>>,
    pub(crate) path: bool,
    pub(crate) repeat: bool,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Positional {
    pub(crate) values: List<Pattern>,
    pub(crate) min: usize,
    pub(crate) max: usize,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Command {
    pub(crate) name: String,
    /// A verb of the runtime, which has nothing of what follows.
    pub(crate) verb: bool,
    pub(crate) write: bool,
    /// Whether it applies a plan of the first command.
    pub(crate) plan: bool,
    pub(crate) options: Vec<Opt>,
    pub(crate) positional: Option<Positional>,
}

/// What `commands` of a rule says.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Commands {
    Names(Names),
    /// `effect("write")` or `effect("read")`.
    Effect {
        write: bool,
    },
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Window {
    pub(crate) days: Vec<&'static str>,
    pub(crate) from: usize,
    pub(crate) to: usize,
    pub(crate) zone: &'static str,
}

#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Requirements {
    pub(crate) commit_on: Option<List<RefPattern>>,
    pub(crate) commit_is_tip_of: Option<List<RefPattern>>,
    pub(crate) planned: bool,
    /// Name and greatest number of a count of the plan.
    pub(crate) plan: Vec<(&'static str, u64)>,
    pub(crate) types: Option<List<Pattern>>,
    pub(crate) no_rollback: bool,
    pub(crate) windows: Vec<Window>,
    pub(crate) not_after: Option<&'static str>,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Rule {
    pub(crate) name: String,
    pub(crate) permit: bool,
    pub(crate) callers: Option<Names>,
    pub(crate) repositories: Option<Names>,
    pub(crate) refs: Option<List<RefPattern>>,
    pub(crate) paths: Option<List<Pattern>>,
    /// A path that begins with the account's name, beside `paths`.
    pub(crate) own_path: bool,
    pub(crate) commands: Option<Commands>,
    pub(crate) arguments: Vec<(String, List<Pattern>)>,
    pub(crate) require: Option<Requirements>,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Template {
    pub(crate) name: String,
    pub(crate) extends: Vec<String>,
    pub(crate) rules: Vec<Rule>,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Account {
    pub(crate) name: String,
    pub(crate) id: String,
    pub(crate) extends: Vec<String>,
    pub(crate) rules: Vec<Rule>,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Estate {
    pub(crate) repositories: Vec<Repository>,
    pub(crate) callers: Vec<Caller>,
    pub(crate) commands: Vec<Command>,
    pub(crate) templates: Vec<Template>,
    pub(crate) accounts: Vec<Account>,
    pub(crate) forbids: Vec<Rule>,
}

impl Estate {
    /// N1, N3: the rules that apply to an account, each once, by name.
    pub(crate) fn rules<'a>(&'a self, account: &'a Account) -> Vec<&'a Rule> {
        let mut templates: Vec<&Template> = Vec::new();
        let mut waiting: Vec<&String> = account.extends.iter().collect();
        while let Some(name) = waiting.pop() {
            let template = self.templates.iter().find(|template| template.name == *name).expect("a declared template");
            if !templates.iter().any(|known| known.name == *name) {
                templates.push(template);
                waiting.extend(&template.extends);
            }
        }
        let inherited = templates.into_iter().flat_map(|template| &template.rules);
        let mut rules: Vec<&Rule> = account.rules.iter().chain(inherited).chain(&self.forbids).collect();
        rules.sort_by(|left, right| left.name.cmp(&right.name));
        rules
    }

    /// Every rule that is written anywhere.
    pub(crate) fn all_rules(&mut self) -> Vec<&mut Rule> {
        let templates = self.templates.iter_mut().flat_map(|template| &mut template.rules);
        let accounts = self.accounts.iter_mut().flat_map(|account| &mut account.rules);
        templates.chain(accounts).chain(&mut self.forbids).collect()
    }
}
