//! Reading values, lists, objects and numbers.

use alloc::borrow::Cow;
use alloc::vec::Vec;

use super::{Fault, Json, JsonError};
use crate::text::sort;

/// How much JSON is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the whole text.
    pub bytes: usize,
    /// Lists and objects inside each other, the outermost being 1.
    pub nesting: u32,
}

/// Reads exactly one JSON value, with white space around it.
///
/// Time and memory are linear in the bytes (but for sorting the names of an object's fields); the reader descends at most
/// `limits.nesting` deep.
///
/// # Errors
/// More than RFC 8259 asks: too many bytes, too deep, a byte-order mark, bytes that are not UTF-8, nothing at all, half
/// of a surrogate pair, a field twice in one object, text behind the value (section 5, E6).
pub fn read(bytes: &[u8], limits: Limits) -> Result<Json<'_>, JsonError> {
    if bytes.len() > limits.bytes {
        return Err(JsonError { fault: Fault::TooLong(limits.bytes), at: limits.bytes });
    }
    if bytes.starts_with(b"\xef\xbb\xbf") {
        return Err(JsonError { fault: Fault::ByteOrderMark, at: 0 });
    }
    let text =
        core::str::from_utf8(bytes).map_err(|error| JsonError { fault: Fault::Encoding, at: error.valid_up_to() })?;
    let mut reader = Reader { text, at: 0, nesting: 0, limit: limits.nesting };
    reader.skip_space();
    if reader.peek().is_none() {
        return Err(reader.error(Fault::Empty));
    }
    let value = reader.value()?;
    reader.skip_space();
    match reader.peek() {
        None => Ok(value),
        Some(_) => Err(reader.expected("nothing more after the value")),
    }
}

/// Whether `token` is one JSON number and nothing else.
pub(crate) fn is_number(token: &str) -> bool {
    let mut reader = Reader { text: token, at: 0, nesting: 0, limit: 0 };
    reader.number().is_ok_and(|number| number.len() == token.len())
}

/// A place in the text. It always lies on a boundary of characters.
pub(super) struct Reader<'a> {
    pub(super) text: &'a str,
    pub(super) at: usize,
    nesting: u32,
    limit: u32,
}

/// Fields that an object has room for at first: nearly all objects of an invocation have no more.
const FEW: usize = 8;

impl<'a> Reader<'a> {
    pub(super) fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// Steps over `byte`, which is ASCII, if it is next.
    pub(super) fn take(&mut self, byte: u8) -> bool {
        let next = self.peek() == Some(byte);
        self.at += usize::from(next);
        next
    }

    /// Steps over all bytes that are `wanted`, and returns them. `wanted` accepts all or none of a character's bytes.
    pub(super) fn take_while(&mut self, wanted: impl Fn(u8) -> bool) -> &'a str {
        let rest = self.text.get(self.at..).unwrap_or("");
        let length = rest.bytes().position(|byte| !wanted(byte)).unwrap_or(rest.len());
        self.at += length;
        rest.get(..length).unwrap_or("")
    }

    pub(super) fn error(&self, fault: Fault) -> JsonError {
        JsonError { fault, at: self.at }
    }

    pub(super) fn expected(&self, what: &'static str) -> JsonError {
        self.error(Fault::Expected(what))
    }

    fn skip_space(&mut self) {
        self.take_while(|byte| matches!(byte, b' ' | b'\t' | b'\n' | b'\r'));
    }

    fn value(&mut self) -> Result<Json<'a>, JsonError> {
        match self.peek() {
            Some(b'{') => self.nested(|reader| reader.object().map(Json::Object)),
            Some(b'[') => self.nested(|reader| reader.array().map(Json::Array)),
            Some(b'"') => self.quoted().map(Json::Text),
            Some(b'-' | b'0'..=b'9') => self.number().map(Json::Number),
            _ => self.word(),
        }
    }

    /// Steps over a bracket and reads what is inside, one level deeper.
    fn nested(&mut self, inside: impl FnOnce(&mut Self) -> Result<Json<'a>, JsonError>) -> Result<Json<'a>, JsonError> {
        if self.nesting == self.limit {
            return Err(self.error(Fault::TooDeep(self.limit)));
        }
        self.nesting += 1;
        self.at += 1;
        let value = inside(self)?;
        self.nesting -= 1;
        Ok(value)
    }

    fn array(&mut self) -> Result<Vec<Json<'a>>, JsonError> {
        let mut items = Vec::new();
        self.skip_space();
        if self.take(b']') {
            return Ok(items);
        }
        loop {
            self.skip_space();
            items.push(self.value()?);
            self.skip_space();
            if self.take(b']') {
                return Ok(items);
            }
            if !self.take(b',') {
                return Err(self.expected("`,` or `]`"));
            }
        }
    }

    fn object(&mut self) -> Result<Vec<(Cow<'a, str>, Json<'a>)>, JsonError> {
        self.skip_space();
        if self.take(b'}') {
            return Ok(Vec::new());
        }
        let (mut members, mut places) = (Vec::with_capacity(FEW), Vec::with_capacity(FEW));
        loop {
            self.skip_space();
            places.push(self.at);
            members.push(self.member()?);
            self.skip_space();
            if self.take(b'}') {
                break;
            }
            if !self.take(b',') {
                return Err(self.expected("`,` or `}`"));
            }
        }
        match first_repeated(&members, &places) {
            None => Ok(members),
            Some((at, name)) => Err(JsonError { fault: Fault::Repeated(crate::canonical::shown(name)), at }),
        }
    }

    fn member(&mut self) -> Result<(Cow<'a, str>, Json<'a>), JsonError> {
        if self.peek() != Some(b'"') {
            return Err(self.expected("the name of a field in double quotes"));
        }
        let name = self.quoted()?;
        self.skip_space();
        if !self.take(b':') {
            return Err(self.expected("`:`"));
        }
        self.skip_space();
        Ok((name, self.value()?))
    }

    fn number(&mut self) -> Result<&'a str, JsonError> {
        let start = self.at;
        self.take(b'-');
        if !self.take(b'0') {
            self.digits()?;
        }
        if self.take(b'.') {
            self.digits()?;
        }
        if self.take(b'e') || self.take(b'E') {
            if !self.take(b'+') {
                self.take(b'-');
            }
            self.digits()?;
        }
        Ok(self.text.get(start..self.at).unwrap_or(""))
    }

    fn digits(&mut self) -> Result<(), JsonError> {
        if self.take_while(|byte| byte.is_ascii_digit()).is_empty() {
            return Err(self.expected("a digit"));
        }
        Ok(())
    }

    fn word(&mut self) -> Result<Json<'a>, JsonError> {
        let start = self.at;
        let value = match self.take_while(|byte| byte.is_ascii_alphanumeric()) {
            "null" => Json::Null,
            "true" => Json::Bool(true),
            "false" => Json::Bool(false),
            _ => return Err(JsonError { fault: Fault::Expected("a JSON value"), at: start }),
        };
        Ok(value)
    }
}

/// The first field in the text whose name stands before it already. Few are compared with each other, many are sorted, so
/// that they stay cheap.
fn first_repeated<'m>(members: &'m [(Cow<'_, str>, Json<'_>)], places: &[usize]) -> Option<(usize, &'m str)> {
    if members.len() <= FEW {
        for (count, ((name, _), place)) in members.iter().zip(places).enumerate() {
            if members.iter().take(count).any(|(other, _)| other == name) {
                return Some((*place, name));
            }
        }
        return None;
    }
    let mut names: Vec<(&str, usize)> = Vec::with_capacity(members.len());
    for ((name, _), place) in members.iter().zip(places) {
        names.push((name, *place));
    }
    sort(&mut names);
    let mut first: Option<(usize, &str)> = None;
    for pair in names.windows(2) {
        if let [(before, _), (name, place)] = pair
            && before == name
            && first.is_none_or(|(first, _)| *place < first)
        {
            first = Some((*place, name));
        }
    }
    first
}

#[cfg(test)]
mod tests {
    use super::{Fault, Json, JsonError, Limits, is_number, read};

    const LIMITS: Limits = Limits { bytes: 100_000, nesting: 3 };

    fn fault(text: &str) -> (Fault, usize) {
        match read(text.as_bytes(), LIMITS) {
            Err(JsonError { fault, at }) => (fault, at),
            Ok(value) => (Fault::Repeated(format!("{value:?}")), usize::MAX),
        }
    }

    #[test]
    fn values_are_read() {
        let cases = [
            (" null\n", Json::Null),
            ("\ttrue\r", Json::Bool(true)),
            ("false", Json::Bool(false)),
            ("-0", Json::Number("-0")),
            ("12.50E-07", Json::Number("12.50E-07")),
            ("1e+3", Json::Number("1e+3")),
            ("\"x\"", Json::Text("x".into())),
            ("[ ]", Json::Array(vec![])),
            ("[1 , [ null,2] ]", {
                Json::Array(vec![Json::Number("1"), Json::Array(vec![Json::Null, Json::Number("2")])])
            }),
            ("{ }", Json::Object(vec![])),
            ("{ \"b\" : 1 , \"a\":\"\" }", {
                Json::Object(vec![("b".into(), Json::Number("1")), ("a".into(), Json::Text("".into()))])
            }),
        ];
        for (text, expected) in cases {
            assert_eq!(read(text.as_bytes(), LIMITS), Ok(expected), "{text}");
        }
    }

    #[test]
    fn what_is_not_json_is_refused_where_it_stands() {
        let cases = [
            ("nul", "a JSON value", 0),
            (" True", "a JSON value", 1),
            ("NaN", "a JSON value", 0),
            ("truex", "a JSON value", 0),
            ("'x'", "a JSON value", 0),
            ("[1,]", "a JSON value", 3),
            ("[1 2]", "`,` or `]`", 3),
            ("[1", "`,` or `]`", 2),
            ("[", "a JSON value", 1),
            ("{", "the name of a field in double quotes", 1),
            ("{a:1}", "the name of a field in double quotes", 1),
            ("{\"a\":1,}", "the name of a field in double quotes", 7),
            ("{\"a\" 1}", "`:`", 5),
            ("{\"a\":}", "a JSON value", 5),
            ("{\"a\":1 \"b\":2}", "`,` or `}`", 7),
            ("-", "a digit", 1),
            ("1.", "a digit", 2),
            ("1.e3", "a digit", 2),
            ("1e", "a digit", 2),
            ("1e+-3", "a digit", 3),
            ("+1", "a JSON value", 0),
            (".5", "a JSON value", 0),
            ("01", "nothing more after the value", 1),
            ("{} {}", "nothing more after the value", 3),
            ("{}\n\u{feff}", "nothing more after the value", 3),
            ("\u{a0}1", "a JSON value", 0),
            ("1 // x", "nothing more after the value", 2),
        ];
        for (text, expected, at) in cases {
            assert_eq!(fault(text), (Fault::Expected(expected), at), "{text}");
        }
    }

    #[test]
    fn nothing_and_a_byte_order_mark_and_other_bytes_are_refused() {
        assert_eq!(fault(""), (Fault::Empty, 0));
        assert_eq!(fault(" \n"), (Fault::Empty, 2));
        assert_eq!(fault("\u{feff}{}"), (Fault::ByteOrderMark, 0));
        assert_eq!(read(b"[\"\xff\"]", LIMITS), Err(JsonError { fault: Fault::Encoding, at: 2 }));
        assert_eq!(read(b"\"\xed\xa0\x80\"", LIMITS), Err(JsonError { fault: Fault::Encoding, at: 1 }));
    }

    #[test]
    fn bytes_and_nesting_are_counted() {
        let limits = Limits { bytes: 4, nesting: 1 };
        assert!(read(b"1234", limits).is_ok());
        assert_eq!(read(b"12345", limits), Err(JsonError { fault: Fault::TooLong(4), at: 4 }));
        assert_eq!(fault("[[[1]]]"), fault(" [[[1]]] "));
        assert!(read(b"[[[1]],[[]],{\"a\":{}}]", LIMITS).is_ok());
        assert_eq!(fault("[[[[]]]]"), (Fault::TooDeep(3), 3));
        assert_eq!(fault("{\"a\":{\"b\":[{}]}}"), (Fault::TooDeep(3), 11));
        assert_eq!(fault(&"[".repeat(90_000)), (Fault::TooDeep(3), 3));
    }

    #[test]
    fn a_field_twice_is_refused_at_any_depth_at_the_second() {
        assert_eq!(fault(r#"{"a":1,"b":2,"a":1}"#), (Fault::Repeated("a".into()), 13));
        assert_eq!(fault(r#"{"c":1,"b":2,"b":1,"a":3,"a":4,"c":5}"#), (Fault::Repeated("b".into()), 13));
        assert_eq!(fault(r#"[{"x":{"a":1,"\u0061":2}}]"#), (Fault::Repeated("a".into()), 13));
        assert!(read(r#"{"a":{"a":1},"A":2,"aa":3,"":4}"#.as_bytes(), LIMITS).is_ok());
    }

    #[test]
    fn many_fields_are_read() {
        let fields: Vec<String> = (0..5_000).map(|index| format!("\"{index}\":0")).collect();
        let text = format!("{{{}}}", fields.join(","));
        assert!(matches!(read(text.as_bytes(), LIMITS), Ok(Json::Object(members)) if members.len() == 5_000));
    }

    #[test]
    fn a_number_is_a_whole_token() {
        for token in ["0", "-0", "10", "1.0", "1e3", "9223372036854775808"] {
            assert!(is_number(token), "{token}");
        }
        for token in ["", "-", "01", "1 ", " 1", "1x", "0x1", "+1", "true", "1.", "1\n"] {
            assert!(!is_number(token), "{token:?}");
        }
    }

    #[test]
    fn an_error_says_what_and_where() {
        let error = JsonError { fault: Fault::TooDeep(8), at: 12 };
        assert_eq!(error.to_string(), "lists and objects are nested deeper than 8 (at byte 12)");
    }
}
