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
    assert!(refused(&["decide"]).starts_with("error: `--policy <DIR|FILE>` is missing\n"));
    assert!(refused(&["version", "x"]).starts_with("error: there is no argument `x` here\n"));
    assert!(refused(&["check", "x", "--format", "json", "--format", "json"]).contains("may be given once only"));
    assert!(
        refused(&["schema", "banana"])
            .contains("help: it takes `invocation`, `decision`, `diagnostics`, `compiled`, `bundle`")
    );
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
    let commands = ["bundle", "check", "compile", "completions", "decide", "explain", "fmt", "init", "man", "schema"];
    let alone = commands.iter().chain(&["standard", "test", "version"]).map(|command| vec![*command]);
    for command in alone.chain([vec!["bundle", "show"], vec!["bundle", "verify"]]) {
        let output = run(&[&command[..], &["--help"]].concat());
        assert!(code(&output) == 0 && stdout(&output).contains("Example"), "{command:?}");
    }
}

#[test]
fn what_can_be_typed_is_shown_in_few_words() {
    snapbox::assert_data_eq!(
        stdout(&run(&["compile", "-h"])),
        snapbox::str![[r"
Compile a policy directory to a bundle, and prove it

Usage: portcullis compile [OPTIONS] --output <FILE> <DIR>

Arguments:
  <DIR>  The policy directory

Options:
      --account <ACCOUNT>        One account alone, by name or id; its decisions are the same as in a bundle of all
      --color <WHEN>             When to use colour; `auto` is on a terminal, unless `NO_COLOR` is set [default: auto]
  -o, --output <FILE>            The file to write; a compiled policy that is there is replaced; `-` is stdout, and what is said goes to stderr then
      --force                    Replace FILE whatever it is, be it one of the policy files
      --format <FORMAT>          What to write [default: bundle] [possible values: bundle, wasm, component]
      --message-format <FORMAT>  How to say what was written [default: human] [possible values: human, json]
  -h, --help                     Print help (see more with '--help')

Examples:
  portcullis compile policy -o estate.bundle
  portcullis compile policy --account prod -o prod.bundle --message-format json
  portcullis compile policy --format wasm -o policy.wasm

"]]
    );
    snapbox::assert_data_eq!(
        stdout(&run(&["bundle", "show", "--help"])),
        snapbox::file!["snapshots/help-bundle-show.txt"]
    );
    snapbox::assert_data_eq!(
        stdout(&run(&["bundle", "verify", "--help"])),
        snapbox::file!["snapshots/help-bundle-verify.txt"]
    );
}
