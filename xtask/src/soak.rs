//! `cargo xtask soak`: the random parts of the tests, many times longer.

use crate::{Outcome, command, seed};

#[derive(clap::Args)]
pub(crate) struct Options {
    /// How many times the usual number of random cases to run
    #[arg(long, value_name = "N", default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..))]
    factor: u32,
    /// Repeat the run of this seed
    #[arg(long, value_name = "N")]
    seed: Option<u64>,
    /// Passed to `cargo test`: names of tests, or `-- --test-threads=1`
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    arguments: Vec<String>,
}

pub(crate) fn run(options: &Options) -> Outcome {
    let seed = options.seed.unwrap_or_else(seed::fresh);
    println!("{} times the usual cases, seed {seed}; repeat with --seed {seed}", options.factor);
    let mut test = command::cargo(["test", "--workspace", "--release"])?;
    test.args(&options.arguments);
    test.env(seed::VARIABLE, seed.to_string()).env("PORTCULLIS_SOAK", options.factor.to_string());
    command::run(&mut test)
}
