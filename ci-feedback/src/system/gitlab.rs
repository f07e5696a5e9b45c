//! GitLab CI: <https://docs.gitlab.com/ci/variables/predefined_variables/>.

use super::{Fact, Facts, PASS_REF, PASS_REPOSITORY, Said, commit, is_number};
use crate::input::Environment;
use crate::problem::{Kind, Note, Problem};

pub(super) const VARIABLES: &[&str] = &[
    "CI_COMMIT_BRANCH",
    "CI_COMMIT_SHA",
    "CI_COMMIT_TAG",
    "CI_MERGE_REQUEST_EVENT_TYPE",
    "CI_MERGE_REQUEST_IID",
    "CI_MERGE_REQUEST_PROJECT_URL",
    "CI_MERGE_REQUEST_REF_PATH",
    "CI_PROJECT_URL",
    "CI_REPOSITORY_URL",
];

pub(super) fn facts(environment: &Environment) -> Facts {
    let mut warnings = Vec::new();
    let merge_request = environment.get("CI_MERGE_REQUEST_IID").is_some();
    let (target, own) = (environment.get("CI_MERGE_REQUEST_PROJECT_URL"), environment.get("CI_PROJECT_URL"));
    if merge_request && target.is_some() && own.is_some() && target != own {
        warnings.push(Note::warning(
            "repository",
            "the pipeline runs in another project than the merge request's: the ref is one of the merge request's project",
        ));
    }
    Facts {
        repository: repository(environment, merge_request),
        reference: reference(environment),
        commit: commit(environment, "CI_COMMIT_SHA"),
        warnings,
    }
}

/// The project's address. The refs of a merge request are those of the project that it is made to, which is another one
/// than the pipeline's where that runs in a fork.
fn repository(environment: &Environment, merge_request: bool) -> Fact {
    let names: &[&str] = match merge_request {
        true => &["CI_MERGE_REQUEST_PROJECT_URL", "CI_PROJECT_URL", "CI_REPOSITORY_URL"],
        false => &["CI_PROJECT_URL", "CI_REPOSITORY_URL"],
    };
    let said = names.iter().find_map(|name| Some(Said::new(environment.get(name)?, format!("`{name}`"))));
    said.ok_or_else(|| Problem::new(Kind::Repository, "`CI_PROJECT_URL` is not set", PASS_REPOSITORY))
}

fn reference(environment: &Environment) -> Fact {
    let kinds = ["CI_COMMIT_BRANCH", "CI_COMMIT_TAG", "CI_MERGE_REQUEST_IID"];
    let mut set = kinds.iter().filter_map(|name| Some((*name, environment.get(name)?)));
    match (set.next(), set.next()) {
        (Some((name, value)), None) => match name {
            "CI_COMMIT_BRANCH" => Ok(Said::new(format!("refs/heads/{value}"), format!("`{name}`"))),
            "CI_COMMIT_TAG" => Ok(Said::new(format!("refs/tags/{value}"), format!("`{name}`"))),
            _ => merge_request(environment, value),
        },
        (None, _) => Err(Problem::new(
            Kind::Ref,
            "none of `CI_COMMIT_BRANCH`, `CI_COMMIT_TAG` and `CI_MERGE_REQUEST_IID` is set",
            PASS_REF,
        )),
        (Some((one, _)), Some((other, _))) => {
            Err(Problem::new(Kind::Ref, format!("both `{one}` and `{other}` are set, and GitLab sets one"), PASS_REF))
        }
    }
}

/// A merge request's pipeline runs on its head or, with merged results, on the merge, or on its place in a merge train.
fn merge_request(environment: &Environment, number: &str) -> Fact {
    let of = |end: &str| format!("refs/merge-requests/{number}/{end}");
    let help = "pass the ref in full, as in `refs/merge-requests/7/head`, or ask in the pipeline of the branch";
    let path = environment.get("CI_MERGE_REQUEST_REF_PATH");
    let is_of_it = |path: &str| ["head", "merge", "train"].iter().any(|end| of(end) == path);
    if !is_number(number) || !path.is_none_or(is_of_it) {
        let message = "`CI_MERGE_REQUEST_IID` and `CI_MERGE_REQUEST_REF_PATH` do not name one merge request";
        return Err(Problem::new(Kind::Ref, message, help));
    }
    let end = match (environment.get("CI_MERGE_REQUEST_EVENT_TYPE"), path) {
        (None, Some(path)) => return Ok(Said::new(path, "`CI_MERGE_REQUEST_REF_PATH`")),
        (Some("detached"), _) => "head",
        (Some("merged_result"), _) => "merge",
        (Some("merge_train"), _) => "train",
        (Some(_), _) | (None, None) => {
            let message = "it is open whether this is the merge request's head or its merge";
            return Err(Problem::new(Kind::Ref, message, help));
        }
    };
    Ok(Said::new(of(end), "`CI_MERGE_REQUEST_IID`, `CI_MERGE_REQUEST_EVENT_TYPE`"))
}
