//! Whether the decider is the same bytes wherever it is built: hosts are told its digest, so anyone must be able to build it.

use std::fs;
use std::path::Path;

use crate::{Outcome, command, folders, modules, workspace};

const DECIDER: &str = "decider.wasm";

/// Builds the decider once more from a copy of the sources in another folder, under settings of a machine that would change
/// what a compiler makes, and compares.
///
/// # Errors
/// Where the bytes differ.
pub(crate) fn check() -> Outcome {
    let ours = fs::read(modules::written()?.join(DECIDER))?;
    let folder = workspace::root()?.join("target/reproducible");
    let (copy, built) = (folder.join("a folder of another name"), folder.join("built"));
    folders::empty(&folder)?;
    copy_sources(&copy)?;
    let package = ["run", "--quiet", "--locked", "--package", "policy-modules", "--bin", "write-modules", "--"];
    let mut write = command::cargo(package)?;
    write.arg(&built).current_dir(&copy).env("CARGO_TARGET_DIR", folder.join("target"));
    write.env("CARGO_PROFILE_WASM_OPT_LEVEL", "1").env("CARGO_PROFILE_WASM_STRIP", "false");
    write.env("RUSTFLAGS", "-Cforce-frame-pointers=yes").env("CARGO_INCREMENTAL", "0");
    command::run(&mut write)?;
    let theirs = fs::read(built.join(DECIDER))?;
    fs::remove_dir_all(&folder)?;
    if ours == theirs {
        println!("the decider of another folder is the same {} bytes", ours.len());
        return Ok(());
    }
    let same = ours.iter().zip(&theirs).take_while(|(ours, theirs)| ours == theirs).count();
    Err(format!("the decider has {} bytes here and {} there; they differ from byte {same}", ours.len(), theirs.len())
        .into())
}

/// What git knows or would add, as it is now.
fn copy_sources(to: &Path) -> Outcome {
    let root = workspace::root()?;
    let mut list = command::program("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"])?;
    let (listed, files) = command::output(&mut list)?;
    if !listed {
        return Err("git does not list the files of the workspace".into());
    }
    for file in files.split('\0').filter(|file| !file.is_empty() && !file.starts_with("fixtures/")) {
        let (from, to) = (root.join(file), to.join(file));
        // What was deleted and not committed yet is listed too.
        if from.is_file() {
            fs::create_dir_all(to.parent().unwrap_or(&to))?;
            fs::copy(from, to)?;
        }
    }
    Ok(())
}
