//! A result that cannot be written ends every command with 70 and one message; a reader that went away is no error.

#![cfg(target_os = "linux")]

use std::fs::OpenOptions;
use std::process::Stdio;

use super::support::{bundle, code, policy, portcullis, stderr};

/// Every command that writes to stdout, with what it is given on stdin, and how it ends where that can be written.
fn commands(policy: &str, bundle: &str, new: &str) -> Vec<(Vec<String>, &'static str, i32)> {
    let request = include_str!("../requests.jsonl").lines().next().unwrap();
    let words = |line: &str| line.split(' ').map(str::to_owned).collect::<Vec<String>>();
    let mut commands = vec![
        (words("--help"), "", 0),
        (words("--version"), "", 0),
        (words("decide --help"), "", 0),
        (words("bundle show --help"), "", 0),
        (words("version"), "", 0),
        (words("standard"), "", 0),
        (words("explain"), "", 0),
        (words("explain PL203"), "", 0),
        (words("explain --format json"), "", 0),
        (words("schema decision"), "", 0),
        (words("completions bash"), "", 0),
        (words("fmt -"), "a=1\n", 0),
        (words(&format!("init {new}")), "", 0),
        (words(&format!("check {policy} --format json")), "", 0),
        (words(&format!("check {policy} --format sarif")), "", 0),
        (words(&format!("compile {policy} -o -")), "", 0),
        (words(&format!("compile {policy} -o {bundle}")), "", 0),
        (words(&format!("bundle show {bundle}")), "", 0),
        (words(&format!("bundle show {bundle} --format json")), "", 0),
        (words(&format!("bundle verify {bundle} --policy {policy}")), "", 0),
        (words(&format!("test {policy}")), "", 0),
    ];
    for more in ["--request -", "--request - --format json", "--requests -"] {
        commands.push((words(&format!("decide --policy {bundle} {more}")), request, 0));
    }
    commands
}

#[test]
fn every_command_ends_with_70_where_its_result_cannot_be_written() {
    let directory = tempfile::tempdir().unwrap();
    // The policy with a test, which its folder does not have.
    let estate = directory.path().join("policy");
    std::fs::create_dir(&estate).unwrap();
    std::fs::copy(policy().join("estate.hcl"), estate.join("estate.hcl")).unwrap();
    let test =
        "test \"t\" {\n  invocation {\n    account = \"prod\"\n  }\n  expect {\n    outcome = \"deny\"\n  }\n}\n";
    std::fs::write(estate.join("a.test.hcl"), test).unwrap();
    let file = bundle(directory.path(), &[]);
    let paths = [estate, file, directory.path().join("new")];
    let [policy, bundle, new] = paths.each_ref().map(|path| path.to_str().unwrap());
    for (arguments, input, exit) in commands(policy, bundle, new) {
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        for (device, expected) in [("/dev/full", 70), ("/dev/null", exit)] {
            _ = std::fs::remove_dir_all(new);
            let device = OpenOptions::new().write(true).open(device).unwrap();
            let mut child =
                portcullis(&arguments).stdin(Stdio::piped()).stdout(device).stderr(Stdio::piped()).spawn().unwrap();
            _ = std::io::Write::write_all(&mut child.stdin.take().unwrap(), input.as_bytes());
            let output = child.wait_with_output().unwrap();
            let said = stderr(&output);
            assert_eq!(code(&output), expected, "{arguments:?}: {said}");
            if expected == 70 {
                assert_eq!(
                    said.matches("error: the result cannot be written\nhelp: ").count(),
                    1,
                    "{arguments:?}: {said}"
                );
            }
        }
    }
}

#[test]
fn a_reader_that_went_away_is_no_error() {
    let directory = tempfile::tempdir().unwrap();
    let file = bundle(directory.path(), &[]);
    let policy = policy();
    for (arguments, input, exit) in
        commands(policy.to_str().unwrap(), file.to_str().unwrap(), directory.path().join("new").to_str().unwrap())
    {
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        if arguments[0] == "test" {
            continue;
        }
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let mut child =
            portcullis(&arguments).stdin(Stdio::piped()).stdout(writer).stderr(Stdio::piped()).spawn().unwrap();
        _ = std::io::Write::write_all(&mut child.stdin.take().unwrap(), input.as_bytes());
        let output = child.wait_with_output().unwrap();
        assert_eq!(code(&output), exit, "{arguments:?}: {}", stderr(&output));
        assert!(!stderr(&output).contains("error"), "{arguments:?}: {}", stderr(&output));
    }
}

#[test]
fn files_of_a_job_are_results_too() {
    let directory = tempfile::tempdir().unwrap();
    let file = bundle(directory.path(), &[]);
    let mut job =
        portcullis(&["decide", "--policy", file.to_str().unwrap(), "--ci", "--account", "prod", "--path", "prod/app"]);
    job.args(["--command", "terragrunt-plan", "--caller", "arn:aws:sts::111111111111:assumed-role/ci-main/run-1"]);
    job.env_clear().envs([
        ("GITHUB_ACTIONS", "true"),
        ("GITHUB_SERVER_URL", "https://github.com"),
        ("GITHUB_REPOSITORY", "acme/live"),
        ("GITHUB_REF", "refs/heads/main"),
        ("GITHUB_REF_TYPE", "branch"),
        ("GITHUB_SHA", "0123456789abcdef0123456789abcdef01234567"),
        ("GITHUB_OUTPUT", "/dev/full"),
    ]);
    let output = job.output().unwrap();
    assert_eq!(code(&output), 70);
    assert!(
        stderr(&output).starts_with("error: `/dev/full`, the file of `GITHUB_OUTPUT`, cannot be written"),
        "{}",
        stderr(&output)
    );
}
