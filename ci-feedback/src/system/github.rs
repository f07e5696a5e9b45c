//! GitHub Actions: <https://docs.github.com/en/actions/reference/workflows-and-actions/variables>, and the claims of its
//! token: <https://docs.github.com/en/actions/reference/security/oidc>.

use policy_core::json::{Json, Limits, ObjectWriter, read};

use super::{Fact, Facts, PASS_REF, PASS_REPOSITORY, Said, commit, said};
use crate::input::{Environment, Input, Options, SubjectFormat};
use crate::limits::{EVENT_BYTES, EVENT_NESTING};
use crate::problem::{Kind, Note, Problem};

pub(super) const VARIABLES: &[&str] = &[
    "GITHUB_ACTOR",
    "GITHUB_ACTOR_ID",
    "GITHUB_BASE_REF",
    "GITHUB_EVENT_NAME",
    "GITHUB_EVENT_PATH",
    "GITHUB_HEAD_REF",
    "GITHUB_REF",
    "GITHUB_REF_PROTECTED",
    "GITHUB_REF_TYPE",
    "GITHUB_REPOSITORY",
    "GITHUB_REPOSITORY_ID",
    "GITHUB_REPOSITORY_OWNER",
    "GITHUB_REPOSITORY_OWNER_ID",
    "GITHUB_RUN_ATTEMPT",
    "GITHUB_RUN_ID",
    "GITHUB_RUN_NUMBER",
    "GITHUB_SERVER_URL",
    "GITHUB_SHA",
    "GITHUB_WORKFLOW",
    "GITHUB_WORKFLOW_REF",
    "GITHUB_WORKFLOW_SHA",
    "RUNNER_ENVIRONMENT",
];

/// The claims that say what a variable says, by the claim's name.
const CLAIMS: &[(&str, &str)] = &[
    ("actor", "GITHUB_ACTOR"),
    ("actor_id", "GITHUB_ACTOR_ID"),
    ("base_ref", "GITHUB_BASE_REF"),
    ("event_name", "GITHUB_EVENT_NAME"),
    ("head_ref", "GITHUB_HEAD_REF"),
    ("ref", "GITHUB_REF"),
    ("ref_protected", "GITHUB_REF_PROTECTED"),
    ("ref_type", "GITHUB_REF_TYPE"),
    ("repository", "GITHUB_REPOSITORY"),
    ("repository_id", "GITHUB_REPOSITORY_ID"),
    ("repository_owner", "GITHUB_REPOSITORY_OWNER"),
    ("repository_owner_id", "GITHUB_REPOSITORY_OWNER_ID"),
    ("run_attempt", "GITHUB_RUN_ATTEMPT"),
    ("run_id", "GITHUB_RUN_ID"),
    ("run_number", "GITHUB_RUN_NUMBER"),
    ("runner_environment", "RUNNER_ENVIRONMENT"),
    ("sha", "GITHUB_SHA"),
    ("workflow", "GITHUB_WORKFLOW"),
    ("workflow_ref", "GITHUB_WORKFLOW_REF"),
    ("workflow_sha", "GITHUB_WORKFLOW_SHA"),
];

/// The claims that a token has with an empty text where they do not apply.
const MAY_BE_EMPTY: [&str; 2] = ["base_ref", "head_ref"];

pub(super) fn facts(environment: &Environment) -> Facts {
    Facts {
        repository: repository(environment),
        reference: reference(environment),
        commit: commit(environment, "GITHUB_SHA"),
        warnings: Vec::new(),
    }
}

fn repository(environment: &Environment) -> Fact {
    let server = said(environment, "GITHUB_SERVER_URL", Kind::Repository, PASS_REPOSITORY)?;
    let name = said(environment, "GITHUB_REPOSITORY", Kind::Repository, PASS_REPOSITORY)?;
    let address = format!("{}/{}", server.value.trim_end_matches('/'), name.value);
    Ok(Said::new(address, format!("{}, {}", server.source, name.source)))
}

/// `GITHUB_REF` is a ref in full; `GITHUB_REF_TYPE`, which says `branch` of a pull request too, must not contradict it.
fn reference(environment: &Environment) -> Fact {
    let reference = said(environment, "GITHUB_REF", Kind::Ref, PASS_REF)?;
    let is_tag = reference.value.starts_with("refs/tags/");
    let says_tag = environment.get("GITHUB_REF_TYPE").map(|kind| kind == "tag");
    if says_tag.is_some_and(|says_tag| says_tag != is_tag) {
        let message = "`GITHUB_REF` and `GITHUB_REF_TYPE` differ about whether it is a tag";
        return Err(Problem::new(Kind::Ref, message, PASS_REF));
    }
    let asks = environment.get("GITHUB_EVENT_NAME");
    if matches!(asks, Some("pull_request_target" | "workflow_run" | "issue_comment")) && !is_tag {
        let text = "of this event GitHub says the base or default branch, whatever the job checks out";
        return Ok(reference.warned(text));
    }
    Ok(reference)
}

/// Whom GitHub's token would say that the job is, as the text of a caller's JSON.
pub(crate) fn predicted_caller(input: &Input, notes: &mut Vec<Note>) -> Result<String, Problem> {
    let (environment, options) = (&input.environment, &input.options);
    let issuer = match &options.issuer {
        Some(issuer) => issuer.clone(),
        None => issuer(environment)?,
    };
    let mut missing = Vec::new();
    let mut claims: Vec<(&str, String)> = Vec::new();
    for (claim, name) in CLAIMS {
        match environment.raw(name).filter(|value| !value.is_empty() || MAY_BE_EMPTY.contains(claim)) {
            Some(value) => claims.push((claim, value.to_owned())),
            None if MAY_BE_EMPTY.contains(claim) => claims.push((claim, String::new())),
            None => missing.push(format!("`{claim}`")),
        }
    }
    match visibility(input) {
        Ok(Some(visibility)) => claims.push(("repository_visibility", visibility)),
        Ok(None) => missing.push("`repository_visibility`".to_owned()),
        Err(problem) => notes.push(Note::warning("caller", problem)),
    }
    if let Some(name) = &options.environment {
        claims.push(("environment", name.clone()));
    }
    match subject(environment, options) {
        Ok(subject) => claims.push(("sub", subject)),
        Err(why) => notes.push(Note::warning("caller", why)),
    }
    if !missing.is_empty() {
        let text = format!("the predicted token lacks {}: the environment does not say it", missing.join(", "));
        notes.push(Note::warning("caller", text));
    }
    let mut out = String::new();
    let mut caller = ObjectWriter::new(&mut out);
    caller.text("issuer", &issuer);
    let mut object = ObjectWriter::new(caller.field("claims"));
    for (name, value) in &claims {
        object.text(name, value);
    }
    object.finish();
    caller.finish();
    Ok(out)
}

/// Who issues tokens: github.com, one of its subdomains for data residency, or a server of one's own.
fn issuer(environment: &Environment) -> Result<String, Problem> {
    let server = environment.get("GITHUB_SERVER_URL").and_then(|server| server.strip_prefix("https://"));
    let host = server.map(|host| host.trim_end_matches('/'));
    match host.filter(|host| !host.is_empty() && !host.contains(['/', '@', '?', '#'])) {
        Some("github.com") => Ok("https://token.actions.githubusercontent.com".to_owned()),
        Some(host) if host.ends_with(".ghe.com") => Ok(format!("https://token.actions.{host}")),
        Some(host) => Ok(format!("https://{host}/_services/token")),
        None => Err(Problem::new(
            Kind::Caller,
            "`GITHUB_SERVER_URL` does not say which server issues the token",
            "pass the issuer, as in `https://token.actions.githubusercontent.com`",
        )),
    }
}

/// GitHub's default `sub`, where it is certain, or why it is left out.
fn subject(environment: &Environment, options: &Options) -> Result<String, String> {
    let left_out = |why: &str| Err(format!("the predicted token has no `sub`: {why}"));
    let get = |name: &str| environment.get(name);
    let Some((owner, name)) = get("GITHUB_REPOSITORY").and_then(|full| full.split_once('/')) else {
        return left_out("`GITHUB_REPOSITORY` is not of the form `OWNER/NAME`");
    };
    let names_only = !matches!(get("GITHUB_SERVER_URL"), Some("https://github.com"));
    let repository = match (options.subject, get("GITHUB_REPOSITORY_OWNER_ID"), get("GITHUB_REPOSITORY_ID")) {
        (Some(SubjectFormat::Names), _, _) => format!("{owner}/{name}"),
        (Some(SubjectFormat::Ids), Some(owner_id), Some(id)) => format!("{owner}@{owner_id}/{name}@{id}"),
        (Some(SubjectFormat::Ids), _, _) => return left_out("the environment does not say the ids"),
        (None, _, _) if names_only => format!("{owner}/{name}"),
        (None, _, _) => {
            return left_out(
                "it names the repository alone or with its ids, as the repository's settings say; pass which of them, \
                 `names` or `ids`",
            );
        }
    };
    let rest = match (&options.environment, get("GITHUB_EVENT_NAME"), get("GITHUB_REF")) {
        // GitHub escapes the colon, which separates the parts.
        (Some(environment), _, _) => format!("environment:{}", environment.replace(':', "%3A")),
        (None, Some("pull_request"), _) => "pull_request".to_owned(),
        (None, Some(event), _) if event.starts_with("pull_request") => {
            return left_out("GitHub does not document it for this event");
        }
        (None, Some(_), Some(reference)) => format!("ref:{reference}"),
        (None, _, _) => return left_out("the environment does not say event and ref"),
    };
    Ok(format!("repo:{repository}:{rest}"))
}

/// Whether the repository is public, which only the event's file says; a text that says why that cannot be read.
fn visibility(input: &Input) -> Result<Option<String>, String> {
    let Some(event) = &input.event else { return Ok(None) };
    let limits = Limits { bytes: EVENT_BYTES, nesting: EVENT_NESTING };
    let event = read(event.as_bytes(), limits)
        .map_err(|error| format!("the file of `GITHUB_EVENT_PATH` cannot be read: {error}"))?;
    let visibility = field(&event, "repository").and_then(|repository| field(repository, "visibility"));
    Ok(match visibility {
        Some(Json::Text(text)) if matches!(&**text, "public" | "private" | "internal") => Some(text.to_string()),
        _ => None,
    })
}

fn field<'j, 'a>(json: &'j Json<'a>, name: &str) -> Option<&'j Json<'a>> {
    match json {
        Json::Object(members) => members.iter().find(|(member, _)| member == name).map(|(_, value)| value),
        _ => None,
    }
}
