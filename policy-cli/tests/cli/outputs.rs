//! Files that the program writes: what it replaces, and what is left where it is stopped.

use std::fs;
use std::path::Path;

use super::support::{bundle, code, policy, run, stderr, stdout};

fn names(directory: &Path) -> Vec<String> {
    let entries = fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<String> = entries.collect();
    names.sort();
    names
}

/// A policy directory of its own, with one file.
fn estate(directory: &Path) -> std::path::PathBuf {
    let folder = directory.join("policy");
    fs::create_dir(&folder).unwrap();
    fs::copy(policy().join("estate.hcl"), folder.join("estate.hcl")).unwrap();
    folder
}

fn compile(policy: &Path, output: &Path, more: &[&str]) -> std::process::Output {
    run(&[&["compile", policy.to_str().unwrap(), "-o", output.to_str().unwrap()], more].concat())
}

#[test]
fn a_policy_file_is_not_replaced_by_what_is_made_of_it() {
    let directory = tempfile::tempdir().unwrap();
    let folder = estate(directory.path());
    let file = folder.join("estate.hcl");
    let before = fs::read(&file).unwrap();
    let hard = directory.path().join("hard.bundle");
    fs::hard_link(&file, &hard).unwrap();
    // With an empty file nothing is lost but the file itself.
    let empty = folder.join("empty.hcl");
    fs::write(&empty, "").unwrap();
    let refused = compile(&folder, &empty, &[]);
    assert_eq!(code(&refused), 3);
    assert!(stderr(&refused).contains("which was read\nhelp: "), "{}", stderr(&refused));
    let mut outputs = vec![file.clone(), folder.join("../policy/./estate.hcl"), hard];
    #[cfg(unix)]
    {
        let link = directory.path().join("link.bundle");
        std::os::unix::fs::symlink(&file, &link).unwrap();
        let other = directory.path().join("other");
        std::os::unix::fs::symlink(&folder, &other).unwrap();
        outputs.extend([link, other.join("estate.hcl")]);
    }
    for output in outputs {
        let refused = compile(&folder, &output, &[]);
        assert_eq!((code(&refused), stdout(&refused).as_str()), (3, ""), "{}", output.display());
        assert!(stderr(&refused).contains("add `--force`"), "{}", stderr(&refused));
        assert_eq!(fs::read(&file).unwrap(), before);
    }
    assert_eq!(code(&compile(&folder, &file, &["--force"])), 0);
    assert_ne!(fs::read(&file).unwrap(), before);
}

#[test]
fn what_would_be_read_as_policy_is_not_written() {
    let directory = tempfile::tempdir().unwrap();
    let folder = estate(directory.path());
    for name in ["new.hcl", "new.test.hcl"] {
        let refused = compile(&folder, &folder.join(name), &[]);
        assert_eq!(code(&refused), 3);
        assert!(stderr(&refused).contains("would be read as a policy file"), "{}", stderr(&refused));
    }
    assert_eq!(names(&folder), ["estate.hcl"]);
    assert_eq!(code(&compile(&folder, &folder.join("new.bundle"), &[])), 0);
}

#[test]
fn only_what_we_wrote_is_replaced_unasked() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("out");
    for foreign in ["precious", "\0asm\u{1}\0\0\0"] {
        fs::write(&path, foreign).unwrap();
        let refused = compile(&policy(), &path, &[]);
        assert_eq!(code(&refused), 3);
        assert!(stderr(&refused).contains("is no compiled policy\nhelp: "), "{}", stderr(&refused));
        assert_eq!(fs::read(&path).unwrap(), foreign.as_bytes());
    }
    fs::write(&path, "").unwrap();
    let formats: &[&str] =
        if cfg!(feature = "wasm") { &["bundle", "wasm", "component", "bundle"] } else { &["bundle"] };
    for format in formats {
        assert_eq!(code(&compile(&policy(), &path, &["--format", format])), 0, "{format}");
    }
    // Damaged, it is ours all the same.
    let mut bytes = fs::read(&path).unwrap();
    *bytes.last_mut().unwrap() ^= 1;
    fs::write(&path, bytes).unwrap();
    assert_eq!(code(&compile(&policy(), &path, &[])), 0);
    assert_eq!(names(directory.path()), ["out"]);
}

#[cfg(unix)]
#[test]
fn a_link_that_points_nowhere_stays_and_what_it_points_at_is_made() {
    let directory = tempfile::tempdir().unwrap();
    fs::create_dir(directory.path().join("there")).unwrap();
    let link = directory.path().join("link");
    std::os::unix::fs::symlink("there/a.bundle", &link).unwrap();
    assert_eq!(code(&compile(&policy(), &link, &[])), 0);
    assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
    assert_eq!(names(&directory.path().join("there")), ["a.bundle"]);
    fs::remove_file(&link).unwrap();
    std::os::unix::fs::symlink("nowhere/a.bundle", &link).unwrap();
    let refused = compile(&policy(), &link, &[]);
    assert_eq!(code(&refused), 3);
    assert!(stderr(&refused).contains("there is no folder"), "{}", stderr(&refused));
}

#[cfg(target_os = "linux")]
mod stopped {
    use std::process::{Command, Output, Stdio};
    use std::time::{Duration, Instant};

    use super::*;

    /// What takes longest to write.
    const LARGEST: &str = if cfg!(feature = "wasm") { "wasm" } else { "bundle" };

    /// The program with a limit on the size of files, in blocks of 512 bytes or more.
    fn limited(blocks: u32, script: &str) -> Output {
        let program = env!("CARGO_BIN_EXE_portcullis");
        let script = format!("ulimit -f {blocks}; exec \"{program}\" {script}");
        Command::new("bash").args(["-c", &script]).stdin(Stdio::null()).output().unwrap()
    }

    fn without_room(output: &Output) {
        assert_eq!(output.status.code(), Some(70), "{}", stderr(output));
        let text = stderr(output);
        assert!(text.starts_with("error: ") && text.contains("cannot be written"), "{text}");
        assert!(text.contains("\nhelp: "), "{text}");
    }

    #[test]
    fn a_limit_on_files_leaves_nothing() {
        let directory = tempfile::tempdir().unwrap();
        let folder = estate(directory.path());
        let out = directory.path().join("out");
        fs::create_dir(&out).unwrap();
        let (policy, file) = (folder.display(), out.join("a.bundle"));
        without_room(&limited(1, &format!("compile '{policy}' -o '{}'", file.display())));
        assert_eq!(names(&out), [""; 0]);
        let old = fs::read(bundle(&out, &[])).unwrap();
        let path = out.join("estate.bundle");
        without_room(&limited(1, &format!("compile '{policy}' --format {LARGEST} -o '{}'", path.display())));
        assert_eq!((fs::read(&path).unwrap(), names(&out)), (old, vec!["estate.bundle".to_owned()]));
        without_room(&limited(1, &format!("compile '{policy}' -o - > '{}'", out.join("b").display())));
        let text = fs::read_to_string(folder.join("estate.hcl")).unwrap().replace('=', " =");
        let text = format!("# {}\n{text}", "long ".repeat(300));
        fs::write(folder.join("estate.hcl"), &text).unwrap();
        without_room(&limited(1, &format!("fmt '{policy}'")));
        assert_eq!(
            (names(&folder), fs::read_to_string(folder.join("estate.hcl")).unwrap()),
            (vec!["estate.hcl".to_owned()], text)
        );
        let new = directory.path().join("new");
        without_room(&limited(1, &format!("init '{}'", new.display())));
        assert!(fs::read_dir(&new).unwrap().all(|entry| entry.unwrap().path().is_dir()), "{:?}", names(&new));
    }

    // A bundle of the sample is smaller than the smallest disk.
    #[cfg(feature = "wasm")]
    #[test]
    fn a_full_disk_leaves_nothing() {
        let directory = tempfile::tempdir().unwrap();
        let disk = directory.path().join("disk");
        fs::create_dir(&disk).unwrap();
        let mount = |program: &str, arguments: &[&str]| {
            let mut command = Command::new(program);
            command.args(arguments).arg(&disk).stderr(Stdio::null()).status().is_ok_and(|status| status.success())
        };
        if !mount("mount", &["-t", "tmpfs", "-o", "size=8k", "none"]) {
            // Only root may make a disk that is full; the limit above ends in the same error of the system.
            return;
        }
        let output = compile(&policy(), &disk.join("a.wasm"), &["--format", LARGEST]);
        let left = names(&disk);
        assert!(mount("umount", &[]));
        without_room(&output);
        assert_eq!(left, [""; 0]);
    }

    #[test]
    fn a_signal_leaves_the_old_file_or_the_new_one_and_nothing_beside_it() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("a.wasm");
        let start = || {
            let mut command = Command::new(env!("CARGO_BIN_EXE_portcullis"));
            command.args(["compile", policy().to_str().unwrap(), "--format", LARGEST, "-o", path.to_str().unwrap()]);
            command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
        };
        let begin = Instant::now();
        assert!(start().wait().unwrap().success());
        let whole = begin.elapsed();
        let bytes = fs::read(&path).unwrap();
        let mut stopped = 0;
        for step in 0..60 {
            let old = step % 2 == 0;
            if old {
                fs::write(&path, "").unwrap();
            } else {
                fs::remove_file(&path).unwrap_or_default();
            }
            let signal = ["INT", "TERM", "HUP"][step % 3];
            let mut child = start();
            std::thread::sleep(whole * u32::try_from(step).unwrap() / 50);
            assert!(
                Command::new("kill").args(["-s", signal, &child.id().to_string()]).status().unwrap().success()
                    || child.try_wait().unwrap().is_some()
            );
            let begin = Instant::now();
            stopped += usize::from(!child.wait().unwrap().success());
            assert!(begin.elapsed() < Duration::from_mins(1));
            let there = fs::read(&path).ok();
            let expected = if old { there == Some(Vec::new()) } else { there.is_none() };
            assert!(expected || there.as_ref() == Some(&bytes), "{step}: {:?}", there.map(|bytes| bytes.len()));
            let left: Vec<String> = names(directory.path()).into_iter().filter(|name| name != "a.wasm").collect();
            assert_eq!(left, [""; 0], "SIG{signal} at step {step}");
        }
        assert!(stopped >= 10, "{stopped} of 60 were stopped");
    }
}
