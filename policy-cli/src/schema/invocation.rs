//! An invocation as JSON, for its schema. The core reads it; a test holds what these types take against what the core takes.
//!
//! What a schema cannot say: no field may stand twice; all arguments together have at most 131,072 bytes, the whole 262,144;
//! lengths here are in characters, the limits in bytes.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// One request: may this caller run this command, from this ref of this repository, on this path, in this account?
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Invocation {
    /// The account, by name or by its id of 12 digits.
    account: String,
    /// Who asks.
    caller: Caller,
    /// The repository, in any form that git takes and that is not ambiguous.
    #[schemars(length(max = 1024))]
    repository: String,
    /// The ref in full, such as `refs/heads/main`, or a commit id.
    #[serde(rename = "ref")]
    #[schemars(length(max = 1024))]
    reference: String,
    /// The commit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String", regex(pattern = "^([0-9a-f]{40}|[0-9a-f]{64})$"))]
    commit: Option<String>,
    /// The unit: a folder of the repository, `.` for its root.
    #[schemars(length(min = 1, max = 4096))]
    path: String,
    /// The command, by its name in the policy.
    command: String,
    /// What the command is given, item by item.
    #[serde(default)]
    #[schemars(length(max = 256), inner(length(min = 1, max = 32768)))]
    arguments: Vec<String>,
    /// What the runtime has proved; never taken from a caller.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Evidence")]
    evidence: Option<Evidence>,
}

/// Who asks: an IAM principal, or a token's issuer and claims.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
enum Caller {
    Principal(Principal),
    Token(Token),
}

/// An IAM role, user, root or session of a role, or a local user.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Principal {
    /// The ARN, or `local:user/NAME`.
    #[schemars(length(max = 1024))]
    principal: String,
}

/// A verified OIDC token.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Token {
    /// The issuer: `https://host[:port][/path]`.
    #[schemars(length(max = 1024), regex(pattern = "^https://"))]
    issuer: String,
    /// The claims.
    #[schemars(extend("maxProperties" = 64))]
    claims: BTreeMap<String, serde_json::Value>,
}

/// What shows requirements to hold.
#[derive(Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
struct Evidence {
    /// The refs from which the commit is reachable.
    commit_on: Vec<String>,
    /// The refs whose tip the commit is.
    commit_is_tip_of: Vec<String>,
    /// The refs whose tip is reachable from the commit.
    includes_tip_of: Vec<String>,
    /// The checks that passed for the commit, as `SOURCE:NAME`.
    checks: Vec<String>,
    /// Who approved this job: verified, bound to it and not used before.
    approvals: Vec<Caller>,
    /// Whether the plan that will be applied was made by a permitted run of the plan command for the same job.
    planned: bool,
    /// What the saved plan would change.
    #[schemars(with = "Plan")]
    plan: Option<Plan>,
    /// Whether the commit descends from the one started last.
    no_rollback: bool,
    /// What time it is.
    #[schemars(with = "Clock")]
    clock: Option<Clock>,
}

/// What a plan would change.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Plan {
    /// Resources that are made.
    #[schemars(range(max = 9_223_372_036_854_775_807_u64))]
    creates: u64,
    /// Resources that are changed in place.
    #[schemars(range(max = 9_223_372_036_854_775_807_u64))]
    updates: u64,
    /// Resources that are destroyed and made again.
    #[schemars(range(max = 9_223_372_036_854_775_807_u64))]
    replaces: u64,
    /// Resources that are destroyed.
    #[schemars(range(max = 9_223_372_036_854_775_807_u64))]
    destroys: u64,
    /// The types of all touched resources.
    types: Vec<String>,
}

/// The time, as the runtime's clock tells it.
#[derive(Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
struct Clock {
    /// The time in UTC: `YYYY-MM-DDTHH:MM:SSZ`.
    #[schemars(with = "String", regex(pattern = "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$"))]
    utc: Option<String>,
    /// The time on the wall, by zone.
    zones: BTreeMap<String, ZoneTime>,
}

/// A time of the week in a zone.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct ZoneTime {
    /// The day.
    day: Day,
    /// Minutes since midnight.
    #[schemars(range(max = 1439))]
    minute: u16,
}

#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(inline)]
enum Day {
    Mon,
    Tue,
    Wed,
    Thu,
    Fri,
    Sat,
    Sun,
}
