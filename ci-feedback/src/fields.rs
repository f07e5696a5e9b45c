//! Taking JSON apart strictly: objects whose fields are known, and values of one type. What is wrong is said with the name
//! of the field, never with a value: that may be secret.

use std::borrow::Cow;

use policy_core::json::Json;

/// What is wrong, in one line.
pub(crate) type Read<T> = Result<T, String>;

/// The fields of an object that were not taken yet.
pub(crate) struct Fields<'a> {
    place: String,
    members: Vec<(Cow<'a, str>, Json<'a>)>,
}

impl<'a> Fields<'a> {
    /// Takes `json`, which stands at `place` (empty for the whole), for an object that has no fields but `known`.
    pub(crate) fn read(json: Json<'a>, place: &str, known: &[&str]) -> Read<Self> {
        let Json::Object(members) = json else {
            return Err(expected(&json, place, "an object"));
        };
        match members.iter().find(|(name, _)| !known.contains(&name.as_ref())) {
            Some((name, _)) => Err(format!(
                "`{}` has a field that is not known, `{}`",
                named(place),
                name.chars().take(64).flat_map(char::escape_debug).collect::<String>()
            )),
            None => Ok(Self { place: place.to_owned(), members }),
        }
    }

    /// Reads the field by `read`, which is told the place; nothing where it is left out.
    pub(crate) fn optional<T>(&mut self, name: &str, read: impl FnOnce(Json<'a>, &str) -> Read<T>) -> Read<Option<T>> {
        let Some(index) = self.members.iter().position(|(member, _)| member == name) else {
            return Ok(None);
        };
        let (_, value) = self.members.swap_remove(index);
        read(value, &self.inner(name)).map(Some)
    }

    /// The same where `null` is as good as nothing, and the field must be there.
    pub(crate) fn nullable<T>(&mut self, name: &str, read: impl FnOnce(Json<'a>, &str) -> Read<T>) -> Read<Option<T>> {
        self.required(name, |json, place| match json {
            Json::Null => Ok(None),
            other => read(other, place).map(Some),
        })
    }

    /// Reads the field by `read`, which is told the place.
    pub(crate) fn required<T>(&mut self, name: &str, read: impl FnOnce(Json<'a>, &str) -> Read<T>) -> Read<T> {
        let value = self.optional(name, read)?;
        value.ok_or_else(|| format!("the field `{}` is missing", self.inner(name)))
    }

    /// The version of the form, which must be 1.
    pub(crate) fn version(&mut self) -> Read<()> {
        self.required("version", |json, place| match json {
            Json::Number("1") => Ok(()),
            _ => Err(format!("`{place}` must be 1")),
        })
    }

    fn inner(&self, name: &str) -> String {
        if self.place.is_empty() { name.to_owned() } else { format!("{}.{name}", self.place) }
    }
}

fn named(place: &str) -> &str {
    if place.is_empty() { "the whole" } else { place }
}

fn expected(json: &Json<'_>, place: &str, what: &str) -> String {
    format!("`{}` must be {what}, not {}", named(place), json.kind())
}

pub(crate) fn text(json: Json<'_>, place: &str) -> Read<String> {
    match json {
        Json::Text(text) => Ok(text.into_owned()),
        other => Err(expected(&other, place, "text")),
    }
}

pub(crate) fn boolean(json: Json<'_>, place: &str) -> Read<bool> {
    match json {
        Json::Bool(value) => Ok(value),
        other => Err(expected(&other, place, "`true` or `false`")),
    }
}

/// A whole number of digits only.
pub(crate) fn count(json: Json<'_>, place: &str) -> Read<u32> {
    match json {
        Json::Number(token) if token.bytes().all(|byte| byte.is_ascii_digit()) => {
            token.parse().map_err(|_| format!("`{place}` is too large"))
        }
        other => Err(expected(&other, place, "a whole number")),
    }
}

/// A list, each item read by `read`.
pub(crate) fn list<'a, T>(json: Json<'a>, place: &str, read: impl Fn(Json<'a>, &str) -> Read<T>) -> Read<Vec<T>> {
    let Json::Array(items) = json else {
        return Err(expected(&json, place, "a list"));
    };
    items.into_iter().zip(0_usize..).map(|(item, index)| read(item, &format!("{place}[{index}]"))).collect()
}

/// An object of texts by name, in the order of the text.
pub(crate) fn texts(json: Json<'_>, place: &str) -> Read<Vec<(String, String)>> {
    let Json::Object(members) = json else {
        return Err(expected(&json, place, "an object"));
    };
    // The name of a variable is no secret, but what a careless host hands over as one may be.
    members.into_iter().map(|(name, value)| Ok((name.into_owned(), text(value, &format!("{place}.…"))?))).collect()
}

/// One of the words that a type has; `parse` knows them.
pub(crate) fn word<T>(json: Json<'_>, place: &str, parse: impl FnOnce(&str) -> Option<T>) -> Read<T> {
    parse(&text(json, place)?).ok_or_else(|| format!("`{place}` is no word that is known there"))
}
