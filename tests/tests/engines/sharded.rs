//! Lists whose automata outgrow their budget, so that rules are spread over several: of each dimension one that is.

use policy_core::reference::Reference;
use serde_json::{Value, json};

use crate::chance::Chance;
use crate::compare::{agree_as_json, checked, compiled};

/// So many patterns with wildcards in the middle have more states together than an automaton may have.
const RULES: usize = 9;
const QUESTIONS: u64 = 6_000;
const LETTERS: [&str; 26] = [
    "a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l", "m", "n", "o", "p", "q", "r", "s", "t", "u", "v", "w",
    "x", "y", "z",
];

const DECLARED: &str = r#"
repository "live" {
  remotes = ["github.com/acme/live"]
}
runner "tool" {
  image = "tool:1"
  role  = "tool"
}
command "apply" {
  runner  = "tool"
  program = ["tool"]
  effect  = "write"
  option "-target" {
    values = [any()]
    repeat = true
  }
}
"#;

fn rule(number: usize) -> String {
    let letter = |at: usize| LETTERS[(number + at) % LETTERS.len()];
    let (a, b, c) = (letter(0), letter(5), letter(9));
    let (kind, other) = (if number.is_multiple_of(4) { "forbid" } else { "permit" }, (number + 3) % RULES);
    format!(
        r#"  {kind} "r{number}" {{
    callers      = ["p{number}", "t{number}", !"p{other}"]
    repositories = ["live"]
    refs         = ["refs/heads/**/{a}?/**/{b}*/**", "refs/**/{c}", !"refs/heads/**/{a}{c}/**"]
    paths        = ["**/{a}*/**/{b}?/**", "**/{a}/**/{c}/**"]
    commands     = ["apply"]
    arguments    = {{ "-target" = [regex("(.*{a}.{{3}}.*|.*{b}.{{2}})"), "**/{c}/**"] }}
  }}
"#
    )
}

fn callers(number: usize) -> String {
    let letter = |at: usize| LETTERS[(number + at) % LETTERS.len()];
    let (a, b, c) = (letter(0), letter(5), letter(9));
    format!(
        r#"caller "p{number}" {{
  principals = [regex("arn:aws:iam::111111111111:role/.*{a}.{{4}}"), "arn:aws:iam::111111111111:role/*{b}*{c}*"]
  sessions   = [regex(".*{a}.{{3}}")]
}}
caller "t{number}" {{
  issuer = "https://token.example"
  claims = {{ x = regex(".*{a}.{{5}}"), y = ["*{b}*{c}*", "z"] }}
}}
"#
    )
}

/// A text of the letters that the patterns are about.
fn word(chance: &mut Chance, most: usize) -> String {
    (0..=chance.below(most)).map(|_| chance.word(&LETTERS[..RULES + 9])).collect()
}

fn folders(chance: &mut Chance) -> String {
    let segments: Vec<String> = (0..=chance.below(7)).map(|_| word(chance, 2)).collect();
    segments.join("/")
}

fn asked(chance: &mut Chance) -> Value {
    let caller = if chance.once_in(2) {
        let (role, session) = (word(chance, 12), word(chance, 8));
        json!({"principal": format!("arn:aws:sts::111111111111:assumed-role/{role}/{session}")})
    } else {
        let texts = |chance: &mut Chance| chance.some(4, |chance| word(chance, 12));
        let (x, mut y) = (texts(chance), texts(chance));
        y.push("z".to_owned());
        json!({"issuer": "https://token.example", "claims": {"x": x, "y": y}})
    };
    let arguments = chance.some(3, |chance| {
        let value = if chance.once_in(2) { word(chance, 9) } else { folders(chance) };
        format!("-target={value}")
    });
    json!({
        "account": "prod", "caller": caller, "repository": "github.com/acme/live", "command": "apply",
        "ref": format!("refs/heads/{}", folders(chance)), "path": folders(chance), "arguments": arguments,
    })
}

#[test]
fn rules_that_are_spread_over_several_automata_are_decided_alike() {
    let rules: String = (0..RULES).map(rule).collect();
    let callers: String = (0..RULES).map(callers).collect();
    let text = format!("{DECLARED}{callers}account \"prod\" {{\n  id = \"222222222222\"\n{rules}}}\n");
    let estate = checked(&text).expect("it is a policy");
    let (policy, reference) = (compiled(&estate).expect("it compiles"), Reference::new(&estate));
    let seed = workspace_tests::seed();
    let chance = &mut Chance::new(seed, 0);
    for _ in 0..QUESTIONS * workspace_tests::soak() {
        let request = asked(chance).to_string();
        let same = agree_as_json(&reference, &policy, request.as_bytes());
        assert_eq!(same, Ok(()), "seed {seed}\n{request}");
    }
}
