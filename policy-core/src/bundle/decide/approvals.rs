//! R, `approvals`: how many distinct persons approved, none of whom is the caller.

use alloc::vec::Vec;

use super::super::layout::Section;
use super::super::records::{ApproverRecord, ClaimRecord, RequirementsRecord};
use super::super::view::View;
use super::asked::Who;
use crate::invocation::{Claim, Claims, Identity};
use crate::text::sort;

/// Approvals, and texts of persons, that fit on the stack.
const ROOM: usize = 64;

/// What tells one person from another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Person<'a> {
    Session(&'a str),
    Principal(&'a str),
    /// The issuer and the claim's text; which claim it is makes no difference.
    Claim(&'a str, &'a str),
}

/// A growing list, on the stack while it is short.
struct Room<T> {
    near: [T; ROOM],
    count: usize,
    far: Vec<T>,
}

impl<T: Copy> Room<T> {
    fn new(empty: T) -> Self {
        Self { near: [empty; ROOM], count: 0, far: Vec::new() }
    }

    fn push(&mut self, item: T) {
        match self.near.get_mut(self.count) {
            Some(place) if self.far.is_empty() => {
                *place = item;
                self.count += 1;
            }
            _ => {
                if self.far.is_empty() {
                    self.far.extend_from_slice(&self.near);
                }
                self.far.push(item);
            }
        }
    }

    fn items(&mut self) -> &mut [T] {
        if self.far.is_empty() { self.near.get_mut(..self.count).unwrap_or_default() } else { &mut self.far }
    }
}

/// One approval by somebody who may approve.
#[derive(Clone, Copy)]
struct Approval {
    /// Another approval by the same person, or itself.
    same: usize,
    /// It is the caller's own.
    own: bool,
    /// Its identity can count at all.
    counts: bool,
}

/// What an element of a list that is neither text, number nor boolean means for a claim with `!` members (C6).
#[derive(Clone, Copy, PartialEq, Eq)]
enum Odd {
    /// The claim does not match.
    Refused,
    /// Nothing.
    SetAside,
}

/// Who may approve.
#[derive(Clone, Copy)]
struct Approvers<'p> {
    view: View<'p>,
    included: u32,
    excluded: u32,
}

/// The number of persons who approved.
pub(super) fn count(view: View<'_>, required: &RequirementsRecord, caller: Who<'_>, identities: &[Identity]) -> usize {
    let approvers = Approvers { view, included: required.approvers, excluded: required.no_approvers };
    let mut approvals = Room::new(Approval { same: 0, own: false, counts: false });
    let mut persons = Room::new((Person::Session(""), 0_usize));
    let mut number = 0;
    for identity in identities {
        let identity = Who::from(identity);
        if !approvers.has(identity) {
            continue;
        }
        let mut named = false;
        approvers.any_person(identity, Approvers::is, &mut |person| {
            persons.push((person, number));
            named = true;
            false
        });
        if named {
            let own = approvers.is_own(caller, identity);
            approvals.push(Approval { same: number, own, counts: has_subject(identity) });
            number += 1;
        }
    }
    let approvals = approvals.items();
    // Approvals that agree in one of their persons are one person.
    let persons = persons.items();
    sort(persons);
    for pair in persons.windows(2) {
        if let [(left, one), (right, other)] = pair
            && left == right
        {
            join(approvals, *one, *other);
        }
    }
    let mut count = 0;
    for (one, person) in approvals.iter().enumerate() {
        count += usize::from(person.same == one && person.counts && !person.own);
    }
    count
}

/// The approval that stands for all of its person.
fn first(approvals: &[Approval], mut one: usize) -> usize {
    while let Some(approval) = approvals.get(one).filter(|approval| approval.same != one) {
        one = approval.same;
    }
    one
}

/// Makes two approvals those of one person.
fn join(approvals: &mut [Approval], one: usize, other: usize) {
    let (one, other) = (first(approvals, one), first(approvals, other));
    let (one, other) = (one.min(other), one.max(other));
    let Some(joined) = approvals.get(other).copied().filter(|_| one != other) else { return };
    if let Some(person) = approvals.get_mut(one) {
        person.own |= joined.own;
        person.counts |= joined.counts;
    }
    if let Some(approval) = approvals.get_mut(other) {
        approval.same = one;
    }
}

impl<'p> Approvers<'p> {
    fn records(self, list: u32) -> impl Iterator<Item = ApproverRecord> + 'p {
        self.view.records(Section::Approvers, list)
    }

    /// P1: whether an identity may approve. Of those with `!` it suffices that it may be one.
    fn has(self, identity: Who<'_>) -> bool {
        self.records(self.included).any(|approver| self.is(identity, &approver))
            && !self.records(self.excluded).any(|approver| {
                self.is_of_session(identity, &approver) && self.may_be_in_any_session(identity, &approver)
            })
    }

    /// C6: whether an identity is one of an approver.
    fn is(self, identity: Who<'_>, approver: &ApproverRecord) -> bool {
        self.is_of_session(identity, approver) && self.is_in_any_session(identity, approver, Odd::Refused)
    }

    fn is_of_session(self, identity: Who<'_>, approver: &ApproverRecord) -> bool {
        match identity {
            Who::Principal { session, .. } => {
                approver.sessions.checked_sub(1).is_none_or(|sessions| self.view.matches(sessions, session))
            }
            Who::Token { .. } => true,
        }
    }

    /// The same with the `sessions` of the block set aside, as it is read where a match denies.
    fn may_be_in_any_session(self, identity: Who<'_>, approver: &ApproverRecord) -> bool {
        self.is_in_any_session(identity, approver, Odd::SetAside)
    }

    fn is_in_any_session(self, identity: Who<'_>, approver: &ApproverRecord, odd: Odd) -> bool {
        let view = self.view;
        match (identity, view.optional_text(approver.issuer)) {
            (Who::Principal { principal, .. }, None) => view.matches(approver.principals, principal),
            (Who::Token { issuer: of_token, claims }, Some(issuer)) => {
                let has = |claim: ClaimRecord| {
                    claims.get(view.text(claim.name)).is_some_and(|given| self.claim_matches(&claim, given, odd))
                };
                of_token == issuer && view.records(Section::Claims, approver.claims).all(has)
            }
            _ => false,
        }
    }

    /// C6: of a list one element matches, and none is taken away.
    fn claim_matches(self, claim: &ClaimRecord, given: &Claim, odd: Odd) -> bool {
        let one = |automaton: u32| given.matchable().any(|text| self.view.matches(automaton, text));
        one(claim.texts)
            && claim
                .excluded
                .checked_sub(1)
                .filter(|_| given.is_list())
                .is_none_or(|excluded| !one(excluded) && (odd == Odd::SetAside || !given.has_odd_element()))
    }

    /// Whether one of the persons that an identity is, as each block says that `matches` it, is `wanted`.
    fn any_person<'a>(
        self,
        identity: Who<'a>,
        matches: fn(Self, Who<'_>, &ApproverRecord) -> bool,
        wanted: &mut dyn FnMut(Person<'a>) -> bool,
    ) -> bool {
        for approver in self.records(self.included) {
            if matches(self, identity, &approver) && self.person(identity, &approver).is_some_and(&mut *wanted) {
                return true;
            }
        }
        false
    }

    /// The person that an identity is by one block; none where it has no such text.
    fn person<'a>(self, identity: Who<'a>, approver: &ApproverRecord) -> Option<Person<'a>> {
        match (identity, approver.person) {
            (Who::Principal { session, .. }, 1) => {
                Some(session).filter(|session| !session.is_empty()).map(Person::Session)
            }
            (Who::Principal { principal, .. }, 2) => Some(Person::Principal(principal)),
            (Who::Token { issuer, claims }, 3) => {
                let text = claims.get(self.view.optional_text(approver.person_claim)?)?.text()?;
                Some(Person::Claim(issuer, text))
            }
            _ => None,
        }
    }

    /// Whether an approval is the caller's own.
    fn is_own(self, caller: Who<'_>, approval: Who<'_>) -> bool {
        let in_any = Self::may_be_in_any_session;
        if self.any_person(caller, in_any, &mut |own| self.any_person(approval, in_any, &mut |person| person == own)) {
            return true;
        }
        match (caller, approval) {
            (
                Who::Principal { principal: caller, session: "", .. },
                Who::Principal { principal: approval, session: "", .. },
            ) => caller == approval,
            (Who::Principal { session, .. }, Who::Principal { session: of_approval, .. }) => session == of_approval,
            (Who::Token { issuer: caller, claims }, Who::Token { issuer: approval, claims: of_approval }) => {
                // Without a text `sub` the caller could be anybody of its issuer.
                caller == approval && subject(claims).is_none_or(|own| subject(of_approval) == Some(own))
            }
            _ => false,
        }
    }
}

fn subject(claims: &Claims) -> Option<&str> {
    claims.get("sub")?.text()
}

/// An approval by a token without a text `sub` is not counted.
fn has_subject(identity: Who<'_>) -> bool {
    match identity {
        Who::Principal { .. } => true,
        Who::Token { claims, .. } => subject(claims).is_some(),
    }
}
