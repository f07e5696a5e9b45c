//! The budget of an estate, and how mistakes are made known without cost inside `try`.

use super::EvaluationError;
use crate::diagnostic::{Code, Diagnostic};
use crate::source::Span;

/// Bytes of text that are read, compared or sorted for one step. Short text is free, as the limits of section 10 count it.
const READ_BYTES_PER_STEP: usize = 64;

/// What is left of the budget.
#[derive(Debug)]
pub(super) struct Meter {
    steps: u64,
    text_bytes: u64,
    exhausted: bool,
    attempts: u32,
}

impl Meter {
    pub(super) fn new(steps: u64, text_bytes: u64) -> Self {
        Self { steps, text_bytes, exhausted: false, attempts: 0 }
    }

    /// Counts `count` nodes visited or elements that are about to be made.
    pub(super) fn spend(&mut self, count: usize, span: Span) -> Result<(), EvaluationError> {
        match self.steps.checked_sub(u64::try_from(count).unwrap_or(u64::MAX)) {
            Some(steps) => {
                self.steps = steps;
                Ok(())
            }
            None => Err(self.exhaust(span, "steps", "50 million steps")),
        }
    }

    /// Counts `bytes` of text that is about to be made.
    pub(super) fn make_text(&mut self, bytes: usize, span: Span) -> Result<(), EvaluationError> {
        match self.text_bytes.checked_sub(u64::try_from(bytes).unwrap_or(u64::MAX)) {
            Some(text_bytes) => {
                self.text_bytes = text_bytes;
                Ok(())
            }
            None => Err(self.exhaust(span, "text", "512 MiB of text")),
        }
    }

    /// Counts `bytes` of text that is about to be read.
    pub(super) fn read_text(&mut self, bytes: usize, span: Span) -> Result<(), EvaluationError> {
        self.spend(bytes / READ_BYTES_PER_STEP, span)
    }

    fn exhaust(&mut self, span: Span, what: &str, limit: &str) -> EvaluationError {
        self.exhausted = true;
        let message = format!("the evaluation takes more {what} than an estate may");
        let help =
            format!("all expressions of an estate together may take {limit}; make fewer or smaller elements here");
        EvaluationError::Fault(Box::new(Diagnostic::new(Code::Budget, span, message).help(help)))
    }

    pub(super) fn is_exhausted(&self) -> bool {
        self.exhausted
    }

    /// Begins an attempt, inside which mistakes are not described.
    pub(super) fn begin_attempt(&mut self) {
        self.attempts = self.attempts.saturating_add(1);
    }

    /// Ends the attempt begun last.
    pub(super) fn end_attempt(&mut self) {
        self.attempts = self.attempts.saturating_sub(1);
    }

    /// The error for a mistake; inside an attempt without building what nobody will read.
    pub(super) fn fault(&self, build: impl FnOnce() -> Diagnostic) -> EvaluationError {
        if self.attempts > 0 { EvaluationError::Caught } else { EvaluationError::Fault(Box::new(build())) }
    }

    /// The error for a mistake that needs no help.
    pub(super) fn plain_fault(&self, code: Code, span: Span, message: impl FnOnce() -> String) -> EvaluationError {
        self.fault(|| Diagnostic::new(code, span, message()))
    }
}

#[cfg(test)]
mod tests {

    use super::Meter;
    use crate::evaluate::testing::{
        broken, call, each, evaluate_with, iteration, list, literal, number, put, report, span, template, text, texts,
        variable,
    };
    use crate::evaluate::{EvaluationError, Evaluator};
    use crate::syntax::tree::{Expression, For};

    #[test]
    fn the_budget_ends_where_it_says() {
        let mut meter = Meter::new(3, 5);
        assert!(meter.spend(2, span(0, 1)).is_ok() && meter.spend(1, span(0, 1)).is_ok());
        assert!(meter.make_text(5, span(0, 1)).is_ok() && !meter.is_exhausted());
        let fault = meter.spend(1, span(2, 3)).unwrap_err().into_diagnostic().unwrap();
        assert_eq!((fault.code.as_str(), fault.span), ("PL308", span(2, 3)));
        assert!(meter.is_exhausted() && meter.make_text(1, span(0, 1)).is_err());
        let mut meter = Meter::new(1, 0);
        assert!(meter.read_text(127, span(0, 1)).is_ok() && meter.read_text(64, span(0, 1)).is_err());
        let fresh = Meter::new(1, 1);
        assert!(!fresh.is_exhausted());
    }

    #[test]
    fn nothing_catches_the_budget_and_it_is_reported_once() {
        let endless = || call("range", vec![number("1000")]);
        let attempt = call("try", vec![endless(), text("caught")]);
        let mut evaluator = Evaluator::with_budget(100, 100);
        assert!(report(evaluate_with(&mut evaluator, &attempt)).starts_with("PL308"));
        assert!(evaluator.is_exhausted());
        assert_eq!(evaluate_with(&mut evaluator, &text("a")), Err(EvaluationError::Reported));
    }

    #[test]
    fn mistakes_inside_try_are_not_described() {
        let mut meter = Meter::new(1, 1);
        meter.begin_attempt();
        meter.begin_attempt();
        meter.end_attempt();
        assert_eq!(meter.fault(unwanted), EvaluationError::Caught);
        meter.end_attempt();
        assert!(matches!(meter.fault(unwanted), EvaluationError::Fault(_)));
        assert_eq!(EvaluationError::Reported.into_diagnostic(), None);
        assert!(report(evaluate_with(&mut Evaluator::new(), &broken())).starts_with("PL305"));
    }

    fn unwanted() -> crate::diagnostic::Diagnostic {
        crate::diagnostic::Diagnostic::new(crate::diagnostic::Code::Budget, span(0, 1), "x")
    }

    /// Bytes of text that are just enough, and one less.
    #[test]
    fn text_is_counted_before_it_is_made() {
        let cases: Vec<(Expression, u64)> = vec![
            (template(vec![literal("ab"), put(text("cde"))]), 5),
            (call("join", vec![text("--"), texts(&["a", "b", "c"])]), 7),
            (call("replace", vec![text("abab"), text("b"), text("xyz")]), 8),
            (call("split", vec![text(","), text("ab,c")]), 3),
            (call("upper", vec![text("abc")]), 3),
            (call("format", vec![text("%5s"), text("abc")]), 5),
            (call("format", vec![text("a%%%v"), list(vec![number("1"), text("<")])]), 14),
            (call("tostring", vec![number("12.5")]), 4),
            (call("substr", vec![text("abcd"), number("1"), number("2")]), 2),
            (call("trimprefix", vec![text("abcd"), text("a")]), 3),
        ];
        for (expression, bytes) in cases {
            let run = |bytes| report(evaluate_with(&mut Evaluator::with_budget(1_000, bytes), &expression));
            assert!(!run(bytes).starts_with("PL"), "{expression:?}: {}", run(bytes));
            assert!(run(bytes - 1).starts_with("PL308"), "{expression:?}: {}", run(bytes - 1));
        }
    }

    // Section 10
    #[test]
    fn bombs_are_refused_and_not_built() {
        let many = || call("range", vec![number("1024")]);
        let nested = |inner| iteration(For { key: None, ..each(many(), inner) });
        let long = call("format", vec![text("%1024s"), text("")]);
        let wide = call("join", vec![text(""), iteration(each(many(), long))]);
        let wider = call("replace", vec![wide.clone(), text(""), wide]);
        for bomb in [call("setproduct", vec![many(), many(), many()]), nested(nested(nested(variable("v")))), wider] {
            assert!(report(evaluate_with(&mut Evaluator::new(), &bomb)).starts_with("PL308"));
        }
    }
}
