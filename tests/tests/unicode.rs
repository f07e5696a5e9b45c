//! The tables of `policy-core/src/text`, written from the Unicode crates that are their oracles. A test there compares what is
//! made of them.
//!
//! After a step to another version of Unicode, `SNAPSHOTS=overwrite cargo test -p workspace-tests --test unicode` writes
//! them anew: what a text is in NFC is part of what a decision means, so that the difference is to be looked at.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use unicode_normalization::char::{canonical_combining_class, compose, decompose_canonical};
use unicode_normalization::{IsNormalized, is_nfc_quick};
use unicode_properties::{GeneralCategory, UnicodeGeneralCategory as _};

/// Hangul is computed.
const SYLLABLES: std::ops::RangeInclusive<char> = '\u{ac00}'..='\u{d7a3}';

/// Longest range of a table without anything else in it, and of one with combining classes.
const LENGTHS: (u32, u32) = (1 << 11, 1 << 5);

fn all() -> impl Iterator<Item = char> {
    '\0'..=char::MAX
}

/// The ranges of characters that have the same value: the first, the last and the value.
fn ranges<V: PartialEq + Copy>(longest: u32, value: impl Fn(char) -> Option<V>) -> Vec<(u32, u32, V)> {
    let mut ranges: Vec<(u32, u32, V)> = Vec::new();
    for character in all() {
        let (Some(value), code) = (value(character), u32::from(character)) else { continue };
        match ranges.last_mut() {
            Some((first, last, of_range)) if *last + 1 == code && *of_range == value && code - *first < longest => {
                *last = code;
            }
            _ => ranges.push((code, code, value)),
        }
    }
    ranges
}

fn packed_ranges(has: impl Fn(char) -> bool) -> Vec<u32> {
    let ranges = ranges(LENGTHS.0, |character| has(character).then_some(()));
    ranges.into_iter().map(|(first, last, ())| first << 11 | (last - first)).collect()
}

fn is_never_composed(character: char) -> bool {
    is_nfc_quick(std::iter::once(character)) == IsNormalized::No
}

/// What each character that decomposes, Hangul aside, is made of: one or two characters, which may decompose further.
fn decompositions() -> BTreeMap<char, (char, Option<char>)> {
    let whole = |character: char| {
        let mut parts = Vec::new();
        decompose_canonical(character, |part| parts.push(part));
        parts
    };
    let mut by_parts: BTreeMap<Vec<char>, char> = BTreeMap::new();
    let decomposing: Vec<(char, Vec<char>)> = all()
        .filter(|character| !SYLLABLES.contains(character))
        .map(|character| (character, whole(character)))
        .filter(|(character, parts)| *parts != [*character])
        .collect();
    for (character, parts) in &decomposing {
        // One that composes stands for all that decompose alike.
        let entry = by_parts.entry(parts.clone()).or_insert(*character);
        if !is_never_composed(*character) {
            *entry = *character;
        }
    }
    let of = |parts: Vec<char>| match parts.as_slice() {
        [only] => (*only, None),
        [first, second] => (*first, Some(*second)),
        [before @ .., last] => (by_parts[before], Some(*last)),
        [] => unreachable!("every character is made of something"),
    };
    decomposing.into_iter().map(|(character, parts)| (character, of(parts))).collect()
}

/// A table in as few lines as fit.
fn table(out: &mut String, about: &str, name: &str, kind: &str, items: &[String]) {
    let _ = write!(out, "\n/// {about}\npub(super) static {name}: [{kind}; {}] = [", items.len());
    let mut column = usize::MAX;
    for item in items {
        if column.saturating_add(item.len() + 2) > 120 {
            out.push_str("\n    ");
            column = 4;
        } else {
            out.push(' ');
            column += 1;
        }
        let _ = write!(out, "{item},");
        column += item.len() + 1;
    }
    out.push_str("\n];\n");
}

fn hexadecimal(numbers: &[u32]) -> Vec<String> {
    numbers.iter().map(|number| format!("{number:#x}")).collect()
}

fn classes(out: &mut String) {
    let classes: BTreeSet<u8> = all().map(canonical_combining_class).filter(|class| *class != 0).collect();
    let classes: Vec<u8> = classes.into_iter().collect();
    assert!(classes.len() <= 64, "a class has six bits");
    let number = |character| classes.binary_search(&canonical_combining_class(character)).ok();
    let packed = |(first, last, class): (u32, u32, usize)| {
        first << 11 | (last - first) << 6 | u32::try_from(class).expect("six bits")
    };
    let ranges: Vec<u32> = ranges(LENGTHS.1, number).into_iter().map(packed).collect();
    let names: Vec<String> = classes.iter().map(ToString::to_string).collect();
    table(out, "The combining classes, in order.", "CLASSES", "u8", &names);
    let about = "What has a combining class: first character, 5 bits of length less one, 6 of place in [`CLASSES`].";
    table(out, about, "CLASS_RANGES", "u32", &hexadecimal(&ranges));
}

fn compositions(out: &mut String) {
    let all = decompositions();
    let composites: Vec<[char; 3]> = all
        .iter()
        .filter(|(whole, _)| !is_never_composed(**whole))
        .map(|(whole, (first, second))| [*whole, *first, second.expect("what composes is of two")])
        .collect();
    assert!(composites.iter().all(|[whole, first, second]| compose(*first, *second) == Some(*whole)));
    let astral: BTreeSet<char> = composites.iter().flatten().copied().filter(|code| *code > '\u{ffff}').collect();
    let astral: Vec<char> = astral.into_iter().collect();
    let packed = |character: char| match astral.binary_search(&character) {
        Ok(place) => 0xd800 + u32::try_from(place).expect("few"),
        Err(_) => character.into(),
    };
    let mut composites: Vec<[u32; 3]> = composites.into_iter().map(|parts| parts.map(packed)).collect();
    composites.sort_unstable();
    let mut by_parts: Vec<usize> = (0..composites.len()).collect();
    by_parts.sort_by_key(|place| (composites[*place][2], composites[*place][1]));
    let row = |[whole, first, second]: &[u32; 3]| format!("[{whole:#x}, {first:#x}, {second:#x}]");
    let astral: Vec<String> = astral.iter().map(|character| format!("'{}'", character.escape_unicode())).collect();
    table(out, "Those beyond 0xffff: [`COMPOSITES`] has 0xd800 and their place.", "ASTRAL", "char", &astral);
    let about = "What composes: the whole, its first and its second part; by the whole.";
    table(out, about, "COMPOSITES", "[u16; 3]", &composites.iter().map(row).collect::<Vec<_>>());
    let places: Vec<String> = by_parts.iter().map(ToString::to_string).collect();
    table(out, "Places in [`COMPOSITES`], by the second part and the first.", "BY_PARTS", "u16", &places);
    let never = all.iter().filter(|(whole, _)| is_never_composed(**whole));
    let never: Vec<[u32; 3]> = never
        .map(|(whole, (first, second))| [u32::from(*whole), (*first).into(), second.map_or(0, u32::from)])
        .collect();
    let about = "What decomposes and never composes: the whole, its first part, and its second or 0.";
    table(out, about, "NEVER_COMPOSED", "[u32; 3]", &never.iter().map(row).collect::<Vec<_>>());
}

#[test]
fn the_tables_are_those_of_the_oracles() {
    let (major, minor, update) = unicode_normalization::UNICODE_VERSION;
    let mut out = format!(
        "//! Unicode {major}.{minor}.{update}. Written by `tests/tests/unicode.rs`, which says how; not by hand.\n\
         //!\n\
         //! A packed range is its first character and 11 bits: its length less one, if nothing else is said.\n\n\
         #![expect(clippy::unreadable_literal, reason = \"nobody reads these\")]\n"
    );
    let format = packed_ranges(|character| character.general_category() == GeneralCategory::Format);
    table(&mut out, "Format characters: category Cf.", "FORMAT", "u32", &hexadecimal(&format));
    let never = packed_ranges(is_never_composed);
    table(&mut out, "What no text in NFC has.", "NOT_COMPOSED", "u32", &hexadecimal(&never));
    classes(&mut out);
    compositions(&mut out);
    snapbox::assert_data_eq!(out, snapbox::file!["../../policy-core/src/text/tables.rs"].raw());
}
