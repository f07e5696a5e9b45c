//! The components as JavaScript: transpiled by jco, asked in Node.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use serde_json::{Value, json};

use crate::components::{Asked, Caller, Invocation, answers, bundle};
use crate::engines::Engine;
use crate::example::block;

/// Says where `jco/transpile.mjs` is, beside what it needs. `cargo xtask test` sets it.
const JCO: &str = "PORTCULLIS_JCO";

/// The decider, with a bundle loaded.
pub(crate) struct Decider;

/// A policy as a component.
pub(crate) struct Baked;

impl Engine for Decider {
    fn name(&self) -> &'static str {
        "component in JavaScript"
    }

    fn has_full_messages(&self) -> bool {
        false
    }

    fn decide(&self, policy: &Path, requests: &[&[u8]]) -> Vec<String> {
        let bundle = bundle(policy);
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("estate.bundle");
        std::fs::write(&path, bundle.bytes()).expect("the bundle is written");
        let mut node = Node::start(folder.path(), policy_modules::COMPONENT, Some(&path));
        answers(&bundle, requests, |asked| node.ask(&asked))
    }
}

impl Engine for Baked {
    fn name(&self) -> &'static str {
        "policy component in JavaScript"
    }

    fn has_full_messages(&self) -> bool {
        false
    }

    fn decide(&self, policy: &Path, requests: &[&[u8]]) -> Vec<String> {
        let bundle = bundle(policy);
        let component = policy_modules::bake_component(&bundle).expect("what was compiled is baked");
        let folder = tempfile::tempdir().expect("a folder");
        let mut node = Node::start(folder.path(), &component, None);
        answers(&bundle, requests, |asked| node.ask(&asked))
    }
}

/// Node, with a component that was transpiled.
struct Node {
    child: Child,
    questions: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
}

impl Node {
    fn start(folder: &Path, component: &[u8], bundle: Option<&Path>) -> Self {
        transpile(folder, component);
        let script = workspace_tests::root().join("tests/tests/corpus/jco/ask.mjs");
        let mut node = Command::new("node");
        node.arg(script).arg(folder.join("policy/policy.js")).args(bundle).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = node.spawn().expect("node starts");
        let answers = BufReader::new(child.stdout.take().expect("a pipe"));
        Self { questions: child.stdin.take(), answers, child }
    }

    fn ask(&mut self, asked: &Asked<'_>) -> String {
        let question = match asked {
            Asked::Json(json) => json!({"call": "explainJson", "with": json}),
            Asked::Explain(invocation) => json!({"call": "explain", "with": in_javascript(invocation)}),
            Asked::Decide(invocation) => json!({"call": "decide", "with": in_javascript(invocation)}),
        };
        let questions = self.questions.as_mut().expect("node was not told that nothing follows");
        writeln!(questions, "{question}").expect("node listens");
        let mut answer = String::new();
        self.answers.read_line(&mut answer).expect("node answers");
        match serde_json::from_str(&answer).unwrap_or_else(|error| panic!("node says `{answer}`: {error}")) {
            Value::String(decision) => decision,
            verdict => verdict.to_string(),
        }
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        drop(self.questions.take());
        // It ends when its input does; how, matters no more.
        let _ = self.child.wait();
    }
}

/// Makes `policy/policy.js` in a folder, of Node's own kind of modules.
fn transpile(folder: &Path, component: &[u8]) {
    let file = folder.join("policy.wasm");
    std::fs::write(&file, component).expect("the component is written");
    std::fs::write(folder.join("package.json"), r#"{"type": "module"}"#).expect("the package is written");
    let jco = std::env::var_os(JCO).unwrap_or_else(|| panic!("`{JCO}` says what transpiles"));
    let mut transpile = Command::new("node");
    transpile.arg(jco).arg(&file).arg(folder.join("policy"));
    assert!(transpile.status().expect("node starts").success(), "jco transpiles");
}

#[test]
#[ignore = "`cargo xtask test --only components-in-javascript` installs what it needs, and runs it"]
fn components_in_javascript_work_as_the_example_says() {
    let policy = bundle(&workspace_tests::root().join("fixtures/estates/acme/policy"));
    let component = policy_modules::bake_component(&policy).expect("what was compiled is baked");
    let folder = tempfile::tempdir().expect("a folder");
    transpile(folder.path(), &component);
    let run = |example: &str| {
        std::fs::write(folder.path().join("example.js"), example).expect("the example is written");
        let status = Command::new("node").arg("example.js").current_dir(folder.path()).status();
        status.expect("node starts").success()
    };
    assert!(run(block("js")), "the plan of the example is permitted");
    assert!(!run(&block("js").replace("terragrunt-plan", "destroy-everything")), "another command is not");
}

/// An invocation in the form that jco gives to its types.
fn in_javascript(invocation: &Invocation) -> Value {
    let caller = match &invocation.caller {
        Caller::Principal(text) => json!({"tag": "principal", "val": text}),
        Caller::Token(token) => json!({"tag": "token", "val": {"issuer": token.issuer, "claims": token.claims}}),
    };
    json!({
        "account": invocation.account,
        "caller": caller,
        "repository": invocation.repository,
        "ref": invocation.ref_,
        "commit": invocation.commit,
        "path": invocation.path,
        "command": invocation.command,
        "arguments": invocation.arguments,
        "evidence": invocation.evidence,
    })
}
