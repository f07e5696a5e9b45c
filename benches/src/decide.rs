//! Decisions by one policy in the forms of several engines, side by side.

use std::cell::RefCell;

use policy_core::decision::Reason;
use policy_core::invocation::{Invocation, RawInvocation};

use crate::cedar::{self, Cedar, SlicedCedar};
use crate::measure::{Contender, grouped, nanoseconds, ratio, shown};
use crate::ours::{self, Engine};
use crate::policy::{self, Expected, Question};
use crate::regexes::{self, Regexes};
use crate::rego;

/// Rules of the account.
pub const SIZES: [usize; 4] = [8, 64, 256, 1_024];

/// Measures and prints.
pub fn run() {
    let mut tables = Vec::new();
    for rules in SIZES {
        let questions = policy::questions(&policy::rules(rules));
        assert!(questions.len() >= 200, "{} questions", questions.len());
        let forms = Forms::new(rules, &questions);
        let mut contenders = forms.contenders();
        let all: Vec<usize> = (0..questions.len()).collect();
        let names: Vec<String> = contenders.iter().map(|contender| contender.name.clone()).collect();
        tables.push((names, nanoseconds(&mut contenders, &all)));
        if rules == 1_024 {
            print_kinds(&mut contenders, &questions, rules);
        }
        print_forms(&forms, &all, rules);
    }
    print_sizes("One decision on a canonical invocation", &tables);
}

/// One policy and its questions in every form, each built before anything is measured.
struct Forms<'a> {
    questions: &'a [Question],
    canonical: Vec<Invocation>,
    raw: Vec<RawInvocation>,
    raw_json: Vec<String>,
    requests: Vec<cedar_policy::Request>,
    requests_json: Vec<String>,
    inputs: Vec<regorus::Value>,
    inputs_json: Vec<String>,
    ours: Engine,
    cedar: Cedar,
    sliced: SlicedCedar,
    scan: RefCell<regorus::rvm::vm::RegoVM>,
    scan_interpreted: RefCell<regorus::Engine>,
    indexed: RefCell<regorus::rvm::vm::RegoVM>,
    indexed_interpreted: RefCell<regorus::Engine>,
    regexes: Regexes,
}

impl<'a> Forms<'a> {
    /// Builds all, and asserts that they answer every question alike.
    fn new(number: usize, questions: &'a [Question]) -> Self {
        let rules = policy::rules(number);
        let (scan, indexed) = (rego::scan(&rules), rego::indexed(&rules));
        let estate = ours::estate(policy::hcl(&rules));
        let forms = Self {
            questions,
            canonical: questions.iter().map(Question::canonical).collect(),
            raw: questions.iter().map(Question::raw).collect(),
            raw_json: questions.iter().map(Question::raw_json).collect(),
            requests: questions.iter().map(cedar::request).collect(),
            requests_json: questions.iter().map(cedar::request_json).collect(),
            inputs: questions.iter().map(rego::input).collect(),
            inputs_json: questions.iter().map(rego::input_json).collect(),
            ours: Engine::new(estate),
            cedar: Cedar::new(&rules),
            scan: RefCell::new(rego::machine(&scan)),
            scan_interpreted: RefCell::new(rego::interpreter(&scan)),
            indexed: RefCell::new(rego::machine(&indexed)),
            indexed_interpreted: RefCell::new(rego::interpreter(&indexed)),
            regexes: Regexes::new(&rules),
            sliced: SlicedCedar::new(rules),
        };
        forms.assert_equal();
        forms
    }

    fn assert_equal(&self) {
        for (number, question) in self.questions.iter().enumerate() {
            let reason = match question.expected {
                Expected::Permit => &[Reason::Permitted][..],
                Expected::Forbid => &[Reason::Forbidden],
                Expected::NoPermit => &[Reason::NoPermit, Reason::UnknownCommand],
            };
            let decision = self.ours.explain(&self.canonical[number]);
            assert!(reason.contains(&decision.reason), "{question:?}: {decision:?}");
            let permitted = question.expected == Expected::Permit;
            for (name, answer) in self.answers(number) {
                assert_eq!(answer, permitted, "{name}: {question:?}");
            }
        }
    }

    /// What each form of each engine answers.
    fn answers(&self, number: usize) -> Vec<(&'static str, bool)> {
        let truth = |value: regorus::Value| value == regorus::Value::from(true);
        let input = || self.inputs[number].clone();
        let ours_json = self.ours.explain_json(self.raw_json[number].as_bytes());
        vec![
            ("ours", self.ours.permits(&self.canonical[number])),
            ("ours, raw", self.ours.permits_raw(&self.raw[number])),
            ("ours, JSON", ours_json.contains("\"outcome\":\"permit\"")),
            ("cedar", self.cedar.permits(&self.requests[number])),
            ("cedar, sliced", self.sliced.permits(&self.questions[number].path, &self.requests[number])),
            ("cedar, JSON", self.cedar.answer_json(&self.requests_json[number]).contains("\"allow\"")),
            ("scan", truth(rego::executed(&mut self.scan.borrow_mut(), input()))),
            ("scan, interpreted", truth(rego::interpreted(&mut self.scan_interpreted.borrow_mut(), input()))),
            ("indexed", truth(rego::executed(&mut self.indexed.borrow_mut(), input()))),
            ("indexed, interpreted", truth(rego::interpreted(&mut self.indexed_interpreted.borrow_mut(), input()))),
            ("regexes", self.regexes.permits(&self.questions[number])),
        ]
    }

    /// Every engine with a question that is built beforehand. Ours is the first.
    fn contenders(&self) -> Vec<Contender<'_>> {
        let rego_name = |form: &str| format!("{}, {form}", rego::NAME);
        let input = |number: usize| self.inputs[number].clone();
        vec![
            Contender::new(ours::NAME, |number| self.ours.permits(&self.canonical[number])),
            Contender::new(cedar::NAME, |number| self.cedar.permits(&self.requests[number])),
            Contender::new(format!("{}, sliced by the application", cedar::NAME), |number| {
                self.sliced.permits(&self.questions[number].path, &self.requests[number])
            }),
            Contender::new(rego_name("scan, virtual machine"), move |number| {
                rego::executed(&mut self.scan.borrow_mut(), input(number))
            }),
            Contender::new(rego_name("scan, interpreter"), move |number| {
                rego::interpreted(&mut self.scan_interpreted.borrow_mut(), input(number))
            }),
            Contender::new(rego_name("indexed, virtual machine"), move |number| {
                rego::executed(&mut self.indexed.borrow_mut(), input(number))
            }),
            Contender::new(rego_name("indexed, interpreter"), move |number| {
                rego::interpreted(&mut self.indexed_interpreted.borrow_mut(), input(number))
            }),
            Contender::new(regexes::NAME, |number| self.regexes.permits(&self.questions[number])),
        ]
    }

    /// The same questions from raw text and from JSON to JSON, where an engine has that. Ours from canonical form is the
    /// first, which the others are compared with.
    fn ways(&self) -> Vec<Contender<'_>> {
        let json = |number: usize| regorus::Value::from_json_str(&self.inputs_json[number]).expect("the input is JSON");
        vec![
            Contender::new(format!("{}, canonical", ours::NAME), |number| self.ours.permits(&self.canonical[number])),
            Contender::new(format!("{}, raw text", ours::NAME), |number| self.ours.permits_raw(&self.raw[number])),
            Contender::new(format!("{}, JSON to explained JSON", ours::NAME), |number| {
                self.ours.explain_json(self.raw_json[number].as_bytes())
            }),
            Contender::new(format!("{}, JSON to JSON", cedar::NAME), |number| {
                self.cedar.answer_json(&self.requests_json[number])
            }),
            Contender::new(format!("{}, indexed, virtual machine, JSON to JSON", rego::NAME), move |number| {
                rego::executed(&mut self.indexed.borrow_mut(), json(number)).to_json_str().expect("an answer is JSON")
            }),
        ]
    }
}

/// Names of engines and their times, for each number of rules.
pub fn print_sizes(title: &str, tables: &[(Vec<String>, Vec<f64>)]) {
    println!("### {title}, by rules of the account\n");
    let sizes: Vec<String> = SIZES.iter().map(|rules| format!("{} rules | ratio", grouped(*rules))).collect();
    println!("| engine | {} |\n| --- {}|", sizes.join(" | "), "| --- | --- ".repeat(SIZES.len()));
    for (row, name) in tables[0].0.iter().enumerate() {
        let cells = tables.iter().map(|(_, times)| format!("{} | {}", shown(times[row]), ratio(times[row], times[0])));
        println!("| {name} | {} |", cells.collect::<Vec<_>>().join(" | "));
    }
    println!();
}

fn print_kinds(contenders: &mut [Contender<'_>], questions: &[Question], rules: usize) {
    let of = |wanted: &dyn Fn(&Question) -> bool| -> Vec<usize> {
        (0..questions.len()).filter(|number| wanted(&questions[*number])).collect()
    };
    let permitted =
        |rule: usize| of(&move |question: &Question| question.expected == Expected::Permit && question.rule == rule);
    let kinds = [
        ("by the first rule", permitted(0)),
        ("by the last rule", permitted(rules - 1)),
        ("no permit", of(&|question| question.expected == Expected::NoPermit)),
        ("forbidden", of(&|question| question.expected == Expected::Forbid)),
    ];
    println!("### The same at {} rules, by what is decided\n", grouped(rules));
    println!("| engine | {} |", kinds.each_ref().map(|(name, _)| format!("{name} | ratio")).join(" | "));
    println!("| --- {}|", "| --- | --- ".repeat(kinds.len()));
    let times = kinds.map(|(_, numbers)| nanoseconds(contenders, &numbers));
    for (row, contender) in contenders.iter().enumerate() {
        let cells = times.each_ref().map(|times| format!("{} | {}", shown(times[row]), ratio(times[row], times[0])));
        println!("| {} | {} |", contender.name, cells.join(" | "));
    }
    println!();
}

fn print_forms(forms: &Forms<'_>, all: &[usize], rules: usize) {
    let mut ways = forms.ways();
    let times = nanoseconds(&mut ways, all);
    println!("### From raw text and JSON, {} rules\n", grouped(rules));
    println!("| way | time | ratio |\n| --- | --- | --- |");
    for (way, time) in ways.iter().zip(&times) {
        println!("| {} | {} | {} |", way.name, shown(*time), ratio(*time, times[0]));
    }
    println!();
}
