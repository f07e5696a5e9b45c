//! D1: the digest of an account's rules changes with what decides there, and with nothing else.

use policy_core::decision::Digest;
use policy_core::reference::Reference;
use policy_core::{PolicyFile, check};

const POLICY: &str = r#"
policy {
  language = 1
}
locals {
  unused = 1
}
repository "live" {
  remotes   = ["github.com/acme/live"]
  protected = [branch("main")]
}
repository "other" {
  remotes   = ["github.com/acme/other"]
  protected = [branch("trunk")]
}
caller "ci" {
  principals = ["arn:aws:iam::111111111111:role/ci-*"]
}
caller "guests" {
  principals = ["arn:aws:iam::111111111111:role/ci-guest-*"]
}
caller "reviewers" {
  issuer = "https://issuer.example.com"
  claims = { group = ["reviewers"] }
  person = "email"
}
caller "strangers" {
  principals = ["arn:aws:iam::111111111111:role/stranger"]
}
runner "planner" {
  image = "planner:1"
  role  = "planner"
}
runner "applier" {
  image = "applier:1"
  role  = "applier"
}
command "plan" {
  runner  = "planner"
  program = ["terraform", "plan"]
  effect  = "read"
}
command "apply" {
  runner  = "applier"
  program = ["terraform", "apply"]
  effect  = "write"
  plan    = "plan"
  option "-target" {
    values = ["module.*"]
  }
}
command "look" {
  runner  = "planner"
  program = ["look"]
  effect  = "read"
}
template "workload" {
  permit "apply" {
    callers      = ["ci", !"guests"]
    repositories = ["live"]
    refs         = protected()
    paths        = ["${account.name}/**"]
    commands     = ["apply"]
    require {
      approvals = 1
      approvers = ["reviewers"]
    }
  }
}
account "prod" {
  id      = "222222222222"
  extends = ["workload"]
  labels  = { tier = "production" }
}
account "stage" {
  id      = "333333333333"
  extends = ["workload"]
  permit "look" {
    callers      = ["strangers"]
    repositories = ["other"]
    refs         = any()
    paths        = any()
    commands     = ["look"]
  }
}
forbid "nobody updates the gate" {
  paths = ["*/gate"]
}
"#;

/// The digest of an account's rules.
fn digest(account: &str, files: Vec<PolicyFile>) -> Digest {
    let report = check(files);
    let estate = report.estate.unwrap_or_else(|| panic!("{:#?}", report.diagnostics));
    let request = format!(
        r#"{{"account":"{account}","caller":{{"principal":"local:user/a"}},"repository":"a.b/c","ref":"refs/heads/a","path":"a","command":"a"}}"#
    );
    Reference::new(&estate).decide_json(request.as_bytes()).policy.expect("the account is known")
}

fn of(account: &str, policy: &str) -> Digest {
    digest(account, vec![PolicyFile::new("estate.hcl", policy)])
}

/// `POLICY` with one piece of text replaced by another.
fn changed(from: &str, to: &str) -> String {
    assert_eq!(POLICY.matches(from).count(), 1, "`{from}` stands once in the policy");
    POLICY.replace(from, to)
}

#[test]
fn what_decides_changes_the_digest() {
    for (from, to) in [
        ("\"222222222222\"", "\"222222222223\""),
        ("account \"prod\"", "account \"production\""),
        ("[\"ci\", !\"guests\"]", "[\"ci\"]"),
        ("role/ci-*", "role/ci?*"),
        ("role/ci-guest-*", "role/ci-guest-?"),
        ("role/ci-guest-*\"]", "role/ci-guest-*\"]\n  sessions = [\"a\"]"),
        ("group = [\"reviewers\"]", "group = [\"reviewer\"]"),
        ("https://issuer.example.com", "https://issuer.example.org"),
        ("person = \"email\"", "person = \"name\""),
        ("github.com/acme/live\"", "github.com/acme/alive\""),
        ("branch(\"main\")", "branch(exact(\"main\"))"),
        ("${account.name}/**", "${account.name}/*"),
        ("commands     = [\"apply\"]", "commands     = [\"apply\", \"plan\"]"),
        ("\"terraform\", \"apply\"", "\"tofu\", \"apply\""),
        ("\"terraform\", \"plan\"", "\"tofu\", \"plan\""),
        ("applier:1", "applier:2"),
        ("planner:1", "planner:2"),
        ("module.*", "module.?"),
        ("\"applier:1\"", "\"applier:1\"\n  modules = [\"other\"]"),
        ("\"applier:1\"", "\"applier:1\"\n  submodules = true"),
        ("approvals = 1", "approvals = 2"),
        ("permit \"apply\"", "permit \"apply it\""),
        ("*/gate", "*/gates"),
        ("refs         = protected()", "refs         = [protected(), tag(\"v*\")]"),
    ] {
        let account = if from.contains("account \"prod\"") { "production" } else { "prod" };
        assert_ne!(of(account, &changed(from, to)), of("prod", POLICY), "{from} -> {to}");
    }
}

#[test]
fn what_does_not_decide_changes_nothing() {
    for (from, to) in [
        ("\"333333333333\"", "\"444444444444\""),
        ("permit \"look\"", "permit \"look at it\""),
        ("role/stranger", "role/other-stranger"),
        ("github.com/acme/other", "github.com/acme/another"),
        ("branch(\"trunk\")", "branch(\"next\")"),
        ("program = [\"look\"]", "program = [\"see\"]"),
        ("tier = \"production\"", "tier = \"prod\""),
        ("unused = 1", "unused = 2"),
        (
            "id      = \"222222222222\"",
            "description = \"the real thing\"\n  id = \"222222222222\"\n  region = \"eu-west-1\"",
        ),
        ("[\"ci\", !\"guests\"]", "[!\"guests\", \"ci\", \"ci\"]"),
        ("paths = [\"*/gate\"]", "# a comment\n  paths = [ \"*/${\"gate\"}\" ]"),
        ("refs         = protected()", "refs         = [protected()]"),
        ("[\"module.*\"]", "glob(\"module.*\")"),
        ("language = 1", ""),
    ] {
        assert_eq!(of("prod", &changed(from, to)), of("prod", POLICY), "{from} -> {to}");
    }
}

// D1: a runner's block has the remotes of its modules.
#[test]
fn what_a_module_is_decides_and_what_it_protects_does_not() {
    let with = changed("\"applier:1\"", "\"applier:1\"\n  modules = [\"o*\"]");
    assert_eq!(of("prod", &with), of("prod", &with.replace("[\"o*\"]", "[\"other\"]")));
    assert_eq!(of("prod", &with), of("prod", &with.replace("branch(\"trunk\")", "branch(\"next\")")));
    let another = with.replace("github.com/acme/other", "github.com/acme/another");
    assert_ne!(of("prod", &with), of("prod", &another));
    let none = changed("\"applier:1\"", "\"applier:1\"\n  modules = []\n  submodules = false");
    assert_eq!(of("prod", &none), of("prod", POLICY));
}

#[test]
fn files_and_their_order_make_no_difference() {
    let blocks: Vec<&str> = POLICY.split_inclusive("\n}\n").collect();
    let numbered = |order: Vec<(usize, &&str)>| -> Vec<PolicyFile> {
        order
            .into_iter()
            .enumerate()
            .map(|(place, (_, text))| PolicyFile::new(format!("f{place:02}.hcl"), *text))
            .collect()
    };
    let forward = numbered(blocks.iter().enumerate().collect());
    let backward = numbered(blocks.iter().enumerate().rev().collect());
    for files in [forward, backward] {
        assert_eq!(digest("prod", files), of("prod", POLICY));
    }
}

#[test]
fn accounts_have_digests_of_their_own() {
    assert_ne!(of("prod", POLICY), of("stage", POLICY));
    assert_eq!(of("prod", POLICY), of("222222222222", POLICY), "by name and by id");
}

#[test]
fn an_open_rule_with_protected_looks_at_every_repository() {
    let open = changed("repositories = [\"live\"]", "repositories = any()");
    let other = open.replace("branch(\"trunk\")", "branch(\"next\")");
    assert_ne!(of("prod", &open), of("prod", &other));
}

#[test]
fn the_digest_is_the_documented_one() {
    let policy = "account \"prod\" { id = \"222222222222\" }\n";
    // The canonical text, as docs/digest.md describes it, of an account without rules.
    let text = r#"{"account":{"id":"222222222222","name":"prod"},"callers":{},"commands":{},"format":"portcullis-policy-1","language":1,"repositories":{},"rules":[],"runners":{}}"#;
    let expected = <sha2::Sha256 as sha2::Digest>::digest(text.as_bytes());
    assert_eq!(of("prod", policy), Digest(expected.into()));
}
