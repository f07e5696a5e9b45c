//! Requests that nobody thought of: fields of several cases in one, texts with a piece more or less, bytes that are no JSON.
//! Nothing is expected of them but that all engines answer alike.

use serde_json::{Map, Value};
use workspace_tests::chance::Chance;
use workspace_tests::soak;

use crate::fixtures::{Case, Estate};

/// Requests for each estate.
const REQUESTS: u64 = 40;
/// What names, refs, paths and arguments are damaged with.
const PIECES: [&str; 18] = [
    "/",
    "..",
    ".",
    "*",
    " ",
    "A",
    "-",
    "=",
    ":",
    "@",
    "%2f",
    "\\",
    "\0",
    "\n",
    "é",
    "e\u{301}",
    "\u{202e}",
    "\u{1f600}",
];

/// The random cases of an estate.
pub(crate) fn cases(estate: &Estate, seed: u64) -> Vec<Case> {
    let objects = estate.cases.iter().filter_map(|case| serde_json::from_slice(&case.request).ok());
    let objects: Vec<Map<String, Value>> = objects.collect();
    let number = |name: &str| name.bytes().fold(0_u64, |sum, byte| sum.wrapping_mul(31) + u64::from(byte));
    let mut chance = Chance::new(seed, number(&estate.name));
    let mut made = Vec::new();
    for index in 0..REQUESTS * soak() {
        let request = request(&objects, &mut chance);
        let name = format!("random/{index}, {}", String::from_utf8_lossy(&request));
        made.push(Case { name, rules: Vec::new(), request, expect: Map::new() });
    }
    made
}

fn request(objects: &[Map<String, Value>], chance: &mut Chance) -> Vec<u8> {
    let mut request = chance.pick(objects).clone();
    for _ in 0..chance.below(4) {
        if let Some((field, value)) = any(chance.pick(objects), chance) {
            request.insert(field, value);
        }
    }
    if chance.once_in(3)
        && let Some((field, mut value)) = any(&request, chance)
    {
        damage(&mut value, chance);
        request.insert(field, value);
    }
    if chance.once_in(20)
        && let Some((field, _)) = any(&request, chance)
    {
        request.shift_remove(&field);
    }
    let mut bytes = Value::Object(request).to_string().into_bytes();
    if chance.once_in(20) {
        let at = chance.below(bytes.len());
        bytes[at] ^= 1 << chance.below(8);
    }
    // A request is a line.
    bytes.retain(|byte| !b"\r\n".contains(byte));
    bytes
}

fn any(object: &Map<String, Value>, chance: &mut Chance) -> Option<(String, Value)> {
    let (field, value) = object.iter().nth(chance.below(object.len().max(1)))?;
    Some((field.clone(), value.clone()))
}

/// Changes one text in a value, if there is one on the way.
fn damage(value: &mut Value, chance: &mut Chance) {
    match value {
        Value::String(text) => {
            let places: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
            let at = *chance.pick(&places);
            if chance.once_in(3) {
                text.truncate(at);
            } else {
                text.insert_str(at, chance.word(&PIECES));
            }
        }
        Value::Array(items) if !items.is_empty() => {
            let at = chance.below(items.len());
            damage(&mut items[at], chance);
        }
        Value::Object(fields) if !fields.is_empty() => {
            let at = chance.below(fields.len());
            if let Some((_, value)) = fields.iter_mut().nth(at) {
                damage(value, chance);
            }
        }
        _ => {}
    }
}
