//! `cargo xtask mutants`: small changes to the core, each of which a test has to notice.

use std::path::Path;

use crate::{Outcome, command, survivors, tools, workspace};

/// Of all mutants that compile, how many tests must notice at least.
const PERCENT: usize = 90;

#[derive(clap::Args)]
pub(crate) struct Options {
    /// Passed to cargo-mutants, such as `--re number.rs` or `--shard 1/8`
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    arguments: Vec<String>,
}

/// Exit codes of cargo-mutants after a complete run: all caught, some missed, some timed out.
const COMPLETE: [i32; 3] = [0, 2, 3];

pub(crate) fn run(options: &Options) -> Outcome {
    let cargo_mutants = tools::MUTANTS.installed()?;
    let folder = workspace::root()?.join("target/mutants");
    std::fs::create_dir_all(&folder)?;
    // The baseline would be asked of one package alone, which lacks the corpus; the gate has run it.
    let mut mutants =
        command::program(cargo_mutants, ["mutants", "-j2", "--no-shuffle", "--baseline", "skip", "--timeout", "90"])?;
    mutants.arg("--output").arg(&folder).args(&options.arguments);
    mutants.env_remove("CARGO_TARGET_DIR").env("PORTCULLIS_ENGINES", "library");
    let code = command::code(&mut mutants)?;
    if !COMPLETE.contains(&code) {
        return Err(format!("cargo-mutants did not complete: exit code {code}").into());
    }
    judge(&folder.join("mutants.out"), options.arguments.is_empty())
}

/// Compares what a run left in `folder` with the list of survivors.
fn judge(folder: &Path, whole: bool) -> Outcome {
    let missed = std::fs::read_to_string(folder.join("missed.txt"))?;
    let noticed = lines(&std::fs::read_to_string(folder.join("caught.txt"))?)
        + lines(&std::fs::read_to_string(folder.join("timeout.txt"))?);
    let viable = noticed + lines(&missed);
    let listed = survivors::listed(&std::fs::read_to_string(workspace::root()?.join("docs/mutants.md"))?)?;
    let missed = survivors::reported(&missed);
    let unlisted = survivors::beyond(&missed, &listed);
    let tenths = (noticed * 1000).checked_div(viable).unwrap_or(1000);
    println!("{noticed} of {viable} mutants caught: {}.{} %, {PERCENT} % needed", tenths / 10, tenths % 10);
    for name in survivors::beyond(&listed, &missed).iter().filter(|_| whole) {
        println!("listed in docs/mutants.md, but no longer missed: {name}");
    }
    if !unlisted.is_empty() {
        return Err(format!("missed, and not listed in docs/mutants.md:\n{}", unlisted.join("\n")).into());
    }
    if tenths < PERCENT * 10 { Err(format!("fewer than {PERCENT} % of the mutants are caught").into()) } else { Ok(()) }
}

fn lines(text: &str) -> usize {
    text.lines().filter(|line| !line.trim().is_empty()).count()
}
