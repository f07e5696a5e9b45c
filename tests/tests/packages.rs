//! Packages for other languages: what they say of themselves is what the workspace says.

use serde_json::Value;

fn read(path: &str) -> String {
    let path = workspace_tests::root().join(path);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

#[test]
fn the_javascript_package_says_what_the_workspace_says() {
    let package: Value = serde_json::from_str(&read("policy-wasm/javascript/package.json")).expect("JSON");
    assert_eq!(package["version"], env!("CARGO_PKG_VERSION"));
    assert_eq!(package["license"], env!("CARGO_PKG_LICENSE"));
    let repository = format!("git+{}.git", env!("CARGO_PKG_REPOSITORY"));
    assert_eq!(package["repository"]["url"], repository);
}
