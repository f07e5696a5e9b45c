//! Files as the program writes them: whole or not at all, and nothing beside them
//! (`docs/decisions/0014-files-are-written-whole.md`).

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use crate::signals::Deferred;

/// Links that are followed one after the other, as the kernel of Linux does.
const LINKS: usize = 40;

/// Puts `bytes` into the file at `path`, which need not be there; if it is, its permissions stay. What a link points at is
/// made or replaced, not the link. Whoever reads the file meanwhile sees the old bytes or the new ones, nothing between.
///
/// # Errors
/// Where it may not be written, or the system refuses; then it is as it was.
pub(crate) fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let path = &behind_links(path)?;
    let there = match OpenOptions::new().write(true).open(path) {
        // A rename would ask nobody whether the file may be written.
        Ok(file) => Some(file.metadata()?),
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        Err(error) => return Err(error),
    };
    let _deferred = Deferred::begin()?;
    let file = beside(path)?;
    if let Some(there) = there {
        file.as_file().set_permissions(there.permissions())?;
    }
    written(file, bytes)?.persist(path).map_err(|error| error.error)?;
    Ok(())
}

/// Puts `bytes` into a new file at `path`.
///
/// # Errors
/// Where anything is there already, be it a link that points nowhere, or the system refuses; then nothing was made.
pub(crate) fn create(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let _deferred = Deferred::begin()?;
    written(beside(path)?, bytes)?.persist_noclobber(path).map_err(|error| error.error)?;
    Ok(())
}

/// A temporary file in the folder of another. It is gone when it is dropped.
fn beside(path: &Path) -> io::Result<NamedTempFile<File>> {
    // Unlike a file for secrets, readable for whom new files are.
    let make = |path: &Path| OpenOptions::new().write(true).create_new(true).open(path);
    // With a dot in front it is no policy file, should the machine stop before the rename.
    tempfile::Builder::new().prefix(".portcullis-").make_in(folder(path), make)
}

fn written(mut file: NamedTempFile<File>, bytes: &[u8]) -> io::Result<NamedTempFile<File>> {
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    Ok(file)
}

/// The file that a path leads to, which need not be there.
///
/// # Errors
/// Where links lead in a circle.
pub(crate) fn behind_links(path: &Path) -> io::Result<PathBuf> {
    let mut path = path.to_path_buf();
    for _ in 0..LINKS {
        match fs::symlink_metadata(&path) {
            Ok(metadata) if metadata.is_symlink() => path = folder(&path).join(fs::read_link(&path)?),
            _ => return Ok(path),
        }
    }
    Err(io::Error::other("too many symbolic links lead on from one to the other"))
}

/// The folder of a file.
pub(crate) fn folder(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::{create, replace};

    #[test]
    fn a_file_is_replaced_whole_and_nothing_is_left_beside_it() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("a.bundle");
        for bytes in [&b"first"[..], b"second"] {
            replace(&path, bytes).unwrap();
            assert_eq!(fs::read(&path).unwrap(), bytes);
            assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 1);
        }
    }

    #[test]
    fn what_is_there_is_not_created() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("a.hcl");
        create(&path, b"first").unwrap();
        assert!(create(&path, b"second").is_err());
        assert_eq!(fs::read(&path).unwrap(), b"first");
        assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 1);
    }

    #[cfg(unix)]
    #[test]
    fn permissions_stay_and_are_those_of_new_files_otherwise() {
        use std::os::unix::fs::PermissionsExt as _;
        let directory = tempfile::tempdir().unwrap();
        let (path, plain) = (directory.path().join("a.bundle"), directory.path().join("plain"));
        let mode = |path: &std::path::Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        fs::write(&plain, "").unwrap();
        replace(&path, b"new").unwrap();
        assert_eq!(mode(&path), mode(&plain));
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
        replace(&path, b"newer").unwrap();
        assert_eq!((mode(&path), fs::read(&path).unwrap()), (0o640, b"newer".to_vec()));
    }

    #[cfg(unix)]
    #[test]
    fn a_link_stays_a_link_and_what_it_points_at_is_made_or_replaced() {
        use std::os::unix::fs::symlink;
        let directory = tempfile::tempdir().unwrap();
        let at = |name: &str| directory.path().join(name);
        fs::create_dir(at("folder")).unwrap();
        symlink("folder/second", at("first")).unwrap();
        symlink("../a.bundle", at("folder/second")).unwrap();
        for bytes in [&b"made"[..], b"replaced"] {
            replace(&at("first"), bytes).unwrap();
            assert!(fs::symlink_metadata(at("first")).unwrap().is_symlink());
            assert!(fs::symlink_metadata(at("folder/second")).unwrap().is_symlink());
            assert_eq!(fs::read(at("a.bundle")).unwrap(), bytes);
        }
        assert!(create(&at("first"), b"x").is_err());
        symlink("there", at("here")).unwrap();
        symlink("here", at("there")).unwrap();
        assert!(replace(&at("here"), b"x").is_err());
        assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 5);
    }
}
