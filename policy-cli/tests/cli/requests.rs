//! `portcullis decide --requests`: a line out for each line in.

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::Stdio;

use serde_json::Value;

use super::support::{code, policy, portcullis, run_with, stderr, stdout};

const REQUESTS: &str = include_str!("../requests.jsonl");

/// The reasons of the decisions about `input`.
fn reasons(input: &[u8]) -> Vec<String> {
    let output = run_with(&["decide", "--policy", policy().to_str().unwrap(), "--requests", "-"], input);
    assert_eq!((code(&output), stderr(&output).as_str()), (0, ""));
    let reason = |line: &str| serde_json::from_str::<Value>(line).unwrap()["reason"].as_str().unwrap().to_owned();
    stdout(&output).lines().map(reason).collect()
}

fn good() -> &'static str {
    REQUESTS.lines().next().unwrap()
}

#[test]
fn malformed_lines_are_answered_among_good_ones() {
    let input = [good(), "", "{", "\u{feff}{}", "null", good()].join("\n");
    let expected = [
        "permitted",
        "invalid-invocation",
        "invalid-invocation",
        "invalid-invocation",
        "invalid-invocation",
        "permitted",
    ];
    assert_eq!(reasons(input.as_bytes()), expected);
    let mut input = b"\xff\xfe\r\n".to_vec();
    input.extend_from_slice(good().as_bytes());
    input.extend_from_slice(b"\r\n");
    assert_eq!(reasons(&input), ["invalid-invocation", "permitted"]);
    assert_eq!(reasons(b""), Vec::<String>::new());
}

#[test]
fn a_line_of_ten_megabytes_is_answered_and_the_next_is_whole() {
    let mut input = vec![b'['; 10 << 20];
    input.push(b'\n');
    input.extend_from_slice(good().as_bytes());
    assert_eq!(reasons(&input), ["invalid-invocation", "permitted"]);
}

// Section 10: bytes of the line without its end.
#[test]
fn a_line_may_be_as_long_as_the_limit_says() {
    let padded = |length: usize| format!("{good}{}\r\n", " ".repeat(length - good().len()), good = good());
    assert_eq!(reasons(padded(256 << 10).as_bytes()), ["permitted"]);
    assert_eq!(reasons(padded((256 << 10) + 1).as_bytes()), ["invalid-invocation"]);
}

#[test]
fn one_line_says_what_one_request_says() {
    let policy = policy();
    let all = run_with(&["decide", "--policy", policy.to_str().unwrap(), "--requests", "-"], REQUESTS.as_bytes());
    let all = stdout(&all);
    for (request, answer) in REQUESTS.lines().zip(all.lines()) {
        let arguments = ["decide", "--policy", policy.to_str().unwrap(), "--request", "-", "--format", "json"];
        assert_eq!(stdout(&run_with(&arguments, request.as_bytes())), format!("{answer}\n"));
    }
}

#[test]
fn who_waits_for_an_answer_gets_it() {
    let mut child = portcullis(&["decide", "--policy", policy().to_str().unwrap(), "--requests", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let mut answers = BufReader::new(child.stdout.take().unwrap());
    for _ in 0..3 {
        writeln!(stdin, "{}", good()).unwrap();
        let mut line = String::new();
        answers.read_line(&mut line).unwrap();
        assert!(line.contains("\"permitted\""), "{line}");
    }
    drop(stdin);
    assert_eq!(child.wait().unwrap().code(), Some(0));
}

#[test]
fn a_reader_that_goes_away_ends_it_quietly() {
    let many = format!("{}\n", good()).repeat(20_000);
    let mut child = portcullis(&["decide", "--policy", policy().to_str().unwrap(), "--requests", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let mut stdin = child.stdin.take().unwrap();
    // The program stops reading too.
    _ = stdin.write_all(many.as_bytes());
    drop(stdin);
    let output = child.wait_with_output().unwrap();
    assert_eq!((code(&output), stderr(&output).as_str()), (0, ""));
}
