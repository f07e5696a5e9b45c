//! JSON as a tree that borrows from its text.

use alloc::borrow::Cow;
use alloc::string::String;
use alloc::vec::Vec;

use crate::text::sort;

use super::{ArrayWriter, ObjectWriter, write_text};

/// A JSON value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Json<'a> {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number as its token: the characters that stand in the text, never converted.
    Number(&'a str),
    /// A text, its escapes resolved.
    Text(Cow<'a, str>),
    /// A list.
    Array(Vec<Json<'a>>),
    /// An object, its fields in the order of the text; what [`read`](super::read) makes has no field twice.
    Object(Vec<(Cow<'a, str>, Json<'a>)>),
}

impl Json<'_> {
    /// What kind of value it is, for messages: `null`, `a boolean`, `a number`, `text`, `a list` or `an object`.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "a boolean",
            Self::Number(_) => "a number",
            Self::Text(_) => "text",
            Self::Array(_) => "a list",
            Self::Object(_) => "an object",
        }
    }

    /// Appends the value to `out`, compact, the fields of objects sorted by the bytes of their names, numbers as their
    /// tokens. Values that differ only in white space, escapes and the order of fields are written alike.
    pub fn write(&self, out: &mut String) {
        match self {
            Self::Null => out.push_str("null"),
            Self::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
            Self::Number(token) => out.push_str(token),
            Self::Text(text) => write_text(out, text),
            Self::Array(items) => {
                let mut array = ArrayWriter::new(out);
                for item in items {
                    item.write(array.item());
                }
                array.finish();
            }
            Self::Object(members) => {
                let mut names: Vec<(&str, usize)> = Vec::with_capacity(members.len());
                for (place, (name, _)) in members.iter().enumerate() {
                    names.push((name, place));
                }
                sort(&mut names);
                let mut object = ObjectWriter::new(out);
                for (name, place) in names {
                    if let Some((_, value)) = members.get(place) {
                        value.write(object.field(name));
                    }
                }
                object.finish();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::json::{Json, Limits, read};

    fn written(text: &str) -> String {
        let mut out = String::new();
        read(text.as_bytes(), Limits { bytes: 1_000, nesting: 8 }).unwrap().write(&mut out);
        out
    }

    #[test]
    fn a_value_is_written_compact_and_sorted() {
        assert_eq!(
            written(
                r#" {"b": [1, 2.50, -0, true, false, null], "a": {}, "é": "\u0041\/", "B": [], "": [ [ ] , { } ]} "#
            ),
            r#"{"":[[],{}],"B":[],"a":{},"b":[1,2.50,-0,true,false,null],"é":"A/"}"#
        );
    }

    #[test]
    fn writing_what_was_written_changes_nothing() {
        let once = written(r#"{"b":{"z":"\n\"\\","y":1e3},"a":["\u007f",0]}"#);
        assert_eq!(once, r#"{"a":["\u007f",0],"b":{"y":1e3,"z":"\n\"\\"}}"#);
        assert_eq!(written(&once), once);
    }

    #[test]
    fn every_kind_has_its_name() {
        let kinds = [
            (Json::Null, "null"),
            (Json::Bool(true), "a boolean"),
            (Json::Number("1"), "a number"),
            (Json::Text("".into()), "text"),
            (Json::Array(Vec::new()), "a list"),
            (Json::Object(Vec::new()), "an object"),
        ];
        for (value, kind) in kinds {
            assert_eq!(value.kind(), kind);
        }
    }
}
