//! Commands and the runners that execute them.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::account::Repository;
use super::lists::PatternList;

/// A named command.
#[derive(Debug)]
pub struct Command {
    /// The name.
    pub name: Arc<str>,
    /// What it does.
    pub action: Action,
}

impl Command {
    /// What a runner executes, unless the command is a verb of the runtime.
    pub fn tool(&self) -> Option<&Tool> {
        match &self.action {
            Action::Tool(tool) => Some(tool),
            Action::Verb(_) => None,
        }
    }
}

/// What a command does.
#[derive(Debug)]
pub enum Action {
    /// A verb of the runtime.
    Verb(Verb),
    /// A program in a runner.
    Tool(Box<Tool>),
}

/// A verb of the runtime.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verb {
    /// `status`
    Status,
    /// `logs`
    Logs,
    /// `plan-show`
    PlanShow,
    /// `cancel`
    Cancel,
    /// `unlock`
    Unlock,
    /// `approve`
    Approve,
    /// `describe`
    Describe,
    /// `high-water-reset`
    HighWaterReset,
}

impl Verb {
    /// Every verb.
    pub const ALL: [Self; 8] = [
        Self::Status,
        Self::Logs,
        Self::PlanShow,
        Self::Cancel,
        Self::Unlock,
        Self::Approve,
        Self::Describe,
        Self::HighWaterReset,
    ];

    /// The word for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Status => "status",
            Self::Logs => "logs",
            Self::PlanShow => "plan-show",
            Self::Cancel => "cancel",
            Self::Unlock => "unlock",
            Self::Approve => "approve",
            Self::Describe => "describe",
            Self::HighWaterReset => "high-water-reset",
        }
    }
}

/// Whether a command changes anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CommandEffect {
    /// It only reads.
    Read,
    /// It writes.
    Write,
}

impl CommandEffect {
    /// The word for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Write => "write",
        }
    }
}

/// Whether `-x` and `--x` are one name (A1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dashes {
    /// They are.
    Either,
    /// They are not.
    Exact,
}

impl Dashes {
    /// A1: whether the names of two options or flags are one name.
    pub fn same(self, left: &str, right: &str) -> bool {
        match self {
            Self::Exact => left == right,
            Self::Either => undashed(left) == undashed(right),
        }
    }

    /// The word for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Either => "either",
            Self::Exact => "exact",
        }
    }
}

/// A name without one or two leading dashes.
fn undashed(name: &str) -> &str {
    name.strip_prefix("--").or_else(|| name.strip_prefix('-')).unwrap_or(name)
}

/// What a runner executes for a command.
#[derive(Debug)]
pub struct Tool {
    /// Who executes it.
    pub runner: Arc<Runner>,
    /// The beginning of the argument vector: one or more items.
    pub program: Vec<Arc<str>>,
    /// Whether it changes anything.
    pub effect: CommandEffect,
    /// The command whose saved plan this one applies. Of an imported command it may not exist (N6).
    pub plan: Option<Arc<str>>,
    /// Items that always follow the options.
    pub always: Vec<Arc<str>>,
    /// Items that always come last.
    pub trailing: Vec<Arc<str>>,
    /// Variables, beside the runner's.
    pub environment: BTreeMap<Arc<str>, Arc<str>>,
    /// Whether `-x` and `--x` are one name.
    pub dashes: Dashes,
    /// The exit codes that mean success; sorted, each once.
    pub success_exit_codes: Vec<u8>,
    /// How long a job waits for its lock, in seconds.
    pub lock_wait: u32,
    /// How long a cancelled job may take to end, in seconds.
    pub cancel_grace: u32,
    /// The options and flags, by the bytes of their names; no two are one name by A1.
    pub options: Vec<OptionSpecification>,
    /// What arguments without a leading dash may be, if there may be any.
    pub positional: Option<Positional>,
}

impl Tool {
    /// The option or flag that `name` means (A1).
    pub fn option(&self, name: &str) -> Option<&OptionSpecification> {
        self.options.iter().find(|option| self.dashes.same(&option.name, name))
    }

    /// A5: whether values of an option, or positional arguments, are secret.
    pub fn takes_secrets(&self) -> bool {
        self.options.iter().any(|option| option.secret) || self.positional.as_ref().is_some_and(|all| all.secret)
    }

    /// A2: whether `name` is that of an item which the command passes itself.
    pub fn passes_itself(&self, name: &str) -> bool {
        let fixed = self.program.iter().chain(&self.always).chain(&self.trailing);
        fixed.filter_map(|item| option_name(item)).any(|fixed| self.dashes.same(fixed, name))
    }
}

/// The name of an item with a leading dash: what stands before the first `=` (A1).
pub(crate) fn option_name(item: &str) -> Option<&str> {
    item.starts_with('-').then(|| item.split('=').next().unwrap_or(item))
}

/// An option, or a flag, which takes no value.
#[derive(Debug)]
#[expect(clippy::struct_excessive_bools, reason = "they are the attributes of the block, each by itself")]
pub struct OptionSpecification {
    /// The name in the spelling in which it is passed on.
    pub name: Arc<str>,
    /// What it may be given; none for a flag.
    pub values: Option<PatternList>,
    /// What the value is.
    pub kind: ValueKind,
    /// Whether it may occur more than once.
    pub repeat: bool,
    /// Whether name and value are two items for the program.
    pub separate: bool,
    /// Whether values are kept out of records.
    pub secret: bool,
    /// Whether it must be given (A1); never of a flag.
    pub required: bool,
}

/// What a value is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ValueKind {
    /// Any text.
    Text,
    /// A path inside the repository, which keeps C3.
    Path,
}

impl ValueKind {
    /// The word for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Path => "path",
        }
    }
}

/// What arguments without a leading dash may be.
#[derive(Debug)]
pub struct Positional {
    /// What each may be.
    pub values: PatternList,
    /// What they are.
    pub kind: ValueKind,
    /// How many there must be.
    pub min: u16,
    /// How many there may be.
    pub max: u16,
    /// Whether they are kept out of records.
    pub secret: bool,
}

/// The program that executes inside the task: image, role, secrets, size.
#[derive(Debug)]
pub struct Runner {
    /// The name.
    pub name: Arc<str>,
    /// The container image.
    pub image: Arc<str>,
    /// The role that the tool gets.
    pub role: Arc<str>,
    /// Variables of the tool.
    pub environment: BTreeMap<Arc<str>, Arc<str>>,
    /// CPU units.
    pub cpu: Option<u32>,
    /// Memory in MiB.
    pub memory: Option<u32>,
    /// The most CPU units that a job may ask for.
    pub max_cpu: Option<u32>,
    /// The most memory in MiB that a job may ask for.
    pub max_memory: Option<u32>,
    /// Storage in GiB.
    pub storage: Option<u32>,
    /// Where tasks run.
    pub platform: Platform,
    /// The versions of tools that the image has.
    pub tools: BTreeMap<Arc<str>, Vec<Arc<str>>>,
    /// The repositories that its tools may read beside the one that is deployed, by the bytes of their names.
    pub modules: Vec<Arc<Repository>>,
    /// Whether submodules are fetched.
    pub submodules: bool,
    /// How long a job may take, in seconds.
    pub max_duration: u32,
    /// The secrets, by the bytes of their names.
    pub secrets: Vec<Secret>,
}

/// Where tasks run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Platform {
    /// AWS Fargate.
    Fargate,
    /// EC2 instances of the cluster.
    Ec2,
}

impl Platform {
    /// The word for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Fargate => "fargate",
            Self::Ec2 => "ec2",
        }
    }
}

/// A secret of a runner. Holds where the value is, never the value.
#[derive(Debug)]
pub struct Secret {
    /// The name; for the tool, of the variable.
    pub name: Arc<str>,
    /// Where the value is kept.
    pub arn: Arc<str>,
    /// Who gets it.
    pub audience: SecretAudience,
}

/// Who gets a secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SecretAudience {
    /// The runner, which keeps it from the tool.
    Runner,
    /// The tool, in its environment.
    Tool,
}

impl SecretAudience {
    /// The word for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Runner => "runner",
            Self::Tool => "tool",
        }
    }
}
