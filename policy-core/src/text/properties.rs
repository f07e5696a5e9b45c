//! What Unicode says of single characters, looked up in the tables.

use super::tables::{ASTRAL, CLASS_RANGES, CLASSES, FORMAT, NOT_COMPOSED};

/// Bits of a packed range behind its first character.
const BITS: u32 = 11;
/// Bits of those for the combining class, the lowest.
const CLASS_BITS: u32 = 6;
/// The first of the code points that no character has: in the tables they stand for the characters of [`ASTRAL`].
const SURROGATES: u16 = 0xd800;

/// Whether `character` is of category Cf: invisible, and often able to make text look like other text.
pub(crate) fn is_format(character: char) -> bool {
    !character.is_ascii() && has(&FORMAT, character)
}

/// Whether no text in NFC has `character`: it always decomposes.
pub(super) fn is_never_composed(character: char) -> bool {
    has(&NOT_COMPOSED, character)
}

/// The canonical combining class: 0 for what stands by itself.
pub(super) fn class(character: char) -> u8 {
    let Some((past, rest)) = range(&CLASS_RANGES, character) else { return 0 };
    let class = CLASSES.get((rest & ((1 << CLASS_BITS) - 1)) as usize);
    class.copied().filter(|_| past <= rest >> CLASS_BITS).unwrap_or_default()
}

/// Whether a range has `character`. The low bits of each are its length less one.
fn has(ranges: &[u32], character: char) -> bool {
    range(ranges, character).is_some_and(|(past, rest)| past <= rest)
}

/// The last range that begins at `character` or before: how far past its beginning that is, and its low bits.
fn range(ranges: &[u32], character: char) -> Option<(u32, u32)> {
    let code = u32::from(character);
    let before = ranges.partition_point(|range| range >> BITS <= code);
    let range = ranges.get(before.checked_sub(1)?)?;
    Some((code - (range >> BITS), range & ((1 << BITS) - 1)))
}

/// How the tables of compositions name a character; nothing where they have not got it.
pub(super) fn packed(character: char) -> Option<u16> {
    match u16::try_from(u32::from(character)) {
        Ok(code) => Some(code),
        Err(_) => {
            let place = ASTRAL.binary_search(&character).ok()?;
            Some(SURROGATES + u16::try_from(place).ok()?)
        }
    }
}

/// The character of such a name.
pub(super) fn unpacked(code: u16) -> char {
    match char::from_u32(u32::from(code)) {
        Some(character) => character,
        None => ASTRAL.get(usize::from(code - SURROGATES)).copied().unwrap_or_default(),
    }
}
