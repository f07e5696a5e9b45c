//! Random requirements, and evidence that nearly shows them.

use policy_core::canonical::FullRef;
use policy_core::invocation::Evidence;

use crate::callers::{Asking, Caller, json};
use crate::patterns::{self, TYPES};
use crate::refs;
use workspace_tests::chance::Chance;

const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
const ZONES: [&str; 3] = ["UTC", "Europe/Berlin", "Asia/Tokyo"];
const TIMES: [&str; 4] =
    ["2027-01-01T00:00:00Z", "2027-01-01T00:00:01Z", "2026-12-31T23:59:59Z", "9999-12-31T23:59:59Z"];
/// Refs as a policy writes them, and as they read in the end.
const TIPS: [(&str, &str); 4] = [
    ("branch(\"main\")", "refs/heads/main"),
    ("\"refs/heads/release\"", "refs/heads/release"),
    ("tag(exact(\"v1\"))", "refs/tags/v1"),
    ("exact(\"refs/heads/a{b}\")", "refs/heads/a{b}"),
];
const CHECKS: [&str; 4] = ["ci:unit", "ci:Unit", "ci:lint", "other:unit tests"];
const MINUTES: [usize; 7] = [0, 1, 539, 540, 1019, 1020, 1439];

/// What a rule requires, and refs that would show it.
pub(crate) struct Required {
    pub(crate) text: String,
    pub(crate) refs: Vec<String>,
}

/// Something of what is shown, as JSON and read.
pub(crate) struct Shown {
    pub(crate) json: String,
    pub(crate) evidence: Evidence,
}

fn window(chance: &mut Chance) -> String {
    let first = chance.below(DAYS.len());
    let days: Vec<String> = DAYS.iter().cycle().skip(first).take(1 + chance.below(7)).map(|day| json(day)).collect();
    let (from, to) = *chance.pick(&[("00:00", "00:01"), ("09:00", "17:00"), ("23:59", "24:00"), ("00:00", "24:00")]);
    format!("{{ days = [{}], from = \"{from}\", to = \"{to}\", zone = \"{}\" }}", days.join(", "), chance.pick(&ZONES))
}

/// Names of approvers: not anybody, and never nobody.
fn approvers(chance: &mut Chance, callers: &[Caller]) -> String {
    // Of a caller with `bind` nobody knows which person it is.
    let known: Vec<&Caller> = callers.iter().filter(|caller| caller.bound.is_empty()).collect();
    let mut names: Vec<String> = (0..=chance.below(3)).map(|_| json(&chance.pick(&known).name)).collect();
    names.extend((known.len() == callers.len() && chance.once_in(4)).then(|| "\"*\"".to_owned()));
    let other = json(&chance.pick(callers).name);
    if chance.once_in(3) && !names.contains(&other) {
        names.push(format!("!{other}"));
    }
    names.join(", ")
}

/// A `require` block; `planned` may stand in it where every command that is named outright has a plan.
pub(crate) fn required(chance: &mut Chance, callers: &[Caller], may_be_planned: bool) -> Required {
    let mut lines: Vec<String> = Vec::new();
    let mut of_refs = Vec::new();
    for name in ["commit_on", "commit_is_tip_of"] {
        if chance.once_in(4) {
            let list = refs::list(chance, true);
            lines.push(format!("{name} = {}", list.text));
            of_refs.extend(list.hits);
        }
    }
    if chance.once_in(5) {
        let first = chance.below(TIPS.len());
        let tips = TIPS.iter().cycle().skip(first).take(1 + chance.below(2));
        let tips: Vec<&str> = tips.map(|(written, _)| *written).collect();
        lines.push(format!("includes_tip_of = [{}]", tips.join(", ")));
    }
    if chance.once_in(5) {
        let first = chance.below(CHECKS.len());
        let checks = CHECKS.iter().cycle().skip(first).take(1 + chance.below(3));
        let checks: Vec<String> = checks.map(|check| json(check)).collect();
        lines.push(format!("checks = [{}]", checks.join(", ")));
    }
    if callers.iter().any(|caller| caller.bound.is_empty()) && chance.once_in(3) {
        lines.push(format!("approvals = {}", 1 + chance.below(3)));
        lines.push(format!("approvers = [{}]", approvers(chance, callers)));
    }
    if may_be_planned && chance.once_in(2) {
        lines.push("planned = true".to_owned());
        let counts = ["creates", "updates", "replaces", "destroys"].into_iter().filter(|_| chance.once_in(3));
        let counts: Vec<&str> = counts.collect();
        let mut plan: Vec<String> = counts
            .into_iter()
            .map(|name| format!("{name} = {}", chance.pick(&["0", "1", "4294967296", "4294967295"])))
            .collect();
        plan.extend(chance.once_in(2).then(|| format!("types = {}", patterns::list(chance, &TYPES).text)));
        lines.extend((!plan.is_empty()).then(|| format!("plan = {{ {} }}", plan.join(", "))));
    }
    lines.extend(chance.once_in(5).then(|| {
        let windows: Vec<String> = (0..=chance.below(2)).map(|_| window(chance)).collect();
        format!("window = [{}]", windows.join(", "))
    }));
    lines.extend(chance.once_in(5).then(|| format!("not_after = \"{}\"", chance.pick(&TIMES))));
    if lines.is_empty() || chance.once_in(5) {
        lines.push("no_rollback = true".to_owned());
    }
    Required { text: format!("    require {{\n      {}\n    }}\n", lines.join("\n      ")), refs: of_refs }
}

/// Evidence from refs that rules ask for and from people who may approve.
pub(crate) fn shown(chance: &mut Chance, of_refs: &[String], people: &[Asking]) -> Option<Shown> {
    let canonical: Vec<&String> = of_refs.iter().filter(|text| FullRef::parse(text).is_ok()).collect();
    let mut parts: Vec<String> = Vec::new();
    for name in ["commit_on", "commit_is_tip_of"] {
        if !canonical.is_empty() && !chance.once_in(3) {
            let proved: Vec<String> =
                (0..=chance.below(3)).map(|_| json(chance.pick::<&String>(&canonical).as_str())).collect();
            parts.push(format!("\"{name}\": [{}]", proved.join(", ")));
        }
    }
    if !chance.once_in(3) {
        let tips = chance.some(5, |chance| json(chance.pick(&TIPS).1));
        parts.push(format!("\"includes_tip_of\": [{}]", tips.join(", ")));
        let checks = chance.some(6, |chance| json(chance.word(&CHECKS)));
        parts.push(format!("\"checks\": [{}]", checks.join(", ")));
    }
    if !people.is_empty() && !chance.once_in(3) {
        let most = if chance.once_in(15) { 80 } else { 6 };
        let approvals = chance.some(most, |chance| chance.pick(people).json.clone());
        parts.push(format!("\"approvals\": [{}]", approvals.join(", ")));
    }
    if !chance.once_in(3) {
        let types = chance.some(2, |chance| json(chance.word(TYPES.words)));
        let count = |chance: &mut Chance| {
            *chance.pick(&["0", "0", "1", "2", "4294967295", "4294967296", "9223372036854775807"])
        };
        parts.push(format!("\"planned\": {}", !chance.once_in(5)));
        parts.push(format!(
            "\"plan\": {{\"creates\": {}, \"updates\": {}, \"replaces\": {}, \"destroys\": {}, \"types\": [{}]}}",
            count(chance),
            count(chance),
            count(chance),
            count(chance),
            types.join(", ")
        ));
    }
    parts.extend((!chance.once_in(3)).then(|| format!("\"no_rollback\": {}", !chance.once_in(5))));
    if !chance.once_in(3) {
        let zones: Vec<String> = ZONES
            .into_iter()
            .filter(|_| !chance.once_in(4))
            .collect::<Vec<_>>()
            .into_iter()
            .map(|zone| {
                format!("\"{zone}\": {{\"day\": \"{}\", \"minute\": {}}}", chance.pick(&DAYS), chance.pick(&MINUTES))
            })
            .collect();
        parts.push(format!("\"clock\": {{\"utc\": \"{}\", \"zones\": {{{}}}}}", chance.pick(&TIMES), zones.join(", ")));
    }
    let json = format!("{{{}}}", parts.join(", "));
    let evidence = Evidence::from_json(json.as_bytes()).ok()?;
    Some(Shown { json, evidence })
}
