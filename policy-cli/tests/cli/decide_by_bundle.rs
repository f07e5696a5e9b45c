//! `portcullis decide` by a compiled bundle, and by two engines at once.

use std::fs;
use std::path::Path;

use serde_json::Value;

use super::support::{bundle, code, policy, run, run_with, stderr, stdout};

const REQUESTS: &str = include_str!("../requests.jsonl");

/// Decisions about all requests.
fn decide(policy: &Path, more: &[&str]) -> Vec<String> {
    let arguments = ["decide", "--policy", policy.to_str().unwrap(), "--requests", "-"];
    let output = run_with(&[&arguments[..], more].concat(), REQUESTS.as_bytes());
    assert_eq!((code(&output), stderr(&output).as_str()), (0, ""));
    stdout(&output).lines().map(str::to_owned).collect()
}

/// Decisions without some fields.
fn without(decisions: &[String], fields: &[&str]) -> Vec<String> {
    let without = |decision: &String| {
        let mut decision: Value = serde_json::from_str(decision).unwrap();
        fields.iter().for_each(|field| decision[field] = Value::Null);
        decision.to_string()
    };
    decisions.iter().map(without).collect()
}

#[test]
fn a_bundle_decides_as_its_policy_does() {
    let directory = tempfile::tempdir().unwrap();
    let expected = decide(&policy(), &[]);
    assert_eq!(expected.len(), REQUESTS.lines().count());
    for more in [&[][..], &["--account", "prod"]] {
        let path = bundle(directory.path(), more);
        let decisions = decide(&path, &[]);
        // The policy's only account is in both bundles, so that the messages are equal too.
        assert_eq!(without(&decisions, &["bundle"]), expected);
        let first: Value = serde_json::from_str(&decisions[0]).unwrap();
        let shown = stdout(&run(&["bundle", "show", path.to_str().unwrap()]));
        assert!(shown.starts_with(&format!("bundle  {}\n", first["bundle"].as_str().unwrap())), "{shown}");
    }
}

#[test]
fn engines_agree_on_all_but_their_names_and_messages() {
    let native = decide(&policy(), &["--engine", "native"]);
    let reference = decide(&policy(), &["--engine", "reference"]);
    let names = |decisions: &[String], engine: &str| {
        decisions.iter().all(|one| one.ends_with(&format!("\"engine\":\"{engine}\"}}")))
    };
    assert!(names(&native, "native") && names(&reference, "reference"));
    let fields = ["engine", "message"];
    assert_eq!(without(&native, &fields), without(&reference, &fields));
    assert_eq!(decide(&policy(), &["--engine", "both"]), native);
    for line in REQUESTS.lines() {
        let arguments =
            ["decide", "--policy", policy().to_str().unwrap(), "--request", "-", "--engine", "both"].map(str::to_owned);
        let output = run_with(&arguments.each_ref().map(String::as_str), line.as_bytes());
        assert!([0, 1, 4].contains(&code(&output)), "{}", stderr(&output));
    }
}

#[test]
fn people_see_the_bundle_and_places_in_its_policy() {
    let directory = tempfile::tempdir().unwrap();
    let path = bundle(directory.path(), &[]);
    let request = REQUESTS.lines().next().unwrap();
    let output = run_with(&["decide", "--policy", path.to_str().unwrap(), "--request", "-"], request.as_bytes());
    let text = stdout(&output);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    assert!(text.contains("\"plan\" at estate.hcl:29\n") && text.contains("\nbundle  sha256:"), "{text}");
}

#[test]
fn the_reference_needs_the_directory() {
    let directory = tempfile::tempdir().unwrap();
    let path = bundle(directory.path(), &[]);
    for engine in ["reference", "both"] {
        let output = run(&["decide", "--policy", path.to_str().unwrap(), "--requests", "-", "--engine", engine]);
        assert_eq!((code(&output), stdout(&output).as_str()), (2, ""));
        let text = stderr(&output);
        assert!(
            text.contains("decides by a policy directory") && text.contains("\nhelp: name the directory"),
            "{text}"
        );
    }
}

/// What is said about a file with these bytes where a bundle is wanted: the same by every command.
fn refused(bytes: &[u8]) -> String {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("x.bundle");
    fs::write(&path, bytes).unwrap();
    let (path, policy) = (path.to_str().unwrap(), policy());
    let mut texts = Vec::new();
    for arguments in [
        &["decide", "--policy", path, "--requests", "-"][..],
        &["bundle", "show", path],
        &["bundle", "verify", path, "--policy", policy.to_str().unwrap()],
    ] {
        let output = run(arguments);
        assert_eq!((code(&output), stdout(&output).as_str()), (3, ""), "{arguments:?}");
        texts.push(stderr(&output));
    }
    assert!(texts.iter().all(|text| *text == texts[0]), "{texts:?}");
    let text = texts[0].split_once("` is not usable: ").expect("a refusal").1.to_owned();
    assert!(text.contains("\nhelp: ") && text.lines().count() == 2, "{text}");
    text
}

#[test]
fn what_is_no_bundle_is_refused() {
    for foreign in [&b""[..], b"account \"prod\" {}\n", b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0", &[0; 4_096]] {
        assert!(refused(foreign).starts_with("this is not a policy bundle\nhelp: name a file that"), "{foreign:?}");
    }
}

#[test]
fn a_damaged_bundle_is_refused() {
    let directory = tempfile::tempdir().unwrap();
    let good = fs::read(bundle(directory.path(), &[])).unwrap();
    for length in [4, 8, 12, 63, 200, good.len() / 2, good.len() - 1] {
        let text = refused(&good[..length]);
        assert!(text.starts_with("the bundle is truncated: it has "), "{length}: {text}");
    }
    let longer = [&good[..], b"\n"].concat();
    assert!(refused(&longer).starts_with("the bundle says that it has "));
    for at in [24, 31, 32, 40, 64, 240, good.len() / 2, good.len() - 1] {
        let mut flipped = good.clone();
        flipped[at] ^= 0x10;
        assert!(refused(&flipped).starts_with("the bundle is damaged: its check sum does not match"), "{at}");
    }
}

#[test]
fn another_version_is_named() {
    let directory = tempfile::tempdir().unwrap();
    let good = fs::read(bundle(directory.path(), &[])).unwrap();
    for (at, version) in [(8, "2.0"), (10, "1.2")] {
        let mut newer = good.clone();
        newer[at] = 2;
        let text = refused(&newer);
        let said = format!("the bundle has format version {version}; this program reads 1.0\nhelp: ");
        assert!(text.starts_with(&said), "{text}");
    }
}

#[test]
fn a_policy_that_is_not_there_is_named() {
    let output = run(&["decide", "--policy", "nowhere", "--requests", "-"]);
    assert_eq!(code(&output), 3);
    assert!(stderr(&output).starts_with("error: `nowhere` cannot be read: no such file"), "{}", stderr(&output));
    let policy = policy();
    let output = run(&["bundle", "show", policy.to_str().unwrap()]);
    assert_eq!(code(&output), 3);
    assert!(
        stderr(&output).contains("is a directory, not a bundle\nhelp: `portcullis compile "),
        "{}",
        stderr(&output)
    );
}

#[cfg(unix)]
#[test]
fn a_pipe_is_not_opened_where_a_bundle_is_wanted() {
    let directory = tempfile::tempdir().unwrap();
    let pipe = directory.path().join("pipe");
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let output = run(&["decide", "--policy", pipe.to_str().unwrap(), "--requests", "-"]);
    assert_eq!(code(&output), 3);
    assert!(stderr(&output).contains("is not a plain file\nhelp: "), "{}", stderr(&output));
}

#[cfg(unix)]
#[test]
fn a_file_over_the_limit_is_not_read() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("large.bundle");
    // A file with a hole: it takes no room.
    fs::File::create(&path).unwrap().set_len((512 << 20) + 1).unwrap();
    let output = run(&["bundle", "show", path.to_str().unwrap()]);
    assert_eq!(code(&output), 3);
    let text = stderr(&output);
    assert!(text.contains("the bundle has 536870913 bytes, and at most 536870912 are allowed\nhelp: "), "{text}");
}
