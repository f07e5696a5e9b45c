//! Unicode normalisation form C (UAX #15), by small tables of our own (`docs/decisions/0006-own-unicode-tables.md`).

use alloc::borrow::Cow;
use alloc::vec::Vec;

use super::properties::{class, is_never_composed, packed, unpacked};
use super::tables::{BY_PARTS, CLASSES, COMPOSITES, NEVER_COMPOSED};

/// Nothing below composes, decomposes or combines in a text that is in NFC.
const FIRST: char = '\u{300}';

/// Syllables of Hangul are computed: each is a leading consonant, a vowel, and perhaps a trailing consonant.
mod hangul {
    pub(super) const SYLLABLES: u32 = 0xac00;
    pub(super) const LEADING: u32 = 0x1100;
    pub(super) const VOWELS: u32 = 0x1161;
    /// One before the first: the number of no trailing consonant.
    pub(super) const TRAILING: u32 = 0x11a7;
    pub(super) const LEADING_COUNT: u32 = 19;
    pub(super) const VOWEL_COUNT: u32 = 21;
    pub(super) const TRAILING_COUNT: u32 = 28;
    pub(super) const COUNT: u32 = LEADING_COUNT * VOWEL_COUNT * TRAILING_COUNT;
}

/// `text` in NFC.
pub(crate) fn nfc(text: &str) -> Cow<'_, str> {
    if is_nfc(text) {
        Cow::Borrowed(text)
    } else {
        Cow::Owned(composed(decomposed(text, &decompose_all)).into_iter().map(|(character, _)| character).collect())
    }
}

/// Whether `text` is in NFC.
pub(crate) fn is_nfc(text: &str) -> bool {
    if text.is_ascii() {
        return true;
    }
    let (mut last, mut may_compose) = (0, false);
    for character in text.chars() {
        if character < FIRST {
            last = 0;
            continue;
        }
        let class = class(character);
        if is_never_composed(character) || class != 0 && last > class {
            return false;
        }
        may_compose |= composes_with_what_is_before(character);
        last = class;
    }
    // What composes with what is before it is left apart only where something stands between: that takes trying.
    !may_compose || composed(decomposed(text, &decompose)).iter().map(|(character, _)| *character).eq(text.chars())
}

/// The number that `character` has from `first` on, below `count`.
fn number(character: char, first: u32, count: u32) -> Option<u32> {
    u32::from(character).checked_sub(first).filter(|number| *number < count)
}

fn composes_with_what_is_before(character: char) -> bool {
    number(character, hangul::VOWELS, hangul::VOWEL_COUNT).is_some()
        || number(character, hangul::TRAILING + 1, hangul::TRAILING_COUNT - 1).is_some()
        || packed(character).is_some_and(|code| {
            let first = BY_PARTS.partition_point(|place| composite(*place).is_some_and(|[_, _, second]| second < code));
            BY_PARTS.get(first).and_then(|place| composite(*place)).is_some_and(|[_, _, second]| second == code)
        })
}

/// What composes, its first part and its second.
fn composite(place: u16) -> Option<[u16; 3]> {
    COMPOSITES.get(usize::from(place)).copied()
}

/// The one character for two, if there is one.
fn compose(first: char, second: char) -> Option<char> {
    if let Some(leading) = number(first, hangul::LEADING, hangul::LEADING_COUNT) {
        let vowel = number(second, hangul::VOWELS, hangul::VOWEL_COUNT)?;
        let syllable = (leading * hangul::VOWEL_COUNT + vowel) * hangul::TRAILING_COUNT;
        return char::from_u32(hangul::SYLLABLES + syllable);
    }
    if let Some(syllable) = number(first, hangul::SYLLABLES, hangul::COUNT) {
        let trailing = number(second, hangul::TRAILING + 1, hangul::TRAILING_COUNT - 1)?;
        let open = syllable.is_multiple_of(hangul::TRAILING_COUNT);
        return char::from_u32(u32::from(first) + trailing + 1).filter(|_| open);
    }
    let parts = (packed(second)?, packed(first)?);
    let of = |place: &u16| composite(*place).map(|[_, first, second]| (second, first));
    let place = BY_PARTS.binary_search_by(|place| of(place).cmp(&Some(parts))).ok()?;
    BY_PARTS.get(place).and_then(|place| composite(*place)).map(|[whole, _, _]| unpacked(whole))
}

/// Appends what a character decomposes into that may stand in a text in NFC.
fn decompose(character: char, out: &mut Vec<char>) {
    if let Some(syllable) = number(character, hangul::SYLLABLES, hangul::COUNT) {
        let trailing = syllable % hangul::TRAILING_COUNT;
        let open = syllable / hangul::TRAILING_COUNT;
        let leading = hangul::LEADING + open / hangul::VOWEL_COUNT;
        let vowel = hangul::VOWELS + open % hangul::VOWEL_COUNT;
        for part in [leading, vowel, hangul::TRAILING + trailing] {
            if let Some(part) = char::from_u32(part).filter(|_| part != hangul::TRAILING) {
                out.push(part);
            }
        }
        return;
    }
    let place = packed(character).and_then(|code| COMPOSITES.binary_search_by_key(&code, |[whole, _, _]| *whole).ok());
    match place.and_then(|place| COMPOSITES.get(place)) {
        Some([_, first, second]) => {
            decompose(unpacked(*first), out);
            out.push(unpacked(*second));
        }
        None => out.push(character),
    }
}

/// The same for any character.
fn decompose_all(character: char, out: &mut Vec<char>) {
    let place = NEVER_COMPOSED.binary_search_by_key(&u32::from(character), |[whole, _, _]| *whole).ok();
    match place.and_then(|place| NEVER_COMPOSED.get(place)) {
        Some([_, first, second]) => {
            decompose_all(char::from_u32(*first).unwrap_or_default(), out);
            out.extend(char::from_u32(*second).filter(|second| *second != '\0'));
        }
        None => decompose(character, out),
    }
}

/// `text` in NFD, with the combining classes.
fn decomposed(text: &str, decompose: &dyn Fn(char, &mut Vec<char>)) -> Vec<(char, u8)> {
    let mut apart = Vec::with_capacity(text.len());
    text.chars().for_each(|character| decompose(character, &mut apart));
    let mut all = Vec::with_capacity(apart.len());
    for character in apart {
        all.push((character, class(character)));
    }
    all.split_mut(|(_, class)| *class == 0).for_each(order);
    all
}

/// Orders what combines with one character by its classes, and within a class as it stands.
fn order(marks: &mut [(char, u8)]) {
    if marks.is_sorted_by_key(|(_, class)| *class) {
        return;
    }
    // In time linear in the marks, since whoever asks may send many. The classes are in order.
    let unordered = marks.to_vec();
    let mut places = marks.iter_mut();
    for class in CLASSES {
        for mark in unordered.iter().filter(|(_, of_mark)| *of_mark == class) {
            if let Some(place) = places.next() {
                *place = *mark;
            }
        }
    }
}

/// NFC from NFD.
fn composed(apart: Vec<(char, u8)>) -> Vec<(char, u8)> {
    let mut all: Vec<(char, u8)> = Vec::with_capacity(apart.len());
    let mut starter = None;
    for (character, class) in apart {
        if let Some((base, between)) = starter.and_then(|place| all.get_mut(place..)?.split_first_mut())
            // What stands between and is not of a lower class keeps them apart.
            && between.last().is_none_or(|(_, last)| *last < class)
            && let Some(whole) = compose(base.0, character)
        {
            base.0 = whole;
            continue;
        }
        if class == 0 {
            starter = Some(all.len());
        }
        all.push((character, class));
    }
    all
}

#[cfg(test)]
mod tests {
    use unicode_normalization::UnicodeNormalization as _;
    use unicode_properties::{GeneralCategory, UnicodeGeneralCategory as _};

    use super::{compose, is_nfc, nfc};
    use crate::text::is_format;
    use crate::text::properties::{class, unpacked};
    use crate::text::tables::{COMPOSITES, NEVER_COMPOSED};

    /// Every Unicode scalar value.
    fn all() -> impl Iterator<Item = char> {
        '\0'..=char::MAX
    }

    /// What the tables know of, and some that they do not.
    fn known() -> Vec<char> {
        let composites = COMPOSITES.iter().flatten().map(|code| unpacked(*code));
        let others = NEVER_COMPOSED.iter().flatten().filter_map(|code| char::from_u32(*code));
        let hangul = ('\u{1100}'..='\u{11c3}').chain(['가', '각', '갛', '힣', '\u{a97c}', '\u{d7b0}']);
        let mut known: Vec<char> =
            composites.chain(others).chain(hangul).chain(['a', 'z', '雪', '\u{10ffff}']).collect();
        known.extend(all().filter(|character| class(*character) != 0));
        known.sort_unstable();
        known.dedup();
        known
    }

    fn compare(text: &str) {
        let expected: String = text.nfc().collect();
        assert_eq!(nfc(text), expected, "{}", text.escape_unicode());
        assert_eq!(is_nfc(text), text == expected, "{}", text.escape_unicode());
    }

    #[test]
    fn every_character_alone_is_as_the_oracle_says() {
        for character in all() {
            compare(character.encode_utf8(&mut [0; 4]));
            assert_eq!(class(character), unicode_normalization::char::canonical_combining_class(character));
            assert_eq!(is_format(character), character.general_category() == GeneralCategory::Format, "{character:?}");
        }
    }

    #[test]
    fn every_pair_composes_as_the_oracle_says() {
        let known = known();
        for first in &known {
            for second in &known {
                assert_eq!(
                    compose(*first, *second),
                    unicode_normalization::char::compose(*first, *second),
                    "{first:?} {second:?}"
                );
            }
        }
    }

    #[test]
    fn every_pair_and_triple_with_marks_is_as_the_oracle_says() {
        let marks = ['\u{301}', '\u{323}', '\u{308}', '\u{345}', '\u{338}', '\u{3099}', '\u{11a8}', '\u{1161}', 'a'];
        for first in known() {
            for second in marks {
                compare(&String::from_iter([first, second]));
                compare(&String::from_iter([second, first]));
                for third in marks {
                    compare(&String::from_iter([first, second, third]));
                    compare(&String::from_iter([second, first, third]));
                }
            }
        }
    }

    #[test]
    fn rows_of_any_characters_are_as_the_oracle_says() {
        let known = known();
        let mut state = 1_u64;
        let mut chance = |below: usize| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            usize::try_from(state >> 33).unwrap() % below
        };
        for _ in 0..200_000 {
            let length = chance(9);
            compare(&(0..length).map(|_| known[chance(known.len())]).collect::<String>());
        }
        compare(&"a\u{345}\u{323}\u{301}\u{327}".repeat(1_000));
        compare(&format!("a{}", "\u{345}\u{323}\u{301}\u{327}".repeat(1_000)));
    }
}
