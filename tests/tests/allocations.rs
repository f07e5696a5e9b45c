//! Deciding a canonical invocation allocates nothing, whatever comes out; and threads share a policy.

use std::sync::Arc;

use policy_core::bundle::Policy;
use policy_core::compile::compile;
use policy_core::invocation::{Invocation, RawInvocation};
use policy_core::{PolicyFile, check};
use serde_json::{Value, json};

const DECLARED: &str = r#"
repository "live" {
  remotes   = ["github.com/acme/live"]
  protected = [branch("main"), branch("release/*")]
}
caller "ci" {
  principals = ["arn:aws:iam::111111111111:role/ci-*"]
  sessions   = ["run-*"]
}
caller "banned" {
  principals = ["arn:aws:iam::111111111111:role/ci-banned"]
}
caller "workflow" {
  issuer = "https://token.example"
  claims = { repository_id = "4711", groups = ["admins", regex("team-\\d+")] }
}
caller "reviewers" {
  principals = ["arn:aws:iam::111111111111:role/Reviewer"]
  person     = "session"
}
caller "staff" {
  issuer = "https://login.example"
  claims = { groups = "reviewers" }
  person = "email"
}
runner "tool" {
  image = "tool:1"
  role  = "tool"
}
command "plan" {
  runner  = "tool"
  program = ["tool", "plan"]
  effect  = "read"
}
command "apply" {
  runner  = "tool"
  program = ["tool", "apply"]
  effect  = "write"
  plan    = "plan"
  option "-target" {
    values = [any()]
    repeat = true
  }
  option "--var-file" {
    values = ["**"]
    kind   = "path"
  }
  positional {
    values = ["[a-z]*", "x?"]
    max    = 2
  }
}
forbid "nobody banned" {
  callers = ["banned"]
}
forbid "no secrets" {
  commands  = ["apply"]
  arguments = { "-target" = ["secret/**"], "positional" = ["x?"] }
}
"#;

const ALL: &str = r#"
  permit "all that can be required" {
    callers      = ["ci", "workflow"]
    repositories = ["live"]
    refs         = [protected(), !branch("release/old")]
    paths        = ["prod/**", !"prod/*/secret"]
    commands     = ["apply"]
    arguments    = { "-target" = ["module.*", "secret/*"], "--var-file" = ["env/*.tfvars"] }
    require {
      commit_on        = protected()
      commit_is_tip_of = [branch("main"), !protected(), branch("x")]
      approvals        = 2
      approvers        = ["reviewers", "staff"]
      planned          = true
      plan             = { creates = 1, destroys = 0, types = ["aws_*"] }
      no_rollback      = true
      window           = { days = ["fri"], from = "09:00", to = "17:00", zone = "Europe/Berlin" }
      not_after        = "2027-01-01T00:00:00Z"
    }
  }
"#;

/// An estate of one account with so many rules, all but two of which are about paths of their own.
fn policy(rules: usize) -> Policy {
    let others = (2..rules - 2).map(|number| {
        format!(
            "permit \"rule {number}\" {{\n callers = [any(), !\"banned\"]\n repositories = any()\n refs = branch(\"b{number}\")\n \
             paths = [\"unit/{number}/**\"]\n commands = effect(\"write\")\n arguments = {{ \"-target\" = [\"t{number}*\"] }}\n}}\n"
        )
    });
    let plain = "permit \"plan\" {\n callers = any()\n repositories = any()\n refs = any()\n paths = any()\n commands = [\"plan\"]\n}\n";
    let account =
        format!("account \"prod\" {{\n  id = \"222222222222\"\n{ALL}{plain}{}}}\n", others.collect::<String>());
    let text = DECLARED.replace("[a-z]*", "m*") + &account;
    let report = check(vec![PolicyFile::new("estate.hcl", text)]);
    let estate = report.estate.unwrap_or_else(|| panic!("{:?}", report.diagnostics));
    let policy = Policy::load(compile(&estate, None).expect("it compiles").bytes).expect("it loads");
    assert_eq!(estate.rules(&estate.accounts[0]).len(), rules);
    policy
}

fn principal(role: &str, session: &str) -> Value {
    json!({"principal": format!("arn:aws:sts::111111111111:assumed-role/{role}/{session}")})
}

/// Permitted by the rule that requires everything.
fn permitted() -> Value {
    json!({
        "account": "prod", "caller": principal("ci-main", "run-1"), "repository": "github.com/acme/live",
        "ref": "refs/heads/main", "commit": "0123456789abcdef0123456789abcdef01234567", "path": "prod/eu/app",
        "command": "apply", "arguments": ["-target=module.a", "--target", "module.b", "-var-file=env/a.tfvars", "m1"],
        "evidence": {
            "commit_on": ["refs/heads/x", "refs/heads/main"], "commit_is_tip_of": ["refs/heads/x"],
            "approvals": [principal("Reviewer", "ana"), principal("Reviewer", "bob"),
                {"issuer": "https://login.example", "claims": {"groups": ["reviewers"], "sub": "1", "email": "a@b"}}],
            "planned": true,
            "plan": {"creates": 1, "updates": 9, "replaces": 0, "destroys": 0, "types": ["aws_s3"]},
            "no_rollback": true,
            "clock": {"utc": "2026-12-31T23:59:59Z", "zones": {"Europe/Berlin": {"day": "fri", "minute": 600}}},
        },
    })
}

/// Invocations and the reasons that decide them.
fn asked() -> Vec<(Value, &'static str)> {
    let changed = |field: &str, value: Value| {
        let mut request = permitted();
        request[field] = value;
        request
    };
    let token = json!({"issuer": "https://token.example", "claims":
        {"repository_id": 4711, "groups": ["x", "team-7"], "sub": "s", "other": {"a": [1]}}});
    let unknown = json!({"issuer": "https://unknown.example", "claims": {}});
    vec![
        (permitted(), "permitted"),
        (changed("caller", token), "permitted"),
        (changed("arguments", json!([])), "permitted"),
        (
            json!({"account": "222222222222", "caller": unknown, "repository": "localhost/x", "ref": "refs/tags/v1",
            "path": ".", "command": "plan"}),
            "permitted",
        ),
        (changed("caller", principal("ci-banned", "run-1")), "forbidden"),
        (changed("arguments", json!(["-target=secret/x", "x\u{e9}"])), "forbidden"),
        (changed("arguments", json!(["-target=other"])), "no-permit"),
        (changed("caller", principal("ci-main", "walk")), "no-permit"),
        (changed("caller", unknown), "no-permit"),
        (changed("ref", json!("refs/heads/caf\u{e9}")), "no-permit"),
        (changed("evidence", json!({})), "requirements-unmet"),
        (changed("account", json!("stage")), "unknown-account"),
        (changed("repository", json!("github.com/acme/other")), "no-permit"),
        (changed("command", json!("status")), "unknown-command"),
        (changed("arguments", json!(["-x=1"])), "argument-refused"),
        (changed("arguments", json!(["--var-file=../x"])), "argument-refused"),
        (changed("arguments", json!(["m1", "m2", "m3"])), "argument-refused"),
    ]
}

fn invocation(request: &Value) -> Invocation {
    let raw = RawInvocation::from_json(request.to_string().as_bytes()).expect("an invocation");
    Invocation::parse(&raw).expect("it is canonical")
}

#[test]
fn deciding_allocates_nothing() {
    for rules in [8, 300, 1_100] {
        let policy = policy(rules);
        for (request, reason) in asked() {
            let invocation = invocation(&request);
            let mut verdict = None;
            let allocations = allocation_counter::measure(|| verdict = Some(policy.decide(&invocation)));
            assert_eq!(verdict.map(|verdict| verdict.reason().as_str()), Some(reason), "{rules} rules: {request}");
            assert_eq!(allocations.count_total, 0, "{rules} rules: {request}");
        }
    }
    // That something is counted at all.
    assert!(allocation_counter::measure(|| drop(std::hint::black_box(vec![0_u8; 9]))).count_total > 0);
}

/// Whatever holds the bytes, a policy can be sent and shared.
#[test]
fn threads_share_a_policy() {
    fn shared<T: Send + Sync>() {}
    shared::<Policy>();
    shared::<Policy<&[u8]>>();
    shared::<Policy<Arc<[u8]>>>();

    let bytes: Arc<[u8]> = policy(8).bytes().into();
    let (borrowed, owned) = (Policy::load(&*bytes).expect("it loads"), Policy::load(Arc::clone(&bytes)).expect("too"));
    let decided = || -> Vec<&str> {
        let one = |(request, _): (Value, &str)| {
            let invocation = invocation(&request);
            let reason = borrowed.decide(&invocation).reason();
            assert_eq!((owned.decide(&invocation).reason(), owned.explain(&invocation).reason), (reason, reason));
            reason.as_str()
        };
        asked().into_iter().map(one).collect()
    };
    std::thread::scope(|scope| {
        let threads = [scope.spawn(decided), scope.spawn(decided)];
        let expected: Vec<&str> = asked().into_iter().map(|(_, reason)| reason).collect();
        for thread in threads {
            assert_eq!(thread.join().expect("no thread panics"), expected);
        }
    });
    assert_eq!(borrowed.digest(), owned.digest());
}
