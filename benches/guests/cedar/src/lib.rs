//! cedar-policy in WebAssembly, in two forms: its library with all kept that can be kept, and the functions that its own
//! package for JavaScript exports.

use std::cell::RefCell;
use std::str::FromStr as _;

use cedar_policy::ffi::{self, AuthorizationAnswer, CheckParseAnswer, StatefulAuthorizationCall};
use cedar_policy::{Authorizer, Context, Decision, Entities, EntityUid, PolicySet, Request};
use serde_json::Value;

/// The form that is the library: policies and entities are parsed once.
const LIBRARY: i32 = 0;

/// What the host calls the policies in its requests to `statefulIsAuthorized`.
const POLICIES: &str = "policies";

struct State {
    form: i32,
    authorizer: Authorizer,
    policies: PolicySet,
    entities: Entities,
    requests: Vec<Request>,
}

thread_local! {
    static STATE: RefCell<Option<State>> = const { RefCell::new(None) };
}

/// Where the host writes.
#[unsafe(no_mangle)]
pub extern "C" fn guest_input(length: usize) -> *mut u8 {
    shared::input(length)
}

/// Where the last answer is.
#[unsafe(no_mangle)]
pub extern "C" fn guest_answer() -> u64 {
    shared::answer()
}

/// Reads the policies.
#[unsafe(no_mangle)]
pub extern "C" fn guest_load(form: i32, length: usize) -> i32 {
    shared::with_input(length, |text| {
        let mut policies = PolicySet::new();
        if form == LIBRARY {
            policies = PolicySet::from_str(text).map_err(|error| error.to_string())?;
        } else {
            let text = Value::from(text);
            let set = serde_json::from_value(serde_json::json!({ "staticPolicies": text }))
                .map_err(|error| error.to_string())?;
            if let CheckParseAnswer::Failure { errors } = ffi::preparse_policy_set(POLICIES.to_owned(), set) {
                return Err(format!("{errors:?}"));
            }
        }
        let (authorizer, entities) = (Authorizer::new(), Entities::empty());
        STATE.set(Some(State { form, authorizer, policies, entities, requests: Vec::new() }));
        Ok(0)
    })
}

/// Keeps a request, and returns its number.
#[unsafe(no_mangle)]
pub extern "C" fn guest_prepare(length: usize) -> i32 {
    shared::with_input(length, |json| {
        let request = request(json)?;
        with_state(|state| {
            state.requests.push(request);
            Ok(state.requests.len() as i32 - 1)
        })
    })
}

/// Decides a request that was kept: 1 if it is permitted.
#[unsafe(no_mangle)]
pub extern "C" fn guest_decide_prepared(number: usize) -> i32 {
    STATE.with_borrow(|state| {
        let state = state.as_ref().expect("policies are loaded");
        let response = state.authorizer.is_authorized(&state.requests[number], &state.policies, &state.entities);
        (response.decision() == Decision::Allow).into()
    })
}

/// Decides a request of JSON: 1 if it is permitted.
#[unsafe(no_mangle)]
pub extern "C" fn guest_decide(length: usize) -> i32 {
    shared::with_input(length, |json| {
        with_state(|state| match state.form {
            LIBRARY => {
                let response = state.authorizer.is_authorized(&request(json)?, &state.policies, &state.entities);
                Ok((response.decision() == Decision::Allow).into())
            }
            _ => match stateful(json)? {
                AuthorizationAnswer::Success { response, .. } => Ok((response.decision() == Decision::Allow).into()),
                AuthorizationAnswer::Failure { errors, .. } => Err(format!("{errors:?}")),
            },
        })
    })
}

/// From JSON to JSON: returns the length of the answer.
#[unsafe(no_mangle)]
pub extern "C" fn guest_decide_json(length: usize) -> i32 {
    shared::with_input(length, |json| {
        let answer = with_state(|state| match state.form {
            LIBRARY => {
                let response = state.authorizer.is_authorized(&request(json)?, &state.policies, &state.entities);
                serde_json::to_string(&ffi::Response::from(response)).map_err(|error| error.to_string())
            }
            _ => serde_json::to_string(&stateful(json)?).map_err(|error| error.to_string()),
        })?;
        Ok(shared::keep(answer))
    })
}

fn with_state<T>(work: impl FnOnce(&mut State) -> Result<T, String>) -> Result<T, String> {
    STATE.with_borrow_mut(|state| work(state.as_mut().ok_or("no policies are loaded")?))
}

/// What `statefulIsAuthorized` of its package does, with serde where that has JavaScript's objects.
fn stateful(json: &str) -> Result<AuthorizationAnswer, String> {
    let call: StatefulAuthorizationCall = serde_json::from_str(json).map_err(|error| error.to_string())?;
    Ok(ffi::stateful_is_authorized(call))
}

fn request(json: &str) -> Result<Request, String> {
    let Ok(Value::Object(mut parts)) = serde_json::from_str(json) else {
        return Err("the request is no object".to_owned());
    };
    let mut part = |name: &str| parts.remove(name).ok_or_else(|| format!("the request has no {name}"));
    let mut uid = |name: &str| EntityUid::from_json(part(name)?).map_err(|error| error.to_string());
    let (principal, action, resource) = (uid("principal")?, uid("action")?, uid("resource")?);
    let context = Context::from_json_value(part("context")?, None).map_err(|error| error.to_string())?;
    Request::new(principal, action, resource, context, None).map_err(|error| error.to_string())
}
