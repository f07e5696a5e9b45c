//! Any files are checked without a panic; diagnostics stand in order (L3) and at places that exist; an estate without
//! errors decides an invocation, and neither the order of the files nor a second run changes anything.
#![no_main]

use libfuzzer_sys::fuzz_target;
use policy_core::diagnostic::Severity;
use policy_core::reference::Reference;
use policy_core::{PolicyFile, Report, check};

/// What parts the input into files: it occurs in no policy.
const BETWEEN_FILES: u8 = 0xFF;
const FILES: usize = 4;

const INVOCATION: &[u8] = br#"{"account": "dev",
    "caller": {"principal": "arn:aws:sts::111111111111:assumed-role/ci-main/run-17"},
    "repository": "github.com/acme/live", "ref": "refs/heads/main",
    "commit": "0123456789abcdef0123456789abcdef01234567", "path": "dev/app", "command": "plan",
    "arguments": [], "evidence": {"planned": true}}"#;

fuzz_target!(|input: &[u8]| {
    let files: Vec<PolicyFile> = input
        .splitn(FILES, |byte| *byte == BETWEEN_FILES)
        .enumerate()
        .map(|(number, bytes)| PolicyFile::new(format!("{number}.hcl"), bytes))
        .collect();
    let report = check(files.clone());
    in_order(&report);
    let failed = report.diagnostics.iter().any(|diagnostic| diagnostic.severity() == Severity::Error);
    assert_eq!(report.estate.is_none(), failed);
    let decided = decided(&report);
    // One file has one order, and texts that use up the budget of an estate take their time.
    if files.len() > 1 {
        let backwards = check(files.into_iter().rev().collect());
        assert_eq!(report.diagnostics, backwards.diagnostics);
        assert_eq!(decided, self::decided(&backwards));
    }
});

fn decided(report: &Report) -> Option<String> {
    let estate = report.estate.as_ref()?;
    Some(Reference::new(estate).decide_json(INVOCATION).to_json())
}

/// L3: by file and position, each at a place that exists.
fn in_order(report: &Report) {
    let mut before = None;
    for diagnostic in &report.diagnostics {
        assert!(before <= Some(diagnostic.span), "{diagnostic:?} stands behind a later one");
        before = Some(diagnostic.span);
        let related = diagnostic.related.iter().map(|related| related.span);
        for span in std::iter::once(diagnostic.span).chain(related) {
            let (file, start, end) = report.sources.positions(span).expect("a place in one of the files");
            assert!(start <= end && start.line >= 1 && start.column >= 1, "{diagnostic:?}");
            assert!(file.text().get(span.start as usize..span.end as usize).is_some(), "{diagnostic:?}");
        }
        assert!(!diagnostic.message.is_empty() && !diagnostic.message.contains('\n'), "{diagnostic:?}");
    }
}
