//! Measures what `docs/benchmarks.md` records. Each figure is the median of several rounds, and what is compared runs in
//! turn within each round, because machines are noisy.
//!
//! `cargo xtask bench` runs everything; arguments pick parts: see `PARTS`.

mod accounts;
mod bind;
mod cedar;
mod compile;
mod decide;
mod estates;
mod explain;
mod load;
mod measure;
mod ours;
mod parse;
mod policy;
mod regexes;
mod rego;
mod requests;
mod scale;
mod start;
mod threads;
mod wasm;

use std::time::{Duration, Instant};

/// Rounds of what is quick.
const ROUNDS: usize = 15;

/// What can be measured, in the order in which it is.
const PARTS: [(&str, fn()); 13] = [
    ("parse", parse::run),
    ("check", scale::run),
    ("decide", decide::run),
    ("bind", bind::run),
    ("accounts", accounts::run),
    ("explain", explain::run),
    ("load", load::run),
    ("compile", compile::run),
    ("threads", threads::run),
    ("wasm", wasm::run),
    ("wasm-soak", wasm::soak::run),
    ("requests", requests::run),
    ("start", start::run),
];

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| !argument.starts_with('-')).collect();
    // A size by itself is a child of `check` or `compile`: what an estate needs in memory is measured in a process of its
    // own.
    if let [part, accounts] = arguments.as_slice()
        && let Some(one) = [("check-one", scale::one as fn(usize)), ("compile-one", compile::one)]
            .into_iter()
            .find_map(|(name, one)| (name == part).then_some(one))
    {
        return one(accounts.parse().expect("a number of accounts"));
    }
    if let Some(unknown) = arguments.iter().find(|argument| !PARTS.iter().any(|(part, _)| part == argument)) {
        panic!("there is no part `{unknown}`; the parts are {}", PARTS.map(|(part, _)| part).join(", "));
    }
    for (part, run) in PARTS {
        if arguments.is_empty() || arguments.iter().any(|argument| argument == part) {
            run();
        }
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
