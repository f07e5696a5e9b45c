//! What can be wrong with JSON.

use alloc::borrow::ToOwned;
use alloc::string::String;

use crate::prose::{number, say};

/// What is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// More bytes than the limit, which is given.
    TooLong(usize),
    /// A byte-order mark at the beginning.
    ByteOrderMark,
    /// Bytes that are not UTF-8.
    Encoding,
    /// Nothing but white space.
    Empty,
    /// Lists and objects nested deeper than the limit, which is given.
    TooDeep(u32),
    /// A field that stands twice in one object.
    Repeated(String),
    /// An escape that is one half of a surrogate pair.
    LoneSurrogate,
    /// Something else than what is given had to stand here.
    Expected(&'static str),
}

impl Fault {
    fn message(&self) -> String {
        match self {
            Self::TooLong(limit) => say("it has more than {} bytes", &[&number(*limit)]),
            Self::ByteOrderMark => "it begins with a byte-order mark; it must be plain UTF-8".to_owned(),
            Self::Encoding => "it is not UTF-8".to_owned(),
            Self::Empty => "it is empty; one JSON value is needed".to_owned(),
            Self::TooDeep(limit) => say("lists and objects are nested deeper than {}", &[&number(*limit as usize)]),
            Self::Repeated(name) => say("the field `{}` occurs twice in one object", &[name]),
            Self::LoneSurrogate => "the escape is one half of a surrogate pair".to_owned(),
            Self::Expected(what) => say("expected {}", &[what]),
        }
    }
}

/// What is wrong with some JSON, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.message())]
pub struct JsonError {
    /// What is wrong.
    pub fault: Fault,
    /// The offset of the byte where it is wrong, from 0.
    pub at: usize,
}

impl JsonError {
    /// What is wrong and where, in one line.
    pub fn message(&self) -> String {
        say("{} (at byte {})", &[&self.fault.message(), &number(self.at)])
    }
}
