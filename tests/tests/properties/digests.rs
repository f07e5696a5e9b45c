//! D1: whatever decides in an account is in its digest.

use std::sync::Arc;

use policy_core::decision::Digest;
use policy_core::reference::Reference;

use crate::choices::Choices;
use crate::decisions::{checked, written};
use crate::glob::Glob;
use crate::model::{CallerKind, Estate, Names, Pattern, RefPattern, Spelling};
use crate::{estates, runner};

fn digest(model: &Estate) -> Result<Option<Digest>, String> {
    let estate = checked(&written(model, &[]))?;
    let request = br#"{"account": "prod", "caller": {"principal": "arn:aws:iam::111111111111:root"},
        "repository": "github.com/acme/live", "ref": "refs/heads/main", "path": "x", "command": "plan"}"#;
    Ok(Reference::new(&estate).decide_json(request).policy)
}

/// A pattern that stands in no random estate.
fn fresh() -> Pattern {
    Pattern::Of(Glob::literal("zzz"), Spelling::Plain)
}

type Change = fn(&mut Estate) -> bool;

/// Each changes one thing that decides in the account `prod`, if it has such a thing.
const CHANGES: &[(&str, Change)] = &[
    ("id", |estate| {
        "999999999999".clone_into(&mut estate.accounts[0].id);
        true
    }),
    ("rule name", |estate| {
        each(estate, |rule| {
            rule.name.push('!');
            true
        })
    }),
    ("paths", |estate| {
        each(estate, |rule| {
            rule.paths.as_mut().is_some_and(|list| {
                list.include.push(fresh());
                true
            })
        })
    }),
    ("paths taken away", |estate| {
        each(estate, |rule| {
            rule.paths.as_mut().is_some_and(|list| {
                list.exclude.push(fresh());
                true
            })
        })
    }),
    ("refs", |estate| {
        each(estate, |rule| {
            rule.refs.as_mut().is_some_and(|list| {
                list.include.push(RefPattern::Tag(fresh()));
                true
            })
        })
    }),
    ("requirements", |estate| {
        each(estate, |rule| {
            rule.require.as_mut().is_some_and(|found| {
                found.no_rollback = !found.no_rollback;
                found.planned || found.no_rollback || found.commit_on.is_some()
            })
        })
    }),
    ("a rule", |estate| estate.accounts[0].rules.pop().is_some()),
    ("all forbids", |estate| {
        let had = !estate.forbids.is_empty();
        estate.forbids.clear();
        had
    }),
];

fn each(estate: &mut Estate, mut change: impl FnMut(&mut crate::model::Rule) -> bool) -> bool {
    estate.accounts[0].rules.first_mut().is_some_and(&mut change)
}

#[test]
fn what_decides_is_in_the_digest() {
    runner::holds(40, |first, _| {
        let model = estates::estate(&mut Choices::new(first));
        let before = digest(&model)?;
        for (what, change) in CHANGES {
            let mut changed = model.clone();
            if change(&mut changed) && digest(&changed)? == before {
                return Err(format!(
                    "{what}: the digest is the same\n{:#?}\n{:#?}",
                    written(&model, &[]),
                    written(&changed, &[])
                ));
            }
        }
        Ok(())
    });
}

/// What rules select is in the digest, what they do not select is not.
#[test]
fn what_is_selected_is_in_the_digest_and_nothing_else() {
    runner::holds(50, |first, _| {
        let model = estates::estate(&mut Choices::new(first));
        let before = digest(&model)?;
        let selected = |name: &str| {
            let rules = model.rules(&model.accounts[0]);
            rules.iter().filter_map(|rule| rule.callers.as_ref()).any(|names| takes_part(names, name))
        };
        for index in 0..model.callers.len() {
            let mut changed = model.clone();
            let caller = &mut changed.callers[index];
            match &mut caller.kind {
                CallerKind::Principals { sessions, .. } => {
                    *sessions =
                        sessions.is_none().then(|| crate::model::List { include: vec![fresh()], exclude: vec![] });
                }
                CallerKind::Tokens { issuer, .. } => issuer.push_str("/x"),
            }
            let name: Arc<str> = caller.name.as_str().into();
            if (digest(&changed)? != before) != selected(&name) {
                return Err(format!("`{name}` is selected: {}\n{:#?}", selected(&name), written(&model, &[])));
            }
        }
        Ok(())
    });
}

/// Beside `any()` the negated callers are selected, and beside names those that are left and, since P1 lets them decide
/// too, those that are taken away.
fn takes_part(names: &Names, caller: &str) -> bool {
    let listed = |patterns: &[String]| patterns.iter().any(|pattern| crate::matching::wildcard(pattern, caller));
    listed(&names.list.exclude) || listed(&names.list.include)
}
