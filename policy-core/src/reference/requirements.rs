//! R: which requirements of a rule are shown by the evidence.

use std::sync::Arc;

use crate::canonical::FullRef;
use crate::estate::{PlanLimits, RefList, Requirement, Requirements, Rule, Window};
use crate::invocation::PlanSummary;

use super::Question;
use super::approvals;
use super::matching::{list_matches, refs_match};

impl Question<'_> {
    /// The requirements of a rule that are not shown, in the order of section 8.
    pub(super) fn not_shown(&self, rule: &Rule) -> Vec<Requirement> {
        let Some(requirements) = &rule.requirements else { return Vec::new() };
        requirements.asked().filter(|requirement| !self.is_shown(requirements, *requirement)).collect()
    }

    fn is_shown(&self, requirements: &Requirements, requirement: Requirement) -> bool {
        let evidence = self.invocation.evidence();
        match requirement {
            Requirement::CommitOn => self.commit_shown(requirements.commit_on.as_ref(), &evidence.commit_on),
            Requirement::CommitIsTipOf => {
                self.commit_shown(requirements.commit_is_tip_of.as_ref(), &evidence.commit_is_tip_of)
            }
            Requirement::IncludesTipOf => {
                let proved = |wanted: &Arc<str>| evidence.includes_tip_of.iter().any(|tip| tip.as_str() == &**wanted);
                self.invocation.commit().is_some() && requirements.includes_tip_of.iter().all(proved)
            }
            Requirement::Checks => {
                let passed = |wanted: &Arc<str>| evidence.checks.iter().any(|check| check.as_str() == &**wanted);
                self.invocation.commit().is_some() && requirements.checks.iter().all(passed)
            }
            Requirement::Approvals => requirements.approvals.as_ref().is_some_and(|required| {
                let persons = approvals::count(&required.approvers, self.invocation.caller(), &evidence.approvals);
                persons >= required.count as usize
            }),
            Requirement::Planned => evidence.planned && self.command.tool().is_some_and(|tool| tool.plan.is_some()),
            Requirement::Plan => {
                let limits = requirements.plan.as_ref();
                limits.zip(evidence.plan.as_ref()).is_some_and(|(limits, plan)| within(limits, plan))
            }
            Requirement::NoRollback => evidence.no_rollback,
            Requirement::Window => requirements.windows.iter().any(|window| self.lies_in(window)),
            Requirement::NotAfter => {
                let now = evidence.clock.as_ref().and_then(|clock| clock.utc);
                requirements.not_after.zip(now).is_some_and(|(last, now)| now <= last)
            }
        }
    }

    fn commit_shown(&self, required: Option<&RefList>, proved: &[FullRef]) -> bool {
        let Some(required) = required else { return false };
        self.invocation.commit().is_some()
            && proved.iter().any(|reference| refs_match(required, reference, self.protected()))
    }

    fn lies_in(&self, window: &Window) -> bool {
        let clock = self.invocation.evidence().clock.as_ref();
        let Some(time) = clock.and_then(|clock| clock.zones.get(&window.zone)) else { return false };
        window.days.contains(&time.day()) && (window.from..window.to).contains(&time.minute())
    }
}

/// R: whether a plan keeps within limits. A limit of destroys counts replaces too, for a replaced resource is destroyed.
fn within(limits: &PlanLimits, plan: &PlanSummary) -> bool {
    let at_most = |limit: Option<u64>, count: u64| limit.is_none_or(|limit| count <= limit);
    at_most(limits.creates, plan.creates)
        && at_most(limits.updates, plan.updates)
        && at_most(limits.replaces, plan.replaces)
        && at_most(limits.destroys, plan.destroyed())
        && limits.types.as_ref().is_none_or(|types| plan.types.iter().all(|touched| list_matches(types, touched)))
}
