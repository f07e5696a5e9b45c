//! What makes JavaScript of components: the part of jco that does it, installed below `target/tools` from a lock file, by npm.

use std::fs;
use std::path::PathBuf;

use crate::{Outcome, command, workspace};

/// Where it is said which version, and what that needs.
const PACKAGE: &str = "tests/tests/corpus/jco";
/// What runs it.
const PROGRAM: &str = "transpile.mjs";
/// The lock file, which names every byte of all that is installed.
const LOCK: &str = "package-lock.json";
/// A copy of the lock file, made when all of it was there.
const INSTALLED: &str = "installed.json";

/// The program, installed first if what the lock file names is not there.
pub(crate) fn installed() -> Outcome<PathBuf> {
    let package = workspace::root()?.join(PACKAGE);
    let folder = workspace::tools()?.join("jco");
    let lock = fs::read(package.join(LOCK))?;
    let program = folder.join(PROGRAM);
    fs::create_dir_all(&folder)?;
    for file in ["package.json", LOCK, PROGRAM] {
        fs::copy(package.join(file), folder.join(file))?;
    }
    if fs::read(folder.join(INSTALLED)).is_ok_and(|installed| installed == lock) {
        return Ok(program);
    }
    eprintln!("installing jco into target/tools");
    // Not `npm ci`: it refuses lock files where a package names optional ones that were never published. Scripts of packages
    // are code of strangers that runs before anyone looks at it.
    let mut npm = command::program(
        "npm",
        ["install", "--no-save", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"],
    )?;
    command::run(npm.current_dir(&folder))?;
    fs::write(folder.join(INSTALLED), lock)?;
    Ok(program)
}
