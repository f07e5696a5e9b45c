//! Files that hold bundles: read within the limit, written whole or not at all.

use std::fs;
use std::path::{Path, PathBuf};

use policy_core::bundle::{BundleError, Policy};
use policy_core::limits::BUNDLE_BYTES;

use crate::failure::{Failure, reason};
use crate::output;
use crate::policy_directory::{Bounded, read_bounded};
use crate::replace::{folder, replace};
use crate::request::is_stdin;
use crate::webassembly::{self, Module};

/// How a WebAssembly file begins.
const WEBASSEMBLY: &[u8] = b"\0asm";
/// More than a module has beside its bundle.
const MODULE_BYTES: usize = 4 << 20;

/// A compiled policy that was read from a file.
pub(crate) struct Compiled {
    pub(crate) policy: Policy,
    /// What it lay in, if it was not the bundle alone.
    pub(crate) module: Option<Module>,
}

/// Reads a bundle, a policy module or a policy component, never more than it may have.
///
/// # Errors
/// Where there is no such file; it is no bundle that this program decides by; it is a module or a component that this
/// version does not make.
pub(crate) fn read(path: &Path) -> Result<Compiled, Failure> {
    let bytes = contents(path)?;
    if bytes.starts_with(WEBASSEMBLY) {
        let (policy, module) = webassembly::opened(path, &bytes)?;
        return Ok(Compiled { policy, module: Some(module) });
    }
    let policy = Policy::load(bytes).map_err(|error| refused(path, &error))?;
    Ok(Compiled { policy, module: None })
}

fn contents(path: &Path) -> Result<Vec<u8>, Failure> {
    const HELP: &str = "name a file that `portcullis compile` wrote";
    match read_bounded(path, BUNDLE_BYTES + MODULE_BYTES) {
        Ok(Bounded::Whole(bytes)) => Ok(bytes),
        Ok(Bounded::TooLong(bytes)) => {
            let error = BundleError::TooLarge { bytes: usize::try_from(bytes).unwrap_or(usize::MAX) };
            Err(refused(path, &error))
        }
        Ok(Bounded::NotAFile) if path.is_dir() => {
            let help = format!("`portcullis compile {} -o FILE` writes a bundle of it", path.display());
            Err(Failure::input(format!("`{}` is a directory, not a bundle", path.display()), help))
        }
        Ok(Bounded::NotAFile) => Err(Failure::input(format!("`{}` is not a plain file", path.display()), HELP)),
        Err(error) => Err(Failure::unreadable(path, &error, HELP)),
    }
}

fn refused(path: &Path, error: &BundleError) -> Failure {
    Failure::input(format!("`{}` is not usable: {error}", path.display()), error.help())
}

/// Where a bundle is to be written.
#[derive(Debug)]
pub(crate) enum Target {
    /// To stdout.
    Stdout,
    /// To a file.
    File(PathBuf),
}

impl Target {
    /// What was typed; `stdout_is_terminal` is whether a bundle on stdout would land on a screen.
    ///
    /// # Errors
    /// Where nothing can be written there, so that nobody waits for a proof in vain.
    pub(crate) fn of(path: &Path, stdout_is_terminal: bool) -> Result<Self, Failure> {
        if is_stdin(Some(path)) {
            return match stdout_is_terminal {
                false => Ok(Self::Stdout),
                true => Err(Failure::usage(
                    "a bundle is not written to a terminal",
                    "name a file with `-o FILE`, or send stdout to one",
                )),
            };
        }
        match fs::metadata(path) {
            Ok(metadata) if metadata.is_dir() => Err(Failure::input(
                format!("`{}` is a directory", path.display()),
                "name a file, such as `estate.bundle`",
            )),
            Ok(metadata) if !metadata.is_file() => Err(Failure::input(
                format!("`{}` is not a plain file", path.display()),
                "name a file, or `-` for stdout",
            )),
            _ => match folder(path).is_dir() {
                true => Ok(Self::File(path.to_path_buf())),
                false => Err(Failure::input(
                    format!("`{}` cannot be written: there is no folder `{}`", path.display(), folder(path).display()),
                    "make the folder first, or name a file in another one",
                )),
            },
        }
    }

    /// Writes a bundle. Whoever reads the file meanwhile sees the old one or the new one, nothing between.
    ///
    /// # Errors
    /// Where it cannot be written. What was there before is there still.
    pub(crate) fn write(&self, bytes: &[u8]) -> Result<(), Failure> {
        match self {
            Self::Stdout => Ok(output::write_bytes(bytes)?),
            Self::File(path) => replace(path, bytes).map_err(|error| {
                let message = format!("`{}` cannot be written: {}", path.display(), reason(&error));
                Failure::input(message, "name a file that you may write, on a disk with room for it")
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Target;

    #[test]
    fn what_cannot_be_written_is_refused_before_anything_is_done() {
        let directory = tempfile::tempdir().unwrap();
        for path in [directory.path().to_path_buf(), directory.path().join("nowhere/a.bundle")] {
            assert!(Target::of(&path, false).is_err(), "{}", path.display());
        }
        assert!(Target::of("-".as_ref(), true).is_err());
        assert!(matches!(Target::of("-".as_ref(), false), Ok(Target::Stdout)));
    }
}
