//! Azure Pipelines: <https://learn.microsoft.com/azure/devops/pipelines/build/variables>.

use super::{Fact, Facts, PASS_REF, PASS_REPOSITORY, commit, is_number, said};
use crate::input::Environment;
use crate::problem::{Kind, Problem};

pub(super) const VARIABLES: &[&str] = &[
    "BUILD_REASON",
    "BUILD_REPOSITORY_PROVIDER",
    "BUILD_REPOSITORY_URI",
    "BUILD_SOURCEBRANCH",
    "BUILD_SOURCEVERSION",
    "SYSTEM_PULLREQUEST_PULLREQUESTID",
    "SYSTEM_PULLREQUEST_PULLREQUESTNUMBER",
];

const PASS_PULL_REQUEST: &str = "pass the ref in full, as in `refs/pull/7/merge`";

pub(super) fn facts(environment: &Environment) -> Facts {
    Facts {
        repository: repository(environment),
        reference: reference(environment),
        commit: commit(environment, "BUILD_SOURCEVERSION"),
        warnings: Vec::new(),
    }
}

fn repository(environment: &Environment) -> Fact {
    if matches!(environment.get("BUILD_REPOSITORY_PROVIDER"), Some("TfsVersionControl" | "Svn")) {
        let message = "`BUILD_REPOSITORY_PROVIDER` says that the sources are in no repository of git";
        return Err(Problem::new(Kind::Repository, message, PASS_REPOSITORY));
    }
    said(environment, "BUILD_REPOSITORY_URI", Kind::Repository, PASS_REPOSITORY)
}

/// `BUILD_SOURCEBRANCH` is a ref in full. Of a pull request it is the merge, under the number that the host gave it; the branch
/// of a fork stands in other variables, which are not read.
fn reference(environment: &Environment) -> Fact {
    let said = said(environment, "BUILD_SOURCEBRANCH", Kind::Ref, PASS_REF)?;
    let problem = |message: &str| Err(Problem::new(Kind::Ref, message, PASS_PULL_REQUEST));
    let Some(pull) = said.value.strip_prefix("refs/pull/") else {
        return match environment.get("BUILD_REASON") {
            Some("PullRequest") => {
                problem("`BUILD_REASON` says that it is a pull request, and `BUILD_SOURCEBRANCH` names none")
            }
            _ => Ok(said),
        };
    };
    // Other hosts have no such ref: Azure calls theirs so all the same.
    if !matches!(environment.get("BUILD_REPOSITORY_PROVIDER"), Some("TfsGit" | "GitHub" | "GitHubEnterprise") | None) {
        return problem("this is a pull request of a host whose refs Azure does not say");
    }
    let number = pull.split('/').next().unwrap_or_default();
    // GitHub's pull requests have a number, and an id that is another one.
    let numbers = ["SYSTEM_PULLREQUEST_PULLREQUESTNUMBER", "SYSTEM_PULLREQUEST_PULLREQUESTID"];
    let told = numbers.iter().find_map(|name| environment.get(name));
    if !is_number(number) || told.is_some_and(|told| told != number) {
        return problem("`BUILD_SOURCEBRANCH` does not name the pull request that the build is of");
    }
    Ok(said)
}
