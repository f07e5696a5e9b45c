//! What the language asks about characters: NFC, control characters (category Cc) and format characters (Cf).

mod normal_form;
mod properties;
#[rustfmt::skip]
mod tables;

#[cfg(feature = "author")]
use alloc::sync::Arc;

pub(crate) use normal_form::{is_nfc, nfc};
pub(crate) use properties::is_format;

/// `text` in NFC, shared.
#[cfg(feature = "author")]
pub(crate) fn shared_nfc(text: &str) -> Arc<str> {
    nfc(text).into()
}

/// Sorts a row in place, in time that does not depend on what order it is in. Those of the library are made for millions,
/// and each takes several kilobytes for each type.
pub(crate) fn sort<T: Ord>(row: &mut [T]) {
    if row.len() <= 16 {
        for end in 1..row.len() {
            let mut at = end;
            while at > 0 && row.get(at) < row.get(at - 1) {
                row.swap(at, at - 1);
                at -= 1;
            }
        }
        return;
    }
    for root in (0..row.len() / 2).rev() {
        sift(row, root);
    }
    for end in (1..row.len()).rev() {
        row.swap(0, end);
        sift(row.get_mut(..end).unwrap_or_default(), 0);
    }
}

/// Puts the one at `root` of a heap, largest first, where it belongs. What is beyond the end is less than all.
fn sift<T: Ord>(heap: &mut [T], mut root: usize) {
    loop {
        let left = 2 * root + 1;
        let larger = if heap.get(left) < heap.get(left + 1) { left + 1 } else { left };
        if heap.get(root) >= heap.get(larger) {
            return;
        }
        heap.swap(root, larger);
        root = larger;
    }
}

/// The parts of `text` between the bytes `separator`, which is ASCII. For texts as short as those that callers send a
/// plain loop is several times faster than a search.
pub(crate) fn parts(text: &str, separator: u8) -> impl Iterator<Item = &str> {
    let mut rest = Some(text);
    core::iter::from_fn(move || match split_once(rest?, separator) {
        Some((part, behind)) => {
            rest = Some(behind);
            Some(part)
        }
        None => rest.take(),
    })
}

/// What stands before and behind the first byte `separator`, which is ASCII.
pub(crate) fn split_once(text: &str, separator: u8) -> Option<(&str, &str)> {
    let at = text.bytes().position(|byte| byte == separator)?;
    Some((text.get(..at)?, text.get(at + 1..)?))
}

/// How many bytes stand before the first that JSON writes as an escape, 0x7f aside: `"`, `\`, and what is below 0x20.
/// Eight bytes are looked at at once.
pub(crate) fn plain_bytes(bytes: &[u8]) -> usize {
    const ONES: u64 = 0x0101_0101_0101_0101;
    const HIGH: u64 = 0x8080_8080_8080_8080;
    // The highest bit of each byte that is less than `bound`, and perhaps of some after it.
    let below = |word: u64, bound: u8| word.wrapping_sub(ONES * u64::from(bound)) & !word & HIGH;
    let mut plain = 0;
    for chunk in bytes.chunks_exact(8) {
        let word = chunk.first_chunk().map_or(0, |chunk| u64::from_le_bytes(*chunk));
        let special = |byte: u8| below(word ^ (ONES * u64::from(byte)), 1);
        let found = below(word, 0x20) | special(b'"') | special(b'\\');
        if found != 0 {
            // The lowest is exact: nothing below it was borrowed from.
            return plain + found.trailing_zeros() as usize / 8;
        }
        plain += 8;
    }
    let rest = bytes.get(plain..).unwrap_or_default();
    plain + rest.iter().position(|byte| *byte < 0x20 || matches!(byte, b'"' | b'\\')).unwrap_or(rest.len())
}

/// Whether `character` is of category Cc.
pub(crate) fn is_control(character: char) -> bool {
    character.is_control()
}

#[cfg(test)]
mod tests {
    use super::{is_control, is_format, is_nfc, nfc, parts, plain_bytes, sort, split_once};

    #[test]
    fn rows_are_sorted() {
        let mut state = 1_u32;
        for length in (0..70).chain([1_000]) {
            let mut row = Vec::new();
            row.resize_with(length, || {
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                state >> 26
            });
            let mut expected = row.clone();
            expected.sort_unstable();
            sort(&mut row);
            assert_eq!(row, expected);
            sort(&mut row);
            assert_eq!(row, expected);
        }
    }

    #[test]
    fn nfc_composes_and_leaves_composed_text_alone() {
        assert_eq!(nfc("e\u{301}"), "é");
        assert_eq!(nfc("é"), "é");
        assert!(!is_nfc("e\u{301}"));
        assert!(is_nfc("é") && is_nfc("plain"));
    }

    #[test]
    fn parts_are_those_of_split() {
        for text in ["", "/", "a", "a/b", "//", "/a/", "é/ü/", "a//b"] {
            assert_eq!(parts(text, b'/').collect::<Vec<_>>(), text.split('/').collect::<Vec<_>>());
            assert_eq!(split_once(text, b'/'), text.split_once('/'));
        }
    }

    #[test]
    fn plain_bytes_end_at_the_first_that_is_escaped() {
        let special = |byte: &u8| *byte < 0x20 || matches!(byte, b'"' | b'\\');
        for length in 0..40 {
            for at in 0..length {
                for byte in 0..=255_u8 {
                    for filler in [b'a', 0xff, 0x20, 0x80, b'!', b'#', b'[', b']'] {
                        let mut bytes = vec![filler; length];
                        bytes[at] = byte;
                        let expected = bytes.iter().position(special).unwrap_or(length);
                        assert_eq!(plain_bytes(&bytes), expected, "{bytes:?}");
                    }
                }
            }
        }
    }

    #[test]
    fn categories_are_those_of_unicode() {
        assert!(is_control('\u{0}') && is_control('\u{7f}') && is_control('\u{85}') && !is_control(' '));
        assert!(is_format('\u{200b}') && is_format('\u{202e}') && is_format('\u{ad}') && is_format('\u{feff}'));
        assert!(!is_format('a') && !is_format('é'));
    }
}
