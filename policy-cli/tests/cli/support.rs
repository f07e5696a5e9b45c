//! The real program, run as users run it.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// The policy that `requests.jsonl` is asked of.
pub(crate) fn policy() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/policy")
}

/// The bundle of that policy, or of one account of it, in `directory`.
pub(crate) fn bundle(directory: &Path, more: &[&str]) -> PathBuf {
    let path = directory.join("estate.bundle");
    let policy = policy();
    let compile = ["compile", policy.to_str().expect("UTF-8"), "--output", path.to_str().expect("UTF-8")];
    let output = run(&[&compile[..], more].concat());
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    path
}

/// The program, with nothing of the environment that changes what it prints.
pub(crate) fn portcullis(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_portcullis"));
    command.args(arguments).env_remove("NO_COLOR").env_remove("CLICOLOR_FORCE").stdin(Stdio::null());
    command
}

/// What the program does with these arguments.
pub(crate) fn run(arguments: &[&str]) -> Output {
    portcullis(arguments).output().expect("the program starts")
}

/// Runs with `input` on stdin.
pub(crate) fn run_with(arguments: &[&str], input: &[u8]) -> Output {
    use std::io::Write as _;
    let mut child = portcullis(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let mut stdin = child.stdin.take().expect("stdin");
    let input = input.to_vec();
    let writer = std::thread::spawn(move || stdin.write_all(&input));
    let output = child.wait_with_output().expect("the program ends");
    // A program that stops reading is judged by its output.
    _ = writer.join();
    output
}

/// Its exit code.
pub(crate) fn code(output: &Output) -> i32 {
    output.status.code().expect("no signal")
}

/// Its stdout.
pub(crate) fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("UTF-8")
}

/// Its stderr.
pub(crate) fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).expect("UTF-8")
}
