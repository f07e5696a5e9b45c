//! `cargo xtask bench`: measurements, in a workspace of their own so that nothing else pays for what they need.

use crate::needs::{self, Need};
use crate::{Outcome, command, javascript, python, workspace};

#[derive(clap::Args)]
pub(crate) struct Options {
    /// Which parts, such as `parse`; all if none is named. `node` alone measures the JavaScript package, `python` the
    /// Python package
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    arguments: Vec<String>,
}

pub(crate) fn needs(options: &Options) -> Vec<Need> {
    match &*options.arguments {
        [only] if only == "node" => vec![needs::MODULES, Need::Node],
        [only] if only == "python" => vec![needs::MODULES, Need::Python],
        _ => vec![needs::MODULES],
    }
}

pub(crate) fn run(options: &Options) -> Outcome {
    if options.arguments == ["node"] {
        return javascript::Project::of_this_run()?.bench();
    }
    if options.arguments == ["python"] {
        let interpreter = python::interpreter().ok_or("there is no Python of version 3.10 or newer")?;
        return python::Environment::fresh(interpreter)?.bench();
    }
    if !workspace::root()?.join("benches/Cargo.toml").is_file() {
        return Err("there is nothing to measure yet: no `benches/Cargo.toml`".into());
    }
    let mut bench = command::cargo(["run", "--release", "--quiet", "--manifest-path", "benches/Cargo.toml", "--"])?;
    command::run(bench.args(&options.arguments))
}
