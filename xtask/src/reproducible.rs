//! Whether the decider is the same bytes wherever it is built: hosts are told its digest, so anyone must be able to build it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio;

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
    let copy = folder.join("a folder of another name");
    folders::empty(&folder)?;
    copy_sources(&copy)?;
    // The build script makes it, so that nothing else of the package has to be built.
    let package = ["check", "--quiet", "--locked", "--package", "policy-modules", "--lib", "--message-format", "json"];
    let mut check = command::cargo(package)?;
    check.current_dir(&copy).env("CARGO_TARGET_DIR", folder.join("target"));
    check.env("CARGO_PROFILE_WASM_OPT_LEVEL", "1").env("CARGO_PROFILE_WASM_STRIP", "false");
    check.env("RUSTFLAGS", "-Cforce-frame-pointers=yes").env("CARGO_INCREMENTAL", "0");
    let checked = check.stderr(Stdio::inherit()).output()?;
    let said = String::from_utf8_lossy(&checked.stdout).into_owned();
    let written = said.lines().find_map(folder_of_modules).filter(|_| checked.status.success());
    let theirs = fs::read(written.ok_or("the decider does not build in another folder")?.join(DECIDER))?;
    fs::remove_dir_all(&folder)?;
    if ours == theirs {
        println!("the decider of another folder is the same {} bytes", ours.len());
        return Ok(());
    }
    let same = ours.iter().zip(&theirs).take_while(|(ours, theirs)| ours == theirs).count();
    Err(format!("the decider has {} bytes here and {} there; they differ from byte {same}", ours.len(), theirs.len())
        .into())
}

/// Where the build script of the modules has written them, if that is what a message of cargo says.
fn folder_of_modules(message: &str) -> Option<PathBuf> {
    let message: serde_json::Value = serde_json::from_str(message).ok()?;
    let text = |field: &str| message.get(field).and_then(serde_json::Value::as_str);
    let is_script = text("reason") == Some("build-script-executed");
    let is_ours = text("package_id").is_some_and(|package| package.contains("policy-modules"));
    text("out_dir").filter(|_| is_script && is_ours).map(PathBuf::from)
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
