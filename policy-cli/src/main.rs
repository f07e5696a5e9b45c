//! The program `portcullis`.

use std::process::ExitCode;

fn main() -> ExitCode {
    ExitCode::from(70)
}
