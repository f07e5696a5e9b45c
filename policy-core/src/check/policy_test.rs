//! `*.test.hcl` files: invocations written in HCL, and what their decisions must say (T1).

use std::borrow::Cow;
use std::sync::Arc;

use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::estate::{Place, Requirement};
use crate::evaluate::{Located, Value};
use crate::invocation::EVIDENCE_FIELDS;
use crate::json::{ArrayWriter, ObjectWriter, write_text};
use crate::source::Sources;
use crate::syntax::tree::Block;

use crate::decision::{Decision, Outcome, Reason};

use super::block::{Fields, Schema, unknown_top_level};
use super::context::Context;
use super::convert::Subject;
use super::files::{self, PolicyFile};
use super::names::Declared;

const TEST: Schema = Schema { labels: 1, attributes: &[], blocks: &["invocation", "evidence", "expect"] };
const INVOCATION: Schema = Schema {
    labels: 0,
    attributes: &["account", "caller", "repository", "ref", "commit", "path", "command", "arguments"],
    blocks: &[],
};
const EVIDENCE: Schema = Schema { labels: 0, attributes: &EVIDENCE_FIELDS, blocks: &[] };
const EXPECT: Schema = Schema { labels: 0, attributes: &["outcome", "reason", "rule", "unmet", "argv"], blocks: &[] };

/// One `test` block.
#[derive(Debug)]
pub struct PolicyTest {
    /// The name.
    pub name: Arc<str>,
    /// Where its block begins.
    pub place: Place,
    /// The invocation as JSON, with its evidence. It may be malformed on purpose.
    pub request: String,
    /// What the decision must say.
    pub expect: Expectation,
}

/// What a decision must say. What is none is not compared.
#[derive(Debug)]
pub struct Expectation {
    /// The outcome.
    pub outcome: Outcome,
    /// The reason.
    pub reason: Option<Reason>,
    /// One of the decision's rules.
    pub rule: Option<Arc<str>>,
    /// The requirements that are not shown, in any order.
    pub unmet: Option<Vec<&'static str>>,
    /// The argument vector.
    pub argv: Option<Vec<Arc<str>>>,
}

impl Expectation {
    /// How a decision differs, one sentence for each field; empty where it is as expected. Where the command takes `secrets`,
    /// its argument vector is not repeated (A5).
    pub fn differences(&self, decision: &Decision<'_>, secrets: bool) -> Vec<String> {
        let mut found = Vec::new();
        let mut differs = |field: &str, got: String, expected: String| {
            if got != expected {
                found.push(format!("{field} is {got}, not {expected}"));
            }
        };
        differs("outcome", decision.outcome().as_str().to_owned(), self.outcome.as_str().to_owned());
        if let Some(reason) = self.reason {
            differs("reason", decision.reason.as_str().to_owned(), reason.as_str().to_owned());
        }
        if let Some(unmet) = &self.unmet {
            let sorted = |names: &[&'static str]| {
                let mut names = names.to_vec();
                names.sort_unstable();
                format!("{names:?}")
            };
            differs("unmet", sorted(&decision.unmet), sorted(unmet));
        }
        if let Some(argv) = &self.argv {
            let got = decision.launch.as_ref().map(|launch| launch.argv.clone()).unwrap_or_default();
            let same = got.iter().map(AsRef::as_ref).eq(argv.iter().map(AsRef::as_ref));
            match (secrets, same) {
                (true, true) => {}
                (true, false) => found.push(hidden_difference(&got, argv)),
                (false, _) => differs("argv", format!("{got:?}"), format!("{argv:?}")),
            }
        }
        if let Some(rule) = &self.rule
            && !decision.rules.iter().any(|found| found.name == **rule)
        {
            let names: Vec<&str> = decision.rules.iter().map(|found| &*found.name).collect();
            found.push(format!("rules are {names:?}, and `{rule}` is not among them"));
        }
        found
    }
}

/// Where two argument vectors differ, without what stands there.
fn hidden_difference(got: &[Cow<'_, str>], expected: &[Arc<str>]) -> String {
    let same = got.iter().zip(expected).take_while(|(got, expected)| **got == ***expected).count();
    let (items, expected) = (got.len(), expected.len());
    format!(
        "argv is another one from item {} on, of {items} items where {expected} are expected; they are not shown, since the \
         command takes secrets",
        same + 1
    )
}

/// What reading test files found.
#[derive(Debug)]
pub struct TestReport {
    /// The tests, in the order of L3; none where a diagnostic is an error.
    pub tests: Option<Vec<PolicyTest>>,
    /// Mistakes and warnings, in the order of L3.
    pub diagnostics: Vec<Diagnostic>,
    /// The texts that the diagnostics' spans lie in.
    pub sources: Sources,
}

/// Reads the `*.test.hcl` files of a policy directory.
pub fn read_tests(test_files: Vec<PolicyFile>) -> TestReport {
    let mut diagnostics = Vec::new();
    let (sources, bodies) = files::read(test_files, &mut diagnostics);
    let mut tests = Vec::new();
    let mut names = Declared::<()>::new("test");
    let mut context = Context::new(&sources, &[], &mut diagnostics);
    for body in bodies.iter().flatten() {
        for attribute in &body.attributes {
            let message = format!("`{}` stands outside any block", attribute.name.text);
            context.report(Diagnostic::new(Code::UnknownAttribute, attribute.span, message));
        }
        for block in &body.blocks {
            tests.extend(context.test(block, &mut names));
        }
    }
    let diagnostics = super::in_order(diagnostics);
    let failed = diagnostics.iter().any(|diagnostic| diagnostic.severity() == Severity::Error);
    TestReport { tests: (!failed).then_some(tests), diagnostics, sources }
}

impl Context<'_> {
    fn test(&mut self, block: &Block, names: &mut Declared<()>) -> Option<PolicyTest> {
        if &*block.kind.text != "test" {
            let unknown = unknown_top_level(block, &["test"]);
            self.report(unknown.help("a `*.test.hcl` file holds `test` blocks only"));
            return None;
        }
        let fields = self.fields(block, &TEST);
        let name = self.title(&fields);
        let new = !name.is_empty() && names.declare(&name, fields.header(), self.diagnostics);
        let invocation = self.one_block(&fields, "invocation", true);
        let evidence = self.one_block(&fields, "evidence", false);
        let expect = self.one_block(&fields, "expect", true);
        let request = invocation.map(|block| self.request(block, evidence));
        let expect = expect.and_then(|block| self.expectation(block));
        let place = self.place(block.header);
        new.then_some(PolicyTest { name, place, request: request?, expect: expect? })
    }

    fn one_block<'b>(&mut self, fields: &Fields<'b>, kind: &'static str, required: bool) -> Option<&'b Block> {
        let found = self.at_most_one(fields.blocks(kind));
        if found.is_none() && required && !fields.block.body.broken {
            let message = format!("the test `{}` has no `{kind}` block", fields.label().escape_debug());
            self.mistake(Code::MissingAttribute, fields.header(), message, format!("add `{kind} {{ … }}`"));
        }
        found
    }

    /// The invocation as JSON: whether it is one is for the decision to say.
    fn request(&mut self, invocation: &Block, evidence: Option<&Block>) -> String {
        let mut out = String::new();
        let mut object = ObjectWriter::new(&mut out);
        self.fields_as_json(invocation, &INVOCATION, &mut object);
        if let Some(block) = evidence {
            let mut inner = ObjectWriter::new(object.field("evidence"));
            self.fields_as_json(block, &EVIDENCE, &mut inner);
            inner.finish();
        }
        object.finish();
        out
    }

    fn fields_as_json(&mut self, block: &Block, schema: &Schema, object: &mut ObjectWriter<'_>) {
        let fields = self.fields(block, schema);
        for name in schema.attributes {
            let Some(attribute) = fields.attribute(name) else { continue };
            let Some(value) = self.value(attribute) else { continue };
            // X3: `null` equals leaving the attribute out.
            if value.value != Value::Null {
                self.value_as_json(&Subject::of(attribute), &value, object.field(name));
            }
        }
    }

    /// Values nest no deeper than the evaluator lets them.
    fn value_as_json(&mut self, subject: &Subject<'_>, value: &Located, out: &mut String) {
        match &value.value {
            Value::Null => out.push_str("null"),
            Value::Bool(boolean) => out.push_str(if *boolean { "true" } else { "false" }),
            Value::Number(number) => out.push_str(&number.to_string()),
            Value::Text(text) => write_text(out, text),
            Value::List(members) => {
                let mut array = ArrayWriter::new(out);
                for member in members.iter() {
                    self.value_as_json(&subject.member(member), member, array.item());
                }
                array.finish();
            }
            Value::Object(entries) => {
                let mut object = ObjectWriter::new(out);
                for (name, value) in entries.iter() {
                    self.value_as_json(subject, value, object.field(name));
                }
                object.finish();
            }
            Value::Pattern(_) => {
                self.wrong_type(subject, value, "plain values; an invocation holds no patterns");
                out.push_str("null");
            }
        }
    }

    fn expectation(&mut self, block: &Block) -> Option<Expectation> {
        let fields = self.fields(block, &EXPECT);
        let outcomes = [Outcome::Permit, Outcome::Deny, Outcome::Unmet].map(|outcome| (outcome.as_str(), outcome));
        let outcome =
            self.required(&fields, "outcome", |context, subject, value| context.choice(subject, value, &outcomes));
        let reasons = Reason::ALL.map(|reason| (reason.as_str(), reason));
        let reason =
            self.optional(&fields, "reason", |context, subject, value| context.choice(subject, value, &reasons));
        let names = Requirement::ALL.map(|requirement| (requirement.as_str(), requirement.as_str()));
        let unmet = self.optional(&fields, "unmet", |context, subject, value| {
            let members = context.members(subject, value)?;
            let found: Vec<_> =
                members.iter().map(|member| context.choice(&subject.member(member), member, &names)).collect();
            found.into_iter().collect()
        });
        let argv = self.optional(&fields, "argv", |context, subject, value| {
            let members = context.members(subject, value)?;
            let found: Vec<_> = members.iter().map(|member| context.text(&subject.member(member), member)).collect();
            found.into_iter().collect()
        });
        let rule = self.optional(&fields, "rule", Self::text);
        Some(Expectation { outcome: outcome?, reason, rule, unmet, argv })
    }
}

#[cfg(test)]
mod tests {
    use super::read_tests;
    use crate::check::files::PolicyFile;
    use crate::diagnostic::Code;
    use crate::reference::Reference;

    fn read(text: &str) -> super::TestReport {
        read_tests(vec![PolicyFile::new("a.test.hcl", text)])
    }

    const TEST: &str = r#"
test "an account without rules" {
  invocation {
    account    = "prod"
    caller     = { principal = "local:user/${"ana"}" }
    repository = "github.com/acme/live"
    ref        = "refs/heads/main"
    path       = "."
    command    = "plan"
    arguments  = null
  }
  evidence {
    planned = true
  }
  expect {
    outcome = "deny"
    reason  = "unknown-command"
    unmet   = []
    argv    = []
  }
}
"#;

    #[test]
    fn a_test_becomes_an_invocation_and_what_it_expects() {
        let report = read(TEST);
        assert!(report.diagnostics.is_empty(), "{:?}", report.diagnostics);
        let tests = report.tests.unwrap();
        assert_eq!((&*tests[0].name, tests[0].place.line), ("an account without rules", 2));
        assert_eq!(
            tests[0].request,
            r#"{"account":"prod","caller":{"principal":"local:user/ana"},"repository":"github.com/acme/live","ref":"refs/heads/main","path":".","command":"plan","evidence":{"planned":true}}"#
        );
        let policy = PolicyFile::new("estate.hcl", "account \"prod\" { id = \"222222222222\" }\n");
        let estate = crate::check(vec![policy]).estate.unwrap();
        let decision = Reference::new(&estate).decide_json(tests[0].request.as_bytes());
        assert_eq!(tests[0].expect.differences(&decision, false), [""; 0]);
    }

    #[test]
    fn every_difference_is_said() {
        let text = TEST
            .replace("\"deny\"", "\"unmet\"")
            .replace("\"unknown-command\"", "\"forbidden\"\n    rule = \"x\"")
            .replace("unmet   = []", "unmet   = [\"plan\"]")
            .replace("argv    = []", "argv    = [\"a\"]");
        let tests = read(&text).tests.unwrap();
        let policy = PolicyFile::new("estate.hcl", "account \"prod\" { id = \"222222222222\" }\n");
        let estate = crate::check(vec![policy]).estate.unwrap();
        let decision = Reference::new(&estate).decide_json(tests[0].request.as_bytes());
        let differences = tests[0].expect.differences(&decision, false);
        assert_eq!(differences.len(), 5, "{differences:?}");
        assert_eq!(differences[0], "outcome is deny, not unmet");
    }

    #[test]
    fn mistakes_in_tests_are_found() {
        for (from, to, code) in [
            ("outcome = \"deny\"", "", Code::MissingAttribute),
            ("\"deny\"", "\"denied\"", Code::InvalidValue),
            ("\"unknown-command\"", "\"unknown\"", Code::InvalidValue),
            ("account    = \"prod\"", "acount = \"prod\"", Code::UnknownAttribute),
            ("planned = true", "planed = true", Code::UnknownAttribute),
            ("path       = \".\"", "path = any()", Code::WrongType),
            ("evidence {", "proof {", Code::UnknownBlock),
            ("unmet   = []", "unmet = [\"planed\"]", Code::InvalidValue),
            ("test \"an account without rules\"", "test", Code::Labels),
            ("test \"an", "tests \"an", Code::UnknownBlock),
        ] {
            let report = read(&TEST.replacen(from, to, 1));
            assert_eq!(report.diagnostics.iter().map(|found| found.code).collect::<Vec<_>>(), [code], "{to}");
            assert!(report.tests.is_none());
        }
        let twice = read(&format!("{TEST}{TEST}"));
        assert_eq!(twice.diagnostics[0].code, Code::DuplicateName);
    }
}
