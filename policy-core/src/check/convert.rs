//! Values to what attributes take: text, numbers, words of a list, durations (N7, X4).

use std::collections::BTreeMap;
use std::ops::RangeInclusive;
use std::sync::Arc;

use crate::diagnostic::{Code, Diagnostic};
use crate::evaluate::{Located, Value};
use crate::source::Span;
use crate::suggestion::{nearest, one_of};
use crate::syntax::tree::{Attribute, Expression, ExpressionKind};
use crate::text::is_control;

use super::context::Context;

/// What a value is for: the attribute, and where a mistake in the whole of it is reported.
#[derive(Clone, Copy)]
pub(super) struct Subject<'a> {
    pub(super) name: &'a str,
    pub(super) span: Span,
    expression: Option<&'a Expression>,
}

impl<'a> Subject<'a> {
    /// An attribute: mistakes are reported from its name on (L3).
    pub(super) fn of(attribute: &'a Attribute) -> Self {
        Self { name: &attribute.name.text, span: attribute.span, expression: Some(&attribute.value) }
    }

    /// A block: mistakes are reported at its header.
    pub(super) fn header(name: &'a str, span: Span) -> Self {
        Self { name, span, expression: None }
    }

    /// A list member: mistakes are reported where it stands.
    pub(super) fn member(&self, member: &Located) -> Self {
        Self { name: self.name, span: member.span, expression: None }
    }

    /// An entry of the attribute's object: mistakes are reported at its key, if that is written out.
    pub(super) fn entry(&self, key: &'a str, value: &Located) -> Subject<'a> {
        let entry = self.expression.and_then(|expression| literal_entry(expression, key));
        Subject {
            name: key,
            span: entry.map_or(value.span, |(key, value)| key.span.to(value.span)),
            expression: entry.map(|(_, value)| value),
        }
    }
}

/// The text that a number or a boolean would be in quotes.
fn plain(value: &Value) -> Option<String> {
    match value {
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(boolean) => Some(boolean.to_string()),
        _ => None,
    }
}

/// The entry with this key of an object that is written out.
fn literal_entry<'b>(expression: &'b Expression, key: &str) -> Option<(&'b Expression, &'b Expression)> {
    let mut expression = expression;
    while let ExpressionKind::Parenthesis(inner) = &expression.kind {
        expression = inner;
    }
    let ExpressionKind::Object(entries) = &expression.kind else { return None };
    let literal = |candidate: &Expression| matches!(&candidate.kind, ExpressionKind::Text(text) if **text == *key);
    entries.iter().find(|entry| literal(&entry.key)).map(|entry| (&entry.key, &entry.value))
}

/// Seconds that a duration may have: 24 hours.
const LONGEST_DURATION: u32 = 24 * 60 * 60;

impl Context<'_> {
    /// X4: `value` is of another type than `expected`.
    pub(super) fn wrong_type(&mut self, subject: &Subject<'_>, value: &Located, expected: &str) {
        self.wrong_type_with(subject, value, expected, None);
    }

    /// The same where text would do: a number or a boolean only lacks quotes (X3: nothing is converted).
    pub(super) fn not_text(&mut self, subject: &Subject<'_>, value: &Located, expected: &str) {
        let help = plain(&value.value).map(|text| format!("put it in quotes, as text: `\"{text}\"`"));
        self.wrong_type_with(subject, value, expected, help);
    }

    /// Whether one text, number or boolean stands where a list of texts is wanted; then that is reported.
    pub(super) fn lacks_brackets(&mut self, subject: &Subject<'_>, value: &Located) -> bool {
        let text = match &value.value {
            Value::Text(text) => Some(text.escape_debug().to_string()),
            other => plain(other),
        };
        let Some(text) = text else { return false };
        let (brackets, quotes) = ("write it in brackets", format!("`[\"{text}\"]`"));
        let also = if matches!(value.value, Value::Text(_)) { "" } else { " and quotes" };
        self.wrong_type_with(subject, value, "a list", Some(format!("{brackets}{also}: {quotes}")));
        true
    }

    fn wrong_type_with(&mut self, subject: &Subject<'_>, value: &Located, expected: &str, help: Option<String>) {
        let (code, found) = match &value.value {
            Value::Null => (Code::NullValue, "`null`"),
            Value::Bool(_) => (Code::WrongType, "a boolean"),
            Value::Number(_) => (Code::WrongType, "a number"),
            Value::Text(_) => (Code::WrongType, "text"),
            Value::List(_) => (Code::WrongType, "a list"),
            Value::Object(_) => (Code::WrongType, "an object"),
            Value::Pattern(_) => (Code::WrongType, "a pattern"),
        };
        let message = format!("`{}` takes {expected}, not {found}", subject.name);
        self.report(Diagnostic::new(code, subject.span, message).maybe_help(help));
    }

    pub(super) fn text(&mut self, subject: &Subject<'_>, value: &Located) -> Option<Arc<str>> {
        match &value.value {
            Value::Text(text) => Some(text.clone()),
            _ => {
                self.not_text(subject, value, "text");
                None
            }
        }
    }

    pub(super) fn boolean(&mut self, subject: &Subject<'_>, value: &Located) -> Option<bool> {
        match value.value {
            Value::Bool(boolean) => Some(boolean),
            _ => {
                self.wrong_type(subject, value, "`true` or `false`");
                None
            }
        }
    }

    /// A whole number within `range`.
    pub(super) fn whole<T: TryFrom<i128>>(
        &mut self,
        subject: &Subject<'_>,
        value: &Located,
        range: RangeInclusive<i128>,
    ) -> Option<T> {
        let expected = format!("a whole number from {} to {}", range.start(), range.end());
        let Value::Number(number) = &value.value else {
            self.wrong_type(subject, value, &expected);
            return None;
        };
        let whole = number.as_whole().filter(|whole| range.contains(whole)).and_then(|whole| T::try_from(whole).ok());
        if whole.is_none() {
            let message = format!("`{}` takes {expected}, not {number}", subject.name);
            self.report(Diagnostic::new(Code::InvalidValue, subject.span, message));
        }
        whole
    }

    /// The members of a list.
    pub(super) fn members<'v>(&mut self, subject: &Subject<'_>, value: &'v Located) -> Option<&'v [Located]> {
        match &value.value {
            Value::List(members) => Some(members),
            _ => {
                self.wrong_type(subject, value, "a list");
                None
            }
        }
    }

    /// The members of a list that is not empty.
    pub(super) fn some_members<'v>(&mut self, subject: &Subject<'_>, value: &'v Located) -> Option<&'v [Located]> {
        let members = self.members(subject, value)?;
        if members.is_empty() {
            self.empty(subject, "list");
            return None;
        }
        Some(members)
    }

    /// The entries of an object.
    pub(super) fn entries<'v>(
        &mut self,
        subject: &Subject<'_>,
        value: &'v Located,
    ) -> Option<&'v [(Arc<str>, Located)]> {
        match &value.value {
            Value::Object(entries) => Some(entries),
            _ => {
                self.wrong_type(subject, value, "an object");
                None
            }
        }
    }

    /// The entries of an object that is not empty.
    pub(super) fn some_entries<'v>(
        &mut self,
        subject: &Subject<'_>,
        value: &'v Located,
    ) -> Option<&'v [(Arc<str>, Located)]> {
        let entries = self.entries(subject, value)?;
        if entries.is_empty() {
            self.empty(subject, "object");
            return None;
        }
        Some(entries)
    }

    /// E4, N7: what must say something is empty.
    pub(super) fn empty(&mut self, subject: &Subject<'_>, what: &str) {
        let message = format!("`{}` is an empty {what}", subject.name);
        self.mistake(
            Code::Empty,
            subject.span,
            message,
            "nothing is meant by leaving something empty; write what is meant",
        );
    }

    /// One of the words of a list.
    pub(super) fn choice<T: Copy>(
        &mut self,
        subject: &Subject<'_>,
        value: &Located,
        choices: &[(&'static str, T)],
    ) -> Option<T> {
        let words: Vec<&str> = choices.iter().map(|(word, _)| *word).collect();
        let Value::Text(text) = &value.value else {
            self.not_text(subject, value, &one_of(&words));
            return None;
        };
        let chosen = choices.iter().find(|(word, _)| **word == **text).map(|(_, choice)| *choice);
        if chosen.is_none() {
            let message = format!("`{}` takes {}, not `{}`", subject.name, one_of(&words), text.escape_debug());
            let near = nearest(text, words).map(|near| format!("did you mean `{near}`?"));
            self.report(Diagnostic::new(Code::InvalidValue, subject.span, message).maybe_help(near));
        }
        chosen
    }

    /// A duration such as `90s`, `10m` or `2h`, in seconds; at most 24 hours.
    pub(super) fn duration(&mut self, subject: &Subject<'_>, value: &Located) -> Option<u32> {
        let text = self.text(subject, value)?;
        let seconds = parse_duration(&text);
        if seconds.is_none() {
            let message = format!("`{}` is no duration of at most 24 hours: `{}`", subject.name, text.escape_debug());
            let help = "write a whole number without leading zero and `s`, `m` or `h`, such as `90s`, `10m` or `2h`";
            self.mistake(Code::InvalidValue, subject.span, message, help);
        }
        seconds
    }

    /// N7: a literal item: text without control characters, not empty.
    pub(super) fn item(&mut self, subject: &Subject<'_>, value: &Located) -> Option<Arc<str>> {
        let text = self.value_text(subject, value)?;
        if text.is_empty() {
            self.empty(subject, "text");
            return None;
        }
        Some(text)
    }

    /// N7: text without control characters.
    pub(super) fn value_text(&mut self, subject: &Subject<'_>, value: &Located) -> Option<Arc<str>> {
        let text = self.text(subject, value)?;
        if let Some(control) = text.chars().find(|character| is_control(*character)) {
            let message = format!("`{}` holds the control character `{}`", subject.name, control.escape_debug());
            self.report(Diagnostic::new(Code::InvalidValue, subject.span, message));
            return None;
        }
        Some(text)
    }

    /// A list of literal items; which of them are wrong is reported one by one.
    pub(super) fn items(&mut self, subject: &Subject<'_>, members: &[Located]) -> Option<Vec<Arc<str>>> {
        let items: Vec<_> = members.iter().map(|member| self.item(&subject.member(member), member)).collect();
        items.into_iter().collect()
    }

    /// Text that is not empty and without white space: an image, a role.
    pub(super) fn word(&mut self, subject: &Subject<'_>, value: &Located) -> Option<Arc<str>> {
        let text = self.item(subject, value)?;
        if text.chars().any(char::is_whitespace) {
            let message = format!("`{}` holds white space: `{}`", subject.name, text.escape_debug());
            self.report(Diagnostic::new(Code::InvalidValue, subject.span, message));
            return None;
        }
        Some(text)
    }

    /// An object of environment variables.
    pub(super) fn environment(&mut self, subject: &Subject<'_>, value: &Located) -> Option<Variables> {
        let mut variables = Variables::default();
        for (name, value) in self.entries(subject, value)? {
            let entry = subject.entry(name, value);
            self.variable_name(&entry, name);
            if let Some(text) = self.value_text(&entry, value) {
                variables.values.insert(name.clone(), text);
                variables.places.insert(name.clone(), entry.span);
            }
        }
        Some(variables)
    }

    /// N2: the name of an environment variable or secret.
    pub(super) fn variable_name(&mut self, subject: &Subject<'_>, name: &str) {
        let mut bytes = name.bytes();
        let first = bytes.next().is_some_and(|byte| byte.is_ascii_alphabetic() || byte == b'_');
        if !first || !bytes.all(|byte| byte.is_ascii_alphanumeric() || byte == b'_') {
            let message = format!("`{}` is no name of a variable", name.escape_debug());
            let help = "a variable's name is a letter or `_`, then letters, digits and `_`";
            self.mistake(Code::InvalidName, subject.span, message, help);
        }
    }
}

/// Environment variables and where each is written.
#[derive(Default)]
pub(super) struct Variables {
    pub(super) values: BTreeMap<Arc<str>, Arc<str>>,
    pub(super) places: BTreeMap<Arc<str>, Span>,
}

fn parse_duration(text: &str) -> Option<u32> {
    let (digits, unit) = [('s', 1), ('m', 60), ('h', 3600)]
        .into_iter()
        .find_map(|(letter, unit)| text.strip_suffix(letter).map(|digits| (digits, unit)))?;
    if digits.starts_with('0') || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let seconds = digits.parse::<u32>().ok()?.checked_mul(unit)?;
    (seconds <= LONGEST_DURATION).then_some(seconds)
}

#[cfg(test)]
mod tests {
    use super::parse_duration;

    #[test]
    fn durations_are_whole_and_bounded() {
        for (text, seconds) in
            [("1s", 1), ("90s", 90), ("10m", 600), ("24h", 86_400), ("1440m", 86_400), ("86400s", 86_400)]
        {
            assert_eq!(parse_duration(text), Some(seconds), "{text}");
        }
        for text in [
            "",
            "h",
            "0h",
            "01h",
            "-1h",
            "+1h",
            "1",
            "1d",
            "1.5h",
            "25h",
            "86401s",
            "1441m",
            "1 h",
            "1H",
            "99999999999h",
        ] {
            assert_eq!(parse_duration(text), None, "{text}");
        }
    }
}
