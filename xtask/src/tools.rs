//! Tools that chores need: pinned, and installed below `target/tools`.

use std::path::PathBuf;

use crate::{Outcome, command, workspace};

/// A program that `cargo install` brings.
pub(crate) struct Tool {
    /// The package in the registry.
    package: &'static str,
    version: &'static str,
    /// The program it installs.
    program: &'static str,
    /// What makes it say its version: `NAME VERSION`.
    version_arguments: &'static [&'static str],
}

pub(crate) const DENY: Tool =
    Tool { package: "cargo-deny", version: "0.20.2", program: "cargo-deny", version_arguments: &["--version"] };
pub(crate) const TYPOS: Tool =
    Tool { package: "typos-cli", version: "1.52.0", program: "typos", version_arguments: &["--version"] };
pub(crate) const MUTANTS: Tool = Tool {
    package: "cargo-mutants",
    version: "27.1.0",
    program: "cargo-mutants",
    version_arguments: &["mutants", "--version"],
};
pub(crate) const FUZZ: Tool =
    Tool { package: "cargo-fuzz", version: "0.13.2", program: "cargo-fuzz", version_arguments: &["--version"] };

impl Tool {
    /// The program, installed first if the pinned version is not there.
    ///
    /// It is built without optimisation: it runs for a second or two, and an optimised build takes minutes longer.
    pub(crate) fn installed(&self) -> Outcome<PathBuf> {
        let tools = workspace::tools()?;
        let program = tools.join("bin").join(self.program).with_extension(std::env::consts::EXE_EXTENSION);
        if self.is_present(&program)? {
            return Ok(program);
        }
        eprintln!("installing {} {} into target/tools", self.package, self.version);
        let build = tools.join("build");
        let versioned = format!("{}@{}", self.package, self.version);
        let mut install = command::cargo(["install", "--quiet", "--locked", "--debug", "--force", &versioned])?;
        install.arg("--root").arg(&tools).arg("--target-dir").arg(&build).env_remove("CARGO_TARGET_DIR");
        command::run(&mut install)?;
        // What the build leaves behind is large and of no use to the next tool.
        std::fs::remove_dir_all(&build)?;
        Ok(program)
    }

    fn is_present(&self, program: &std::path::Path) -> Outcome<bool> {
        if !program.is_file() {
            return Ok(false);
        }
        let (succeeded, said) = command::output(&mut command::program(program, self.version_arguments)?)?;
        Ok(succeeded && said.split_whitespace().last() == Some(self.version))
    }
}
