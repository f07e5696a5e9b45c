//! What must not change a decision or a digest, and in which direction a change may move a decision.

use policy_core::decision::{Outcome, Reason};
use policy_core::reference::Reference;
use serde_json::{Value, json};

use crate::asked::{SPELLINGS, asked, spelled};
use crate::choices::Choices;
use crate::decisions::{checked, decided, seen, written};
use crate::model::Estate;
use crate::{estates, runner};

/// E7, D1: neither order, files, white space, comments nor descriptions decide anything.
#[test]
fn what_only_looks_different_decides_alike() {
    runner::holds(120, |first, second| {
        let model = estates::estate(&mut Choices::new(first));
        let (plain, other) = (checked(&written(&model, &[]))?, checked(&written(&model, second))?);
        let mut choices = Choices::new(second);
        for _ in 0..3 {
            let asked = asked(&model, &mut choices);
            let (one, two) = (decided(&plain, &asked), decided(&other, &asked));
            if one.policy != two.policy || seen(&one) != seen(&two) {
                return Err(format!("{one:?}\n{two:?}\n{:#?}\n{:#?}", written(&model, &[]), written(&model, second)));
            }
        }
        Ok(())
    });
}

/// How far a decision goes.
fn height(outcome: Outcome) -> u8 {
    match outcome {
        Outcome::Deny => 0,
        Outcome::Unmet => 1,
        Outcome::Permit => 2,
    }
}

/// Compares the decisions of a model and a changed one; those of requests whose arguments, command or repository are
/// read otherwise are left out, since a rule also selects what is known (E8, C1).
fn moves(
    first: &[u16],
    second: &[u16],
    change: fn(&mut Estate, usize) -> bool,
    allowed: fn(u8, u8) -> bool,
) -> runner::Outcome {
    let model = estates::estate(&mut Choices::new(first));
    let mut changed = model.clone();
    let mut choices = Choices::new(second);
    if !change(&mut changed, choices.below(100)) {
        return Ok(());
    }
    let (before, after) = (checked(&written(&model, &[]))?, checked(&written(&changed, &[]))?);
    for _ in 0..3 {
        let asked = asked(&model, &mut choices);
        let (one, two) = (decided(&before, &asked), decided(&after, &asked));
        // C1: which repositories differ only in case from a known one is for the rules that are there.
        let of_case = [&one, &two].iter().any(|decision| decision.reason == Reason::MalformedRepository);
        if !of_case && !allowed(height(one.outcome()), height(two.outcome())) {
            let files = (written(&model, &[]), written(&changed, &[]));
            return Err(format!("{one:?} became {two:?}\nfor {}\n{files:#?}", asked.to_json()));
        }
    }
    Ok(())
}

/// Takes one of the rules away for which `which` holds.
fn without_rule(estate: &mut Estate, number: usize, permit: bool) -> bool {
    let names: Vec<String> =
        estate.all_rules().into_iter().filter(|rule| rule.permit == permit).map(|rule| rule.name.clone()).collect();
    if names.is_empty() {
        return false;
    }
    let name = &names[number % names.len()];
    estate.templates.iter_mut().for_each(|template| template.rules.retain(|rule| rule.name != *name));
    estate.accounts.iter_mut().for_each(|account| account.rules.retain(|rule| rule.name != *name));
    estate.forbids.retain(|rule| rule.name != *name);
    true
}

/// E1, E2: one permit more never takes away what was permitted; said backwards, one less never permits more. C1 is an
/// exception, which is left out: a permit makes a repository known, and others that differ from it in case malformed, which
/// `any()` in another permit would permit.
#[test]
fn a_permit_less_never_permits_more() {
    runner::holds(100, |first, second| {
        moves(first, second, |estate, number| without_rule(estate, number, true), |before, after| after <= before)
    });
}

/// E2: a forbid less never denies what was permitted.
#[test]
fn a_forbid_less_never_permits_less() {
    runner::holds(100, |first, second| {
        moves(
            first,
            second,
            |estate, number| without_rule(estate, number, false),
            |before, after| before < 2 || after == 2,
        )
    });
}

/// E5: what needs less shown is not denied more.
#[test]
fn a_requirement_less_is_never_stricter() {
    let change = |estate: &mut Estate, number: usize| {
        let mut rules: Vec<_> = estate.all_rules().into_iter().filter(|rule| rule.require.is_some()).collect();
        let count = rules.len().max(1);
        let Some(rule) = rules.get_mut(number % count) else { return false };
        rule.require = None;
        true
    };
    runner::holds(100, |first, second| moves(first, second, change, |before, after| before <= after));
}

/// D1: an account that is not asked decides nothing.
#[test]
fn another_account_changes_nothing() {
    runner::holds(60, |first, second| {
        let model = estates::estate(&mut Choices::new(first));
        let mut changed = model.clone();
        "renamed".clone_into(&mut changed.accounts[1].name);
        "555555555555".clone_into(&mut changed.accounts[1].id);
        changed.accounts[1].rules.clear();
        let (before, after) = (checked(&written(&model, &[]))?, checked(&written(&changed, second))?);
        let mut asked = asked(&model, &mut Choices::new(second));
        "prod".clone_into(&mut asked.account);
        let (one, two) = (decided(&before, &asked), decided(&after, &asked));
        let same = one.policy == two.policy && seen(&one) == seen(&two);
        if same { Ok(()) } else { Err(format!("{one:?}\n{two:?}")) }
    });
}

/// C1: however a repository is spelled, it is the same one; and a decision is one text, in one order of fields.
#[test]
fn spellings_of_a_repository_decide_alike() {
    const FIELDS: [&str; 12] = [
        "version", "outcome", "reason", "message", "rules", "unmet", "launch", "nearest", "policy", "bundle",
        "language", "engine",
    ];
    runner::holds(60, |first, second| {
        let model = estates::estate(&mut Choices::new(first));
        let estate = checked(&written(&model, &[]))?;
        let asked = asked(&model, &mut Choices::new(second));
        let engine = Reference::new(&estate);
        let decide = |spelling| {
            let mut request = asked.to_json();
            request["repository"] = json!(spelled(&asked.repository, spelling));
            engine.decide_json(request.to_string().as_bytes()).to_json()
        };
        let plain = decide(0);
        let read: Value = serde_json::from_str(&plain).map_err(|error| format!("{error}: {plain}"))?;
        let fields: Vec<&String> = read.as_object().into_iter().flat_map(|object| object.keys()).collect();
        if fields != FIELDS {
            return Err(format!("the fields of a decision are {fields:?}"));
        }
        let other = (0..SPELLINGS).find(|spelling| decide(*spelling) != plain);
        other.map_or(Ok(()), |other| {
            Err(format!("{plain}\nis, spelled {}, {}", spelled(&asked.repository, other), decide(other)))
        })
    });
}
