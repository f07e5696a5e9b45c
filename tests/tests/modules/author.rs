//! The author module: the same diagnostics, bundles and texts as natively.

use std::path::Path;

use policy_core::PolicyFile;
use policy_core::compile::compile;
use policy_core::format::{Outcome, format_files};
use policy_modules::AUTHOR;
use serde_json::Value;
use workspace_tests::module::{CompiledModule, RawModule, policy_files};

use super::{PERMITTED, POLICY, reason};

/// The account's length where none is named.
const WHOLE_ESTATE: [u8; 4] = u32::MAX.to_le_bytes();
const INVALID: u32 = 7;

fn folders(of: &str) -> Vec<std::path::PathBuf> {
    let folder = workspace_tests::root().join("fixtures").join(of);
    let entries = std::fs::read_dir(&folder).expect("fixtures");
    let mut found: Vec<_> = entries.map(|entry| entry.expect("an entry").path()).filter(|path| path.is_dir()).collect();
    found.sort();
    found
}

fn files(root: &Path) -> Vec<PolicyFile> {
    let files = workspace_tests::files_of_policy(root).into_iter();
    files.map(|(name, bytes)| PolicyFile::new(name, bytes)).collect()
}

fn input(files: &[PolicyFile]) -> Vec<u8> {
    policy_files(files.iter().map(|file| (&*file.name, &*file.bytes)))
}

fn author() -> CompiledModule {
    CompiledModule::new(AUTHOR)
}

#[test]
fn it_finds_what_the_library_finds_in_every_estate() {
    let author = author();
    let mut instance = author.instance();
    for check in folders("checks") {
        let files = files(&check.join("policy"));
        let (status, found) = instance.ask("portcullis_check", &input(&files));
        let found: Value = serde_json::from_slice(&found).expect("diagnostics");
        let report = policy_core::check(files);
        let expected = report.diagnostics.iter().map(|expected| {
            let (file, start, end) = report.sources.positions(expected.span).expect("a place");
            (
                expected.code.as_str(),
                file.name().to_string(),
                start.line,
                start.column,
                end.line,
                end.column,
                &*expected.message,
            )
        });
        let text = |entry: &Value, field: &str| entry[field].as_str().unwrap_or_default().to_owned();
        let number = |entry: &Value, field: &str| entry[field].as_u64().unwrap_or_default();
        let found = found["diagnostics"].as_array().expect("a list");
        let mut count = 0;
        for (found, (code, file, line, column, end_line, end_column, message)) in found.iter().zip(expected) {
            count += 1;
            let place = [line, column, end_line, end_column].map(u64::from);
            let said = ["line", "column", "end_line", "end_column"].map(|field| number(found, field));
            assert_eq!((text(found, "code").as_str(), text(found, "file"), said), (code, file, place));
            assert_eq!(text(found, "message"), message);
        }
        assert_eq!((status, found.len(), count), (0, report.diagnostics.len(), count), "{}", check.display());
    }
}

#[test]
fn it_compiles_every_estate_to_the_same_bytes() {
    let author = author();
    for estate in folders("estates") {
        let files = files(&estate.join("policy"));
        let whole = [&WHOLE_ESTATE[..], &input(&files)].concat();
        let (status, bundle) = author.instance().ask("portcullis_compile", &whole);
        let estate = policy_core::check(files.clone()).estate.expect("an estate");
        assert_eq!(status, 0, "{}", String::from_utf8_lossy(&bundle));
        assert!(compile(&estate, None).expect("it compiles").bytes == bundle, "the bundles differ");
        let name = estate.accounts[0].name.clone();
        let length = u32::try_from(name.len()).expect("a length").to_le_bytes();
        let one = [&length[..], name.as_bytes(), &input(&files)].concat();
        let (status, bundle) = author.instance().ask("portcullis_compile", &one);
        assert_eq!(status, 0);
        assert!(compile(&estate, Some(&name)).expect("it compiles").bytes == bundle, "the bundles of `{name}` differ");
    }
}

#[test]
fn it_formats_every_file_to_the_same_text() {
    let author = author();
    let mut instance = author.instance();
    for file in folders("checks").iter().chain(&folders("estates")).flat_map(|folder| files(&folder.join("policy"))) {
        let (status, text) = instance.ask("portcullis_format", &file.bytes);
        match format_files(vec![file]).files.pop().map(|file| file.outcome) {
            Some(Outcome::Formatted(expected)) => assert_eq!((status, text), (0, expected.into_bytes())),
            _ => assert_eq!(status, INVALID),
        }
    }
}

#[test]
fn what_it_compiled_it_decides_by_and_explains() {
    let author = author();
    let files = [PolicyFile::new("estate.hcl", POLICY)];
    let (_, bundle) = author.instance().ask("portcullis_compile", &[&WHOLE_ESTATE[..], &input(&files)].concat());
    let mut instance = author.instance();
    assert_eq!(instance.ask("portcullis_load", &bundle).0, 0);
    assert_eq!(reason(&instance.ask("portcullis_decide_json", PERMITTED.as_bytes()).1), "permitted");
    let mistyped = PERMITTED.replace("\"plan\"", "\"plam\"");
    let (_, decision) = instance.ask("portcullis_decide_json", mistyped.as_bytes());
    let said = String::from_utf8(decision).expect("text");
    assert!(said.contains("did you mean `plan`?"), "{said}");
}

#[test]
fn mistakes_come_back_as_data() {
    let author = author();
    let mut instance: RawModule = author.instance();
    let broken = [PolicyFile::new("a.hcl", "account \"prod\" { id = 1 }\n")];
    let (status, found) = instance.ask("portcullis_compile", &[&WHOLE_ESTATE[..], &input(&broken)].concat());
    let found: Value = serde_json::from_slice(&found).expect("diagnostics");
    assert_eq!((status, &found["diagnostics"][0]["file"]), (INVALID, &Value::from("a.hcl")));
    let good = [PolicyFile::new("a.hcl", "account \"prod\" { id = \"222222222222\" }\n")];
    let unknown = [&4_u32.to_le_bytes()[..], b"prot", &input(&good)].concat();
    let (status, refusal) = instance.ask("portcullis_compile", &unknown);
    let refusal: Value = serde_json::from_slice(&refusal).expect("a refusal");
    assert_eq!(status, INVALID);
    assert!(refusal["error"].as_str().expect("an error").contains("did you mean `prod`?"), "{refusal}");
    let (status, found) = instance.ask("portcullis_format", b"account \"prod\" {");
    assert_eq!(status, INVALID);
    assert!(String::from_utf8_lossy(&found).contains("\"file\":\"policy.hcl\""));
    for malformed in [&b""[..], &[1, 0, 0], &[1, 0, 0, 0], &[0, 0, 0, 0, 7], &u32::MAX.to_le_bytes()] {
        assert_eq!(instance.ask("portcullis_check", malformed).0, 4, "{malformed:?}");
    }
}
