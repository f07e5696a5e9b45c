//! `portcullis version`: the program, the policy language that it reads, and what is built in.

use crate::exit::Exit;
use crate::failure::Failure;
use crate::output;

/// Program, language and whether WebAssembly is built in; a test holds the language against what the core decides by.
#[cfg(feature = "wasm")]
pub(crate) const LONG_VERSION: &str = concat!(env!("CARGO_PKG_VERSION"), " (policy language 1; with WebAssembly)");
#[cfg(not(feature = "wasm"))]
pub(crate) const LONG_VERSION: &str = concat!(env!("CARGO_PKG_VERSION"), " (policy language 1; without WebAssembly)");

pub(super) fn run() -> Result<Exit, Failure> {
    output::write(&format!("portcullis {LONG_VERSION}\n"))?;
    Ok(Exit::Good)
}

#[cfg(test)]
mod tests {
    use policy_core::{PolicyFile, check};

    #[test]
    fn the_language_is_the_one_that_the_core_reads() {
        let report = check(vec![PolicyFile::new("estate.hcl", "")]);
        let language = report.estate.expect("an empty file is a policy").language;
        assert!(super::LONG_VERSION.contains(&format!(" (policy language {language}; with")));
    }
}
