//! The documents' examples, run as a reader would type them: in the folder of the workspace, with the program on `PATH`.

use std::path::Path;
use std::process::Command;

use crate::build::{self, Program};
use crate::console::{self, Example};
use crate::{Outcome, workspace};

/// Runs the examples of README.md and of each page directly in `docs/`.
pub(crate) fn run() -> Outcome {
    let root = workspace::root()?;
    let program = build::program(&Program::Portcullis)?;
    let path = workspace::path_with(program.parent().unwrap_or(Path::new(".")))?;
    let mut pages = vec![root.join("README.md")];
    for entry in root.join("docs").read_dir()? {
        pages.push(entry?.path());
    }
    pages.retain(|page| page.extension().is_some_and(|extension| extension == "md") && page.is_file());
    pages.sort();
    // Examples write there, what is ignored by git; where the build's folder is another, it need not exist.
    std::fs::create_dir_all(root.join("target"))?;
    let mut wrong = Vec::new();
    let mut count = 0_usize;
    for page in pages {
        let name = page.strip_prefix(&root).unwrap_or(&page).display().to_string();
        for example in console::examples(&std::fs::read_to_string(&page)?) {
            count += 1;
            let mut shell = Command::new("bash");
            shell.args(["-c", &example.command]).current_dir(&root).env("PATH", &path).env("NO_COLOR", "1");
            if let Some(difference) = difference(&example, &mut shell)? {
                wrong.push(format!("{name}:{}: `{}`: {difference}", example.line, example.command));
            }
        }
    }
    println!("{count} examples");
    if wrong.is_empty() { Ok(()) } else { Err(wrong.join("\n").into()) }
}

/// What the example says other than what happens, if anything.
fn difference(example: &Example, shell: &mut Command) -> Outcome<Option<String>> {
    let output = shell.output()?;
    // A reader sees both streams; by the program's habit only one of them has the answer.
    let printed = [output.stdout, output.stderr].concat();
    let printed = String::from_utf8_lossy(&printed).into_owned();
    let code = output.status.code().unwrap_or(128);
    if code != example.code {
        return Ok(Some(format!("exit code {code}, not {}; it printed:\n{printed}", example.code)));
    }
    let lines: Vec<_> = printed.lines().collect();
    let agrees = example.output.as_deref().is_none_or(|expected| console::agrees(expected, &lines));
    Ok((!agrees).then(|| format!("it printed:\n{printed}")))
}
