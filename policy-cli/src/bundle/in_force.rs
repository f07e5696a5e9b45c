//! What is in force in an account, as `bundle show --account` writes it in JSON.

use std::borrow::Cow;

use policy_core::bundle::{
    AccountView, ApproverView, CommandView, OptionView, PersonView, PlanView, PositionalView, RepositoryView,
    RequirementsView, RuleView, ToolView, WindowView,
};
use policy_core::decision::Dimension;
use serde::Serialize;

use super::document::text_of;

/// What is in force in an account, after templates and top-level forbids.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[cfg_attr(test, schemars(deny_unknown_fields))]
pub(super) struct InForce<'p> {
    /// The account's name.
    account: &'p str,
    /// Its rules: those that forbid, then those that permit, each by name.
    rules: Vec<Rule<'p>>,
    /// The commands that the rules select, by name.
    commands: Vec<Command<'p>>,
    /// The remotes of the repositories that the rules select by name.
    repositories: Vec<Repository<'p>>,
}

/// A rule. Dimensions are as the policy has them; `null` where the rule leaves one out, which means anything.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[cfg_attr(test, schemars(deny_unknown_fields))]
struct Rule<'p> {
    /// The name.
    name: &'p str,
    /// Whether it permits or forbids.
    #[cfg_attr(test, schemars(extend("enum" = ["permit", "forbid"])))]
    effect: &'static str,
    /// The file in which it begins, relative to the policy directory.
    file: &'p str,
    /// The line on which it begins, from 1.
    line: u32,
    /// Who may ask.
    callers: Option<Cow<'p, str>>,
    /// From which repositories.
    repositories: Option<Cow<'p, str>>,
    /// From which refs.
    refs: Option<Cow<'p, str>>,
    /// On which paths.
    paths: Option<Cow<'p, str>>,
    /// Which commands.
    commands: Option<Cow<'p, str>>,
    /// With which arguments.
    arguments: Vec<Argument<'p>>,
    /// What must be shown before it permits; `null` where nothing must.
    requirements: Option<Requirements<'p>>,
}

/// What the values of one option must match.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[cfg_attr(test, schemars(deny_unknown_fields))]
struct Argument<'p> {
    /// The option, or `positional`.
    name: &'p str,
    /// The patterns, as the policy has them.
    values: Cow<'p, str>,
}

/// What must be shown; `null`, `false` or empty is what need not be.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[cfg_attr(test, schemars(deny_unknown_fields))]
struct Requirements<'p> {
    /// The refs of which the commit is on one.
    commit_on: Option<Cow<'p, str>>,
    /// The refs of which the commit is the tip of one.
    commit_is_tip_of: Option<Cow<'p, str>>,
    /// The refs whose tips the commit includes, all of them.
    includes_tip_of: Vec<&'p str>,
    /// The checks that have passed for the commit, all of them.
    checks: Vec<&'p str>,
    /// How many persons approve, and who they may be.
    approvals: Option<Approvals<'p>>,
    /// Whether a saved plan was made by a permitted run.
    planned: bool,
    /// What that plan changes at most.
    plan: Option<Plan>,
    /// Whether the commit descends from the one started last.
    no_rollback: bool,
    /// The hours of which it is one.
    window: Vec<Window<'p>>,
    /// The last moment, in UTC.
    not_after: Option<String>,
}

/// Who approves.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[cfg_attr(test, schemars(deny_unknown_fields))]
struct Approvals<'p> {
    /// How many persons.
    count: u32,
    /// Who they may be.
    approvers: Vec<Approver<'p>>,
    /// Who they may not be, though one of the approvers.
    excluded: Vec<Approver<'p>>,
}

/// A caller who may approve. A bundle keeps no text of its patterns.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[cfg_attr(test, schemars(deny_unknown_fields))]
struct Approver<'p> {
    /// The issuer of tokens; `null` for IAM principals and local users.
    issuer: Option<&'p str>,
    /// The claims that are looked at.
    claims: Vec<&'p str>,
    /// What tells one person from another.
    #[cfg_attr(test, schemars(extend("enum" = ["session", "principal", "claim"])))]
    person: &'static str,
    /// The claim that does, if it is one.
    person_claim: Option<&'p str>,
}

/// What a plan changes at most; `null` is any number.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[cfg_attr(test, schemars(deny_unknown_fields))]
struct Plan {
    /// Resources that are made.
    creates: Option<u64>,
    /// Resources that are changed in place.
    updates: Option<u64>,
    /// Resources that are destroyed and made again.
    replaces: Option<u64>,
    /// Resources that are destroyed, the replaced ones among them.
    destroys: Option<u64>,
    /// Whether the types of the touched resources are limited too. A bundle keeps no text of those patterns.
    limits_types: bool,
}

/// Hours of some days in one time zone.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[cfg_attr(test, schemars(deny_unknown_fields))]
struct Window<'p> {
    /// The days, from Monday.
    days: Vec<&'static str>,
    /// The first minute: `HH:MM`.
    from: String,
    /// The minute after the last: `HH:MM`, up to `24:00`.
    to: String,
    /// The zone.
    zone: &'p str,
}

/// A command that the rules select.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[cfg_attr(test, schemars(deny_unknown_fields))]
struct Command<'p> {
    /// The name.
    name: &'p str,
    /// What it executes; `null` for a verb of the runtime.
    executes: Option<Tool<'p>>,
}

/// What a command executes.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[cfg_attr(test, schemars(deny_unknown_fields))]
struct Tool<'p> {
    /// Whether it only reads.
    #[cfg_attr(test, schemars(extend("enum" = ["read", "write"])))]
    effect: &'static str,
    /// The runner's name.
    runner: &'p str,
    /// The digest of the runner's block.
    #[cfg_attr(test, schemars(regex(pattern = "^sha256:[0-9a-f]{64}$")))]
    runner_digest: String,
    /// Whether it applies the saved plan of another command.
    applies_plan: bool,
    /// How the argument vector begins.
    program: Vec<&'p str>,
    /// What follows options and flags.
    always: Vec<&'p str>,
    /// How the argument vector ends.
    trailing: Vec<&'p str>,
    /// The environment, variable by variable.
    environment: Vec<Variable<'p>>,
    /// Whether `-x` and `--x` are one name.
    either_dashes: bool,
    /// The options and flags that may be given, by name.
    options: Vec<Parameter<'p>>,
    /// The names that it passes itself, so that nobody else may.
    reserved: Vec<&'p str>,
    /// The positional arguments; `null` where there must be none.
    positional: Option<Positional<'p>>,
}

/// A variable of the environment.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[cfg_attr(test, schemars(deny_unknown_fields))]
struct Variable<'p> {
    /// The name.
    name: &'p str,
    /// The value.
    value: &'p str,
}

/// An option or flag.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[cfg_attr(test, schemars(deny_unknown_fields, rename = "Option"))]
#[expect(clippy::struct_excessive_bools, reason = "a policy says each of them by itself")]
struct Parameter<'p> {
    /// The name.
    name: &'p str,
    /// What it may be given, as the policy has it; `null` for a flag, which takes no value.
    values: Option<&'p str>,
    /// Whether a value is a path.
    path: bool,
    /// Whether it may occur more than once.
    repeat: bool,
    /// Whether name and value are two items for the program.
    separate: bool,
    /// Whether values are kept out of records.
    secret: bool,
    /// Whether it must be given.
    required: bool,
}

/// Arguments without a name.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[cfg_attr(test, schemars(deny_unknown_fields))]
struct Positional<'p> {
    /// What each may be, as the policy has it.
    values: &'p str,
    /// How many there must be.
    min: u32,
    /// How many there may be.
    max: u32,
    /// Whether each is a path.
    path: bool,
    /// Whether they are kept out of records.
    secret: bool,
}

/// A remote of a repository.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[cfg_attr(test, schemars(deny_unknown_fields))]
struct Repository<'p> {
    /// Its canonical form.
    identity: &'p str,
    /// The refs that it protects, as the policy has them; `null` where it protects none.
    protected: Option<&'p str>,
}

impl<'p> InForce<'p> {
    /// What is in force in an account.
    pub(super) fn of(account: AccountView<'p>) -> Self {
        Self {
            account: account.name(),
            rules: account.rules().map(Rule::from).collect(),
            commands: account.commands().into_iter().map(Command::from).collect(),
            repositories: account.repositories().into_iter().map(Repository::from).collect(),
        }
    }
}

impl<'p> From<RuleView<'p>> for Rule<'p> {
    fn from(rule: RuleView<'p>) -> Self {
        Self {
            name: rule.name(),
            effect: rule.effect(),
            file: rule.file(),
            line: rule.line(),
            callers: rule.text(Dimension::Caller),
            repositories: rule.text(Dimension::Repository),
            refs: rule.text(Dimension::Ref),
            paths: rule.text(Dimension::Path),
            commands: rule.text(Dimension::Command),
            arguments: rule.arguments().map(|(name, values)| Argument { name, values }).collect(),
            requirements: rule.requirements().map(Requirements::from),
        }
    }
}

impl<'p> From<RequirementsView<'p>> for Requirements<'p> {
    fn from(required: RequirementsView<'p>) -> Self {
        Self {
            commit_on: required.commit_on(),
            commit_is_tip_of: required.commit_is_tip_of(),
            includes_tip_of: required.includes_tip_of().collect(),
            checks: required.checks().collect(),
            approvals: (required.approvals() > 0).then(|| Approvals {
                count: required.approvals(),
                approvers: required.approvers().map(Approver::from).collect(),
                excluded: required.excluded_approvers().map(Approver::from).collect(),
            }),
            planned: required.planned(),
            plan: required.plan().map(Plan::from),
            no_rollback: required.no_rollback(),
            window: required.windows().map(Window::from).collect(),
            not_after: required.not_after(),
        }
    }
}

impl<'p> From<ApproverView<'p>> for Approver<'p> {
    fn from(approver: ApproverView<'p>) -> Self {
        let (person, person_claim) = match approver.person {
            PersonView::Session => ("session", None),
            PersonView::Principal => ("principal", None),
            PersonView::Claim(claim) => ("claim", Some(claim)),
        };
        Self { issuer: approver.issuer, claims: approver.claims, person, person_claim }
    }
}

impl From<PlanView> for Plan {
    fn from(plan: PlanView) -> Self {
        let PlanView { creates, updates, replaces, destroys, limits_types } = plan;
        Self { creates, updates, replaces, destroys, limits_types }
    }
}

impl<'p> From<WindowView<'p>> for Window<'p> {
    fn from(window: WindowView<'p>) -> Self {
        let days = window.days.into_iter().map(policy_core::invocation::Day::as_str).collect();
        Self { days, from: window.from, to: window.to, zone: window.zone }
    }
}

impl<'p> From<CommandView<'p>> for Command<'p> {
    fn from(command: CommandView<'p>) -> Self {
        Self { name: command.name(), executes: command.tool().map(Tool::from) }
    }
}

impl<'p> From<ToolView<'p>> for Tool<'p> {
    fn from(tool: ToolView<'p>) -> Self {
        Self {
            effect: tool.effect(),
            runner: tool.runner(),
            runner_digest: text_of(tool.runner_digest()),
            applies_plan: tool.applies_plan(),
            program: tool.program().collect(),
            always: tool.always().collect(),
            trailing: tool.trailing().collect(),
            environment: tool.environment().into_iter().map(|(name, value)| Variable { name, value }).collect(),
            either_dashes: tool.either_dashes(),
            options: tool.options().into_iter().map(Parameter::from).collect(),
            reserved: tool.reserved(),
            positional: tool.positional().map(Positional::from),
        }
    }
}

impl<'p> From<OptionView<'p>> for Parameter<'p> {
    fn from(option: OptionView<'p>) -> Self {
        Self {
            name: option.name(),
            values: option.values(),
            path: option.is_path(),
            repeat: option.repeats(),
            separate: option.is_separate(),
            secret: option.is_secret(),
            required: option.is_required(),
        }
    }
}

impl<'p> From<PositionalView<'p>> for Positional<'p> {
    fn from(positional: PositionalView<'p>) -> Self {
        Self {
            values: positional.values(),
            min: positional.min(),
            max: positional.max(),
            path: positional.is_path(),
            secret: positional.is_secret(),
        }
    }
}

impl<'p> From<RepositoryView<'p>> for Repository<'p> {
    fn from(repository: RepositoryView<'p>) -> Self {
        Self { identity: repository.identity(), protected: repository.protected() }
    }
}
