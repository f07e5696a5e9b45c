//! `standard`, `schema`, `explain`, `init`, `completions` and `version`.

use std::fs;

use serde_json::Value;

use super::support::{code, portcullis, run, stderr, stdout};

#[test]
fn the_standard_commands_are_printed_as_they_are() {
    let output = run(&["standard"]);
    assert_eq!((code(&output), stdout(&output).as_str()), (0, policy_core::STANDARD));
}

#[test]
fn schemas_are_printed_as_they_are_kept() {
    for name in ["invocation", "decision", "diagnostics", "compiled", "bundle"] {
        let path = format!("{}/../docs/schemas/{name}.json", env!("CARGO_MANIFEST_DIR"));
        assert_eq!(stdout(&run(&["schema", name])), fs::read_to_string(path).unwrap());
    }
}

#[test]
fn codes_and_reasons_are_explained_in_any_case() {
    for code_typed in ["PL203", "pl203"] {
        assert!(stdout(&run(&["explain", code_typed])).starts_with("# PL203"));
    }
    assert!(stdout(&run(&["explain", "No-Permit"])).contains("no-permit"));
    let list = stdout(&run(&["explain"]));
    assert!(list.contains("PL701") && list.contains("requirements-unmet"));
    let document: Value = serde_json::from_str(&stdout(&run(&["explain", "PL006", "--format", "json"]))).unwrap();
    assert_eq!((&document["version"], &document["severity"]), (&1.into(), &"warning".into()));
    let output = run(&["explain", "no-permt"]);
    assert_eq!(code(&output), 2);
    assert!(stderr(&output).contains("help: did you mean `no-permit`?"), "{}", stderr(&output));
}

#[test]
fn a_first_policy_is_valid_and_never_overwrites() {
    let directory = tempfile::tempdir().unwrap();
    let init = |arguments: &[&str]| portcullis(arguments).current_dir(directory.path()).output().unwrap();
    let output = init(&["init"]);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    assert!(stdout(&output).starts_with("wrote policy/estate.hcl\nwrote policy/accounts/production.hcl\n"));
    let output = init(&["check", "policy"]);
    assert_eq!((code(&output), stdout(&output).as_str()), (0, ""));
    let output = init(&["init"]);
    assert_eq!(code(&output), 3);
    let text = stderr(&output);
    assert!(
        text.starts_with("error: `policy/estate.hcl`, `policy/accounts/production.hcl` are already there\n"),
        "{text}"
    );
    let accounts = ["--account", "dev=222222222222", "--account", "prod=333333333333"];
    let output = init(&[&["init", "more", "--repository", "git@github.com:acme/live.git"], &accounts[..]].concat());
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    let estate = fs::read_to_string(directory.path().join("more/estate.hcl")).unwrap();
    assert!(estate.contains("remotes = [\"github.com/acme/live\"]\n"), "{estate}");
    assert!(directory.path().join("more/accounts/prod.hcl").exists());
}

#[test]
fn what_init_suggests_works() {
    let directory = tempfile::tempdir().unwrap();
    let written = portcullis(&["init"]).current_dir(directory.path()).output().unwrap();
    let text = stdout(&written).replace("\\\n", " ");
    let commands: Vec<&str> = text.lines().filter_map(|line| line.strip_prefix("  portcullis ")).collect();
    assert_eq!(commands.len(), 2, "{text}");
    for command in commands {
        let arguments: Vec<&str> = command.split_whitespace().collect();
        let output = portcullis(&arguments).current_dir(directory.path()).output().unwrap();
        assert_eq!(code(&output), 0, "{command}: {}{}", stdout(&output), stderr(&output));
    }
}

#[test]
fn init_refuses_what_is_no_account_or_repository() {
    for arguments in
        [["--account", "prod"], ["--account", "prod=12"], ["--repository", "file:///x"], ["--repository", "-x"]]
    {
        let output = run(&["init", "nowhere/at/all", &arguments.join("=")]);
        assert_eq!(code(&output), 2, "{arguments:?}");
        assert!(stderr(&output).contains("\nhelp: "), "{}", stderr(&output));
    }
}

#[test]
fn shells_get_their_scripts() {
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let output = run(&["completions", shell]);
        assert!(code(&output) == 0 && stdout(&output).contains("portcullis"), "{shell}");
    }
}

#[test]
fn the_manual_has_a_page_for_every_command() {
    let directory = tempfile::tempdir().unwrap();
    let pages = directory.path().join("man1");
    let write = || run(&["man", "--directory", pages.to_str().unwrap()]);
    assert_eq!(code(&write()), 0);
    let page = fs::read_to_string(pages.join("portcullis-bundle-show.1")).unwrap();
    assert!(page.contains("portcullis\\-bundle\\-show") && page.contains("in force"), "{page}");
    assert_eq!(stdout(&run(&["man", "bundle", "show"])), page);
    assert_eq!(stdout(&run(&["man"])), fs::read_to_string(pages.join("portcullis.1")).unwrap());
    let again = write();
    assert_eq!(code(&again), 3);
    assert!(stderr(&again).contains("file exists\nhelp: "), "{}", stderr(&again));
    assert!(stderr(&run(&["man", "chek"])).contains("help: did you mean `check`?"));
}

#[test]
fn the_version_names_program_language_and_features() {
    let webassembly = if cfg!(feature = "wasm") { "with" } else { "without" };
    let expected = format!("portcullis {} (policy language 1; {webassembly} WebAssembly)\n", env!("CARGO_PKG_VERSION"));
    assert_eq!(stdout(&run(&["version"])), expected);
    assert_eq!(stdout(&run(&["--version"])), expected);
}
