//! A cold start of `portcullis decide` on 50 account files, as a process.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::{estates, median, milliseconds, time};

const STARTS: usize = 41;

/// Builds the program, writes an estate of 50 accounts, and measures whole processes.
pub fn run() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the workspace");
    let built = Command::new("cargo")
        .args(["build", "--release", "--quiet", "--locked", "--package", "policy-cli", "--bin", "portcullis"])
        .current_dir(root)
        .status();
    assert!(built.is_ok_and(|status| status.success()), "the program builds");
    let program = root.join("target/release/portcullis");
    let policy = write_estate();
    let decide = || {
        let mut command = Command::new(&program);
        command.args(["decide", "--policy"]).arg(&policy).args([
            "--account",
            "account-000017",
            "--caller",
            "arn:aws:iam::111111111111:role/ci-main",
            "--repository",
            "git@github.com:acme/live.git",
            "--ref",
            "refs/heads/main",
            "--path",
            "account-000017/area-3/app",
            "--command",
            "terragrunt-plan",
            "--format",
            "json",
        ]);
        let status = command.stdout(Stdio::null()).status().expect("the program runs");
        assert_eq!(status.code(), Some(0), "the sample is permitted");
    };
    let nothing = || {
        let status = Command::new("/bin/true").status().expect("`true` runs");
        assert!(status.success());
    };
    let (mut starts, mut nothings) = (Vec::new(), Vec::new());
    for _ in 0..STARTS {
        starts.push(time(decide));
        nothings.push(time(nothing));
    }
    println!("cold start of `portcullis decide` on 51 files, 50 accounts of 10 rules, median of {STARTS}");
    println!("  portcullis decide  {:>10}", milliseconds(median(starts)));
    println!("  /bin/true          {:>10}  (what starting any process costs here)", milliseconds(median(nothings)));
}

fn write_estate() -> PathBuf {
    let folder = std::env::temp_dir().join("portcullis-bench-estate");
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(folder.join("accounts")).expect("a folder");
    for (name, text) in estates::files(50) {
        if name == "estate.hcl" {
            std::fs::write(folder.join(name), text).expect("a file");
            continue;
        }
        // One file for each account, as teams keep them.
        for (number, account) in text.split("\n\n").filter(|account| !account.is_empty()).enumerate() {
            std::fs::write(folder.join(format!("accounts/{number:03}.hcl")), account).expect("a file");
        }
    }
    folder
}
