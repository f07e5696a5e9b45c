//! Nanoseconds: what is too quick to time once is timed in batches, and what is compared takes turns.
//!
//! The clock is the processor time of the thread: what others do on the machine meanwhile is no part of it.

use std::hint::black_box;
use std::time::Duration;

/// Rounds in which everything that is compared has its turn.
const ROUNDS: usize = 9;
/// How long a batch takes at least, so that the clock's own cost is nothing beside it.
const BATCH: Duration = Duration::from_millis(8);

/// One of those that are compared.
pub struct Contender<'a> {
    pub name: String,
    run: Run<'a>,
}

/// A run over the questions with the given numbers.
type Run<'a> = Box<dyn FnMut(&[usize]) + 'a>;

impl<'a> Contender<'a> {
    /// `answer` answers the question of a number. It is built into the loop over a batch, so that what a batch costs is
    /// the answers and not the way to them.
    pub fn new<T>(name: impl Into<String>, mut answer: impl FnMut(usize) -> T + 'a) -> Self {
        let run = move |questions: &[usize]| {
            for question in questions {
                black_box(answer(black_box(*question)));
            }
        };
        Self { name: name.into(), run: Box::new(run) }
    }
}

/// Nanoseconds for one answer of each contender, in their order: the median of the rounds, the mean over the questions.
pub fn nanoseconds(contenders: &mut [Contender<'_>], questions: &[usize]) -> Vec<f64> {
    let repeats: Vec<u32> = contenders.iter_mut().map(|contender| repeats(contender, questions)).collect();
    let mut times = vec![Vec::new(); contenders.len()];
    for _ in 0..ROUNDS {
        for ((contender, repeats), times) in contenders.iter_mut().zip(&repeats).zip(&mut times) {
            times.push(batch(contender, questions, *repeats) / *repeats);
        }
    }
    times.into_iter().map(|times| crate::median(times).as_secs_f64() * 1e9 / questions.len() as f64).collect()
}

/// How often the questions are asked in one batch. Finding it warms everything up.
fn repeats(contender: &mut Contender<'_>, questions: &[usize]) -> u32 {
    let mut repeats = 1;
    while batch(contender, questions, repeats) < BATCH {
        repeats *= 2;
    }
    repeats
}

fn batch(contender: &mut Contender<'_>, questions: &[usize], repeats: u32) -> Duration {
    let start = processor_time();
    for _ in 0..repeats {
        (contender.run)(questions);
    }
    processor_time() - start
}

/// What this thread has had of a processor so far, the kernel's work for it included.
pub fn processor_time() -> Duration {
    let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: it writes one `timespec`, and there is one.
    let status = unsafe { libc::clock_gettime(libc::CLOCK_THREAD_CPUTIME_ID, &raw mut time) };
    assert_eq!(status, 0, "the system has a clock for each thread");
    Duration::new(time.tv_sec.unsigned_abs(), time.tv_nsec.unsigned_abs() as u32)
}

/// A time as people read it, three digits of it.
pub fn shown(nanoseconds: f64) -> String {
    let (number, unit) = match nanoseconds {
        ..1e3 => (nanoseconds, "ns"),
        ..1e6 => (nanoseconds / 1e3, "µs"),
        _ => (nanoseconds / 1e6, "ms"),
    };
    match number {
        ..10.0 => format!("{number:.2} {unit}"),
        ..100.0 => format!("{number:.1} {unit}"),
        _ => format!("{number:.0} {unit}"),
    }
}

/// How many times longer `time` is than `base`.
pub fn ratio(time: f64, base: f64) -> String {
    match time / base {
        ratio @ ..0.1 => format!("{ratio:.4}"),
        ratio @ ..100.0 => format!("{ratio:.2}"),
        ratio => grouped(ratio.round() as usize),
    }
}

/// A number with its thousands set apart.
pub fn grouped(number: usize) -> String {
    match (number / 1_000, number % 1_000) {
        (0, rest) => rest.to_string(),
        (thousands, rest) => format!("{},{rest:03}", grouped(thousands)),
    }
}

/// The most memory that a process has had, in megabytes; the kernel keeps it for as long as the process lives.
pub fn peak_megabytes(process: &str) -> Option<f64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    let kilobytes: f64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kilobytes / 1e3)
}
