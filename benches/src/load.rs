//! Loading a bundle of 1,000 accounts of ten rules.

use sha2::{Digest as _, Sha256};

use crate::measure::grouped;
use crate::{ROUNDS, estates, median, milliseconds, ours, time};

const ACCOUNTS: usize = 1_000;

/// Measures and prints.
pub fn run() {
    let Some(bundle) = ours::compile(&ours::estate(estates::files(ACCOUNTS))) else {
        return println!("load: not measured, {} has no bundles\n", ours::NAME);
    };
    let (mut loads, mut with_digests) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        // The copies are made before the clock runs.
        let (first, second) = (bundle.clone(), bundle.clone());
        loads.push(time(|| ours::load(first).expect("the bundle is valid")));
        with_digests.push(time(|| {
            let digest = Sha256::digest(&second);
            (digest, ours::load(second).expect("the bundle is valid"))
        }));
    }
    let megabytes = bundle.len() as f64 / 1e6;
    println!("### Loading a bundle of {} accounts of ten rules, {megabytes:.2} MB\n", grouped(ACCOUNTS));
    println!("| step | time |\n| --- | --- |");
    println!("| load | {} |", milliseconds(median(loads)));
    println!("| load and SHA-256 | {} |\n", milliseconds(median(with_digests)));
}
