//! A cold start of `portcullis decide` on 50 account files, as a process.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::{estates, median, milliseconds, ours, time};

/// Accounts of the estate that processes are measured with.
pub const ACCOUNTS: usize = 50;
const STARTS: usize = 41;

/// Builds the program, writes an estate of 50 accounts, and measures whole processes.
pub fn run() {
    let program = program();
    let policies = policies(&write_estate());
    let decide = |policy: &[OsString]| {
        let mut command = Command::new(&program);
        command.arg("decide").args(policy).args([
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
    let mut starts = vec![Vec::new(); policies.len()];
    let mut nothings = Vec::new();
    for _ in 0..STARTS {
        for ((_, policy), starts) in policies.iter().zip(&mut starts) {
            starts.push(time(|| decide(policy)));
        }
        nothings.push(time(nothing));
    }
    println!("### A cold start of `portcullis decide`, {ACCOUNTS} accounts of ten rules, median of {STARTS}\n");
    println!("| process | time |\n| --- | --- |");
    for ((name, _), starts) in policies.iter().zip(starts) {
        println!("| `portcullis decide`, policy from {name} | {} |", milliseconds(median(starts)));
    }
    println!("| `/bin/true` | {} |\n", milliseconds(median(nothings)));
}

/// The program as it is released, built if it has to be.
pub fn program() -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the workspace");
    let built = Command::new("cargo")
        .args(["build", "--release", "--quiet", "--locked", "--package", "policy-cli", "--bin", "portcullis"])
        .current_dir(root)
        .status();
    assert!(built.is_ok_and(|status| status.success()), "the program builds");
    root.join("target/release/portcullis")
}

/// The ways to give `portcullis decide` the policy of a directory: the directory, and a bundle of it where there are
/// bundles. A name, and the arguments.
pub fn policies(directory: &Path) -> Vec<(&'static str, Vec<OsString>)> {
    let mut policies = vec![("51 files", vec!["--policy".into(), directory.into()])];
    let bundle = ours::compile(&ours::estate(estates::files(ACCOUNTS)));
    let file = directory.with_extension("bundle");
    if let (Some(bundle), Some(arguments)) = (bundle, ours::bundle_arguments(&file)) {
        std::fs::write(&file, bundle).expect("a file");
        policies.push(("a bundle", arguments));
    }
    policies
}

/// The policy directory: one file for each account, as teams keep them.
pub fn write_estate() -> PathBuf {
    let folder = std::env::temp_dir().join("portcullis-bench-estate");
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(folder.join("accounts")).expect("a folder");
    for (name, text) in estates::files(ACCOUNTS) {
        if name == "estate.hcl" {
            std::fs::write(folder.join(name), text).expect("a file");
            continue;
        }
        for (number, account) in text.split("\n\n").filter(|account| !account.is_empty()).enumerate() {
            std::fs::write(folder.join(format!("accounts/{number:03}.hcl")), account).expect("a file");
        }
    }
    folder
}
