//! `cargo xtask test`: the one gate.

mod report;
mod steps;

use std::process::ExitCode;
use std::time::Instant;

use report::{Report, Result};
use steps::{STEPS, Step};

use crate::{Outcome, command, seed, workspace};

#[derive(clap::Args)]
pub(crate) struct Options {
    /// Repeat the random parts of the run that printed this seed
    #[arg(long, value_name = "N")]
    seed: Option<u64>,
    /// Run only this step; may be given several times
    #[arg(long, value_name = "STEP", value_parser = steps::names())]
    only: Vec<String>,
}

/// What a step needs to know about the run.
struct Run {
    seed: u64,
}

/// How a step ended that did not fail.
enum End {
    Passed,
    /// It does not apply here; the text says why. Counts neither as passed nor as failed.
    NotRun(String),
}

impl Run {
    /// `cargo ARGUMENTS`, warnings being errors for what it compiles and the seed known.
    fn cargo(&self, arguments: &[&str]) -> Outcome {
        command::run(&mut self.command(arguments)?)
    }

    /// The same, to be changed before it runs.
    fn command(&self, arguments: &[&str]) -> Outcome<std::process::Command> {
        let mut cargo = command::cargo(arguments)?;
        cargo.env(seed::VARIABLE, self.seed.to_string());
        println!("$ {}", command::shown(&cargo));
        Ok(cargo)
    }

    /// Holds host packages against the engine on the whole corpus. Each is a line of `PORTCULLIS_HOSTS`
    /// (`tests/tests/corpus/hosts.rs`).
    fn hosts(&self, hosts: &[String]) -> Outcome {
        let corpus = ["test", "--quiet", "--locked", "--workspace", "--test", "corpus", "decisions"];
        let mut cargo = command::cargo(corpus)?;
        cargo.env(seed::VARIABLE, self.seed.to_string());
        // The step `tests` runs the program already.
        cargo.env("PORTCULLIS_ENGINES", "library").env("PORTCULLIS_HOSTS", hosts.join("\n"));
        command::run(&mut cargo)
    }
}

/// Runs all steps, also after one failed, so that one run tells all.
pub(crate) fn run(options: &Options) -> ExitCode {
    let run = Run { seed: options.seed.unwrap_or_else(seed::fresh) };
    println!("seed {}; repeat with --seed {}", run.seed, run.seed);
    let mut report = Report::default();
    let chosen = |step: &&Step| options.only.is_empty() || options.only.iter().any(|name| name == step.name);
    for step in STEPS.iter().filter(chosen) {
        println!("\n== {}: {}", step.name, step.why);
        let begun = Instant::now();
        let result = match (step.run)(&run) {
            Ok(End::Passed) => Result::Passed,
            Ok(End::NotRun(why)) => Result::NotRun(why),
            Err(error) => Result::Failed(error.to_string()),
        };
        let taken = begun.elapsed();
        println!("== {}: {result} in {:.1} s", step.name, taken.as_secs_f64());
        report.add(step.name, taken, result);
    }
    report.print(run.seed);
    if report.is_good() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// What to do where a step cannot run: in CI nothing is left out.
fn not_here(why: &str) -> Outcome<End> {
    if workspace::in_ci() { Err(why.into()) } else { Ok(End::NotRun(why.to_owned())) }
}
