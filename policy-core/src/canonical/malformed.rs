//! What is said about a text that is not canonical.

use alloc::borrow::ToOwned;
use alloc::string::String;

use crate::prose::{HELPS, say};
use crate::redact;

/// Characters of a text that are shown in a message.
const SHOWN: usize = 120;

/// A text is not canonical, so what is asked is denied (E6).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct Malformed {
    /// What is wrong: one line, lower case, no full stop.
    pub message: String,
    /// What would be right, if that can be said.
    pub help: Option<String>,
}

impl Malformed {
    /// Says what is wrong, without help.
    pub fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), help: None }
    }

    /// Says what would be right, where there is room for help.
    #[must_use]
    pub fn help(self, help: &str) -> Self {
        self.help_by(|| Some(help.to_owned()))
    }

    /// The same, for what has to be found out first; nothing where nothing can be said.
    #[must_use]
    pub(super) fn help_by(mut self, help: impl FnOnce() -> Option<String>) -> Self {
        if HELPS {
            self.help = help();
        }
        self
    }

    /// Puts the text, and what it should have been, in front of what is wrong with it. Help repairs the text, so that there is
    /// none where a part of it is hidden (C1).
    pub(super) fn of(self, text: &str, what: &str) -> Self {
        let message = say("`{}` is not {}: {}", &[&shown(text), what, &self.message]);
        let help = self.help.filter(|_| redact::text(text) == text);
        Self { message, help }
    }
}

/// `text` as it is shown in a message: without the users of addresses (C1), control and format characters as escapes, cut
/// where it is long. What a caller sent must not write over the lines of a terminal or a log.
pub(crate) fn shown(text: &str) -> String {
    let mut out = String::new();
    // First of all: where it is cut there is no `@` any more that would tell what is hidden.
    let text = redact::text(text);
    for (index, character) in text.chars().enumerate() {
        if index == SHOWN {
            out.push('…');
            break;
        }
        if crate::text::is_control(character) || crate::text::is_format(character) {
            out.extend(character.escape_unicode());
        } else {
            out.push(character);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{Malformed, shown};

    #[test]
    fn what_is_shown_is_one_short_visible_line() {
        assert_eq!(shown("a b/é"), "a b/é");
        assert_eq!(shown(&format!("https://{}@h", "SECRET".repeat(30))), "https://[hidden]@h");
        assert_eq!(shown("a\n\u{202e}b"), "a\\u{a}\\u{202e}b");
        assert_eq!(shown(&"é".repeat(120)), "é".repeat(120));
        assert_eq!(shown(&"é".repeat(121)), format!("{}…", "é".repeat(120)));
    }

    #[test]
    fn a_message_names_the_text_and_keeps_the_help() {
        let malformed = Malformed::new("it is empty").help("write one").of("", "a path");
        assert_eq!(malformed.to_string(), "`` is not a path: it is empty");
        assert_eq!(malformed.help.as_deref(), Some("write one"));
        let malformed =
            Malformed::new("`//` is not allowed").help("write `https:/SECRET@h`").of("https://SECRET@h", "a path");
        assert_eq!(
            (&*malformed.message, malformed.help),
            ("`https://[hidden]@h` is not a path: `//` is not allowed", None)
        );
    }
}
