//! What fuzz targets share: the estates of `fixtures/estates`, their bundles, and what is asked of them.

use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use policy_core::bundle::Policy;
use policy_core::compile::compile;
use policy_core::{Estate, PolicyFile, check};
use serde_json::{Map, Value};

/// An estate of the fixtures.
pub struct Real {
    /// The estate.
    pub estate: Estate,
    /// Its bundle.
    pub policy: Policy,
    /// What its cases ask, those that are well-formed invocations.
    pub requests: Vec<Map<String, Value>>,
}

/// All of them, by name.
pub static ESTATES: LazyLock<Vec<Real>> = LazyLock::new(|| {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures/estates");
    entries(&folder).iter().map(|folder| real(folder)).collect()
});

fn real(folder: &Path) -> Real {
    let mut files = Vec::new();
    policy_files(&folder.join("policy"), &mut files);
    let estate = check(files).estate.expect("a fixture is an estate");
    let policy = Policy::load(compile(&estate, None).expect("it compiles").bytes).expect("it loads");
    let cases = entries(&folder.join("cases"));
    let requests = cases.iter().filter(|file| ends_in(file, "json")).flat_map(|file| requests(file)).collect();
    Real { estate, policy, requests }
}

/// The requests of a file of cases, as `fixtures/README.md` describes it.
fn requests(file: &Path) -> Vec<Map<String, Value>> {
    let document: Value = serde_json::from_slice(&std::fs::read(file).expect("a file of cases")).expect("it is JSON");
    let base = document["base"].as_object().cloned().unwrap_or_default();
    let cases = document["cases"].as_array().cloned().unwrap_or_default();
    let whole = cases.iter().filter(|case| case.get("text").is_none() && case.get("hex").is_none());
    let request = |case: &Value| {
        let mut request = base.clone();
        request.extend(case["change"].as_object().cloned().unwrap_or_default());
        for field in case["remove"].as_array().into_iter().flatten().filter_map(Value::as_str) {
            request.remove(field);
        }
        request
    };
    whole.map(request).collect()
}

fn policy_files(folder: &Path, files: &mut Vec<PolicyFile>) {
    for path in entries(folder) {
        let name = path.to_string_lossy().into_owned();
        if path.is_dir() {
            policy_files(&path, files);
        } else if ends_in(&path, "hcl") && !name.ends_with(".test.hcl") {
            files.push(PolicyFile::new(name, std::fs::read(&path).expect("a policy file")));
        }
    }
}

fn ends_in(path: &Path, ending: &str) -> bool {
    path.extension().is_some_and(|found| found == ending)
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let listing = folder.read_dir().expect("the fixtures are there");
    let mut paths: Vec<PathBuf> = listing.map(|entry| entry.expect("an entry").path()).collect();
    paths.retain(|path| !path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.')));
    paths.sort();
    paths
}
