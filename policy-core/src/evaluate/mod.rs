//! What expressions become: names are resolved, locals ordered, and expressions evaluated within a budget (sections 4, 6).

mod compare;
mod cycle;
mod depth;
mod error;
mod functions;
mod locals;
mod meter;
mod operator;
mod resolve;
mod scope;
mod template;
#[cfg(test)]
mod testing;
mod traversal;
mod value;
mod walk;

pub use error::EvaluationError;
pub use functions::{FUNCTIONS, FunctionInfo};
pub use locals::Locals;
pub use resolve::{Names, Uses, resolve};
pub use scope::{AccountValues, Scope};
pub use value::{Located, PatternValue, Value};

use crate::limits::{EVALUATION_STEPS, EVALUATION_TEXT_BYTES};
use crate::syntax::tree::Expression;
use meter::Meter;

/// Evaluates the expressions of one estate, and counts what that takes: the limits hold for all of them together.
#[derive(Debug)]
pub struct Evaluator {
    meter: Meter,
}

impl Evaluator {
    /// An evaluator with the whole budget of an estate (section 10).
    pub fn new() -> Self {
        Self::with_budget(EVALUATION_STEPS, EVALUATION_TEXT_BYTES)
    }

    /// An evaluator with another budget: steps, and bytes of text made.
    pub fn with_budget(steps: u64, text_bytes: u64) -> Self {
        Self { meter: Meter::new(steps, text_bytes) }
    }

    /// The value of `expression`, in which [`resolve`] has found nothing wrong. Its span is that of the expression, or of
    /// the arm that a conditional chose.
    ///
    /// # Errors
    /// The first mistake on the way; see [`EvaluationError`].
    pub fn evaluate(&mut self, expression: &Expression, scope: &Scope<'_>) -> Result<Located, EvaluationError> {
        if self.meter.is_exhausted() {
            return Err(EvaluationError::Reported);
        }
        walk::Walker::new(&mut self.meter, scope).expression(expression)
    }

    /// Whether the budget is used up; every evaluation is then [`EvaluationError::Reported`].
    pub fn is_exhausted(&self) -> bool {
        self.meter.is_exhausted()
    }
}

impl Default for Evaluator {
    fn default() -> Self {
        Self::new()
    }
}
