//! What can be wrong with JSON.

/// What is wrong.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// More bytes than the limit, which is given.
    #[error("it has more than {0} bytes")]
    TooLong(usize),
    /// A byte-order mark at the beginning.
    #[error("it begins with a byte-order mark; it must be plain UTF-8")]
    ByteOrderMark,
    /// Bytes that are not UTF-8.
    #[error("it is not UTF-8")]
    Encoding,
    /// Nothing but white space.
    #[error("it is empty; one JSON value is needed")]
    Empty,
    /// Lists and objects nested deeper than the limit, which is given.
    #[error("lists and objects are nested deeper than {0}")]
    TooDeep(u32),
    /// A field that stands twice in one object.
    #[error("the field `{0}` occurs twice in one object")]
    Repeated(String),
    /// An escape that is one half of a surrogate pair.
    #[error("the escape is one half of a surrogate pair")]
    LoneSurrogate,
    /// Something else than what is given had to stand here.
    #[error("expected {0}")]
    Expected(&'static str),
}

/// What is wrong with some JSON, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{fault} (at byte {at})")]
pub struct JsonError {
    /// What is wrong.
    pub fault: Fault,
    /// The offset of the byte where it is wrong, from 0.
    pub at: usize,
}
