//! GitHub Actions: <https://docs.github.com/en/actions/reference/workflows-and-actions/variables>.

use super::{Fact, Facts, PASS_REF, PASS_REPOSITORY, Said, commit, said};
use crate::input::Environment;
use crate::problem::{Kind, Problem};

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

/// Events that come from outside the repository, or from a job of a pull request: GitHub says the base or default branch of
/// them, and such a job often checks out the pull request.
const OF_ANYBODY: [&str; 9] = [
    "check_run",
    "check_suite",
    "discussion",
    "discussion_comment",
    "issue_comment",
    "issues",
    "pull_request_target",
    "status",
    "workflow_run",
];

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
    if environment.get("GITHUB_EVENT_NAME").is_some_and(|event| OF_ANYBODY.contains(&event)) && !is_tag {
        let text = "of this event GitHub says the base or default branch, whatever the job checks out";
        return Ok(reference.warned(text));
    }
    Ok(reference)
}
