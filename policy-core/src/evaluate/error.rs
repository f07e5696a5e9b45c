//! Why an expression has no value.

use crate::diagnostic::Diagnostic;

/// Why an expression has no value.
#[derive(Debug, Clone, PartialEq)]
pub enum EvaluationError {
    /// A mistake that nobody has reported yet.
    Fault(Box<Diagnostic>),
    /// The cause is reported already: a broken local is used, or the budget was used up before.
    Reported,
    /// A mistake inside `try`, about which nobody asks for more. It never leaves the evaluator.
    Caught,
}

impl EvaluationError {
    /// What is to be reported about it, if anything is.
    pub fn into_diagnostic(self) -> Option<Diagnostic> {
        match self {
            Self::Fault(diagnostic) => Some(*diagnostic),
            Self::Reported | Self::Caught => None,
        }
    }
}
