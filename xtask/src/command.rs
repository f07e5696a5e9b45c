//! Running other programs.

use std::ffi::OsStr;
use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Command, Stdio};

use crate::{Outcome, workspace};

/// `cargo ARGUMENTS`, in the folder of the workspace.
pub(crate) fn cargo<I: IntoIterator<Item: AsRef<OsStr>>>(arguments: I) -> Outcome<Command> {
    program(workspace::cargo(), arguments)
}

/// `program ARGUMENTS`, in the folder of the workspace.
pub(crate) fn program<I: IntoIterator<Item: AsRef<OsStr>>>(
    program: impl AsRef<OsStr>,
    arguments: I,
) -> Outcome<Command> {
    let mut command = Command::new(program);
    command.args(arguments).current_dir(workspace::root()?);
    Ok(command)
}

/// The command as one would type it, without folders of this machine.
pub(crate) fn shown(command: &Command) -> String {
    let name = std::path::Path::new(command.get_program()).file_stem().unwrap_or_default();
    let words = std::iter::once(name).chain(command.get_args());
    words.map(|word| quoted(&word.to_string_lossy())).collect::<Vec<_>>().join(" ")
}

/// A word as a shell takes it: quoted if it has to be.
pub(crate) fn quoted(word: &str) -> String {
    let plain = |character: char| character.is_ascii_alphanumeric() || "-_./:=@,+".contains(character);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}

/// Runs to the end, its output going where ours goes.
///
/// # Errors
/// When it does not start, or ends with another code than 0.
pub(crate) fn run(command: &mut Command) -> Outcome {
    let code = code(command)?;
    if code == 0 { Ok(()) } else { Err(format!("`{}` ended with code {code}", shown(command)).into()) }
}

/// Runs to the end and says the exit code; 128 and more where a signal ended it.
pub(crate) fn code(command: &mut Command) -> Outcome<i32> {
    let status = command.status().map_err(|error| format!("`{}` does not start: {error}", shown(command)))?;
    Ok(status.code().unwrap_or(128))
}

/// Runs to the end, quietly, and says whether it succeeded and what it wrote to stdout.
pub(crate) fn output(command: &mut Command) -> Outcome<(bool, String)> {
    let output = command.stderr(Stdio::null()).output()?;
    Ok((output.status.success(), String::from_utf8_lossy(&output.stdout).into_owned()))
}

/// Runs to the end, passes on what it writes to stderr line by line, and keeps it.
pub(crate) fn watched(command: &mut Command) -> Outcome<(bool, Vec<String>)> {
    let mut child = command.stderr(Stdio::piped()).spawn()?;
    let mut lines = Vec::new();
    if let Some(stderr) = child.stderr.take() {
        for line in BufReader::new(stderr).split(b'\n') {
            let line = String::from_utf8_lossy(&line?).into_owned();
            writeln!(std::io::stderr(), "{line}")?;
            lines.push(line);
        }
    }
    Ok((child.wait()?.success(), lines))
}
