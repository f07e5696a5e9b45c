//! `portcullis fmt`.

use std::fs;
use std::path::Path;

use super::support::{code, portcullis, run, run_with, stderr, stdout};

const UNFORMATTED: &str = "account \"prod\"{\nid=\"222222222222\"   # ours\n}";
const FORMATTED: &str = "account \"prod\" {\n  id = \"222222222222\" # ours\n}\n";

/// A directory of these files.
fn directory(files: &[(&str, &str)]) -> tempfile::TempDir {
    let directory = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let path = directory.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    directory
}

/// `fmt` with these arguments in `directory`: exit code, stdout, stderr.
fn fmt(directory: &Path, arguments: &[&str]) -> (i32, String, String) {
    let arguments = [&["fmt"], arguments].concat();
    let output = portcullis(&arguments).current_dir(directory).output().unwrap();
    (code(&output), stdout(&output), stderr(&output))
}

fn text(directory: &tempfile::TempDir, name: &str) -> String {
    fs::read_to_string(directory.path().join(name)).unwrap()
}

#[test]
fn a_directory_is_formatted_and_what_changed_is_listed() {
    let files = [
        ("estate.hcl", FORMATTED),
        ("sub/more.hcl", "\n\n# more\n"),
        ("a.test.hcl", "test \"x\"{}\n"),
        (".hidden.hcl", "a=1"),
        ("other.txt", "a=1"),
    ];
    let policy = directory(&files);
    let expected = (0, "a.test.hcl\nsub/more.hcl\n".to_owned(), String::new());
    assert_eq!(fmt(policy.path(), &[]), expected);
    assert_eq!(
        (text(&policy, "sub/more.hcl"), text(&policy, "a.test.hcl")),
        ("# more\n".into(), "test \"x\" {}\n".into())
    );
    assert_eq!((text(&policy, ".hidden.hcl"), text(&policy, "other.txt")), ("a=1".into(), "a=1".into()));
    assert_eq!(fmt(policy.path(), &["."]), (0, String::new(), String::new()));
    assert_eq!(fs::read_dir(policy.path()).unwrap().count(), 5);
}

#[test]
fn check_lists_and_writes_nothing() {
    let policy = directory(&[("policy/estate.hcl", UNFORMATTED)]);
    assert_eq!(fmt(policy.path(), &["--check", "policy"]), (1, "policy/estate.hcl\n".to_owned(), String::new()));
    assert_eq!(text(&policy, "policy/estate.hcl"), UNFORMATTED);
    assert_eq!(fmt(policy.path(), &["policy"]), (0, "policy/estate.hcl\n".to_owned(), String::new()));
    assert_eq!(text(&policy, "policy/estate.hcl"), FORMATTED);
    assert_eq!(fmt(policy.path(), &["--check"]), (0, String::new(), String::new()));
}

#[test]
fn diff_shows_and_writes_nothing() {
    let policy = directory(&[("estate.hcl", UNFORMATTED)]);
    let expected = "--- a/estate.hcl
+++ b/estate.hcl
@@ -1,3 +1,3 @@
-account \"prod\"{
-id=\"222222222222\"   # ours
-}
\\ No newline at end of file
+account \"prod\" {
+  id = \"222222222222\" # ours
+}
";
    assert_eq!(fmt(policy.path(), &["--diff"]), (0, expected.to_owned(), String::new()));
    assert_eq!(fmt(policy.path(), &["--diff", "--check"]), (1, expected.to_owned(), String::new()));
    assert_eq!(text(&policy, "estate.hcl"), UNFORMATTED);
}

#[test]
fn stdin_becomes_stdout() {
    let output = run_with(&["fmt", "-"], UNFORMATTED.as_bytes());
    assert_eq!((code(&output), stdout(&output).as_str(), stderr(&output).as_str()), (0, FORMATTED, ""));
    let output = run_with(&["fmt", "-"], FORMATTED.as_bytes());
    assert_eq!((code(&output), stdout(&output).as_str()), (0, FORMATTED));
    let output = run_with(&["fmt", "-", "--check"], UNFORMATTED.as_bytes());
    assert_eq!((code(&output), stdout(&output).as_str()), (1, "-\n"));
    let output = run_with(&["fmt", "-", "--diff"], UNFORMATTED.as_bytes());
    assert!(code(&output) == 0 && stdout(&output).starts_with("--- a/-\n+++ b/-\n@@"), "{}", stdout(&output));
    let output = run_with(&["fmt", "-"], b"a = ");
    assert_eq!((code(&output), stdout(&output).as_str()), (3, ""));
    assert!(stderr(&output).starts_with("error[PL101]") && stderr(&output).contains("stdin:1:"), "{}", stderr(&output));
    let output = run_with(&["fmt", "-"], &vec![b' '; (4 << 20) + 5]);
    assert!(code(&output) == 3 && stderr(&output).contains("error[PL004]"), "{}", stderr(&output));
    let output = run_with(&["fmt", "-", "x"], b"");
    assert!(code(&output) == 2 && stderr(&output).contains("exclude each other"), "{}", stderr(&output));
}

#[test]
fn a_broken_file_is_shown_and_does_not_keep_others_from_it() {
    let policy = directory(&[("bad.hcl", "account \"prod\" {\n"), ("good.hcl", "caller \"ci\"{}\n"), ("odd.hcl", "")]);
    fs::write(policy.path().join("odd.hcl"), [0xff, b'\n']).unwrap();
    let (code, out, err) = fmt(policy.path(), &[]);
    assert_eq!((code, out.as_str()), (3, "good.hcl\n"));
    assert!(err.contains("error[PL101]") && err.contains("bad.hcl:2:1") && err.contains("error[PL005]"), "{err}");
    assert!(err.contains("note: the policy in `.` has mistakes"), "{err}");
    assert_eq!(text(&policy, "bad.hcl"), "account \"prod\" {\n");
    assert_eq!(text(&policy, "good.hcl"), "caller \"ci\" {}\n");
    let (code, out, _) = fmt(policy.path(), &["--check"]);
    assert_eq!((code, out.as_str()), (3, ""));
}

#[test]
fn files_are_named_and_each_is_written_once() {
    let policy = directory(&[("a.hcl", "a=1\n"), ("b.hcl", "b=1\n"), ("c.hcl", "c=1\n")]);
    let (code, out, _) = fmt(policy.path(), &["a.hcl", "./a.hcl", "b.hcl"]);
    assert_eq!((code, out.as_str()), (0, "a.hcl\nb.hcl\n"));
    assert_eq!(text(&policy, "c.hcl"), "c=1\n");
    let (code, out, _) = fmt(policy.path(), &["c.hcl", "."]);
    assert_eq!((code, out.as_str()), (0, "c.hcl\n"));
    let (code, out, err) = fmt(policy.path(), &["a.hcl", "nowhere.hcl"]);
    assert_eq!((code, out.as_str()), (3, ""));
    assert!(err.starts_with("error: `nowhere.hcl` cannot be read: no such file"), "{err}");
}

#[cfg(unix)]
#[test]
fn links_are_not_followed() {
    use std::os::unix::fs::symlink;
    let elsewhere = directory(&[("x.hcl", "a=1\n")]);
    let policy = directory(&[("estate.hcl", FORMATTED)]);
    symlink(elsewhere.path().join("x.hcl"), policy.path().join("x.hcl")).unwrap();
    symlink(elsewhere.path(), policy.path().join("folder")).unwrap();
    assert_eq!(fmt(policy.path(), &[]), (0, String::new(), String::new()));
    let (code, _, err) = fmt(policy.path(), &["x.hcl"]);
    assert!(code == 3 && err.starts_with("error: `x.hcl` is a symbolic link\n"), "{err}");
    assert_eq!(text(&elsewhere, "x.hcl"), "a=1\n");
    // As with `check`, the directory that is named may be one.
    assert_eq!(fmt(policy.path(), &["folder"]), (0, "folder/x.hcl\n".to_owned(), mistakes("folder")));
}

fn mistakes(directory: &str) -> String {
    format!(
        "note: the policy in `{directory}` has mistakes, so that there are no digests to compare; what each file says was \
         compared instead, and is the same\n"
    )
}

#[cfg(unix)]
#[test]
fn permissions_stay_and_pipes_are_not_opened() {
    use std::os::unix::fs::PermissionsExt as _;
    let policy = directory(&[("estate.hcl", UNFORMATTED)]);
    let path = policy.path().join("estate.hcl");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
    let made = std::process::Command::new("mkfifo").arg(policy.path().join("pipe.hcl")).status().unwrap();
    assert!(made.success());
    let (code, out, err) = fmt(policy.path(), &[]);
    assert_eq!((code, out.as_str()), (3, "estate.hcl\n"));
    assert!(err.starts_with("error[PL002]"), "{err}");
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    let (code, _, err) = fmt(policy.path(), &["pipe.hcl"]);
    assert!(code == 3 && err.contains("neither a file nor a directory"), "{err}");
}

#[test]
fn what_init_writes_is_formatted() {
    let work = tempfile::tempdir().unwrap();
    let accounts = ["--account", "dev=222222222222", "--account", "production-of-the-north=333333333333"];
    for arguments in [vec!["init", "first"], [&["init", "second"], &accounts[..]].concat()] {
        assert_eq!(code(&portcullis(&arguments).current_dir(work.path()).output().unwrap()), 0);
    }
    assert_eq!(fmt(work.path(), &["--check", "first", "second"]), (0, String::new(), String::new()));
}

#[test]
fn the_standard_commands_and_the_sample_estate_are_formatted() {
    let output = run_with(&["fmt", "-", "--check"], policy_core::STANDARD.as_bytes());
    assert_eq!(code(&output), 0);
    let sample = concat!(env!("CARGO_MANIFEST_DIR"), "/../fixtures/estates/acme/policy");
    let output = run(&["fmt", "--check", sample]);
    assert_eq!((code(&output), stdout(&output).as_str()), (0, ""), "{}", stderr(&output));
}
