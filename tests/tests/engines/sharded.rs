//! What does not fit into one: lists whose automata outgrow their budget, so that rules are spread over several, and more
//! callers of one issuer than a record holds.

use policy_core::reference::Reference;
use serde_json::{Value, json};

use crate::compare::{agree_as_json, checked, compiled};
use workspace_tests::chance::Chance;

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

/// A text that ends in a letter and so many others; now and then any other.
fn ending(chance: &mut Chance, letter: &str, behind: usize) -> String {
    if chance.once_in(12) {
        return word(chance, 12);
    }
    let rest: String = (0..behind).map(|_| chance.word(&LETTERS)).collect();
    format!("{}{letter}{rest}", word(chance, 6))
}

/// What one rule asks for, or nearly.
fn asked(chance: &mut Chance) -> Value {
    let number = chance.below(RULES);
    let letter = |at: usize| LETTERS[(number + at) % LETTERS.len()];
    let (a, b, c) = (letter(0), letter(5), letter(9));
    let caller = if chance.once_in(2) {
        let (role, session) = (ending(chance, a, 4), ending(chance, a, 3));
        json!({"principal": format!("arn:aws:sts::111111111111:assumed-role/{role}/{session}")})
    } else {
        let mut texts = |behind: usize| chance.some(3, |chance| ending(chance, a, behind));
        let (mut long, mut short) = (texts(5), texts(2));
        long.push(ending(chance, a, 5));
        short.push("z".to_owned());
        json!({"issuer": "https://token.example", "claims": {"x": long, "y": short}})
    };
    let [first, second, third] = [folders(chance), folders(chance), folders(chance)];
    let path = match chance.below(8) {
        0 => folders(chance),
        1..=4 => format!("{first}/{a}{}/{second}/{b}x/{third}", word(chance, 2)),
        _ => format!("{first}/{a}/{second}/{c}/{third}"),
    };
    let reference = match chance.below(8) {
        0 => folders(chance),
        1..=4 => format!("{first}/{a}x/{second}/{b}{}/{third}", word(chance, 2)),
        _ => format!("{first}/{c}"),
    };
    let arguments = chance.some(2, |chance| match chance.below(6) {
        0 => format!("-target={}", word(chance, 9)),
        1 | 2 => format!("-target={first}/{c}/{second}"),
        _ => format!("-target={}", ending(chance, a, 3)),
    });
    json!({
        "account": "prod", "caller": caller, "repository": "github.com/acme/live", "command": "apply",
        "ref": format!("refs/heads/{reference}"), "path": path, "arguments": arguments,
    })
}

#[test]
fn rules_that_are_spread_over_several_automata_are_decided_alike() {
    let rules: String = (0..RULES).map(rule).collect();
    let callers: String = (0..RULES).map(callers).collect();
    let text = format!("{DECLARED}{callers}account \"prod\" {{\n  id = \"222222222222\"\n{rules}}}\n");
    decided_alike(&text, asked);
}

/// Callers of one issuer; a record holds 1,024.
const CALLERS: usize = 2_100;

/// One whose claims are those of several callers, each of another record, or of none.
fn token(chance: &mut Chance) -> Value {
    let numbers = chance.some(3, |chance| {
        let near = *chance.pick(&[0, 999, 1_020, 1_024, 1_100, 2_040, 2_048, CALLERS - 1]);
        json!(format!("n{}", near + chance.below(10)))
    });
    let group = ["odd", "even", "none"][chance.below(3)];
    json!({
        "account": "prod", "caller": {"issuer": "https://token.example", "claims": {"id": numbers, "group": group}},
        "repository": "github.com/acme/live", "command": "apply", "ref": "refs/heads/main",
        "path": chance.word(&["a", "b", "c", "d"]),
    })
}

#[test]
fn more_callers_of_an_issuer_than_a_record_holds_are_decided_alike() {
    let caller = |number: usize| {
        let group = if number.is_multiple_of(2) { "even" } else { "odd" };
        format!(
            "caller \"w{number}\" {{\n  issuer = \"https://token.example\"\n  claims = {{ id = \"n{number}\", group = \"{group}\" \
             }}\n}}\n"
        )
    };
    let rules = [
        ("permit", "a", r#""w*", !"w102?""#),
        ("permit", "b", r#""w1000", "w1020", "w1024", "w2049", !"w204?", !"w0""#),
        ("permit", "{a,b,c}", r#"any(), !"w1*""#),
        ("forbid", "{c,d}", r#""w20*", !"w1100""#),
    ];
    let rules = rules.iter().enumerate().map(|(number, (kind, path, callers))| {
        format!(
            "  {kind} \"r{number}\" {{\n    callers = [{callers}]\n    repositories = any()\n    refs = any()\n    paths = \
             [\"{path}\"]\n    commands = any()\n  }}\n"
        )
    });
    let (rules, callers): (Vec<String>, Vec<String>) = (rules.collect(), (0..CALLERS).map(caller).collect());
    let account = format!("account \"prod\" {{\n  id = \"222222222222\"\n{}}}\n", rules.concat());
    decided_alike(&format!("{DECLARED}{}{account}", callers.concat()), token);
}

/// Asks both engines about one policy.
fn decided_alike(text: &str, asked: fn(&mut Chance) -> Value) {
    let estate = checked(text).expect("it is a policy");
    let (policy, reference) = (compiled(&estate).expect("it compiles"), Reference::new(&estate));
    let seed = workspace_tests::seed();
    let chance = &mut Chance::new(seed, 0);
    let mut reasons = std::collections::BTreeSet::new();
    for _ in 0..QUESTIONS * workspace_tests::soak() {
        let request = asked(chance).to_string();
        let same = agree_as_json(&reference, &policy, request.as_bytes());
        assert_eq!(same, Ok(()), "seed {seed}\n{request}");
        reasons.insert(policy.decide_json(request.as_bytes()).reason().as_str());
    }
    assert!(["permitted", "forbidden", "no-permit"].iter().all(|reason| reasons.contains(reason)), "{reasons:?}");
}
