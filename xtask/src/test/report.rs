//! The table at the end of a run.

use std::fmt;
use std::time::Duration;

use super::steps::INSTALLATION;

/// What a run of the gate may take on two cores, the installation of tools aside. A run beyond it is told so and does not
/// fail: machines differ, and a first run builds all dependencies.
const BUDGET: Duration = Duration::from_mins(14);

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

    pub(super) fn print(&self, seed: u64) {
        const WITHOUT_TOOLS: &str = "without tools";
        let width = self.rows.iter().map(|(step, ..)| step.len()).max().unwrap_or(0).max(WITHOUT_TOOLS.len());
        println!("\n{:<width$} {:>8}  result", "step", "time");
        for (step, taken, result) in &self.rows {
            let result = result.to_string();
            println!("{step:<width$} {:>8}  {}", minutes(*taken), result.lines().next().unwrap_or_default());
        }
        let counted = self.rows.iter().filter(|(step, ..)| *step != INSTALLATION);
        let total = counted.map(|(_, taken, _)| *taken).sum();
        let remark = if total > BUDGET { ": over budget" } else { "" };
        println!("{WITHOUT_TOOLS:<width$} {:>8}  budget {}{remark}; seed {seed}", minutes(total), minutes(BUDGET));
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
