//! `cargo xtask modules`: the WebAssembly modules as files, for the packages of other languages.

use std::path::PathBuf;
use std::sync::OnceLock;

use crate::build::{self, Program};
use crate::{Outcome, command, workspace};

/// Builds the modules and writes them below the target folder.
pub(crate) fn run() -> Outcome {
    written().map(|_| ())
}

/// The folder that holds `decider.wasm`, `author.wasm`, `feedback.wasm` and `decider.component.wasm`: written by whoever
/// asks first.
pub(crate) fn written() -> Outcome<PathBuf> {
    static WRITTEN: OnceLock<PathBuf> = OnceLock::new();
    if let Some(folder) = WRITTEN.get() {
        return Ok(folder.clone());
    }
    let folder = workspace::root()?.join("target/wasm");
    let write = build::program(&Program::WriteModules)?;
    command::run(command::program(write, [""; 0])?.arg(&folder))?;
    Ok(WRITTEN.get_or_init(|| folder).clone())
}
