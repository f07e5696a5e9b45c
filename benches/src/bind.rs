//! What `bind` costs a decision (B): the same estate and token, with more and more held to what the token says, and a caller
//! of principals beside them, whom it must cost nothing.

use policy_core::invocation::{Invocation, RawInvocation};

use crate::measure::{Contender, nanoseconds, shown};
use crate::ours::{self, Engine};

/// What the caller binds, and how it is called.
const BOUND: [(&str, &str); 6] = [
    ("nothing", ""),
    ("the ref", "ref = \"{ref}\""),
    ("ref and commit", "ref = \"{ref}\"\n    commit = \"{sha}\""),
    (
        "repository, ref and commit",
        "repository = \"github.com/{repository}\"\n    ref = \"{ref}\"\n    commit = \"{sha}\"",
    ),
    ("the repository, by its identity", "repository = \"github.com/{repository}\""),
    ("the repository, by an address", "repository = \"https://github.com/{repository}.git\""),
];
/// Other callers of the issuer, which claim something else.
const OTHERS: usize = 20;

/// Measures and prints.
pub fn run() {
    let engines: Vec<Engine> = BOUND
        .iter()
        .map(|(_, bind)| Engine::new(ours::estate(vec![("estate.hcl".to_owned(), policy(bind))])))
        .collect();
    let token = |repository: &str| {
        invocation(&format!(
            "{{\"issuer\": \"https://token.actions.githubusercontent.com\", \"claims\": {{\"repository_id\": \"4711\", \
             \"repository\": \"{repository}\", \"ref\": \"refs/heads/main\", \"sha\": \"{COMMIT}\", \"run_id\": \"17\"}}}}"
        ))
    };
    let askers = [
        ("a token", token("acme/live")),
        ("the same in other letters", token("Acme/Live")),
        ("a principal", invocation("{\"principal\": \"arn:aws:sts::111111111111:assumed-role/ci-main/run-17\"}")),
    ];
    println!("### What `bind` costs, {}\n", ours::NAME);
    println!("| who asks | what the caller binds | time | more than nothing |\n| --- | --- | --- | --- |");
    for (who, asked) in &askers {
        assert!(engines.iter().all(|engine| engine.permits(asked)), "{who} is permitted by all");
        let contender = |(engine, (name, _)): (_, &(&str, &str))| {
            let engine: &Engine = engine;
            Contender::new(*name, move |_| engine.permits(asked))
        };
        let mut contenders: Vec<Contender<'_>> = engines.iter().zip(&BOUND).map(contender).collect();
        let times = nanoseconds(&mut contenders, &[0]);
        for (contender, time) in contenders.iter().zip(&times) {
            println!("| {who} | {} | {} | {:+.0} ns |", contender.name, shown(*time), time - times[0]);
        }
    }
    println!();
}

const COMMIT: &str = "0123456789abcdef0123456789abcdef01234567";

fn invocation(caller: &str) -> Invocation {
    let json = format!(
        "{{\"account\": \"prod\", \"caller\": {caller}, \"repository\": \"github.com/acme/live\", \"ref\": \"refs/heads/main\", \
         \"commit\": \"{COMMIT}\", \"path\": \"prod/app\", \"command\": \"look\"}}"
    );
    let raw = RawInvocation::from_json(json.as_bytes()).expect("the invocation has its shape");
    Invocation::parse(&raw).expect("the invocation is canonical")
}

fn policy(bind: &str) -> String {
    let block = if bind.is_empty() { String::new() } else { format!("  bind {{\n    {bind}\n  }}\n") };
    let caller = |name: &str, id: usize, block: &str| {
        format!(
            "caller \"{name}\" {{\n  issuer = \"https://token.actions.githubusercontent.com\"\n  \
             claims = {{ repository_id = \"{id}\" }}\n{block}}}\n"
        )
    };
    let mut text = String::from(
        "repository \"live\" {\n  remotes = [\"github.com/acme/live\"]\n}\ncommand \"look\" {\n  verb = \"status\"\n}\n\
         caller \"roles\" {\n  principals = [\"arn:aws:iam::111111111111:role/ci-*\"]\n}\n",
    );
    text.push_str(&caller("workflow", 4_711, &block));
    for other in 0..OTHERS {
        text.push_str(&caller(&format!("other-{other}"), other, ""));
    }
    text.push_str("account \"prod\" {\n  id = \"222222222222\"\n");
    let callers = (0..OTHERS).map(|other| format!("other-{other}")).chain(["workflow".to_owned(), "roles".to_owned()]);
    for caller in callers {
        text.push_str(&format!(
            "  permit \"look as {caller}\" {{\n    callers = [\"{caller}\"]\n    repositories = [\"live\"]\n    \
             refs = any()\n    paths = [\"prod/**\"]\n    commands = [\"look\"]\n  }}\n"
        ));
    }
    text + "}\n"
}
