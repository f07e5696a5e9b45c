//! As many invocations as it takes, over estates of several sizes.

use std::cell::RefCell;
use std::collections::BTreeMap;

use policy_core::reference::Reference;
use serde_json::json;

use crate::asked::Questions;
use crate::compare::{agree, agree_as_json, checked, compiled, shared};
use crate::estates::{Size, Written, estate};
use crate::found;
use crate::shrink::smallest;
use workspace_tests::chance::Chance;

/// One in so many is asked as JSON too, and answered as JSON.
const AS_JSON: usize = 16;

/// Holds both engines together for some estates, and so many questions about each.
fn together(name: &str, estates: u64, questions: u64, size: Size) -> BTreeMap<&'static str, u64> {
    let seed = workspace_tests::seed();
    let reasons: RefCell<BTreeMap<&'static str, u64>> = RefCell::default();
    for number in 0..estates * workspace_tests::soak() {
        let chance = &mut Chance::new(seed, number);
        let made = estate(chance, size);
        let written = Written::new(&made);
        let text = written.text();
        let checked = checked(&text).unwrap_or_else(|said| panic!("seed {seed}, {name} {number}: {said}\n{text}"));
        let policy = compiled(&checked).unwrap_or_else(|said| panic!("seed {seed}, {name} {number}: {said}\n{text}"));
        let reference = Reference::new(&checked);
        let about = Questions::new(chance, &made);
        for _ in 0..questions {
            let asked = about.asked(chance);
            let outcome = agree(&reference, &policy, &asked.raw).and_then(|decision| {
                *reasons.borrow_mut().entry(decision.reason.as_str()).or_default() += 1;
                if chance.once_in(AS_JSON) {
                    agree_as_json(&reference, &policy, asked.json().as_bytes())
                } else {
                    Ok(())
                }
            });
            if let Err(said) = outcome {
                let (written, request, how) = smallest(written, &asked.json());
                let expected = checked_decision(&written, &request);
                let folder = found::keep("engines", &[(String::new(), written.text())], &request, &expected);
                panic!("seed {seed}, {name} {number}: {said}\nat its smallest {how}\nkept in {}", folder.display());
            }
        }
    }
    println!("{name}: seed {seed}, {:?}", reasons.borrow());
    reasons.into_inner()
}

/// What the reference says, for a fixture to begin with; what is right is for people to say.
fn checked_decision(written: &Written, request: &serde_json::Value) -> serde_json::Value {
    let Ok(estate) = checked(&written.text()) else { return json!({}) };
    let decision = shared(Reference::new(&estate).decide_json(request.to_string().as_bytes()));
    let rules: Vec<&str> = decision.rules.iter().map(|rule| &*rule.name).collect();
    json!({"outcome": decision.outcome().as_str(), "reason": decision.reason.as_str(), "rules": rules, "unmet": decision.unmet})
}

#[test]
fn small_estates_are_decided_alike() {
    let size = Size { rules: 9, least: 2, callers: 4, lists: 2, own: 6, forbids: 4 };
    let reasons = together("small", 490, 2_020, size);
    let often = ["permitted", "forbidden", "no-permit", "requirements-unmet", "argument-refused", "unknown-command"];
    for reason in
        often.into_iter().chain(["malformed-path", "malformed-ref", "malformed-caller", "malformed-repository"])
    {
        assert!(reasons.get(reason).is_some_and(|count| *count > 500), "too few of {reason}: {reasons:?}");
    }
}

#[test]
fn estates_of_three_hundred_rules_are_decided_alike() {
    together("many rules", 8, 1_500, Size { rules: 300, least: 150, callers: 16, lists: 6, own: 60, forbids: 60 });
}

#[test]
fn estates_of_more_than_a_thousand_rules_are_decided_alike() {
    together(
        "very many rules",
        2,
        800,
        Size { rules: 1_200, least: 1_100, callers: 20, lists: 6, own: 300, forbids: 400 },
    );
}
