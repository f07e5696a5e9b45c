//! `portcullis bundle show` and `portcullis bundle verify`.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::support::{bundle, code, policy, run, stderr, stdout};

fn show(path: &Path, more: &[&str]) -> String {
    let output = run(&[&["bundle", "show", path.to_str().unwrap()], more].concat());
    assert_eq!((code(&output), stderr(&output).as_str()), (0, ""));
    stdout(&output)
}

fn verify(path: &Path, policy: &Path, more: &[&str]) -> (i32, String, String) {
    let arguments = ["bundle", "verify", path.to_str().unwrap(), "--policy", policy.to_str().unwrap()];
    let output = run(&[&arguments[..], more].concat());
    (code(&output), stdout(&output), stderr(&output))
}

#[test]
fn people_see_what_it_is() {
    let directory = tempfile::tempdir().unwrap();
    let path = bundle(directory.path(), &[]);
    snapbox::assert_data_eq!(
        show(&path, &[]),
        snapbox::str![[r"
bundle  sha256:[..]
format  1.0, policy language 1
holds   an estate of one account
proved  [..] of states and [..] of tables agree with the reference's reading of the policy
bytes   [..]

bytes by part
  header [..]
...
  texts [..]

accounts
  prod  222222222222  sha256:[..]

"]]
    );
    let path = bundle(directory.path(), &["--account", "prod"]);
    assert!(show(&path, &[]).contains("\nholds   the account prod alone\n"));
}

#[test]
fn people_see_what_is_in_force_in_an_account() {
    let directory = tempfile::tempdir().unwrap();
    let path = bundle(directory.path(), &[]);
    let text = show(&path, &["--account", "222222222222"]);
    assert_eq!(text, show(&path, &["--account", "prod"]));
    snapbox::assert_data_eq!(text, snapbox::file!["snapshots/account.txt"]);
}

#[test]
fn json_holds_what_is_shown() {
    let directory = tempfile::tempdir().unwrap();
    let path = bundle(directory.path(), &[]);
    let read = |more: &[&str]| -> Value {
        serde_json::from_str(&show(&path, &[&["--format", "json"], more].concat())).unwrap()
    };
    let whole = read(&[]);
    let fields: Vec<_> = whole.as_object().unwrap().keys().map(String::as_str).collect();
    let expected = [
        "version",
        "bundle",
        "format",
        "language",
        "module",
        "one_account",
        "bytes",
        "proof",
        "parts",
        "accounts",
        "in_force",
    ];
    assert_eq!((fields, &whole["in_force"]), (expected.to_vec(), &Value::Null));
    let sum: u64 = whole["parts"].as_array().unwrap().iter().map(|part| part["bytes"].as_u64().unwrap()).sum();
    assert_eq!((sum, whole["bytes"].as_u64().unwrap()), (fs::metadata(&path).unwrap().len(), sum));
    let account = read(&["--account", "prod"]);
    let rules: Vec<&Value> =
        account["in_force"]["rules"].as_array().unwrap().iter().map(|rule| &rule["name"]).collect();
    assert_eq!(rules, ["never the runner itself", "apply", "plan"]);
    assert_eq!(account["in_force"]["rules"][1]["requirements"]["planned"], true);
    assert_eq!(account["in_force"]["repositories"][0]["protected"], "branch(\"main\")");
}

/// A requirement and an option of each kind.
const ALL_KINDS: &str = r#"
repository "live" {
  remotes   = ["github.com/acme/live"]
  protected = [branch("main"), tag("v*")]
}
caller "ana" {
  principals = ["local:user/ana"]
  person     = "principal"
}
caller "staff" {
  issuer = "https://login.example"
  claims = { groups = "reviewers" }
  person = "email"
}
runner "applier" {
  image       = "applier:1"
  role        = "applier"
  environment = { TF_INPUT = "0" }
}
command "plan" {
  runner  = "applier"
  program = ["terraform", "plan"]
  effect  = "read"
}
command "apply" {
  runner   = "applier"
  program  = ["terraform", "apply"]
  effect   = "write"
  plan     = "plan"
  always   = ["-input=false"]
  trailing = ["done now"]
  option "-var-file" {
    kind     = "path"
    values   = ["env/*"]
    repeat   = true
    separate = true
    secret   = true
  }
  flag "-refresh-only" {}
  positional {
    values = ["*"]
    max    = 2
  }
}
command "stop" { verb = "cancel" }
account "production" {
  id = "222222222222"
  permit "all kinds" {
    callers      = any()
    repositories = ["live"]
    refs         = [protected(), !tag("v0")]
    paths        = ["${account.name}/**"]
    commands     = any()
    arguments    = { "-var-file" = ["env/${account.name}"] }
    require {
      commit_on        = protected()
      commit_is_tip_of = branch("main")
      approvals        = 2
      approvers        = ["*", !"ana"]
      planned          = true
      plan             = { destroys = 0, creates = 9223372036854775807, types = ["aws_*"] }
      no_rollback      = true
      window           = { days = ["mon", "fri"], from = "08:30", to = "24:00", zone = "Europe/Berlin" }
      not_after        = "2030-01-31T23:59:59Z"
    }
  }
}
"#;

#[test]
fn every_kind_of_requirement_and_option_is_shown() {
    let directory = tempfile::tempdir().unwrap();
    let policy = directory.path().join("policy");
    fs::create_dir(&policy).unwrap();
    fs::write(policy.join("estate.hcl"), ALL_KINDS).unwrap();
    let path = directory.path().join("a.bundle");
    let output = run(&["compile", policy.to_str().unwrap(), "-o", path.to_str().unwrap()]);
    assert_eq!(code(&output), 0, "{}{}", stdout(&output), stderr(&output));
    snapbox::assert_data_eq!(
        show(&path, &["--account", "production"]),
        snapbox::file!["snapshots/account-of-all-kinds.txt"]
    );
    let document: Value = serde_json::from_str(&show(&path, &["--account", "production", "--format", "json"])).unwrap();
    let required = &document["in_force"]["rules"][0]["requirements"];
    assert_eq!(required["plan"]["creates"], 9_223_372_036_854_775_807_u64);
    assert_eq!(required["window"][0]["to"], "24:00");
    assert_eq!(required["approvals"]["excluded"][0]["person"], "principal");
    assert_eq!(document["in_force"]["commands"][2]["executes"], Value::Null);
}

#[test]
fn an_account_that_is_not_there_is_named_with_the_nearest() {
    let directory = tempfile::tempdir().unwrap();
    let path = bundle(directory.path(), &[]);
    let output = run(&["bundle", "show", path.to_str().unwrap(), "--account", "prdo"]);
    assert_eq!((code(&output), stdout(&output).as_str()), (3, ""));
    assert_eq!(
        stderr(&output),
        "error: the bundle has no account of the name or id `prdo`\nhelp: did you mean `prod`?\n"
    );
}

/// The policy of these tests with something in it replaced.
fn changed(directory: &Path, from: &str, to: &str) -> PathBuf {
    let text = fs::read_to_string(policy().join("estate.hcl")).unwrap();
    assert!(text.contains(from), "{from}");
    let policy = directory.join("policy");
    fs::create_dir_all(&policy).unwrap();
    fs::write(policy.join("estate.hcl"), text.replace(from, to)).unwrap();
    policy
}

#[test]
fn a_bundle_of_the_policy_is_verified() {
    let directory = tempfile::tempdir().unwrap();
    for more in [&[][..], &["--account", "prod"]] {
        let path = bundle(directory.path(), more);
        let (code, stdout, stderr) = verify(&path, &policy(), more);
        assert_eq!(code, 0, "{stdout}{stderr}");
        assert!(stdout.starts_with("equal: `") && stdout.contains("\nbundle sha256:"), "{stdout}");
        assert!(stderr.starts_with("proved: "), "{stderr}");
    }
}

#[test]
fn what_changes_no_meaning_changes_nothing() {
    let directory = tempfile::tempdir().unwrap();
    let path = bundle(directory.path(), &[]);
    let policy = changed(directory.path(), "\"prod/**\"", "\"prod/**\" /* a remark */");
    assert_eq!(verify(&path, &policy, &[]).0, 0);
}

#[test]
fn a_bundle_of_another_policy_is_told_from_it() {
    let directory = tempfile::tempdir().unwrap();
    let path = bundle(directory.path(), &[]);
    for (from, to) in [
        ("\"prod/**\"", "\"prod/*\""),
        ("planned = true", "no_rollback = true"),
        ("role/ci-*", "role/cd-*"),
        ("branch(\"main\")", "branch(\"master\")"),
        ("222222222222", "333333333333"),
        ("\"applier:1\"", "\"applier:2\""),
        ("account \"prod\"", "account \"production\""),
    ] {
        let policy = changed(directory.path(), from, to);
        let (code, stdout, stderr) = verify(&path, &policy, &[]);
        assert_eq!(code, 1, "{from} {to}: {stdout}{stderr}");
        assert!(stdout.starts_with("different: `") && stdout.lines().count() == 2, "{stdout}");
        assert!(stderr.starts_with("help: "), "{stderr}");
    }
}

#[test]
fn a_bundle_must_be_of_the_account_that_is_asked_for() {
    let directory = tempfile::tempdir().unwrap();
    let path = bundle(directory.path(), &[]);
    let (code, stdout, _) = verify(&path, &policy(), &["--account", "prod"]);
    assert_eq!(code, 1);
    assert!(stdout.contains(" says in its accounts: it is of an estate of 1, not of `prod` alone\n"), "{stdout}");
    let (code, _, stderr) = verify(&path, &policy(), &["--account", "prdo"]);
    assert_eq!(code, 3);
    assert!(stderr.ends_with("\nhelp: did you mean `prod`?\n"), "{stderr}");
}

#[test]
fn what_cannot_be_read_is_not_verified() {
    let directory = tempfile::tempdir().unwrap();
    let path = bundle(directory.path(), &[]);
    let broken = changed(directory.path(), "runner \"planner\"", "nonsense \"planner\"");
    let (code, stdout, stderr) = verify(&path, &broken, &[]);
    assert_eq!((code, stdout.as_str()), (3, ""));
    assert!(stderr.contains("error: nothing is proved, since the policy is invalid"), "{stderr}");
    let (code, _, stderr) = verify(&policy().join("estate.hcl"), &policy(), &[]);
    assert_eq!(code, 3);
    assert!(stderr.contains("this is not a policy bundle\nhelp: "), "{stderr}");
}
