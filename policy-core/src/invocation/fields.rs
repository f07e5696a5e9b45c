//! Taking JSON apart: objects whose fields are known, and values of one type.

use alloc::borrow::{Cow, ToOwned};
use alloc::string::String;
use alloc::vec::Vec;

use super::InvalidInvocation;
use crate::canonical::shown;
use crate::json::Json;
use crate::prose::{number, push_number};
use crate::suggestion::{nearest, one_of};

/// Where a value stands: put into words only where something is wrong with it.
#[derive(Debug, Clone, Copy)]
pub(super) enum Place<'p> {
    /// The whole text, or a part that is named by itself.
    Named(&'p str),
    /// A field of an object.
    Field(&'p Place<'p>, &'p str),
    /// An item of a list.
    Item(&'p Place<'p>, usize),
}

impl Place<'_> {
    /// The place in words, such as `evidence.plan.types[3]`.
    pub(super) fn text(self) -> String {
        match self {
            Self::Named(name) => name.to_owned(),
            Self::Field(Self::Named(""), name) => shown(name),
            Self::Field(object, name) => [&object.text(), ".", &shown(name)].concat(),
            Self::Item(list, index) => [&list.text(), "[", &number(index), "]"].concat(),
        }
    }
}

/// The fields of an object that were not taken yet.
pub(super) struct Fields<'a, 'p> {
    place: Place<'p>,
    members: Vec<(Cow<'a, str>, Json<'a>)>,
}

impl<'a, 'p> Fields<'a, 'p> {
    /// Takes `json`, which stands at `place` (empty for the whole), for an object that has no fields but `known`.
    pub(super) fn read(json: Json<'a>, place: Place<'p>, known: &[&str]) -> Result<Self, InvalidInvocation> {
        let Json::Object(members) = json else {
            return Err(expected(&json, place, "an object"));
        };
        let unknown = members.iter().find(|(name, _)| !known.contains(&name.as_ref()));
        if let Some((name, _)) = unknown {
            let what = [" is no field here; there are ", &one_of(known)].concat();
            let near = || Some(["did you mean `", nearest(name, known.iter().copied())?, "`?"].concat());
            return Err(InvalidInvocation::at(Place::Field(&place, name), &what).help_by(near));
        }
        Ok(Self { place, members })
    }

    /// Whether the field is there.
    pub(super) fn has(&self, name: &str) -> bool {
        self.members.iter().any(|(member, _)| member == name)
    }

    /// Reads the field by `read`, which is told the place; nothing where the field is left out.
    pub(super) fn optional<T>(
        &mut self,
        name: &str,
        read: impl FnOnce(Json<'a>, Place<'_>) -> Result<T, InvalidInvocation>,
    ) -> Result<Option<T>, InvalidInvocation> {
        let Some(index) = self.members.iter().position(|(member, _)| member == name) else {
            return Ok(None);
        };
        let (_, value) = self.members.swap_remove(index);
        read(value, Place::Field(&self.place, name)).map(Some)
    }

    /// Reads the field by `read`, which is told the place.
    pub(super) fn required<T>(
        &mut self,
        name: &str,
        read: impl FnOnce(Json<'a>, Place<'_>) -> Result<T, InvalidInvocation>,
    ) -> Result<T, InvalidInvocation> {
        let value = self.optional(name, read)?;
        value.ok_or_else(|| {
            let place = Place::Field(&self.place, name).text();
            InvalidInvocation::new(["the field `", &place, "` is missing"].concat())
        })
    }
}

/// The value at `place` is of another type than `what`.
pub(super) fn expected(json: &Json<'_>, place: Place<'_>, what: &str) -> InvalidInvocation {
    let what = [" must be ", what, ", not ", json.kind()].concat();
    match place {
        Place::Named("") => InvalidInvocation::new(["the whole", &what].concat()),
        _ => InvalidInvocation::at(place, &what),
    }
}

pub(super) fn text(json: Json<'_>, place: Place<'_>) -> Result<String, InvalidInvocation> {
    match json {
        Json::Text(text) => Ok(text.into_owned()),
        other => Err(expected(&other, place, "text")),
    }
}

pub(super) fn boolean(json: Json<'_>, place: Place<'_>) -> Result<bool, InvalidInvocation> {
    match json {
        Json::Bool(value) => Ok(value),
        other => Err(expected(&other, place, "`true` or `false`")),
    }
}

/// A count of digits only, up to `most`: `1.0`, `1e3` and `-0` are none (R).
pub(super) fn count(json: Json<'_>, place: Place<'_>, most: u64) -> Result<u64, InvalidInvocation> {
    let token = match json {
        Json::Number(token) => token,
        other => return Err(expected(&other, place, "a whole number")),
    };
    // JSON has neither `+` nor leading zeros, so what parses as unsigned and has digits only is one spelling a number.
    let digits = token.bytes().all(|byte| byte.is_ascii_digit());
    let value = token.parse::<u64>().ok().filter(|value| digits && *value <= most);
    value.ok_or_else(|| {
        let mut what = String::from(" must be digits only, from 0 to ");
        push_number(&mut what, most);
        InvalidInvocation::at(place, &what)
    })
}

/// A list, each item read by `read`, which is told the place.
pub(super) fn list<'a, T>(
    json: Json<'a>,
    place: Place<'_>,
    read: impl Fn(Json<'a>, Place<'_>) -> Result<T, InvalidInvocation>,
) -> Result<Vec<T>, InvalidInvocation> {
    let Json::Array(items) = json else {
        return Err(expected(&json, place, "a list"));
    };
    items.into_iter().zip(0_usize..).map(|(item, index)| read(item, Place::Item(&place, index))).collect()
}

#[cfg(test)]
mod tests {
    use super::{Fields, Place, boolean, count, list, text};
    use crate::json::Json;

    fn object() -> Json<'static> {
        Json::Object(vec![
            ("a".into(), Json::Text("x".into())),
            ("b".into(), Json::Null),
            ("c".into(), Json::Bool(true)),
        ])
    }

    #[test]
    fn fields_are_taken_by_name() {
        let mut fields = Fields::read(object(), Place::Named("p"), &["a", "b", "c", "d"]).unwrap();
        assert!(fields.has("a") && !fields.has("d"));
        assert_eq!(fields.required("a", text), Ok("x".to_owned()));
        assert_eq!(fields.optional("c", boolean), Ok(Some(true)));
        assert_eq!(fields.optional("d", text), Ok(None));
        assert_eq!(fields.required("d", text).unwrap_err().message, "the field `p.d` is missing");
        assert_eq!(fields.optional("b", text).unwrap_err().message, "`p.b` must be text, not null");
    }

    #[test]
    fn an_unknown_field_is_refused_with_a_suggestion() {
        let refused = |place: &str, known: &[&str]| {
            let object = Json::Object(vec![("path".into(), Json::Null), ("comit".into(), Json::Null)]);
            Fields::read(object, Place::Named(place), known).err().unwrap()
        };
        let invalid = refused("", &["path", "commit"]);
        assert_eq!(invalid.message, "`comit` is no field here; there are `path` or `commit`");
        assert_eq!(invalid.help.as_deref(), Some("did you mean `commit`?"));
        let invalid = refused("p", &["path", "other"]);
        assert_eq!(invalid.message, "`p.comit` is no field here; there are `path` or `other`");
        assert_eq!(invalid.help, None);
        assert_eq!(
            Fields::read(Json::Null, Place::Named(""), &[]).err().unwrap().message,
            "the whole must be an object, not null"
        );
    }

    #[test]
    fn counts_are_digits_only_and_bounded() {
        for (token, value) in [("0", 0), ("7", 7), ("10", 10)] {
            assert_eq!(count(Json::Number(token), Place::Named("n"), 10), Ok(value));
        }
        for token in ["11", "1.0", "1e0", "-0", "-1", "99999999999999999999", "+1"] {
            assert_eq!(
                count(Json::Number(token), Place::Named("n"), 10).unwrap_err().message,
                "`n` must be digits only, from 0 to 10"
            );
        }
        assert!(count(Json::Text("1".into()), Place::Named("n"), 10).is_err());
        assert!(count(Json::Bool(true), Place::Named("n"), 10).is_err());
    }

    #[test]
    fn items_know_their_place() {
        let items = Json::Array(vec![Json::Text("a".into()), Json::Number("1")]);
        assert_eq!(list(items, Place::Named("l"), text).unwrap_err().message, "`l[1]` must be text, not a number");
        let items = Json::Array(vec![Json::Text("a".into()), Json::Text("b".into())]);
        assert_eq!(list(items, Place::Named("l"), text), Ok(vec!["a".to_owned(), "b".to_owned()]));
        assert_eq!(
            list(Json::Text("a".into()), Place::Named("l"), text).unwrap_err().message,
            "`l` must be a list, not text"
        );
        assert_eq!(
            boolean(Json::Number("1"), Place::Named("b")).unwrap_err().message,
            "`b` must be `true` or `false`, not a number"
        );
    }
}
