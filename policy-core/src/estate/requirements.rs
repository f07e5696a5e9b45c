//! What a permit rule needs shown (section 8, R).

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::invocation::{Day, Timestamp};

use super::Requirement;
use super::account::Caller;
use super::lists::{Names, PatternList, RefList};

/// What must be shown before a permit rule permits. Never empty.
#[derive(Debug, Default)]
pub struct Requirements {
    /// The commit is reachable from such a ref.
    pub commit_on: Option<RefList>,
    /// The commit is the tip of such a ref.
    pub commit_is_tip_of: Option<RefList>,
    /// The tips of these refs are reachable from the commit; sorted, each once. Empty where nothing is required.
    pub includes_tip_of: Vec<Arc<str>>,
    /// The checks that passed for the commit, as `SOURCE:NAME`; sorted, each once. Empty where none is required.
    pub checks: Vec<Arc<str>>,
    /// Others have approved.
    pub approvals: Option<Approvals>,
    /// A plan was made for this very job.
    pub planned: bool,
    /// What the plan may hold.
    pub plan: Option<PlanLimits>,
    /// The commit descends from the one last started.
    pub no_rollback: bool,
    /// The hours in which it may start; one of them. Empty where any hour will do.
    pub windows: Vec<Window>,
    /// The last moment at which it may start.
    pub not_after: Option<Timestamp>,
}

impl Requirements {
    /// The requirements that are asked for, in the order of section 8.
    pub fn asked(&self) -> impl Iterator<Item = Requirement> + '_ {
        Requirement::ALL.into_iter().filter(|requirement| self.asks(*requirement))
    }

    /// Whether `requirement` is asked for.
    pub fn asks(&self, requirement: Requirement) -> bool {
        match requirement {
            Requirement::CommitOn => self.commit_on.is_some(),
            Requirement::CommitIsTipOf => self.commit_is_tip_of.is_some(),
            Requirement::IncludesTipOf => !self.includes_tip_of.is_empty(),
            Requirement::Checks => !self.checks.is_empty(),
            Requirement::Approvals => self.approvals.is_some(),
            Requirement::Planned => self.planned,
            Requirement::Plan => self.plan.is_some(),
            Requirement::NoRollback => self.no_rollback,
            Requirement::Window => !self.windows.is_empty(),
            Requirement::NotAfter => self.not_after.is_some(),
        }
    }
}

/// How many persons of which callers must approve.
#[derive(Debug)]
pub struct Approvals {
    /// How many: 1 to 20.
    pub count: u32,
    /// Who counts; each of them states `person`. Never `any()`.
    pub approvers: Arc<Names<Caller>>,
}

/// What a plan may hold. What is none is not limited.
#[derive(Debug)]
pub struct PlanLimits {
    /// The most resources that it may create.
    pub creates: Option<u64>,
    /// The most that it may update.
    pub updates: Option<u64>,
    /// The most that it may replace.
    pub replaces: Option<u64>,
    /// The most that it may destroy, those that it replaces among them.
    pub destroys: Option<u64>,
    /// The resource types that it may touch.
    pub types: Option<PatternList>,
}

/// Hours of some days in one time zone.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Window {
    /// The days; not empty.
    pub days: BTreeSet<Day>,
    /// The first minute of the day.
    pub from: u16,
    /// The minute after the last; up to 1,440.
    pub to: u16,
    /// The name of the time zone.
    pub zone: Arc<str>,
}
