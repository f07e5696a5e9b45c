//! R: what permit rules require.

use super::dimensions::list_of;
use super::fault::{self, Fault};
use super::graph::List;
use super::{CompileError, Compiler};
use crate::bundle::layout::Section;
use crate::bundle::records::{ApproverRecord, ClaimRecord, RequirementsRecord, WindowRecord};
use crate::estate::{Account, Caller, CallerKind, ClaimCondition, Person, PlanLimits, Requirements, Rule, Window};
use crate::invocation::Timestamp;

/// What a plan may hold.
#[derive(Default)]
struct Plan {
    limited: u32,
    /// Creates, updates, replaces and destroys, low words first.
    limits: [(u32, u32); 4],
    types: u32,
}

impl<'e> Compiler<'e> {
    /// The number of what a rule requires.
    pub(super) fn requirements(
        &mut self,
        account: &Account,
        rule: &Rule,
        required: &'e Requirements,
    ) -> Result<u32, CompileError> {
        let mut refs = [0; 2];
        for (place, list) in refs.iter_mut().zip([&required.commit_on, &required.commit_is_tip_of]) {
            if let Some(list) = list {
                *place = self.ref_list(account, list, &rule.name)? + 1;
            }
        }
        let [commit_on, commit_is_tip_of] = refs;
        let (mut approvers, mut no_approvers) = (Vec::new(), Vec::new());
        if let Some(approvals) = &required.approvals {
            approvers = self.approvers(&approvals.approvers.included)?;
            no_approvers = self.approvers(&approvals.approvers.excluded)?;
        }
        if fault::injected(Fault::LostExcludedApprover) {
            no_approvers.clear();
        }
        let plan = self.plan(rule, required.plan.as_ref())?;
        let [creates, updates, replaces, destroys] = plan.limits;
        let windows: Vec<u32> = required.windows.iter().map(|window| self.window(window)).collect();
        let [year, month, day, hour, minute, second] = required.not_after.map_or([0; 6], Timestamp::parts);
        let day = day + u32::from(fault::injected(Fault::LaterMoment));
        let record = RequirementsRecord {
            commit_on,
            commit_is_tip_of,
            includes_tip_of: self.texts_but(&required.includes_tip_of, Fault::LostIncludedTip),
            checks: self.texts_but(&required.checks, Fault::LostCheck),
            approvals: required.approvals.as_ref().map_or(0, |approvals| approvals.count)
                - u32::from(fault::injected(Fault::FewerApprovals) && required.approvals.is_some()),
            approvers: self.tables.list(approvers),
            no_approvers: self.tables.list(no_approvers),
            planned: u32::from(required.planned && !fault::injected(Fault::LostPlanned)),
            plan: plan.limited,
            creates_low: creates.0,
            creates_high: creates.1,
            updates_low: updates.0,
            updates_high: updates.1,
            replaces_low: replaces.0,
            replaces_high: replaces.1,
            destroys_low: destroys.0,
            destroys_high: destroys.1,
            types: plan.types,
            no_rollback: u32::from(required.no_rollback),
            windows: self.tables.list(windows),
            not_after_date: if required.not_after.is_some() { year << 16 | month << 8 | day } else { 0 },
            not_after_time: hour << 16 | minute << 8 | second,
        };
        Ok(self.tables.record(Section::Requirements, &record))
    }

    /// A list of texts, without its last where that mistake is put in.
    fn texts_but(&mut self, texts: &[std::sync::Arc<str>], lost: Fault) -> u32 {
        let texts = match texts.split_last() {
            Some((_, rest)) if fault::injected(lost) => rest,
            _ => texts,
        };
        self.tables.texts(texts.iter().map(|text| &**text))
    }

    fn plan(&mut self, rule: &Rule, plan: Option<&'e PlanLimits>) -> Result<Plan, CompileError> {
        let Some(plan) = plan else { return Ok(Plan::default()) };
        let limits = [plan.creates, plan.updates, plan.replaces, plan.destroys];
        let limited = limits.iter().zip([2, 4, 8, 16]).filter(|(limit, _)| limit.is_some()).map(|(_, bit)| bit);
        let higher = u64::from(fault::injected(Fault::HigherLimit));
        Ok(Plan {
            limited: 1 | limited.sum::<u32>(),
            limits: limits.map(|limit| halves(limit.map_or(0, |limit| limit + higher))),
            types: match &plan.types {
                Some(types) => self.matcher(&list_of(types), "types", &rule.name)? + 1,
                None => 0,
            },
        })
    }

    fn window(&mut self, window: &Window) -> u32 {
        let record = WindowRecord {
            days: window.days.iter().map(|day| 1 << *day as u32).sum(),
            from: window.from.into(),
            to: u32::from(window.to) + u32::from(fault::injected(Fault::LongerWindow)),
            zone: self.tables.text(&window.zone),
        };
        self.tables.record(Section::Windows, &record)
    }

    fn approvers(&mut self, callers: &'e [std::sync::Arc<Caller>]) -> Result<Vec<u32>, CompileError> {
        callers.iter().map(|caller| self.approver(caller)).collect()
    }

    fn approver(&mut self, caller: &'e Caller) -> Result<u32, CompileError> {
        let record = match &caller.kind {
            CallerKind::Principals { principals, sessions, person } => ApproverRecord {
                issuer: 0,
                principals: self.matcher(&list_of(principals), "principals", &caller.name)?,
                sessions: match sessions {
                    Some(sessions) => self.matcher(&list_of(sessions), "sessions", &caller.name)? + 1,
                    None => 0,
                },
                claims: self.tables.list(Vec::new()),
                person: match person {
                    Some(Person::Principal) => 2,
                    // Whoever may approve states `person`, save those listed with `!`, of whom nobody asks it.
                    Some(Person::Session) | None => 1,
                },
                person_claim: 0,
            },
            // B: `bind` is about what is asked, and who approves is not.
            CallerKind::Tokens { issuer, claims, person, bind: _ } => {
                let mut records = Vec::with_capacity(claims.len());
                for claim in claims {
                    let record = self.claim_of_approver(claim, &caller.name)?;
                    records.push(self.tables.record(Section::Claims, &record));
                }
                ApproverRecord {
                    issuer: self.tables.text(issuer.as_str()) + 1,
                    principals: 0,
                    sessions: 0,
                    claims: self.tables.list(records),
                    person: 3,
                    person_claim: self.tables.optional_text(person.as_deref()),
                }
            }
        };
        Ok(self.tables.record(Section::Approvers, &record))
    }

    fn claim_of_approver(&mut self, claim: &'e ClaimCondition, owner: &str) -> Result<ClaimRecord, CompileError> {
        let excluded = List { include: list_of(&claim.patterns).exclude, exclude: Vec::new() };
        Ok(ClaimRecord {
            name: self.tables.text(&claim.name),
            texts: self.matcher(&list_of(&claim.patterns), "claims", owner)?,
            excluded: match excluded.include.is_empty() {
                true => 0,
                false => self.matcher(&excluded, "claims", owner)? + 1,
            },
            excluding: self.tables.set(&[]),
            patterns: self.tables.list(Vec::new()),
        })
    }
}

/// The low and the high word of a number.
fn halves(number: u64) -> (u32, u32) {
    let word = |number: u64| u32::try_from(number & u64::from(u32::MAX)).unwrap_or_default();
    (word(number), word(number >> 32))
}
