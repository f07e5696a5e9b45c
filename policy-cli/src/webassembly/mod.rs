//! What needs WebAssembly: policies as modules and components, and deciding in a sandbox. The feature `wasm` builds it in.
//! Without it the program says so wherever it is asked for one of these, at once and with the way to have it.

#[cfg(feature = "wasm")]
mod built_in;
#[cfg(not(feature = "wasm"))]
mod left_out;

#[cfg(feature = "wasm")]
pub(crate) use built_in::{Module, Sandbox, component, is_policy, module, opened};
#[cfg(not(feature = "wasm"))]
pub(crate) use left_out::{Module, Sandbox, component, is_policy, module, opened};

use crate::arguments::{EngineChoice, PolicyFormat};
use crate::failure::Failure;

/// How one has a program with WebAssembly.
const HELP: &str = "`cargo install --locked --path policy-cli --features wasm` installs a program that has it";

/// Refuses a format that this program cannot write, before anything is done.
///
/// # Errors
/// Where the format is WebAssembly, and that is left out.
pub(crate) fn can_write(format: PolicyFormat) -> Result<(), Failure> {
    match format {
        PolicyFormat::Bundle => Ok(()),
        PolicyFormat::Wasm => needed_by("`--format wasm`"),
        PolicyFormat::Component => needed_by("`--format component`"),
    }
}

/// Refuses an engine that this program does not have, before anything is done.
///
/// # Errors
/// Where the engine is WebAssembly, and that is left out.
pub(crate) fn can_run(engine: EngineChoice) -> Result<(), Failure> {
    match engine {
        EngineChoice::Wasm => needed_by("`--engine wasm`"),
        EngineChoice::Native | EngineChoice::Reference | EngineChoice::Both => Ok(()),
    }
}

fn needed_by(option: &str) -> Result<(), Failure> {
    match cfg!(feature = "wasm") {
        true => Ok(()),
        false => Err(Failure::usage(
            format!("{option} needs WebAssembly, which this program was built without"),
            format!("{HELP}; everything else works without it"),
        )),
    }
}
