//! The policy and the questions in Cedar's form.

use std::collections::HashMap;
use std::str::FromStr as _;

use cedar_policy::{
    Authorizer, Context, Decision, Entities, EntityId, EntityTypeName, EntityUid, PolicySet, Request,
    RestrictedExpression, ffi,
};

use crate::policy::{DESTROY, FOLDER, OPERATOR, PROTECTED, Question, ROLE, Rule, SUSPENDED};

/// What the tables call it.
pub const NAME: &str = "cedar-policy 4.14.1";

/// Cedar with everything built beforehand that can be. Its policies need nothing of the entities: what they compare is in
/// the request, which spares every look-up.
pub struct Cedar {
    authorizer: Authorizer,
    entities: Entities,
    policies: PolicySet,
}

impl Cedar {
    pub fn new(rules: &[Rule]) -> Self {
        Self { authorizer: Authorizer::new(), entities: Entities::empty(), policies: policies(rules) }
    }

    pub fn permits(&self, request: &Request) -> bool {
        self.authorizer.is_authorized(request, &self.policies, &self.entities).decision() == Decision::Allow
    }

    /// From JSON to JSON: the decision and the policies that made it.
    pub fn answer_json(&self, json: &str) -> String {
        let serde_json::Value::Object(mut parts) = serde_json::from_str(json).expect("the request is JSON") else {
            panic!("the request is an object");
        };
        let mut part = |name: &str| parts.remove(name).expect("the request has its parts");
        let mut uid = |name: &str| EntityUid::from_json(part(name)).expect("an entity");
        let (principal, action, resource) = (uid("principal"), uid("action"), uid("resource"));
        let context = Context::from_json_value(part("context"), None).expect("a context");
        let request = Request::new(principal, action, resource, context, None).expect("a request");
        let response = self.authorizer.is_authorized(&request, &self.policies, &self.entities);
        serde_json::to_string(&ffi::Response::from(response)).expect("an answer is JSON")
    }
}

/// Cedar has no index over policies. This is what an application can do that knows that paths begin with a team: it keeps
/// one small set of policies for each team, with the forbids in each, and picks one.
pub struct SlicedCedar {
    slices: HashMap<String, Cedar>,
    /// For paths of no team.
    others: Cedar,
}

impl SlicedCedar {
    pub fn new(rules: Vec<Rule>) -> Self {
        let slices = rules.into_iter().map(|rule| (rule.team(), Cedar::new(&[rule]))).collect();
        Self { slices, others: Cedar::new(&[]) }
    }

    pub fn permits(&self, path: &str, request: &Request) -> bool {
        let team = path.split('/').next().unwrap_or(path);
        self.slices.get(team).unwrap_or(&self.others).permits(request)
    }
}

fn policies(rules: &[Rule]) -> PolicySet {
    PolicySet::from_str(&text(rules)).expect("the policies are Cedar")
}

/// The policies as text.
pub fn text(rules: &[Rule]) -> String {
    let mut text = format!(
        "forbid (principal, action, resource)\n\
         when {{ context.path like \"{FOLDER}*\" || context.path like \"*/{FOLDER}*\" }};\n\
         forbid (principal, action == Action::\"{DESTROY}\", resource);\n\
         forbid (principal, action, resource) when {{ context.caller like \"{ROLE}*{SUSPENDED}\" }};\n"
    );
    for rule in rules {
        let action = match rule.commands() {
            [command] => format!("action == Action::\"{command}\""),
            commands => {
                let names: Vec<String> = commands.iter().map(|command| format!("Action::\"{command}\"")).collect();
                format!("action in [{}]", names.join(", "))
            }
        };
        let refs = match rule.branches() {
            Some(branches) => format!("context.ref like \"{branches}*\""),
            None => format!("context.ref == \"{PROTECTED}\""),
        };
        // The path first: in all rules but one it is what fails.
        text.push_str(&format!(
            "permit (principal, {action}, resource == Repository::\"{}\")\n\
             when {{ context.path like \"{}/*\" && {refs} &&\n       \
             (context.caller like \"{ROLE}{}*\" || context.caller like \"{ROLE}{OPERATOR}*\") }};\n",
            rule.repository(),
            rule.team(),
            rule.role(),
        ));
    }
    text
}

/// A question as a request that is built once.
pub fn request(question: &Question) -> Request {
    let uid = |kind: &str, id: &str| {
        EntityUid::from_type_name_and_id(EntityTypeName::from_str(kind).expect("a type"), EntityId::new(id))
    };
    let context = [("caller", &question.caller), ("path", &question.path), ("ref", &question.reference)];
    let context = context.map(|(name, text)| (name.to_owned(), RestrictedExpression::new_string(text.clone())));
    Request::new(
        uid("Role", &question.caller),
        uid("Action", &question.command),
        uid("Repository", &question.repository),
        Context::from_pairs(context).expect("a context"),
        None,
    )
    .expect("a request")
}

/// The same as JSON.
pub fn request_json(question: &Question) -> String {
    request_value(question).to_string()
}

/// The same as a call of `statefulIsAuthorized`, which names policies that were read before.
pub fn stateful_json(question: &Question, policies: &str) -> String {
    let mut call = request_value(question);
    call["preparsedPolicySetId"] = policies.into();
    call["entities"] = serde_json::json!([]);
    call.to_string()
}

fn request_value(question: &Question) -> serde_json::Value {
    serde_json::json!({
        "principal": { "type": "Role", "id": question.caller },
        "action": { "type": "Action", "id": question.command },
        "resource": { "type": "Repository", "id": question.repository },
        "context": { "caller": question.caller, "path": question.path, "ref": question.reference },
    })
}
