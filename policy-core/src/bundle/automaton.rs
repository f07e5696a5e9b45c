//! The states of automata, and walking them.
//!
//! A state stands for everything that may still follow. Each begins with its kind and its label: what the automaton
//! answers if the text ends there, 0 for no. A reference to a state is its place in the section; place 0 is no state, and
//! leads nowhere.
//!
//! | kind | after kind and label |
//! | --- | --- |
//! | [`ALL`] | nothing: whatever follows, the label is the answer |
//! | [`LITERAL`] | the next state, the number of bytes, the bytes that must follow |
//! | [`BRANCH`] | the state for any other character, the number of ranges; ranges of bytes, then a state for each |
//! | [`TABLE`] | the state for any other character, a map, the number of states; the states |
//!
//! Texts are UTF-8. A range of bytes leads on by one byte, "any other character" by a whole one: so an automaton that treats
//! all characters beyond ASCII alike, as most do, has no state for their bytes.

use super::layout::{short, word};

/// Whatever follows, the label is the answer.
pub(crate) const ALL: u8 = 1;
/// These bytes must follow.
pub(crate) const LITERAL: u8 = 2;
/// Few ways on, searched one after the other.
pub(crate) const BRANCH: u8 = 3;
/// Many ways on, found by a map of bytes.
pub(crate) const TABLE: u8 = 4;
/// Not a state: 256 bytes, for each byte the number of the way on from 1, or 0 for any other character.
pub(crate) const MAP: u8 = 5;
/// Bytes of the map behind its kind.
pub(crate) const MAP_BYTES: usize = 256;

/// Where each part of a state stands.
pub(crate) mod at {
    pub(crate) const LABEL: usize = 1;
    pub(crate) const NEXT: usize = 5;
    pub(crate) const LENGTH: usize = 9;
    pub(crate) const LITERAL: usize = 10;
    pub(crate) const OTHERWISE: usize = 5;
    pub(crate) const RANGES: usize = 9;
    pub(crate) const BRANCH: usize = 10;
    pub(crate) const MAP: usize = 9;
    pub(crate) const WAYS: usize = 13;
    pub(crate) const TABLE: usize = 15;
}

/// The label that an automaton has for a text from the state `start`; 0 for none. `text` is UTF-8.
#[inline]
pub(crate) fn walk(states: &[u8], start: u32, text: &[u8]) -> u32 {
    walk_checked(states, start, text).unwrap_or_default()
}

#[inline]
fn walk_checked(states: &[u8], start: u32, text: &[u8]) -> Option<u32> {
    let mut rest = text;
    let mut place = start;
    while place != 0 {
        let state = states.get(place as usize..)?;
        let kind = *state.first()?;
        if rest.is_empty() || kind == ALL {
            return word(state, at::LABEL);
        }
        (place, rest) = match kind {
            LITERAL => {
                let length = usize::from(*state.get(at::LENGTH)?);
                let literal = state.get(at::LITERAL..at::LITERAL + length)?;
                (word(state, at::NEXT)?, rest.strip_prefix(literal)?)
            }
            BRANCH => branch(state, place, rest)?,
            TABLE => {
                let byte = *rest.first()?;
                let map = word(state, at::MAP)? as usize + 1;
                match *states.get(map + usize::from(byte))? {
                    0 => (word(state, at::OTHERWISE)?, after_character(rest)?),
                    way => (word(state, at::TABLE + 4 * (usize::from(way) - 1))?, rest.get(1..)?),
                }
            }
            _ => return None,
        };
    }
    None
}

/// The way on from a branch. One that leads back to itself is followed as far as it goes.
#[inline]
fn branch<'t>(state: &[u8], place: u32, text: &'t [u8]) -> Option<(u32, &'t [u8])> {
    let count = usize::from(*state.get(at::RANGES)?);
    let (ranges, ways) = state.get(at::BRANCH..)?.split_at_checked(2 * count)?;
    let otherwise = word(state, at::OTHERWISE)?;
    let way = |byte: u8| {
        ranges.chunks_exact(2).position(|range| matches!(range, [low, high] if (*low..=*high).contains(&byte)))
    };
    let mut rest = text;
    loop {
        let Some(byte) = rest.first() else { return Some((place, rest)) };
        match way(*byte) {
            Some(way) => return Some((word(ways, 4 * way)?, rest.get(1..)?)),
            None if otherwise == place => rest = after_character(rest)?,
            None => return Some((otherwise, after_character(rest)?)),
        }
    }
}

/// The text after its first character.
#[inline]
fn after_character(text: &[u8]) -> Option<&[u8]> {
    let bytes = match text.first()? {
        ..0x80 => 1,
        0x80..0xe0 => 2,
        0xe0..0xf0 => 3,
        0xf0.. => 4,
    };
    text.get(bytes..)
}

/// How many bytes the state or map at the beginning of `states` takes, if its parts are there.
pub(super) fn measure(states: &[u8]) -> Option<usize> {
    let bytes = match *states.first()? {
        ALL => at::NEXT,
        LITERAL => at::LITERAL + usize::from(*states.get(at::LENGTH).filter(|length| **length > 0)?),
        BRANCH => at::BRANCH + 6 * usize::from(*states.get(at::RANGES)?),
        TABLE => at::TABLE + 4 * usize::from(short(states, at::WAYS)?),
        MAP => 1 + MAP_BYTES,
        _ => return None,
    };
    (states.len() >= bytes).then_some(bytes)
}
