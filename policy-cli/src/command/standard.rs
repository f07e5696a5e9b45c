//! `portcullis standard`: the commands that `import = ["standard"]` adds (N6).

use crate::exit::Exit;
use crate::failure::Failure;
use crate::output;

pub(super) fn run() -> Result<Exit, Failure> {
    output::write(policy_core::STANDARD)?;
    Ok(Exit::Good)
}
