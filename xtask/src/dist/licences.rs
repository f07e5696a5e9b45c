//! The licences of what is linked into the program: the texts that the crates come with, each text once.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::{Outcome, command};

/// How the names of files with licences begin, in lower case.
const NAMES: [&str; 6] = ["license", "licence", "copying", "copyright", "notice", "unlicense"];

/// A crate that is linked.
struct Crate {
    /// Name and version.
    name: String,
    licence: String,
    repository: String,
    texts: Vec<String>,
}

/// The crates that the program for a target is linked from, their licences, and the texts of these.
///
/// # Errors
/// Where a crate comes without a text, and no other of the same project has one.
pub(super) fn of_dependencies(target: &str) -> Outcome<String> {
    let arguments =
        ["metadata", "--format-version", "1", "--locked", "--features", "policy-cli/wasm", "--filter-platform"];
    let (read, metadata) = command::output(command::cargo(arguments)?.arg(target))?;
    if !read {
        return Err("`cargo metadata` failed".into());
    }
    let metadata: Value = serde_json::from_str(&metadata)?;
    let crates: Vec<Crate> = linked(&metadata, "policy-cli").into_iter().map(read_crate).collect::<Outcome<_>>()?;
    written(&crates)
}

/// What Rust's own library is made of, which is linked too: the toolchain says it.
pub(super) fn of_the_library() -> Outcome<Vec<u8>> {
    let cargo = PathBuf::from(crate::workspace::cargo());
    let toolchain = cargo.parent().and_then(Path::parent).ok_or("the toolchain has no folder")?;
    let file = toolchain.join("share/doc/rust/COPYRIGHT-library.html");
    fs::read(&file).map_err(|error| format!("`{}` cannot be read: {error}", file.display()).into())
}

/// The packages of a registry that a package is linked from: over what is neither for tests nor for builds, and without macros,
/// which are run and not linked.
fn linked<'m>(metadata: &'m Value, from: &str) -> Vec<&'m Value> {
    let by_id = |path: &str| -> BTreeMap<&'m str, &'m Value> {
        items(metadata, path).map(|item| (text(item, "/id"), item)).collect()
    };
    let (packages, nodes) = (by_id("/packages"), by_id("/resolve/nodes"));
    let is_macro = |package: &Value| {
        items(package, "/targets").any(|target| items(target, "/kind").any(|kind| kind == "proc-macro"))
    };
    let mut seen = BTreeSet::new();
    let mut waiting: Vec<&str> =
        packages.iter().filter(|(_, package)| text(package, "/name") == from).map(|(id, _)| *id).collect();
    while let Some(id) = waiting.pop() {
        for dependency in nodes.get(id).into_iter().flat_map(|node| items(node, "/deps")) {
            let id = text(dependency, "/pkg");
            let is_linked = items(dependency, "/dep_kinds").any(|kind| kind.get("kind").is_some_and(Value::is_null));
            let goes_in = packages.get(id).is_some_and(|package| !is_macro(package));
            if is_linked && goes_in && seen.insert(id) {
                waiting.push(id);
            }
        }
    }
    let found = seen.into_iter().filter_map(|id| packages.get(id).copied());
    found.filter(|package| package.get("source").is_some_and(Value::is_string)).collect()
}

/// The items of the list at a path, none if there is no list.
fn items<'v>(value: &'v Value, path: &str) -> impl Iterator<Item = &'v Value> {
    value.pointer(path).and_then(Value::as_array).into_iter().flatten()
}

/// The text at a path, empty if there is none.
fn text<'v>(value: &'v Value, path: &str) -> &'v str {
    value.pointer(path).and_then(Value::as_str).unwrap_or_default()
}

fn read_crate(package: &Value) -> Outcome<Crate> {
    let name = format!("{} {}", text(package, "/name"), text(package, "/version"));
    let manifest = Path::new(text(package, "/manifest_path"));
    let folder = manifest.parent().ok_or_else(|| format!("`{name}` has no folder"))?;
    let mut files = Vec::new();
    for entry in folder.read_dir()? {
        let entry = entry?;
        let file = entry.file_name().to_string_lossy().to_lowercase();
        if entry.file_type()?.is_file() && NAMES.iter().any(|name| file.starts_with(name)) {
            files.push(entry.path());
        }
    }
    files.sort();
    let texts = files.iter().map(fs::read).collect::<Result<Vec<_>, _>>()?;
    let texts = texts.iter().map(|text| String::from_utf8_lossy(text).replace("\r\n", "\n").trim_end().to_owned());
    let (licence, repository) = (text(package, "/license").to_owned(), text(package, "/repository").to_owned());
    Ok(Crate { name, licence, repository, texts: texts.collect() })
}

fn written(crates: &[Crate]) -> Outcome<String> {
    let mut list = String::from("What the program is linked from, beside its own code:\n\n");
    let mut texts: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for found in crates {
        writeln!(list, "{}: {}", found.name, found.licence)?;
        for text in texts_of(found, crates)? {
            texts.entry(text).or_default().push(&found.name);
        }
    }
    for (text, names) in texts {
        let line = "-".repeat(72);
        write!(list, "\n{line}\nOf {}:\n\n{text}\n", names.join(", "))?;
    }
    Ok(list)
}

/// The texts of a crate, or those of another of its project under the same licence, where it has none of its own. One project
/// is told by its repository, and where a crate names none by the first word of its name.
fn texts_of<'c>(of: &'c Crate, crates: &'c [Crate]) -> Outcome<&'c [String]> {
    let family = |name: &'c str| name.split(['-', ' ']).next();
    // Some name their folder in the repository.
    let project = |repository: &'c str| repository.split("/tree/").next().unwrap_or_default();
    let of_project = |other: &'c Crate| match project(&of.repository) {
        "" => family(&other.name) == family(&of.name),
        repository => project(&other.repository) == repository,
    };
    let same = |other: &&'c Crate| other.licence == of.licence && of_project(other) && !other.texts.is_empty();
    let found = if of.texts.is_empty() { crates.iter().find(same) } else { Some(of) };
    let found = found.ok_or_else(|| format!("`{}` ({}) comes without the text of its licence", of.name, of.licence))?;
    Ok(&found.texts)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn made(name: &str, repository: &str, texts: &[&str]) -> Crate {
        let texts = texts.iter().map(|text| (*text).to_owned()).collect();
        Crate { name: name.to_owned(), licence: "MIT".to_owned(), repository: repository.to_owned(), texts }
    }

    #[test]
    fn a_text_stands_once_and_names_all_whose_it_is() {
        let crates = [
            made("a 1.0.0", "x", &["Text."]),
            made("b 1.0.0", "x/tree/main/b", &[]),
            made("c 1.0.0", "y", &["Text.", "More."]),
        ];
        let written = written(&crates).unwrap();
        assert_eq!(written.matches("\nText.\n").count(), 1, "{written}");
        assert!(written.contains("Of a 1.0.0, b 1.0.0, c 1.0.0:") && written.contains("Of c 1.0.0:"), "{written}");
    }

    #[test]
    fn a_crate_that_names_no_repository_is_of_the_project_of_its_family() {
        let written = written(&[made("a-b 1.0.0", "x", &["Text."]), made("a-c 1.0.0", "", &[])]).unwrap();
        assert!(written.contains("Of a-b 1.0.0, a-c 1.0.0:"), "{written}");
    }

    #[test]
    fn a_crate_without_a_text_is_an_error() {
        assert!(written(&[made("a 1.0.0", "x", &["Text."]), made("b 1.0.0", "y", &[])]).is_err());
        assert!(written(&[made("a-b 1.0.0", "x", &["Text."]), made("b-c 1.0.0", "", &[])]).is_err());
    }

    #[test]
    fn what_is_not_linked_is_left_out() {
        let package = |name: &str, kind: &str| json!({"id": name, "name": name, "source": "registry", "targets": [{"kind": [kind]}]});
        let dependency = |name: &str, kind: Option<&str>| json!({"pkg": name, "dep_kinds": [{"kind": kind}]});
        let metadata = json!({
            "packages": [package("top", "bin"), package("lib", "lib"), package("macro", "proc-macro"),
                package("for-tests", "lib"), package("of-lib", "lib")],
            "resolve": {"nodes": [
                {"id": "top", "deps": [dependency("lib", None), dependency("macro", None), dependency("for-tests", Some("dev"))]},
                {"id": "lib", "deps": [dependency("of-lib", None)]},
            ]},
        });
        let names: Vec<_> = linked(&metadata, "top").into_iter().map(|package| &package["name"]).collect();
        assert_eq!(names, ["lib", "of-lib"]);
    }
}
