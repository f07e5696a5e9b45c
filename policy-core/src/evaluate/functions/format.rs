//! `format` and `formatlist`: `%s %q %d %t %v %%`, a width, `0` and `-`.

use std::fmt::Write;
use std::sync::Arc;

use unicode_segmentation::UnicodeSegmentation;

use super::Arguments;
use crate::evaluate::meter::Meter;
use crate::evaluate::{EvaluationError, Located, Value};
use crate::source::Span;
use crate::text::shared_nfc;

/// The largest width.
const WIDTH: usize = 1_024;

pub(super) fn format_one(meter: &mut Meter, arguments: &Arguments) -> Result<Value, EvaluationError> {
    let values: Vec<(usize, &Value)> =
        arguments.all().iter().enumerate().skip(1).map(|(index, argument)| (index, &argument.value)).collect();
    Formatter::new(meter, arguments).text(&values)
}

/// One text for each element of the lists among the values, which are of one length; other values stand in each.
pub(super) fn format_list(meter: &mut Meter, arguments: &Arguments) -> Result<Value, EvaluationError> {
    let span = arguments.span();
    let mut length = None;
    for (index, argument) in arguments.all().iter().enumerate().skip(1) {
        if let Value::List(elements) = &argument.value {
            let expected = *length.get_or_insert(elements.len());
            if elements.len() != expected {
                return Err(arguments.refuse(meter, index, || {
                    format!("needs lists of one length, but got {expected} and {} elements", elements.len())
                }));
            }
        }
    }
    arguments.text(meter, 0)?;
    let mut made = Vec::new();
    for row in 0..length.unwrap_or(1) {
        meter.spend(arguments.all().len(), span)?;
        let values: Vec<(usize, &Value)> = arguments
            .all()
            .iter()
            .enumerate()
            .skip(1)
            .filter_map(|(index, argument)| match &argument.value {
                Value::List(elements) => elements.get(row).map(|element| (index, &element.value)),
                value => Some((index, value)),
            })
            .collect();
        made.push(Located { value: Formatter::new(meter, arguments).text(&values)?, span });
    }
    Ok(Value::List(made.into()))
}

/// `%`, flags, width, and the letter.
struct Verb {
    zeros: bool,
    left: bool,
    width: usize,
    letter: char,
}

struct Formatter<'a> {
    meter: &'a mut Meter,
    arguments: &'a Arguments,
    span: Span,
    made: String,
}

impl<'a> Formatter<'a> {
    fn new(meter: &'a mut Meter, arguments: &'a Arguments) -> Self {
        Self { meter, arguments, span: arguments.span(), made: String::new() }
    }

    fn text(mut self, values: &[(usize, &Value)]) -> Result<Value, EvaluationError> {
        let format = Arc::clone(self.arguments.text(self.meter, 0)?);
        let mut values = values.iter();
        let mut rest = &*format;
        while let Some((literal, after)) = rest.split_once('%') {
            self.push(literal)?;
            if let Some(after) = after.strip_prefix('%') {
                self.push("%")?;
                rest = after;
            } else {
                let (verb, after) = self.verb(after)?;
                rest = after;
                let Some(&(index, value)) = values.next() else {
                    return Err(self.refuse(0, || format!("has no value for `%{}`", verb.letter)));
                };
                self.value(&verb, index, value)?;
            }
        }
        self.push(rest)?;
        if let Some(&(index, _)) = values.next() {
            return Err(self.refuse(index, || "has more values than its format uses".to_owned()));
        }
        Ok(Value::Text(shared_nfc(&self.made)))
    }

    fn refuse(&self, index: usize, problem: impl FnOnce() -> String) -> EvaluationError {
        self.arguments.refuse(self.meter, index, problem)
    }

    fn push(&mut self, text: &str) -> Result<(), EvaluationError> {
        self.meter.make_text(text.len(), self.span)?;
        self.made.push_str(text);
        Ok(())
    }

    /// The verb that `after` a `%` begins with, and what follows it.
    fn verb<'t>(&self, after: &'t str) -> Result<(Verb, &'t str), EvaluationError> {
        let unflagged = after.trim_start_matches(['0', '-']);
        let flags = after.strip_suffix(unflagged).unwrap_or("");
        let (zeros, left) = (flags.contains('0'), flags.contains('-'));
        let bare = unflagged.trim_start_matches(|character: char| character.is_ascii_digit());
        let width = match unflagged.strip_suffix(bare).unwrap_or("") {
            "" => 0,
            digits => digits.parse().unwrap_or(usize::MAX),
        };
        if width > WIDTH {
            return Err(self.refuse(0, || format!("takes a width of at most {WIDTH}")));
        }
        let mut characters = bare.chars();
        match characters.next() {
            Some(letter @ ('s' | 'q' | 'd' | 't' | 'v')) => {
                Ok((Verb { zeros, left, width, letter }, characters.as_str()))
            }
            Some(other) => Err(self.refuse(0, || {
                format!(
                    "does not know `{other}` after `%`: it knows `%s`, `%q`, `%d`, `%t`, `%v` and `%%`, a width, `0` and `-`"
                )
            })),
            None => Err(self.refuse(0, || "has a `%` at the end of its format; a percent sign is `%%`".to_owned())),
        }
    }

    fn value(&mut self, verb: &Verb, index: usize, value: &Value) -> Result<(), EvaluationError> {
        match (verb.letter, value) {
            ('s' | 'v', Value::Text(text)) => self.pad(verb, text),
            ('q', Value::Text(text)) => {
                let start = self.made.len();
                self.quoted(text)?;
                self.pad_made(verb, start)
            }
            ('d', Value::Number(number)) if number.as_whole().is_some() => self.pad_whole(verb, &number.to_string()),
            ('d', Value::Number(number)) => {
                Err(self.refuse(index, || format!("needs a whole number for `%d`, but got `{number}`")))
            }
            // Terraform pads no booleans.
            ('t', Value::Bool(value)) => self.push(if *value { "true" } else { "false" }),
            ('v', value) => {
                let start = self.made.len();
                self.json(value, index)?;
                self.pad_made(verb, start)
            }
            (letter, value) => {
                let expected = match letter {
                    'd' => "a whole number for `%d`",
                    't' => "a boolean for `%t`",
                    'q' => "text for `%q`",
                    _ => "text for `%s`",
                };
                let got = Located { value: value.clone(), span: self.place(index) };
                Err(self.arguments.wrong_type(self.meter, index, expected, &got))
            }
        }
    }

    fn place(&self, index: usize) -> Span {
        self.arguments.all().get(index).map_or(self.span, |argument| argument.span)
    }

    /// A whole number: zeros stand between the sign and the digits.
    fn pad_whole(&mut self, verb: &Verb, digits: &str) -> Result<(), EvaluationError> {
        match digits.strip_prefix('-') {
            Some(magnitude) if verb.zeros && !verb.left => {
                self.push("-")?;
                self.pad(&Verb { width: verb.width.saturating_sub(1), ..*verb }, magnitude)
            }
            _ => self.pad(verb, digits),
        }
    }

    fn pad(&mut self, verb: &Verb, text: &str) -> Result<(), EvaluationError> {
        let start = self.made.len();
        self.push(text)?;
        self.pad_made(verb, start)
    }

    /// Brings what was made since `start` to the width, counted in grapheme clusters as Terraform does.
    fn pad_made(&mut self, verb: &Verb, start: usize) -> Result<(), EvaluationError> {
        let length = self.made.get(start..).unwrap_or("").graphemes(true).take(verb.width).count();
        let missing = verb.width.saturating_sub(length);
        self.meter.make_text(missing, self.span)?;
        if verb.left {
            self.made.push_str(&" ".repeat(missing));
        } else {
            let padding = if verb.zeros { "0" } else { " " };
            self.made.insert_str(start, &padding.repeat(missing));
        }
        Ok(())
    }

    /// The value as JSON, attributes sorted. Recurses as deep as the value is nested, which is bounded for locals.
    fn json(&mut self, value: &Value, index: usize) -> Result<(), EvaluationError> {
        self.meter.spend(1, self.span)?;
        match value {
            Value::Null => self.push("null"),
            Value::Bool(value) => self.push(if *value { "true" } else { "false" }),
            Value::Number(number) => self.push(&number.to_string()),
            Value::Text(text) => self.quoted(text),
            Value::List(elements) => {
                self.push("[")?;
                for (place, element) in elements.iter().enumerate() {
                    self.push(if place == 0 { "" } else { "," })?;
                    self.json(&element.value, index)?;
                }
                self.push("]")
            }
            Value::Object(entries) => {
                self.push("{")?;
                for (place, (key, element)) in entries.iter().enumerate() {
                    self.push(if place == 0 { "" } else { "," })?;
                    self.quoted(key)?;
                    self.push(":")?;
                    self.json(&element.value, index)?;
                }
                self.push("}")
            }
            Value::Pattern(_) => {
                let got = Located { value: value.clone(), span: self.place(index) };
                Err(self.arguments.wrong_type(self.meter, index, "a value without patterns for `%v`", &got))
            }
        }
    }

    /// A JSON string with the escapes that Terraform's encoder writes.
    fn quoted(&mut self, text: &str) -> Result<(), EvaluationError> {
        self.push("\"")?;
        // Pieces are counted before they are made, so that a text is never copied without limit.
        for character in text.chars() {
            let mut escaped = String::new();
            match character {
                '"' => escaped.push_str("\\\""),
                '\\' => escaped.push_str("\\\\"),
                '\n' => escaped.push_str("\\n"),
                '\r' => escaped.push_str("\\r"),
                '\t' => escaped.push_str("\\t"),
                '\u{0}'..'\u{20}' | '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => {
                    // Writing into a `String` does not fail.
                    let _ = write!(escaped, "\\u{:04x}", u32::from(character));
                }
                _ => escaped.push(character),
            }
            self.push(&escaped)?;
        }
        self.push("\"")
    }
}

#[cfg(test)]
mod tests {
    use crate::evaluate::testing::{call, check, flag, list, null, number, object, text, texts};
    use crate::syntax::tree::Expression;

    fn of(format: &str, values: Vec<Expression>) -> Expression {
        call("format", [text(format)].into_iter().chain(values).collect())
    }

    fn each(format: &str, values: Vec<Expression>) -> Expression {
        call("formatlist", [text(format)].into_iter().chain(values).collect())
    }

    // X2
    #[test]
    fn verbs_write_their_types() {
        let values = || list(vec![text("<\"\\\n\r\t\u{1}&>\u{2028}"), number("1.5"), null(), flag(true)]);
        check(vec![
            (of("%s-%d-%t-%%-%v", vec![text("a"), number("-3"), flag(false), number("1.5")]), "'a--3-false-%-1.5'"),
            (of("%t", vec![flag(true)]), "'true'"),
            (of("%v%v%v", vec![text("a"), flag(false), null()]), "'afalsenull'"),
            (of("%v", vec![values()]), "'[\"\\u003c\\\"\\\\\\n\\r\\t\\u0001\\u0026\\u003e\\u2028\",1.5,null,true]'"),
            (of("%v", vec![object(vec![("b", text("x")), ("a", list(vec![]))])]), "'{\"a\":[],\"b\":\"x\"}'"),
            (of("%q", vec![text("é/\"")]), "'\"é/\\\"\"'"),
            (of("e%s", vec![text("\u{301}")]), "'é'"),
            (of("plain", vec![]), "'plain'"),
        ]);
    }

    #[test]
    fn widths_pad() {
        check(vec![
            (
                of("%5s|%-5s|%05s|%-05s|", vec![text("é"), text("é"), text("ab"), text("ab")]),
                "'    é|é    |000ab|ab   |'",
            ),
            (
                of("%05d|%5d|%-5d|%05d", vec![number("-5"), number("-5"), number("-5"), number("123456")]),
                "'-0005|   -5|-5   |123456'",
            ),
            (of("%0-5d|%-05d|", vec![number("-3"), number("3")]), "'-3   |3    |'"),
            (of("%5t", vec![flag(true)]), "'true'"),
            (of("%5v|%05v|%-5v|", vec![number("1"), number("-1.5"), text("a")]), "'    1|0-1.5|a    |'"),
            (of("%5q|%05q", vec![text("a"), text("a")]), "'  \"a\"|00\"a\"'"),
            (of("%010d", vec![number("3")]), "'0000000003'"),
            (of("%3s", vec![text("abcd")]), "'abcd'"),
            (call("length", vec![of("%1024s", vec![text("")])]), "1024"),
            (of("%1025s", vec![text("")]), "PL307 `format` takes a width of at most 1024"),
            (of("%99999999999999999999999s", vec![text("")]), "PL307 `format` takes a width"),
        ]);
    }

    #[test]
    fn wrong_values_and_formats_are_refused() {
        check(vec![
            (of("%s", vec![number("1")]), "PL303 `format` needs text for `%s` as `values`, but got a number"),
            (of("%s", vec![null()]), "PL303"),
            (of("%q", vec![flag(true)]), "PL303 `format` needs text for `%q`"),
            (of("%d", vec![text("1")]), "PL303 `format` needs a whole number for `%d`"),
            (of("%d", vec![number("1.5")]), "PL307 `format` needs a whole number for `%d`, but got `1.5`"),
            (of("%t", vec![text("true")]), "PL303 `format` needs a boolean for `%t`"),
            (of("%v", vec![list(vec![call("any", vec![])])]), "PL303 `format` needs a value without patterns for `%v`"),
            (of("%s", vec![]), "PL307 `format` has no value for `%s`"),
            (of("%s", vec![text("a"), text("b")]), "PL307 `format` has more values than its format uses"),
            (of("%z", vec![text("a")]), "PL307 `format` does not know `z` after `%`"),
            (of("%5%", vec![]), "PL307 `format` does not know `%` after `%`"),
            (of("%+d", vec![number("1")]), "PL307"),
            (of("a%", vec![]), "PL307 `format` has a `%` at the end of its format"),
            (call("format", vec![number("1")]), "PL303 `format` needs text as `format`, but got a number"),
        ]);
    }

    #[test]
    fn formatlist_writes_one_for_each() {
        check(vec![
            (each("a%s-%s", vec![texts(&["x", "y"]), text("z")]), "['ax-z', 'ay-z']"),
            (each("%s%s", vec![texts(&["x", "y"]), texts(&["1", "2"])]), "['x1', 'y2']"),
            (each("x", vec![]), "['x']"),
            (each("%s", vec![list(vec![])]), "[]"),
            (each("%v", vec![object(vec![("a", number("1"))])]), "['{\"a\":1}']"),
            (
                each("%s%s", vec![texts(&["x", "y"]), texts(&["z"])]),
                "PL307 `formatlist` needs lists of one length, but got 2 and 1 elements",
            ),
            (each("%s", vec![]), "PL307"),
            (each("%s", vec![texts(&["x"]), text("y")]), "PL307 `formatlist` has more values than its format uses"),
            (call("formatlist", vec![null(), list(vec![])]), "PL303 `formatlist` needs text as `format`"),
        ]);
    }
}
