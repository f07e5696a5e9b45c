//! Checking estates of 1,000 to 100,000 accounts of ten rules from a template.

use std::process::Command;

use policy_core::{PolicyFile, check};

use crate::measure::peak_megabytes;
use crate::{estates, median, milliseconds, time};

/// Measures and prints. Each size runs in a process of its own, whose peak of memory the kernel tells.
pub fn run() {
    println!("check, accounts of 10 rules from a template, one core");
    let program = std::env::current_exe().expect("this program is a file");
    for accounts in [1_000_usize, 10_000, 100_000] {
        let output = Command::new(&program).args(["check-one", &accounts.to_string()]).output().expect("a child runs");
        print!("{}", String::from_utf8_lossy(&output.stdout));
    }
}

/// One size: time and memory.
pub fn one(accounts: usize) {
    let files: Vec<PolicyFile> =
        estates::files(accounts).into_iter().map(|(name, text)| PolicyFile::new(name, text)).collect();
    let rounds = if accounts > 10_000 { 3 } else { 7 };
    let mut times = Vec::new();
    for _ in 0..rounds {
        let files = files.clone();
        times.push(time(|| {
            let report = check(files);
            assert_eq!(report.estate.as_ref().map(|estate| estate.accounts.len()), Some(accounts));
            report
        }));
    }
    let middle = median(times);
    let each = middle.as_secs_f64() * 1e6 / accounts as f64;
    println!(
        "  {accounts:>7} accounts  {:>12}  {each:>6.1} µs an account  {:>8.1} MB at most",
        milliseconds(middle),
        peak_megabytes("self").unwrap_or(f64::NAN)
    );
}
