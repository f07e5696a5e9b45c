//! `portcullis completions`: scripts for shells.

use clap::CommandFactory as _;

use crate::arguments::{Arguments, Completions};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output;

pub(super) fn run(typed: &Completions) -> Result<Exit, Failure> {
    // Into memory first: clap_complete panics where it cannot write.
    let mut script = Vec::new();
    clap_complete::generate(typed.shell, &mut Arguments::command(), "portcullis", &mut script);
    output::write(&String::from_utf8_lossy(&script))?;
    Ok(Exit::Good)
}
