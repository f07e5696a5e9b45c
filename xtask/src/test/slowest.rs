//! How long each test takes. `libtest` does not say so on a stable compiler, so cargo runs each test binary through this
//! program, which takes the times at which it reports a test as done. A binary begins its tests in the order in which it lists
//! them, one more whenever one is done: so a test begins when the one before it in its thread is done. That is time on the
//! clock, with other tests beside it.

use std::ffi::OsString;
use std::fmt::Write as _;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::time::{Duration, Instant};
use std::{fs, thread};

use crate::{Outcome, workspace};

/// Where the times are kept, a line for each test: milliseconds, binary, name.
const VARIABLE: &str = "PORTCULLIS_TEST_TIMES";
/// How many tests the report shows.
const SHOWN: usize = 5;

#[derive(clap::Args)]
pub(crate) struct Options {
    /// The test binary and its arguments
    #[arg(required = true, trailing_var_arg = true, allow_hyphen_values = true)]
    command: Vec<OsString>,
}

/// The times of a run.
pub(super) struct Times {
    file: PathBuf,
    runner: PathBuf,
}

impl Times {
    /// None yet.
    pub(super) fn none() -> Outcome<Self> {
        let folder = workspace::root()?.join("target");
        fs::create_dir_all(&folder)?;
        let file = folder.join("test-times.txt");
        fs::write(&file, "")?;
        // Asked before a build can put another file in its place.
        Ok(Self { file, runner: std::env::current_exe()? })
    }

    /// Has the test binaries that this cargo runs measured.
    pub(super) fn measure(&self, cargo: &mut Command) {
        let runner = self.runner.to_string_lossy().into_owned();
        let words = [runner.as_str(), "time-tests"].map(|word| format!("{word:?}"));
        cargo
            .arg("--config")
            .arg(format!("target.'cfg(all())'.runner=[{}]", words.join(",")))
            .env(VARIABLE, &self.file);
    }

    /// The slowest tests, for people; nothing where none was measured.
    pub(super) fn report(&self) -> Outcome<String> {
        let text = fs::read_to_string(&self.file)?;
        let mut times: Vec<(u64, &str, &str)> = text.lines().filter_map(parsed).collect();
        if times.is_empty() {
            return Ok(String::new());
        }
        times.sort_unstable_by_key(|(milliseconds, ..)| std::cmp::Reverse(*milliseconds));
        let mut report = format!("slowest of {} tests, with others beside them:\n", times.len());
        for (milliseconds, binary, test) in times.into_iter().take(SHOWN) {
            let tenths = milliseconds / 100;
            writeln!(report, "{:>6}.{} s  {binary}: {test}", tenths / 10, tenths % 10)?;
        }
        Ok(report)
    }
}

fn parsed(line: &str) -> Option<(u64, &str, &str)> {
    let mut parts = line.splitn(3, '\t');
    Some((parts.next()?.parse().ok()?, parts.next()?, parts.next()?))
}

/// Runs a test binary as cargo would, and keeps the times of its tests.
pub(crate) fn run(options: &Options) -> Outcome<ExitCode> {
    let [binary, arguments @ ..] = &*options.command else { return Err("name a test binary".into()) };
    // Only cargo's test binaries have the arguments that this uses: examples in documents are run as they are.
    let is_harness = Path::new(binary).parent().is_some_and(|folder| folder.ends_with("deps"));
    let Some(file) = std::env::var_os(VARIABLE).filter(|_| is_harness) else {
        return Ok(ended(Command::new(binary).args(arguments).status()?));
    };
    let listed = Command::new(binary).args(arguments).arg("--list").stderr(Stdio::inherit()).output()?;
    let listed = String::from_utf8_lossy(&listed.stdout).into_owned();
    let tests: Vec<&str> = listed.lines().filter_map(|line| line.strip_suffix(": test")).collect();
    let threads = thread::available_parallelism()?.get();
    let mut child = Command::new(binary)
        .args(arguments)
        .args(["--test-threads", &threads.to_string()])
        .stdout(Stdio::piped())
        .spawn()?;
    let begun = Instant::now();
    let mut ends = Vec::new();
    if let Some(stdout) = child.stdout.take() {
        for line in BufReader::new(stdout).split(b'\n') {
            let line = line?;
            std::io::stdout().write_all(&[&line[..], b"\n"].concat())?;
            ends.extend(done(&String::from_utf8_lossy(&line)).map(|test| (test.to_owned(), begun.elapsed())));
        }
    }
    let name = Path::new(binary).file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let name = name.rsplit_once('-').map_or(name.as_str(), |(name, _)| name);
    let mut lines = String::new();
    for (test, took) in durations(&tests, &ends, threads) {
        writeln!(lines, "{}\t{name}\t{test}", took.as_millis())?;
    }
    fs::OpenOptions::new().append(true).create(true).open(file)?.write_all(lines.as_bytes())?;
    Ok(ended(child.wait()?))
}

fn ended(status: std::process::ExitStatus) -> ExitCode {
    let code = status.code().and_then(|code| u8::try_from(code).ok());
    code.map_or(ExitCode::FAILURE, ExitCode::from)
}

/// The test that a line of a test binary says is done.
fn done(line: &str) -> Option<&str> {
    let (test, result) = line.strip_prefix("test ")?.rsplit_once(" ... ")?;
    ["ok", "FAILED"].contains(&result).then_some(test.strip_suffix(" - should panic").unwrap_or(test))
}

/// How long each test took, from the order in which they begin and the times at which they end.
fn durations<'t>(listed: &[&'t str], ends: &[(String, Duration)], threads: usize) -> Vec<(&'t str, Duration)> {
    // What is ignored begins and ends at once, and is never reported as done.
    let run = listed.iter().copied().filter(|test| ends.iter().any(|(ended, _)| ended == test));
    let begins = std::iter::repeat_n(Duration::ZERO, threads).chain(ends.iter().map(|(_, end)| *end));
    let of_end = |test: &str| ends.iter().find(|(ended, _)| ended == test).map_or(Duration::ZERO, |(_, end)| *end);
    run.zip(begins).map(|(test, begun)| (test, of_end(test).saturating_sub(begun))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_test_begins_when_a_thread_is_free() {
        let seconds = Duration::from_secs;
        let ends = [("b", 1), ("c", 4), ("a", 5), ("d", 6)].map(|(test, end)| (test.to_owned(), seconds(end)));
        let took = durations(&["a", "b", "ignored", "c", "d"], &ends, 2);
        assert_eq!(took, [("a", seconds(5)), ("b", seconds(1)), ("c", seconds(3)), ("d", seconds(2))]);
    }

    #[test]
    fn lines_of_results_are_told_from_others() {
        assert_eq!(done("test a::b ... ok"), Some("a::b"));
        assert_eq!(done("test a::b - should panic ... FAILED"), Some("a::b"));
        for other in
            ["test a::b ... ignored", "test result: ok. 3 passed", "running 3 tests", "test a has been running"]
        {
            assert_eq!(done(other), None, "{other}");
        }
    }
}
