//! One thread against two that share one policy.

use std::hint::black_box;
use std::time::Duration;

use policy_core::invocation::Invocation;

use crate::measure::grouped;
use crate::ours::{self, Engine};
use crate::{ROUNDS, estates, median, time};

const ACCOUNTS: usize = 1_000;
const QUESTIONS: usize = 4_096;
/// How long one thread decides in a round, at least: what starting threads costs is nothing beside it.
const ROUND: Duration = Duration::from_millis(100);

/// Measures and prints.
pub fn run() {
    let engine = Engine::new(ours::estate(estates::files(ACCOUNTS)));
    let canonical = |account| Invocation::parse(&estates::permitted(account)).expect("the sample is canonical");
    let questions: Vec<Invocation> = estates::numbers(ACCOUNTS).take(QUESTIONS).map(canonical).collect();
    let mut passes = 1;
    while share(&engine, &questions, 1, passes) < ROUND {
        passes *= 2;
    }
    let (mut ones, mut twos) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        ones.push(share(&engine, &questions, 1, passes));
        twos.push(share(&engine, &questions, 2, passes));
    }
    let speed = |threads: usize, time: Duration| (threads * passes * QUESTIONS) as f64 / time.as_secs_f64() / 1e6;
    let (one, two) = (speed(1, median(ones)), speed(2, median(twos)));
    println!("### Threads that share one policy of {} accounts, {}\n", grouped(ACCOUNTS), ours::NAME);
    println!("| threads | decisions in a second | ratio |\n| --- | --- | --- |");
    println!("| 1 | {one:.3} million | 1.00 |\n| 2 | {two:.3} million | {:.2} |\n", two / one);
}

/// How long so many threads take, each over all questions so many times, and each beginning at another.
fn share(engine: &Engine, questions: &[Invocation], threads: usize, passes: usize) -> Duration {
    time(|| {
        std::thread::scope(|scope| {
            for thread in 0..threads {
                scope.spawn(move || {
                    let (before, after) = questions.split_at(thread * questions.len() / threads);
                    for _ in 0..passes {
                        for question in after.iter().chain(before) {
                            assert!(black_box(engine.permits(black_box(question))), "every sample is permitted");
                        }
                    }
                });
            }
        });
    })
}
