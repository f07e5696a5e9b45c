//! From policy text to a bundle that is proved equal to it: time, memory and size.

use std::process::Command;

use crate::measure::{grouped, peak_megabytes};
use crate::{estates, median, milliseconds, ours, time};

/// Measures and prints. Each size runs in a process of its own, whose peak of memory the kernel tells.
pub fn run() {
    if ours::compile(&ours::estate(estates::files(1))).is_none() {
        return println!("compile: not measured, {} has no bundles\n", ours::NAME);
    }
    println!("### From HCL to a proved bundle, accounts of ten rules from a template, one core\n");
    println!("| accounts | time | for each account | memory at most | bundle |\n| --- | --- | --- | --- | --- |");
    let program = std::env::current_exe().expect("this program is a file");
    for accounts in [1_000_usize, 100_000] {
        let output =
            Command::new(&program).args(["compile-one", &accounts.to_string()]).output().expect("a child runs");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        print!("{}", String::from_utf8_lossy(&output.stdout));
    }
    println!();
}

/// One size: time, memory and size.
pub fn one(accounts: usize) {
    let files = estates::files(accounts);
    let rounds = if accounts > 10_000 { 3 } else { 7 };
    let (mut times, mut bytes) = (Vec::new(), 0);
    for _ in 0..rounds {
        let files = files.clone();
        times.push(time(|| {
            let bundle = ours::compile(&ours::estate(files)).expect("the engine has bundles");
            bytes = bundle.len();
            bundle
        }));
    }
    let middle = median(times);
    println!(
        "| {} | {} | {:.1} µs | {:.1} MB | {:.2} MB |",
        grouped(accounts),
        milliseconds(middle),
        middle.as_secs_f64() * 1e6 / accounts as f64,
        peak_megabytes("self").unwrap_or(f64::NAN),
        bytes as f64 / 1e6
    );
}
