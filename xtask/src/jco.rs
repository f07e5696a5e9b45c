//! jco, which makes JavaScript of components: installed below `target/tools` from a lock file, by npm.

use std::fs;
use std::path::PathBuf;

use crate::{Outcome, command, workspace};

/// Where it is said which version, and what that needs.
const PACKAGE: &str = "tests/tests/corpus/jco";
/// The lock file, which names every byte of all that is installed.
const LOCK: &str = "package-lock.json";
/// A copy of the lock file, made when all of it was there.
const INSTALLED: &str = "installed.json";

/// The program, installed first if what the lock file names is not there.
pub(crate) fn installed() -> Outcome<PathBuf> {
    let package = workspace::root()?.join(PACKAGE);
    let folder = workspace::tools()?.join("jco");
    let program = folder.join("node_modules/@bytecodealliance/jco/dist/jco.js");
    let lock = fs::read(package.join(LOCK))?;
    if program.is_file() && fs::read(folder.join(INSTALLED)).is_ok_and(|installed| installed == lock) {
        return Ok(program);
    }
    eprintln!("installing jco into target/tools");
    fs::create_dir_all(&folder)?;
    for file in ["package.json", LOCK] {
        fs::copy(package.join(file), folder.join(file))?;
    }
    // Scripts of packages are code of strangers that runs before anyone looks at it.
    let mut npm = command::program("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"])?;
    command::run(npm.current_dir(&folder))?;
    fs::write(folder.join(INSTALLED), lock)?;
    Ok(program)
}
