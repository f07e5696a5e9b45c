//! Reading policy text into our tree, beside `hcl-edit` reading the same text into its own.

use policy_core::source::FileId;
use policy_core::syntax;

use crate::{ROUNDS, estates, median, time};

/// Measures and prints.
pub fn run() {
    let text = estates::long_hand(1_000);
    let megabytes = text.len() as f64 / 1e6;
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        ours.push(time(|| {
            let mut diagnostics = Vec::new();
            let body = syntax::parse(FileId::first(), &text, &mut diagnostics);
            assert!(diagnostics.is_empty());
            body
        }));
        theirs.push(time(|| hcl_edit::parser::parse_body(&text).expect("the text is HCL")));
    }
    let (ours, theirs) = (median(ours), median(theirs));
    let speed = |time: std::time::Duration| megabytes / time.as_secs_f64();
    println!("parse and lower, {megabytes:.1} MB of policy text, one core, median of {ROUNDS}");
    println!("  policy-core      {:>8.1} MB/s", speed(ours));
    println!(
        "  hcl-edit 0.10.0  {:>8.1} MB/s  ({:.1} times slower; parse alone, nothing lowered)",
        speed(theirs),
        theirs.as_secs_f64() / ours.as_secs_f64()
    );
}
