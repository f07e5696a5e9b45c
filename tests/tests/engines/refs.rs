//! Random lists of refs, with `protected()` in and out of negations.

use policy_core::pattern::{Askable, Node};

use crate::patterns::{self, List, Pattern, REFS};
use workspace_tests::chance::Chance;

const COMMITS: [&str; 3] = [
    "0123456789abcdef0123456789abcdef01234567",
    "fedcba9876543210fedcba9876543210fedcba98",
    "00000000000000000000000000000000000000000000000000000000000000ff",
];
pub(crate) const COMMIT: &str = COMMITS[0];

/// A member of a list; the node is only known of those that can empty a list.
fn member(chance: &mut Chance) -> Pattern {
    let texts = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect();
    match chance.below(8) {
        0..=3 => {
            let inner = patterns::pattern(chance, &REFS);
            let (call, folder) =
                *chance.pick(&[("branch", "refs/heads/"), ("branch", "refs/heads/"), ("tag", "refs/tags/")]);
            Pattern {
                text: format!("{call}({})", inner.text),
                node: Node::concat([Node::literal(folder), inner.node]),
                hits: inner.hits.iter().map(|hit| format!("{folder}{hit}")).collect(),
            }
        }
        4 => Pattern { text: "commit()".to_owned(), node: Node::literal(COMMITS[0]), hits: texts(&COMMITS) },
        5 => Pattern {
            text: "pull_request()".to_owned(),
            node: Node::literal("refs/pull/1/head"),
            hits: texts(&["refs/pull/1/head", "refs/merge-requests/20/train", "refs/pull-requests/7/from"]),
        },
        _ => {
            let (text, hit) = *chance.pick(&[
                ("\"refs/heads/**\"", "refs/heads/a/b"),
                ("\"refs/**/main\"", "refs/heads/x/main"),
                ("\"refs/{heads,tags}/v?\"", "refs/tags/v\u{e9}"),
                ("regex(\"refs/heads/[^/]{1,3}(?:/x){0,2}\")", "refs/heads/\u{1f680}a/x"),
                ("exact(\"refs/heads/main\")", "refs/heads/main"),
            ]);
            Pattern { text: text.to_owned(), node: Node::literal(hit), hits: texts(&[hit, "refs/heads/main"]) }
        }
    }
}

/// A list of refs; `protected()` may stand in those of rules.
pub(crate) fn list(chance: &mut Chance, with_protected: bool) -> List {
    let include: Vec<Pattern> = (0..=chance.below(3)).map(|_| member(chance)).collect();
    let mut members: Vec<String> = include.iter().map(|member| member.text.clone()).collect();
    let mut hits: Vec<String> = include.iter().flat_map(|member| member.hits.clone()).collect();
    if with_protected && chance.once_in(3) {
        members.push("protected()".to_owned());
        hits.extend(["refs/heads/main", "refs/heads/release/1", "refs/tags/v1"].map(str::to_owned));
        if chance.once_in(2) {
            members.remove(0);
        }
    } else if with_protected && chance.once_in(12) {
        members = vec!["any()".to_owned()];
    }
    let any = members == ["any()"];
    let mut exclude: Vec<Pattern> = Vec::new();
    for _ in 0..chance.below(3) {
        let other = member(chance);
        // What is taken away leaves something only if it is known what both are.
        let known = |pattern: &Pattern| pattern.text.starts_with("branch(") || pattern.text.starts_with("tag(");
        let positive: Vec<&Node> =
            include.iter().filter(|member| members.contains(&member.text)).map(|member| &member.node).collect();
        let negative: Vec<&Node> = exclude.iter().chain([&other]).map(|member| &member.node).collect();
        let leaves = any || Askable::references().leaves_nothing(&positive, &negative) == Ok(false);
        if known(&other) && leaves && !positive.is_empty() | any {
            exclude.push(other);
        }
    }
    members.extend(exclude.iter().map(|member| format!("!{}", member.text)));
    hits.extend(exclude.into_iter().flat_map(|member| member.hits));
    if with_protected && chance.once_in(5) && !members.iter().any(|member| member == "protected()") {
        members.push("!protected()".to_owned());
    }
    List { text: format!("[{}]", members.join(", ")), hits }
}
