//! The commands, one file each: what was typed becomes what it means, is done, and ends in an exit code.

mod bundle;
mod check;
mod compile;
mod completions;
mod decide;
mod explain;
mod fmt;
mod init;
mod man;
mod schema;
mod standard;
mod test;
pub(crate) mod version;

use crate::arguments::{Arguments, Command};
use crate::exit::Exit;
use crate::failure::Failure;

/// Does what was typed.
pub(crate) fn run(arguments: Arguments) -> Result<Exit, Failure> {
    let color = arguments.color;
    match arguments.command {
        Command::Check(typed) => check::run(&typed, color),
        Command::Compile(typed) => compile::run(&typed, color),
        Command::Bundle(typed) => bundle::run(&typed, color),
        Command::Decide(typed) => decide::run(*typed, color),
        Command::Test(typed) => test::run(&typed, color),
        Command::Fmt(typed) => fmt::run(&typed, color),
        Command::Explain(typed) => explain::run(&typed),
        Command::Init(typed) => init::run(&typed),
        Command::Schema(typed) => schema::run(&typed),
        Command::Standard => standard::run(),
        Command::Completions(typed) => completions::run(&typed),
        Command::Man(typed) => man::run(&typed),
        Command::Version => version::run(),
    }
}
