//! The words for what a rule looks at and what it requires.

/// What a rule looks at, in the order of E3.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Dimension {
    /// Who asks.
    Caller,
    /// From which repository.
    Repository,
    /// From which ref of it.
    Ref,
    /// On which path.
    Path,
    /// Which command.
    Command,
    /// With which arguments.
    Arguments,
}

impl Dimension {
    /// All, in order.
    pub const ALL: [Self; 6] = [Self::Caller, Self::Repository, Self::Ref, Self::Path, Self::Command, Self::Arguments];

    /// The name in decisions.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Caller => "caller",
            Self::Repository => "repository",
            Self::Ref => "ref",
            Self::Path => "path",
            Self::Command => "command",
            Self::Arguments => "arguments",
        }
    }

    /// The attribute of a rule that says it.
    pub const fn attribute(self) -> &'static str {
        match self {
            Self::Caller => "callers",
            Self::Repository => "repositories",
            Self::Ref => "refs",
            Self::Path => "paths",
            Self::Command => "commands",
            Self::Arguments => "arguments",
        }
    }
}

/// The kinds of requirements, in the order of section 8.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Requirement {
    /// `commit_on`
    CommitOn,
    /// `commit_is_tip_of`
    CommitIsTipOf,
    /// `includes_tip_of`
    IncludesTipOf,
    /// `checks`
    Checks,
    /// `approvals`
    Approvals,
    /// `planned`
    Planned,
    /// `plan`
    Plan,
    /// `no_rollback`
    NoRollback,
    /// `window`
    Window,
    /// `not_after`
    NotAfter,
}

impl Requirement {
    /// All, in order.
    pub const ALL: [Self; 10] = [
        Self::CommitOn,
        Self::CommitIsTipOf,
        Self::IncludesTipOf,
        Self::Checks,
        Self::Approvals,
        Self::Planned,
        Self::Plan,
        Self::NoRollback,
        Self::Window,
        Self::NotAfter,
    ];

    /// The name in policies and decisions.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::CommitOn => "commit_on",
            Self::CommitIsTipOf => "commit_is_tip_of",
            Self::IncludesTipOf => "includes_tip_of",
            Self::Checks => "checks",
            Self::Approvals => "approvals",
            Self::Planned => "planned",
            Self::Plan => "plan",
            Self::NoRollback => "no_rollback",
            Self::Window => "window",
            Self::NotAfter => "not_after",
        }
    }
}
