//! Putting a new text in the place of the one that was read.

use std::fs;
use std::io;
use std::path::Path;

use crate::policy_directory::{Bounded, read_bounded};
use crate::replace;

/// Replaces the file at `path`, which holds `before`, by `after`. Its permissions stay.
///
/// # Errors
/// Where it is not the file any more that was read, may not be written, or the system refuses; then it is as it was.
pub(super) fn replace(path: &Path, before: &str, after: &str) -> io::Result<()> {
    let metadata = fs::symlink_metadata(path)?;
    let same = metadata.is_file()
        && matches!(read_bounded(path, before.len())?, Bounded::Whole(now) if now == before.as_bytes());
    if !same {
        return Err(io::Error::other("it has changed since it was read"));
    }
    replace::replace(path, after.as_bytes())
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::replace;

    #[test]
    fn a_file_that_changed_meanwhile_is_left_alone() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("a.hcl");
        fs::write(&path, "a  = 1\n").unwrap();
        for before in ["a   = 1\n", "a  = 2\n", "a\n"] {
            assert_eq!(replace(&path, before, "a = 1\n").unwrap_err().to_string(), "it has changed since it was read");
        }
        assert_eq!(fs::read_to_string(&path).unwrap(), "a  = 1\n");
        replace(&path, "a  = 1\n", "a = 1\n").unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "a = 1\n");
        assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 1);
    }

    #[cfg(unix)]
    #[test]
    fn a_link_is_not_replaced() {
        let directory = tempfile::tempdir().unwrap();
        fs::write(directory.path().join("a.hcl"), "a=1").unwrap();
        let link = directory.path().join("b.hcl");
        std::os::unix::fs::symlink("a.hcl", &link).unwrap();
        assert!(replace(&link, "a=1", "a = 1\n").is_err());
    }
}
