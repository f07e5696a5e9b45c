//! Values and expressions.

mod value;

pub use value::{Located, PatternValue, Value};
