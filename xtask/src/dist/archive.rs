//! Archives for `tar`, in the form of POSIX (ustar): the same bytes for the same files, whoever packs them, and when.

use crate::Outcome;

/// The size of a block, of which all else is a multiple.
const BLOCK: usize = 512;
/// The longest path that fits without the fields that split it.
const PATH_BYTES: usize = 100;
/// When every file was changed: the beginning of 1980, before which some programs cannot count.
const CHANGED: u64 = 315_532_800;

/// A file of an archive.
pub(super) struct Entry {
    /// Below the archive's folder, with `/`.
    pub(super) path: String,
    pub(super) bytes: Vec<u8>,
    pub(super) executable: bool,
}

/// An archive of one folder, its files in the order of their paths.
///
/// # Errors
/// Where a path is too long.
pub(super) fn tar(folder: &str, mut entries: Vec<Entry>) -> Outcome<Vec<u8>> {
    entries.sort_by(|one, other| one.path.cmp(&other.path));
    let mut archive = Vec::new();
    for Entry { path, bytes, executable } in entries {
        archive.extend(header(&format!("{folder}/{path}"), bytes.len(), executable)?);
        archive.extend_from_slice(&bytes);
        archive.resize(archive.len().next_multiple_of(BLOCK), 0);
    }
    // The end.
    archive.resize(archive.len() + 2 * BLOCK, 0);
    Ok(archive)
}

fn header(path: &str, bytes: usize, executable: bool) -> Outcome<Vec<u8>> {
    if path.len() > PATH_BYTES {
        return Err(format!("`{path}` is longer than the {PATH_BYTES} bytes of a path in an archive").into());
    }
    let mode = if executable { 0o755 } else { 0o644 };
    // Path, mode, user, group, size, time; the sum is of the header with blanks in its place.
    let before = format!("{path:\0<100}{mode:07o}\0{0:07o}\0{0:07o}\0{bytes:011o}\0{CHANGED:011o}\0", 0);
    // A plain file, no link; the form and its version; no names of users, no devices, no prefix.
    let after = format!("0{:\0<100}ustar\0{:\0<249}", "", "00");
    let sum: u64 = before.bytes().chain([b' '; 8]).chain(after.bytes()).map(u64::from).sum();
    Ok(format!("{before}{sum:06o}\0 {after}").into_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entries() -> Vec<Entry> {
        let entry =
            |path: &str, bytes: &[u8], executable| Entry { path: path.to_owned(), bytes: bytes.to_vec(), executable };
        vec![entry("man/man1/a.1", &[b'x'; 513], false), entry("a", b"#!/bin/sh\n", true), entry("empty", b"", false)]
    }

    #[test]
    fn the_order_of_the_files_makes_no_difference() {
        let archive = tar("folder", entries()).unwrap();
        assert_eq!(archive, tar("folder", entries().into_iter().rev().collect()).unwrap());
        // Three headers, one block, two blocks, the end.
        assert_eq!(archive.len(), (3 + 1 + 2 + 2) * BLOCK);
    }

    #[cfg(unix)]
    #[test]
    fn tar_reads_what_is_written() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("archive.tar.gz");
        std::fs::write(&file, super::super::gzip::compressed(&tar("folder", entries()).unwrap())).unwrap();
        let unpacked =
            std::process::Command::new("tar").arg("-xzf").arg(&file).arg("-C").arg(folder.path()).output().unwrap();
        assert!(
            unpacked.status.success() && unpacked.stderr.is_empty(),
            "{}",
            String::from_utf8_lossy(&unpacked.stderr)
        );
        for entry in entries() {
            let path = folder.path().join("folder").join(&entry.path);
            assert_eq!(std::fs::read(&path).unwrap(), entry.bytes);
            assert_eq!(
                std::fs::metadata(&path).unwrap().permissions().mode() & 0o111 != 0,
                entry.executable,
                "{}",
                entry.path
            );
        }
    }

    #[test]
    fn a_path_that_does_not_fit_is_refused() {
        let long = Entry { path: "x".repeat(PATH_BYTES), bytes: Vec::new(), executable: false };
        assert!(tar("folder", vec![long]).is_err());
    }
}
