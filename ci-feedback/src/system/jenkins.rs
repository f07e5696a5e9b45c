//! Jenkins: its list of global variables, and those of the Git plugin (<https://plugins.jenkins.io/git/>).

use super::{Fact, Facts, PASS_REF, PASS_REPOSITORY, Said, commit, said};
use crate::input::Environment;
use crate::problem::{Kind, Problem};

pub(super) const VARIABLES: &[&str] =
    &["BRANCH_NAME", "CHANGE_ID", "GIT_BRANCH", "GIT_COMMIT", "GIT_URL", "GIT_URL_1", "GIT_URL_2", "TAG_NAME"];

pub(super) fn facts(environment: &Environment) -> Facts {
    Facts {
        repository: repository(environment),
        reference: reference(environment),
        commit: commit(environment, "GIT_COMMIT"),
        warnings: Vec::new(),
    }
}

fn repository(environment: &Environment) -> Fact {
    if environment.get("GIT_URL_2").is_some() {
        let message = "the job has several remotes: `GIT_URL_1`, `GIT_URL_2`";
        return Err(Problem::new(Kind::Repository, message, PASS_REPOSITORY));
    }
    said(environment, "GIT_URL", Kind::Repository, PASS_REPOSITORY)
}

/// A multibranch job says the name by `BRANCH_NAME`, and its kind by whether `TAG_NAME` and `CHANGE_ID` are there. `TAG_NAME`
/// is also what many jobs call a parameter of their own: it counts only where both say the same.
fn reference(environment: &Environment) -> Fact {
    if environment.get("CHANGE_ID").is_some() {
        return Err(Problem::new(
            Kind::Ref,
            "this is a job of a change request, and Jenkins does not say on which ref of it",
            "pass the ref in full, as in `refs/pull/7/head`, `refs/pull/7/merge` or `refs/merge-requests/7/head`",
        ));
    }
    match (environment.get("BRANCH_NAME"), environment.get("TAG_NAME")) {
        (Some(name), Some(tag)) if name == tag => {
            Ok(Said::new(format!("refs/tags/{tag}"), "`TAG_NAME`, `BRANCH_NAME`"))
        }
        (Some(name), None) => Ok(Said::new(format!("refs/heads/{name}"), "`BRANCH_NAME`")),
        (_, Some(_)) => Err(Problem::new(
            Kind::Ref,
            "`TAG_NAME` is set, but `BRANCH_NAME` does not say the same, as it does in a job of a tag",
            PASS_REF,
        )),
        (None, None) => remote_branch(environment),
    }
}

/// Of a job of one branch the Git plugin says the remote branch, `origin/main`.
fn remote_branch(environment: &Environment) -> Fact {
    let Some(value) = environment.get("GIT_BRANCH") else {
        return Err(Problem::new(Kind::Ref, "neither `BRANCH_NAME` nor `GIT_BRANCH` is set", PASS_REF));
    };
    if value.starts_with("refs/heads/") || value.starts_with("refs/tags/") {
        return Ok(Said::new(value, "`GIT_BRANCH`"));
    }
    match value.strip_prefix("origin/").filter(|name| !name.starts_with("tags/") && *name != "HEAD") {
        Some(branch) => Ok(Said::new(format!("refs/heads/{branch}"), "`GIT_BRANCH`, the remote being `origin`")),
        None => Err(Problem::new(
            Kind::Ref,
            "`GIT_BRANCH` is not of the form `origin/NAME`: it is open whether it names a branch, a tag or a commit",
            PASS_REF,
        )),
    }
}
