//! Where things are.

use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

use crate::Outcome;

/// The folder of the workspace, as cargo says it to the program that it runs.
pub(crate) fn root() -> Outcome<PathBuf> {
    let package = env::var_os("CARGO_MANIFEST_DIR").ok_or("run this as `cargo xtask`")?;
    let root = Path::new(&package).parent().ok_or("the package `xtask` has no folder above it")?;
    Ok(root.to_path_buf())
}

/// The cargo that runs us, of the pinned toolchain.
pub(crate) fn cargo() -> OsString {
    env::var_os("CARGO").unwrap_or_else(|| "cargo".into())
}

/// Where cargo builds.
pub(crate) fn target() -> Outcome<PathBuf> {
    let root = root()?;
    Ok(env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), |folder| root.join(folder)))
}

/// Where the tools live that chores install: in the workspace, not in the user's cargo home.
pub(crate) fn tools() -> Outcome<PathBuf> {
    Ok(root()?.join("target").join("tools"))
}

/// `PATH` with `first` put before all else.
pub(crate) fn path_with(first: &Path) -> Outcome<OsString> {
    let inherited = env::var_os("PATH").unwrap_or_default();
    let folders = std::iter::once(first.to_path_buf()).chain(env::split_paths(&inherited));
    Ok(env::join_paths(folders)?)
}

/// Whether this runs in CI, where something missing is a failure and never a reason to skip.
pub(crate) fn in_ci() -> bool {
    env::var("CI").is_ok_and(|value| !value.is_empty() && value != "false" && value != "0")
}
