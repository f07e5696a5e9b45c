//! Sentences for people, put together.
//!
//! A decider ships inside each job as WebAssembly, where formatting by itself takes more room than deciding does. So what
//! it says is parts in a row, never `format!`, and help beyond what is wrong is given only where there is room for it.

use alloc::string::String;

/// Whether there is room for help: what was probably meant, and how it would be right.
pub(crate) const HELPS: bool = cfg!(any(test, feature = "author"));

/// Appends a number in decimal digits.
pub(crate) fn push_number(out: &mut String, number: u64) {
    if number >= 10 {
        push_number(out, number / 10);
    }
    let digit = u8::try_from(number % 10).unwrap_or_default();
    out.push(char::from(b'0' + digit));
}

/// A number in decimal digits.
pub(crate) fn number(number: usize) -> String {
    let mut out = String::new();
    push_number(&mut out, number as u64);
    out
}

#[cfg(test)]
mod tests {
    use super::{number, push_number};

    #[test]
    fn numbers_are_written_in_decimal() {
        for value in [0, 1, 9, 10, 99, 100, 1_024, 65_535, 1_000_000] {
            assert_eq!(number(value), value.to_string());
        }
        let mut out = "x".to_owned();
        push_number(&mut out, u64::MAX);
        assert_eq!(out, format!("x{}", u64::MAX));
    }
}
