//! An automaton of a bundle, byte by byte: the same steps that deciding takes in larger ones.

use crate::bundle::automaton::{ALL, BRANCH, LITERAL, MAP_BYTES, TABLE, at};
use crate::bundle::layout::{short, word};

/// How far a walk has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Config {
    /// At a state; place 0 is none.
    At(u32),
    /// Inside a literal: so many of its bytes were read.
    Literal(u32, u8),
    /// So many bytes of a character are left before the state.
    Inside(u32, u8),
}

impl Config {
    fn state(states: &[u8], place: u32) -> Option<&[u8]> {
        states.get(place as usize..).filter(|_| place != 0)
    }

    /// The label if the text ends here; 0 for none.
    pub(super) fn label(self, states: &[u8]) -> u32 {
        match self {
            Self::At(place) => Self::state(states, place).and_then(|state| word(state, at::LABEL)).unwrap_or_default(),
            Self::Literal(..) | Self::Inside(..) => 0,
        }
    }

    /// The byte that must follow, where there is only one, and the text may not end here.
    pub(super) fn only_byte(self, states: &[u8]) -> Option<u8> {
        let (place, read) = match self {
            Self::At(place) if self.label(states) == 0 => (place, 0),
            Self::Literal(place, read) => (place, read),
            _ => return None,
        };
        let state = Self::state(states, place).filter(|state| state.first() == Some(&LITERAL))?;
        state.get(at::LITERAL + usize::from(read)).copied()
    }

    /// Marks the bytes at which the next step may change.
    pub(super) fn cuts(self, states: &[u8], cuts: &mut [bool; 257]) {
        // Where the lengths of characters change.
        for byte in [0, 0x80, 0xc0, 0xe0, 0xf0] {
            cut(cuts, byte, u8::MAX);
        }
        let place = match self {
            Self::At(place) | Self::Literal(place, _) => place,
            Self::Inside(..) => return,
        };
        let Some(state) = Self::state(states, place) else { return };
        match state.first() {
            Some(&LITERAL) => {
                let read = if let Self::Literal(_, read) = self { read } else { 0 };
                if let Some(byte) = state.get(at::LITERAL + usize::from(read)) {
                    cut(cuts, *byte, *byte);
                }
            }
            Some(&BRANCH) => {
                let count = usize::from(state.get(at::COUNT).copied().unwrap_or_default());
                let ranges = state.get(at::RANGES..at::RANGES + 2 * count).unwrap_or_default();
                for range in ranges.chunks_exact(2) {
                    if let [low, high] = range {
                        cut(cuts, *low, *high);
                    }
                }
            }
            Some(&TABLE) => {
                let map = word(state, at::MAP).unwrap_or_default() as usize + 1;
                let map = states.get(map..map + MAP_BYTES).unwrap_or_default();
                for (byte, pair) in (0..u8::MAX).zip(map.windows(2)) {
                    if let [before, after] = pair
                        && before != after
                    {
                        cut(cuts, byte + 1, u8::MAX);
                    }
                }
            }
            _ => {}
        }
    }
}

/// Marks the first byte of a range, and the one behind its last.
pub(super) fn cut(cuts: &mut [bool; 257], first: u8, last: u8) {
    for at in [usize::from(first), usize::from(last) + 1] {
        if let Some(cut) = cuts.get_mut(at) {
            *cut = true;
        }
    }
}

/// Where one byte leads.
pub(super) fn step(states: &[u8], config: Config, byte: u8) -> Config {
    let next = match config {
        Config::Inside(place, 1) => Some(Config::At(place)),
        Config::Inside(place, left) => Some(Config::Inside(place, left.saturating_sub(1))),
        Config::At(place) => Config::state(states, place).and_then(|state| from_state(states, state, place, byte)),
        Config::Literal(place, read) => {
            Config::state(states, place).and_then(|state| in_literal(state, place, read, byte))
        }
    };
    next.unwrap_or(Config::At(0))
}

fn from_state(states: &[u8], state: &[u8], place: u32, byte: u8) -> Option<Config> {
    match *state.first()? {
        ALL => Some(Config::At(place)),
        LITERAL => in_literal(state, place, 0, byte),
        BRANCH => {
            let count = usize::from(*state.get(at::COUNT)?);
            let ranges = state.get(at::RANGES..at::RANGES + 2 * count)?;
            let is_in = |range: &[u8]| matches!(range, [low, high] if (*low..=*high).contains(&byte));
            match ranges.chunks_exact(2).position(is_in) {
                Some(way) => Some(Config::At(word(state, at::RANGES + 2 * count + 4 * way)?)),
                None => Some(whole_character(word(state, at::NEXT)?, byte)),
            }
        }
        TABLE => {
            let map = word(state, at::MAP)? as usize + 1;
            match usize::from(*states.get(map + usize::from(byte))?) {
                0 => Some(whole_character(word(state, at::NEXT)?, byte)),
                way if way <= usize::from(short(state, at::WAYS)?) => {
                    Some(Config::At(word(state, at::TABLE + 4 * (way - 1))?))
                }
                _ => None,
            }
        }
        _ => None,
    }
}

fn in_literal(state: &[u8], place: u32, read: u8, byte: u8) -> Option<Config> {
    if *state.get(at::LITERAL + usize::from(read))? != byte {
        return None;
    }
    if read + 1 == *state.get(at::COUNT)? {
        return Some(Config::At(word(state, at::NEXT)?));
    }
    Some(Config::Literal(place, read + 1))
}

/// What "any other character" leads to, after the first byte of one.
const fn whole_character(place: u32, byte: u8) -> Config {
    match byte {
        ..0x80 => Config::At(place),
        0x80..0xe0 => Config::Inside(place, 1),
        0xe0..0xf0 => Config::Inside(place, 2),
        0xf0.. => Config::Inside(place, 3),
    }
}

/// All labels of the states that are reached from one; nothing where a part of a state is missing.
pub(super) fn labels(states: &[u8], start: u32) -> Option<std::collections::BTreeSet<u32>> {
    let mut labels = std::collections::BTreeSet::new();
    let mut seen = std::collections::HashSet::new();
    let mut open = vec![start];
    while let Some(place) = open.pop() {
        if place == 0 || !seen.insert(place) {
            continue;
        }
        let state = states.get(place as usize..)?;
        labels.insert(word(state, at::LABEL)?);
        match *state.first()? {
            LITERAL => open.push(word(state, at::NEXT)?),
            BRANCH => {
                let count = usize::from(*state.get(at::COUNT)?);
                open.push(word(state, at::NEXT)?);
                let ways = state.get(at::RANGES + 2 * count..at::RANGES + 6 * count)?;
                open.extend(ways.chunks_exact(4).filter_map(|way| word(way, 0)));
            }
            TABLE => {
                let count = usize::from(short(state, at::WAYS)?);
                open.push(word(state, at::NEXT)?);
                let ways = state.get(at::TABLE..at::TABLE + 4 * count)?;
                open.extend(ways.chunks_exact(4).filter_map(|way| word(way, 0)));
            }
            _ => {}
        }
    }
    Some(labels)
}
