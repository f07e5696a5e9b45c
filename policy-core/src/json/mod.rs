//! Strict JSON: a reader and a small writer.
//!
//! Own code on purpose. Fields that repeat at any depth, the characters of a number's token, counted nesting, lone
//! surrogates, a byte-order mark and trailing text are part of what a decision means here, and general readers differ in
//! all of them; and the decider has to fit in tens of kilobytes of WebAssembly.

mod error;
mod reader;
mod text;
mod value;
mod writer;

pub use error::{Fault, JsonError};
pub(crate) use reader::is_number;
pub use reader::{Limits, read};
pub use value::Json;
pub use writer::{ArrayWriter, ObjectWriter, write_text};
