//! What the tests of the whole workspace share.

pub mod chance;
pub mod module;

use std::path::{Path, PathBuf};

/// The folder of the workspace.
///
/// Asked at run time where cargo says it, so that a test binary that was built elsewhere does not look there.
pub fn root() -> PathBuf {
    let package =
        std::env::var_os("CARGO_MANIFEST_DIR").map_or_else(|| env!("CARGO_MANIFEST_DIR").into(), PathBuf::from);
    package.parent().map(Path::to_path_buf).unwrap_or(package)
}

/// Every file under `folder` whose name ends in `.rs`, sorted, without what builds leave behind.
///
/// # Errors
/// When a folder cannot be listed.
pub fn rust_files(folder: &Path) -> std::io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut waiting = vec![folder.to_path_buf()];
    while let Some(folder) = waiting.pop() {
        for entry in std::fs::read_dir(&folder)? {
            let path = entry?.path();
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            if path.is_dir() && !name.starts_with('.') && name != "target" && !name.starts_with("mutants.out") {
                waiting.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                found.push(path);
            }
        }
    }
    found.sort();
    Ok(found)
}

/// The policy files below a folder, as `portcullis check` finds them: the name of each in the folder, and its bytes.
pub fn files_of_policy(root: &Path) -> Vec<(String, Vec<u8>)> {
    let (mut found, mut open) = (Vec::new(), vec![root.to_path_buf()]);
    while let Some(folder) = open.pop() {
        let entries = std::fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
        for entry in entries {
            let path = entry.expect("a folder's entry").path();
            let name = path.strip_prefix(root).expect("below the root").to_str().expect("a name in UTF-8").to_owned();
            if path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.')) {
                continue;
            }
            if path.is_dir() {
                open.push(path);
            } else if name.ends_with(".hcl") && !name.ends_with(".test.hcl") {
                found.push((name, std::fs::read(&path).expect("a policy file")));
            }
        }
    }
    found
}

/// `path` as the workspace sees it: relative, with `/`.
pub fn shown(path: &Path) -> String {
    path.strip_prefix(root()).unwrap_or(path).to_string_lossy().replace('\\', "/")
}

/// The seed of random parts: `PORTCULLIS_SEED`, or a fresh one, which every failing assertion names.
pub fn seed() -> u64 {
    let given = std::env::var("PORTCULLIS_SEED").ok().and_then(|text| text.parse().ok());
    given.unwrap_or_else(|| {
        let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
        u64::from(now.subsec_nanos()) | now.as_secs() << 30
    })
}

/// How much longer than usual random parts run: `PORTCULLIS_SOAK`, or 1.
pub fn soak() -> u64 {
    std::env::var("PORTCULLIS_SOAK").ok().and_then(|text| text.parse().ok()).unwrap_or(1).max(1)
}
