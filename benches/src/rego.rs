//! The policy and the questions in Rego's form, for regorus: as one rule after the other, and with a look-up that finds
//! the rule.

use regorus::languages::rego::compiler::Compiler;
use regorus::rvm::vm::RegoVM;
use regorus::{Engine, Value};

use crate::policy::{DESTROY, FOLDER, OPERATOR, PROTECTED, Question, ROLE, Rule, SUSPENDED};

/// What the tables call it.
pub const NAME: &str = "regorus 0.14.1";
const ENTRY: &str = "data.portcullis.allow";

/// The policy as text, with its data as JSON.
pub struct Policy {
    text: String,
    data: String,
}

impl Policy {
    /// Both in one object.
    pub fn json(&self) -> String {
        let data: serde_json::Value = serde_json::from_str(&self.data).expect("the data are JSON");
        serde_json::json!({ "text": self.text, "data": data }).to_string()
    }
}

/// What both forms begin with. The conditions are those that cost least: no pattern where a prefix says the same.
fn head() -> String {
    format!(
        "package portcullis\nimport rego.v1\n\ndefault allow := false\n\n\
         allow if {{\n  not forbidden\n  permitted\n}}\n\n\
         forbidden if startswith(input.path, \"{FOLDER}\")\n\n\
         forbidden if contains(input.path, \"/{FOLDER}\")\n\n\
         forbidden if input.command == \"{DESTROY}\"\n\n\
         forbidden if {{\n  endswith(input.caller, \"{SUSPENDED}\")\n  startswith(input.caller, \"{ROLE}\")\n}}\n\n"
    )
}

/// One rule of Rego for each rule, the path first: in all rules but one it is what fails.
pub fn scan(rules: &[Rule]) -> Policy {
    let mut text = head();
    for rule in rules {
        let refs = match rule.branches() {
            Some(branches) => format!("startswith(input.ref, \"{branches}\")"),
            None => format!("input.ref == \"{PROTECTED}\""),
        };
        text.push_str(&format!(
            "permitted if {{\n  startswith(input.path, \"{}/\")\n  input.repository == \"{}\"\n  {refs}\n  \
             input.command in {{\"{}\"}}\n  regex.match(`^{ROLE}({}|{OPERATOR})`, input.caller)\n}}\n\n",
            rule.team(),
            rule.repository(),
            rule.commands().join("\", \""),
            rule.role(),
        ));
    }
    Policy { text, data: "{}".to_owned() }
}

/// The rules as data by team and command, so that the one rule is found that can match. A key is the team with its slash:
/// a path without any then has the key of no team.
pub fn indexed(rules: &[Rule]) -> Policy {
    let mut text = head();
    text.push_str(&format!(
        "permitted if {{\n  team := substring(input.path, 0, indexof(input.path, \"/\") + 1)\n  \
         rule := data.rules[team][input.command]\n  input.repository == rule.repository\n  ref_permitted(rule)\n  \
         caller_permitted(rule)\n}}\n\n\
         ref_permitted(rule) if input.ref == rule.ref\n\n\
         ref_permitted(rule) if startswith(input.ref, rule.branches)\n\n\
         caller_permitted(rule) if startswith(input.caller, rule.role)\n\n\
         caller_permitted(_) if startswith(input.caller, \"{ROLE}{OPERATOR}\")\n"
    ));
    let by_team = rules.iter().map(|rule| {
        let mut of_rule = serde_json::json!({
            "repository": rule.repository(),
            "role": format!("{ROLE}{}", rule.role()),
        });
        match rule.branches() {
            Some(branches) => of_rule["branches"] = branches.into(),
            None => of_rule["ref"] = PROTECTED.into(),
        }
        let commands = rule.commands().iter().map(|command| ((*command).to_owned(), of_rule.clone()));
        (rule.team() + "/", serde_json::Value::Object(commands.collect()))
    });
    let by_team: serde_json::Map<String, serde_json::Value> = by_team.collect();
    Policy { text, data: serde_json::json!({ "rules": by_team }).to_string() }
}

/// A policy in the interpreter, which is kept from one question to the next.
pub fn interpreter(policy: &Policy) -> Engine {
    let mut engine = Engine::new();
    engine.add_policy("policy.rego".to_owned(), policy.text.clone()).expect("the policy is Rego");
    engine.add_data(Value::from_json_str(&policy.data).expect("the data are JSON")).expect("the data fit the policy");
    engine
}

/// What the interpreter answers.
pub fn interpreted(engine: &mut Engine, input: Value) -> Value {
    engine.set_input(input);
    engine.eval_rule(ENTRY.to_owned()).expect("the policy answers")
}

/// A policy compiled for the virtual machine, which is kept from one question to the next.
pub fn machine(policy: &Policy) -> RegoVM {
    let mut engine = interpreter(policy);
    let compiled = engine.compile_with_entrypoint(&ENTRY.into()).expect("the policy compiles");
    let program = Compiler::compile_from_policy(&compiled, &[ENTRY]).expect("the policy compiles for the machine");
    let mut machine = RegoVM::new();
    machine.load_program(program);
    // Its limit is smaller than a scan of many rules.
    machine.set_max_instructions(usize::MAX);
    machine.set_data(Value::from_json_str(&policy.data).expect("the data are JSON")).expect("the data fit the policy");
    machine
}

/// What the machine answers.
pub fn executed(machine: &mut RegoVM, input: Value) -> Value {
    machine.set_input(input);
    machine.execute().expect("the policy answers")
}

/// A question as input.
pub fn input_json(question: &Question) -> String {
    let parts = question.parts().map(|(name, text)| (name.to_owned(), text.into()));
    serde_json::Value::Object(parts.into_iter().collect()).to_string()
}

/// A question as a value that is built once.
pub fn input(question: &Question) -> Value {
    Value::from_json_str(&input_json(question)).expect("the input is JSON")
}
