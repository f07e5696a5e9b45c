//! The states of automata, and walking them.
//!
//! A state stands for everything that may still follow. Each begins with ten bytes: its kind, a count, its label, which is
//! what the automaton answers if the text ends there, 0 for no, and the state that follows. A reference to a state is its
//! place in the section; place 0 is no state, and leads nowhere.
//!
//! | kind | the count, the state that follows, and what stands behind |
//! | --- | --- |
//! | [`ALL`] | nothing: whatever follows, the label is the answer |
//! | [`LITERAL`] | how many bytes must follow; the state after them; the bytes |
//! | [`BRANCH`] | how many ranges; the state for any other character; the ranges of bytes, then a state for each |
//! | [`TABLE`] | nothing; the state for any other character; a map, the number of states, the states |
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
    #[cfg(feature = "author")]
    pub(crate) const COUNT: usize = 1;
    #[cfg(feature = "author")]
    pub(crate) const LABEL: usize = 2;
    #[cfg(feature = "author")]
    pub(crate) const NEXT: usize = 6;
    pub(crate) const LITERAL: usize = 10;
    pub(crate) const RANGES: usize = 10;
    pub(crate) const MAP: usize = 10;
    pub(crate) const WAYS: usize = 14;
    pub(crate) const TABLE: usize = 16;
}

/// The beginning of a state.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Head {
    pub(crate) kind: u8,
    pub(crate) count: u8,
    pub(crate) label: u32,
    pub(crate) next: u32,
}

impl Head {
    /// Reads the beginning of the state at the beginning of `state`.
    #[inline]
    pub(crate) fn read(state: &[u8]) -> Option<Self> {
        let [kind, count, l0, l1, l2, l3, n0, n1, n2, n3] = *state.first_chunk::<10>()?;
        let (label, next) = (u32::from_le_bytes([l0, l1, l2, l3]), u32::from_le_bytes([n0, n1, n2, n3]));
        Some(Self { kind, count, label, next })
    }
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
        let head = Head::read(state)?;
        if rest.is_empty() || head.kind == ALL {
            return Some(head.label);
        }
        match head.kind {
            LITERAL => {
                let literal = state.get(at::LITERAL..at::LITERAL + usize::from(head.count))?;
                rest = rest.strip_prefix(literal)?;
                place = head.next;
            }
            BRANCH => {
                let (ranges, ways) = state.get(at::RANGES..)?.split_at_checked(2 * usize::from(head.count))?;
                if head.next == place {
                    rest = rest.get(stay(ranges, rest)..)?;
                }
                let Some(byte) = rest.first() else { return Some(head.label) };
                match way(ranges, *byte) {
                    Some(way) => {
                        place = word(ways, 4 * way)?;
                        rest = rest.get(1..)?;
                    }
                    None => {
                        place = head.next;
                        rest = after_character(rest)?;
                    }
                }
            }
            TABLE => {
                let byte = *rest.first()?;
                let map = word(state, at::MAP)? as usize + 1;
                match *states.get(map + usize::from(byte))? {
                    0 => {
                        place = head.next;
                        rest = after_character(rest)?;
                    }
                    way => {
                        place = word(state, at::TABLE + 4 * (usize::from(way) - 1))?;
                        rest = rest.get(1..)?;
                    }
                }
            }
            _ => return None,
        }
    }
    None
}

/// The range that has a byte.
#[inline]
fn way(ranges: &[u8], byte: u8) -> Option<usize> {
    ranges.as_chunks().0.iter().position(|[low, high]| (*low..=*high).contains(&byte))
}

/// How far a branch leads back to itself. Ranges have no bytes from the middle of characters, so that each byte of any
/// other character stays.
#[inline]
fn stay(ranges: &[u8], text: &[u8]) -> usize {
    let leaves = match ranges {
        [only, last] if only == last => text.iter().position(|byte| byte == only),
        _ => text.iter().position(|byte| way(ranges, *byte).is_some()),
    };
    leaves.unwrap_or(text.len())
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
    let bytes = if *states.first()? == MAP {
        1 + MAP_BYTES
    } else {
        let head = Head::read(states)?;
        let count = usize::from(head.count);
        match head.kind {
            ALL => at::LITERAL,
            LITERAL if count > 0 => at::LITERAL + count,
            BRANCH => at::RANGES + 6 * count,
            TABLE => at::TABLE + 4 * usize::from(short(states, at::WAYS)?),
            _ => return None,
        }
    };
    (states.len() >= bytes).then_some(bytes)
}
