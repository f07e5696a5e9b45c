//! What was named: a directory, a file or stdin, and what formatting makes of it.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use policy_core::format::{FormatReport, Outcome, format_files};
use policy_core::{PolicyFile, Report, limits};

use super::Change;
use crate::diagnostics::{Checked, path_in};
use crate::failure::Failure;
use crate::policy_directory::{self, Contents};

/// What was named, read.
pub(super) struct Target {
    place: Place,
    contents: Contents,
}

enum Place {
    /// File names are relative to it.
    Directory(PathBuf),
    /// The one file's name is its path as it is shown.
    File(PathBuf),
    Stdin,
}

/// A target and what became of its files.
pub(super) struct Formatted {
    /// Its files before; for a directory all of it, so that the policy can be checked.
    pub(super) files: Vec<PolicyFile>,
    /// Whether they are what a directory holds.
    pub(super) is_directory: bool,
    /// The files that differ when they are formatted.
    pub(super) changes: Vec<Change>,
    /// The formatted texts that differ, by the names of their files.
    pub(super) after: BTreeMap<String, String>,
    /// What there is to say about files that were refused.
    pub(super) refused: Checked,
    /// The whole result, where stdin was formatted.
    pub(super) stdin: Option<String>,
}

impl Target {
    /// Reads what is at `path`. A link may lead to a directory, as with `check`, but not to a file: writing would put a
    /// file in the place of the link.
    ///
    /// # Errors
    /// Where there is nothing, a link to a file, or what is neither file nor directory.
    pub(super) fn read(path: &Path) -> Result<Self, Failure> {
        const HELP: &str = "name a directory that holds policy files, or a policy file";
        let metadata = fs::metadata(path).map_err(|error| Failure::unreadable(path, &error, HELP))?;
        if metadata.is_dir() {
            let contents = policy_directory::read_all(path)?;
            return Ok(Self { place: Place::Directory(path.to_path_buf()), contents });
        }
        let is_link = fs::symlink_metadata(path).is_ok_and(|metadata| metadata.is_symlink());
        if is_link {
            let message = format!("`{}` is a symbolic link", path.display());
            return Err(Failure::input(message, "links are not followed: name the file that it leads to"));
        }
        if !metadata.is_file() {
            return Err(Failure::input(format!("`{}` is neither a file nor a directory", path.display()), HELP));
        }
        let contents = policy_directory::read_file(path);
        Ok(Self { place: Place::File(path.to_path_buf()), contents })
    }

    /// Reads stdin.
    ///
    /// # Errors
    /// Where it cannot be read.
    pub(super) fn stdin() -> Result<Self, Failure> {
        let mut bytes = Vec::new();
        // One byte more than a file may have: then the core says that it is too long.
        let most = limits::FILE_BYTES as u64 + 1;
        io::stdin().lock().take(most).read_to_end(&mut bytes).map_err(|error| {
            Failure::unreadable(Path::new("-"), &error, "give the text of a policy file on stdin, or name files")
        })?;
        let contents = Contents { files: vec![PolicyFile::new("stdin", bytes)], problems: Vec::new() };
        Ok(Self { place: Place::Stdin, contents })
    }

    /// Formats its files.
    ///
    /// # Errors
    /// Where the formatter has found a mistake in itself.
    pub(super) fn format(self) -> Result<Formatted, Failure> {
        let Self { place, contents: Contents { files, problems } } = self;
        let FormatReport { files: results, diagnostics, sources } = format_files(files.clone());
        let before: BTreeMap<&str, &[u8]> = files.iter().map(|file| (&*file.name, &*file.bytes)).collect();
        let (mut changes, mut texts, mut stdin) = (Vec::new(), BTreeMap::new(), None);
        for file in &results {
            let name = &*file.name;
            match &file.outcome {
                Outcome::Refused => {}
                Outcome::Bug(error) => return Err(Failure::bug(format!("`{}`: {error}", place.shown(name)))),
                Outcome::Formatted(after) => {
                    let before = before.get(name).copied().unwrap_or_default();
                    if before != after.as_bytes() {
                        // What was formatted is UTF-8.
                        let before = String::from_utf8_lossy(before).into_owned();
                        let (path, shown) = (place.path(name), place.shown(name));
                        changes.push(Change { path, shown, before, after: after.clone() });
                        texts.insert(name.to_owned(), after.clone());
                    }
                    stdin = matches!(place, Place::Stdin).then(|| after.clone());
                }
            }
        }
        let report = Report { estate: None, diagnostics, sources };
        let refused = Checked::refused(place.directory(), results.len(), problems, report);
        let is_directory = matches!(place, Place::Directory(_));
        Ok(Formatted { files, is_directory, changes, after: texts, refused, stdin })
    }
}

impl Place {
    fn directory(&self) -> &Path {
        match self {
            Self::Directory(directory) => directory,
            Self::File(_) | Self::Stdin => Path::new("."),
        }
    }

    /// Where the file called `name` is.
    fn path(&self, name: &str) -> PathBuf {
        match self {
            Self::Directory(directory) => directory.join(name),
            Self::File(path) => path.clone(),
            Self::Stdin => PathBuf::from("-"),
        }
    }

    fn shown(&self, name: &str) -> String {
        match self {
            Self::Stdin => "-".to_owned(),
            Self::Directory(_) | Self::File(_) => path_in(self.directory(), name),
        }
    }
}
