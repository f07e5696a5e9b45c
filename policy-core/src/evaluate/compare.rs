//! Comparing values. Every node looked at counts as a step: values share parts, and written out they can be endless.

use std::cmp::Ordering;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use super::meter::Meter;
use super::{EvaluationError, Located, Value};
use crate::source::Span;

impl Meter {
    /// Whether two values are equal: of one type, and alike, wherever they come from (X3).
    pub(super) fn equal(&mut self, left: &Value, right: &Value, span: Span) -> Result<bool, EvaluationError> {
        Ok(self.compare(left, right, span)?.is_eq())
    }

    /// A total order: by type, then by value, texts by their bytes. Its equality is that of `==`.
    pub(super) fn compare(&mut self, left: &Value, right: &Value, span: Span) -> Result<Ordering, EvaluationError> {
        self.spend(1, span)?;
        match (left, right) {
            (Value::Bool(left), Value::Bool(right)) => Ok(left.cmp(right)),
            (Value::Number(left), Value::Number(right)) => Ok(left.cmp(right)),
            (Value::Text(left), Value::Text(right)) => {
                self.read_text(left.len().min(right.len()), span)?;
                Ok(left.cmp(right))
            }
            (Value::List(left), Value::List(right)) => self.compare_lists(left, right, span),
            (Value::Object(left), Value::Object(right)) => self.compare_objects(left, right, span),
            // Patterns are small and seldom compared; how they are written in full orders them well enough.
            (Value::Pattern(left), Value::Pattern(right)) => {
                let (left, right) = (format!("{left:?}"), format!("{right:?}"));
                self.read_text(left.len().max(right.len()), span)?;
                Ok(left.cmp(&right))
            }
            _ => Ok(rank(left).cmp(&rank(right))),
        }
    }

    fn compare_lists(
        &mut self,
        left: &Arc<[Located]>,
        right: &Arc<[Located]>,
        span: Span,
    ) -> Result<Ordering, EvaluationError> {
        if Arc::ptr_eq(left, right) {
            return Ok(Ordering::Equal);
        }
        for (a, b) in left.iter().zip(right.iter()) {
            let order = self.compare(&a.value, &b.value, span)?;
            if order.is_ne() {
                return Ok(order);
            }
        }
        Ok(left.len().cmp(&right.len()))
    }

    fn compare_objects(
        &mut self,
        left: &Arc<[(Arc<str>, Located)]>,
        right: &Arc<[(Arc<str>, Located)]>,
        span: Span,
    ) -> Result<Ordering, EvaluationError> {
        if Arc::ptr_eq(left, right) {
            return Ok(Ordering::Equal);
        }
        for ((a_key, a), (b_key, b)) in left.iter().zip(right.iter()) {
            self.read_text(a_key.len(), span)?;
            let order = a_key.cmp(b_key);
            let order = if order.is_eq() { self.compare(&a.value, &b.value, span)? } else { order };
            if order.is_ne() {
                return Ok(order);
            }
        }
        Ok(left.len().cmp(&right.len()))
    }

    /// A number that equal values share.
    pub(super) fn fingerprint(&mut self, value: &Value, span: Span) -> Result<u64, EvaluationError> {
        let mut hasher = DefaultHasher::new();
        self.hash(value, &mut hasher, span)?;
        Ok(hasher.finish())
    }

    fn hash(&mut self, value: &Value, hasher: &mut DefaultHasher, span: Span) -> Result<(), EvaluationError> {
        self.spend(1, span)?;
        rank(value).hash(hasher);
        match value {
            Value::Null => {}
            Value::Bool(value) => value.hash(hasher),
            Value::Number(number) => number.hash(hasher),
            Value::Text(text) => {
                self.read_text(text.len(), span)?;
                text.hash(hasher);
            }
            Value::List(elements) => {
                elements.len().hash(hasher);
                for element in elements.iter() {
                    self.hash(&element.value, hasher, span)?;
                }
            }
            Value::Object(entries) => {
                entries.len().hash(hasher);
                for (key, element) in entries.iter() {
                    self.read_text(key.len(), span)?;
                    key.hash(hasher);
                    self.hash(&element.value, hasher, span)?;
                }
            }
            Value::Pattern(pattern) => format!("{pattern:?}").hash(hasher),
        }
        Ok(())
    }
}

const fn rank(value: &Value) -> u8 {
    match value {
        Value::Null => 0,
        Value::Bool(_) => 1,
        Value::Number(_) => 2,
        Value::Text(_) => 3,
        Value::List(_) => 4,
        Value::Object(_) => 5,
        Value::Pattern(_) => 6,
    }
}
