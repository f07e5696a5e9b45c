//! The arguments of a call, and what is said where they are not what the function takes.

use std::sync::Arc;

use super::FunctionInfo;
use crate::diagnostic::{Code, Diagnostic};
use crate::evaluate::meter::Meter;
use crate::evaluate::{EvaluationError, Located, Value};
use crate::number::Number;
use crate::source::Span;
use crate::text::shared_nfc;

/// The entries of an object, sorted by key.
pub(super) type Entries = Arc<[(Arc<str>, Located)]>;

/// The evaluated arguments of a call.
#[derive(Debug)]
pub(in crate::evaluate) struct Arguments {
    function: &'static FunctionInfo,
    values: Vec<Located>,
    span: Span,
}

impl Arguments {
    pub(in crate::evaluate) fn new(function: &'static FunctionInfo, values: Vec<Located>, span: Span) -> Self {
        Self { function, values, span }
    }

    /// An error unless the function takes as many.
    pub(in crate::evaluate) fn check_count(&self, meter: &Meter) -> Result<(), EvaluationError> {
        let FunctionInfo { name, signature, minimum, maximum, .. } = self.function;
        let got = self.values.len();
        if got >= *minimum && maximum.is_none_or(|maximum| got <= maximum) {
            return Ok(());
        }
        let expected = match maximum {
            Some(0) => "no arguments".to_owned(),
            Some(maximum) if maximum == minimum => plural(*minimum),
            Some(maximum) => format!("{minimum} to {}", plural(*maximum)),
            None => format!("at least {}", plural(*minimum)),
        };
        Err(meter.fault(|| {
            Diagnostic::new(Code::BadArgument, self.span, format!("`{name}` takes {expected}, but it is given {got}"))
                .help(format!("its signature is `{signature}`"))
        }))
    }

    /// The place of the call.
    pub(super) fn span(&self) -> Span {
        self.span
    }

    pub(super) fn all(&self) -> &[Located] {
        &self.values
    }

    /// The argument at `index`, counted from 0.
    pub(super) fn get(&self, meter: &Meter, index: usize) -> Result<&Located, EvaluationError> {
        self.values.get(index).ok_or_else(|| {
            meter.plain_fault(Code::BadArgument, self.span, || {
                format!("`{}` lacks `{}`", self.function.name, self.parameter(index))
            })
        })
    }

    pub(super) fn text(&self, meter: &Meter, index: usize) -> Result<&Arc<str>, EvaluationError> {
        match self.get(meter, index)? {
            Located { value: Value::Text(text), .. } => Ok(text),
            other => Err(self.wrong_type(meter, index, "text", other)),
        }
    }

    pub(super) fn list(&self, meter: &Meter, index: usize) -> Result<&Arc<[Located]>, EvaluationError> {
        match self.get(meter, index)? {
            Located { value: Value::List(elements), .. } => Ok(elements),
            other => Err(self.wrong_type(meter, index, "a list", other)),
        }
    }

    pub(super) fn object(&self, meter: &Meter, index: usize) -> Result<&Entries, EvaluationError> {
        match self.get(meter, index)? {
            Located { value: Value::Object(entries), .. } => Ok(entries),
            other => Err(self.wrong_type(meter, index, "an object", other)),
        }
    }

    pub(super) fn number(&self, meter: &Meter, index: usize) -> Result<Number, EvaluationError> {
        match self.get(meter, index)? {
            Located { value: Value::Number(number), .. } => Ok(*number),
            other => Err(self.wrong_type(meter, index, "a number", other)),
        }
    }

    pub(super) fn whole(&self, meter: &Meter, index: usize) -> Result<i128, EvaluationError> {
        let number = self.number(meter, index)?;
        number.as_whole().ok_or_else(|| {
            self.refuse(meter, index, || {
                format!("needs a whole number as `{}`, but got `{number}`", self.parameter(index))
            })
        })
    }

    /// The text that an element of the argument at `index` is.
    pub(super) fn element_text<'e>(
        &self,
        meter: &Meter,
        index: usize,
        element: &'e Located,
    ) -> Result<&'e Arc<str>, EvaluationError> {
        match &element.value {
            Value::Text(text) => Ok(text),
            _ => Err(self.wrong_element(meter, index, "texts", element)),
        }
    }

    /// The error for an element of the argument at `index` that is none of the `expected`.
    pub(super) fn wrong_element(
        &self,
        meter: &Meter,
        index: usize,
        expected: &str,
        element: &Located,
    ) -> EvaluationError {
        meter.fault(|| {
            let message = format!(
                "`{}` needs {expected} in `{}`, but this element is {}",
                self.function.name,
                self.parameter(index),
                element.value.type_name()
            );
            Diagnostic::new(Code::TypeMismatch, element.span, message).maybe_help(conversion(expected, &element.value))
        })
    }

    /// The error for an argument that is not what is `expected`.
    pub(super) fn wrong_type(&self, meter: &Meter, index: usize, expected: &str, got: &Located) -> EvaluationError {
        meter.fault(|| {
            let message = format!(
                "`{}` needs {expected} as `{}`, but got {}",
                self.function.name,
                self.parameter(index),
                got.value.type_name()
            );
            Diagnostic::new(Code::TypeMismatch, got.span, message).maybe_help(conversion(expected, &got.value))
        })
    }

    /// The error for an argument of the right type that the function does not take; `problem` goes on after its name.
    pub(super) fn refuse(&self, meter: &Meter, index: usize, problem: impl FnOnce() -> String) -> EvaluationError {
        let span = self.values.get(index).map_or(self.span, |argument| argument.span);
        meter.fault(|| {
            Diagnostic::new(Code::BadArgument, span, format!("`{}` {}", self.function.name, problem()))
                .help(format!("its signature is `{}`", self.function.signature))
        })
    }

    /// The text as a value, counted and in NFC.
    pub(super) fn make_text(&self, meter: &mut Meter, text: &str) -> Result<Value, EvaluationError> {
        make_text(meter, text, self.span)
    }

    /// What the signature calls the parameter at `index`.
    fn parameter(&self, index: usize) -> &'static str {
        let inside = self.function.signature.split_once('(').map_or("", |(_, rest)| rest.trim_end_matches(')'));
        let names = || inside.split(", ");
        let name = names().nth(index).or_else(|| names().last()).unwrap_or("");
        name.trim_end_matches("...").trim_end_matches('?')
    }
}

/// `text` as a value at `span`, counted and in NFC.
pub(super) fn make_text(meter: &mut Meter, text: &str, span: Span) -> Result<Value, EvaluationError> {
    meter.make_text(text.len(), span)?;
    Ok(Value::Text(shared_nfc(text)))
}

/// A number of things as a value.
pub(super) fn count(number: usize) -> Value {
    Value::Number(Number::from(i64::try_from(number).unwrap_or(i64::MAX)))
}

fn plural(count: usize) -> String {
    if count == 1 { "1 argument".to_owned() } else { format!("{count} arguments") }
}

fn conversion(expected: &str, got: &Value) -> Option<String> {
    match (expected, got) {
        ("text" | "texts", Value::Number(_) | Value::Bool(_)) => Some("convert it with `tostring`".to_owned()),
        ("a number", Value::Text(_)) => Some("write the number without quotes".to_owned()),
        ("a list", Value::Text(_) | Value::Number(_) | Value::Bool(_) | Value::Pattern(_)) => {
            Some("put it in brackets for a list of one element".to_owned())
        }
        _ => None,
    }
}
