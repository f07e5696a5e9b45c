//! R: what rules require.

use super::product::List;
use super::{Proved, Prover, list_of};
use crate::bundle::layout::Section;
use crate::bundle::records::{ApproverRecord, ClaimRecord, RequirementsRecord, WindowRecord};
use crate::estate::{Caller, CallerKind, PatternList, Person, PlanLimits, Requirements};
use crate::invocation::{Day, Timestamp};

impl<'e> Prover<'_, 'e> {
    pub(super) fn requirements(&mut self, account: &str, reference: u32, required: Option<&'e Requirements>) -> Proved {
        let record: Option<RequirementsRecord> = self.view.optional(Section::Requirements, reference);
        self.equal("rules", "whether something is required", &record.is_some(), &required.is_some())?;
        let (Some(record), Some(required)) = (record, required) else { return Ok(()) };
        self.optional_refs(account, record.commit_on, required.commit_on.as_ref())?;
        self.optional_refs(account, record.commit_is_tip_of, required.commit_is_tip_of.as_ref())?;
        for (what, list, should) in [
            ("the refs whose tips are included", record.includes_tip_of, &required.includes_tip_of),
            ("the checks", record.checks, &required.checks),
        ] {
            let is: Vec<&str> = self.view.texts(list).collect();
            let should: Vec<&str> = should.iter().map(|text| &**text).collect();
            self.equal("requirements", what, &is, &should)?;
        }
        let count = required.approvals.as_ref().map_or(0, |approvals| approvals.count);
        self.equal("requirements", "the number of approvals", &record.approvals, &count)?;
        let approvers = required.approvals.as_ref().map(|approvals| &approvals.approvers);
        for (list, should) in [
            (record.approvers, approvers.map(|names| &names.included)),
            (record.no_approvers, approvers.map(|names| &names.excluded)),
        ] {
            let is: Vec<ApproverRecord> = self.view.records(Section::Approvers, list).collect();
            let should = should.map_or(&[][..], |callers| callers);
            self.equal("requirements", "the number of approvers", &is.len(), &should.len())?;
            for (record, caller) in is.iter().zip(should) {
                self.approver(record, caller)?;
            }
        }
        let flags = (record.planned, record.no_rollback);
        let should = (u32::from(required.planned), u32::from(required.no_rollback));
        self.equal("requirements", "`planned` and `no_rollback`", &flags, &should)?;
        self.plan(&record, required.plan.as_ref())?;
        self.windows(&record, required)?;
        let last = required.not_after.map_or((0, 0), Timestamp::words);
        self.equal("requirements", "the last moment", &(record.not_after_date, record.not_after_time), &last)
    }

    fn plan(&mut self, record: &RequirementsRecord, plan: Option<&PlanLimits>) -> Proved {
        let is = [
            (record.plan & 2 != 0, record.creates_low, record.creates_high),
            (record.plan & 4 != 0, record.updates_low, record.updates_high),
            (record.plan & 8 != 0, record.replaces_low, record.replaces_high),
            (record.plan & 16 != 0, record.destroys_low, record.destroys_high),
        ];
        let is = is.map(|(limited, low, high)| limited.then_some(u64::from(high) << 32 | u64::from(low)));
        let should = plan.map_or([None; 4], |plan| [plan.creates, plan.updates, plan.replaces, plan.destroys]);
        self.equal("requirements", "the limits of the plan", &is, &should)?;
        self.equal("requirements", "whether the plan is limited", &(record.plan & 1 != 0), &plan.is_some())?;
        let types = plan.and_then(|plan| plan.types.as_ref());
        self.equal("requirements", "whether its types are limited", &(record.types != 0), &types.is_some())?;
        match (record.types.checked_sub(1), types) {
            (Some(automaton), Some(types)) => self.matcher("the types of a plan", automaton, list_of(types)),
            _ => Ok(()),
        }
    }

    fn windows(&mut self, record: &RequirementsRecord, required: &Requirements) -> Proved {
        let windows: Vec<WindowRecord> = self.view.records(Section::Windows, record.windows).collect();
        self.equal("requirements", "the number of windows", &windows.len(), &required.windows.len())?;
        for (is, should) in windows.iter().zip(&required.windows) {
            for (bit, day) in Day::ALL.iter().enumerate() {
                self.equal("windows", "a day", &(is.days >> bit & 1 != 0), &should.days.contains(day))?;
            }
            let hours = (u32::from(should.from), u32::from(should.to));
            self.equal("windows", "the hours", &(is.from, is.to), &hours)?;
            self.text("windows", "the zone", is.zone, &should.zone)?;
        }
        Ok(())
    }

    fn approver(&mut self, record: &ApproverRecord, caller: &'e Caller) -> Proved {
        match &caller.kind {
            CallerKind::Principals { principals, sessions, person } => {
                self.equal("approvers", "whether an approver is a token", &(record.issuer != 0), &false)?;
                self.matcher("an approver", record.principals, list_of(principals))?;
                self.equal("approvers", "whether sessions are asked", &(record.sessions != 0), &sessions.is_some())?;
                if let (Some(automaton), Some(sessions)) = (record.sessions.checked_sub(1), sessions) {
                    self.matcher("the sessions of an approver", automaton, list_of(sessions))?;
                }
                // Of those listed with `!` nobody asks which person they are.
                let person = person.map_or(record.person, |person| if person == Person::Session { 1 } else { 2 });
                self.equal("approvers", "what tells persons apart", &record.person, &person)
            }
            CallerKind::Tokens { issuer, claims, person, bind: _ } => {
                let is = self.view.optional_text(record.issuer);
                self.equal("approvers", "the issuer of an approver", &is, &Some(issuer.as_str()))?;
                let records: Vec<ClaimRecord> = self.view.records(Section::Claims, record.claims).collect();
                self.equal("approvers", "the number of claims", &records.len(), &claims.len())?;
                for (is, should) in records.iter().zip(claims) {
                    self.text("claims", "the name of a claim", is.name, &should.name)?;
                    self.matcher("a claim of an approver", is.texts, list_of(&should.patterns))?;
                    self.claim_of_approver(is, &should.patterns)?;
                }
                let is = (record.person, self.view.optional_text(record.person_claim));
                self.equal("approvers", "what tells persons apart", &is, &(3, person.as_deref()))
            }
        }
    }

    /// C6: the members of an approver's claim with `!`. Of callers that are no approvers nothing stands there.
    fn claim_of_approver(&mut self, is: &ClaimRecord, patterns: &'e PatternList) -> Proved {
        let there = is.excluded != 0;
        self.equal("claims", "whether an approver has members with `!`", &there, &!patterns.exclude.is_empty())?;
        if let Some(automaton) = is.excluded.checked_sub(1) {
            let members = List { include: list_of(patterns).exclude, exclude: Vec::new() };
            self.matcher("members of an approver's claim with `!`", automaton, members)?;
        }
        self.same_set("the callers of an approver's claim", is.excluding, &[])?;
        self.equal("claims", "the texts of an approver's claim", &self.view.texts(is.patterns).count(), &0)
    }
}
