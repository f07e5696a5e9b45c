//! `cargo xtask modules`: the WebAssembly modules as files, for the packages of other languages.

use std::path::PathBuf;
use std::sync::OnceLock;

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
    let package =
        ["run", "--quiet", "--locked", "--package", "policy-modules", "--features", "author,component,feedback"];
    let mut write = command::cargo(package)?;
    write.args(["--bin", "write-modules", "--"]).arg(&folder);
    command::run(&mut write)?;
    Ok(WRITTEN.get_or_init(|| folder).clone())
}
