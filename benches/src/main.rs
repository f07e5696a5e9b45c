//! Measures what `docs/benchmarks.md` records. Each figure is the median of several rounds, and what is compared runs in
//! turn within each round, because machines are noisy.
//!
//! `cargo xtask bench` runs everything; arguments pick parts: `parse`, `check`, `start`.

mod estates;
mod parse;
mod scale;
mod start;

use std::time::{Duration, Instant};

/// Rounds of what is quick.
const ROUNDS: usize = 15;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| !argument.starts_with('-')).collect();
    // A size by itself is a child of `check`: what an estate needs in memory is measured in a process of its own.
    if let [part, accounts] = arguments.as_slice()
        && part == "check-one"
    {
        return scale::one(accounts.parse().expect("a number of accounts"));
    }
    let chosen = |part: &str| arguments.is_empty() || arguments.iter().any(|argument| argument == part);
    if chosen("parse") {
        parse::run();
    }
    if chosen("check") {
        scale::run();
    }
    if chosen("start") {
        start::run();
    }
}

/// How long `work` takes.
fn time<T>(work: impl FnOnce() -> T) -> Duration {
    let start = Instant::now();
    std::hint::black_box(work());
    start.elapsed()
}

/// The middle one.
fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}

/// Milliseconds with two decimals.
fn milliseconds(time: Duration) -> String {
    format!("{:.2} ms", time.as_secs_f64() * 1e3)
}
