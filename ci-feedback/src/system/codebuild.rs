//! AWS CodeBuild: <https://docs.aws.amazon.com/codebuild/latest/userguide/build-env-ref-env-vars.html>.

use super::{Fact, Facts, PASS_REF, PASS_REPOSITORY, Said, commit, is_commit, is_number, said};
use crate::input::Environment;
use crate::problem::{Kind, Problem};

pub(super) const VARIABLES: &[&str] = &[
    "CODEBUILD_RESOLVED_SOURCE_VERSION",
    "CODEBUILD_SOURCE_REPO_URL",
    "CODEBUILD_SOURCE_VERSION",
    "CODEBUILD_WEBHOOK_EVENT",
    "CODEBUILD_WEBHOOK_HEAD_REF",
    "CODEBUILD_WEBHOOK_TRIGGER",
];

const HEAD_REF: &str = "CODEBUILD_WEBHOOK_HEAD_REF";
const SOURCE_VERSION: &str = "CODEBUILD_SOURCE_VERSION";
const TRIGGER: &str = "CODEBUILD_WEBHOOK_TRIGGER";

pub(super) fn facts(environment: &Environment) -> Facts {
    Facts {
        repository: repository(environment),
        reference: reference(environment),
        commit: commit(environment, "CODEBUILD_RESOLVED_SOURCE_VERSION"),
        warnings: Vec::new(),
    }
}

/// A build of CodePipeline has an archive for its source, not a repository.
fn repository(environment: &Environment) -> Fact {
    let said = said(environment, "CODEBUILD_SOURCE_REPO_URL", Kind::Repository, PASS_REPOSITORY)?;
    if said.value.starts_with("s3://") || said.value.starts_with("arn:") {
        let message = "`CODEBUILD_SOURCE_REPO_URL` names an archive in S3, not a repository";
        return Err(Problem::new(Kind::Repository, message, PASS_REPOSITORY));
    }
    Ok(said)
}

/// What the webhook says; else the version of the source, if it says its kind. The head of a pull request names a branch that
/// may be one of a fork: it is never read as the ref.
fn reference(environment: &Environment) -> Fact {
    let version = environment.get(SOURCE_VERSION);
    let event = environment.get("CODEBUILD_WEBHOOK_EVENT").unwrap_or_default();
    let trigger = environment.get(TRIGGER);
    let pull = [trigger, version].into_iter().flatten().find_map(|text| text.strip_prefix("pr/"));
    if pull.is_some() || event.starts_with("PULL_REQUEST") || event.starts_with("MERGE_REQUEST") {
        return pull_request(environment, trigger, version);
    }
    match (trigger, environment.get(HEAD_REF)) {
        (None, None) => by_version(version),
        (None, Some(head)) => Ok(Said::new(head, format!("`{HEAD_REF}`"))),
        (Some(trigger), head) => by_trigger(trigger, head),
    }
}

fn by_trigger(trigger: &str, head: Option<&str>) -> Fact {
    let kinds = [("branch/", "refs/heads/"), ("tag/", "refs/tags/")];
    let found = kinds.iter().find_map(|(begin, prefix)| Some(format!("{prefix}{}", trigger.strip_prefix(begin)?)));
    let Some(reference) = found else {
        let message = format!("`{TRIGGER}` is of none of the forms `branch/NAME`, `tag/NAME` and `pr/NUMBER`");
        return Err(Problem::new(Kind::Ref, message, PASS_REF));
    };
    match head {
        Some(head) if head != reference => {
            let message = format!("`{TRIGGER}` and `{HEAD_REF}` do not name one ref");
            Err(Problem::new(Kind::Ref, message, PASS_REF))
        }
        Some(_) => Ok(Said::new(reference, format!("`{TRIGGER}`, `{HEAD_REF}`"))),
        None => Ok(Said::new(reference, format!("`{TRIGGER}`"))),
    }
}

/// Of a pull request of github.com CodeBuild builds the head. What it builds of others, and of a server of one's own, is not
/// documented.
fn pull_request(environment: &Environment, trigger: Option<&str>, version: Option<&str>) -> Fact {
    let help = "pass the ref in full, as in `refs/pull/7/head` or `refs/merge-requests/7/head`";
    let mut named = [trigger, version].into_iter().flatten().filter_map(|text| text.strip_prefix("pr/"));
    let (Some(number), other) = (named.next().filter(|number| is_number(number)), named.next()) else {
        let message = "this is a build of a pull request, and the environment does not say its number";
        return Err(Problem::new(Kind::Ref, message, help));
    };
    if other.is_some_and(|other| other != number) {
        let message = format!("`{TRIGGER}` and `{SOURCE_VERSION}` do not name one pull request");
        return Err(Problem::new(Kind::Ref, message, help));
    }
    let address = environment.get("CODEBUILD_SOURCE_REPO_URL").unwrap_or_default();
    if !address.starts_with("https://github.com/") {
        let message = "this is a build of a pull request, and its host is not github.com: it is open which ref it is";
        return Err(Problem::new(Kind::Ref, message, help));
    }
    let source = if trigger.is_some() { TRIGGER } else { SOURCE_VERSION };
    let said = Said::new(format!("refs/pull/{number}/head"), format!("`{source}`"));
    Ok(said.warned("the build has a pull request: it is asked for that, not for the branch"))
}

/// A build that nobody's push started: of a ref in full, perhaps with the commit behind it, or of a commit. A short name is
/// one of a branch or a tag, and CodeBuild does not say which.
fn by_version(version: Option<&str>) -> Fact {
    let Some(version) = version else {
        let message = format!("neither `{TRIGGER}` nor `{SOURCE_VERSION}` is set");
        return Err(Problem::new(Kind::Ref, message, PASS_REF));
    };
    let name = match version.strip_suffix('}').and_then(|rest| rest.split_once("^{")) {
        Some((name, id)) if is_commit(id) => name,
        _ => version,
    };
    if name.starts_with("refs/") {
        return Ok(Said::new(name, format!("`{SOURCE_VERSION}`")));
    }
    if is_commit(name) {
        let said = Said::new(name, format!("`{SOURCE_VERSION}`"));
        return Ok(said.warned("the build is of a commit: it is asked for that, not for a branch"));
    }
    let message = format!("`{SOURCE_VERSION}` is no ref in full: it is open whether it names a branch or a tag");
    Err(Problem::new(Kind::Ref, message, PASS_REF))
}
