//! The table at the end of a run.

use std::fmt;
use std::time::Duration;

use super::Run;

/// What a run of the gate may take from a clean clone on two cores, builds and tools included. A run beyond it is told so and
/// does not fail: machines differ.
const BUDGET: Duration = Duration::from_mins(25);

pub(super) enum Result {
    Passed,
    NotRun(String),
    Failed(String),
}

impl fmt::Display for Result {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Passed => out.write_str("passed"),
            Self::NotRun(why) => write!(out, "not run: {why}"),
            Self::Failed(why) => write!(out, "FAILED: {why}"),
        }
    }
}

#[derive(Default)]
pub(super) struct Report {
    rows: Vec<(&'static str, Duration, Result)>,
}

impl Report {
    pub(super) fn add(&mut self, step: &'static str, taken: Duration, result: Result) {
        self.rows.push((step, taken, result));
    }

    pub(super) fn is_good(&self) -> bool {
        self.failed() == 0 && self.passed() > 0
    }

    fn passed(&self) -> usize {
        self.rows.iter().filter(|(_, _, result)| matches!(result, Result::Passed)).count()
    }

    fn failed(&self) -> usize {
        self.rows.iter().filter(|(_, _, result)| matches!(result, Result::Failed(_))).count()
    }

    pub(super) fn print(&self, run: &Run) {
        const TOTAL: &str = "in all";
        let width = self.rows.iter().map(|(step, ..)| step.len()).max().unwrap_or(0).max(TOTAL.len());
        println!("\n{:<width$} {:>8}  result", "step", "time");
        for (step, taken, result) in &self.rows {
            let result = result.to_string();
            println!("{step:<width$} {:>8}  {}", minutes(*taken), result.lines().next().unwrap_or_default());
        }
        let total = self.rows.iter().map(|(_, taken, _)| *taken).sum();
        let remark = if total > BUDGET { ": over budget" } else { "" };
        println!("{TOTAL:<width$} {:>8}  budget {}{remark}; seed {}", minutes(total), minutes(BUDGET), run.seed);
        // A run that cannot tell them is no worse a run.
        print!("\n{}", run.times.report().unwrap_or_default());
        println!("{} passed, {} failed", self.passed(), self.failed());
    }
}

fn minutes(time: Duration) -> String {
    let tenths = time.as_millis() / 100;
    format!("{}:{:02}.{}", tenths / 600, tenths / 10 % 60, tenths % 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_minutes_seconds_and_tenths() {
        assert_eq!(minutes(Duration::from_millis(61_290)), "1:01.2");
    }

    #[test]
    fn a_run_of_nothing_is_not_good() {
        assert!(!Report::default().is_good());
    }
}
