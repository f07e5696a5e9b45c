//! The chores of this workspace. `cargo xtask --help` lists them.

mod bench;
mod command;
mod console;
mod demo;
mod example;
mod folders;
mod fuzz;
mod javascript;
mod jco;
mod modules;
mod mutants;
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

/// What a chore ends with. The text is for the person who ran it.
type Outcome<T = ()> = Result<T, Box<dyn std::error::Error>>;

/// The chores of the Portcullis workspace.
#[derive(Parser)]
#[command(bin_name = "cargo xtask", disable_help_subcommand = true)]
struct Arguments {
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
    /// Measure, side by side with other engines
    Bench(bench::Options),
}

fn main() -> ExitCode {
    let outcome = match Arguments::parse().chore {
        Chore::Demo => demo::run(),
        // The gate says by itself how it ended: its last line is its result.
        Chore::Test(options) => return test::run(&options),
        Chore::Mutants(options) => mutants::run(&options),
        Chore::Fuzz(options) => fuzz::run(&options),
        Chore::Soak(options) => soak::run(&options),
        Chore::Modules => modules::run(),
        Chore::Packages => packages::run(),
        Chore::Bench(options) => bench::run(&options),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("xtask: {error}");
            ExitCode::FAILURE
        }
    }
}
