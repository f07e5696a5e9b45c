//! Atlantis, in a `run` step of a workflow: <https://www.runatlantis.io/docs/custom-workflows.html>.

use super::{Facts, PASS_REPOSITORY, Said, commit, is_number};
use crate::input::Environment;
use crate::problem::{Kind, Note, Problem};

pub(super) const VARIABLES: &[&str] =
    &["ATLANTIS_CHECKOUT_STRATEGY", "BASE_REPO_NAME", "BASE_REPO_OWNER", "HEAD_COMMIT", "PULL_NUM", "PULL_URL"];

/// Behind the repository's address in that of a pull request, by host: what comes before the number, and the ref of its head.
/// Bitbucket's cloud has no ref for it, and Azure one of the merge alone.
const HOSTS: [(&str, &str, &str); 2] =
    [("/-/merge_requests/", "refs/merge-requests/", "/head"), ("/pull/", "refs/pull/", "/head")];

pub(super) fn facts(environment: &Environment) -> Facts {
    let pull = Pull::of(environment);
    let mut warnings = Vec::new();
    if environment.get("ATLANTIS_CHECKOUT_STRATEGY") == Some("merge") {
        let text =
            "Atlantis merges the base into what it checks out: it is asked for the head of the pull request alone";
        warnings.push(Note::warning("ref", text));
    }
    let (repository, reference) = match pull {
        Ok(pull) => (Ok(Said::new(pull.repository, "`PULL_URL`")), Ok(Said::new(pull.head, "`PULL_URL`, `PULL_NUM`"))),
        Err(message) => (
            Err(Problem::new(Kind::Repository, message.clone(), PASS_REPOSITORY)),
            Err(Problem::new(Kind::Ref, message, "pass the ref in full, as in `refs/pull/7/head`")),
        ),
    };
    Facts { repository, reference, commit: commit(environment, "HEAD_COMMIT"), warnings }
}

/// The pull request that the step is run for: the repository that it is made to, and its head there. The head's own branch,
/// which may lie in a fork, is not looked at.
struct Pull {
    repository: String,
    head: String,
}

impl Pull {
    fn of(environment: &Environment) -> Result<Self, String> {
        let get = |name: &str| environment.get(name).ok_or_else(|| format!("`{name}` is not set"));
        let (address, number) = (get("PULL_URL")?, get("PULL_NUM")?);
        let (owner, name) = (get("BASE_REPO_OWNER")?, get("BASE_REPO_NAME")?);
        let of_host = HOSTS.iter().find_map(|(middle, before, behind)| {
            let (repository, found) = address.split_once(middle)?;
            Some((repository, found, before, behind))
        });
        let Some((repository, found, before, behind)) = of_host else {
            return Err("`PULL_URL` is not the address of a pull request of GitHub or GitLab".to_owned());
        };
        if !is_number(number) || found != number {
            return Err("`PULL_NUM` and `PULL_URL` do not name one pull request".to_owned());
        }
        if !repository.ends_with(&format!("/{owner}/{name}")) {
            return Err("`PULL_URL` is of another repository than `BASE_REPO_OWNER` and `BASE_REPO_NAME`".to_owned());
        }
        Ok(Self { repository: repository.to_owned(), head: format!("{before}{number}{behind}") })
    }
}
