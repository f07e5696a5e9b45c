//! What a permit rule requires (section 8, R), requirement by requirement.

use alloc::borrow::Cow;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use super::super::layout::Section;
use super::super::records::{ApproverRecord, ClaimRecord, RefListRecord, RequirementsRecord, WindowRecord};
use super::super::view::{View, with_account_name};
use crate::invocation::Day;

/// What a permit rule requires.
#[derive(Debug, Clone, Copy)]
pub struct RequirementsView<'p> {
    pub(super) view: View<'p>,
    pub(super) account: &'p str,
    pub(super) record: RequirementsRecord,
}

/// A caller who may approve, or may not. Its patterns are automata, so that their texts are not known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApproverView<'p> {
    /// The issuer of tokens; none for IAM principals and local users.
    pub issuer: Option<&'p str>,
    /// The claims that tokens must have.
    pub claims: Vec<&'p str>,
    /// What tells one person from another.
    pub person: PersonView<'p>,
}

/// What tells one person from another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PersonView<'p> {
    /// The name of the session.
    Session,
    /// The principal.
    Principal,
    /// The text of a claim.
    Claim(&'p str),
}

/// What a plan may change at most; none means any number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PlanView {
    /// Resources that are made.
    pub creates: Option<u64>,
    /// Resources that are changed in place.
    pub updates: Option<u64>,
    /// Resources that are destroyed and made again.
    pub replaces: Option<u64>,
    /// Resources that are destroyed, the replaced ones among them.
    pub destroys: Option<u64>,
    /// Whether the types of the touched resources are limited too.
    pub limits_types: bool,
}

/// Hours of some days in one time zone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WindowView<'p> {
    /// The days, from Monday.
    pub days: Vec<Day>,
    /// The first minute: `HH:MM`.
    pub from: String,
    /// The minute after the last: `HH:MM`, up to `24:00`.
    pub to: String,
    /// The zone.
    pub zone: &'p str,
}

impl<'p> RequirementsView<'p> {
    /// The refs that the commit must be on, as the rule's author would write them.
    pub fn commit_on(&self) -> Option<Cow<'p, str>> {
        self.refs(self.record.commit_on)
    }

    /// The refs whose tip the commit must be.
    pub fn commit_is_tip_of(&self) -> Option<Cow<'p, str>> {
        self.refs(self.record.commit_is_tip_of)
    }

    /// The refs whose tips must be reachable from the commit.
    pub fn includes_tip_of(&self) -> impl Iterator<Item = &'p str> {
        self.view.texts(self.record.includes_tip_of)
    }

    /// The checks that must have passed for the commit, as `SOURCE:NAME`.
    pub fn checks(&self) -> impl Iterator<Item = &'p str> {
        self.view.texts(self.record.checks)
    }

    fn refs(&self, list: u32) -> Option<Cow<'p, str>> {
        let list = self.view.optional::<RefListRecord>(Section::RefLists, list)?;
        Some(with_account_name(self.view.text(list.text), self.account))
    }

    /// How many persons must approve; 0 where none must.
    pub const fn approvals(&self) -> u32 {
        self.record.approvals
    }

    /// Who may approve.
    pub fn approvers(&self) -> impl Iterator<Item = ApproverView<'p>> {
        self.callers(self.record.approvers)
    }

    /// Who may not, though one of the approvers.
    pub fn excluded_approvers(&self) -> impl Iterator<Item = ApproverView<'p>> {
        self.callers(self.record.no_approvers)
    }

    fn callers(&self, list: u32) -> impl Iterator<Item = ApproverView<'p>> + use<'p> {
        let view = self.view;
        view.records::<ApproverRecord>(Section::Approvers, list).map(move |approver| ApproverView {
            issuer: view.optional_text(approver.issuer),
            claims: view
                .records::<ClaimRecord>(Section::Claims, approver.claims)
                .map(|claim| view.text(claim.name))
                .collect(),
            person: match approver.person {
                1 => PersonView::Session,
                2 => PersonView::Principal,
                _ => PersonView::Claim(view.optional_text(approver.person_claim).unwrap_or_default()),
            },
        })
    }

    /// Whether a saved plan must have been made by a permitted run.
    pub const fn planned(&self) -> bool {
        self.record.planned != 0
    }

    /// What that plan may change at most.
    pub fn plan(&self) -> Option<PlanView> {
        let record = &self.record;
        let limit =
            |bit: u32, low: u32, high: u32| (record.plan & bit != 0).then_some(u64::from(high) << 32 | u64::from(low));
        (record.plan != 0).then(|| PlanView {
            creates: limit(2, record.creates_low, record.creates_high),
            updates: limit(4, record.updates_low, record.updates_high),
            replaces: limit(8, record.replaces_low, record.replaces_high),
            destroys: limit(16, record.destroys_low, record.destroys_high),
            limits_types: record.types != 0,
        })
    }

    /// Whether the commit must descend from the one started last.
    pub const fn no_rollback(&self) -> bool {
        self.record.no_rollback != 0
    }

    /// The hours of which it must be one.
    pub fn windows(&self) -> impl Iterator<Item = WindowView<'p>> {
        let view = self.view;
        view.records::<WindowRecord>(Section::Windows, self.record.windows).map(move |window| WindowView {
            days: Day::ALL.into_iter().filter(|day| window.days >> (*day as u32) & 1 != 0).collect(),
            from: clock_time(window.from),
            to: clock_time(window.to),
            zone: view.text(window.zone),
        })
    }

    /// The last moment: `YYYY-MM-DDTHH:MM:SSZ`.
    pub fn not_after(&self) -> Option<String> {
        let (date, time) = (self.record.not_after_date, self.record.not_after_time);
        let [year, month, day] = [date >> 16, date >> 8 & 0xff, date & 0xff];
        let [hour, minute, second] = [time >> 16, time >> 8 & 0xff, time & 0xff];
        (date != 0).then(|| format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z"))
    }
}

fn clock_time(minute: u32) -> String {
    format!("{:02}:{:02}", minute / 60, minute % 60)
}
