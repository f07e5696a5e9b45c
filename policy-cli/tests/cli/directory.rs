//! Policy directories that are not what they should be (L1, section 10).

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use serde_json::Value;

use super::support::{code, run, stderr, stdout};

/// Code, file and line of everything that `check` finds.
fn found(directory: &Path) -> Vec<(String, String, u64)> {
    let output = run(&["check", directory.to_str().unwrap(), "--format", "json"]);
    let document: Value = serde_json::from_str(&stdout(&output)).unwrap_or_else(|_| panic!("{}", stderr(&output)));
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let list = document["diagnostics"].as_array().unwrap();
    list.iter().map(|one| (text(&one["code"]), text(&one["file"]), one["line"].as_u64().unwrap())).collect()
}

fn entry(code: &str, file: &str) -> (String, String, u64) {
    (code.to_owned(), file.to_owned(), 1)
}

fn valid(directory: &Path) {
    fs::write(directory.join("m.hcl"), "account \"prod\" { id = \"222222222222\" }\n").unwrap();
}

#[test]
fn a_directory_that_is_not_there_or_none_is_an_error() {
    let directory = tempfile::tempdir().unwrap();
    valid(directory.path());
    for name in ["nowhere", "m.hcl"] {
        let output = run(&["check", directory.path().join(name).to_str().unwrap()]);
        assert_eq!(code(&output), 3);
        assert!(stderr(&output).starts_with("error: `") && stderr(&output).contains("\nhelp: "), "{}", stderr(&output));
    }
}

// L1
#[test]
fn a_directory_without_policy_files_is_an_error() {
    let directory = tempfile::tempdir().unwrap();
    fs::write(directory.path().join("a.test.hcl"), "nonsense").unwrap();
    fs::write(directory.path().join("a.HCL"), "nonsense").unwrap();
    assert_eq!(found(directory.path()), [entry("PL001", ".")]);
}

// L1
#[cfg(unix)]
#[test]
fn links_are_errors_whatever_they_are_called_but_not_the_directory_itself() {
    use std::os::unix::fs::symlink;
    let directory = tempfile::tempdir().unwrap();
    let policy = directory.path().join("policy");
    fs::create_dir(&policy).unwrap();
    valid(&policy);
    symlink(&policy, directory.path().join("link")).unwrap();
    assert_eq!(found(&directory.path().join("link")), []);
    symlink("m.hcl", policy.join("z.hcl")).unwrap();
    symlink("nowhere", policy.join("README")).unwrap();
    symlink("..", policy.join("loop")).unwrap();
    symlink("m.hcl", policy.join(".hidden.hcl")).unwrap();
    let expected = [entry("PL002", "README"), entry("PL002", "loop"), entry("PL002", "z.hcl")];
    assert_eq!(found(&policy), expected);
}

#[cfg(unix)]
#[test]
fn a_pipe_is_refused_and_never_opened() {
    let directory = tempfile::tempdir().unwrap();
    let made = std::process::Command::new("mkfifo").arg(directory.path().join("pipe.hcl")).status().unwrap();
    assert!(made.success());
    assert_eq!(found(directory.path()), [entry("PL002", "pipe.hcl")]);
}

#[cfg(target_os = "linux")]
#[test]
fn a_name_that_is_not_utf_8_is_shown_as_well_as_can_be() {
    use std::os::unix::ffi::OsStrExt as _;
    let directory = tempfile::tempdir().unwrap();
    valid(directory.path());
    fs::write(directory.path().join(std::ffi::OsStr::from_bytes(b"a\xff.hcl")), "").unwrap();
    fs::write(directory.path().join(std::ffi::OsStr::from_bytes(b"a\xff.txt")), "").unwrap();
    assert_eq!(found(directory.path()), [entry("PL003", "a\u{fffd}.hcl")]);
}

#[test]
fn a_folder_may_be_called_like_a_policy_file() {
    let directory = tempfile::tempdir().unwrap();
    fs::create_dir(directory.path().join("a.hcl")).unwrap();
    valid(&directory.path().join("a.hcl"));
    assert_eq!(found(directory.path()), []);
}

// L3
#[test]
fn what_is_wrong_with_files_and_in_them_comes_in_one_order() {
    let directory = tempfile::tempdir().unwrap();
    fs::write(directory.path().join("a.hcl"), "nonsense {}\n").unwrap();
    fs::File::create(directory.path().join("b.hcl")).unwrap().set_len(5 << 20).unwrap();
    fs::write(directory.path().join("c.hcl"), "nonsense {}\n").unwrap();
    assert_eq!(found(directory.path()), [entry("PL103", "a.hcl"), entry("PL004", "b.hcl"), entry("PL103", "c.hcl")]);
}

fn quickly(size: usize, expected: &str) {
    let directory = tempfile::tempdir().unwrap();
    let mut text = b"locals {\n  a = ".to_vec();
    text.resize(size, b'[');
    fs::write(directory.path().join("a.hcl"), text).unwrap();
    let start = Instant::now();
    let found = found(directory.path());
    assert!(found.iter().any(|(code, _, _)| code == expected), "{:?}", found.first());
    assert!(start.elapsed() < Duration::from_secs(10), "it took {:?}", start.elapsed());
}

#[test]
fn a_hundred_megabytes_of_brackets_are_not_read() {
    quickly(100 << 20, "PL004");
}

#[test]
fn four_megabytes_of_brackets_are_refused_in_bounded_time() {
    quickly(4 << 20, "PL102");
}

#[test]
fn a_terabyte_is_refused_without_reading_it() {
    let directory = tempfile::tempdir().unwrap();
    let file = fs::File::create(directory.path().join("a.hcl")).unwrap();
    // Sparse; not every file system has room for such a name in its tables.
    if file.set_len(1 << 40).is_ok() {
        assert_eq!(found(directory.path()), [entry("PL004", "a.hcl")]);
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_folder_that_cannot_be_listed_may_hold_policy() {
    // A folder that nobody may list, as long as the tests do not run as root.
    use std::os::unix::fs::PermissionsExt as _;
    let directory = tempfile::tempdir().unwrap();
    let closed = directory.path().join("closed");
    fs::create_dir(&closed).unwrap();
    fs::set_permissions(&closed, fs::Permissions::from_mode(0o000)).unwrap();
    let expected = if fs::read_dir(&closed).is_ok() { entry("PL001", ".") } else { entry("PL003", "closed") };
    assert_eq!(found(directory.path()), [expected]);
    fs::set_permissions(&closed, fs::Permissions::from_mode(0o700)).unwrap();
}
