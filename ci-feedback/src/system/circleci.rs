//! CircleCI: <https://circleci.com/docs/variables>.

use super::{Fact, Facts, PASS_REF, PASS_REPOSITORY, Said, commit, is_number, said};
use crate::input::Environment;
use crate::problem::{Kind, Problem};

pub(super) const VARIABLES: &[&str] = &[
    "CIRCLE_BRANCH",
    "CIRCLE_OIDC_TOKEN",
    "CIRCLE_OIDC_TOKEN_V2",
    "CIRCLE_PR_NUMBER",
    "CIRCLE_REPOSITORY_URL",
    "CIRCLE_SHA1",
    "CIRCLE_TAG",
];

pub(super) fn facts(environment: &Environment) -> Facts {
    Facts {
        repository: said(environment, "CIRCLE_REPOSITORY_URL", Kind::Repository, PASS_REPOSITORY),
        reference: reference(environment),
        commit: commit(environment, "CIRCLE_SHA1"),
        warnings: Vec::new(),
    }
}

/// A branch or a tag. `CIRCLE_PULL_REQUEST` is not looked at: a job of a branch has it too once the branch has a pull
/// request. A pull request of a fork is built on the branch `pull/N`, which may as well be the name of a branch.
fn reference(environment: &Environment) -> Fact {
    match (environment.get("CIRCLE_TAG"), environment.get("CIRCLE_BRANCH")) {
        (Some(tag), None) => Ok(Said::new(format!("refs/tags/{tag}"), "`CIRCLE_TAG`")),
        (None, Some(branch)) => {
            let pull = branch.strip_prefix("pull/").map(|rest| rest.strip_suffix("/head").unwrap_or(rest));
            match pull.filter(|number| is_number(number)).or(environment.get("CIRCLE_PR_NUMBER")) {
                None => Ok(Said::new(format!("refs/heads/{branch}"), "`CIRCLE_BRANCH`")),
                Some(_) => Err(Problem::new(
                    Kind::Ref,
                    "this is a job of a fork's pull request, and it is open whether on its head or its merge",
                    "pass the ref in full, as in `refs/pull/7/head` or `refs/pull/7/merge`",
                )),
            }
        }
        (Some(_), Some(_)) => Err(Problem::new(
            Kind::Ref,
            "both `CIRCLE_TAG` and `CIRCLE_BRANCH` are set, and CircleCI sets one",
            PASS_REF,
        )),
        (None, None) => Err(Problem::new(Kind::Ref, "neither `CIRCLE_TAG` nor `CIRCLE_BRANCH` is set", PASS_REF)),
    }
}
