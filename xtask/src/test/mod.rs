//! `cargo xtask test`: the one gate.

mod report;
pub(crate) mod slowest;
mod steps;

use std::process::ExitCode;
use std::time::Instant;

use report::{Report, Result};
use slowest::Times;
use steps::{STEPS, Step};

use crate::needs::Need;
use crate::{Outcome, build, command, seed, workspace};

#[derive(clap::Args)]
pub(crate) struct Options {
    /// Repeat the random parts of the run that printed this seed
    #[arg(long, value_name = "N")]
    seed: Option<u64>,
    /// Run only this step; may be given several times
    #[arg(long, value_name = "STEP", value_parser = steps::names())]
    only: Vec<String>,
}

impl Options {
    fn chosen(&self) -> impl Iterator<Item = &'static Step> {
        STEPS.iter().filter(|step| self.only.is_empty() || self.only.iter().any(|name| name == step.name))
    }
}

/// What a step needs to know about the run.
struct Run {
    seed: u64,
    times: Times,
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

    /// The same, to be changed before it runs. Its tests are measured.
    fn command(&self, arguments: &[&str]) -> Outcome<std::process::Command> {
        println!("$ {}", command::shown(&command::cargo(arguments)?));
        let (subcommand, rest) = arguments.split_at_checked(1).unwrap_or_default();
        let mut cargo = command::cargo(subcommand)?;
        if subcommand == ["test"] {
            self.times.measure(&mut cargo);
        }
        cargo.args(rest).env(seed::VARIABLE, self.seed.to_string());
        Ok(cargo)
    }

    /// Holds host packages against the engine on the whole corpus. Each is a line of `PORTCULLIS_HOSTS`
    /// (`tests/tests/corpus/hosts.rs`).
    fn hosts(&self, hosts: &[String]) -> Outcome {
        let corpus = ["--locked", "--test", "corpus", "decisions"];
        let mut cargo = self.command(&[&["test"], build::AS_TESTED.as_slice(), &corpus].concat())?;
        // The step `tests` runs the program already.
        cargo.env("PORTCULLIS_ENGINES", "library").env("PORTCULLIS_HOSTS", hosts.join("\n"));
        command::run(&mut cargo)
    }
}

/// What the chosen steps need: all of it in CI, where nothing is left out, and else what a toolchain can have.
pub(crate) fn needs(options: &Options) -> Vec<Need> {
    let needs = options.chosen().flat_map(|step| step.needs).copied();
    needs.filter(|need| workspace::in_ci() || need.is_of_the_toolchain()).collect()
}

/// Runs all steps, also after one failed, so that one run tells all.
pub(crate) fn run(options: &Options) -> ExitCode {
    build::as_tested();
    let times = match Times::none() {
        Ok(times) => times,
        Err(error) => {
            eprintln!("xtask: the times of tests cannot be kept: {error}");
            return ExitCode::FAILURE;
        }
    };
    let run = Run { seed: options.seed.unwrap_or_else(seed::fresh), times };
    println!("seed {}; repeat with --seed {}", run.seed, run.seed);
    let mut report = Report::default();
    for step in options.chosen() {
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
    report.print(&run);
    if report.is_good() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// What to do where a step cannot run: in CI nothing is left out.
fn not_here(why: &str) -> Outcome<End> {
    if workspace::in_ci() { Err(why.into()) } else { Ok(End::NotRun(why.to_owned())) }
}
