//! The modules of the other engines: built here, from `benches/guests`, so that a run cannot compare with nothing.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::measure::grouped;
use crate::{cedar, rego};

const TARGET: &str = "wasm32-unknown-unknown";

/// A module that has been built.
pub struct Build {
    /// What the tables call it, with its version.
    pub name: &'static str,
    pub bytes: Vec<u8>,
}

/// The modules of cedar-policy and regorus.
///
/// # Panics
///
/// If one cannot be built: there is no comparison without it.
pub fn others() -> [Build; 2] {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("guests");
    install_target(&folder);
    let mut cargo = command("CARGO", "cargo", &folder);
    // The flags are in the configuration of that folder, which these would take the place of.
    cargo.env_remove("RUSTFLAGS").env_remove("CARGO_ENCODED_RUSTFLAGS");
    cargo
        .args(["build", "--release", "--quiet", "--locked", "--target", TARGET, "--target-dir"])
        .arg(folder.join("target"));
    assert!(succeeds(&mut cargo), "the modules of the other engines cannot be built, see above: {cargo:?}");
    let lock = fs::read_to_string(folder.join("Cargo.lock")).expect("the guests have a lock file");
    [(cedar::NAME, "guest_cedar"), (rego::NAME, "guest_regorus")].map(|(name, file)| {
        let (package, version) = name.split_once(' ').expect("a name and a version");
        let locked = format!("name = \"{package}\"\nversion = \"{version}\"\n");
        assert!(lock.contains(&locked), "benches/guests/Cargo.lock has no {name}, which is what is measured natively");
        Build { name, bytes: read(&folder.join(format!("target/{TARGET}/release/{file}.wasm"))) }
    })
}

/// Prints what is compared.
pub fn print(builds: &[Build]) {
    println!("### Modules\n\n| build | bytes |\n| --- | --- |");
    for build in builds {
        println!("| {} | {} |", build.name, grouped(build.bytes.len()));
    }
    println!();
}

fn read(path: &PathBuf) -> Vec<u8> {
    fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Installs the target's library if it is missing. Without rustup, cargo says what is.
fn install_target(folder: &Path) {
    let mut list = command("RUSTUP", "rustup", folder);
    let Ok(output) = list.args(["target", "list", "--installed"]).output() else { return };
    if !String::from_utf8_lossy(&output.stdout).lines().any(|target| target == TARGET) {
        let mut add = command("RUSTUP", "rustup", folder);
        assert!(succeeds(add.args(["target", "add", TARGET])), "the target {TARGET} cannot be installed: {add:?}");
    }
}

/// A program that a variable may name, in a folder.
fn command(variable: &str, name: &str, folder: &Path) -> Command {
    let mut command = Command::new(std::env::var_os(variable).unwrap_or_else(|| name.into()));
    command.current_dir(folder);
    command
}

fn succeeds(command: &mut Command) -> bool {
    command.status().is_ok_and(|status| status.success())
}
