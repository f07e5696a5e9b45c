//! Decisions in estates of 1 to 100,000 accounts of ten rules: always the same account, and accounts at random.

use policy_core::invocation::Invocation;

use crate::estates;
use crate::measure::{Contender, grouped, nanoseconds, ratio, shown};
use crate::ours::{self, Engine};

/// Questions of one pass. Accounts at random are then more than the nearest caches hold.
const QUESTIONS: usize = 8_192;

/// Measures and prints.
pub fn run() {
    let engines = [1_usize, 1_000, 100_000].map(|accounts| {
        (accounts, Engine::new(ours::estate(estates::files(accounts))), questions(accounts), questions(1))
    });
    let mut contenders = Vec::new();
    for (accounts, engine, random, hot) in &engines {
        for (kind, questions) in [("one account, always the same", hot), ("accounts at random", random)] {
            // Of one account there is nothing to pick at random.
            if *accounts > 1 || std::ptr::eq(questions, hot) {
                let answer = move |number: usize| engine.permits(&questions[number]);
                assert!((0..QUESTIONS).all(answer), "every sample is permitted");
                contenders.push(Contender::new(format!("{} | {kind}", grouped(*accounts)), answer));
            }
        }
    }
    let all: Vec<usize> = (0..QUESTIONS).collect();
    let times = nanoseconds(&mut contenders, &all);
    println!("### One decision by accounts of the estate, ten rules each, {}\n", ours::NAME);
    println!("| accounts | asked | time | ratio |\n| --- | --- | --- | --- |");
    for (contender, time) in contenders.iter().zip(&times) {
        println!("| {} | {} | {} |", contender.name, shown(*time), ratio(*time, times[0]));
    }
    println!();
}

fn questions(accounts: usize) -> Vec<Invocation> {
    let canonical = |account| Invocation::parse(&estates::permitted(account)).expect("the sample is canonical");
    estates::numbers(accounts).take(QUESTIONS).map(canonical).collect()
}
