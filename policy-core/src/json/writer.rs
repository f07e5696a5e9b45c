//! Compact, deterministic JSON.

use alloc::string::String;

use crate::prose::push_number;
use crate::text::plain_bytes;

/// Appends `text` in double quotes to `out`. Escaped, as shortly as possible, are `"`, `\`, the controls below 0x20 and
/// 0x7f; everything else stands as it is.
pub fn write_text(out: &mut String, text: &str) {
    out.push('"');
    let mut rest = text;
    // Most texts need no escape at all: what stands as it is is copied at once.
    while !rest.is_empty() {
        let length = plain_bytes(rest.as_bytes());
        let (plain, behind) = rest.split_at_checked(length).unwrap_or((rest, ""));
        let delete = plain.bytes().position(|byte| byte == 0x7f).unwrap_or(length);
        let (plain, behind) = rest.split_at_checked(delete).unwrap_or((plain, behind));
        out.push_str(plain);
        let mut characters = behind.chars();
        if let Some(character) = characters.next() {
            escape(out, character);
        }
        rest = characters.as_str();
    }
    out.push('"');
}

fn escape(out: &mut String, character: char) {
    match character {
        '"' => out.push_str("\\\""),
        '\\' => out.push_str("\\\\"),
        '\n' => out.push_str("\\n"),
        '\r' => out.push_str("\\r"),
        '\t' => out.push_str("\\t"),
        '\u{8}' => out.push_str("\\b"),
        '\u{c}' => out.push_str("\\f"),
        other => {
            let code = u32::from(other);
            out.push_str("\\u00");
            out.extend([code >> 4, code & 15].map(|digit| char::from_digit(digit, 16).unwrap_or('0')));
        }
    }
}

/// Writes an object field by field, in the order of the calls.
///
/// ```
/// use policy_core::json::ObjectWriter;
///
/// let mut out = String::new();
/// let mut object = ObjectWriter::new(&mut out);
/// object.text("outcome", "permit");
/// object.field("version").push('1');
/// object.finish();
/// assert_eq!(out, r#"{"outcome":"permit","version":1}"#);
/// ```
#[derive(Debug)]
pub struct ObjectWriter<'a> {
    out: &'a mut String,
    empty: bool,
}

impl<'a> ObjectWriter<'a> {
    /// Begins an object at the end of `out`; [`finish`](Self::finish) ends it.
    pub fn new(out: &'a mut String) -> Self {
        out.push('{');
        Self { out, empty: true }
    }

    /// Begins the field `name`; the caller appends exactly one JSON value to what is returned.
    pub fn field(&mut self, name: &str) -> &mut String {
        separate(self.out, &mut self.empty);
        write_text(self.out, name);
        self.out.push(':');
        self.out
    }

    /// Writes a field that holds a text.
    pub fn text(&mut self, name: &str, value: &str) {
        write_text(self.field(name), value);
    }

    /// Writes a field that holds a boolean.
    pub fn boolean(&mut self, name: &str, value: bool) {
        self.field(name).push_str(if value { "true" } else { "false" });
    }

    /// Writes a field that holds a whole number.
    pub fn number(&mut self, name: &str, value: u64) {
        push_number(self.field(name), value);
    }

    /// Writes a field that holds `null`.
    pub fn null(&mut self, name: &str) {
        self.field(name).push_str("null");
    }

    /// Ends the object.
    pub fn finish(self) {
        self.out.push('}');
    }
}

/// Writes a list item by item.
#[derive(Debug)]
pub struct ArrayWriter<'a> {
    out: &'a mut String,
    empty: bool,
}

impl<'a> ArrayWriter<'a> {
    /// Begins a list at the end of `out`; [`finish`](Self::finish) ends it.
    pub fn new(out: &'a mut String) -> Self {
        out.push('[');
        Self { out, empty: true }
    }

    /// Begins an item; the caller appends exactly one JSON value to what is returned.
    pub fn item(&mut self) -> &mut String {
        separate(self.out, &mut self.empty);
        self.out
    }

    /// Writes an item that is a text.
    pub fn text(&mut self, value: &str) {
        write_text(self.item(), value);
    }

    /// Ends the list.
    pub fn finish(self) {
        self.out.push(']');
    }
}

/// Writes the comma before every member but the first.
fn separate(out: &mut String, empty: &mut bool) {
    if !core::mem::replace(empty, false) {
        out.push(',');
    }
}

#[cfg(test)]
mod tests {
    use super::{ArrayWriter, ObjectWriter, write_text};

    #[test]
    fn texts_are_escaped_as_shortly_as_possible() {
        let cases = [
            ("", r#""""#),
            ("plain é \u{200b}/'", "\"plain é \u{200b}/'\""),
            ("\"\\", r#""\"\\""#),
            ("\n\r\t\u{8}\u{c}", r#""\n\r\t\b\f""#),
            ("\0\u{1f} \u{b}", r#""\u0000\u001f \u000b""#),
            ("\u{7f}\u{80}\u{2028}", "\"\\u007f\u{80}\u{2028}\""),
        ];
        for (text, expected) in cases {
            let mut out = String::new();
            write_text(&mut out, text);
            assert_eq!(out, expected);
        }
    }

    #[test]
    fn members_are_separated_by_commas() {
        let mut out = String::new();
        let mut object = ObjectWriter::new(&mut out);
        object.text("a\n", "b");
        object.boolean("c", true);
        object.boolean("d", false);
        object.number("e", u64::MAX);
        object.null("f");
        let mut array = ArrayWriter::new(object.field("g"));
        array.text("x");
        array.item().push('1');
        array.text("y");
        array.finish();
        ArrayWriter::new(object.field("h")).finish();
        ObjectWriter::new(object.field("i")).finish();
        object.finish();
        assert_eq!(
            out,
            r#"{"a\n":"b","c":true,"d":false,"e":18446744073709551615,"f":null,"g":["x",1,"y"],"h":[],"i":{}}"#
        );
    }
}
