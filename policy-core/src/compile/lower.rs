//! From characters to bytes: what leads on by characters beyond ASCII gets states for their bytes, where it must.

use std::collections::HashMap;

use super::fault::{self, Fault};
use super::graph::Graph;

/// A state over bytes.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub(super) struct ByteState {
    /// The answer if the text ends here; 0 for none.
    pub(super) label: u32,
    /// Where any other character leads, as a whole.
    pub(super) otherwise: Option<u32>,
    /// First and last byte, and the state after one byte; sorted.
    pub(super) ways: Vec<(u8, u8, u32)>,
}

/// The states of `graph` over bytes, with the labels of its classes. State 0 is the first.
pub(super) fn lower(graph: &Graph, labels: &[u32]) -> Vec<ByteState> {
    let useful = useful(graph, labels);
    let leads = |state: u32| Some(state).filter(|state| useful.get(*state as usize) == Some(&true));
    let mut lowering = Lowering { states: vec![ByteState::default(); graph.states.len()], bytes: HashMap::new() };
    for (number, state) in graph.states.iter().enumerate() {
        let mut ways: Vec<(char, char, Option<u32>)> = Vec::with_capacity(state.ways.len());
        ways.extend(state.ways.iter().map(|(first, last, next)| (*first, *last, leads(*next))));
        // The last character is as any other: what leads elsewhere is usually short.
        let otherwise = ways.iter().find(|(_, last, _)| *last == char::MAX).and_then(|(_, _, next)| *next);
        let ways = lowering.ways(&ways, otherwise);
        let otherwise = otherwise.filter(|_| !fault::injected(Fault::LostOtherwise));
        if let Some(place) = lowering.states.get_mut(number) {
            let label = labels.get(state.class as usize).copied().unwrap_or_default();
            *place = ByteState { label, otherwise, ways };
        }
    }
    lowering.states
}

/// From which states a label is reached.
fn useful(graph: &Graph, labels: &[u32]) -> Vec<bool> {
    let labelled = |class: u32| labels.get(class as usize).is_some_and(|label| *label != 0);
    let mut useful: Vec<bool> = graph.states.iter().map(|state| labelled(state.class)).collect();
    let mut before: Vec<Vec<u32>> = vec![Vec::new(); graph.states.len()];
    for (number, state) in (0_u32..).zip(&graph.states) {
        for (_, _, next) in &state.ways {
            if let Some(before) = before.get_mut(*next as usize) {
                before.push(number);
            }
        }
    }
    let mut open: Vec<usize> = (0..useful.len()).filter(|state| useful.get(*state) == Some(&true)).collect();
    while let Some(state) = open.pop() {
        for earlier in before.get(state).into_iter().flatten() {
            let earlier = *earlier as usize;
            if let Some(useful) = useful.get_mut(earlier).filter(|useful| !**useful) {
                *useful = true;
                open.push(earlier);
            }
        }
    }
    useful
}

struct Lowering {
    states: Vec<ByteState>,
    /// States in the middle of a character, by what they lead to.
    bytes: HashMap<ByteState, u32>,
}

impl Lowering {
    fn ways(&mut self, ways: &[(char, char, Option<u32>)], otherwise: Option<u32>) -> Vec<(u8, u8, u32)> {
        let mut out: Vec<(u8, u8, Option<u32>)> = Vec::new();
        let mut at = 0_u8;
        for (first, last, next) in ways {
            let Ok(first) = u8::try_from(*first).map(|first| first.min(0x80)) else { break };
            let last = u8::try_from(*last).map_or(0x7f, |last| last.min(0x7f));
            if first > 0x7f {
                break;
            }
            if at < first {
                out.push((at, first - 1, None));
            }
            out.push((first, last, *next));
            at = last + 1;
        }
        if at < 0x80 {
            out.push((at, 0x7f, None));
        }
        out.retain(|(_, _, next)| *next != otherwise);
        let mut out: Vec<(u8, u8, u32)> = self.dead(out);
        if !fault::injected(Fault::NoUtf8) {
            out.extend(self.leads(ways, otherwise));
        }
        join(out)
    }

    /// What leads nowhere leads to a state that leads nowhere, if any other character leads somewhere.
    fn dead(&mut self, ways: Vec<(u8, u8, Option<u32>)>) -> Vec<(u8, u8, u32)> {
        ways.into_iter()
            .map(|(first, last, next)| (first, last, next.unwrap_or_else(|| self.state(ByteState::default()))))
            .collect()
    }

    fn state(&mut self, state: ByteState) -> u32 {
        if let Some(number) = self.bytes.get(&state) {
            return *number;
        }
        let number = u32::try_from(self.states.len()).unwrap_or(u32::MAX);
        self.states.push(state.clone());
        self.bytes.insert(state, number);
        number
    }

    /// The first bytes of characters beyond ASCII, some of which do not lead where any other character does.
    fn leads(&mut self, ways: &[(char, char, Option<u32>)], otherwise: Option<u32>) -> Vec<(u8, u8, u32)> {
        let uniform = |(first, last): (char, char)| -> Option<Option<u32>> {
            let mut at = first as u32;
            let mut common: Option<Option<u32>> = None;
            for (from, to, next) in ways.iter().filter(|(from, to, _)| *to >= first && *from <= last) {
                let gap = (*from as u32 > at).then_some(None);
                for met in gap.into_iter().chain([*next]) {
                    if *common.get_or_insert(met) != met {
                        return None;
                    }
                }
                at = *to as u32 + 1;
            }
            if at <= last as u32 && common.get_or_insert(None).is_some() {
                return None;
            }
            common
        };
        let mut out = Vec::new();
        for lead in 0xc2..=0xf4_u8 {
            if uniform(characters(&[lead])) != Some(otherwise) {
                let next = self.inside(&[lead], &uniform);
                out.push((lead, lead, next.unwrap_or_else(|| self.state(ByteState::default()))));
            }
        }
        out
    }

    /// The state after some bytes of a character; none where all of them lead nowhere. What leads to one state whichever way
    /// it goes on is not looked into: a first byte has up to 262,144 characters.
    fn inside(&mut self, read: &[u8], uniform: &impl Fn((char, char)) -> Option<Option<u32>>) -> Option<u32> {
        let left = length(read) - read.len();
        let common = uniform(characters(read));
        let behind = match common {
            Some(None) => return None,
            Some(Some(next)) if left == 0 => return Some(next),
            Some(Some(next)) => (1..left)
                .fold(next, |next, _| self.state(ByteState { ways: vec![(0x80, 0xbf, next)], ..ByteState::default() })),
            None => 0,
        };
        let mut ways = Vec::new();
        for byte in 0x80..=0xbf_u8 {
            let read: Vec<u8> = read.iter().copied().chain([byte]).collect();
            if begins_a_character(&read) {
                let next = if common.is_some() { Some(behind) } else { self.inside(&read, uniform) };
                ways.extend(next.map(|next| (byte, byte, next)));
            }
        }
        Some(self.state(ByteState { label: 0, otherwise: None, ways: join(ways) }))
    }
}

/// Neighbours that lead to the same are one.
fn join(ways: Vec<(u8, u8, u32)>) -> Vec<(u8, u8, u32)> {
    let mut joined: Vec<(u8, u8, u32)> = Vec::with_capacity(ways.len());
    for (first, last, next) in ways {
        match joined.last_mut() {
            Some((_, end, before)) if *before == next && end.checked_add(1) == Some(first) => *end = last,
            _ => joined.push((first, last, next)),
        }
    }
    joined
}

/// How many bytes a character has that begins with this byte.
fn length(read: &[u8]) -> usize {
    match read.first() {
        Some(0xf0..) => 4,
        Some(0xe0..) => 3,
        Some(0xc0..) => 2,
        _ => 1,
    }
}

fn begins_a_character(read: &[u8]) -> bool {
    let filled = |byte: u8| -> Vec<u8> {
        read.iter().copied().chain(std::iter::repeat_n(byte, length(read) - read.len())).collect()
    };
    // A beginning is good if its first or its last continuation is; those in between would not be good otherwise.
    [0x80, 0xbf].into_iter().any(|byte| std::str::from_utf8(&filled(byte)).is_ok())
}

/// The first and the last character that begins with these bytes.
fn characters(read: &[u8]) -> (char, char) {
    let code = |byte: u8| -> u32 {
        let rest = length(read) - read.len();
        let mask: u8 = match length(read) {
            2 => 0x1f,
            3 => 0x0f,
            _ => 0x07,
        };
        let all = read.iter().copied().chain(std::iter::repeat_n(byte, rest));
        all.enumerate().fold(0, |code, (place, byte)| match place {
            0 => u32::from(byte & mask),
            _ => code << 6 | u32::from(byte & 0x3f),
        })
    };
    // The shortest form begins later than the bits alone say, surrogates are no characters, and the last is U+10FFFF.
    let least = match length(read) {
        2 => 0x80,
        3 => 0x800,
        _ => 0x1_0000,
    };
    let end = if code(0xbf) > 0xffff { char::MAX } else { '\u{d7ff}' };
    (char::from_u32(code(0x80).max(least)).unwrap_or('\u{e000}'), char::from_u32(code(0xbf)).unwrap_or(end))
}

#[cfg(test)]
mod tests {
    use super::{begins_a_character, characters};

    #[test]
    fn characters_are_those_that_begin_with_the_bytes() {
        for (read, first, last) in [
            (&[0xc2][..], '\u{80}', '\u{bf}'),
            (&[0xdf], '\u{7c0}', '\u{7ff}'),
            (&[0xe0], '\u{800}', '\u{fff}'),
            (&[0xed], '\u{d000}', '\u{d7ff}'),
            (&[0xee, 0x80], '\u{e000}', '\u{e03f}'),
            (&[0xf0], '\u{10000}', '\u{3ffff}'),
            (&[0xf4], '\u{100000}', char::MAX),
            (&[0xf4, 0x8f, 0xbf, 0xbf], char::MAX, char::MAX),
        ] {
            assert_eq!(characters(read), (first, last), "{read:x?}");
        }
        assert!(begins_a_character(&[0xed, 0x9f]) && !begins_a_character(&[0xed, 0xa0]));
        assert!(!begins_a_character(&[0xe0, 0x9f]) && begins_a_character(&[0xe0, 0xa0]));
        assert!(begins_a_character(&[0xf4, 0x8f]) && !begins_a_character(&[0xf4, 0x90]));
    }
}
