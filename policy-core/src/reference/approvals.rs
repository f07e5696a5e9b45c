//! R, `approvals`: how many distinct persons approved, none of whom is the caller.

use std::collections::BTreeSet;

use crate::estate::{Caller, CallerKind, Names, Person};
use crate::invocation::{Identity, Token};

use super::matching::{Consequence, is_caller, list_matches, may_approve};

/// What tells one person from another.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum PersonText {
    Session(String),
    Principal(String),
    /// The issuer and the claim's text; which claim it is makes no difference.
    Claim(String, String),
}

/// One approval by somebody who may approve.
struct Approval {
    persons: BTreeSet<PersonText>,
    /// It is the caller's own.
    own: bool,
    /// Its identity can count at all.
    counts: bool,
}

/// The number of persons who approved.
pub(super) fn count(approvers: &Names<Caller>, caller: &Identity, identities: &[Identity]) -> usize {
    let mut groups: Vec<Approval> = Vec::new();
    for identity in identities.iter().filter(|identity| may_approve(identity, approvers)) {
        let approval = Approval {
            persons: persons(approvers, identity, |identity, block| is_caller(identity, block, Consequence::Admits)),
            own: is_own(approvers, caller, identity),
            counts: has_subject(identity),
        };
        if !approval.persons.is_empty() {
            add(&mut groups, approval);
        }
    }
    groups.iter().filter(|group| group.counts && !group.own).count()
}

/// Approvals that agree in one of their persons are one person: joins the new one with all that it agrees with.
fn add(groups: &mut Vec<Approval>, mut approval: Approval) {
    let (same, others): (Vec<_>, Vec<_>) =
        groups.drain(..).partition(|group| !group.persons.is_disjoint(&approval.persons));
    for group in same {
        approval.persons.extend(group.persons);
        approval.own |= group.own;
        approval.counts |= group.counts;
    }
    *groups = others;
    groups.push(approval);
}

/// The persons that an identity is, as each approver block says that `matches` it.
fn persons(
    approvers: &Names<Caller>,
    identity: &Identity,
    matches: fn(&Identity, &Caller) -> bool,
) -> BTreeSet<PersonText> {
    let blocks = approvers.included.iter().filter(|block| matches(identity, block));
    blocks.filter_map(|block| person(identity, block)).collect()
}

/// The person that an identity is by one block; none where it has no such text.
fn person(identity: &Identity, block: &Caller) -> Option<PersonText> {
    match (identity, &block.kind) {
        (Identity::Principal(principal), CallerKind::Principals { person, .. }) => match (*person)? {
            Person::Session if principal.session().is_empty() => None,
            Person::Session => Some(PersonText::Session(principal.session().to_owned())),
            Person::Principal => Some(PersonText::Principal(principal.principal().to_owned())),
        },
        (Identity::Token(token), CallerKind::Tokens { person, .. }) => {
            let text = token.claims.get(person.as_deref()?)?.text()?;
            Some(PersonText::Claim(token.issuer.as_str().to_owned(), text.to_owned()))
        }
        _ => None,
    }
}

/// Whether an identity is one of a block when the block's `sessions` are set aside.
fn is_caller_in_any_session(identity: &Identity, block: &Caller) -> bool {
    match (identity, &block.kind) {
        (Identity::Principal(principal), CallerKind::Principals { principals, .. }) => {
            list_matches(principals, principal.principal())
        }
        _ => is_caller(identity, block, Consequence::Denies),
    }
}

/// Whether an approval is the caller's own.
fn is_own(approvers: &Names<Caller>, caller: &Identity, approval: &Identity) -> bool {
    let of_caller = persons(approvers, caller, is_caller_in_any_session);
    let of_approval = persons(approvers, approval, is_caller_in_any_session);
    if !of_caller.is_disjoint(&of_approval) {
        return true;
    }
    match (caller, approval) {
        (Identity::Principal(caller), Identity::Principal(approval)) => {
            if caller.session().is_empty() && approval.session().is_empty() {
                caller.principal() == approval.principal()
            } else {
                caller.session() == approval.session()
            }
        }
        (Identity::Token(caller), Identity::Token(approval)) => {
            // Without a text `sub` the caller could be anybody of its issuer.
            caller.issuer == approval.issuer && subject(caller).is_none_or(|own| subject(approval) == Some(own))
        }
        _ => false,
    }
}

fn subject(token: &Token) -> Option<&str> {
    token.claims.get("sub")?.text()
}

/// An approval by a token without a text `sub` is not counted.
fn has_subject(identity: &Identity) -> bool {
    match identity {
        Identity::Principal(_) => true,
        Identity::Token(token) => subject(token).is_some(),
    }
}
