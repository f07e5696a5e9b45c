//! Buildkite: <https://buildkite.com/docs/pipelines/configure/environment-variables>.

use super::{Fact, Facts, PASS_REF, PASS_REPOSITORY, Said, commit, is_number, said};
use crate::input::Environment;
use crate::problem::{Kind, Note, Problem};

pub(super) const VARIABLES: &[&str] = &[
    "BUILDKITE_BRANCH",
    "BUILDKITE_COMMIT",
    "BUILDKITE_PIPELINE_PROVIDER",
    "BUILDKITE_PULL_REQUEST",
    "BUILDKITE_PULL_REQUEST_USING_MERGE_REFSPEC",
    "BUILDKITE_REPO",
    "BUILDKITE_TAG",
];

pub(super) fn facts(environment: &Environment) -> Facts {
    let mut warnings = Vec::new();
    // A build that was started by hand has no commit before its checkout.
    let commit = if environment.get("BUILDKITE_COMMIT") == Some("HEAD") {
        let text = "left out: `BUILDKITE_COMMIT` is `HEAD`; pass it, as `git rev-parse HEAD` prints it";
        warnings.push(Note::warning("commit", text));
        Ok(None)
    } else {
        commit(environment, "BUILDKITE_COMMIT")
    };
    Facts {
        repository: said(environment, "BUILDKITE_REPO", Kind::Repository, PASS_REPOSITORY),
        reference: reference(environment),
        commit,
        warnings,
    }
}

fn reference(environment: &Environment) -> Fact {
    if let Some(tag) = environment.get("BUILDKITE_TAG") {
        return Ok(Said::new(format!("refs/tags/{tag}"), "`BUILDKITE_TAG`"));
    }
    match environment.get("BUILDKITE_PULL_REQUEST") {
        Some(number) if number != "false" => pull_request(environment, number),
        _ => {
            let branch = said(environment, "BUILDKITE_BRANCH", Kind::Ref, PASS_REF)?;
            Ok(Said { value: format!("refs/heads/{}", branch.value), ..branch })
        }
    }
}

/// The agent fetches the head of a pull request of GitHub, or its merge where the pipeline says so. Of other hosts it
/// fetches the branch, which may lie in a fork.
fn pull_request(environment: &Environment, number: &str) -> Fact {
    let provider = environment.get("BUILDKITE_PIPELINE_PROVIDER").unwrap_or("unknown");
    if !is_number(number) || !matches!(provider, "github" | "github_enterprise") {
        return Err(Problem::new(
            Kind::Ref,
            "this is a build of a pull request, and its host is not said to be GitHub: it is open which ref it is",
            "pass the ref in full, as in `refs/pull/7/head` or `refs/merge-requests/7/head`",
        ));
    }
    let merge = environment.get("BUILDKITE_PULL_REQUEST_USING_MERGE_REFSPEC") == Some("true");
    let end = if merge { "merge" } else { "head" };
    let said =
        Said::new(format!("refs/pull/{number}/{end}"), "`BUILDKITE_PULL_REQUEST`, `BUILDKITE_PIPELINE_PROVIDER`");
    Ok(said.warned("the build has a pull request: it is asked for that, not for the branch"))
}
