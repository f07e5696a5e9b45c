//! Sentences for people, put together.
//!
//! A decider ships inside each job as WebAssembly, where `format!` takes more room than deciding does. So it has a way of
//! its own to fill in what is text already, and gives help beyond what is wrong only where there is room for it.

use alloc::string::String;

use crate::text::split_once;

/// Whether there is room for help: what was probably meant, and how it would be right.
pub(crate) const HELPS: bool = cfg!(any(test, feature = "author"));

/// A sentence with each `{}` filled in by the next part.
pub(crate) fn say(sentence: &str, parts: &[&str]) -> String {
    let mut out = String::with_capacity(parts.iter().fold(sentence.len(), |sum, part| sum + part.len()));
    let (mut rest, mut parts) = (sentence, parts.iter());
    while let Some((before, behind)) = split_once(rest, b'{') {
        out.push_str(before);
        out.push_str(parts.next().copied().unwrap_or_default());
        rest = behind.strip_prefix('}').unwrap_or(behind);
    }
    out.push_str(rest);
    out
}

/// Texts one behind the other, with another between them.
pub(crate) fn joined(texts: &[&str], between: &str) -> String {
    let mut out = String::new();
    for (place, text) in texts.iter().enumerate() {
        if place > 0 {
            out.push_str(between);
        }
        out.push_str(text);
    }
    out
}

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
    use super::{number, push_number, say};

    #[test]
    fn a_sentence_is_filled_in() {
        assert_eq!(say("plain", &[]), "plain");
        assert_eq!(say("{} is {}", &["{}", ""]), "{} is ");
        assert_eq!(say("`{}`, {}!", &["é", "x"]), "`é`, x!");
    }

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
