//! `cargo xtask packages`: the host packages as files, to be installed before the first release.

use std::path::Path;

use crate::{Outcome, folders, javascript, python, workspace};

/// Writes to `target/packages` what this machine has the tools for, and says what it has not.
pub(crate) fn run() -> Outcome {
    let folder = workspace::root()?.join("target/packages");
    folders::empty(&folder)?;
    let mut made = Vec::new();
    if javascript::is_here() {
        made.push(javascript::packed(&folder)?);
    } else {
        eprintln!("not made: the JavaScript package needs Node 20 or newer and npm");
    }
    if let Some(interpreter) = python::interpreter() {
        let wheel = python::Environment::fresh(interpreter)?.wheel;
        let packed = folder.join(wheel.file_name().unwrap_or_default());
        std::fs::copy(&wheel, &packed)?;
        made.push(packed);
    } else {
        eprintln!("not made: the Python package needs Python 3.10 or newer");
    }
    for package in &made {
        println!("{}", shown(package)?);
    }
    if made.is_empty() { Err("there is neither npm nor Python".into()) } else { Ok(()) }
}

/// As a reader of the README types it: from the folder of the workspace.
fn shown(package: &Path) -> Outcome<String> {
    Ok(package.strip_prefix(workspace::root()?).unwrap_or(package).display().to_string())
}
