//! Finding records by name: a table of slots, open to the next, at most half of them filled.
//!
//! An index is a list of words. A slot is 0, or a number of a record plus one in its low 24 bits and eight bits of the
//! hash above them, so that few records are looked at that are not meant.

use super::view::Numbers;

/// Bits of a slot for the record.
const RECORD_BITS: u32 = 24;
/// The largest number of a record in an index.
#[cfg(feature = "author")]
pub(crate) const MOST: usize = (1 << RECORD_BITS) - 2;

/// The hash of a name, the same for names that differ only in the case of ASCII letters.
///
/// Names come from whoever wrote the policy, not from whoever asks: a table that is slow to search takes an author who
/// slows down their own.
#[inline]
pub(crate) fn hash(name: &[u8]) -> u64 {
    const FOLD: u64 = 0x2020_2020_2020_2020;
    const MULTIPLIER: u64 = 0xa076_1d64_78bd_642f;
    let mut hash = name.len() as u64;
    let mut chunks = name.chunks_exact(8);
    for chunk in &mut chunks {
        let word = chunk.first_chunk().map_or(0, |chunk| u64::from_le_bytes(*chunk));
        hash = (hash ^ (word | FOLD)).wrapping_mul(MULTIPLIER);
        hash ^= hash >> 29;
    }
    let rest = chunks.remainder();
    if !rest.is_empty() {
        let word = rest.iter().rev().fold(0, |word, byte| (word << 8) | u64::from(*byte));
        hash = (hash ^ (word | FOLD)).wrapping_mul(MULTIPLIER);
        hash ^= hash >> 29;
    }
    hash.wrapping_mul(MULTIPLIER)
}

/// The numbers of the records that may have a name of some hash.
pub(crate) struct Candidates<'a> {
    index: Numbers<'a>,
    /// The next slot, and how many there are until all were looked at.
    slot: usize,
    left: usize,
    tag: u32,
}

impl<'a> Candidates<'a> {
    #[inline]
    pub(crate) fn new(index: Numbers<'a>, hash: u64) -> Self {
        let left = index.len();
        let (slot, tag) = place(hash, left);
        Self { index, slot, left, tag }
    }

    /// The next of them.
    pub(crate) fn next(&mut self) -> Option<u32> {
        loop {
            self.left = self.left.checked_sub(1)?;
            let slot = self.index.get(self.slot).filter(|slot| *slot != 0)?;
            // The number of slots is a power of two.
            self.slot = (self.slot + 1) & (self.index.len() - 1);
            if slot >> RECORD_BITS == self.tag {
                return Some((slot & ((1 << RECORD_BITS) - 1)).wrapping_sub(1));
            }
        }
    }
}

/// The numbers of all records of an index.
pub(crate) fn all(index: Numbers<'_>) -> impl Iterator<Item = u32> {
    index.iter().filter(|slot| *slot != 0).map(|slot| (slot & ((1 << RECORD_BITS) - 1)).wrapping_sub(1))
}

/// The first slot of a hash, and its tag. The number of slots is a power of two.
fn place(hash: u64, slots: usize) -> (usize, u32) {
    let first = usize::try_from(hash >> 32).unwrap_or_default() & slots.wrapping_sub(1);
    let tag = u32::try_from((hash >> 24) & 0xff).unwrap_or_default();
    (first, tag)
}

/// The slots of an index of names and the numbers of their records.
#[cfg(feature = "author")]
pub(crate) fn build(entries: &[(&[u8], u32)]) -> Vec<u32> {
    if entries.is_empty() {
        return Vec::new();
    }
    let slots = (entries.len() * 2).next_power_of_two();
    let mut index = vec![0_u32; slots];
    for (name, record) in entries {
        let (first, tag) = place(hash(name), slots);
        let free = (0..slots).map(|step| (first + step) & (slots - 1));
        for at in free {
            if let Some(slot) = index.get_mut(at).filter(|slot| **slot == 0) {
                *slot = (tag << RECORD_BITS) | (record + 1);
                break;
            }
        }
    }
    index
}

#[cfg(all(test, feature = "author"))]
mod tests {
    use super::{build, hash};

    #[test]
    fn names_that_differ_only_in_case_have_one_hash() {
        for (left, right) in [("abc", "ABC"), ("github.com/Acme/Live", "github.com/acme/live"), ("", "")] {
            assert_eq!(hash(left.as_bytes()), hash(right.as_bytes()));
        }
        assert_ne!(hash(b"abc"), hash(b"abx"));
        assert_ne!(hash(b"aaaaaaaa"), hash(b"aaaaaaa"));
    }

    #[test]
    fn at_most_half_of_the_slots_are_filled() {
        for count in [0_u32, 1, 2, 3, 100] {
            let names: Vec<String> = (0..count).map(|number| format!("name-{number}")).collect();
            let entries: Vec<(&[u8], u32)> = names.iter().map(String::as_bytes).zip(0..).collect();
            let index = build(&entries);
            let filled = index.iter().filter(|slot| **slot != 0).count();
            assert_eq!(filled, count as usize);
            assert!(filled * 2 <= index.len());
        }
    }
}
