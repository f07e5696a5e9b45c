//! The program `portcullis`: what is typed becomes a question to `policy-core`; what it answers is drawn here.

mod arguments;
mod bundle;
mod command;
mod decision;
mod diagnostics;
mod engine;
mod exit;
mod explain;
mod failure;
mod job;
mod lines;
mod output;
mod policy_directory;
mod progress;
mod replace;
mod request;
mod schema;
mod secrets;
mod signals;
mod suggestion;
mod terminal;
mod usage;
mod webassembly;

use std::io;
use std::panic::catch_unwind;
use std::process::ExitCode;

use clap::Parser as _;

use arguments::Arguments;
use exit::Exit;

fn main() -> ExitCode {
    // A bug must not look like a denial (1) or a mistake of the user (2, 3).
    catch_unwind(run)
        .unwrap_or_else(|_| {
            output::remark(
                "error: internal: this is a bug in portcullis\nhelp: please report it with the text above\n",
            );
            Exit::Internal
        })
        .into()
}

fn run() -> Exit {
    signals::limits_are_errors();
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => return usage::say(&error),
    };
    let when = arguments.color;
    command::run(arguments).unwrap_or_else(|failure| failure.say(when.colors(&io::stderr())))
}
