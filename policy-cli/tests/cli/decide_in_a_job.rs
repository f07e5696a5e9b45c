//! `portcullis decide --ci`.

use std::fs;
use std::process::{Command, Output};

use ci_feedback::needed_variables;
use serde_json::Value;

use super::support::{code, policy, portcullis, stderr, stdout};

const COMMIT: &str = "0123456789abcdef0123456789abcdef01234567";
const CALLER: &str = "arn:aws:sts::111111111111:assumed-role/ci-main/run-1";
const GITHUB: &[(&str, &str)] = &[
    ("GITHUB_ACTIONS", "true"),
    ("GITHUB_SERVER_URL", "https://github.com"),
    ("GITHUB_REPOSITORY", "acme/live"),
    ("GITHUB_REF", "refs/heads/main"),
    ("GITHUB_REF_TYPE", "branch"),
    ("GITHUB_SHA", COMMIT),
];

/// The program in a job: of the environment around the tests, which may be a CI job too, nothing is left.
fn job(variables: &[(&str, &str)], arguments: &[&str]) -> Command {
    job_by(policy().to_str().unwrap(), variables, arguments)
}

/// The same by another policy.
fn job_by(policy: &str, variables: &[(&str, &str)], arguments: &[&str]) -> Command {
    let mut command = portcullis(&["decide", "--policy", policy, "--ci"]);
    for name in needed_variables().into_iter().chain(["GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY"]) {
        command.env_remove(name);
    }
    command.args(arguments).envs(variables.iter().copied());
    command
}

fn asked(variables: &[(&str, &str)], path: &str, command: &str, more: &[&str]) -> Output {
    let question = ["--account", "prod", "--path", path, "--command", command, "--caller", CALLER];
    job(variables, &[&question, more].concat()).output().unwrap()
}

#[test]
fn a_denied_job_sees_what_to_do() {
    let output = asked(GITHUB, "stage/app", "terragrunt-plan", &[]);
    assert_eq!((code(&output), stderr(&output).as_str()), (1, ""));
    snapbox::assert_data_eq!(
        stdout(&output),
        snapbox::str![[r#"
deny: no rule of account `prod` permits it; `plan` comes nearest, but for the path

  account     prod
  caller      arn:aws:sts::111111111111:assumed-role/ci-main/run-1
  repository  github.com/acme/live
  ref         refs/heads/main
  commit      0123456789abcdef0123456789abcdef01234567
  path        stage/app
  command     terragrunt-plan

  nearest "plan" at [..]/tests/policy/estate.hcl:29
    path        asked   stage/app
                permits ["prod/**"]
    only the path would have to differ

  nearest "apply" at [..]/tests/policy/estate.hcl:37
    path        asked   stage/app
                permits ["prod/**"]
    command     asked   terragrunt-plan
                permits ["terragrunt-apply"]

policy  sha256:[..]
help: `portcullis explain no-permit` says more

asked by GitHub Actions
  repository  `GITHUB_SERVER_URL`, `GITHUB_REPOSITORY`
  ref         `GITHUB_REF`
  commit      `GITHUB_SHA`
  caller      what was passed
::error title=portcullis%3A deny::no rule of account `prod` permits it; `plan` comes nearest, but for the path%0Apath: asked stage/app, permits ["prod/**"]%0A`portcullis explain no-permit` says more

"#]]
    );
}

#[test]
fn outputs_and_summary_are_appended_to_their_files() {
    let directory = tempfile::tempdir().unwrap();
    let file = |name: &str| directory.path().join(name).to_str().unwrap().to_owned();
    let (outputs, summary) = (file("outputs"), file("summary"));
    fs::write(&outputs, "before=1\n").unwrap();
    let files = [("GITHUB_OUTPUT", outputs.as_str()), ("GITHUB_STEP_SUMMARY", summary.as_str())];
    let output = asked(&[GITHUB, &files].concat(), "prod/app", "terragrunt-plan", &[]);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    let written = fs::read_to_string(&outputs).unwrap();
    assert!(written.starts_with("before=1\noutcome<<portcullis_outcome\npermit\nportcullis_outcome\n"), "{written}");
    assert!(fs::read_to_string(&summary).unwrap().starts_with("### portcullis: permit\n"));
    let nowhere = [("GITHUB_OUTPUT", "nowhere/outputs")];
    let output = asked(&[GITHUB, &nowhere].concat(), "prod/app", "terragrunt-plan", &[]);
    assert_eq!(code(&output), 70);
    assert!(
        stderr(&output).starts_with("error: `nowhere/outputs`, the file of `GITHUB_OUTPUT`"),
        "{}",
        stderr(&output)
    );
}

#[test]
fn unmet_fails_the_job_unless_it_may_pass() {
    let output = asked(GITHUB, "prod/app", "terragrunt-apply", &[]);
    assert_eq!(code(&output), 4);
    let output = asked(GITHUB, "prod/app", "terragrunt-apply", &["--unmet", "pass"]);
    assert_eq!(code(&output), 0);
    assert!(stdout(&output).contains("::warning title=portcullis%3A unmet::"), "{}", stdout(&output));
}

#[test]
fn json_is_one_line_and_annotations_go_to_stderr() {
    let output = asked(GITHUB, "prod/app", "terragrunt-plan", &["--format", "json"]);
    let decision: Value = serde_json::from_str(&stdout(&output)).unwrap();
    assert_eq!((&decision["reason"], stdout(&output).lines().count()), (&"permitted".into(), 1));
    assert!(stderr(&output).starts_with("::notice title=portcullis%3A permit::"), "{}", stderr(&output));
}

#[test]
fn what_the_environment_leaves_open_is_said() {
    let jenkins =
        [("JENKINS_URL", "https://x/"), ("GIT_URL", "https://u:hunter2@github.com/acme/live"), ("GIT_BRANCH", "v1")];
    let output = asked(&jenkins, "prod/app", "terragrunt-plan", &[]);
    assert_eq!((code(&output), stdout(&output).as_str()), (3, ""));
    assert!(stderr(&output).starts_with("error: `GIT_BRANCH` is not of the form `origin/NAME`"), "{}", stderr(&output));
    assert!(!stderr(&output).contains("hunter2"));
    let output = asked(&jenkins, "prod/app", "terragrunt-plan", &["--ref", "refs/heads/main"]);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    assert!(!stdout(&output).contains("hunter2"));
    let both = [GITHUB, &[("BUILDKITE", "true")]].concat();
    assert_eq!(code(&asked(&both, "prod/app", "terragrunt-plan", &[])), 3);
    assert_eq!(code(&asked(&both, "prod/app", "terragrunt-plan", &["--ci-system", "github"])), 0);
}

#[test]
fn a_caller_can_be_predicted_or_claimed() {
    let question = ["--account", "prod", "--path", "prod/app", "--command", "terragrunt-plan"];
    let output = job(GITHUB, &[&question[..], &["--github-subject", "names"]].concat()).output().unwrap();
    assert_eq!(code(&output), 1, "{}", stderr(&output));
    let text = stdout(&output);
    assert!(text.contains("a token of https://token.actions.githubusercontent.com"), "{text}");
    assert!(text.contains("caller      predicted: claims that a token of https://token.actions.githubusercontent.com would have in this job"), "{text}");
    assert!(text.contains("warning: caller: the predicted token lacks "), "{text}");
    let directory = tempfile::tempdir().unwrap();
    let claims = directory.path().join("claims.json");
    fs::write(&claims, "{\"issuer\": \"https://token.example.com\", \"claims\": {\"sub\": \"x\"}}").unwrap();
    let output = job(GITHUB, &[&question[..], &["--claims", claims.to_str().unwrap()]].concat()).output().unwrap();
    assert!(stdout(&output).contains("a token of https://token.example.com"), "{}", stdout(&output));
}

/// A policy whose production plans need an environment, and one whose forbid looks at it.
const BY_ENVIRONMENT: &str = r#"
policy {
  import = ["standard"]
}

repository "live" {
  remotes = ["github.com/acme/live"]
}

caller "release" {
  issuer = "https://token.actions.githubusercontent.com"
  claims = { environment = "production" }
}

runner "planner" {
  image = "registry.example.com/runner:7"
  role  = "terraform-planner"
}

account "prod" {
  id = "222222222222"

  permit "plan" {
    callers      = ["release"]
    repositories = ["live"]
    refs         = any()
    paths        = any()
    commands     = ["terraform-plan"]
  }
}
"#;

#[test]
fn a_job_that_cannot_tell_says_so() {
    let directory = tempfile::tempdir().unwrap();
    fs::write(directory.path().join("estate.hcl"), BY_ENVIRONMENT).unwrap();
    let ask = |more: &[&str]| {
        let question = ["--account", "prod", "--path", "prod/app", "--command", "terraform-plan"];
        let more = [&question[..], &["--engine", "both"], more].concat();
        job_by(directory.path().to_str().unwrap(), GITHUB, &more).output().unwrap()
    };
    let output = ask(&[]);
    assert_eq!(code(&output), 4, "{}", stderr(&output));
    let text = stdout(&output);
    assert!(
        text.starts_with("cannot tell: by what this job knows the answer is deny, and the claim `environment`"),
        "{text}"
    );
    assert!(text.contains("  environment  pass the environment of the deploying job"), "{text}");
    assert!(!text.contains("only the caller would have to differ"), "{text}");
    let output = ask(&["--format", "json"]);
    assert_eq!((code(&output), stdout(&output).lines().count()), (4, 1));
    assert!(stderr(&output).starts_with("cannot tell: by what this job knows"), "{}", stderr(&output));
    for told in [&["--github-environment", "production"][..], &["--claim", "environment=production"]] {
        assert_eq!(code(&ask(told)), 0, "{told:?}");
    }
    for told in [&["--claim", "environment"][..], &["--claim", "environment=stage"], &["--ref", "main"]] {
        assert_eq!(code(&ask(told)), if told[0] == "--ref" { 3 } else { 1 }, "{told:?}");
    }
    assert_eq!(code(&ask(&["--claim", "environment", "--claim", "environment=production"])), 2);
}

#[test]
fn what_makes_no_sense_in_a_job_is_usage() {
    for (arguments, says) in [
        (&["--account", "prod"][..], "error: `--path`, `--command` are missing"),
        (&["--request", "x"], "error: `--request` excludes `--ci`"),
        (&["--evidence", "x"], "error: `--ci` excludes `--evidence`"),
        (&["--caller", "x", "--claims", "x"], "error: `--caller` and `--claims` exclude each other"),
    ] {
        let output = job(GITHUB, arguments).output().unwrap();
        assert_eq!(code(&output), 2, "{arguments:?}");
        assert!(stderr(&output).starts_with(says), "{}", stderr(&output));
    }
    let output = portcullis(&["decide", "--policy", "x", "--unmet", "pass"]).output().unwrap();
    assert_eq!(code(&output), 2);
}
