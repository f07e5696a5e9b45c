//! Text that may be shown: it plays no tricks on a terminal, and has no users of addresses in it.

use std::borrow::Cow;
use std::fmt::Write as _;

use policy_core::redact;

/// `text` with everything escaped that moves the cursor, changes the terminal or hides in a line, and with users of addresses
/// hidden (C1).
pub fn visible(text: &str) -> Cow<'_, str> {
    let text = redact::text(text);
    if !text.chars().any(is_hidden) {
        return text;
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
        assert_eq!(visible("\u{7}`SECRET@h.example:x`"), "\\u{7}`[hidden]@h.example:x`");
        assert_eq!(visible("a\u{1b}[31m\u{202e}"), "a\\u{1b}[31m\\u{202e}");
    }
}
