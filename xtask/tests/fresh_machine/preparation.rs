//! What a chore brings and what it refuses: with the toolchain that runs this test, linked into another rustup home, less its
//! WebAssembly target.

use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::{fs, io};

const TARGET: &str = "wasm32-unknown-unknown";

/// A machine with a toolchain that lacks something.
struct Machine {
    folder: tempfile::TempDir,
}

impl Machine {
    /// With the toolchain that runs this test, less a target and less the programs whose names begin so.
    fn without(target: &str, programs: &[&str]) -> Self {
        let machine = Self { folder: tempfile::tempdir().unwrap() };
        let (real, toolchain) = (sysroot(), machine.toolchain());
        for part in ["bin", "lib"] {
            fs::create_dir_all(toolchain.join(part)).unwrap();
            for entry in fs::read_dir(real.join(part)).unwrap().map(Result::unwrap) {
                let name = entry.file_name().into_string().unwrap();
                // A compiler takes the folder that it lies in for its toolchain, whatever links lead there.
                if entry.file_type().unwrap().is_file() && !programs.iter().any(|program| name.starts_with(program)) {
                    link_or_copy(&entry.path(), &toolchain.join(part).join(name)).unwrap();
                }
            }
        }
        fs::create_dir_all(toolchain.join("lib/rustlib")).unwrap();
        for entry in fs::read_dir(real.join("lib/rustlib")).unwrap().map(Result::unwrap) {
            if entry.file_name() != target {
                symlink(entry.path(), toolchain.join("lib/rustlib").join(entry.file_name())).unwrap();
            }
        }
        machine
    }

    /// Gives it a rustup that does `what`, a line of a shell, beside noting what it was told.
    fn with_rustup(self, what: &str) -> Self {
        let program = self.folder.path().join("bin/rustup");
        fs::create_dir_all(program.parent().unwrap()).unwrap();
        let told = self.folder.path().join("told");
        fs::write(&program, format!("#!/bin/sh\nPATH=/usr/bin:/bin\necho \"$@\" >> '{}'\n{what}\n", told.display()))
            .unwrap();
        fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
        self
    }

    fn toolchain(&self) -> PathBuf {
        self.folder.path().join("rustup/toolchains/lacking")
    }

    /// What rustup was told.
    fn told(&self) -> String {
        fs::read_to_string(self.folder.path().join("told")).unwrap_or_default()
    }

    /// Has a chore prepare itself there.
    fn prepare(&self, chore: &[&str]) -> Output {
        let toolchain = self.toolchain();
        let path = [self.folder.path().join("bin"), toolchain.join("bin")];
        let mut xtask = Command::new(env!("CARGO_BIN_EXE_xtask"));
        xtask.arg("--prepare-only").args(chore).env_remove("CI").env("PATH", std::env::join_paths(path).unwrap());
        xtask.env("CARGO", toolchain.join("bin/cargo")).env("CARGO_HOME", self.folder.path().join("cargo"));
        xtask.env("RUSTUP_HOME", self.folder.path().join("rustup")).env("RUSTUP_AUTO_INSTALL", "0");
        // The path of libraries leads to the toolchain that runs this test.
        xtask.env_remove("RUSTUP_TOOLCHAIN").env_remove("RUSTC").env_remove("LD_LIBRARY_PATH");
        if self.folder.path().join("bin/rustup").is_file() {
            xtask.env("RUSTUP_TOOLCHAIN", "lacking");
        }
        xtask.output().unwrap()
    }
}

/// The toolchain that runs this test.
fn sysroot() -> PathBuf {
    let rustc = Path::new(env!("CARGO")).with_file_name("rustc");
    let said = Command::new(rustc).args(["--print", "sysroot"]).output().unwrap();
    PathBuf::from(String::from_utf8(said.stdout).unwrap().trim())
}

fn link_or_copy(from: &Path, to: &Path) -> io::Result<()> {
    // The two may lie on different disks.
    fs::hard_link(from, to).or_else(|_| fs::copy(from, to).map(|_| ()))
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn the_demonstration_needs_no_target_and_no_rustup() {
    let machine = Machine::without(TARGET, &[]);
    let prepared = machine.prepare(&["demo"]);
    assert!(prepared.status.success(), "{}", said(&prepared));
}

#[test]
fn the_gate_has_rustup_bring_what_is_missing_once() {
    let machine = Machine::without(TARGET, &["cargo-fmt", "rustfmt"]);
    let (real, toolchain) = (sysroot().display().to_string(), machine.toolchain().display().to_string());
    let machine = machine.with_rustup(&format!(
        "case \"$*\" in\n\
         \"target add {TARGET}\") ln -s {real}/lib/rustlib/{TARGET} {toolchain}/lib/rustlib/ ;;\n\
         \"component add rustfmt\") ln {real}/bin/cargo-fmt {real}/bin/rustfmt {toolchain}/bin/ 2>/dev/null ||\n\
         cp {real}/bin/cargo-fmt {real}/bin/rustfmt {toolchain}/bin/ ;;\nesac"
    ));
    for _ in 0..2 {
        let prepared = machine.prepare(&["test"]);
        assert!(prepared.status.success(), "{}", said(&prepared));
    }
    assert_eq!(machine.told(), format!("component add rustfmt\ntarget add {TARGET}\n"));
}

#[test]
fn a_step_alone_needs_no_more_than_it_uses() {
    let machine = Machine::without(TARGET, &[]).with_rustup("");
    let prepared = machine.prepare(&["test", "--only", "format"]);
    assert!(prepared.status.success(), "{}", said(&prepared));
    assert_eq!(machine.told(), "");
}

#[test]
fn what_cannot_be_brought_is_named_with_what_brings_it() {
    let without_rustup = Machine::without(TARGET, &["cargo-clippy"]);
    let without_network = Machine::without(TARGET, &["cargo-clippy"]).with_rustup("exit 1");
    for machine in [without_rustup, without_network] {
        for chore in ["test", "install", "dist", "modules", "packages", "bench"] {
            let refused = machine.prepare(&[chore]);
            let said = said(&refused);
            assert!(!refused.status.success(), "{chore}");
            assert!(said.contains(&format!("`rustup target add {TARGET}` brings it")), "{chore}: {said}");
            assert_eq!(said.contains("`rustup component add clippy` brings it"), chore == "test", "{said}");
        }
    }
}
