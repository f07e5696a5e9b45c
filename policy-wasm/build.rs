//! Looks for the target of the modules, and for nothing else. Who builds the program with WebAssembly learns what is missing
//! before the build script of `policy-modules` finds out, which waits for its dependencies. `cargo xtask install` looks first.

use std::path::Path;
use std::process::Command;
use std::{env, fs};

const TARGET: &str = "wasm32-unknown-unknown";

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    // The modules themselves are built for it, so that it is there.
    if env::var_os("TARGET").is_none_or(|target| target != TARGET) && !is_there() {
        println!(
            "cargo::error=the toolchain's target `{TARGET}` is missing: `rustup target add {TARGET}` brings it, in the folder of \
             the workspace"
        );
    }
}

/// Whether the toolchain has a core library of the target. Where that cannot be asked, the build will show it.
fn is_there() -> bool {
    let Some(rustc) = env::var_os("RUSTC") else { return true };
    let Ok(said) = Command::new(rustc).args(["--print", "target-libdir", "--target", TARGET]).output() else {
        return true;
    };
    let folder = String::from_utf8_lossy(&said.stdout);
    let Ok(entries) = fs::read_dir(Path::new(folder.trim())) else { return false };
    entries.flatten().any(|entry| entry.file_name().to_string_lossy().starts_with("libcore-"))
}
