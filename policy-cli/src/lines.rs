//! Lines of a stream in bounded memory.

use std::io::{self, BufRead};

use policy_core::limits::INVOCATION_BYTES;

/// Bytes of a line that are kept: one more than an invocation may have, so that the engine sees that it is too long.
pub(crate) const KEPT: usize = INVOCATION_BYTES + 1;

/// Puts the next line, without its end (`\n` or `\r\n`), into `line`; `false` at the end of the stream. Of a line that is
/// too long only the first [`KEPT`] bytes are kept; the rest is skipped.
pub(crate) fn next(input: &mut impl BufRead, line: &mut Vec<u8>) -> io::Result<bool> {
    line.clear();
    let mut began = false;
    let mut whole = true;
    loop {
        let bytes = match input.fill_buf() {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            bytes => bytes?,
        };
        if bytes.is_empty() {
            return Ok(began);
        }
        began = true;
        let end = bytes.iter().position(|byte| *byte == b'\n');
        let part = bytes.get(..end.unwrap_or(bytes.len())).unwrap_or(bytes);
        let kept = part.get(..KEPT.saturating_sub(line.len())).unwrap_or(part);
        whole &= kept.len() == part.len();
        line.extend_from_slice(kept);
        let used = part.len() + usize::from(end.is_some());
        input.consume(used);
        if end.is_some() {
            if whole && line.last() == Some(&b'\r') {
                line.pop();
            }
            return Ok(true);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::BufReader;

    use super::{KEPT, next};

    fn lines(text: &[u8]) -> Vec<Vec<u8>> {
        // A small buffer, so that lines do not end where it ends.
        let mut input = BufReader::with_capacity(7, text);
        let mut line = Vec::new();
        let mut found = Vec::new();
        while next(&mut input, &mut line).unwrap() {
            found.push(line.clone());
        }
        found
    }

    #[test]
    fn lines_end_with_or_without_a_carriage_return_and_the_last_needs_no_end() {
        assert_eq!(lines(b""), Vec::<Vec<u8>>::new());
        assert_eq!(lines(b"a\r\n\nb\rc\nlast"), [&b"a"[..], b"", b"b\rc", b"last"]);
        assert_eq!(lines(b"a\n"), [b"a"]);
    }

    #[test]
    fn a_line_that_is_too_long_is_cut_and_the_next_is_whole() {
        let mut text = vec![b'x'; KEPT + 100];
        text.extend_from_slice(b"\nnext\n");
        let found = lines(&text);
        assert_eq!((found[0].len(), &found[1][..]), (KEPT, &b"next"[..]));
    }

    #[test]
    fn the_end_of_a_line_does_not_count_towards_its_length() {
        let mut text = vec![b'x'; KEPT - 1];
        text.extend_from_slice(b"\r\n");
        assert_eq!(lines(&text)[0].len(), KEPT - 1);
    }
}
