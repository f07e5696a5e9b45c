//! What keeps a job from asking, and what is worth knowing about what it asked.

/// What kind of problem it is, a closed list: hosts and fixtures name it by its word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// Something that only the user can say was not said.
    Missing,
    /// Options that exclude each other, or have no such value.
    Option,
    /// No CI system, or several, and the user chose none.
    System,
    /// The environment does not say which repository it is, or says it with more than an address.
    Repository,
    /// The environment leaves open which ref it is, or contradicts itself.
    Ref,
    /// The environment says something else than a commit.
    Commit,
    /// Nothing says who asks.
    Caller,
    /// The token cannot be read.
    Token,
    /// More of something than a limit allows.
    Limit,
    /// What the host handed over is not what it should be.
    Input,
    /// What should be a decision is none.
    Decision,
}

impl Kind {
    /// All.
    pub const ALL: [Self; 11] = [
        Self::Missing,
        Self::Option,
        Self::System,
        Self::Repository,
        Self::Ref,
        Self::Commit,
        Self::Caller,
        Self::Token,
        Self::Limit,
        Self::Input,
        Self::Decision,
    ];

    /// The word for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::Option => "option",
            Self::System => "system",
            Self::Repository => "repository",
            Self::Ref => "ref",
            Self::Commit => "commit",
            Self::Caller => "caller",
            Self::Token => "token",
            Self::Limit => "limit",
            Self::Input => "input",
            Self::Decision => "decision",
        }
    }

    /// Whether it is about how the question was put (exit code 2), not about what was read (3).
    pub const fn is_usage(self) -> bool {
        matches!(self, Self::Missing | Self::Option)
    }
}

/// Why nothing was asked. It never holds a secret: values that may be one are not repeated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// What kind of problem it is.
    pub kind: Kind,
    /// What is wrong: one line, lower case, no full stop.
    pub message: String,
    /// What to do.
    pub help: String,
}

impl Problem {
    /// Says what is wrong and what to do.
    pub fn new(kind: Kind, message: impl Into<String>, help: impl Into<String>) -> Self {
        Self { kind, message: message.into(), help: help.into() }
    }
}

/// Something worth knowing about what was asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// The field of the invocation that it is about: `repository`, `ref`, `commit` or `caller`.
    pub field: String,
    /// One line: where the field comes from, or what may surprise about it.
    pub text: String,
    /// Whether it may surprise.
    pub warning: bool,
}

impl Note {
    /// Says where a field comes from.
    pub fn source(field: &str, text: impl Into<String>) -> Self {
        Self { field: field.to_owned(), text: text.into(), warning: false }
    }

    /// Says what may surprise.
    pub fn warning(field: &str, text: impl Into<String>) -> Self {
        Self { field: field.to_owned(), text: text.into(), warning: true }
    }
}
