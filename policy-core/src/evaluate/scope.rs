//! What an expression can see.

use std::sync::Arc;

use super::{Locals, Located, Value};
use crate::source::Span;

/// What an expression can see besides its own `for` variables.
#[derive(Debug, Clone, Copy)]
pub struct Scope<'a> {
    /// The locals of the estate.
    pub locals: &'a Locals,
    /// The account whose rule the expression stands in (N1).
    pub account: Option<&'a AccountValues>,
}

/// What `account` is in the rules of one account (N1).
#[derive(Debug, Clone, PartialEq)]
pub struct AccountValues {
    object: Located,
}

impl AccountValues {
    /// The names of the attributes of `account`, sorted.
    pub const ATTRIBUTES: &[&str] = &["id", "labels", "name"];

    /// The values of one account; `labels` is an object, its texts in NFC, and `span` shows the account's block.
    pub fn new(name: Arc<str>, id: Arc<str>, labels: Value, span: Span) -> Self {
        let entry = |key: &str, value| (Arc::from(key), Located { value, span });
        let entries = [entry("id", Value::Text(id)), entry("labels", labels), entry("name", Value::Text(name))];
        Self { object: Located { value: Value::Object(entries.into()), span } }
    }

    /// The object `{id, labels, name}`.
    pub fn object(&self) -> &Located {
        &self.object
    }
}
