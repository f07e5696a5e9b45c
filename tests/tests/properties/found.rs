//! Keeps a wrong decision: the shrunk estate and invocation as a folder that can be moved to `fixtures/estates`.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

/// Writes `target/found/NAME`, and says where.
pub(crate) fn keep(name: &str, files: &[(String, String)], asked: &Value, expect: &Value) -> PathBuf {
    let folder = workspace_tests::root().join("target/found").join(name);
    let policy: String = files.iter().map(|(_, text)| text.as_str()).collect();
    let case = json!({"name": name, "rules": ["E3"], "why": "found by a property", "expect": expect});
    let cases = json!({"base": asked, "cases": [case]});
    write(&folder.join("policy/estate.hcl"), &policy);
    write(&folder.join("cases/found.json"), &format!("{cases:#}\n"));
    folder
}

fn write(path: &Path, text: &str) {
    std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder for what was found");
    std::fs::write(path, text).expect("what was found is written");
}
