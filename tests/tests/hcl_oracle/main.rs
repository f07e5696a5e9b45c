//! Our parser of HCL against `hcl-edit`: over every policy file of the corpus and over random documents, both accept the
//! same texts and see the same tree in them (`docs/decisions/0001-own-hcl-parser.md`).

mod generate;
mod ours;
mod theirs;

use std::path::{Path, PathBuf};

use generate::Random;

/// What both parsers make of a text: its tree in one common form, or none where it is refused.
fn read(text: &str) -> (Option<String>, Option<String>) {
    (ours::read(text), theirs::read(text))
}

#[test]
fn both_parsers_read_random_documents_alike() {
    let seed = workspace_tests::seed();
    let mut accepted = 0;
    for number in 0..6_000_u64 * workspace_tests::soak() {
        let mut random = Random::new(seed.wrapping_add(number));
        let text = random.document();
        let (ours, theirs) = read(&text);
        assert_eq!(ours, theirs, "seed {seed}, document {number}:\n{text}");
        accepted += u64::from(ours.is_some());
    }
    assert!(accepted > 1_000, "the generator makes too few documents that are HCL: {accepted}");
}

#[test]
fn both_parsers_read_damaged_documents_alike() {
    let seed = workspace_tests::seed();
    let mut refused = 0;
    for number in 0..6_000_u64 * workspace_tests::soak() {
        let mut random = Random::new(seed.wrapping_add(number));
        let text = random.document();
        let text = random.damage(&text);
        let (ours, theirs) = read(&text);
        assert_eq!(ours, theirs, "seed {seed}, document {number}:\n{text}");
        refused += u64::from(ours.is_none());
    }
    assert!(refused > 1_000, "the damage does too little: {refused}");
}

#[test]
fn both_parsers_read_the_corpus_alike() {
    let mut files = Vec::new();
    collect(&workspace_tests::root().join("fixtures"), &mut files);
    let mut compared = 0;
    for file in files {
        let Ok(text) = String::from_utf8(std::fs::read(&file).expect("a policy file")) else { continue };
        if KNOWN_DIFFERENCES.iter().any(|(name, _)| file.to_string_lossy().contains(name)) {
            continue;
        }
        let (ours, theirs) = read(&text);
        assert_eq!(ours, theirs, "{}", file.display());
        compared += 1;
    }
    assert!(compared > 500, "{compared} files");
}

/// Texts that the two read differently, and why that is meant.
const KNOWN_DIFFERENCES: &[(&str, &str)] = &[
    ("nesting-", "section 10 counts nesting by rules of its own; hcl-edit has one limit for everything"),
    ("deep-", "the same"),
    ("number", "numbers are exact here and doubles there"),
];

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("a folder of fixtures") {
        let path = entry.expect("a folder's entry").path();
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|ending| ending == "hcl") {
            files.push(path);
        }
    }
}
