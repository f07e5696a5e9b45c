//! `policy-core` is pure. Two guards, and a proof that each of them bites:
//! clippy with `policy-core/clippy.toml`, which sees through macros and re-exports, and a look at every path in the
//! source, which also catches what a list of single functions forgot.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use syn::visit::{self, Visit};

/// Modules of the standard library that the core does not name.
const BANNED: &[&str] = &["env", "fs", "io", "net", "os", "process", "thread", "time"];

/// Finds the places where a file names a banned module.
#[derive(Default)]
struct Impure {
    found: Vec<String>,
}

impl Impure {
    fn look(&mut self, first: &syn::Ident, second: &syn::Ident) {
        let banned = BANNED.iter().any(|name| second == name);
        if (first == "std" || first == "core" || first == "alloc") && banned {
            self.found.push(format!("line {}: `{first}::{second}`", second.span().start().line));
        }
    }

    fn look_at_use(&mut self, first: &syn::Ident, tree: &syn::UseTree) {
        match tree {
            syn::UseTree::Path(path) => self.look(first, &path.ident),
            syn::UseTree::Name(name) => self.look(first, &name.ident),
            syn::UseTree::Rename(rename) => self.look(first, &rename.ident),
            syn::UseTree::Group(group) => group.items.iter().for_each(|item| self.look_at_use(first, item)),
            syn::UseTree::Glob(_) => self.found.push(format!("line {}: `{first}::*`", first.span().start().line)),
        }
    }
}

impl<'ast> Visit<'ast> for Impure {
    fn visit_path(&mut self, path: &'ast syn::Path) {
        if let (Some(first), Some(second)) = (path.segments.first(), path.segments.get(1)) {
            self.look(&first.ident, &second.ident);
        }
        visit::visit_path(self, path);
    }

    fn visit_use_path(&mut self, path: &'ast syn::UsePath) {
        if path.ident == "std" || path.ident == "core" {
            self.look_at_use(&path.ident, &path.tree);
        }
        visit::visit_use_path(self, path);
    }
}

fn impure(text: &str) -> Vec<String> {
    let mut impure = Impure::default();
    impure.visit_file(&syn::parse_file(text).expect("a Rust file"));
    impure.found
}

#[test]
fn pure_crates_name_no_impure_module() {
    let mut wrong = Vec::new();
    for folder in ["policy-core/src", "ci-feedback/src"] {
        for path in workspace_tests::rust_files(&workspace_tests::root().join(folder)).expect(folder) {
            let text = std::fs::read_to_string(&path).expect("a readable file");
            wrong.extend(impure(&text).into_iter().map(|place| format!("{}: {place}", workspace_tests::shown(&path))));
        }
    }
    assert!(wrong.is_empty(), "these crates are pure:\n{}", wrong.join("\n"));
}

#[test]
fn an_impure_path_is_found_however_it_is_written() {
    for text in [
        "use std::fs;",
        "use std::fs::File as F;",
        "use std::{collections::BTreeMap, fs::{self, File}};",
        "use std::*;",
        "fn f() -> std::time::Duration { loop {} }",
        "fn f() { ::std::env::vars(); }",
    ] {
        assert_eq!(impure(text).len(), 1, "{text}");
    }
    for text in ["use std::{fmt, str::FromStr};", "use crate::fs::File;", "fn f(x: std::path::PathBuf) {}"] {
        assert_eq!(impure(text).len(), 0, "{text}");
    }
}

/// One snippet for each ban that a newcomer would run into, and what clippy has to say about it.
const SNIPPETS: &[(&str, &str)] = &[
    ("let _ = std::fs::read_to_string(\"x\");", "std::fs::read_to_string"),
    ("let _ = std::path::Path::new(\"x\").exists();", "std::path::Path::exists"),
    ("let _ = std::fs::File::open(\"x\");", "std::fs::File"),
    ("let _ = std::env::var(\"X\");", "std::env::var"),
    ("let _ = std::env::args();", "std::env::args"),
    ("let _ = std::net::TcpStream::connect(\"x:1\");", "std::net::TcpStream"),
    ("let _ = std::process::Command::new(\"x\");", "std::process::Command"),
    ("std::process::exit(1);", "std::process::exit"),
    ("let _ = std::thread::spawn(|| ());", "std::thread::spawn"),
    ("let _ = std::time::SystemTime::now();", "std::time::SystemTime::now"),
    ("let _ = std::time::Instant::now();", "std::time::Instant::now"),
    ("let _ = std::io::stdin();", "std::io::stdin"),
    ("let _ = std::hash::RandomState::new();", "std::hash::RandomState::new"),
    ("print!(\"x\");", "std::print"),
    ("println!(\"x\");", "std::println"),
    ("eprint!(\"x\");", "std::eprint"),
    ("eprintln!(\"x\");", "std::eprintln"),
    ("dbg!(1);", "std::dbg"),
];

/// Makes a crate with the core's clippy.toml and all snippets, one function each.
fn scratch_crate() -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("purity");
    std::fs::create_dir_all(folder.join("src")).expect("a scratch folder");
    let manifest = "[package]\nname = \"impure\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[workspace]\n";
    std::fs::write(folder.join("Cargo.toml"), manifest).expect("Cargo.toml");
    let rules = workspace_tests::root().join("policy-core/clippy.toml");
    std::fs::copy(rules, folder.join("clippy.toml")).expect("the core's clippy.toml");
    let snippets = SNIPPETS.iter().enumerate();
    let text: Vec<_> = snippets.map(|(index, (code, _))| format!("pub fn snippet_{index}() {{ {code} }}")).collect();
    // Written anew each time, so that cargo looks again: clippy.toml may have changed since the last run.
    std::fs::write(folder.join("src/lib.rs"), text.join("\n")).expect("lib.rs");
    folder
}

#[test]
fn clippy_refuses_what_the_core_must_not_do() {
    let folder = scratch_crate();
    let output = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .args(["clippy", "--offline", "--quiet", "--", "-D", "warnings", "-A", "dead_code"])
        .current_dir(&folder)
        .env("CARGO_TARGET_DIR", folder.join("target"))
        .env_remove("CLIPPY_CONF_DIR")
        .output()
        .expect("cargo clippy starts");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success(), "clippy accepted the scratch crate:\n{said}");
    let missing: BTreeSet<_> =
        SNIPPETS.iter().map(|(_, path)| *path).filter(|path| !said.contains(&format!("`{path}`"))).collect();
    assert!(missing.is_empty(), "clippy did not refuse {missing:?}:\n{said}");
    // A path that clippy cannot resolve would be a ban of nothing.
    assert!(!said.contains("does not refer to"), "a ban names something that is not there:\n{said}");
}
