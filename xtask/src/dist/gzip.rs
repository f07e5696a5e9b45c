//! Files as `gzip` writes them, without a time and the name of a system: the same bytes for the same content.

/// No name, no time, compressed as well as may be, on no system that is told.
const HEADER: [u8; 10] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 2, 255];
/// The level of compression, of ten.
const LEVEL: u8 = 9;

/// The compressed file.
pub(super) fn compressed(content: &[u8]) -> Vec<u8> {
    let mut file = HEADER.to_vec();
    file.extend(miniz_oxide::deflate::compress_to_vec(content, LEVEL));
    file.extend(checksum(content).to_le_bytes());
    // The size, of which the format keeps the lower 32 bits.
    file.extend(u32::try_from(content.len() & 0xffff_ffff).unwrap_or(u32::MAX).to_le_bytes());
    file
}

/// CRC-32, as RFC 1952 has it.
fn checksum(content: &[u8]) -> u32 {
    let of_byte = |byte: u32| (0..8).fold(byte, |sum, _| (sum >> 1) ^ (0xedb8_8320 * (sum & 1)));
    let table: Vec<u32> = (0..256).map(of_byte).collect();
    !content.iter().fold(u32::MAX, |sum, byte| {
        let [low, ..] = sum.to_le_bytes();
        (sum >> 8) ^ table.get(usize::from(low ^ byte)).copied().unwrap_or_default()
    })
}

#[cfg(test)]
mod tests {
    use super::checksum;

    // The check value of the algorithm.
    #[test]
    fn the_checksum_is_the_one_of_gzip() {
        assert_eq!(checksum(b"123456789"), 0xcbf4_3926);
        assert_eq!(checksum(b""), 0);
    }
}
