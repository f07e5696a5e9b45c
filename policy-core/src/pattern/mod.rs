//! Patterns (section 6): what an author writes becomes a [`Node`], the syntax of a regular language over text; its
//! limits are proved (P8), and the reference engine matches with it. Nothing here is shared with the compiled engine.

mod alphabet;
mod askable;
mod bound;
mod braces;
mod compile;
mod display;
mod error;
mod glob;
mod language;
mod measure;
mod minimize;
mod nfa;
mod node;
mod partition;
mod path;
mod principal;
mod reference;
mod regex;
mod regex_class;
mod regex_error;
mod subsets;
#[cfg(test)]
mod testing;
mod witness;

pub use askable::Askable;
pub(crate) use askable::example;
pub use braces::brace_results;
pub use compile::compile;
pub use display::display;
pub use error::{PatternError, TooLarge};
pub use glob::{Separators, glob};
pub use language::{difference_is_empty, intersects};
pub use measure::{Measure, check, measure};
pub use nfa::Nfa;
pub(crate) use nfa::State as NfaState;
pub use node::Node;
pub use regex::regex;
