//! `cargo xtask install`: the program with WebAssembly for this machine. `cargo install` does the same, but where the target of
//! the modules is missing it says so only after it has built for a while: cargo lets no package look before the others.

use crate::{Outcome, command};

pub(crate) fn run() -> Outcome {
    command::run(&mut command::cargo(["install", "--locked", "--path", "policy-cli", "--features", "wasm"])?)
}
