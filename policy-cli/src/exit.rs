//! Exit codes: the one place where they are numbers (`docs/architecture.md`).

use std::process::ExitCode;

/// How a command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Exit {
    /// Permitted, valid, clean, written.
    Good,
    /// The answer is no.
    No,
    /// What was typed makes no sense.
    Usage,
    /// Input is invalid or cannot be read.
    Input,
    /// Not decided: requirements are not shown.
    Undecided,
    /// A bug, or results that cannot be written.
    Internal,
}

impl Exit {
    /// The number.
    pub(crate) const fn code(self) -> u8 {
        match self {
            Self::Good => 0,
            Self::No => 1,
            Self::Usage => 2,
            Self::Input => 3,
            Self::Undecided => 4,
            Self::Internal => 70,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.code())
    }
}
