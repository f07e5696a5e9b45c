//! `portcullis decide` about one invocation.

use std::fs;

use serde_json::Value;

use super::support::{code, policy, run, run_with, stderr, stdout};

const CALLER: &str = "arn:aws:sts::111111111111:assumed-role/ci-main/run-1";

/// `decide` with flags; `change` replaces the values of some.
fn decide(change: &[(&str, &str)], more: &[&str]) -> std::process::Output {
    let policy = policy();
    let mut flags = vec![
        ("--policy", policy.to_str().unwrap()),
        ("--account", "prod"),
        ("--caller", CALLER),
        ("--repository", "git@github.com:acme/live.git"),
        ("--ref", "refs/heads/main"),
        ("--path", "prod/app"),
        ("--command", "terragrunt-plan"),
    ];
    flags.retain(|(flag, _)| !change.iter().any(|(other, _)| other == flag));
    flags.extend(change.iter().filter(|(_, value)| !value.is_empty()));
    let mut arguments = vec!["decide"];
    arguments.extend(flags.iter().flat_map(|(flag, value)| [*flag, *value]));
    arguments.extend(more);
    run(&arguments)
}

#[test]
fn the_exit_code_is_the_outcome() {
    assert_eq!(code(&decide(&[], &[])), 0);
    assert_eq!(code(&decide(&[("--path", "stage/app")], &[])), 1);
    assert_eq!(code(&decide(&[("--command", "terragrunt-apply")], &[])), 4);
}

#[test]
fn json_is_one_line() {
    let output = decide(&[], &["--format", "json"]);
    assert_eq!((stdout(&output).lines().count(), stderr(&output).as_str()), (1, ""));
    let decision: Value = serde_json::from_str(&stdout(&output)).unwrap();
    assert_eq!((&decision["reason"], &decision["engine"]), (&"permitted".into(), &"native".into()));
    assert_eq!(decision["bundle"], Value::Null);
}

#[test]
fn the_denied_see_what_to_do() {
    let output = decide(&[("--path", "stage/app")], &[]);
    snapbox::assert_data_eq!(
        stdout(&output),
        snapbox::str![[r#"
deny: no rule of account `prod` permits it; `plan` comes nearest, but for the path

  account     prod
  caller      arn:aws:sts::111111111111:assumed-role/ci-main/run-1
  repository  github.com/acme/live
  ref         refs/heads/main
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

"#]]
    );
}

#[test]
fn evidence_and_claims_come_from_files() {
    let directory = tempfile::tempdir().unwrap();
    let file = |name: &str, text: &str| {
        let path = directory.path().join(name);
        fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let evidence = file("evidence.json", "{\"planned\": true}\n");
    assert_eq!(code(&decide(&[("--command", "terragrunt-apply"), ("--evidence", &evidence)], &[])), 0);
    let claims = file("claims.json", "{\"issuer\": \"https://token.example.com\", \"claims\": {\"sub\": \"x\"}}");
    let output = decide(&[("--caller", ""), ("--claims", &claims)], &[]);
    assert_eq!(code(&output), 1);
    assert!(stdout(&output).contains("a token of https://token.example.com"), "{}", stdout(&output));
    let wrong = file("wrong.json", "{\"plannned\": true}");
    let output = decide(&[("--evidence", &wrong)], &[]);
    assert_eq!(code(&output), 3);
    assert!(
        stderr(&output).starts_with("error: `") && stderr(&output).contains("holds no evidence"),
        "{}",
        stderr(&output)
    );
    let principal = file("principal.json", "{\"principal\": \"arn:aws:iam::111111111111:root\"}");
    assert_eq!(code(&decide(&[("--caller", ""), ("--claims", &principal)], &[])), 3);
}

#[test]
fn arguments_stand_behind_two_dashes() {
    let output = decide(&[], &["--format", "json", "--", "-target=a b"]);
    let decision: Value = serde_json::from_str(&stdout(&output)).unwrap();
    assert_eq!(decision["reason"], "argument-refused");
}

#[test]
fn what_is_missing_is_named() {
    let output = decide(&[("--ref", ""), ("--caller", "")], &[]);
    assert_eq!(code(&output), 2);
    assert!(
        stderr(&output).starts_with("error: `--caller` or `--claims`, `--ref` are missing\nhelp: "),
        "{}",
        stderr(&output)
    );
}

#[test]
fn what_excludes_each_other_is_named() {
    let output = decide(&[("--claims", "x")], &[]);
    assert_eq!(code(&output), 2);
    assert!(stderr(&output).starts_with("error: `--caller` and `--claims` exclude each other"), "{}", stderr(&output));
    let output = run(&["decide", "--policy", "x", "--request", "-", "--account", "prod"]);
    assert_eq!(code(&output), 2);
    assert!(stderr(&output).starts_with("error: `--request` excludes `--account`"), "{}", stderr(&output));
    let output = run(&["decide", "--policy", "x", "--request", "-", "--requests", "-"]);
    assert_eq!(code(&output), 2);
    let output = run(&["decide", "--policy", "x", "--requests", "-", "--format", "human"]);
    assert_eq!(code(&output), 2);
    assert!(stderr(&output).starts_with("error: `--requests` excludes `--format human`"), "{}", stderr(&output));
}

#[test]
fn a_request_comes_from_stdin_too() {
    let policy = policy();
    let request = include_str!("../requests.jsonl").lines().next().unwrap();
    let arguments = ["decide", "--policy", policy.to_str().unwrap(), "--request", "-"];
    for end in ["", "\n", "\r\n"] {
        assert_eq!(code(&run_with(&arguments, format!("{request}{end}").as_bytes())), 0);
    }
    let output = run_with(&arguments, &vec![b' '; 1 << 20]);
    assert_eq!(code(&output), 1);
    assert!(stdout(&output).starts_with("deny: "), "{}", stdout(&output));
}

#[test]
fn a_file_that_is_not_there_is_named() {
    let policy = policy();
    for flag in ["--request", "--requests"] {
        let output = run(&["decide", "--policy", policy.to_str().unwrap(), flag, "nowhere.json"]);
        assert_eq!(code(&output), 3);
        assert!(
            stderr(&output).starts_with("error: `nowhere.json` cannot be read: no such file"),
            "{}",
            stderr(&output)
        );
    }
}

#[test]
fn by_an_invalid_policy_nothing_is_decided() {
    let directory = tempfile::tempdir().unwrap();
    fs::write(directory.path().join("a.hcl"), "nonsense {}\n").unwrap();
    let output = decide(&[("--policy", directory.path().to_str().unwrap())], &[]);
    assert_eq!((code(&output), stdout(&output).as_str()), (3, ""));
    assert!(stderr(&output).starts_with("error[PL103]"), "{}", stderr(&output));
    assert!(stderr(&output).contains("error: nothing is decided"), "{}", stderr(&output));
}
