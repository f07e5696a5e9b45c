//! What can be typed. What it means is decided by the commands, each in its own file.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::command::version::LONG_VERSION;
use crate::{diagnostics, terminal::ColorWhen};

/// Decides who may run which Terraform, OpenTofu or Terragrunt command, from where, on what, in which account.
#[derive(Debug, Parser)]
#[command(
    name = "portcullis",
    version = LONG_VERSION,
    arg_required_else_help = true,
    infer_long_args = false,
    disable_help_subcommand = true,
    after_help = "\
Begin:
  portcullis init                    write a first policy into policy/
  portcullis check policy            find every mistake in it
  portcullis decide --help           ask whether something may run
  portcullis compile policy -o FILE  compile it to a bundle

Exit codes: 0 good, 1 the answer is no, 2 usage, 3 input invalid or unreadable, 4 not decided, 70 internal."
)]
pub(crate) struct Arguments {
    /// When to use colour; `auto` is on a terminal, unless `NO_COLOR` is set.
    #[arg(long, value_enum, global = true, value_name = "WHEN", default_value_t, hide_possible_values = true)]
    pub(crate) color: ColorWhen,

    #[command(subcommand)]
    pub(crate) command: Command,
}

/// The commands. Those that have more to say about themselves have no comment here: clap would take it for all there is.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    #[command(about = "Find every mistake in a policy directory")]
    Check(Check),
    #[command(about = "Compile a policy directory to a bundle, and prove it")]
    Compile(Compile),
    /// Look into a bundle, or prove it again
    Bundle(Bundle),
    #[command(about = "Decide whether an invocation may run, and say why")]
    Decide(Box<Decide>),
    #[command(about = "Run the tests of a policy directory")]
    Test(Test),
    #[command(about = "Format policy files")]
    Fmt(Fmt),
    /// Explain the code of a diagnostic or the reason of a decision
    Explain(Explain),
    #[command(about = "Write a first policy, with comments, to begin from")]
    Init(Init),
    /// Print the JSON Schema of what goes in or comes out
    Schema(Schema),
    /// Print the standard commands that `import = ["standard"]` adds
    #[command(after_help = "Example:\n  portcullis standard | grep terragrunt")]
    Standard,
    /// Print a completion script for a shell
    Completions(Completions),
    /// Print a page of the manual, or write all of them
    Man(Man),
    /// Print the version of the program and of the policy language
    #[command(after_help = "Example:\n  portcullis version")]
    Version,
}

/// `check`.
#[derive(Debug, Args)]
#[command(
    long_about = "Find every mistake in a policy directory.\n\nReads all `*.hcl` files under it save `*.test.hcl` and \
                  names that begin with a dot. What it finds goes to stdout, a summary to stderr. Exit code 0 without \
                  errors (warnings are none), 3 with errors.",
    after_help = "Examples:\n  portcullis check policy\n  portcullis check policy --format sarif > portcullis.sarif"
)]
pub(crate) struct Check {
    /// The policy directory
    #[arg(value_name = "DIR")]
    pub(crate) directory: PathBuf,
    /// How to write what is found
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: diagnostics::Format,
}

/// `compile`.
#[derive(Debug, Args)]
#[command(
    long_about = "Compile a policy directory to a bundle, and prove it.\n\nA bundle is one file by which invocations are \
                  decided fast, without the policy directory. It is written only once every automaton and table in it is \
                  proved equal to the policy, whole or not at all. The same policy gives the same bytes on every machine. \
                  With `--format wasm` the bundle comes inside a WebAssembly module that decides by itself, in any host, \
                  and with `--format component` inside a component: give their hosts the digest that is printed, and they \
                  refuse every other file. Exit code 0 when it is written, 3 where the policy or the file is not what it \
                  should be, 70 where the proof fails, which is a bug.",
    after_help = "\
Examples:
  portcullis compile policy -o estate.bundle
  portcullis compile policy --account prod -o prod.bundle --message-format json
  portcullis compile policy --format wasm -o policy.wasm"
)]
pub(crate) struct Compile {
    /// The policy directory
    #[arg(value_name = "DIR")]
    pub(crate) directory: PathBuf,
    /// One account alone, by name or id; its decisions are the same as in a bundle of all
    #[arg(long, value_name = "ACCOUNT")]
    pub(crate) account: Option<String>,
    /// The file to write; a compiled policy that is there is replaced; `-` is stdout, and what is said goes to stderr then
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: PathBuf,
    /// Replace FILE whatever it is, be it one of the policy files
    #[arg(long)]
    pub(crate) force: bool,
    /// What to write
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    pub(crate) format: PolicyFormat,
    /// How to say what was written
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    pub(crate) message_format: BundleFormat,
}

/// What a policy is compiled to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum PolicyFormat {
    /// A bundle, by which `portcullis` and the hosts decide
    #[default]
    Bundle,
    /// A WebAssembly module with the bundle inside: docs/wasm-abi.md
    Wasm,
    /// A WebAssembly component with the bundle inside: docs/component.md
    Component,
}

/// How is told what a bundle is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum BundleFormat {
    /// For people
    #[default]
    Human,
    /// One JSON document
    Json,
}

/// `bundle`.
#[derive(Debug, Args)]
#[command(
    arg_required_else_help = true,
    disable_help_subcommand = true,
    after_help = "Examples:\n  portcullis bundle show estate.bundle\n  portcullis bundle verify estate.bundle --policy policy"
)]
pub(crate) struct Bundle {
    #[command(subcommand)]
    pub(crate) command: BundleCommand,
}

/// What is done with a bundle.
#[derive(Debug, Subcommand)]
pub(crate) enum BundleCommand {
    #[command(about = "Show what a bundle is and what it holds")]
    Show(BundleShow),
    #[command(about = "Prove again that a bundle is what a policy says")]
    Verify(BundleVerify),
}

/// `bundle show`.
#[derive(Debug, Args)]
#[command(
    long_about = "Show what a bundle is and what it holds.\n\nWith `--account` what is in force in that account: its rules \
                  after templates and top-level forbids, the commands that they select, and the repositories.",
    after_help = "\
Examples:
  portcullis bundle show estate.bundle
  portcullis bundle show estate.bundle --account prod
  portcullis bundle show estate.bundle --format json"
)]
pub(crate) struct BundleShow {
    /// The bundle
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
    /// Show what is in force in this account, by name or id
    #[arg(long, value_name = "ACCOUNT")]
    pub(crate) account: Option<String>,
    /// How to write it; JSON is `portcullis schema bundle`
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: BundleFormat,
}

/// `bundle verify`.
#[derive(Debug, Args)]
#[command(
    long_about = "Prove again that a bundle is what a policy says.\n\nCompares every automaton and table of the bundle \
                  with the policy directory, as `portcullis compile` does before it writes. Exit code 0 where they are \
                  equal, 1 where they differ, 3 where one of them is invalid or cannot be read.",
    after_help = "\
Examples:
  portcullis bundle verify estate.bundle --policy policy
  portcullis bundle verify prod.bundle --policy policy --account prod"
)]
pub(crate) struct BundleVerify {
    /// The bundle
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
    /// The policy directory
    #[arg(long, value_name = "DIR")]
    pub(crate) policy: PathBuf,
    /// The one account, by name or id, that the bundle must be of
    #[arg(long, value_name = "ACCOUNT")]
    pub(crate) account: Option<String>,
}

/// `test`.
#[derive(Debug, Args)]
#[command(
    long_about = "Run the tests of a policy directory.\n\nTests are the `test` blocks of its `*.test.hcl` files: an \
                  invocation, perhaps evidence, and what the decision must say. Exit code 0 where all pass, 1 where one \
                  fails, 3 where the policy or a test is invalid, or there is no test.",
    after_help = "Examples:\n  portcullis test policy\n  portcullis test policy --format json"
)]
pub(crate) struct Test {
    /// The policy directory
    #[arg(value_name = "DIR")]
    pub(crate) directory: PathBuf,
    /// How to write the results
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: TestFormat,
}

/// `fmt`.
#[derive(Debug, Args)]
#[command(
    long_about = "Format policy files.\n\nTakes directories, whose `*.hcl` files it formats save those that begin with a \
                  dot, and files. Symbolic links are not followed. What the policy means is proved to be the same before \
                  anything is written. The names of the files that changed go to stdout. Exit code 0, or 1 with `--check` \
                  where a file would change, 3 where a file is not HCL or cannot be read; the others are formatted all \
                  the same.",
    after_help = "\
Examples:
  portcullis fmt policy
  portcullis fmt --check --diff policy
  portcullis fmt - < estate.hcl"
)]
pub(crate) struct Fmt {
    /// Directories and files; `-` alone formats stdin to stdout
    #[arg(value_name = "PATH", default_value = ".")]
    pub(crate) paths: Vec<PathBuf>,
    /// Write nothing, list the files that would change, and end with 1 if there are any
    #[arg(long)]
    pub(crate) check: bool,
    /// Write nothing, show what would change as a unified diff
    #[arg(long)]
    pub(crate) diff: bool,
}

/// How results of tests are written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum TestFormat {
    /// For people: a line for each test, and what differs
    #[default]
    Human,
    /// One JSON document
    Json,
}

/// `decide`.
#[derive(Debug, Args)]
#[command(
    long_about = "Decide whether an invocation may run, and say why.\n\nThe invocation is given by flags, or as JSON \
                  with `--request`, or one per line with `--requests`; \
                  in a CI job `--ci` takes from its environment what that says. Exit code 0 permit, 1 deny, 4 unmet (a rule \
                  permits it once something more is shown), 3 where the policy or a file is invalid. With \
                  `--requests` 0 once every line is answered.",
    after_help = "\
Examples:
  portcullis decide --policy policy --account prod \\
    --caller arn:aws:sts::111111111111:assumed-role/ci-main/run-17 \\
    --repository github.com/acme/infrastructure-live --ref refs/heads/main \\
    --path prod/eu-west-1/app --command terragrunt-plan
  portcullis decide --policy policy --ci --account prod --path prod/eu-west-1/app --command terragrunt-plan
  portcullis decide --policy policy --request invocation.json --format json
  portcullis decide --policy estate.bundle --requests invocations.jsonl > decisions.jsonl"
)]
pub(crate) struct Decide {
    /// The policy directory, or a bundle that `portcullis compile` wrote
    #[arg(long, value_name = "DIR|FILE")]
    pub(crate) policy: PathBuf,
    #[command(flatten)]
    pub(crate) invocation: InvocationFlags,
    #[command(flatten)]
    pub(crate) job: JobFlags,
    /// The whole invocation as JSON; `-` is stdin
    #[arg(long, value_name = "FILE", help_heading = "Invocations as JSON")]
    pub(crate) request: Option<PathBuf>,
    /// Many invocations, one a line; one decision a line comes out; `-` is stdin
    #[arg(long, value_name = "FILE", help_heading = "Invocations as JSON")]
    pub(crate) requests: Option<PathBuf>,
    /// Which engine decides
    #[arg(long, value_enum, default_value_t, help_heading = "Decision")]
    pub(crate) engine: EngineChoice,
    /// How to write the decision [default: human; json with `--requests`]
    #[arg(long, value_enum, help_heading = "Decision")]
    pub(crate) format: Option<DecisionFormat>,
}

/// An invocation, flag by flag.
#[derive(Debug, Args)]
#[command(next_help_heading = "Invocation")]
pub(crate) struct InvocationFlags {
    /// The account, by name or id
    #[arg(long, value_name = "ACCOUNT")]
    pub(crate) account: Option<String>,
    /// Who asks: an IAM role, user or session
    #[arg(long, value_name = "ARN")]
    pub(crate) caller: Option<String>,
    /// Who asks, by a verified token: JSON `{"issuer": …, "claims": {…}}`; `-` is stdin
    #[arg(long, value_name = "FILE")]
    pub(crate) claims: Option<PathBuf>,
    /// The repository, as git would be given it
    #[arg(long, value_name = "REPOSITORY")]
    pub(crate) repository: Option<String>,
    /// The ref in full, such as `refs/heads/main`, or a commit id
    #[arg(long = "ref", value_name = "REF")]
    pub(crate) reference: Option<String>,
    /// The commit that the ref names
    #[arg(long, value_name = "COMMIT")]
    pub(crate) commit: Option<String>,
    /// The unit: a folder of the repository, `.` for its root
    #[arg(long, value_name = "PATH")]
    pub(crate) path: Option<String>,
    /// The command, by its name in the policy
    #[arg(long, value_name = "COMMAND")]
    pub(crate) command: Option<String>,
    /// What the runtime has proved, as JSON; `-` is stdin
    #[arg(long, value_name = "FILE")]
    pub(crate) evidence: Option<PathBuf>,
    /// Arguments of the command
    #[arg(last = true, value_name = "ARGUMENTS")]
    pub(crate) arguments: Vec<String>,
}

/// What a CI job says.
#[derive(Debug, Args)]
#[command(next_help_heading = "In a CI job")]
pub(crate) struct JobFlags {
    /// Take repository, ref, commit and caller from the environment of the CI job, unless they are given
    #[arg(long)]
    pub(crate) ci: bool,
    /// Which CI system it is, where the environment looks like several
    #[arg(long, value_enum, value_name = "SYSTEM", requires = "ci")]
    pub(crate) ci_system: Option<CiSystem>,
    /// A claim of the token that is predicted; without `=VALUE` one that it does not have; as often as there are such
    #[arg(long, value_name = "NAME[=VALUE]", requires = "ci")]
    pub(crate) claim: Vec<String>,
    /// The GitHub environment of the deploying job, for the token that is predicted
    #[arg(long, value_name = "NAME", requires = "ci")]
    pub(crate) github_environment: Option<String>,
    /// How GitHub writes the repository in the `sub` of its tokens; the job has no environment but the one that is given
    #[arg(long, value_enum, value_name = "FORMAT", requires = "ci")]
    pub(crate) github_subject: Option<GitHubSubject>,
    /// Whether unmet requirements fail the job [default: fail]
    #[arg(long, value_enum, value_name = "HOW", requires = "ci")]
    pub(crate) unmet: Option<UnmetJob>,
}

/// The CI systems, as they are typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum CiSystem {
    /// GitHub Actions
    Github,
    /// GitLab CI
    Gitlab,
    /// CircleCI
    Circleci,
    /// Jenkins
    Jenkins,
    /// Buildkite
    Buildkite,
    /// AWS CodeBuild
    Codebuild,
    /// Bitbucket Pipelines
    Bitbucket,
    /// Azure Pipelines
    Azure,
    /// Atlantis, in a `run` step
    Atlantis,
}

impl From<CiSystem> for ci_feedback::System {
    fn from(system: CiSystem) -> Self {
        match system {
            CiSystem::Github => Self::GitHub,
            CiSystem::Gitlab => Self::GitLab,
            CiSystem::Circleci => Self::CircleCi,
            CiSystem::Jenkins => Self::Jenkins,
            CiSystem::Buildkite => Self::Buildkite,
            CiSystem::Codebuild => Self::CodeBuild,
            CiSystem::Bitbucket => Self::Bitbucket,
            CiSystem::Azure => Self::Azure,
            CiSystem::Atlantis => Self::Atlantis,
        }
    }
}

/// How `sub` is written, as it is typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum GitHubSubject {
    /// `repo:OWNER/NAME:…`
    Names,
    /// `repo:OWNER@ID/NAME@ID:…`, the default of repositories that are made today
    Ids,
}

impl From<GitHubSubject> for ci_feedback::SubjectFormat {
    fn from(format: GitHubSubject) -> Self {
        match format {
            GitHubSubject::Names => Self::Names,
            GitHubSubject::Ids => Self::Ids,
        }
    }
}

/// What unmet requirements do to a job, as it is typed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum UnmetJob {
    /// Exit code 4
    #[default]
    Fail,
    /// Exit code 0, and said all the same
    Pass,
}

impl From<UnmetJob> for ci_feedback::Unmet {
    fn from(unmet: UnmetJob) -> Self {
        match unmet {
            UnmetJob::Fail => Self::Fail,
            UnmetJob::Pass => Self::Pass,
        }
    }
}

/// Which engine decides.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum EngineChoice {
    /// The compiled engine; a directory is compiled in memory first
    #[default]
    Native,
    /// The compiled engine as WebAssembly, in a sandbox, as hosts run it
    Wasm,
    /// The direct reading of the language, slow
    Reference,
    /// `native` and `reference`; exit code 70 where they differ
    Both,
}

/// How a decision is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum DecisionFormat {
    /// For people
    Human,
    /// One line of JSON: `portcullis schema decision`
    Json,
}

/// `explain`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  portcullis explain PL203\n  portcullis explain no-permit\n  portcullis explain")]
pub(crate) struct Explain {
    /// A code such as `PL203` or a reason such as `no-permit`; without it, all are listed
    #[arg(value_name = "CODE")]
    pub(crate) code: Option<String>,
    /// How to write it
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: ExplainFormat,
}

/// How an explanation is written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum ExplainFormat {
    /// Markdown, for people
    #[default]
    Human,
    /// One JSON document
    Json,
}

/// `init`.
#[derive(Debug, Args)]
#[command(
    long_about = "Write a first policy, with comments, to begin from.\n\nWrites `estate.hcl` and a file for each \
                  account. It never overwrites a file. What you do not give is a placeholder, marked `CHANGE`.",
    after_help = "\
Examples:
  portcullis init
  portcullis init policy --repository github.com/acme/infrastructure-live \\
    --account dev=222222222222 --account prod=333333333333"
)]
pub(crate) struct Init {
    /// The directory to write into; it is made if it is not there
    #[arg(value_name = "DIR", default_value = "policy")]
    pub(crate) directory: PathBuf,
    /// An account and its id; may be given many times
    #[arg(long, value_name = "NAME=ID")]
    pub(crate) account: Vec<String>,
    /// The live repository, as git would be given it
    #[arg(long, value_name = "REPOSITORY")]
    pub(crate) repository: Option<String>,
}

/// `schema`.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  portcullis schema decision > decision.schema.json")]
pub(crate) struct Schema {
    /// Which one
    #[arg(value_enum, value_name = "NAME")]
    pub(crate) name: SchemaName,
}

/// What there is a schema of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum SchemaName {
    /// What `decide --request` reads
    Invocation,
    /// What `decide --format json` writes
    Decision,
    /// What `check --format json` writes
    Diagnostics,
    /// What `compile --message-format json` writes
    Compiled,
    /// What `bundle show --format json` writes
    Bundle,
}

/// `completions`.
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  portcullis completions bash > ~/.local/share/bash-completion/completions/portcullis"
)]
pub(crate) struct Completions {
    /// The shell
    #[arg(value_enum, value_name = "SHELL")]
    pub(crate) shell: clap_complete::Shell,
}

/// `man`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  portcullis man decide | man -l -
  portcullis man --directory ~/.local/share/man/man1")]
pub(crate) struct Man {
    /// The command, such as `decide` or `bundle show`; without it, the page of the program
    #[arg(value_name = "COMMAND")]
    pub(crate) command: Vec<String>,
    /// Write the pages of the program and of all commands into this directory, over no file that is there
    #[arg(long, value_name = "DIR", conflicts_with = "command")]
    pub(crate) directory: Option<PathBuf>,
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    #[test]
    fn the_arguments_are_consistent() {
        super::Arguments::command().debug_assert();
    }

    #[test]
    fn every_command_that_has_more_to_say_says_it() {
        let mut program = super::Arguments::command();
        program.build();
        let inner = program.get_subcommands().flat_map(clap::Command::get_subcommands);
        let long = program.get_subcommands().chain(inner).filter(|command| command.get_long_about().is_some());
        let long: Vec<&str> = long.map(clap::Command::get_name).collect();
        assert_eq!(long, ["check", "compile", "decide", "test", "fmt", "init", "show", "verify"]);
    }

    #[test]
    fn every_command_shows_an_example() {
        let program = super::Arguments::command();
        let inner = program.get_subcommands().flat_map(clap::Command::get_subcommands);
        for command in program.get_subcommands().chain(inner) {
            let help = command.get_after_help().map(ToString::to_string).unwrap_or_default();
            assert!(help.contains("portcullis ") && help.contains("Example"), "{}", command.get_name());
        }
    }
}
