//! `portcullis compile`.

use std::fs;

use serde_json::Value;

use super::support::{bundle, code, policy, run, stderr, stdout};

fn names(directory: &tempfile::TempDir) -> Vec<String> {
    let entries = fs::read_dir(directory.path()).unwrap();
    entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
}

#[test]
fn it_says_what_it_wrote_and_what_was_proved() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("estate.bundle");
    let output = run(&["compile", policy().to_str().unwrap(), "-o", path.to_str().unwrap()]);
    assert_eq!(code(&output), 0);
    snapbox::assert_data_eq!(
        stdout(&output),
        snapbox::str![[r"
bundle sha256:[..]
policy sha256:[..]  prod

"]]
    );
    snapbox::assert_data_eq!(
        stderr(&output),
        snapbox::str![[r"
proved: [..] of states and [..] of tables agree with the reference's reading of the policy

"]]
    );
    assert_eq!(names(&directory), ["estate.bundle"]);
}

#[test]
fn the_same_policy_is_the_same_bytes_and_another_replaces_it() {
    let directory = tempfile::tempdir().unwrap();
    let path = bundle(directory.path(), &[]);
    let first = fs::read(&path).unwrap();
    fs::write(&path, "something else").unwrap();
    assert_eq!(fs::read(bundle(directory.path(), &["--force"])).unwrap(), first);
    assert_ne!(fs::read(bundle(directory.path(), &["--account", "prod"])).unwrap(), first);
    assert_eq!(names(&directory), ["estate.bundle"]);
}

#[test]
fn json_has_exactly_the_fields_of_the_contract() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("estate.bundle");
    let arguments = ["compile", policy().to_str().unwrap(), "-o", path.to_str().unwrap(), "--message-format", "json"]
        .map(str::to_owned);
    let output = run(&arguments.each_ref().map(String::as_str));
    let text = stdout(&output);
    assert!(text.ends_with("}\n") && text.lines().count() == 1, "{text}");
    let document: Value = serde_json::from_str(&text).unwrap();
    let fields: Vec<_> = document.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(fields, ["version", "format", "file", "bundle", "language", "accounts", "bytes", "proof"]);
    assert_eq!((&document["format"], &document["file"]), (&"bundle".into(), &document["bundle"]));
    assert_eq!(document["bytes"], fs::metadata(&path).unwrap().len());
    assert_eq!(
        (&document["accounts"][0]["name"], &document["accounts"][0]["id"]),
        (&"prod".into(), &"222222222222".into())
    );
    assert!(document["proof"]["pairs"].is_u64() && document["proof"]["entries"].is_u64(), "{text}");
}

#[cfg(feature = "wasm")]
#[test]
fn modules_and_components_are_shown_proved_and_decided_by_and_foreign_ones_are_named() {
    for (format, kind) in [("wasm", "module"), ("component", "component")] {
        shown_proved_and_decided_by(format, kind);
    }
}

#[cfg(feature = "wasm")]
fn shown_proved_and_decided_by(format: &str, kind: &str) {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("policy.wasm");
    let file = path.to_str().unwrap();
    let policy = policy();
    let policy = policy.to_str().unwrap();
    let said = stdout(&run(&["compile", policy, "--format", format, "-o", file]));
    let module = said.lines().next().unwrap().to_owned();
    assert!(module.starts_with(&format!("{kind} sha256:")), "{said}");
    let shown = stdout(&run(&["bundle", "show", file]));
    let digest = module.rsplit(' ').next().unwrap();
    assert!(shown.lines().next().is_some_and(|line| line.starts_with(kind) && line.ends_with(digest)), "{shown}");
    let document: Value = serde_json::from_str(&stdout(&run(&["bundle", "show", file, "--format", "json"]))).unwrap();
    assert_eq!((&document["module"]["kind"], &document["module"]["file"]), (&kind.into(), &digest.into()));
    let proved = run(&["bundle", "verify", file, "--policy", policy]);
    assert_eq!(code(&proved), 0, "{}", stderr(&proved));
    assert!(stdout(&proved).contains(&module), "{}", stdout(&proved));
    let asked = ["--account", "prod", "--caller", "local:user/ana", "--repository", "github.com/acme/live"];
    let rest = ["--ref", "refs/heads/main", "--path", "prod", "--command", "nothing", "--format", "json"];
    let decide = |more: &[&str]| {
        let output = run(&[&["decide", "--policy", file], more, &asked, &rest].concat());
        let decision: Value = serde_json::from_str(&stdout(&output)).unwrap();
        (decision["reason"].clone(), decision["bundle"].clone(), decision["engine"].clone())
    };
    let (native, wasm) = (decide(&[]), decide(&["--engine", "wasm"]));
    assert_eq!((&native.0, &native.1), (&wasm.0, &wasm.1));
    assert_eq!((native.2, wasm.2), ("native".into(), "wasm".into()));
    let mut patched = fs::read(&path).unwrap();
    let middle = patched.len() / 3;
    patched[middle] ^= 1;
    fs::write(&path, patched).unwrap();
    let refused = run(&["bundle", "show", file]);
    assert_eq!(code(&refused), 3);
    assert!(stderr(&refused).contains("is not usable: "), "{}", stderr(&refused));
}

#[cfg(not(feature = "wasm"))]
#[test]
fn without_webassembly_the_way_to_have_it_is_said_and_nothing_is_written() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("policy.wasm");
    let (file, policy) = (path.to_str().unwrap(), policy());
    let policy = policy.to_str().unwrap();
    let refused = |arguments: &[&str], exit: i32, about: &str| {
        let output = run(arguments);
        assert_eq!((code(&output), stdout(&output).as_str()), (exit, ""), "{arguments:?}");
        let text = stderr(&output);
        assert!(text.starts_with(&format!("error: {about}")) && text.contains("built without"), "{text}");
        assert!(text.contains("\nhelp: `cargo install --locked --path policy-cli --features wasm`"), "{text}");
    };
    for format in ["wasm", "component"] {
        refused(&["compile", policy, "--format", format, "-o", file], 2, &format!("`--format {format}` "));
    }
    assert_eq!(names(&directory), Vec::<String>::new());
    refused(&["decide", "--policy", policy, "--requests", "-", "--engine", "wasm"], 2, "`--engine wasm` ");
    fs::write(&path, b"\0asm\x01\0\0\0").unwrap();
    refused(&["bundle", "show", file], 3, &format!("`{file}` "));
    refused(&["decide", "--policy", file, "--requests", "-"], 3, &format!("`{file}` "));
}

// D2
#[test]
fn an_account_alone_has_the_policy_that_it_has_among_others() {
    let estate = concat!(env!("CARGO_MANIFEST_DIR"), "/../fixtures/estates/acme/policy");
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("a.bundle");
    let compile = |more: &[&str]| {
        let output = run(&[&["compile", estate, "-o", path.to_str().unwrap()], more].concat());
        assert_eq!(code(&output), 0, "{}", stderr(&output));
        stdout(&output).lines().map(str::to_owned).collect::<Vec<_>>()
    };
    let whole = compile(&[]);
    for account in ["dev", "prod", "444444444444"] {
        let alone = compile(&["--account", account]);
        assert_eq!(alone.len(), 2, "{alone:?}");
        assert!(whole.contains(&alone[1]) && !whole.contains(&alone[0]), "{alone:?} {whole:?}");
    }
}

#[test]
fn a_bundle_goes_to_stdout_alone() {
    let directory = tempfile::tempdir().unwrap();
    let output = run(&["compile", policy().to_str().unwrap(), "-o", "-"]);
    assert_eq!(code(&output), 0);
    assert_eq!(output.stdout, fs::read(bundle(directory.path(), &[])).unwrap());
    let said = stderr(&output);
    assert!(
        said.starts_with("bundle sha256:") && said.contains("\npolicy sha256:") && said.contains("\nproved: "),
        "{said}"
    );
}

#[test]
fn nothing_is_written_where_something_is_wrong() {
    let directory = tempfile::tempdir().unwrap();
    let broken = tempfile::tempdir().unwrap();
    fs::write(broken.path().join("a.hcl"), "nonsense {}\n").unwrap();
    let path = directory.path().join("estate.bundle");
    let compile = |policy: &std::path::Path, more: &[&str]| {
        let output = run(&[&["compile", policy.to_str().unwrap(), "-o", path.to_str().unwrap()], more].concat());
        assert_eq!((code(&output), stdout(&output).as_str()), (3, ""));
        assert_eq!(names(&directory), Vec::<String>::new());
        stderr(&output)
    };
    let text = compile(broken.path(), &[]);
    assert!(text.starts_with("error[PL103]") && text.contains("error: nothing is compiled, since"), "{text}");
    let text = compile(&policy(), &["--account", "prdo"]);
    assert!(text.starts_with("error: no account has the name or id `prdo`; did you mean `prod`?\nhelp: "), "{text}");
    let text = compile(&policy().join("estate.hcl"), &[]);
    assert!(text.contains("is not a directory\nhelp: "), "{text}");
}

#[test]
fn what_cannot_be_written_is_said_before_anything_is_compiled() {
    let directory = tempfile::tempdir().unwrap();
    let folder = directory.path().to_str().unwrap();
    let nowhere = format!("{folder}/nowhere/estate.bundle");
    for (path, said) in [(folder, "is a directory\nhelp: "), (&nowhere, "there is no folder `")] {
        let output = run(&["compile", "nowhere", "-o", path]);
        assert_eq!(code(&output), 3);
        assert!(stderr(&output).contains(said), "{}", stderr(&output));
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_device_is_not_replaced_by_a_file() {
    let output = run(&["compile", policy().to_str().unwrap(), "-o", "/dev/full"]);
    assert_eq!(code(&output), 3);
    assert!(stderr(&output).starts_with("error: `/dev/full` is not a plain file\nhelp: "), "{}", stderr(&output));
}
