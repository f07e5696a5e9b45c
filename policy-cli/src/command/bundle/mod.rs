//! `portcullis bundle`: looking into bundles, and proving them again.

mod show;
mod verify;

use crate::arguments::{Bundle, BundleCommand};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::terminal::ColorWhen;

pub(super) fn run(typed: &Bundle, color: ColorWhen) -> Result<Exit, Failure> {
    match &typed.command {
        BundleCommand::Show(typed) => show::run(typed, color),
        BundleCommand::Verify(typed) => verify::run(typed, color),
    }
}
