//! `portcullis test`.

use std::fs;

use crate::support::{code, run, stderr, stdout};

const POLICY: &str = "account \"prod\" { id = \"222222222222\" }\n";

fn test_file(outcome: &str) -> String {
    format!(
        "test \"nothing is permitted\" {{
  invocation {{
    account    = \"prod\"
    caller     = {{ principal = \"local:user/ana\" }}
    repository = \"github.com/acme/live\"
    ref        = \"refs/heads/main\"
    path       = \".\"
    command    = \"plan\"
  }}
  expect {{
    outcome = \"{outcome}\"
  }}
}}
"
    )
}

#[test]
fn tests_pass_fail_or_are_missing() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().to_str().unwrap();
    fs::write(directory.path().join("estate.hcl"), POLICY).unwrap();
    let nothing = run(&["test", path]);
    assert_eq!(code(&nothing), 3);
    assert!(stderr(&nothing).contains("there are no tests"));

    fs::write(directory.path().join("a.test.hcl"), test_file("deny")).unwrap();
    let passed = run(&["test", path]);
    assert_eq!((code(&passed), stdout(&passed).as_str()), (0, "ok      nothing is permitted\n"));
    assert_eq!(stderr(&passed), "1 passed, 0 failed\n");

    fs::write(directory.path().join("a.test.hcl"), test_file("permit")).unwrap();
    let failed = run(&["test", path]);
    assert_eq!(code(&failed), 1);
    assert!(stdout(&failed).contains("a.test.hcl:1") && stdout(&failed).contains("outcome is deny, not permit"));
    let json = run(&["test", path, "--format", "json"]);
    let results: serde_json::Value = serde_json::from_str(&stdout(&json)).unwrap();
    assert_eq!((code(&json), &results["tests"][0]["passed"]), (1, &serde_json::Value::Bool(false)));

    fs::write(directory.path().join("a.test.hcl"), test_file("permitted")).unwrap();
    let invalid = run(&["test", path]);
    assert_eq!(code(&invalid), 3);
    assert!(stderr(&invalid).contains("PL402"));
}

#[test]
fn the_sample_estates_own_tests_pass() {
    let policy = concat!(env!("CARGO_MANIFEST_DIR"), "/../fixtures/estates/acme/policy");
    let output = run(&["test", policy]);
    assert_eq!((code(&output), stderr(&output).as_str()), (0, "3 passed, 0 failed\n"), "{}", stdout(&output));
}
