//! Classes of bytes that an automaton never tells apart.

use std::collections::BTreeMap;

use super::nfa::State;

/// The classes of bytes of one automaton, and which of them each of its states reads.
pub(super) struct Alphabet {
    /// For each state the number of its range in `ranges`.
    range_of: Vec<Option<u32>>,
    /// For each range that occurs the classes in it.
    ranges: Vec<Box<[u8]>>,
    classes: usize,
}

impl Alphabet {
    /// The alphabet of these states.
    pub(super) fn new(states: &[State]) -> Self {
        let mut numbers: BTreeMap<(u8, u8), u32> = BTreeMap::new();
        let mut range_of = Vec::with_capacity(states.len());
        for state in states {
            range_of.push(if let State::Byte { start, end, .. } = state {
                // There are fewer ranges than pairs of bytes.
                let number = u32::try_from(numbers.len()).unwrap_or(u32::MAX);
                Some(*numbers.entry((*start, *end)).or_insert(number))
            } else {
                None
            });
        }
        let class_of = classes(numbers.keys().copied());
        let mut ranges: Vec<(u32, Box<[u8]>)> =
            numbers.iter().map(|(range, number)| (*number, classes_in(&class_of, *range))).collect();
        ranges.sort_unstable();
        let classes = class_of.iter().map(|class| usize::from(*class) + 1).max().unwrap_or(0);
        Self { range_of, ranges: ranges.into_iter().map(|(_, classes)| classes).collect(), classes }
    }

    /// How many classes there are, at most 256; they are numbered from 0.
    pub(super) fn classes(&self) -> usize {
        self.classes
    }

    /// The classes that the state of this index reads.
    pub(super) fn read_by(&self, state: usize) -> &[u8] {
        let range = self.range_of.get(state).copied().flatten().and_then(|number| usize::try_from(number).ok());
        range.and_then(|range| self.ranges.get(range)).map_or(&[], |classes| classes)
    }
}

/// The class of each byte: two bytes share one when each of `ranges` has both or neither.
fn classes(ranges: impl Iterator<Item = (u8, u8)>) -> Vec<u8> {
    let mut class_of = vec![0_u8; 256];
    for (start, end) in ranges {
        let mut fresh: BTreeMap<(u8, bool), u8> = BTreeMap::new();
        for (byte, class) in (0..=u8::MAX).zip(&mut class_of) {
            // At most 256 bytes are in at most 256 classes.
            let number = u8::try_from(fresh.len()).unwrap_or(u8::MAX);
            *class = *fresh.entry((*class, (start..=end).contains(&byte))).or_insert(number);
        }
    }
    class_of
}

fn classes_in(class_of: &[u8], (start, end): (u8, u8)) -> Box<[u8]> {
    let mut classes: Vec<u8> =
        (0..=u8::MAX).zip(class_of).filter(|(byte, _)| (start..=end).contains(byte)).map(|(_, class)| *class).collect();
    classes.sort_unstable();
    classes.dedup();
    classes.into()
}

#[cfg(test)]
mod tests {
    use super::{Alphabet, State};

    #[test]
    fn bytes_that_no_state_tells_apart_are_one_class() {
        let byte = |start, end| State::Byte { start, end, next: 0 };
        let alphabet =
            Alphabet::new(&[State::Accept, byte(b'a', b'f'), byte(b'c', b'c'), State::Split(0, 1), byte(b'a', b'f')]);
        assert_eq!(alphabet.classes(), 3);
        assert_eq!(alphabet.read_by(1).len(), 2);
        assert_eq!(alphabet.read_by(2).len(), 1);
        assert_eq!(alphabet.read_by(1), alphabet.read_by(4));
        assert!(alphabet.read_by(0).is_empty() && alphabet.read_by(3).is_empty() && alphabet.read_by(9).is_empty());
        let every: Vec<State> = (0..=u8::MAX).map(|value| byte(value, value)).collect();
        assert_eq!(Alphabet::new(&every).classes(), 256);
        assert_eq!(Alphabet::new(&every).read_by(255), [255]);
        assert_eq!(Alphabet::new(&[]).classes(), 1);
    }
}
