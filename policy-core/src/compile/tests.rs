//! Whatever goes wrong in the compiler, the proof finds it.

use super::fault::{self, Fault};
use super::{CompileError, compile, verify};
use crate::bundle::Policy;
use crate::{Estate, PolicyFile, check};

/// An estate in which every mistake makes a difference.
const POLICY: &str = r#"
repository "live" {
  remotes   = ["git.acme.example/acme/live", "git.acme.example/acme/live-2"]
  protected = [branch("main"), !branch("main-old")]
}
repository "tools" {
  remotes   = ["github.com/acme/tools"]
  protected = [branch("stable")]
}
caller "ci" {
  principals = ["arn:aws:iam::111111111111:role/ci-*", !"arn:aws:iam::111111111111:role/ci-old"]
}
caller "people" {
  principals = ["arn:aws:iam::111111111111:role/people"]
  sessions   = ["team-*"]
  person     = "session"
}
caller "intern" {
  principals = ["arn:aws:iam::111111111111:role/people"]
  sessions   = ["team-intern-*"]
  person     = "session"
}
caller "workflow" {
  issuer = "https://token.example"
  claims = {
    environment   = ["production", "staging"]
    repository_id = "4711"
  }
  person = "sub"
}
caller "bound" {
  issuer = "https://token.example"
  claims = {
    groups = ["team-*", !"team-guests"]
    sub    = ["*"]
  }
  bind {
    repository = "github.com/{repository}"
    ref        = "{ref}"
  }
}
caller "free" {
  issuer = "https://token.example"
  claims = { sub = ["x"] }
}
runner "runner" {
  image       = "runner:1"
  role        = "runner"
  environment = { FROM_RUNNER = "1" }
}
command "plan" {
  runner  = "runner"
  program = ["terraform", "plan"]
  effect  = "read"
}
command "apply" {
  runner  = "runner"
  program = ["terraform", "apply"]
  effect  = "write"
  plan    = "plan"
  always  = ["-lock-timeout=5m"]
  option "-target" {
    values = [regex("module\\.[a-z]{2,5}(x[0-9]){0,3}"), !"module.secret"]
    repeat = true
  }
  option "-token" {
    values   = [regex("([a-z][a-z])*")]
    secret   = true
    required = true
  }
}
command "unused" {
  runner  = "runner"
  program = ["terraform", "version"]
  effect  = "read"
}
template "workload" {
  permit "plan" {
    callers      = ["ci", "workflow", "bound", "free", !"people"]
    repositories = ["live"]
    refs         = [protected(), branch("feature/?*")]
    paths        = ["${account.name}/**", !"${account.name}/secret/**"]
    commands     = ["plan"]
  }
  permit "apply" {
    callers      = [any(), !"intern"]
    repositories = ["live", "tools"]
    refs         = protected()
    paths        = ["${account.name}/*/{app,data,edge,front,graph,host,index}-?/x", "${account.name}/{a,b}[1]"]
    commands     = ["apply"]
    arguments    = { "-target" = ["module.app*"] }
    require {
      includes_tip_of = [branch("main"), branch("stable")]
      checks          = ["ci:unit", "ci:lint"]
      approvals   = 2
      approvers   = ["people", !"intern"]
      planned     = true
      plan        = { destroys = 3, types = ["aws_*"] }
      no_rollback = true
      window      = { days = ["mon"], from = "08:00", to = "17:00", zone = "UTC" }
      not_after   = "2027-01-01T00:00:00Z"
    }
  }
}
account "prod" {
  id      = "222222222222"
  extends = ["workload"]
  forbid "keep out" {
    paths = ["prod/kept/**"]
  }
  forbid "not that" {
    commands  = ["apply"]
    arguments = { "--target" = ["module.app"] }
  }
}
account "stage" {
  id      = "333333333333"
  extends = ["workload"]
}
"#;

fn estate(text: &str) -> Estate {
    // Brackets are no part of globs; the classes of regular expressions are.
    let text = text.replace("\"${account.name}/{a,b}[1]\"", "regex(\"[a-cx-z]{3}/[0-9é-ü]*\")");
    let report = check(vec![PolicyFile::new("estate.hcl", text.as_str())]);
    report.estate.unwrap_or_else(|| panic!("{:#?}", report.diagnostics))
}

#[test]
fn the_proof_finds_every_mistake_of_the_compiler() {
    let estate = estate(POLICY);
    compile(&estate, None).unwrap();
    let mut missed = Vec::new();
    for fault in Fault::ALL {
        let (result, met) = fault::with(fault, || compile(&estate, None));
        match result {
            Err(CompileError::Unproved(_)) if met => {}
            _ => missed.push((fault, met)),
        }
    }
    assert!(Fault::ALL.len() >= 30);
    assert!(missed.is_empty(), "not found (and whether they were made): {missed:?}");
}

#[test]
fn a_bundle_is_of_one_policy_only() {
    let first = estate(POLICY);
    let policy = Policy::load(compile(&first, None).unwrap().bytes).unwrap();
    assert_eq!(Some(verify(&policy, &first).unwrap()), policy.proof());
    for (from, to) in [
        ("module.secret", "module.secrets"),
        ("prod/kept/**", "prod/kept/*"),
        ("destroys = 3", "destroys = 4"),
        ("\"stage\"", "\"stages\""),
        ("role/people", "role/peoples"),
        ("repository_id = \"4711\"", "repository_id = \"4712\""),
        ("branch(\"stable\")", "branch(\"stables\")"),
    ] {
        assert!(verify(&policy, &estate(&POLICY.replace(from, to))).is_err(), "{from}");
    }
}

#[test]
fn the_same_estate_makes_the_same_bytes() {
    let bytes = || compile(&estate(POLICY), None).unwrap().bytes;
    assert_eq!(bytes(), bytes());
}

#[test]
fn a_bundle_of_one_account_has_its_policy() {
    let estate = estate(POLICY);
    let policies = |account: Option<&str>| -> Vec<_> {
        let policy = Policy::load(compile(&estate, account).unwrap().bytes).unwrap();
        policy.accounts().map(|account| (account.name().to_owned(), account.policy())).collect()
    };
    let all = policies(None);
    assert_eq!(policies(Some("prod")), all[..1]);
    assert_eq!(policies(Some("333333333333")), all[1..]);
    let error = compile(&estate, Some("prd")).unwrap_err();
    assert!(error.to_string().contains("did you mean `prod`?"), "{error}");
}
