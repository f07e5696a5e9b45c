//! Every numbered rule of the language is named by a case.

use std::collections::BTreeSet;

use crate::fixtures;

/// The numbered rules of the language (`docs/language.md`).
const RULES: &[(&str, u32)] =
    &[("L", 3), ("N", 7), ("X", 4), ("E", 10), ("P", 8), ("C", 6), ("A", 5), ("D", 2), ("T", 1), ("V", 3)];

/// Rules that no decision or check can show, and where they are shown instead.
const ELSEWHERE: &[(&str, &str)] = &[
    ("D1", "policy-core: digests change with what decides, and with nothing else"),
    ("D2", "every case is decided by the bundle of its account alone too: engines.rs"),
    ("T1", "policy-core and policy-cli: `portcullis test`; `check` and `decide` do not read the files"),
    ("V3", "invariants are not proved yet"),
];

#[test]
fn every_rule_of_the_language_is_named_by_a_case() {
    let cases = fixtures::estates().into_iter().flat_map(|estate| estate.cases).flat_map(|case| case.rules);
    let checks = fixtures::checks().into_iter().flat_map(|check| check.rules);
    let named: BTreeSet<String> = cases.chain(checks).collect();
    let mut all: BTreeSet<String> =
        RULES.iter().flat_map(|(letter, last)| (1..=*last).map(move |number| format!("{letter}{number}"))).collect();
    all.extend(["B", "R"].map(str::to_owned));
    let elsewhere: BTreeSet<String> = ELSEWHERE.iter().map(|(rule, _)| (*rule).to_owned()).collect();
    let missing: Vec<_> = all.difference(&named).filter(|rule| !elsewhere.contains(*rule)).collect();
    assert!(missing.is_empty(), "no case names {missing:?}");
    // A number is a section of the language as a whole.
    let unknown: Vec<_> = named.difference(&all).filter(|rule| rule.parse::<u32>().is_err()).collect();
    assert!(unknown.is_empty(), "the language has no rules {unknown:?}");
}
