//! Any expression, as a local and as an attribute that needs it, evaluates to something or to diagnostics: no panic, no
//! endless work, and twice the same.
#![no_main]

use libfuzzer_sys::fuzz_target;
use policy_core::{PolicyFile, Report, check};

/// Larger texts only make the same work longer.
const TEXT_BYTES: usize = 4 << 10;

fuzz_target!(|text: &str| {
    // A local stands in one line or in brackets; whatever does not parse there is a case of the target `parse`.
    if text.len() > TEXT_BYTES {
        return;
    }
    let (first, second) = (evaluated(text), evaluated(text));
    assert_eq!(first.diagnostics, second.diagnostics);
    assert_eq!(format!("{:?}", first.estate), format!("{:?}", second.estate));
});

/// The text as a local, as a label of an account, and as a pattern that uses the account.
fn evaluated(text: &str) -> Report {
    let estate = format!(
        "locals {{\n  other = [1, \"two\", {{ three = 3 }}]\n  found = (\n{text}\n)\n}}\n\
         account \"prod\" {{\n  id = \"222222222222\"\n  labels = {{ found = local.found }}\n\
         forbid \"found\" {{\n  paths = [\"${{local.found}}\", local.found]\n  }}\n}}\n\
         template \"unused\" {{\n  forbid \"account\" {{\n    paths = [(\n{text}\n)]\n  }}\n}}\n"
    );
    check(vec![PolicyFile::new("estate.hcl", estate)])
}
