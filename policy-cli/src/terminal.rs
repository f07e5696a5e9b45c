//! Colour, and text that cannot play tricks on a terminal.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::io::IsTerminal;

use anstream::ColorChoice;
use anstyle::{AnsiColor, Style};

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

/// Whether one stream is coloured; where it is not, every style is empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Colors {
    enabled: bool,
}

impl Colors {
    /// What `when` means for `stream`.
    pub(crate) fn of(when: ColorWhen, stream: &(impl anstream::stream::RawStream + IsTerminal)) -> Self {
        let enabled = match when {
            ColorWhen::Always => true,
            ColorWhen::Never => false,
            ColorWhen::Auto => anstream::AutoStream::choice(stream) != ColorChoice::Never,
        };
        Self { enabled }
    }

    /// No colour.
    #[cfg(test)]
    pub(crate) const NONE: Self = Self { enabled: false };

    /// Whether there is any.
    pub(crate) const fn enabled(self) -> bool {
        self.enabled
    }

    fn style(self, style: Style) -> Style {
        if self.enabled { style } else { Style::new() }
    }

    /// What is wrong or refused.
    pub(crate) fn bad(self) -> Style {
        self.style(AnsiColor::Red.on_default().bold())
    }

    /// What is right or permitted.
    pub(crate) fn good(self) -> Style {
        self.style(AnsiColor::Green.on_default().bold())
    }

    /// What is open.
    pub(crate) fn open(self) -> Style {
        self.style(AnsiColor::Yellow.on_default().bold())
    }

    /// What the eye should find.
    pub(crate) fn strong(self) -> Style {
        self.style(Style::new().bold())
    }

    /// Labels.
    pub(crate) fn faint(self) -> Style {
        self.style(Style::new().dimmed())
    }
}

/// `text` with everything escaped that moves the cursor, changes the terminal or hides in a line.
pub(crate) fn visible(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_hidden) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 16);
    for character in text.chars() {
        if is_hidden(character) {
            // Writing to a string does not fail.
            _ = write!(shown, "\\u{{{:x}}}", u32::from(character));
        } else {
            shown.push(character);
        }
    }
    Cow::Owned(shown)
}

/// Control characters, and the format characters that reorder or hide text.
fn is_hidden(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::visible;

    #[test]
    fn what_plays_tricks_is_escaped() {
        assert_eq!(visible("plain ü"), "plain ü");
        assert_eq!(visible("a\u{1b}[31m\u{202e}"), "a\\u{1b}[31m\\u{202e}");
    }
}
