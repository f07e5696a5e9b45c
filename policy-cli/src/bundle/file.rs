//! Files that hold bundles: read within the limit, written whole or not at all.

use std::fs;
use std::path::{Path, PathBuf};

use policy_core::bundle::{BundleError, Policy};
use policy_core::limits::BUNDLE_BYTES;
use same_file::Handle;

use crate::diagnostics::Checked;
use crate::failure::Failure;
use crate::output;
use crate::policy_directory::{Bounded, read_bounded};
use crate::replace::{behind_links, folder, replace};
use crate::request::is_stdin;
use crate::webassembly::{self, Module};

/// How a WebAssembly file begins.
const WEBASSEMBLY: &[u8] = b"\0asm";
/// What to do where a file should rather stay.
const REPLACING: &str = "name another file, or add `--force` to replace this one";
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
    File {
        /// Its path.
        path: PathBuf,
        /// Whether it is replaced whatever it is.
        force: bool,
    },
}

impl Target {
    /// What was typed; `stdout_is_terminal` is whether a bundle on stdout would land on a screen. With `force` a file is
    /// replaced whatever it is.
    ///
    /// # Errors
    /// Where nothing can or should be written there, so that nobody waits for a proof in vain.
    pub(crate) fn of(path: &Path, force: bool, stdout_is_terminal: bool) -> Result<Self, Failure> {
        if is_stdin(Some(path)) {
            return match stdout_is_terminal {
                false => Ok(Self::Stdout),
                true => Err(Failure::usage(
                    "a bundle is not written to a terminal",
                    "name a file with `-o FILE`, or send stdout to one",
                )),
            };
        }
        let name = path.display();
        match fs::metadata(path) {
            Ok(metadata) if metadata.is_dir() => {
                return Err(Failure::input(format!("`{name}` is a directory"), "name a file, such as `estate.bundle`"));
            }
            Ok(metadata) if !metadata.is_file() => {
                return Err(Failure::input(format!("`{name}` is not a plain file"), "name a file, or `-` for stdout"));
            }
            Ok(_) if !force && !is_artefact(path) => {
                let message = format!("`{name}` is there already, and is no compiled policy");
                return Err(Failure::input(message, REPLACING));
            }
            _ => {}
        }
        // A link that points nowhere is made where it points to.
        let place = behind_links(path).unwrap_or_else(|_| path.to_path_buf());
        let folder = folder(&place);
        if folder.is_dir() {
            return Ok(Self::File { path: path.to_path_buf(), force });
        }
        Err(Failure::input(
            format!("`{name}` cannot be written: there is no folder `{}`", folder.display()),
            "make the folder first, or name a file in another one",
        ))
    }

    /// Sees to it that a policy is not replaced by what is made of it.
    ///
    /// # Errors
    /// Where it is one of the files that were read, by whatever name, or would be read as one the next time.
    pub(crate) fn keep_apart(&self, checked: &Checked) -> Result<(), Failure> {
        let Self::File { path, force: false } = self else { return Ok(()) };
        if let Ok(file) = Handle::from_path(path) {
            let same = |read: &PathBuf| Handle::from_path(read).is_ok_and(|read| read == file);
            if let Some(read) = checked.paths().find(same) {
                let message = format!("`{}` is `{}`, which was read", path.display(), read.display());
                return Err(Failure::input(message, REPLACING));
            }
        }
        let place = behind_links(path).unwrap_or_else(|_| path.clone());
        let is_inside = match (fs::canonicalize(folder(&place)), fs::canonicalize(&checked.directory)) {
            (Ok(folder), Ok(directory)) => folder.starts_with(directory),
            _ => false,
        };
        match place.extension() {
            Some(extension) if is_inside && extension == "hcl" => Err(Failure::input(
                format!("`{}` would be read as a policy file", path.display()),
                "name a file that does not end in `.hcl`, or one outside the policy directory",
            )),
            _ => Ok(()),
        }
    }

    /// Writes a bundle. Whoever reads the file meanwhile sees the old one or the new one, nothing between.
    ///
    /// # Errors
    /// Where it cannot be written. What was there before is there still.
    pub(crate) fn write(&self, bytes: &[u8]) -> Result<(), Failure> {
        match self {
            Self::Stdout => Ok(output::write_bytes(bytes)?),
            Self::File { path, .. } => replace(path, bytes).map_err(|error| {
                Failure::unwritten(path, &error, "name a file that you may write, on a disk with room for it")
            }),
        }
    }
}

/// Whether nothing is lost with a file: it is empty, or a compiled policy, of whatever version.
fn is_artefact(path: &Path) -> bool {
    match contents(path) {
        Ok(bytes) if bytes.starts_with(WEBASSEMBLY) => webassembly::is_policy(&bytes),
        Ok(bytes) => bytes.is_empty() || !matches!(Policy::load(&*bytes), Err(BundleError::NotABundle)),
        Err(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::{Target, is_artefact};

    #[test]
    fn what_cannot_be_written_is_refused_before_anything_is_done() {
        let directory = tempfile::tempdir().unwrap();
        for path in [directory.path().to_path_buf(), directory.path().join("nowhere/a.bundle")] {
            assert!(Target::of(&path, false, false).is_err(), "{}", path.display());
        }
        assert!(Target::of("-".as_ref(), false, true).is_err());
        assert!(matches!(Target::of("-".as_ref(), false, false), Ok(Target::Stdout)));
    }

    #[test]
    fn only_what_we_wrote_is_replaced_unasked() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("a");
        for (bytes, ours) in
            [(&b""[..], true), (b"PORTCLLS\x63", true), (b"PORT", true), (b"x", false), (b"\0asm\x01\0\0\0", false)]
        {
            fs::write(&path, bytes).unwrap();
            assert_eq!(is_artefact(&path), ours, "{bytes:?}");
            assert_eq!(Target::of(&path, false, false).is_ok(), ours);
            assert!(Target::of(&path, true, false).is_ok());
        }
        assert!(!is_artefact(directory.path()));
    }
}
