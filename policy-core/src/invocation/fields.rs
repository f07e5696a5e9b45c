//! Taking JSON apart: objects whose fields are known, and values of one type.

use alloc::borrow::{Cow, ToOwned};
use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;

use super::InvalidInvocation;
use crate::canonical::shown;
use crate::json::Json;
use crate::prose::{number, push_number, say};
use crate::suggestion::{nearest, one_of};

/// What reading gives.
pub(super) type Read<T> = Result<T, Refused>;

/// Reads a value of one type.
pub(super) type Reader<T> = fn(Value<'_, '_>) -> Read<T>;

/// What is wrong: rare, so that it takes little room where nothing is.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Refused(Box<InvalidInvocation>);

impl Refused {
    #[cold]
    fn new(message: String) -> Self {
        Self(Box::new(InvalidInvocation::new(message)))
    }

    /// Says what would be right, if that is known.
    pub(super) fn help(mut self, help: Option<String>) -> Self {
        self.0.help = help;
        self
    }
}

/// For those who ask, who need not know how it is carried.
impl From<Refused> for InvalidInvocation {
    fn from(refused: Refused) -> Self {
        *refused.0
    }
}

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
            Self::Field(object, name) => say("{}.{}", &[&object.text(), &shown(name)]),
            Self::Item(list, index) => say("{}[{}]", &[&list.text(), &number(index)]),
        }
    }

    /// Says what is wrong with what stands here.
    pub(super) fn refuse(self, what: &str) -> Refused {
        Refused::new(say("`{}`{}", &[&self.text(), what]))
    }
}

/// A value and where it stands.
pub(super) struct Value<'a, 'p> {
    pub(super) json: Json<'a>,
    pub(super) place: Place<'p>,
}

/// The fields of an object that were not taken yet.
pub(super) struct Fields<'a, 'p> {
    place: Place<'p>,
    members: Vec<(Cow<'a, str>, Json<'a>)>,
}

impl<'a, 'p> Value<'a, 'p> {
    /// A value that is named by itself; the whole is not.
    pub(super) const fn named(name: &'p str, json: Json<'a>) -> Self {
        Self { json, place: Place::Named(name) }
    }

    /// The value is of another type than `what`.
    pub(super) fn expected(&self, what: &str) -> Refused {
        let what = say(" must be {}, not {}", &[what, self.json.kind()]);
        match self.place {
            Place::Named("") => Refused::new(say("the whole{}", &[&what])),
            place => place.refuse(&what),
        }
    }

    /// The members of an object.
    pub(super) fn members(self) -> Read<Vec<(Cow<'a, str>, Json<'a>)>> {
        match self.json {
            Json::Object(members) => Ok(members),
            _ => Err(self.expected("an object")),
        }
    }

    /// Takes the value for an object that has no fields but `known`.
    pub(super) fn fields(self, known: &[&str]) -> Read<Fields<'a, 'p>> {
        let place = self.place;
        let members = self.members()?;
        match members.iter().find(|(name, _)| !known.contains(&name.as_ref())) {
            Some((name, _)) => Err(unknown(Place::Field(&place, name), name, known)),
            None => Ok(Fields { place, members }),
        }
    }

    /// A text.
    pub(super) fn text(self) -> Read<String> {
        match self.json {
            Json::Text(text) => Ok(text.into_owned()),
            _ => Err(self.expected("text")),
        }
    }

    /// `true` or `false`.
    pub(super) fn boolean(self) -> Read<bool> {
        match self.json {
            Json::Bool(value) => Ok(value),
            _ => Err(self.expected("`true` or `false`")),
        }
    }

    /// A count of digits only, up to `most`: `1.0`, `1e3` and `-0` are none (R).
    pub(super) fn count(self, most: u64) -> Read<u64> {
        let Json::Number(token) = self.json else { return Err(self.expected("a whole number")) };
        // JSON has neither `+` nor leading zeros, so what parses as unsigned and has digits only is one spelling a number.
        let digits = token.bytes().all(|byte| byte.is_ascii_digit());
        let value = token.parse::<u64>().ok().filter(|value| digits && *value <= most);
        value.ok_or_else(|| {
            let mut what = String::from(" must be digits only, from 0 to ");
            push_number(&mut what, most);
            self.place.refuse(&what)
        })
    }

    /// A list, each item read by `read`.
    pub(super) fn list<T>(self, read: Reader<T>) -> Read<Vec<T>> {
        let Json::Array(items) = self.json else { return Err(self.expected("a list")) };
        let mut all = Vec::with_capacity(items.len());
        for (json, index) in items.into_iter().zip(0_usize..) {
            all.push(read(Value { json, place: Place::Item(&self.place, index) })?);
        }
        Ok(all)
    }
}

/// A text, for a list of them.
pub(super) fn text(value: Value<'_, '_>) -> Read<String> {
    value.text()
}

fn unknown(place: Place<'_>, name: &str, known: &[&str]) -> Refused {
    let near = nearest(name, known.iter().copied()).map(|near| say("did you mean `{}`?", &[near]));
    place.refuse(&say(" is no field here; there are {}", &[&one_of(known)])).help(near)
}

impl<'a> Fields<'a, '_> {
    /// Whether the field is there.
    pub(super) fn has(&self, name: &str) -> bool {
        self.members.iter().any(|(member, _)| member == name)
    }

    /// Takes the field, if it is there.
    pub(super) fn optional<'f>(&'f mut self, name: &'f str) -> Option<Value<'a, 'f>> {
        let index = self.members.iter().position(|(member, _)| member == name)?;
        let (_, json) = self.members.swap_remove(index);
        Some(Value { json, place: Place::Field(&self.place, name) })
    }

    /// Takes the field, which must be there, and is a text.
    pub(super) fn text(&mut self, name: &str, into: &mut String) -> Read<()> {
        *into = self.required(name)?.text()?;
        Ok(())
    }

    /// Takes the field, if it is there, which is a list, each item read by `read`.
    pub(super) fn list<T>(&mut self, name: &str, into: &mut Vec<T>, read: Reader<T>) -> Read<()> {
        if let Some(value) = self.optional(name) {
            *into = value.list(read)?;
        }
        Ok(())
    }

    /// Takes the field, if it is there, which is `true` or `false`.
    pub(super) fn boolean(&mut self, name: &str, into: &mut bool) -> Read<()> {
        if let Some(value) = self.optional(name) {
            *into = value.boolean()?;
        }
        Ok(())
    }

    /// Takes the field, which must be there.
    pub(super) fn required<'f>(&'f mut self, name: &'f str) -> Read<Value<'a, 'f>> {
        let place = self.place;
        self.optional(name).ok_or_else(|| {
            let place = Place::Field(&place, name).text();
            Refused::new(say("the field `{}` is missing", &[&place]))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{Value, text};
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
        let mut fields = Value::named("p", object()).fields(&["a", "b", "c", "d"]).unwrap();
        assert!(fields.has("a") && !fields.has("d"));
        assert_eq!(fields.required("a").and_then(Value::text), Ok("x".to_owned()));
        assert_eq!(fields.optional("c").map(Value::boolean), Some(Ok(true)));
        assert!(fields.optional("d").is_none());
        assert_eq!(fields.required("d").err().unwrap().0.message, "the field `p.d` is missing");
        assert_eq!(fields.optional("b").unwrap().text().unwrap_err().0.message, "`p.b` must be text, not null");
    }

    #[test]
    fn an_unknown_field_is_refused_with_a_suggestion() {
        let refused = |place: &str, known: &[&str]| {
            let object = Json::Object(vec![("path".into(), Json::Null), ("comit".into(), Json::Null)]);
            Value::named(place, object).fields(known).err().unwrap()
        };
        let invalid = refused("", &["path", "commit"]);
        assert_eq!(invalid.0.message, "`comit` is no field here; there are `path` or `commit`");
        assert_eq!(invalid.0.help.as_deref(), Some("did you mean `commit`?"));
        let invalid = refused("p", &["path", "other"]);
        assert_eq!(invalid.0.message, "`p.comit` is no field here; there are `path` or `other`");
        assert_eq!(invalid.0.help, None);
        assert_eq!(
            Value::named("", Json::Null).fields(&[]).err().unwrap().0.message,
            "the whole must be an object, not null"
        );
    }

    #[test]
    fn counts_are_digits_only_and_bounded() {
        for (token, value) in [("0", 0), ("7", 7), ("10", 10)] {
            assert_eq!(Value::named("n", Json::Number(token)).count(10), Ok(value));
        }
        for token in ["11", "1.0", "1e0", "-0", "-1", "99999999999999999999", "+1"] {
            assert_eq!(
                Value::named("n", Json::Number(token)).count(10).unwrap_err().0.message,
                "`n` must be digits only, from 0 to 10"
            );
        }
        assert!(Value::named("n", Json::Text("1".into())).count(10).is_err());
        assert!(Value::named("n", Json::Bool(true)).count(10).is_err());
    }

    #[test]
    fn items_know_their_place() {
        let items = Json::Array(vec![Json::Text("a".into()), Json::Number("1")]);
        assert_eq!(Value::named("l", items).list(text).unwrap_err().0.message, "`l[1]` must be text, not a number");
        let items = Json::Array(vec![Json::Text("a".into()), Json::Text("b".into())]);
        assert_eq!(Value::named("l", items).list(text), Ok(vec!["a".to_owned(), "b".to_owned()]));
        assert_eq!(
            Value::named("l", Json::Text("a".into())).list(text).unwrap_err().0.message,
            "`l` must be a list, not text"
        );
        assert_eq!(
            Value::named("b", Json::Number("1")).boolean().unwrap_err().0.message,
            "`b` must be `true` or `false`, not a number"
        );
    }
}
