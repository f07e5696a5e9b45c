//! Looking whether something is there, in some tenths of a second.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::Need;
use crate::{command, javascript, python, workspace};

/// The machine, and the toolchain that runs this.
pub(super) struct Machine {
    rustc: PathBuf,
}

impl Machine {
    /// The toolchain is the one of the cargo that runs this.
    pub(super) fn found() -> Self {
        let beside =
            Path::new(&workspace::cargo()).with_file_name("rustc").with_extension(std::env::consts::EXE_EXTENSION);
        Self { rustc: if beside.is_file() { beside } else { "rustc".into() } }
    }

    pub(super) fn has(&self, need: Need) -> bool {
        match need {
            // Beside the cargo that runs this, or a proxy of rustup's, which fails where there is nothing behind it.
            Need::Component { subcommand, .. } => runs(workspace::cargo(), &[subcommand, "--version"]),
            Need::Target(target) => self.has_library_of(target),
            Need::Nightly => command::program("rustup", ["toolchain", "list"])
                .and_then(|mut list| command::output(&mut list))
                .is_ok_and(|(_, list)| list.lines().any(|line| line.starts_with("nightly"))),
            Need::Cpp => ["c++", "g++", "clang++"].iter().any(|compiler| runs(compiler, &["--version"])),
            Need::Node => javascript::is_here(),
            Need::Python => python::interpreter().is_some(),
            Need::Browser => javascript::found_browser().is_some() || javascript::can_install_a_browser(),
        }
    }

    /// Whether the folder of a target has a core library: a folder alone may be what an update left behind.
    fn has_library_of(&self, target: &str) -> bool {
        let mut ask = Command::new(&self.rustc);
        let Ok((true, folder)) = command::output(ask.args(["--print", "target-libdir", "--target", target])) else {
            return false;
        };
        let Ok(entries) = Path::new(folder.trim()).read_dir() else { return false };
        entries.flatten().any(|entry| entry.file_name().to_string_lossy().starts_with("libcore-"))
    }
}

/// Whether a program is there and answers.
pub(crate) fn runs(program: impl AsRef<std::ffi::OsStr>, arguments: &[&str]) -> bool {
    let mut command = Command::new(program);
    command.args(arguments).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}
