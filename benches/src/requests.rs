//! `portcullis decide --requests` as a process: a million lines.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use policy_core::invocation::RawCaller;

use crate::measure::{grouped, peak_megabytes};
use crate::{estates, ours, start};

const LINES: usize = 1_000_000;
/// How often the child's memory is looked at. The kernel keeps the peak, so that only what the last moments add is missed.
const LOOK: Duration = Duration::from_millis(5);

/// Builds the program, writes an estate and the lines, and measures whole processes.
pub fn run() {
    let program = start::program();
    let policy = start::write_estate();
    let requests = write_requests();
    println!(
        "### `portcullis decide --requests`, {} lines, {} accounts of ten rules\n",
        grouped(LINES),
        start::ACCOUNTS
    );
    println!("| policy from | time | lines in a second | memory at most |\n| --- | --- | --- | --- |");
    for (name, arguments) in start::policies(&policy) {
        let mut command = Command::new(&program);
        command.arg("decide").args(arguments).arg("--requests").arg(&requests).stdout(Stdio::null());
        let (time, megabytes) = watch(command.spawn().expect("the program runs"));
        let seconds = time.as_secs_f64();
        println!("| {name} | {seconds:.2} s | {} | {megabytes:.1} MB |", grouped((LINES as f64 / seconds) as usize));
    }
    println!();
    std::fs::remove_file(&requests).expect("the file was written");
    if ours::bundle_arguments(Path::new("")).is_none() {
        println!("requests by a bundle: not measured, {} has no bundles\n", ours::NAME);
    }
}

/// How long the child runs, and the most memory that it had.
fn watch(mut child: Child) -> (Duration, f64) {
    let start = Instant::now();
    let process = child.id().to_string();
    let mut peak = f64::NAN;
    loop {
        // A process that has ended has no memory any more, and its status no such line.
        peak = peak_megabytes(&process).unwrap_or(peak);
        if let Some(status) = child.try_wait().expect("the child is ours") {
            assert!(status.success(), "every line is answered");
            return (start.elapsed(), peak);
        }
        std::thread::sleep(LOOK);
    }
}

fn write_requests() -> PathBuf {
    let mut text = String::new();
    for account in estates::numbers(start::ACCOUNTS).take(LINES) {
        let raw = estates::permitted(account);
        let RawCaller::Principal(principal) = raw.caller else { unreachable!("the sample's caller is a principal") };
        writeln!(
            text,
            r#"{{"account":"{}","caller":{{"principal":"{principal}"}},"repository":"{}","ref":"{}","path":"{}","command":"{}"}}"#,
            raw.account, raw.repository, raw.reference, raw.path, raw.command
        )
        .expect("text grows");
    }
    let file = std::env::temp_dir().join("portcullis-bench-requests.jsonl");
    std::fs::write(&file, text).expect("a file");
    file
}
