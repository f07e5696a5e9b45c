//! R: which requirements of a rule are not shown by the evidence.

use alloc::vec::Vec;

use super::super::layout::Section;
use super::super::records::{RefListRecord, RequirementsRecord, WindowRecord};
use super::{Question, approvals};
use crate::canonical::FullRef;
use crate::decision::Requirement;
use crate::invocation::{PlanSummary, Timestamp};

/// The requirements that are not shown: a bit for each, in the order of section 8.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Unmet(u16);

impl Unmet {
    pub(super) const fn is_empty(self) -> bool {
        self.0 == 0
    }

    pub(super) const fn count(self) -> u32 {
        self.0.count_ones()
    }

    /// The names.
    pub(super) fn names(self) -> Vec<&'static str> {
        let mut names = Vec::new();
        for requirement in Requirement::ALL {
            if self.0 & Self::bit(requirement) != 0 {
                names.push(requirement.as_str());
            }
        }
        names
    }

    const fn bit(requirement: Requirement) -> u16 {
        1 << requirement as u16
    }

    /// Adds one that is asked for and not shown.
    fn add(&mut self, requirement: Requirement, asked: bool, shown: impl FnOnce() -> bool) {
        if asked && !shown() {
            self.0 |= Self::bit(requirement);
        }
    }
}

impl Question<'_, '_> {
    /// The requirements of a rule that are not shown; nothing only if the bundle lacks the rule.
    pub(super) fn unmet(&self, rule: u16) -> Option<Unmet> {
        let rule = self.within.rule(rule)?;
        let mut unmet = Unmet(0);
        if rule.requirements == 0 {
            return Some(unmet);
        }
        let view = self.within.view;
        let required: RequirementsRecord = view.optional(Section::Requirements, rule.requirements)?;
        let evidence = self.asked.evidence;
        let applies = self.tool.is_some_and(|tool| tool.plan != 0);
        let plan = evidence.plan.as_ref();
        unmet.add(Requirement::CommitOn, required.commit_on != 0, || {
            self.commit_shown(required.commit_on, &evidence.commit_on)
        });
        unmet.add(Requirement::CommitIsTipOf, required.commit_is_tip_of != 0, || {
            self.commit_shown(required.commit_is_tip_of, &evidence.commit_is_tip_of)
        });
        let has_commit = self.asked.commit.is_some();
        let tips = view.list(required.includes_tip_of)?;
        unmet.add(Requirement::IncludesTipOf, tips.len() != 0, || {
            let proved = |tip: &str| evidence.includes_tip_of.iter().any(|proved| proved.as_str() == tip);
            has_commit && view.texts(required.includes_tip_of).all(proved)
        });
        let checks = view.list(required.checks)?;
        unmet.add(Requirement::Checks, checks.len() != 0, || {
            let passed = |check: &str| evidence.checks.iter().any(|passed| passed == check);
            has_commit && view.texts(required.checks).all(passed)
        });
        unmet.add(Requirement::Approvals, required.approvals != 0, || {
            approvals::count(view, &required, self.asked.caller, &evidence.approvals) >= required.approvals as usize
        });
        unmet.add(Requirement::Planned, required.planned != 0, || evidence.planned && applies);
        unmet.add(Requirement::Plan, required.plan != 0, || {
            plan.is_some_and(|plan| self.within_limits(&required, plan))
        });
        unmet.add(Requirement::NoRollback, required.no_rollback != 0, || evidence.no_rollback);
        let windows = view.list(required.windows)?;
        unmet.add(Requirement::Window, windows.len() != 0, || {
            view.records::<WindowRecord>(Section::Windows, required.windows).any(|window| self.lies_in(&window))
        });
        unmet.add(Requirement::NotAfter, required.not_after_date != 0, || {
            let now = evidence.clock.as_ref().and_then(|clock| clock.utc);
            now.is_some_and(|now| now.words() <= (required.not_after_date, required.not_after_time))
        });
        Some(unmet)
    }

    /// Whether a commit was given, and one of the refs from which it was proved reachable is of the list.
    fn commit_shown(&self, list: u32, proved: &[FullRef]) -> bool {
        let protected = self.repository.map(|repository| repository.protected);
        self.asked.commit.is_some()
            && self.within.view.optional(Section::RefLists, list).is_some_and(|list: RefListRecord| {
                proved.iter().any(|reference| self.in_refs(&list, protected, reference.as_str()))
            })
    }

    /// P1 and P6: whether a ref is of a list, where `protected` is the automaton of what the repository protects.
    pub(super) fn in_refs(&self, list: &RefListRecord, protected: Option<u32>, reference: &str) -> bool {
        let view = self.within.view;
        let is_protected = || protected.is_some_and(|automaton| view.matches(automaton, reference));
        let member = |automaton: u32, bit: u32| {
            view.matches(automaton, reference) || list.protected & bit != 0 && is_protected()
        };
        member(list.include, 1) && !member(list.exclude, 2)
    }

    /// R: whether a plan keeps within limits.
    fn within_limits(&self, required: &RequirementsRecord, plan: &PlanSummary) -> bool {
        let number = |low: u32, high: u32| u64::from(high) << 32 | u64::from(low);
        let limits = [
            (2, number(required.creates_low, required.creates_high), plan.creates),
            (4, number(required.updates_low, required.updates_high), plan.updates),
            (8, number(required.replaces_low, required.replaces_high), plan.replaces),
            (16, number(required.destroys_low, required.destroys_high), plan.destroyed()),
        ];
        limits.into_iter().all(|(bit, limit, count)| required.plan & bit == 0 || count <= limit)
            && required
                .types
                .checked_sub(1)
                .is_none_or(|types| plan.types.iter().all(|touched| self.within.view.matches(types, touched)))
    }

    fn lies_in(&self, window: &WindowRecord) -> bool {
        let clock = self.asked.evidence.clock.as_ref();
        let zone = clock.and_then(|clock| clock.zones.get(self.within.view.text(window.zone)));
        zone.is_some_and(|time| {
            window.days >> (time.day() as u32) & 1 != 0 && (window.from..window.to).contains(&time.minute().into())
        })
    }
}

impl Timestamp {
    /// Date and time as two words that order as times do.
    pub(crate) fn words(self) -> (u32, u32) {
        let [year, month, day, hour, minute, second] = self.parts();
        (year << 16 | month << 8 | day, hour << 16 | minute << 8 | second)
    }
}
