//! Estates of any size.

use policy_core::invocation::{Evidence, RawCaller, RawInvocation};

/// The shared part: repositories, callers, runners, and a template of ten rules.
pub fn shared() -> String {
    let mut text = String::from(
        r#"policy {
  language = 1
  import   = ["standard"]
}

repository "live" {
  remotes   = ["github.com/acme/live"]
  protected = [branch("main"), branch("release/*")]
}

caller "ci" {
  principals = ["arn:aws:iam::111111111111:role/ci-*"]
}

caller "workflow" {
  issuer = "https://token.actions.githubusercontent.com"
  claims = {
    repository_id = "4711"
    environment   = ["production", "staging"]
  }
}

runner "planner" {
  image = "111111111111.dkr.ecr.eu-west-1.amazonaws.com/runner:1"
  role  = "planner"
}

runner "applier" {
  image = "111111111111.dkr.ecr.eu-west-1.amazonaws.com/runner:1"
  role  = "applier"
}

template "workload" {
"#,
    );
    for rule in 0..10 {
        let (kind, command) =
            if rule % 5 == 4 { ("forbid", "terragrunt-destroy") } else { ("permit", "terragrunt-plan") };
        text.push_str(&format!(
            r#"  {kind} "rule {rule}" {{
    callers      = ["ci", "workflow"]
    repositories = ["live"]
    refs         = [protected(), branch("team-{rule}/*")]
    paths        = ["${{account.name}}/area-{rule}/**", !"${{account.name}}/area-{rule}/mgmt/**"]
    commands     = ["{command}"]
  }}

"#
        ));
    }
    text.push_str("}\n");
    text
}

/// The files of an estate of so many accounts, a thousand accounts a file.
pub fn files(accounts: usize) -> Vec<(String, String)> {
    let mut files = vec![("estate.hcl".to_owned(), shared())];
    for first in (0..accounts).step_by(1_000) {
        let mut text = String::new();
        for number in first..accounts.min(first + 1_000) {
            text.push_str(&format!(
                "account \"account-{number:06}\" {{\n  id      = \"{number:012}\"\n  extends = [\"workload\"]\n  labels  = {{ tier = \"production\" }}\n}}\n\n"
            ));
        }
        files.push((format!("accounts/{first:06}.hcl"), text));
    }
    files
}

/// A question that every account of these estates permits, by the name of the account.
pub fn permitted(account: usize) -> RawInvocation {
    RawInvocation {
        account: format!("account-{account:06}"),
        caller: RawCaller::Principal("arn:aws:iam::111111111111:role/ci-main".to_owned()),
        repository: "git@github.com:acme/live.git".to_owned(),
        reference: "refs/heads/main".to_owned(),
        commit: None,
        path: format!("account-{account:06}/area-3/app"),
        command: "terragrunt-plan".to_owned(),
        arguments: Vec::new(),
        evidence: Evidence::default(),
    }
}

/// Numbers below `end` in no order that a processor could foresee, the same ones every time (the generator of Knuth's
/// MMIX).
pub fn numbers(end: usize) -> impl Iterator<Item = usize> {
    let mut state = 4_711_u64;
    std::iter::repeat_with(move || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(state >> 33).expect("31 bits are a number") % end
    })
}

/// A policy such as people write it, of some megabytes: rules spelled out for each account.
pub fn long_hand(accounts: usize) -> String {
    let mut text = shared();
    for number in 0..accounts {
        text.push_str(&format!(
            r#"
# The account of team {number}: plans from anywhere, applies from protected refs.
account "team-{number}" {{
  id      = "{number:012}"
  extends = ["workload"]
  labels = {{
    tier  = "production"
    group = "team-{number}"
  }}

  permit "apply reviewed code" {{
    callers      = ["workflow"]
    repositories = ["live"]
    refs         = protected()
    paths        = ["team-{number}/**"]
    commands     = ["terragrunt-apply"]
    require {{
      commit_on   = protected()
      planned     = true
      plan        = {{ destroys = 0, types = ["aws_*"] }}
      no_rollback = true
      window      = {{ days = ["mon", "tue", "wed", "thu"], from = "08:00", to = "17:00", zone = "Europe/Berlin" }}
    }}
  }}
}}
"#
        ));
    }
    text
}
