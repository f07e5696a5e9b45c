//! Every engine with the same policy and the same questions, in one host.

use std::cell::RefCell;

use policy_core::invocation::Invocation;
use wasmtime::{Engine, Module};

use super::builds::Build;
use super::decider::Decider;
use super::guest::Guest;
use super::sandbox;
use crate::decide::{SIZES, print_sizes};
use crate::measure::{Contender, nanoseconds};
use crate::policy::{self, Expected, Question};
use crate::{cedar, ours, rego};

/// What requests to cedar call the policies that its instance keeps.
const POLICIES: &str = "policies";

/// Measures and prints.
pub fn run([cedar, regorus]: &[Build; 2]) {
    let engine = sandbox::engine();
    let module = |bytes: &[u8]| Module::new(&engine, bytes).expect("the host compiles the module");
    let modules = Modules {
        engine: &engine,
        ours: module(policy_modules::DECIDER),
        cedar: module(&cedar.bytes),
        regorus: module(&regorus.bytes),
    };
    let mut tables = Vec::new();
    for rules in SIZES {
        let questions = policy::questions(&policy::rules(rules));
        let forms = Forms::new(&modules, rules, &questions);
        let mut contenders = forms.contenders();
        let all: Vec<usize> = (0..questions.len()).collect();
        let names: Vec<String> = contenders.iter().map(|contender| contender.name.clone()).collect();
        tables.push((names, nanoseconds(&mut contenders, &all)));
    }
    print_sizes("One decision in WebAssembly", &tables);
}

/// All that are compared, compiled by one host.
struct Modules<'e> {
    engine: &'e Engine,
    ours: Module,
    cedar: Module,
    regorus: Module,
}

/// One policy in the form of every module, and its questions, each built before anything is measured.
struct Forms<'a> {
    questions: &'a [Question],
    canonical: Vec<Invocation>,
    compact: Vec<Vec<u8>>,
    raw_json: Vec<String>,
    native: ours::Engine,
    decider: RefCell<Decider>,
    guests: Vec<Other>,
}

/// An instance of another engine.
struct Other {
    name: String,
    guest: RefCell<Guest>,
    requests: Vec<String>,
    /// Whether the instance keeps the requests as well.
    prepared: bool,
}

impl<'a> Forms<'a> {
    /// Builds all, and asserts that they answer every question alike.
    fn new(Modules { engine, ours, cedar, regorus }: &Modules<'_>, number: usize, questions: &'a [Question]) -> Self {
        let rules = policy::rules(number);
        let bundle = ours::compile(&ours::estate(policy::hcl(&rules))).expect("ours has bundles");
        let requests: Vec<String> = questions.iter().map(cedar::request_json).collect();
        let calls = questions.iter().map(|question| cedar::stateful_json(question, POLICIES)).collect();
        let inputs = || questions.iter().map(rego::input_json).collect();
        let (text, scan, indexed) = (cedar::text(&rules), rego::scan(&rules).json(), rego::indexed(&rules).json());
        let other = |module, (engine_name, name): (&str, &str), form, policy: &str, requests: Vec<String>| Other {
            name: format!("{engine_name}, {name}"),
            guest: RefCell::new(Guest::new(engine, module, form, policy, &requests)),
            requests,
            prepared: true,
        };
        let rego = |name, form, policy| other(regorus, (rego::NAME, name), form, policy, inputs());
        let stateful = Guest::new(engine, cedar, 1, &text, &[]);
        let forms = Self {
            questions,
            canonical: questions.iter().map(Question::canonical).collect(),
            compact: questions.iter().map(|question| ours::compact(&question.raw())).collect(),
            raw_json: questions.iter().map(Question::raw_json).collect(),
            decider: RefCell::new(Decider::new(engine, ours, &bundle)),
            native: ours::load(bundle).expect("the bundle is valid"),
            guests: vec![
                other(cedar, (cedar::NAME, "library"), 0, &text, requests),
                Other {
                    name: format!("{}, `statefulIsAuthorized`", cedar::NAME),
                    guest: RefCell::new(stateful),
                    requests: calls,
                    prepared: false,
                },
                rego("scan, virtual machine", 0, &scan),
                rego("scan, interpreter", 1, &scan),
                rego("indexed, virtual machine", 0, &indexed),
                rego("indexed, interpreter", 1, &indexed),
            ],
        };
        forms.assert_equal();
        forms
    }

    fn assert_equal(&self) {
        for (number, question) in self.questions.iter().enumerate() {
            let permitted = question.expected == Expected::Permit;
            assert_eq!(self.native.permits(&self.canonical[number]), permitted, "native: {question:?}");
            assert_eq!(self.native.permits_compact(&self.compact[number]), permitted, "native, compact: {question:?}");
            let mut decider = self.decider.borrow_mut();
            assert_eq!(decider.permits(&self.compact[number]), permitted, "decider: {question:?}");
            let native = self.native.explain_json(self.raw_json[number].as_bytes());
            assert_eq!(compared(&decider.answer_json(&self.raw_json[number])), compared(&native), "{question:?}");
            for Other { name, guest, requests, prepared } in &self.guests {
                let mut guest = guest.borrow_mut();
                assert_eq!(guest.permits(&requests[number]), permitted, "{name}: {question:?}");
                let answer = guest.answer_json(&requests[number]);
                assert_eq!(answer.contains("true") || answer.contains("\"allow\""), permitted, "{name}: {answer}");
                assert!(!prepared || guest.permits_prepared(number) == permitted, "{name}: {question:?}");
            }
        }
    }

    /// All of them. Ours from the compact form is the first, which the others are compared with.
    fn contenders(&self) -> Vec<Contender<'_>> {
        let Self { canonical, compact, raw_json: json, native, .. } = self;
        let mut contenders = vec![
            Contender::new(format!("{}, compact form", ours::NAME), |number| {
                self.decider.borrow_mut().permits(&compact[number])
            }),
            Contender::new(format!("{}, JSON to explained JSON", ours::NAME), |number| {
                self.decider.borrow_mut().answer_json(&json[number])
            }),
            Contender::new(format!("{}, native, canonical", ours::NAME), |number| native.permits(&canonical[number])),
            Contender::new(format!("{}, native, compact form", ours::NAME), |number| {
                native.permits_compact(&compact[number])
            }),
            Contender::new(format!("{}, native, JSON to explained JSON", ours::NAME), |number| {
                native.explain_json(json[number].as_bytes())
            }),
        ];
        for Other { name, guest, requests, prepared } in &self.guests {
            if *prepared {
                contenders.push(Contender::new(format!("{name}, request kept"), |number| {
                    guest.borrow_mut().permits_prepared(number)
                }));
            }
            contenders.push(Contender::new(format!("{name}, JSON to decision"), |number| {
                guest.borrow_mut().permits(&requests[number])
            }));
            contenders.push(Contender::new(format!("{name}, JSON to JSON"), |number| {
                guest.borrow_mut().answer_json(&requests[number])
            }));
        }
        contenders
    }
}

/// A decision without what may differ between engines.
fn compared(decision: &str) -> serde_json::Value {
    let mut decision: serde_json::Value = serde_json::from_str(decision).expect("a decision is JSON");
    decision["engine"].take();
    decision["message"].take();
    decision
}
