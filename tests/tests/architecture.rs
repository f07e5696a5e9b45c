//! Who may depend on whom: `docs/architecture.md`, kept true over `cargo metadata`.

use std::collections::{BTreeMap, BTreeSet};

use cargo_metadata::{DependencyKind, Metadata, MetadataCommand, Package};

/// For each crate of the workspace, the crates of the workspace that it may depend on. A crate that is not here has no
/// place yet: give it one here and in `docs/architecture.md` when it begins.
const ARROWS: &[(&str, &[&str])] = &[
    ("policy-core", &[]),
    ("policy-wasm", &["policy-core", "ci-feedback"]),
    ("policy-component", &["policy-core", "policy-wasm"]),
    ("policy-modules", &["policy-core", "policy-wasm"]),
    ("policy-host", &["policy-core", "policy-modules", "policy-wasm"]),
    ("ci-feedback", &["policy-core"]),
    ("policy-cli", &["policy-core", "ci-feedback", "policy-host", "policy-modules"]),
    ("workspace-tests", &["ci-feedback", "policy-core", "policy-cli", "policy-host", "policy-modules"]),
    ("xtask", &[]),
];

/// All that `policy-core` may depend on outside tests.
const CORE_MAY_USE: &[&str] = &["regex-syntax", "sha2", "thiserror", "unicode-ident", "unicode-segmentation"];

/// What must not come into `policy-core` by any way: runtimes, chance, clocks, networks, a second reader of JSON.
const CORE_MUST_NOT_REACH: &[&str] = &[
    "anyhow",
    "async-std",
    "chrono",
    "getrandom",
    "hyper",
    "jiff",
    "mio",
    "rand",
    "rand_core",
    "reqwest",
    "rustls",
    "serde_json",
    "smol",
    "socket2",
    "time",
    "tokio",
    "ureq",
];

fn metadata() -> Metadata {
    let manifest = workspace_tests::root().join("Cargo.toml");
    MetadataCommand::new()
        .manifest_path(manifest)
        .other_options(["--locked".to_owned()])
        .exec()
        .expect("cargo metadata")
}

fn package<'a>(metadata: &'a Metadata, name: &str) -> &'a Package {
    let found = metadata.workspace_packages().into_iter().find(|package| package.name.as_str() == name);
    found.unwrap_or_else(|| panic!("the workspace has no crate `{name}`"))
}

/// Names of the packages that `from` reaches over dependencies that a user of it builds or links.
fn reached(metadata: &Metadata, from: &Package) -> BTreeSet<String> {
    let resolve = metadata.resolve.as_ref().expect("cargo metadata resolves");
    let nodes: BTreeMap<_, _> = resolve.nodes.iter().map(|node| (&node.id, node)).collect();
    let names: BTreeMap<_, _> = metadata.packages.iter().map(|package| (&package.id, &package.name)).collect();
    let mut seen = BTreeSet::new();
    let mut waiting = vec![&from.id];
    while let Some(id) = waiting.pop() {
        for dependency in &nodes[id].deps {
            let linked = dependency.dep_kinds.iter().any(|kind| kind.kind != DependencyKind::Development);
            if linked && seen.insert(names[&dependency.pkg].to_string()) {
                waiting.push(&dependency.pkg);
            }
        }
    }
    seen
}

/// A fresh machine has neither the target of the modules nor the time for wasmtime (docs/decisions/0012-webassembly-is-a-feature.md).
#[test]
fn the_program_needs_no_webassembly_unless_it_is_asked_for() {
    let metadata = metadata();
    let reached = reached(&metadata, package(&metadata, "policy-cli"));
    assert!(reached.contains("policy-core"), "the walk over the dependencies found only {reached:?}");
    for name in ["policy-host", "policy-modules", "policy-wasm", "wasmtime"] {
        assert!(!reached.contains(name), "policy-cli reaches {name} without the feature `wasm`");
    }
}

#[test]
fn crates_depend_only_along_the_arrows() {
    let metadata = metadata();
    let arrows: BTreeMap<_, _> = ARROWS.iter().copied().collect();
    let ours: BTreeSet<String> = metadata.workspace_packages().iter().map(|package| package.name.to_string()).collect();
    let mut wrong = Vec::new();
    for package in metadata.workspace_packages() {
        let Some(allowed) = arrows.get(package.name.as_str()) else {
            wrong.push(format!("`{}` has no place in ARROWS and in docs/architecture.md", package.name));
            continue;
        };
        for dependency in package.dependencies.iter().filter(|dependency| ours.contains(&dependency.name)) {
            if !allowed.contains(&dependency.name.as_str()) {
                wrong.push(format!("`{}` must not depend on `{}`", package.name, dependency.name));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_crate_is_named_like_its_folder() {
    let mut wrong = Vec::new();
    for package in metadata().workspace_packages() {
        let folder = package.manifest_path.parent().and_then(|folder| folder.file_name()).unwrap_or_default();
        let expected = match package.name.as_str() {
            "workspace-tests" => "tests",
            // Beside the module that they are about.
            "policy-host" => "host",
            "policy-modules" => "modules",
            "policy-component" => "component",
            name => name,
        };
        if folder != expected {
            wrong.push(format!("`{}` lives in `{folder}`", package.name));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_core_has_at_most_two_features() {
    let metadata = metadata();
    let features: Vec<_> = package(&metadata, "policy-core").features.keys().cloned().collect();
    assert!(features.len() <= 2, "policy-core has the features {features:?}");
    assert!(features.iter().all(|name| name == "default" || name == "author"), "{features:?}");
}

#[test]
fn the_core_names_only_the_dependencies_it_may_use() {
    let metadata = metadata();
    let wrong: Vec<_> = package(&metadata, "policy-core")
        .dependencies
        .iter()
        .filter(|dependency| dependency.kind != DependencyKind::Development)
        .map(|dependency| dependency.name.as_str())
        .filter(|name| !CORE_MAY_USE.contains(name))
        .collect();
    assert!(wrong.is_empty(), "policy-core must not depend on {wrong:?}: see CORE_MAY_USE");
}

#[test]
fn nothing_impure_comes_into_the_core_by_another_way() {
    let metadata = metadata();
    let reached = reached(&metadata, package(&metadata, "policy-core"));
    assert!(reached.contains("sha2"), "the walk over the dependencies found only {reached:?}");
    let wrong: Vec<_> = reached.iter().filter(|name| CORE_MUST_NOT_REACH.contains(&name.as_str())).collect();
    assert!(wrong.is_empty(), "policy-core reaches {wrong:?}");
}
