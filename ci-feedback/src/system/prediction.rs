//! The claims of GitHub's token (<https://docs.github.com/en/actions/reference/security/oidc>), as far as a job's environment
//! and its user say them.

use std::collections::{BTreeMap, BTreeSet};

use policy_core::json::{Json, Limits, ObjectWriter, read};

use crate::input::{Environment, Input, SubjectFormat};
use crate::limits::{EVENT_BYTES, EVENT_NESTING};
use crate::problem::{Kind, Note, Problem};

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

/// What is known of the token that GitHub would issue for a job.
pub(crate) struct Predicted {
    /// Who issues it.
    pub(crate) issuer: String,
    /// The claims that it has, by name.
    claims: BTreeMap<String, String>,
    /// Those that it is known not to have. What is in neither is not known.
    pub(crate) absent: Vec<String>,
}

impl Predicted {
    /// The text of a caller's JSON.
    pub(crate) fn to_json(&self) -> String {
        let mut out = String::new();
        let mut caller = ObjectWriter::new(&mut out);
        caller.text("issuer", &self.issuer);
        let mut object = ObjectWriter::new(caller.field("claims"));
        for (name, value) in &self.claims {
            object.text(name, value);
        }
        object.finish();
        caller.finish();
        out
    }
}

/// Whom GitHub's token would say that the job is. What the user says of single claims stands over what the environment says.
pub(crate) fn predicted_caller(input: &Input, notes: &mut Vec<Note>) -> Result<Predicted, Problem> {
    let (environment, options) = (&input.environment, &input.options);
    let (told, mut absent) = told(&options.claim)?;
    if options.environment.is_some() && (told.contains_key("environment") || absent.contains("environment")) {
        let message = "the environment is passed twice, by itself and as a claim";
        return Err(Problem::new(Kind::Option, message, "pass it once"));
    }
    let issuer = match &options.issuer {
        Some(issuer) => issuer.clone(),
        None => issuer(environment)?,
    };
    let is_told = |claim: &str| told.contains_key(claim) || absent.contains(claim);
    let mut claims = of_environment(input, &is_told, notes);
    let deploys_to = told.get("environment").or(options.environment.as_ref());
    if let Some(name) = deploys_to {
        claims.insert("environment".to_owned(), name.clone());
    }
    let has_none = absent.contains("environment") || (deploys_to.is_none() && options.subject.is_some());
    if !is_told("sub") {
        match subject(environment, options.subject, deploys_to.map(String::as_str), has_none) {
            Ok(subject) => {
                if has_none && !absent.contains("environment") {
                    let text = "`sub` is that of a job without an environment, which was not told: pass the environment if \
                                the deploying job has one, or the claim `environment` without a value";
                    notes.push(Note::warning("caller", text));
                }
                _ = claims.insert("sub".to_owned(), subject);
            }
            Err(why) => notes.push(Note::warning("caller", why)),
        }
    }
    if has_none {
        absent.insert("environment".to_owned());
    }
    claims.extend(told);
    claims.retain(|name, _| !absent.contains(name));
    Ok(Predicted { issuer, claims, absent: absent.into_iter().collect() })
}

/// The claims that a variable says, and the one that the event's file says; a warning names those that nothing says.
fn of_environment(input: &Input, is_told: &dyn Fn(&str) -> bool, notes: &mut Vec<Note>) -> BTreeMap<String, String> {
    let mut missing = Vec::new();
    let mut claims = BTreeMap::new();
    for (claim, name) in CLAIMS {
        let value = input.environment.raw(name);
        match value.filter(|value| !value.is_empty() || MAY_BE_EMPTY.contains(claim)) {
            Some(value) => _ = claims.insert((*claim).to_owned(), value.to_owned()),
            None if MAY_BE_EMPTY.contains(claim) => _ = claims.insert((*claim).to_owned(), String::new()),
            None if is_told(claim) => {}
            None => missing.push(format!("`{claim}`")),
        }
    }
    match visibility(input) {
        Ok(Some(visibility)) => _ = claims.insert("repository_visibility".to_owned(), visibility),
        Ok(None) if is_told("repository_visibility") => {}
        Ok(None) => missing.push("`repository_visibility`".to_owned()),
        Err(problem) => notes.push(Note::warning("caller", problem)),
    }
    if !missing.is_empty() {
        let text = format!("the predicted token lacks {}: the environment does not say it", missing.join(", "));
        notes.push(Note::warning("caller", text));
    }
    claims
}

/// What the user says of single claims: those that the token has, and those that it has not.
fn told(claims: &[String]) -> Result<(BTreeMap<String, String>, BTreeSet<String>), Problem> {
    let (mut has, mut lacks) = (BTreeMap::new(), BTreeSet::new());
    for claim in claims {
        let (name, value) = claim.split_once('=').map_or((claim.as_str(), None), |(name, value)| (name, Some(value)));
        let again = has.contains_key(name) || lacks.contains(name);
        if name.is_empty() || again {
            let message = if again { "a claim is said twice" } else { "a claim is said without its name" };
            return Err(Problem::new(
                Kind::Option,
                message,
                "pass each claim once, as `NAME=VALUE`, or as `NAME` if there is none",
            ));
        }
        match value {
            Some(value) => _ = has.insert(name.to_owned(), value.to_owned()),
            None => _ = lacks.insert(name.to_owned()),
        }
    }
    Ok((has, lacks))
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

/// GitHub's default `sub`, where it is certain, or why it is left out. A job that deploys to an environment has that in it, so
/// that `sub` is known only where the environment is, or that there is none.
fn subject(
    environment: &Environment,
    format: Option<SubjectFormat>,
    deploys_to: Option<&str>,
    has_none: bool,
) -> Result<String, String> {
    let left_out = |why: &str| Err(format!("the predicted token has no `sub`: {why}"));
    let get = |name: &str| environment.get(name);
    let Some((owner, name)) = get("GITHUB_REPOSITORY").and_then(|full| full.split_once('/')) else {
        return left_out("`GITHUB_REPOSITORY` is not of the form `OWNER/NAME`");
    };
    let names_only = !matches!(get("GITHUB_SERVER_URL"), Some("https://github.com"));
    let repository = match (format, get("GITHUB_REPOSITORY_OWNER_ID"), get("GITHUB_REPOSITORY_ID")) {
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
    if deploys_to.is_none() && !has_none {
        return left_out(
            "it names the environment of the deploying job, if that has one; pass it, or the claim `environment` without a \
             value",
        );
    }
    let rest = match (deploys_to, get("GITHUB_EVENT_NAME"), get("GITHUB_REF")) {
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
