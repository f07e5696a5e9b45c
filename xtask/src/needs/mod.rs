//! What a chore needs of the machine. It is looked for before anything is built; what rustup has is brought, and for the rest
//! the chore does not begin: the message names what brings it.

mod machine;

use std::collections::BTreeSet;

use crate::{Outcome, command};
use machine::Machine;

pub(crate) use machine::runs;

/// The target of the WebAssembly modules.
const WEBASSEMBLY: &str = "wasm32-unknown-unknown";

/// Something that is there or not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Need {
    /// A component of the pinned toolchain: what cargo runs for the subcommand, and rustup's name for it.
    Component { subcommand: &'static str, name: &'static str },
    /// The standard library of a target, for the pinned toolchain.
    Target(&'static str),
    /// A nightly toolchain.
    Nightly,
    /// A compiler of C++.
    Cpp,
    /// A Node that the JavaScript package supports, and npm.
    Node,
    /// A Python that the Python package supports.
    Python,
    /// Chromium, or what installs it.
    Browser,
}

pub(crate) const RUSTFMT: Need = Need::Component { subcommand: "fmt", name: "rustfmt" };
pub(crate) const CLIPPY: Need = Need::Component { subcommand: "clippy", name: "clippy" };
pub(crate) const MODULES: Need = Need::Target(WEBASSEMBLY);

impl Need {
    /// Whether rustup has it for the pinned toolchain.
    pub(crate) fn is_of_the_toolchain(self) -> bool {
        matches!(self, Self::Component { .. } | Self::Target(_))
    }

    /// For a message.
    pub(crate) fn what(self) -> String {
        match self {
            Self::Component { name, .. } => format!("the toolchain's component `{name}`"),
            Self::Target(target) => format!("the toolchain's target `{target}`"),
            Self::Nightly => "a nightly toolchain".to_owned(),
            Self::Cpp => "a C++ compiler".to_owned(),
            Self::Node => "Node 20 or newer with npm".to_owned(),
            Self::Python => "Python 3.10 or newer".to_owned(),
            Self::Browser => "Chromium".to_owned(),
        }
    }

    /// What rustup is told to bring it.
    fn of_rustup(self) -> Option<Vec<&'static str>> {
        match self {
            Self::Component { name, .. } => Some(vec!["component", "add", name]),
            Self::Target(target) => Some(vec!["target", "add", target]),
            Self::Nightly => Some(vec!["toolchain", "install", "nightly", "--profile", "minimal"]),
            Self::Cpp | Self::Node | Self::Python | Self::Browser => None,
        }
    }

    /// What to do about it.
    fn help(self) -> String {
        match self.of_rustup() {
            Some(words) => format!("`rustup {}` brings it", words.join(" ")),
            None => match self {
                Self::Cpp => "on Debian, `apt-get install g++` brings it",
                Self::Node => "https://nodejs.org has it",
                Self::Browser => "on Debian, `apt-get install chromium` brings it",
                _ => "the system's packages have it",
            }
            .to_owned(),
        }
    }
}

/// Brings what is missing, or names it.
///
/// # Errors
/// Where something is missing still: all of it, a line each.
pub(crate) fn meet(needs: &[Need]) -> Outcome {
    let mut lines = Vec::new();
    for need in missing(needs) {
        if let Some(words) = need.of_rustup()
            && bring(&words)
            && Machine::found().has(need)
        {
            continue;
        }
        lines.push(format!("{} is missing: {}", need.what(), need.help()));
    }
    if lines.is_empty() { Ok(()) } else { Err(lines.join("\n").into()) }
}

/// What is not there, each once.
fn missing(needs: &[Need]) -> Vec<Need> {
    let machine = Machine::found();
    let needs: BTreeSet<Need> = needs.iter().copied().collect();
    needs.into_iter().filter(|need| !machine.has(*need)).collect()
}

/// Has rustup bring something for the toolchain that runs this. Whether it did is seen by looking again.
fn bring(words: &[&'static str]) -> bool {
    // Rustup says so to what it runs; a toolchain that came another way is none of its business.
    if std::env::var_os("RUSTUP_TOOLCHAIN").is_none() {
        return false;
    }
    let Ok(mut rustup) = command::program("rustup", words) else { return false };
    eprintln!("$ {}", command::shown(&rustup));
    command::code(&mut rustup).is_ok_and(|code| code == 0)
}

#[cfg(test)]
mod tests {
    use super::{CLIPPY, MODULES, Need};

    #[test]
    fn every_need_says_what_brings_it() {
        for need in [CLIPPY, MODULES, Need::Nightly, Need::Cpp, Need::Node, Need::Python, Need::Browser] {
            assert!(need.help().ends_with(" it") && !need.what().is_empty(), "{need:?}: {}", need.help());
        }
        assert_eq!(MODULES.help(), "`rustup target add wasm32-unknown-unknown` brings it");
    }
}
