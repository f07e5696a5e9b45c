//! The check sum of a bundle's bytes, against accidents; whoever is afraid of people compares the SHA-256.

/// Bytes that are taken at once: one word for each of four lanes, which a processor multiplies side by side.
const BLOCK: usize = 32;
/// An odd number, so that multiplication by it loses nothing.
const MULTIPLIER: u64 = 0x9e37_79b9_7f4a_7c15;

/// The check sum of `bytes`.
///
/// Each step is one to one in the word that it takes and in the sum before it. So whatever changes within one word of
/// eight bytes, a single bit among them, always changes the sum; any other change escapes once in 2^64.
pub(super) fn checksum(bytes: &[u8]) -> u64 {
    let mut lanes = [1_u64, 2, 3, 4];
    let mut blocks = bytes.chunks_exact(BLOCK);
    for block in &mut blocks {
        for (lane, word) in lanes.iter_mut().zip(block.chunks_exact(8)) {
            *lane = step(*lane, word);
        }
    }
    let length = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
    let mut sum = step(length, &[]);
    for lane in lanes {
        sum = mix(sum, lane);
    }
    blocks.remainder().chunks(8).fold(sum, step)
}

/// Takes one word; a shorter one is filled with zeros, since the length is in the sum.
fn step(sum: u64, word: &[u8]) -> u64 {
    let word = match word.first_chunk::<8>() {
        Some(word) => u64::from_le_bytes(*word),
        None => word.iter().rev().fold(0, |word, byte| (word << 8) | u64::from(*byte)),
    };
    mix(sum, word)
}

const fn mix(sum: u64, word: u64) -> u64 {
    let sum = (sum ^ word).wrapping_mul(MULTIPLIER);
    sum ^ (sum >> 32)
}

#[cfg(test)]
mod tests {
    use super::checksum;

    #[test]
    fn every_flipped_bit_and_every_length_changes_the_sum() {
        let mut bytes: Vec<u8> = (0..=255_u8).chain(0..40).map(|byte| byte.wrapping_mul(37)).collect();
        for length in [0, 1, 7, 8, 31, 32, 33, 100, 296] {
            let part = &mut bytes[..length];
            let sum = checksum(part);
            for bit in 0..length * 8 {
                part[bit / 8] ^= 1 << (bit % 8);
                assert_ne!(checksum(part), sum, "{length} {bit}");
                part[bit / 8] ^= 1 << (bit % 8);
            }
        }
        let sums: alloc::collections::BTreeSet<u64> = (0..100).map(|length| checksum(&vec![0; length])).collect();
        assert_eq!(sums.len(), 100);
    }
}
