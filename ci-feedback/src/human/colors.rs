//! Colour.

use anstyle::{AnsiColor, Style};

/// Whether a text is coloured; where it is not, every style is empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Colors {
    enabled: bool,
}

impl Colors {
    /// No colour.
    pub const NONE: Self = Self { enabled: false };

    /// Colour, or none.
    pub const fn new(enabled: bool) -> Self {
        Self { enabled }
    }

    /// Whether there is any.
    pub const fn enabled(self) -> bool {
        self.enabled
    }

    fn style(self, style: Style) -> Style {
        if self.enabled { style } else { Style::new() }
    }

    /// What is wrong or refused.
    pub fn bad(self) -> Style {
        self.style(AnsiColor::Red.on_default().bold())
    }

    /// What is right or permitted.
    pub fn good(self) -> Style {
        self.style(AnsiColor::Green.on_default().bold())
    }

    /// What is open.
    pub fn open(self) -> Style {
        self.style(AnsiColor::Yellow.on_default().bold())
    }

    /// What the eye should find.
    pub fn strong(self) -> Style {
        self.style(Style::new().bold())
    }

    /// Labels.
    pub fn faint(self) -> Style {
        self.style(Style::new().dimmed())
    }
}
