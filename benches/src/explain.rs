//! A denial with its full explanation beside the plain decision.

use policy_core::invocation::Invocation;

use crate::measure::{Contender, grouped, nanoseconds, ratio, shown};
use crate::ours::{self, Engine};
use crate::policy::{self, Expected};

/// Measures and prints.
pub fn run() {
    println!("### A denial, explained, {}\n", ours::NAME);
    println!("| rules | answer | time | ratio |\n| --- | --- | --- | --- |");
    for rules in [8, 1_024] {
        let rules = policy::rules(rules);
        let engine = Engine::new(ours::estate(policy::hcl(&rules)));
        let denied = policy::questions(&rules).into_iter().filter(|question| question.expected == Expected::NoPermit);
        // Only what the rules deny has rules that came near; an unknown command has none.
        let denied: Vec<Invocation> = denied
            .map(|question| question.canonical())
            .filter(|invocation| !engine.explain(invocation).nearest.is_empty())
            .collect();
        let mut contenders = [
            Contender::new("outcome", |number: usize| engine.permits(&denied[number])),
            Contender::new("decision with explanation", |number: usize| engine.explain(&denied[number])),
            Contender::new("the same as JSON", |number: usize| engine.explain(&denied[number]).to_json()),
        ];
        let all: Vec<usize> = (0..denied.len()).collect();
        let times = nanoseconds(&mut contenders, &all);
        for (contender, time) in contenders.iter().zip(&times) {
            println!(
                "| {} | {} | {} | {} |",
                grouped(rules.len()),
                contender.name,
                shown(*time),
                ratio(*time, times[0])
            );
        }
    }
    println!();
}
