//! Why a command stopped without a result, and how that is said.

use std::io::{self, Write as _};
use std::path::Path;

use crate::exit::Exit;
use ci_feedback::{Colors, visible};

/// Why a command stopped without a result.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    /// What was typed makes no sense.
    #[error("{message}")]
    Usage {
        /// What is wrong.
        message: String,
        /// What would be right.
        help: String,
    },
    /// Input is invalid or cannot be read.
    #[error("{message}")]
    Input {
        /// What is wrong.
        message: String,
        /// What would be right.
        help: String,
    },
    /// The program has found a mistake in itself.
    #[error("internal: {message}")]
    Bug {
        /// What is wrong.
        message: String,
    },
    /// A result could not be written.
    #[error("the result cannot be written")]
    Output(#[from] io::Error),
    /// A result could not be written to the file that was named.
    #[error("{message}")]
    Unwritten {
        /// What is wrong.
        message: String,
        /// What would be right.
        help: String,
    },
}

impl Failure {
    /// A mistake in what was typed.
    pub(crate) fn usage(message: impl Into<String>, help: impl Into<String>) -> Self {
        Self::Usage { message: message.into(), help: help.into() }
    }

    /// Input that is invalid or cannot be read.
    pub(crate) fn input(message: impl Into<String>, help: impl Into<String>) -> Self {
        Self::Input { message: message.into(), help: help.into() }
    }

    /// A mistake that the program has found in itself before it did harm.
    pub(crate) fn bug(message: impl Into<String>) -> Self {
        Self::Bug { message: message.into() }
    }

    /// A file that cannot be read.
    pub(crate) fn unreadable(path: &Path, error: &io::Error, help: impl Into<String>) -> Self {
        Self::input(format!("`{}` cannot be read: {}", path.display(), reason(error)), help)
    }

    /// A file that cannot be written, though everything else is well.
    pub(crate) fn unwritten(path: &Path, error: &io::Error, help: impl Into<String>) -> Self {
        let message = format!("`{}` cannot be written: {}", path.display(), reason(error));
        Self::Unwritten { message, help: help.into() }
    }

    /// The exit code that goes with it.
    pub(crate) const fn exit(&self) -> Exit {
        match self {
            Self::Usage { .. } => Exit::Usage,
            Self::Input { .. } => Exit::Input,
            Self::Bug { .. } | Self::Output(_) | Self::Unwritten { .. } => Exit::Internal,
        }
    }

    /// Says it on stderr. A closed pipe is not worth a word.
    pub(crate) fn say(&self, colors: Colors) -> Exit {
        let help = match self {
            Self::Output(error) if error.kind() == io::ErrorKind::BrokenPipe => return Exit::Good,
            Self::Output(error) => format!("{}; free some space, or write somewhere else", reason(error)),
            Self::Bug { .. } => {
                "nothing was written; this is a bug in portcullis: please report it with the text above".to_owned()
            }
            Self::Usage { help, .. } | Self::Input { help, .. } | Self::Unwritten { help, .. } => help.clone(),
        };
        let (red, bold) = (colors.bad(), colors.strong());
        let message = self.to_string();
        // Nobody is left to be told when stderr is closed too.
        _ = writeln!(io::stderr(), "{red}error{red:#}: {}\n{bold}help{bold:#}: {}", visible(&message), visible(&help));
        self.exit()
    }
}

/// What the system says, in the words of the other messages: lower case, without the number.
pub(crate) fn reason(error: &io::Error) -> String {
    let text = error.to_string();
    let text = text.split(" (os error").next().unwrap_or(&text);
    let mut characters = text.chars();
    characters.next().map_or_else(String::new, |first| first.to_lowercase().chain(characters).collect())
}
