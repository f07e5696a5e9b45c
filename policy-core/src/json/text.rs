//! Reading texts and their escapes.

use alloc::borrow::{Cow, ToOwned};

use super::reader::Reader;
use super::{Fault, JsonError};
use crate::text::plain_bytes;

impl<'a> Reader<'a> {
    /// Reads a text; the next byte is its opening quote.
    pub(super) fn quoted(&mut self) -> Result<Cow<'a, str>, JsonError> {
        self.at += 1;
        let plain = self.plain();
        if self.take(b'"') {
            return Ok(Cow::Borrowed(plain));
        }
        let mut text = plain.to_owned();
        loop {
            text.push(self.escape()?);
            text.push_str(self.plain());
            if self.take(b'"') {
                return Ok(Cow::Owned(text));
            }
        }
    }

    /// Steps over what stands for itself.
    fn plain(&mut self) -> &'a str {
        let rest = self.text.get(self.at..).unwrap_or_default();
        let length = plain_bytes(rest.as_bytes());
        self.at += length;
        rest.get(..length).unwrap_or_default()
    }

    fn escape(&mut self) -> Result<char, JsonError> {
        let start = self.at;
        if !self.take(b'\\') {
            return Err(self.expected("the end of the text, or a control character as an escape"));
        }
        let Some(letter) = self.peek().filter(u8::is_ascii) else {
            return Err(self.expected("an escape"));
        };
        self.at += 1;
        match letter {
            b'"' | b'\\' | b'/' => Ok(char::from(letter)),
            b'b' => Ok('\u{8}'),
            b'f' => Ok('\u{c}'),
            b'n' => Ok('\n'),
            b'r' => Ok('\r'),
            b't' => Ok('\t'),
            b'u' => {
                let code = self.code_point()?;
                code.ok_or(JsonError { fault: Fault::LoneSurrogate, at: start })
            }
            _ => Err(JsonError { fault: Fault::Expected("an escape"), at: start }),
        }
    }

    /// Reads what follows `\u`: one code unit, or two that are a pair. Nothing for a half of a pair.
    fn code_point(&mut self) -> Result<Option<char>, JsonError> {
        let first = self.code_unit()?;
        if !(0xd800..0xdc00).contains(&first) {
            return Ok(char::from_u32(first));
        }
        if !(self.take(b'\\') && self.take(b'u')) {
            return Ok(None);
        }
        let second = self.code_unit()?;
        if !(0xdc00..0xe000).contains(&second) {
            return Ok(None);
        }
        Ok(char::from_u32(0x1_0000 + (first - 0xd800) * 0x400 + (second - 0xdc00)))
    }

    fn code_unit(&mut self) -> Result<u32, JsonError> {
        let mut unit = 0;
        for _ in 0..4 {
            let digit = self.peek().and_then(|byte| char::from(byte).to_digit(16));
            let Some(digit) = digit else {
                return Err(self.expected("four hexadecimal digits"));
            };
            unit = unit * 16 + digit;
            self.at += 1;
        }
        Ok(unit)
    }
}

#[cfg(test)]
mod tests {
    use alloc::borrow::Cow;

    use crate::json::{Fault, Json, JsonError, Limits, read};

    const LIMITS: Limits = Limits { bytes: 100, nesting: 1 };

    #[test]
    fn texts_and_escapes_are_read() {
        let cases = [
            (r#""""#, ""),
            ("\"é \u{7f}\u{1f600}\"", "é \u{7f}\u{1f600}"),
            (r#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{c}\n\r\t"),
            (r#""a\u0041b\u00e9c""#, "aAbéc"),
            (r#""\u0000\uFFFF\ud7ff\ue000""#, "\0\u{ffff}\u{d7ff}\u{e000}"),
            (r#""\uD800\uDC00\udbff\udfff""#, "\u{10000}\u{10ffff}"),
            (r#""\ud83d\ude00""#, "\u{1f600}"),
        ];
        for (json, expected) in cases {
            assert_eq!(read(json.as_bytes(), LIMITS), Ok(Json::Text(expected.into())), "{json}");
        }
    }

    #[test]
    fn a_text_without_escapes_is_borrowed() {
        assert!(matches!(read(b"\"abc\"", LIMITS), Ok(Json::Text(Cow::Borrowed("abc")))));
    }

    #[test]
    fn broken_texts_are_refused_where_they_break() {
        let end = Fault::Expected("the end of the text, or a control character as an escape");
        let escape = Fault::Expected("an escape");
        let digits = Fault::Expected("four hexadecimal digits");
        let cases = [
            ("\"abc", end.clone(), 4),
            ("\"a\nb\"", end.clone(), 2),
            ("\"a\u{1f}\"", end.clone(), 2),
            ("\"\\n\0\"", end, 3),
            ("\"a\\", escape.clone(), 3),
            ("\"a\\é\"", escape.clone(), 3),
            (r#""a\x""#, escape.clone(), 2),
            (r#""\U0041""#, escape, 1),
            (r#""\u004""#, digits.clone(), 6),
            (r#""\u+041""#, digits.clone(), 3),
            (r#""\u00g1""#, digits.clone(), 5),
            (r#""\ud800\u00""#, digits, 11),
            (r#""\ud800""#, Fault::LoneSurrogate, 1),
            (r#""a\udc00\ud800""#, Fault::LoneSurrogate, 2),
            (r#""\udfff""#, Fault::LoneSurrogate, 1),
            (r#""\ud800\n""#, Fault::LoneSurrogate, 1),
            (r#""\ud800u1234""#, Fault::LoneSurrogate, 1),
            (r#""\ud800\ue000""#, Fault::LoneSurrogate, 1),
            (r#""\ud800\udbff""#, Fault::LoneSurrogate, 1),
            (r#""\ud800\ud800\udc00""#, Fault::LoneSurrogate, 1),
        ];
        for (json, fault, at) in cases {
            assert_eq!(read(json.as_bytes(), LIMITS), Err(JsonError { fault, at }), "{json}");
        }
    }
}
