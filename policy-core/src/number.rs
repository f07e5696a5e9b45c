//! Exact decimal numbers (X1).

/// A number with at most 19 digits before and 18 after the decimal point.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Number(i128);

impl Number {
    /// Reads a literal; none where it needs more digits than there may be.
    pub fn from_literal(text: &str) -> Option<Self> {
        text.parse().ok().map(Self)
    }
}
