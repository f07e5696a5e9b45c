//! Bitbucket Pipelines: <https://support.atlassian.com/bitbucket-cloud/docs/variables-and-secrets/>.

use super::{Fact, Facts, PASS_REF, PASS_REPOSITORY, Said, commit};
use crate::input::Environment;
use crate::problem::{Kind, Problem};

pub(super) const VARIABLES: &[&str] = &[
    "BITBUCKET_BRANCH",
    "BITBUCKET_COMMIT",
    "BITBUCKET_GIT_HTTP_ORIGIN",
    "BITBUCKET_PR_ID",
    "BITBUCKET_REPO_FULL_NAME",
    "BITBUCKET_STEP_OIDC_TOKEN",
    "BITBUCKET_TAG",
];

pub(super) fn facts(environment: &Environment) -> Facts {
    Facts {
        repository: repository(environment),
        reference: reference(environment),
        commit: commit(environment, "BITBUCKET_COMMIT"),
        warnings: Vec::new(),
    }
}

/// Bitbucket writes the origin with `http`, which is no address that anything is fetched by. Whoever edits the pipeline can set
/// either variable, so they must agree.
fn repository(environment: &Environment) -> Fact {
    let named = environment.get("BITBUCKET_REPO_FULL_NAME").map(|name| format!("https://bitbucket.org/{name}"));
    let origin = environment.get("BITBUCKET_GIT_HTTP_ORIGIN");
    let origin = origin.map(|origin| match origin.strip_prefix("http://bitbucket.org/") {
        Some(name) => format!("https://bitbucket.org/{name}"),
        None => origin.to_owned(),
    });
    match (named, origin) {
        (Some(named), Some(origin)) if named != origin => Err(Problem::new(
            Kind::Repository,
            "`BITBUCKET_REPO_FULL_NAME` and `BITBUCKET_GIT_HTTP_ORIGIN` do not name one repository",
            PASS_REPOSITORY,
        )),
        (Some(named), _) => Ok(Said::new(named, "`BITBUCKET_REPO_FULL_NAME`")),
        (None, Some(origin)) => Ok(Said::new(origin, "`BITBUCKET_GIT_HTTP_ORIGIN`")),
        (None, None) => Err(Problem::new(Kind::Repository, "`BITBUCKET_REPO_FULL_NAME` is not set", PASS_REPOSITORY)),
    }
}

/// A branch or a tag. A pull request's pipeline runs on its branch after the destination was merged into it: there is no ref
/// of that, and the branch alone is not what runs.
fn reference(environment: &Environment) -> Fact {
    let problem = |message: &str, help: &str| Err(Problem::new(Kind::Ref, message, help));
    if environment.get("BITBUCKET_PR_ID").is_some() {
        return problem(
            "this is the pipeline of a pull request, which runs on a merge that has no ref in Bitbucket",
            "pass the ref that the deployment would run from, as in `refs/heads/main`, or ask in the branch's pipeline",
        );
    }
    match (environment.get("BITBUCKET_BRANCH"), environment.get("BITBUCKET_TAG")) {
        (Some(branch), None) => Ok(Said::new(format!("refs/heads/{branch}"), "`BITBUCKET_BRANCH`")),
        (None, Some(tag)) => Ok(Said::new(format!("refs/tags/{tag}"), "`BITBUCKET_TAG`")),
        (Some(_), Some(_)) => {
            problem("both `BITBUCKET_BRANCH` and `BITBUCKET_TAG` are set, and Bitbucket sets one", PASS_REF)
        }
        (None, None) => problem("neither `BITBUCKET_BRANCH` nor `BITBUCKET_TAG` is set", PASS_REF),
    }
}
