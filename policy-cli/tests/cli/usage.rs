//! What is typed wrongly.

use super::support::{code, run, stderr, stdout};

fn refused(arguments: &[&str]) -> String {
    let output = run(arguments);
    assert_eq!((code(&output), stdout(&output).as_str()), (2, ""), "{arguments:?}");
    let text = stderr(&output);
    assert!(text.starts_with("error: ") && text.contains("\nhelp: "), "{text}");
    text
}

#[test]
fn the_likeliest_is_offered() {
    assert!(refused(&["chek"]).starts_with("error: there is no command `chek`\nhelp: did you mean `check`?\n"));
    assert!(refused(&["check", "x", "--fromat", "json"]).contains("did you mean `--format`?"));
    assert!(refused(&["check", "x", "--format", "jsonn"]).contains("did you mean `json`?"));
}

#[test]
fn what_is_missing_or_too_much_is_named() {
    assert!(refused(&["check"]).starts_with("error: `<DIR>` is missing\n"));
    assert!(refused(&["decide"]).starts_with("error: `--policy <DIR>` is missing\n"));
    assert!(refused(&["version", "x"]).starts_with("error: there is no argument `x` here\n"));
    assert!(refused(&["check", "x", "--format", "json", "--format", "json"]).contains("may be given once only"));
    assert!(refused(&["schema", "banana"]).contains("help: it takes `invocation`, `decision`, `diagnostics`"));
    assert!(refused(&["decide", "--policy"]).contains("needs a value"));
}

#[test]
fn nothing_typed_is_answered_with_what_can_be() {
    let output = run(&[]);
    assert_eq!((code(&output), stdout(&output).as_str()), (2, ""));
    assert!(stderr(&output).contains("portcullis init"));
}

#[test]
fn every_command_has_help_with_an_example() {
    for command in ["check", "decide", "explain", "fmt", "init", "schema", "standard", "completions", "version"] {
        let output = run(&[command, "--help"]);
        assert!(code(&output) == 0 && stdout(&output).contains("Example"), "{command}");
    }
}
