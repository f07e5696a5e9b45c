//! The README's programs that decide by a policy module: run as they stand there, in a project of their language.

use std::path::Path;
use std::process::Command;

use crate::build::{self, Program};
use crate::{Outcome, command, workspace};

/// The policy that they decide by.
const POLICY: &str = "fixtures/estates/acme/policy";
/// The account that they ask about.
const ACCOUNT: &str = "dev";

/// Writes the README's first program in a language to `file`, with the policy beside it, and runs it: it must permit, and
/// name the digest of the account's rules that `portcullis compile` printed.
pub(crate) fn check(language: &str, file: &Path, run: impl FnOnce() -> Outcome<Command>) -> Outcome {
    let folder = file.parent().ok_or("an example lies in a folder")?;
    let readme = std::fs::read_to_string(workspace::root()?.join("README.md"))?;
    std::fs::write(file, program(&readme, language).ok_or_else(|| format!("README.md has no program in {language}"))?)?;

    let portcullis = build::program(&Program::Portcullis)?;
    let mut compile = command::program(portcullis, ["compile", POLICY, "--format", "wasm", "--output"])?;
    let (_, compiled) = command::output(compile.arg(folder.join("policy.wasm")))?;
    let digest = |line: &dyn Fn(&str) -> bool| {
        let line = compiled.lines().find(|found| line(found)).ok_or("the sample estate does not compile")?;
        line.split(' ').nth(1).ok_or("`compile` names no digest")
    };
    let file_digest = digest(&|line| line.starts_with("module "))?;
    let policy_digest = digest(&|line| line.starts_with("policy ") && line.ends_with(&format!(" {ACCOUNT}")))?;

    let mut example = run()?;
    let (_, printed) = command::output(example.arg(file).current_dir(folder).env("POLICY_DIGEST", file_digest))?;
    if printed.starts_with("permit ") && printed.contains(policy_digest) {
        return Ok(());
    }
    Err(format!("README.md's program in {language} does not permit by {policy_digest}; it printed:\n{printed}").into())
}

/// The first block of a language in a document.
fn program<'t>(text: &'t str, language: &str) -> Option<&'t str> {
    let (_, rest) = text.split_once(&format!("\n```{language}\n"))?;
    rest.split_once("\n```\n").map(|(program, _)| program)
}

#[cfg(test)]
mod tests {
    use super::program;

    #[test]
    fn programs_are_found_by_their_language() {
        let text = "# A\n\n```sh\nls\n```\n\n```js\nlet a;\nlet b;\n```\n\n```js\nlet c;\n```\n";
        assert_eq!(program(text, "js"), Some("let a;\nlet b;"));
        assert_eq!(program(text, "python"), None);
    }
}
