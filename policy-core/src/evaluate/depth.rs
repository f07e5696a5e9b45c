//! How deep values are nested. Through locals a value can become deeper than any expression is, and everything that walks
//! through values recurses; so the depth of each local's value is measured before anything uses it.

use std::collections::HashMap;
use std::sync::Arc;

use super::{Located, Value};

/// Lists and objects inside each other in the value of a local.
pub(super) const VALUE_NESTING: u32 = 64;

/// The depths of lists and objects that several values share, by where they are in memory.
///
/// Nothing measured may be freed while this is used, or its place could come to hold something deeper: the owner keeps the
/// values that are good, and this the others.
#[derive(Debug, Default)]
pub(super) struct Depths {
    shared: HashMap<usize, u32>,
    refused: Vec<Value>,
}

impl Depths {
    /// The depth of `value`: 0 for what is neither list nor object, 1 for an empty list. Recurses as deep as that.
    pub(super) fn measure(&mut self, value: &Value) -> u32 {
        match value {
            Value::List(elements) => {
                let place = Arc::as_ptr(elements).cast::<()>().addr();
                self.of_parts(place, Arc::strong_count(elements) > 1, elements.iter())
            }
            Value::Object(entries) => {
                let place = Arc::as_ptr(entries).cast::<()>().addr();
                self.of_parts(place, Arc::strong_count(entries) > 1, entries.iter().map(|(_, value)| value))
            }
            _ => 0,
        }
    }

    /// Keeps a measured value that nobody else keeps.
    pub(super) fn keep(&mut self, value: Value) {
        self.refused.push(value);
    }

    fn of_parts<'a>(&mut self, place: usize, is_shared: bool, parts: impl Iterator<Item = &'a Located>) -> u32 {
        if is_shared && let Some(&depth) = self.shared.get(&place) {
            return depth;
        }
        let depth = parts.map(|part| self.measure(&part.value)).max().unwrap_or(0).saturating_add(1);
        if is_shared {
            self.shared.insert(place, depth);
        }
        depth
    }
}
