//! Values: what expressions become.

use std::sync::Arc;

use crate::number::Number;
use crate::source::Span;

/// A value and the expression it comes from, so that a mistake in it is shown where its author wrote it.
#[derive(Debug, Clone, PartialEq)]
pub struct Located {
    /// The value.
    pub value: Value,
    /// The expression that made it: for a list member that member, also when the list reached its place through a local.
    pub span: Span,
}

/// A value.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// An exact decimal number.
    Number(Number),
    /// Text in NFC.
    Text(Arc<str>),
    /// A list; tuples, lists and sets are one type.
    List(Arc<[Located]>),
    /// An object; maps and objects are one type. Sorted by the bytes of the keys, each of which stands once.
    Object(Arc<[(Arc<str>, Located)]>),
    /// What the functions of section 6 and a `!` before text or a pattern make.
    Pattern(Arc<PatternValue>),
}

impl Value {
    /// The words for its type in messages, such as `a list`.
    pub const fn type_name(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "a boolean",
            Self::Number(_) => "a number",
            Self::Text(_) => "text",
            Self::List(_) => "a list",
            Self::Object(_) => "an object",
            Self::Pattern(_) => "a pattern",
        }
    }
}

/// A pattern as it is written, before its place says what its separators are or which names it selects.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum PatternValue {
    /// A plain string that stands after `!`: a glob, or a name where names are listed.
    Plain(Arc<str>),
    /// `glob("…")`.
    Glob(Arc<str>),
    /// `regex("…")`.
    Regex(Arc<str>),
    /// `exact("…")`.
    Exact(Arc<str>),
    /// `any()`.
    Any,
    /// `branch(p)`; `p` is `Plain`, `Glob`, `Regex` or `Exact`.
    Branch(Arc<PatternValue>),
    /// `tag(p)`, likewise.
    Tag(Arc<PatternValue>),
    /// `commit()`.
    Commit,
    /// `pull_request()`.
    PullRequest,
    /// `protected()`.
    Protected,
    /// `effect("read")` (false) or `effect("write")` (true).
    Effect {
        /// Whether the commands that write are meant.
        write: bool,
    },
    /// `!p`; `p` is not itself negated.
    Not(Arc<PatternValue>),
}
