//! Colour: when it is used.

use std::io::IsTerminal;

use anstream::ColorChoice;
use ci_feedback::Colors;

/// When to use colour, as it is typed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum ColorWhen {
    /// On a terminal, unless `NO_COLOR` says otherwise
    #[default]
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

impl ColorWhen {
    /// What it means for `stream`.
    pub(crate) fn colors(self, stream: &(impl anstream::stream::RawStream + IsTerminal)) -> Colors {
        Colors::new(match self {
            Self::Always => true,
            Self::Never => false,
            Self::Auto => anstream::AutoStream::choice(stream) != ColorChoice::Never,
        })
    }
}
