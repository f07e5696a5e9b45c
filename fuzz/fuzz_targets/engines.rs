//! The compiled engine and the reference say the same of any request: of any bytes, and of what the cases of the fixtures
//! ask with fields of one put into another and texts changed.

#![no_main]

use arbitrary::Unstructured;
use libfuzzer_sys::fuzz_target;
use policy_core::bundle::Policy;
use policy_core::decision::{Decision, Engine};
use policy_core::reference::Reference;
use portcullis_fuzz::{ESTATES, Real};
use serde_json::{Map, Value};

const CHANGES: usize = 6;

fuzz_target!(|input: &[u8]| {
    let mut choices = Unstructured::new(input);
    let Ok(number) = choices.arbitrary::<u8>() else { return };
    let real = &ESTATES[usize::from(number) % ESTATES.len()];
    match number {
        // Such as a whole request does not begin with.
        0xf0.. => agree(real, choices.take_rest()),
        _ => {
            let Some(request) = request(real, &mut choices) else { return };
            agree(real, &serde_json::to_vec(&request).expect("a request is JSON"));
        }
    }
});

fn agree(real: &Real, request: &[u8]) {
    let policy: &Policy = &real.policy;
    let shared = |decision: Decision<'_>| {
        Decision { engine: Engine::Reference, message: String::new(), bundle: None, ..decision }.to_json()
    };
    let expected = Reference::new(&real.estate).decide_json(request);
    let (verdict, explained) = (policy.decide_json(request), policy.explain_json(request));
    assert_eq!((verdict.reason(), verdict.policy()), (expected.reason, expected.policy));
    assert_eq!(shared(explained), shared(expected));
}

/// What a case asks, with some of it as another case has it, or as nobody has.
fn request(real: &Real, choices: &mut Unstructured<'_>) -> Option<Map<String, Value>> {
    let mut request = choices.choose(&real.requests).ok()?.clone();
    for _ in 0..CHANGES {
        if choices.is_empty() {
            break;
        }
        let other = match choices.ratio(1_u8, 8) {
            Ok(true) => choices.choose(&ESTATES).ok()?,
            _ => real,
        };
        let other = choices.choose(&other.requests).ok()?;
        let (field, value) = choices.choose_iter(other.iter()).ok()?;
        let mut value = value.clone();
        if choices.ratio(1_u8, 2).ok()? {
            change(&mut value, choices);
        }
        request.insert(field.clone(), value);
    }
    Some(request)
}

/// Changes something inside a value.
fn change(value: &mut Value, choices: &mut Unstructured<'_>) {
    match value {
        Value::Object(fields) if !fields.is_empty() => {
            let at = choices.choose_index(fields.len()).unwrap_or_default();
            fields.values_mut().nth(at).into_iter().for_each(|inner| change(inner, choices));
        }
        Value::Array(members) if !members.is_empty() => {
            let at = choices.choose_index(members.len()).unwrap_or_default();
            match choices.ratio(1_u8, 4) {
                Ok(true) => members.extend_from_within(at..=at),
                _ => change(&mut members[at], choices),
            }
        }
        Value::String(text) => {
            let mut places: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
            places.push(text.len());
            let at = *choices.choose(&places).unwrap_or(&0);
            match choices.arbitrary::<Option<char>>() {
                Ok(Some(character)) => text.insert(at, character),
                _ if at < text.len() => drop(text.remove(at)),
                _ => text.push(choices.int_in_range(b' '..=b'~').unwrap_or_default().into()),
            }
        }
        Value::Number(_) => *value = choices.arbitrary::<u32>().unwrap_or_default().into(),
        Value::Bool(truth) => *truth = !*truth,
        _ => *value = Value::Null,
    }
}
