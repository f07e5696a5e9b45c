//! 10,000,000 decisions in one instance, whose memory must not grow.

use wasmtime::Module;

use super::decider::Decider;
use super::sandbox;
use crate::measure::grouped;
use crate::policy::{self, Expected, Question};
use crate::{ours, time};

const DECISIONS: usize = 10_000_000;
/// One in so many is from JSON to explained JSON, the others are in compact form.
const JSON: usize = 10;
const RULES: usize = 64;

/// Measures and prints.
///
/// # Panics
///
/// If memory grows after every question has been asked once, or an answer is wrong.
pub fn run() {
    let rules = policy::rules(RULES);
    let questions = policy::questions(&rules);
    let compact: Vec<Vec<u8>> = questions.iter().map(|question| ours::compact(&question.raw())).collect();
    let json: Vec<String> = questions.iter().map(Question::raw_json).collect();
    let bundle = ours::compile(&ours::estate(policy::hcl(&rules))).expect("ours has bundles");
    let engine = sandbox::engine();
    let module = Module::new(&engine, policy_modules::DECIDER).expect("the host compiles the module");
    let mut decider = Decider::new(&engine, &module, &bundle);
    let decide = |decider: &mut Decider, count: usize| {
        for number in 0..count {
            let question = number % questions.len();
            let permitted = match number % JSON {
                0 => decider.answer_json(&json[question]).contains("\"outcome\":\"permit\""),
                _ => decider.permits(&compact[question]),
            };
            assert_eq!(permitted, questions[question].expected == Expected::Permit, "{:?}", questions[question]);
        }
    };
    // Every question in every form.
    decide(&mut decider, questions.len() * JSON);
    let before = decider.pages();
    let time = time(|| decide(&mut decider, DECISIONS));
    let after = decider.pages();
    println!("### {} decisions in one instance, one in {JSON} from JSON to JSON\n", grouped(DECISIONS));
    println!("| time | pages before | pages after |\n| --- | --- | --- |");
    println!("| {:.0} s | {before} | {after} |\n", time.as_secs_f64());
    assert_eq!(before, after, "memory grew");
}
