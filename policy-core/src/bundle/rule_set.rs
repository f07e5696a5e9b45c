//! Sets of rules of one account, or of callers of one issuer: a short list, the first so many, or a bit for each.

use super::layout::{long, short};

/// The longest list; a longer set has a bit for each number.
pub(crate) const LIST: usize = 16;
/// What begins a set of the first so many.
const FIRST: u16 = 0x8000;
/// What begins a set of bits.
const BITS: u16 = 0x8001;

/// A set of numbers.
#[derive(Debug, Clone, Copy)]
pub(crate) enum RuleSet<'a> {
    /// These, two bytes each, in order.
    List(&'a [u8]),
    /// The first so many.
    First(u16),
    /// Those whose bits are set, in words of eight bytes.
    Bits {
        /// The words.
        words: &'a [u8],
        /// How many numbers.
        count: u16,
    },
    /// The same, made while deciding.
    Made(&'a [u64]),
}

impl<'a> RuleSet<'a> {
    /// Reads the set at a place, which counts in units of two bytes from 1.
    #[inline]
    pub(crate) fn read(sets: &'a [u8], at: u32) -> Option<Self> {
        let set = sets.get((at as usize).checked_sub(1)?.checked_mul(2)?..)?;
        let tag = short(set, 0)?;
        let second = || short(set, 2);
        match tag {
            FIRST => Some(Self::First(second()?)),
            BITS => {
                let words = usize::from(short(set, 4)?) * 8;
                Some(Self::Bits { words: set.get(6..6 + words)?, count: second()? })
            }
            length if usize::from(length) <= LIST => Some(Self::List(set.get(2..2 + usize::from(length) * 2)?)),
            _ => None,
        }
    }

    /// How many numbers it has; no fewer than there are for a set that was made, which is not counted.
    #[inline]
    pub(crate) fn count(self) -> usize {
        match self {
            Self::List(list) => list.len() / 2,
            Self::First(count) | Self::Bits { count, .. } => usize::from(count),
            Self::Made(words) => words.len() * 64,
        }
    }

    /// Whether it has a number.
    #[inline]
    pub(crate) fn has(self, number: u16) -> bool {
        match self {
            Self::List(list) => list.as_chunks().0.contains(&number.to_le_bytes()),
            Self::First(count) => number < count,
            Self::Bits { .. } | Self::Made(_) => self.word(usize::from(number / 64)) >> (number % 64) & 1 != 0,
        }
    }

    /// Bits 64 · `at` and the 63 above.
    #[inline]
    pub(crate) fn word(self, at: usize) -> u64 {
        match self {
            Self::List(list) => {
                let in_word = |number: &u16| usize::from(number / 64) == at;
                numbers(list).filter(in_word).fold(0, |word, number| word | 1 << (number % 64))
            }
            Self::First(count) => {
                let bits = usize::from(count).saturating_sub(at * 64);
                if bits >= 64 { u64::MAX } else { (1 << bits) - 1 }
            }
            Self::Bits { words, .. } => long(words, at * 8).unwrap_or_default(),
            Self::Made(words) => words.get(at).copied().unwrap_or_default(),
        }
    }

    /// The numbers of a list, in order; nothing for another set.
    #[inline]
    pub(crate) fn listed(self) -> Option<impl Iterator<Item = u16> + 'a> {
        match self {
            Self::List(list) => Some(numbers(list)),
            _ => None,
        }
    }

    /// All numbers below `end`, in order.
    #[cfg(feature = "author")]
    pub(crate) fn numbers(self, end: usize) -> impl Iterator<Item = u16> + 'a {
        bits(end, move |at| self.word(at))
    }

    /// Appends a set of sorted numbers, each once, to a section; gives its bytes.
    #[cfg(feature = "author")]
    pub(crate) fn encode(members: &[u16]) -> Vec<u8> {
        let count = u16::try_from(members.len()).unwrap_or(u16::MAX);
        let first = members.iter().zip(0..).all(|(member, place)| *member == place);
        let mut out = Vec::new();
        if first && count > 0 {
            out.extend([FIRST, count].into_iter().flat_map(u16::to_le_bytes));
        } else if members.len() <= LIST {
            out.extend([count].iter().chain(members).flat_map(|number| number.to_le_bytes()));
        } else {
            let words = members.last().map_or(0, |last| usize::from(*last) / 64 + 1);
            let mut bits = vec![0_u64; words];
            for member in members {
                if let Some(word) = bits.get_mut(usize::from(member / 64)) {
                    *word |= 1 << (member % 64);
                }
            }
            let words = u16::try_from(words).unwrap_or(u16::MAX);
            out.extend([BITS, count, words].into_iter().flat_map(u16::to_le_bytes));
            out.extend(bits.into_iter().flat_map(u64::to_le_bytes));
        }
        out
    }

    /// How many bytes the set at the beginning of `sets` takes, if it is well formed and all its numbers are below `u16`
    /// sizes of their own making: a list in order, bits counted right.
    pub(super) fn measure(sets: &'a [u8]) -> Option<usize> {
        let set = Self::read(sets, 1)?;
        match set {
            Self::List(list) => {
                let ordered = numbers(list).is_sorted_by(|before, after| before < after);
                ordered.then_some(2 + list.len())
            }
            Self::First(_) => Some(4),
            Self::Bits { words, count } => {
                let ones: u32 = words.as_chunks().0.iter().map(|word| u64::from_le_bytes(*word).count_ones()).sum();
                (ones == u32::from(count)).then_some(6 + words.len())
            }
            Self::Made(_) => None,
        }
    }

    /// One more than the largest number.
    pub(super) fn end(self) -> usize {
        match self {
            Self::List(list) => numbers(list).next_back().map_or(0, |last| usize::from(last) + 1),
            Self::First(count) => usize::from(count),
            Self::Bits { words, .. } => {
                let (words, _) = words.as_chunks();
                let set = words.iter().map(|word| u64::from_le_bytes(*word)).zip((64..).step_by(64));
                set.filter(|(word, _)| *word != 0).last().map_or(0, |(word, end)| end - word.leading_zeros() as usize)
            }
            Self::Made(words) => words.len() * 64,
        }
    }
}

fn numbers(list: &[u8]) -> impl DoubleEndedIterator<Item = u16> + '_ {
    list.as_chunks().0.iter().map(|member| u16::from_le_bytes(*member))
}

/// The numbers below `end` whose bits are set in words.
pub(crate) fn bits(end: usize, word: impl Fn(usize) -> u64) -> impl Iterator<Item = u16> {
    let (mut next, mut left) = (0, 0);
    core::iter::from_fn(move || {
        while left == 0 {
            let rest = end.checked_sub(next).filter(|rest| *rest > 0)?;
            left = word(next / 64) & if rest >= 64 { u64::MAX } else { (1 << rest) - 1 };
            next += 64;
        }
        let bit = left.trailing_zeros() as usize;
        left &= left - 1;
        u16::try_from(next - 64 + bit).ok()
    })
}

#[cfg(all(test, feature = "author"))]
mod tests {
    use super::RuleSet;

    #[test]
    fn a_set_has_what_was_put_into_it() {
        let sets: [Vec<u16>; 8] = [
            vec![],
            vec![0],
            vec![5],
            (0..10_000).collect(),
            (0..64).collect(),
            (0..17).map(|number| number * 3).collect(),
            (0..16).map(|number| number * 625).collect(),
            (1..10_000).filter(|number| number % 7 == 0).collect(),
        ];
        for members in sets {
            let bytes = RuleSet::encode(&members);
            assert_eq!(RuleSet::measure(&bytes), Some(bytes.len()));
            let set = RuleSet::read(&bytes, 1).unwrap();
            assert_eq!(set.count(), members.len());
            assert_eq!(set.end(), members.last().map_or(0, |last| usize::from(*last) + 1));
            assert_eq!(set.numbers(10_000).collect::<Vec<_>>(), members);
            for number in (0..10_000).step_by(3).chain([63, 64, 65, 9_999]) {
                assert_eq!(set.has(number), members.contains(&number));
            }
            if let Some(listed) = set.listed() {
                assert_eq!(listed.collect::<Vec<_>>(), members);
            }
        }
    }

    #[test]
    fn a_broken_set_has_no_size() {
        let bits = RuleSet::encode(&(0..40).map(|number| number * 2).collect::<Vec<_>>());
        for (at, byte) in [(0, 0x11), (1, 0x90), (2, 0x11), (4, 0xff), (7, 0xff)] {
            let mut broken = bits.clone();
            broken[at] = byte;
            assert_eq!(RuleSet::measure(&broken), None, "{at}");
        }
        assert_eq!(RuleSet::measure(&bits[..bits.len() - 1]), None);
        assert_eq!(RuleSet::measure(&[2, 0, 5, 0, 5, 0]), None);
        assert_eq!(RuleSet::measure(&[]), None);
    }
}
