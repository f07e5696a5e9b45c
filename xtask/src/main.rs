//! The chores of this workspace. `cargo xtask --help` lists them.

mod bench;
mod build;
mod command;
mod console;
mod demo;
mod dist;
mod example;
mod folders;
mod fuzz;
mod install;
mod javascript;
mod jco;
mod modules;
mod mutants;
mod needs;
mod packages;
mod python;
mod readme;
mod reproducible;
mod seed;
mod soak;
mod survivors;
mod test;
mod tools;
mod workspace;

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use needs::Need;

/// What a chore ends with. The text is for the person who ran it.
type Outcome<T = ()> = Result<T, Box<dyn std::error::Error>>;

/// The chores of the Portcullis workspace.
#[derive(Parser)]
#[command(bin_name = "cargo xtask", disable_help_subcommand = true)]
struct Arguments {
    /// Bring what the chore needs, or name what is missing, and do no more
    #[arg(long, global = true)]
    prepare_only: bool,
    #[command(subcommand)]
    chore: Chore,
}

#[derive(Subcommand)]
enum Chore {
    /// Show the main job on real input: check a policy, ask for decisions
    Demo,
    /// Run the one gate: format, lints, tests, documentation, dependencies, spelling, examples
    Test(test::Options),
    /// Change the core's code in small ways and show that tests notice
    Mutants(mutants::Options),
    /// Fuzz each target for a while, from the seeds in fixtures
    Fuzz(fuzz::Options),
    /// Run the random parts of the tests many times longer
    Soak(soak::Options),
    /// Build the WebAssembly modules and write them to target/wasm
    Modules,
    /// Pack the packages for JavaScript and Python and write them to target/packages
    Packages,
    /// Build the program for Linux and pack it with its manual, completions and licences, to target/dist
    Dist(dist::Options),
    /// Install the program with WebAssembly, for this machine
    Install,
    /// Measure, side by side with other engines
    Bench(bench::Options),
    /// What cargo runs test binaries through in the gate
    #[command(hide = true)]
    TimeTests(test::slowest::Options),
}

impl Chore {
    /// What it cannot do without.
    fn needs(&self) -> Vec<Need> {
        match self {
            // Nothing but the compiler, which has built this.
            Self::Demo | Self::TimeTests(_) => Vec::new(),
            Self::Test(options) => test::needs(options),
            Self::Mutants(_) | Self::Soak(_) | Self::Modules | Self::Packages | Self::Install => vec![needs::MODULES],
            Self::Dist(options) => options.needs(),
            Self::Fuzz(_) => fuzz::NEEDS.to_vec(),
            Self::Bench(options) => bench::needs(options),
        }
    }
}

fn main() -> ExitCode {
    let Arguments { prepare_only, chore } = Arguments::parse();
    let outcome = match needs::meet(&chore.needs()) {
        Ok(()) if !prepare_only => return run(chore),
        outcome => outcome,
    };
    said(outcome)
}

fn run(chore: Chore) -> ExitCode {
    said(match chore {
        Chore::Demo => demo::run(),
        // The gate says by itself how it ended: its last line is its result.
        Chore::Test(options) => return test::run(&options),
        Chore::Mutants(options) => mutants::run(&options),
        Chore::Fuzz(options) => fuzz::run(&options),
        Chore::Soak(options) => soak::run(&options),
        Chore::Modules => modules::run(),
        Chore::Packages => packages::run(),
        Chore::Install => install::run(),
        Chore::Dist(options) => dist::run(&options),
        Chore::TimeTests(options) => return test::slowest::run(&options).unwrap_or_else(|error| said(Err(error))),
        Chore::Bench(options) => bench::run(&options),
    })
}

fn said(outcome: Outcome) -> ExitCode {
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("xtask: {error}");
            ExitCode::FAILURE
        }
    }
}
