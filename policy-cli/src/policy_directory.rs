//! Reading a policy directory (L1), never more of it than the limits allow.

use std::ffi::OsStr;
use std::fs::{self, DirEntry, File};
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use policy_core::diagnostic::Code;
use policy_core::{PolicyFile, limits};

use crate::failure::{Failure, reason};

/// Something about a file or folder that the core cannot see; its place is line 1 of the name.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct FileProblem {
    /// What kind it is.
    pub(crate) code: Code,
    /// The name, relative to the directory, `/`-separated.
    pub(crate) file: String,
    /// One sentence.
    pub(crate) message: String,
    /// What would be right.
    pub(crate) help: &'static str,
}

/// What a policy directory holds.
#[derive(Debug, Default)]
pub(crate) struct Contents {
    /// The policy files. One that cannot be read is empty here and has a problem, so that the rest is checked all the same.
    pub(crate) files: Vec<PolicyFile>,
    /// What is wrong with names, files and folders.
    pub(crate) problems: Vec<FileProblem>,
}

/// A policy file that was found, and its size as the system tells it.
struct Found {
    name: String,
    path: PathBuf,
    bytes: u64,
}

/// Reads all policy files under `directory`, which may itself be reached through a link.
///
/// # Errors
/// Where `directory` is not there, is no directory or cannot be listed.
pub(crate) fn read(directory: &Path) -> Result<Contents, Failure> {
    walk(directory, is_policy, Links::Problems)
}

/// Reads all test files (T1) under `directory`, likewise.
///
/// # Errors
/// The same.
pub(crate) fn read_tests(directory: &Path) -> Result<Contents, Failure> {
    walk(directory, is_test, Links::Problems)
}

/// Reads all `*.hcl` files under `directory`, tests too. Links are passed over: what they lead to is not meant.
///
/// # Errors
/// The same.
pub(crate) fn read_all(directory: &Path) -> Result<Contents, Failure> {
    walk(directory, |name| is_policy(name) || is_test(name), Links::PassedOver)
}

/// Reads the one file at `path`, whose name becomes `path` as it is shown.
pub(crate) fn read_file(path: &Path) -> Contents {
    let mut walk = Walk::new(|_| true, Links::Problems);
    let found = Found { name: path.to_string_lossy().into_owned(), path: path.to_path_buf(), bytes: 0 };
    let file = walk.read(found);
    Contents { files: vec![file], problems: walk.problems }
}

/// What a symbolic link in a directory is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Links {
    /// A mistake (L1).
    Problems,
    /// Nobody's business.
    PassedOver,
}

fn walk(directory: &Path, wanted: fn(&OsStr) -> bool, links: Links) -> Result<Contents, Failure> {
    const HELP: &str = "name the directory that holds the policy files; `portcullis init` writes a first one";
    let metadata = fs::metadata(directory).map_err(|error| Failure::unreadable(directory, &error, HELP))?;
    if !metadata.is_dir() {
        return Err(Failure::input(format!("`{}` is not a directory", directory.display()), HELP));
    }
    let listed = fs::read_dir(directory).map_err(|error| Failure::unreadable(directory, &error, HELP))?;
    let mut walk = Walk::new(wanted, links);
    walk.list(listed, "");
    while let Some((path, name)) = walk.folders.pop() {
        match fs::read_dir(&path) {
            Ok(listed) => walk.list(listed, &name),
            Err(error) => walk.unreadable(name, "folder", &error),
        }
    }
    Ok(walk.contents())
}

/// A walk over folders; those that still wait are a stack, so that their depth costs no stack of calls.
struct Walk {
    /// Which files are read.
    wanted: fn(&OsStr) -> bool,
    links: Links,
    folders: Vec<(PathBuf, String)>,
    found: Vec<Found>,
    problems: Vec<FileProblem>,
}

impl Walk {
    fn new(wanted: fn(&OsStr) -> bool, links: Links) -> Self {
        Self { wanted, links, folders: Vec::new(), found: Vec::new(), problems: Vec::new() }
    }

    fn list(&mut self, listed: fs::ReadDir, folder: &str) {
        for entry in listed {
            // One more than the limit is enough to know.
            if self.found.len() > limits::ESTATE_FILES {
                return self.folders.clear();
            }
            match entry {
                Ok(entry) => self.sort_in(&entry, folder),
                Err(error) => self.unreadable(if folder.is_empty() { "." } else { folder }, "folder", &error),
            }
        }
    }

    fn sort_in(&mut self, entry: &DirEntry, folder: &str) {
        let name = entry.file_name();
        if name.as_encoded_bytes().starts_with(b".") {
            return;
        }
        let shown = join(folder, &name);
        let kind = match entry.file_type() {
            Ok(kind) => kind,
            Err(error) => return self.unreadable(shown, "name", &error),
        };
        if kind.is_symlink() && self.links == Links::PassedOver {
            return;
        }
        if kind.is_symlink() {
            let message = format!("`{shown}` is a symbolic link");
            self.problem(
                Code::NotAPlainFile,
                shown,
                message,
                "put the file itself here: what a link points at can change unseen",
            );
        } else if (kind.is_dir() || (self.wanted)(&name)) && name.to_str().is_none() {
            let message = format!("the name `{shown}` is not UTF-8");
            self.problem(Code::Unreadable, shown, message, "give it a name in UTF-8");
        } else if kind.is_dir() {
            self.folders.push((entry.path(), shown));
        } else if (self.wanted)(&name) {
            self.policy_file(entry, shown, kind.is_file());
        }
    }

    fn policy_file(&mut self, entry: &DirEntry, name: String, plain: bool) {
        if !plain {
            let message = format!("`{name}` is neither a file nor a folder");
            return self.problem(Code::NotAPlainFile, name, message, "only plain files and folders may end in `.hcl`");
        }
        match entry.metadata() {
            Ok(metadata) => self.found.push(Found { name, path: entry.path(), bytes: metadata.len() }),
            Err(error) => self.unreadable(name, "file", &error),
        }
    }

    fn problem(&mut self, code: Code, file: String, message: String, help: &'static str) {
        self.problems.push(FileProblem { code, file, message, help });
    }

    fn unreadable(&mut self, name: impl Into<String>, what: &str, error: &io::Error) {
        let name = name.into();
        let message = format!("the {what} `{name}` cannot be read: {}", reason(error));
        self.problem(Code::Unreadable, name, message, "make it readable, or move it out of the policy directory");
    }

    fn contents(mut self) -> Contents {
        self.found.sort_by(|left, right| left.name.cmp(&right.name));
        if let Some(refusal) = self.too_much() {
            self.problems.push(refusal);
            return Contents { files: Vec::new(), problems: self.problems };
        }
        let found = std::mem::take(&mut self.found);
        let files = found.into_iter().map(|found| self.read(found)).collect();
        Contents { files, problems: self.problems }
    }

    /// Section 10, of the estate as a whole; nothing of it is read then.
    fn too_much(&self) -> Option<FileProblem> {
        let first = self.found.first()?;
        let bytes = self.found.iter().fold(0_u64, |sum, found| sum.saturating_add(found.bytes));
        let message = if self.found.len() > limits::ESTATE_FILES {
            format!("the estate has more than {} files, which is the limit", limits::ESTATE_FILES)
        } else if bytes > limits::ESTATE_BYTES as u64 {
            format!("the estate has {bytes} bytes; {} are the limit", limits::ESTATE_BYTES)
        } else {
            return None;
        };
        let help = "is this the policy directory? name the one that holds policy files alone";
        Some(FileProblem { code: Code::TooMuchText, file: first.name.clone(), message, help })
    }

    fn read(&mut self, found: Found) -> PolicyFile {
        let bytes = match read_bounded(&found.path, limits::FILE_BYTES) {
            Ok(Bounded::Whole(bytes)) => bytes,
            Ok(Bounded::TooLong(bytes)) => {
                let message = format!("the file has {bytes} bytes; {} are the limit", limits::FILE_BYTES);
                let help = "an estate may have many files: split this one, for example into one for each account";
                self.problem(Code::TooMuchText, found.name.clone(), message, help);
                Vec::new()
            }
            Ok(Bounded::NotAFile) => {
                let message = format!("`{}` is neither a file nor a folder", found.name);
                self.problem(
                    Code::NotAPlainFile,
                    found.name.clone(),
                    message,
                    "only plain files and folders may end in `.hcl`",
                );
                Vec::new()
            }
            Err(error) => {
                self.unreadable(found.name.clone(), "file", &error);
                Vec::new()
            }
        };
        PolicyFile::new(found.name, bytes)
    }
}

/// What a bounded read found.
pub(crate) enum Bounded {
    /// All bytes.
    Whole(Vec<u8>),
    /// More bytes than the bound; how many, as far as the system knows.
    TooLong(u64),
    /// A pipe, a device, a folder: not opened, since that may block or never end.
    NotAFile,
}

/// Reads a plain file of at most `most` bytes; of a larger one nothing.
pub(crate) fn read_bounded(path: &Path, most: usize) -> io::Result<Bounded> {
    let metadata = fs::metadata(path)?;
    if !metadata.is_file() {
        return Ok(Bounded::NotAFile);
    }
    if metadata.len() > most as u64 {
        return Ok(Bounded::TooLong(metadata.len()));
    }
    let mut bytes = Vec::with_capacity(usize::try_from(metadata.len()).unwrap_or(most) + 1);
    // One more, to see a file that grew meanwhile, or one whose size is not told.
    let read = File::open(path)?.take(most as u64 + 1).read_to_end(&mut bytes)?;
    Ok(if read > most { Bounded::TooLong(read as u64) } else { Bounded::Whole(bytes) })
}

/// `*.hcl` save `*.test.hcl` (L1).
pub(crate) fn is_policy(name: &OsStr) -> bool {
    let name = name.as_encoded_bytes();
    name.ends_with(b".hcl") && !name.ends_with(b".test.hcl")
}

/// `*.test.hcl` (T1).
fn is_test(name: &OsStr) -> bool {
    name.as_encoded_bytes().ends_with(b".test.hcl")
}

fn join(folder: &str, name: &OsStr) -> String {
    let name = name.to_string_lossy();
    if folder.is_empty() { name.into_owned() } else { format!("{folder}/{name}") }
}

#[cfg(test)]
mod tests {
    use std::ffi::OsStr;
    use std::fs;

    use super::{Bounded, is_policy, read, read_bounded};

    #[test]
    fn only_lower_case_hcl_is_policy_and_tests_are_not() {
        let policy = |name: &str| is_policy(OsStr::new(name));
        assert!(policy("a.hcl") && policy("test.hcl"));
        assert!(!policy("a.HCL") && !policy("a.test.hcl") && !policy("a.hcl.json") && !policy("hcl"));
    }

    // L1
    #[test]
    fn folders_are_read_in_the_order_of_names_and_hidden_ones_are_not() {
        let directory = tempfile::tempdir().unwrap();
        for name in ["b", "a", ".git"] {
            fs::create_dir(directory.path().join(name)).unwrap();
            fs::write(directory.path().join(name).join("x.hcl"), "").unwrap();
        }
        fs::write(directory.path().join("a.hcl"), "").unwrap();
        fs::write(directory.path().join(".hidden.hcl"), "").unwrap();
        let contents = read(directory.path()).unwrap();
        let names: Vec<_> = contents.files.iter().map(|file| &file.name).collect();
        assert_eq!(names, ["a.hcl", "a/x.hcl", "b/x.hcl"]);
        assert_eq!(contents.problems, []);
    }

    #[test]
    fn no_more_is_read_than_allowed() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("file");
        fs::write(&path, "12345").unwrap();
        assert!(matches!(read_bounded(&path, 5), Ok(Bounded::Whole(bytes)) if bytes == b"12345"));
        assert!(matches!(read_bounded(&path, 4), Ok(Bounded::TooLong(5))));
        assert!(matches!(read_bounded(directory.path(), 4), Ok(Bounded::NotAFile)));
    }
}
