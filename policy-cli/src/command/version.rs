//! `portcullis version`: the program, and the policy language that it reads.

use crate::exit::Exit;
use crate::failure::Failure;
use crate::output;

/// Program and language; a test holds the language against what the core decides by.
pub(crate) const LONG_VERSION: &str = concat!(env!("CARGO_PKG_VERSION"), " (policy language 1)");

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
        assert!(super::LONG_VERSION.ends_with(&format!("(policy language {language})")));
    }
}
