//! Makes a difference between the engines small before somebody reads it.

use policy_core::reference::Reference;
use serde_json::{Map, Value};

use crate::compare::{agree_as_json, checked, compiled};
use crate::estates::Written;

/// Whether the engines differ about a request; a text that is no policy is no difference.
fn differs(written: &Written, request: &str) -> Option<String> {
    let estate = checked(&written.text()).ok()?;
    match compiled(&estate) {
        Err(error) => Some(error),
        Ok(policy) => agree_as_json(&Reference::new(&estate), &policy, request.as_bytes()).err(),
    }
}

/// Leaves out of a list what the difference does not need: halves first, then smaller parts.
fn without<T: Clone>(list: &mut Vec<T>, mut still: impl FnMut(&[T]) -> bool) {
    let mut part = list.len().div_ceil(2);
    while part > 0 {
        let mut at = 0;
        while at < list.len() {
            let mut fewer = list.clone();
            fewer.drain(at..(at + part).min(list.len()));
            if still(&fewer) {
                *list = fewer;
            } else {
                at += part;
            }
        }
        part /= 2;
    }
}

fn smaller_policy(written: &mut Written, request: &str) {
    let mut forbids = written.forbids.clone();
    without(&mut forbids, |fewer| differs(&Written { forbids: fewer.to_vec(), ..written.clone() }, request).is_some());
    written.forbids = forbids;
    for place in 0..written.accounts.len() {
        let mut rules = written.accounts[place].1.clone();
        without(&mut rules, |fewer| {
            let mut changed = written.clone();
            changed.accounts[place].1 = fewer.to_vec();
            differs(&changed, request).is_some()
        });
        written.accounts[place].1 = rules;
    }
    let mut declared = written.declared.clone();
    without(&mut declared, |fewer| {
        differs(&Written { declared: fewer.to_vec(), ..written.clone() }, request).is_some()
    });
    written.declared = declared;
}

/// Fields of an object, elements of a list: each is left out if it can be.
fn smaller_request(request: &mut Value, path: &[&str], still: &dyn Fn(&Value) -> bool) {
    let inner = path.iter().try_fold(&mut *request, |value, field| value.get_mut(*field));
    let Some(Value::Object(fields)) = inner.map(|inner| inner.clone()) else { return };
    let mut fields: Vec<(String, Value)> = fields.into_iter().collect();
    let with = |fields: &[(String, Value)]| {
        let mut changed = request.clone();
        let inner = path.iter().fold(&mut changed, |value, field| &mut value[*field]);
        *inner = Value::Object(fields.iter().cloned().collect::<Map<_, _>>());
        changed
    };
    without(&mut fields, |fewer| still(&with(fewer)));
    *request = with(&fields);
}

fn smaller_list(request: &mut Value, path: &[&str], still: &dyn Fn(&Value) -> bool) {
    let inner = path.iter().try_fold(&mut *request, |value, field| value.get_mut(*field));
    let Some(Value::Array(mut list)) = inner.map(|inner| inner.clone()) else { return };
    let with = |list: &[Value]| {
        let mut changed = request.clone();
        *path.iter().fold(&mut changed, |value, field| &mut value[*field]) = Value::Array(list.to_vec());
        changed
    };
    without(&mut list, |fewer| still(&with(fewer)));
    *request = with(&list);
}

/// The smallest estate and request found that still differ, and how.
pub(crate) fn smallest(mut written: Written, request: &str) -> (Written, Value, String) {
    let mut value: Value = serde_json::from_str(request).expect("a request is JSON");
    // A number may be another text once it was read.
    let faithful = differs(&written, &value.to_string()).is_some();
    // What is left out of one list lets more be left out of others.
    for _ in 0..2 {
        smaller_policy(&mut written, request);
    }
    if faithful {
        let still = |value: &Value| differs(&written, &value.to_string()).is_some();
        smaller_request(&mut value, &["evidence"], &still);
        smaller_list(&mut value, &["evidence", "approvals"], &still);
        smaller_list(&mut value, &["arguments"], &still);
        smaller_request(&mut value, &["caller", "claims"], &still);
        smaller_request(&mut value, &[], &still);
    }
    let how = differs(&written, request).unwrap_or_else(|| "differ no more".to_owned());
    (written, value, how)
}
