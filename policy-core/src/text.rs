//! What the language asks about characters: NFC, control characters (category Cc) and format characters (Cf).

use std::borrow::Cow;
#[cfg(feature = "author")]
use std::sync::Arc;

use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};
use unicode_properties::{GeneralCategory, UnicodeGeneralCategory};

/// `text` in Unicode normalisation form C.
pub(crate) fn nfc(text: &str) -> Cow<'_, str> {
    if is_nfc(text) { Cow::Borrowed(text) } else { Cow::Owned(text.nfc().collect()) }
}

/// `text` in NFC, shared.
#[cfg(feature = "author")]
pub(crate) fn shared_nfc(text: &str) -> Arc<str> {
    nfc(text).into()
}

/// Whether `text` is in NFC.
pub(crate) fn is_nfc(text: &str) -> bool {
    text.is_ascii()
        || match is_nfc_quick(text.chars()) {
            IsNormalized::Yes => true,
            IsNormalized::No => false,
            IsNormalized::Maybe => text.chars().eq(text.nfc()),
        }
}

/// Whether `character` is of category Cc.
pub(crate) fn is_control(character: char) -> bool {
    character.is_control()
}

/// Whether `character` is of category Cf: invisible, and often able to make text look like other text.
pub(crate) fn is_format(character: char) -> bool {
    !character.is_ascii() && character.general_category() == GeneralCategory::Format
}

#[cfg(test)]
mod tests {
    use super::{is_control, is_format, is_nfc, nfc};

    #[test]
    fn nfc_composes_and_leaves_composed_text_alone() {
        assert_eq!(nfc("e\u{301}"), "é");
        assert_eq!(nfc("é"), "é");
        assert!(!is_nfc("e\u{301}"));
        assert!(is_nfc("é") && is_nfc("plain"));
    }

    #[test]
    fn categories_are_those_of_unicode() {
        assert!(is_control('\u{0}') && is_control('\u{7f}') && is_control('\u{85}') && !is_control(' '));
        assert!(is_format('\u{200b}') && is_format('\u{202e}') && is_format('\u{ad}') && is_format('\u{feff}'));
        assert!(!is_format('a') && !is_format('é'));
    }
}
