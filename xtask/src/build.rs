//! Building the workspace's programs: each chore builds what it runs and no more, the gate all in one way.

use std::path::PathBuf;
use std::sync::OnceLock;

use crate::{Outcome, command, workspace};

/// A program of the workspace.
pub(crate) enum Program {
    /// `portcullis`, with WebAssembly.
    Portcullis,
    /// What writes the modules.
    WriteModules,
}

/// How the gate builds: everything with the features of a whole test run, and the program with WebAssembly. Cargo unites the
/// features of what it builds at once, so that any other selection builds most dependencies a second time. `--test` makes
/// those of the tests count.
pub(crate) const AS_TESTED: [&str; 3] = ["--workspace", "--features", "policy-cli/wasm"];
const PROGRAMS_AS_TESTED: [&str; 6] = ["--bin", "portcullis", "--bin", "write-modules", "--test", "architecture"];

static GATE: OnceLock<()> = OnceLock::new();

/// Says that this process is the gate.
pub(crate) fn as_tested() {
    _ = GATE.set(());
}

/// Builds a program and says where it is.
pub(crate) fn program(program: &Program) -> Outcome<PathBuf> {
    let (name, alone): (_, &[&str]) = match program {
        Program::Portcullis => {
            ("portcullis", &["--package", "policy-cli", "--features", "wasm", "--bin", "portcullis"])
        }
        Program::WriteModules => (
            "write-modules",
            &["--package", "policy-modules", "--features", "author,component,feedback", "--bin", "write-modules"],
        ),
    };
    let gate = [AS_TESTED.as_slice(), &PROGRAMS_AS_TESTED].concat();
    built(if GATE.get().is_some() { &gate } else { alone }, name)
}

/// Builds what the arguments select, and says where the program of that name is.
pub(crate) fn built(arguments: &[&str], name: &str) -> Outcome<PathBuf> {
    command::run(command::cargo(["build", "--quiet", "--locked"])?.args(arguments))?;
    let program = workspace::target()?.join("debug").join(name);
    Ok(program.with_extension(std::env::consts::EXE_EXTENSION))
}
