//! `portcullis check`.

use std::fs;

use serde_json::Value;

use super::support::{code, policy, portcullis, run, stderr, stdout};

const BROKEN: &str =
    "account \"prod\" {\n  id      = \"222222222222\"\n  extends = [\"workloads\"]\n}\ntemplate \"workload\" {}\n";

fn broken() -> tempfile::TempDir {
    let directory = tempfile::tempdir().unwrap();
    fs::create_dir(directory.path().join("accounts")).unwrap();
    fs::write(directory.path().join("accounts/prod.hcl"), BROKEN).unwrap();
    directory
}

#[test]
fn a_valid_policy_is_summed_up_on_stderr() {
    let output = run(&["check", policy().to_str().unwrap()]);
    assert_eq!(code(&output), 0);
    assert_eq!(stdout(&output), "");
    assert_eq!(stderr(&output), "ok: 1 account, 3 rules in 1 file, 0 warnings\n");
}

#[test]
fn people_see_the_line_and_what_would_be_right() {
    let directory = broken();
    let output = portcullis(&["check", "."]).current_dir(directory.path()).output().unwrap();
    assert_eq!(code(&output), 3);
    snapbox::assert_data_eq!(
        stdout(&output),
        snapbox::str![[r#"
error[PL203]: [..]`workloads`[..]
 --> accounts/prod.hcl:3:14
  |
3 |   extends = ["workloads"]
  |              ^^^^^^^^^^^
  |
help: did you mean `workload`?


"#]]
    );
    assert_eq!(stderr(&output), "1 error, 0 warnings in 1 file\n");
}

#[test]
fn json_has_exactly_the_fields_of_the_contract() {
    let directory = broken();
    let output = run(&["check", directory.path().to_str().unwrap(), "--format", "json"]);
    let text = stdout(&output);
    assert!(text.ends_with("}\n") && text.lines().count() == 1, "{text}");
    let document: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(document["version"], 1);
    let found = document["diagnostics"][0].as_object().unwrap();
    let fields: Vec<_> = found.keys().map(String::as_str).collect();
    let expected =
        ["code", "severity", "message", "file", "line", "column", "end_line", "end_column", "help", "related"];
    assert_eq!(fields, expected);
    assert_eq!(
        (&found["file"], &found["line"], &found["column"]),
        (&"accounts/prod.hcl".into(), &3.into(), &14.into())
    );
}

#[test]
fn annotations_name_the_file_from_where_the_job_runs() {
    let directory = broken();
    let parent = directory.path().parent().unwrap();
    let name = directory.path().file_name().unwrap().to_str().unwrap();
    let output = portcullis(&["check", name, "--format", "github"]).current_dir(parent).output().unwrap();
    let start = format!(
        "::error file={name}/accounts/prod.hcl,line=3,col=14,endLine=3,endColumn=25,title=PL203 undeclared-name::"
    );
    assert!(stdout(&output).starts_with(&start), "{}", stdout(&output));
    assert_eq!(stdout(&output).lines().count(), 1);
}

#[test]
fn sarif_says_which_rule_and_where() {
    let directory = broken();
    let output = run(&["check", directory.path().to_str().unwrap(), "--format", "sarif"]);
    let log: Value = serde_json::from_str(&stdout(&output)).unwrap();
    let run = &log["runs"][0];
    assert_eq!((&log["version"], &run["columnKind"]), (&"2.1.0".into(), &"unicodeCodePoints".into()));
    let result = &run["results"][0];
    let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
    assert_eq!(run["tool"]["driver"]["rules"][index]["id"], result["ruleId"]);
    assert_eq!(result["locations"][0]["physicalLocation"]["region"]["startLine"], 3);
    assert_eq!(code(&output), 3);
}

#[test]
fn warnings_alone_are_no_errors() {
    let directory = tempfile::tempdir().unwrap();
    fs::write(directory.path().join("a.hcl"), "\u{feff}account \"prod\" { id = \"222222222222\" }\n").unwrap();
    let output = run(&["check", directory.path().to_str().unwrap()]);
    assert_eq!(code(&output), 0);
    assert!(stdout(&output).starts_with("warning[PL006]"), "{}", stdout(&output));
    assert!(stderr(&output).ends_with("1 warning\n"), "{}", stderr(&output));
}

#[test]
fn colour_is_for_terminals_and_for_those_who_ask() {
    let directory = broken();
    let path = directory.path().to_str().unwrap();
    assert!(!stdout(&run(&["check", path])).contains('\u{1b}'));
    assert!(stdout(&run(&["check", path, "--color", "always"])).contains('\u{1b}'));
    assert!(!stdout(&run(&["--color", "never", "check", path])).contains('\u{1b}'));
}

#[cfg(unix)]
#[test]
fn a_reader_that_goes_away_is_no_error() {
    for command in ["standard", "explain", "check \"$2\" --format sarif", "schema decision"] {
        let script = format!("{{ \"$1\" {command}; echo \"code $?\" >&2; }} | head -c 1 >/dev/null");
        let output = std::process::Command::new("sh")
            .args(["-c", &script, "sh", env!("CARGO_BIN_EXE_portcullis"), policy().to_str().unwrap()])
            .output()
            .unwrap();
        let text = stderr(&output);
        assert!(text.ends_with("code 0\n") && !text.contains("error"), "{command}: {text}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_result_that_cannot_be_written_is_not_good() {
    let full = fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let output = portcullis(&["standard"]).stdout(full).output().unwrap();
    assert_eq!(code(&output), 70);
    assert!(stderr(&output).starts_with("error: the result cannot be written\nhelp: "), "{}", stderr(&output));
}
