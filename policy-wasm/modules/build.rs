//! Builds the modules that this version of Portcullis consists of, from the sources beside this crate: the same bytes on
//! every machine, since no path, wrapper or flag of the machine gets into them. Components are made here too, so that baking
//! needs no tool: it only writes the sections of a component anew.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

const TARGET: &str = "wasm32-unknown-unknown";
/// Enough for the deepest nesting that the language allows.
const STACK_BYTES: usize = 256 << 10;
/// The decider reads no policies: enough for the deepest JSON, and little to write back for an instance that decides once.
const DECIDER_STACK_BYTES: usize = 64 << 10;

/// A core module: the name of its file here, the crate that it is built from, and with which features.
struct Module {
    file: &'static str,
    package: &'static str,
    features: &'static str,
    /// The profile of the workspace that it is built with, and the bytes of its stack.
    kind: (&'static str, usize),
}

/// What decides and no more: fast.
const DECIDES: (&str, usize) = ("wasm", DECIDER_STACK_BYTES);
/// What does more: small.
const DOES_MORE: (&str, usize) = ("wasm-small", STACK_BYTES);

const DECIDER: Module = Module { file: "decider.wasm", package: "policy-wasm", features: "", kind: DECIDES };
const AUTHOR: Module = Module { file: "author.wasm", package: "policy-wasm", features: "author", kind: DOES_MORE };
const FEEDBACK: Module =
    Module { file: "feedback.wasm", package: "policy-wasm", features: "feedback", kind: DOES_MORE };
/// Of the world `decider`.
#[cfg(feature = "component")]
const COMPONENT: Module =
    Module { file: "decider.component.wasm", package: "policy-component", features: "", kind: DECIDES };
/// Of the world `policy`, with nothing baked in yet.
#[cfg(feature = "component")]
const UNBAKED: Module =
    Module { file: "unbaked.component.wasm", package: "policy-component", features: "baked", kind: DECIDES };

/// What they are built from.
const SOURCES: [&str; 11] = [
    "Cargo.lock",
    "Cargo.toml",
    "ci-feedback/Cargo.toml",
    "ci-feedback/src",
    "policy-core/Cargo.toml",
    "policy-core/src",
    "policy-wasm/Cargo.toml",
    "policy-wasm/component/Cargo.toml",
    "policy-wasm/component/src",
    "policy-wasm/src",
    "policy-wasm/wit",
];

/// Variables that change what a compiler makes.
const FOREIGN: [&str; 8] = [
    "RUSTFLAGS",
    "RUSTDOCFLAGS",
    "RUSTC_WRAPPER",
    "RUSTC_WORKSPACE_WRAPPER",
    "CARGO_ENCODED_RUSTFLAGS",
    "CARGO_INCREMENTAL",
    "CARGO_TARGET_DIR",
    "CARGO_MAKEFLAGS",
];
const FOREIGN_PREFIXES: [&str; 3] = ["CARGO_BUILD_", "CARGO_PROFILE_", "CARGO_TARGET_"];

fn main() -> Result<(), Box<dyn Error>> {
    let here = PathBuf::from(variable("CARGO_MANIFEST_DIR")?);
    let root = here.ancestors().nth(2).ok_or("this crate lies in policy-wasm/modules")?.to_path_buf();
    for source in SOURCES {
        println!("cargo::rerun-if-changed={}", root.join(source).display());
    }
    let out = PathBuf::from(variable("OUT_DIR")?);
    fs::write(out.join(DECIDER.file), built(&root, &out, &DECIDER)?)?;
    for (feature, module) in [("CARGO_FEATURE_AUTHOR", &AUTHOR), ("CARGO_FEATURE_FEEDBACK", &FEEDBACK)] {
        if env::var_os(feature).is_some() {
            fs::write(out.join(module.file), built(&root, &out, module)?)?;
        }
    }
    #[cfg(feature = "component")]
    for module in [&COMPONENT, &UNBAKED] {
        fs::write(out.join(module.file), component(&built(&root, &out, module)?)?)?;
    }
    Ok(())
}

/// The component of a core module that holds the description of its world.
#[cfg(feature = "component")]
fn component(module: &[u8]) -> Result<Vec<u8>, Box<dyn Error>> {
    Ok(wit_component::ComponentEncoder::default().validate(true).module(module)?.encode()?)
}

fn variable(name: &str) -> Result<String, Box<dyn Error>> {
    env::var(name).map_err(|_| format!("cargo sets `{name}` for build scripts").into())
}

fn built(root: &Path, out: &Path, module: &Module) -> Result<Vec<u8>, Box<dyn Error>> {
    let Module { file, package, features, kind: (profile, stack_bytes) } = module;
    // One folder for all profiles: what they build is the same.
    let target = out.ancestors().nth(4).ok_or("OUT_DIR lies in the target folder")?.join("modules");
    let mut cargo = Command::new(variable("CARGO")?);
    for (name, _) in env::vars_os() {
        let foreign = name.to_str().is_none_or(|name| {
            FOREIGN.contains(&name) || FOREIGN_PREFIXES.iter().any(|prefix| name.starts_with(prefix))
        });
        if foreign {
            cargo.env_remove(&name);
        }
    }
    cargo.current_dir(root).env("CARGO_ENCODED_RUSTFLAGS", flags(root, *stack_bytes)?.join("\u{1f}"));
    cargo.args(["build", "--quiet", "--locked", "--package", package, "--profile", profile, "--target", TARGET]);
    cargo.args(["--features", features, "--target-dir"]).arg(&target);
    let status = cargo.status()?;
    if !status.success() {
        let help = format!("if the target is missing, `rustup target add {TARGET}` brings it");
        return Err(format!("the module `{file}` cannot be built: {status}; {help}").into());
    }
    let made = target.join(TARGET).join(profile).join(package.replace('-', "_")).with_extension("wasm");
    Ok(fs::read(made)?)
}

/// What the compiler is told: places in messages that do not depend on where sources lie.
fn flags(root: &Path, stack_bytes: usize) -> Result<Vec<String>, Box<dyn Error>> {
    let home = env::var_os("CARGO_HOME").map(PathBuf::from);
    let home = home.or_else(|| env::home_dir().map(|home| home.join(".cargo"))).ok_or("there is no home folder")?;
    let mut flags = vec![format!("--remap-path-prefix={}=portcullis", root.display())];
    if let Ok(sources) = fs::read_dir(home.join("registry/src")) {
        for source in sources {
            flags.push(format!("--remap-path-prefix={}=registry", source?.path().display()));
        }
    }
    // The order in which a folder is read is chance.
    flags.sort();
    flags.push(format!("-Clink-arg=-zstack-size={stack_bytes}"));
    // Addresses in as few bytes as they take, and SHA-256 as a loop: both for size alone.
    flags.push("-Clink-arg=--compress-relocations".to_owned());
    flags.extend(["--cfg".to_owned(), "sha2_backend_soft=\"compact\"".to_owned()]);
    Ok(flags)
}
