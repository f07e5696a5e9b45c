//! The engine against the oracle.

use std::cell::RefCell;
use std::collections::BTreeMap;

use policy_core::decision::Decision;
use policy_core::reference::Reference;
use policy_core::{Estate, PolicyFile, check};
use serde_json::json;

use crate::asked::{Asked, asked};
use crate::choices::Choices;
use crate::hcl::Writer;
use crate::model;
use crate::oracle::{Expected, expected};
use crate::{estates, found, runner};

/// The files of an estate, written to the taste of `numbers`.
pub(crate) fn written(estate: &model::Estate, numbers: &[u16]) -> Vec<(String, String)> {
    Writer { taste: &mut Choices::new(numbers) }.files(estate)
}

/// The engine's estate; a random estate is valid, so that any mistake found in it is a failure.
pub(crate) fn checked(files: &[(String, String)]) -> Result<Estate, String> {
    let report = check(files.iter().map(|(name, text)| PolicyFile::new(name, text.as_str())).collect());
    report.estate.ok_or_else(|| {
        let said: Vec<String> = report
            .diagnostics
            .iter()
            .map(|found| format!("{} {}: `{}`", found.code.as_str(), found.message, report.sources.text(found.span)))
            .collect();
        let texts: Vec<String> = files.iter().map(|(name, text)| format!("\n--- {name}\n{text}")).collect();
        format!("a valid estate does not check:\n{}{}", said.join("\n"), texts.concat())
    })
}

pub(crate) fn decided(estate: &Estate, asked: &Asked) -> Decision<'static> {
    Reference::new(estate).decide_json(asked.to_json().to_string().as_bytes())
}

pub(crate) fn seen(decision: &Decision<'_>) -> (String, Vec<String>, Vec<&'static str>) {
    let rules = decision.rules.iter().map(|rule| rule.name.to_string()).collect();
    (decision.reason.as_str().to_owned(), rules, decision.unmet.clone())
}

#[test]
fn decisions_are_those_of_the_model() {
    let reasons: RefCell<BTreeMap<String, u32>> = RefCell::default();
    runner::holds(600, |first, second| {
        let mut choices = Choices::new(second);
        let model = estates::estate(&mut Choices::new(first));
        let files = written(&model, second);
        let estate = checked(&files)?;
        for _ in 0..4 {
            let asked = asked(&model, &mut choices);
            let (decision, expected) = (decided(&estate, &asked), expected(&model, &asked));
            *reasons.borrow_mut().entry(decision.reason.as_str().to_owned()).or_default() += 1;
            agree(&model, &asked, &decision, &expected)?;
        }
        Ok(())
    });
    let reasons = reasons.into_inner();
    for reason in ["permitted", "forbidden", "no-permit", "requirements-unmet", "argument-refused", "malformed-path"] {
        assert!(reasons.get(reason).is_some_and(|count| *count > 20), "too few of {reason}: {reasons:?}");
    }
}

fn agree(model: &model::Estate, asked: &Asked, decision: &Decision<'_>, expected: &Expected) -> runner::Outcome {
    let (reason, rules, unmet) = seen(decision);
    if (reason.as_str(), &rules, &unmet) == (expected.0, &expected.1, &expected.2) {
        return Ok(());
    }
    let outcome = match expected.0 {
        "permitted" => "permit",
        "requirements-unmet" => "unmet",
        _ => "deny",
    };
    let expect = json!({"outcome": outcome, "reason": expected.0, "rules": expected.1, "unmet": expected.2});
    let folder = found::keep("decision", &written(model, &[]), &asked.to_json(), &expect);
    let got = format!("{reason} {rules:?} {unmet:?} ({})", decision.message);
    Err(format!("decided {got}, not {expected:?}; kept in {}\nasked {}", folder.display(), asked.to_json()))
}
