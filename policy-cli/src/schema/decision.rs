//! A decision as JSON, for its schema. The core writes it; a test reads what the core writes into these types and writes
//! the same bytes again.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The answer to an invocation.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Decision {
    /// The version of this form.
    #[schemars(range(min = 1, max = 1))]
    version: u32,
    /// `permit`: it may run. `deny`: it may not. `unmet`: it may once the requirements in `unmet` are shown.
    outcome: Outcome,
    /// Why: the first check that decided. `portcullis explain REASON` says more.
    reason: Reason,
    /// One sentence for people. Not equal across engines.
    message: String,
    /// The rules that decided, by name.
    rules: Vec<MatchedRule>,
    /// The requirements that are not shown.
    unmet: Vec<Requirement>,
    /// What to execute, for `permit` and `unmet` of a command with a runner.
    launch: Option<Launch>,
    /// For `no-permit`: the permit rules that came nearest.
    #[schemars(length(max = 3))]
    nearest: Vec<Nearest>,
    /// The digest of the account's rules; `null` where there is no account.
    #[schemars(regex(pattern = "^sha256:[0-9a-f]{64}$"))]
    policy: Option<String>,
    /// The digest of the bundle's bytes; `null` for a directory.
    #[schemars(regex(pattern = "^sha256:[0-9a-f]{64}$"))]
    bundle: Option<String>,
    /// The version of the policy language.
    #[schemars(range(min = 1))]
    language: u32,
    /// Which engine decided. Not equal across engines.
    engine: Engine,
}

#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(inline)]
enum Outcome {
    Permit,
    Deny,
    Unmet,
}

#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(inline)]
enum Reason {
    InvalidInvocation,
    UnknownAccount,
    MalformedCaller,
    MalformedRepository,
    MalformedRef,
    MalformedCommit,
    MalformedPath,
    UnknownCommand,
    ArgumentRefused,
    Forbidden,
    Permitted,
    RequirementsUnmet,
    NoPermit,
}

#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
enum Requirement {
    CommitOn,
    CommitIsTipOf,
    Approvals,
    Planned,
    Plan,
    NoRollback,
    Window,
    NotAfter,
}

#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(inline)]
enum Engine {
    Native,
    Wasm,
    Reference,
}

/// A rule that took part in the decision.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct MatchedRule {
    /// Its name.
    name: String,
    /// The account's name.
    account: String,
    /// Whether it permits or forbids.
    effect: RuleEffect,
    /// The file in which it begins, relative to the policy directory.
    file: String,
    /// The line on which it begins, from 1.
    #[schemars(range(min = 1))]
    line: u32,
}

#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(inline)]
enum RuleEffect {
    Permit,
    Forbid,
}

/// What a runner is to execute.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Launch {
    /// The command's name.
    command: String,
    /// Whether it only reads.
    effect: CommandEffect,
    /// The runner's name.
    runner: String,
    /// The digest of the runner's block.
    #[schemars(regex(pattern = "^sha256:[0-9a-f]{64}$"))]
    runner_digest: String,
    /// The argument vector; no shell ever sees it.
    argv: Vec<String>,
    /// The environment, variable by variable.
    environment: BTreeMap<String, String>,
}

#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(inline)]
enum CommandEffect {
    Read,
    Write,
}

/// A permit rule that came near.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Nearest {
    /// The rule's name.
    rule: String,
    /// The file in which it begins, relative to the policy directory.
    file: String,
    /// The line on which it begins, from 1.
    #[schemars(range(min = 1))]
    line: u32,
    /// What did not match.
    failed: Vec<FailedDimension>,
}

/// A dimension in which a rule did not match.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct FailedDimension {
    /// Which.
    dimension: Dimension,
    /// What was asked.
    got: String,
    /// The rule's text of what would match.
    expected: String,
    /// For a caller that is a token: what it lacks to be the nearest of the rule's callers; else empty.
    claims: Vec<FailedClaim>,
}

/// A claim of a token, or a part of `bind`, in which it is not a caller.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct FailedClaim {
    /// The caller's name.
    caller: String,
    /// The claim's name, or `bind.repository`, `bind.ref` or `bind.commit`.
    claim: String,
    /// The claim's text as it is matched; of `bind` what its text stands for. `null` where there is no such thing.
    got: Option<String>,
    /// The caller's text of what would match.
    expected: String,
}

#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(inline)]
enum Dimension {
    Caller,
    Repository,
    Ref,
    Path,
    Command,
    Arguments,
}
