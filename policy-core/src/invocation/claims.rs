//! The claims of a token (C6).

use alloc::borrow::ToOwned;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use super::InvalidInvocation;
use super::fields::{Place, Read, Value};
use super::invalid::at_most;
use crate::canonical::{Malformed, shown};
use crate::json::{ArrayWriter, Json, ObjectWriter, is_number, write_text};
use crate::limits::{CLAIM_ELEMENTS, CLAIMS, TEXT_BYTES};
use crate::prose::say;
use crate::text::is_nfc;

/// One value that a claim holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Element {
    /// A text, which matches as it is.
    Text(String),
    /// A number as its token, which matches by its characters.
    Number(String),
    /// A boolean, which matches as `true` or `false`.
    Bool(bool),
    /// `null`, which never matches.
    Null,
    /// An object, or a list inside a list, which never matches; `null` may stand in it.
    Nested(Nested),
}

/// A value of JSON that is only shown: compact, the fields of objects sorted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Nested(String);

/// What a claim holds: one value, or a list of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Claim {
    /// One value.
    Single(Element),
    /// A list; one matching element is enough (C6).
    Array(Vec<Element>),
}

/// The claims of a token, by name; names occur once, and all is within the limits of section 10.
///
/// It displays as compact JSON, sorted by name.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Claims(Vec<(String, Claim)>);

impl Element {
    /// The text that a pattern is matched against: a text as it is, a number's token, `true` or `false`; nothing for what
    /// never matches (C6).
    pub fn matchable(&self) -> Option<&str> {
        match self {
            Self::Text(text) | Self::Number(text) => Some(text),
            Self::Bool(true) => Some("true"),
            Self::Bool(false) => Some("false"),
            Self::Null | Self::Nested(_) => None,
        }
    }

    fn write(&self, out: &mut String) {
        match self {
            Self::Text(text) => write_text(out, text),
            Self::Null => out.push_str("null"),
            Self::Nested(Nested(json)) => out.push_str(json),
            Self::Number(_) | Self::Bool(_) => out.push_str(self.matchable().unwrap_or("null")),
        }
    }

    fn check(&self, place: Place<'_>) -> Read<()> {
        match self {
            Self::Number(token) if !is_number(token) => Err(place.refuse(" must be a number of JSON")),
            Self::Text(text) | Self::Number(text) => at_most(place, text.len(), "bytes", TEXT_BYTES),
            Self::Bool(_) | Self::Null | Self::Nested(_) => Ok(()),
        }
    }
}

impl From<Json<'_>> for Element {
    fn from(json: Json<'_>) -> Self {
        match json {
            Json::Null => Self::Null,
            Json::Bool(value) => Self::Bool(value),
            Json::Number(token) => Self::Number(token.to_owned()),
            Json::Text(text) => Self::Text(text.into_owned()),
            Json::Array(_) | Json::Object(_) => {
                let mut compact = String::new();
                json.write(&mut compact);
                Self::Nested(Nested(compact))
            }
        }
    }
}

impl Claim {
    /// The texts that a pattern is matched against; one that matches is enough (C6).
    pub fn matchable(&self) -> impl Iterator<Item = &str> {
        self.elements().iter().filter_map(Element::matchable)
    }

    /// The text, if the claim is one text: what tells persons apart, and `sub` (R). Nothing for any other type.
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Single(Element::Text(text)) => Some(text),
            Self::Single(_) | Self::Array(_) => None,
        }
    }

    /// Whether it is a list: there one element that is taken away takes away the whole (C6).
    pub fn is_list(&self) -> bool {
        matches!(self, Self::Array(_))
    }

    /// Whether it is a list with an element that never matches: a list with `!` members then matches only where a match
    /// denies (C6).
    pub fn has_odd_element(&self) -> bool {
        matches!(self, Self::Array(elements) if elements.iter().any(|element| element.matchable().is_none()))
    }

    fn elements(&self) -> &[Element] {
        match self {
            Self::Single(element) => core::slice::from_ref(element),
            Self::Array(elements) => elements,
        }
    }

    fn write(&self, out: &mut String) {
        match self {
            Self::Single(element) => element.write(out),
            Self::Array(elements) => {
                let mut array = ArrayWriter::new(out);
                for element in elements {
                    element.write(array.item());
                }
                array.finish();
            }
        }
    }

    fn check(&self, place: Place<'_>) -> Read<()> {
        at_most(place, self.elements().len(), "elements", CLAIM_ELEMENTS)?;
        self.elements().iter().try_for_each(|element| element.check(place))
    }
}

impl From<Json<'_>> for Claim {
    fn from(json: Json<'_>) -> Self {
        match json {
            Json::Array(items) => {
                let mut elements = Vec::with_capacity(items.len());
                for item in items {
                    elements.push(item.into());
                }
                Self::Array(elements)
            }
            other => Self::Single(Element::from(other)),
        }
    }
}

impl Claims {
    /// Takes claims by name.
    ///
    /// # Errors
    /// More than 64 claims, a name twice, a name or text of more than 1,024 bytes, a list of more than 256 elements, a
    /// number that is no token of JSON (section 10).
    pub fn new(claims: Vec<(String, Claim)>) -> Result<Self, InvalidInvocation> {
        Ok(Self::at(Place::Named("claims"), claims)?)
    }

    /// The same, for claims that stand at `place`.
    pub(super) fn at(place: Place<'_>, claims: Vec<(String, Claim)>) -> Read<Self> {
        at_most(place, claims.len(), "claims", CLAIMS)?;
        // Few enough to be put in their places one by one.
        let mut sorted: Vec<(String, Claim)> = Vec::with_capacity(claims.len());
        for (name, claim) in claims {
            let place = Place::Field(&place, &name);
            if name.len() > TEXT_BYTES {
                let place = say("the name of {}", &[&place.text()]);
                at_most(Place::Named(&place), name.len(), "bytes", TEXT_BYTES)?;
            }
            claim.check(place)?;
            match sorted.binary_search_by(|(other, _)| other.cmp(&name)) {
                Ok(_) => return Err(place.refuse(" occurs twice")),
                Err(at) => sorted.insert(at, (name, claim)),
            }
        }
        Ok(Self(sorted))
    }

    /// Reads the value of `claims`.
    pub(super) fn read(value: Value<'_, '_>) -> Read<Self> {
        let place = value.place;
        let members = value.members()?;
        let mut claims = Vec::with_capacity(members.len());
        for (name, value) in members {
            claims.push((name.into_owned(), value.into()));
        }
        Self::at(place, claims)
    }

    /// C6: that the text of each claim, and each text in its list, is in Unicode normalisation form C. Names of claims, and
    /// what is nested deeper, are not looked at: nothing is matched with them but by their bytes.
    ///
    /// # Errors
    /// `malformed-caller`, with the name of the claim.
    pub(crate) fn check_normal_form(&self) -> Result<(), Malformed> {
        let composed = |element: &Element| !matches!(element, Element::Text(text) if !is_nfc(text));
        match self.iter().find(|(_, claim)| !claim.elements().iter().all(composed)) {
            None => Ok(()),
            Some((name, _)) => {
                let why = say("the claim `{}` of the caller is not in Unicode normalisation form C", &[&shown(name)]);
                Err(Malformed::new(why).help("let the issuer write its texts composed"))
            }
        }
    }

    /// The claim of this name.
    pub fn get(&self, name: &str) -> Option<&Claim> {
        let index = self.0.binary_search_by(|(candidate, _)| candidate.as_str().cmp(name)).ok()?;
        self.0.get(index).map(|(_, claim)| claim)
    }

    /// The text of the claim of this name, if it is one text ([`Claim::text`]).
    pub(crate) fn text_of(&self, name: &[u8]) -> Option<&[u8]> {
        let index = self.0.binary_search_by(|(candidate, _)| candidate.as_bytes().cmp(name)).ok()?;
        self.0.get(index)?.1.text().map(str::as_bytes)
    }

    /// Compact JSON, sorted by name.
    pub(crate) fn to_json(&self) -> String {
        let mut out = String::new();
        let mut object = ObjectWriter::new(&mut out);
        for (name, claim) in self.iter() {
            claim.write(object.field(name));
        }
        object.finish();
        out
    }

    /// All claims, sorted by the bytes of their names.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Claim)> {
        self.0.iter().map(|(name, claim)| (name.as_str(), claim))
    }
}

impl fmt::Display for Claims {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.to_json())
    }
}

#[cfg(test)]
mod tests {
    use super::{Claim, Claims, Element, Value};
    use crate::invocation::InvalidInvocation;
    use crate::json::{Json, Limits, read};

    fn claims(text: &str) -> Result<Claims, InvalidInvocation> {
        let json = read(text.as_bytes(), Limits { bytes: 1 << 20, nesting: 8 }).unwrap();
        Ok(Claims::read(Value::named("claims", json))?)
    }

    fn texts(claims: &Claims, name: &str) -> Vec<String> {
        claims.get(name).map(|claim| claim.matchable().map(str::to_owned).collect()).unwrap_or_default()
    }

    fn text_claim(text: &str) -> Claim {
        Claim::Single(Element::Text(text.to_owned()))
    }

    const ALL: &str = r#"{"text":"a\n","number":1.50,"yes":true,"no":false,"null":null,"object":{"b":[1,2],"a":"x"},
        "list":["a",1e3,true,false,["b"],{"c":"d"},"","é"],"empty":[],"":"unnamed"}"#;

    #[test]
    fn what_matches_are_texts_tokens_and_booleans() {
        let claims = claims(ALL).unwrap();
        assert_eq!(texts(&claims, "text"), ["a\n"]);
        assert_eq!(texts(&claims, "number"), ["1.50"]);
        assert_eq!(texts(&claims, "yes"), ["true"]);
        assert_eq!(texts(&claims, "no"), ["false"]);
        assert_eq!(texts(&claims, "list"), ["a", "1e3", "true", "false", "", "é"]);
        assert_eq!(texts(&claims, ""), ["unnamed"]);
        for name in ["null", "object", "empty", "absent"] {
            assert_eq!(texts(&claims, name), Vec::<String>::new(), "{name}");
        }
        assert!(claims.get("absent").is_none() && claims.get("null").is_some());
    }

    #[test]
    fn only_one_text_is_a_text() {
        let claims = claims(r#"{"a":"x","b":1,"c":true,"d":["x"],"e":null,"f":{}}"#).unwrap();
        let found: Vec<_> = claims.iter().filter_map(|(name, claim)| Some((name, claim.text()?))).collect();
        assert_eq!(found, [("a", "x")]);
    }

    #[test]
    fn claims_are_shown_compact_and_sorted() {
        assert_eq!(
            claims(ALL).unwrap().to_string(),
            r#"{"":"unnamed","empty":[],"list":["a",1e3,true,false,["b"],{"c":"d"},"","é"],"no":false,"null":null,"number":1.50,"object":{"a":"x","b":[1,2]},"text":"a\n","yes":true}"#
        );
        assert_eq!(Claims::default().to_string(), "{}");
        assert_eq!(claims("{}"), Ok(Claims::default()));
    }

    #[test]
    fn claims_are_counted() {
        let many = |count: usize| Claims::new((0..count).map(|index| (index.to_string(), text_claim("x"))).collect());
        assert!(many(64).is_ok());
        assert_eq!(many(65).unwrap_err().message, "`claims` has 65 claims, and at most 64 are allowed");
    }

    #[test]
    fn elements_are_counted() {
        let many = |count: usize| claims(&format!("{{\"a\":[{}]}}", vec!["[]"; count].join(",")));
        assert!(many(256).is_ok());
        assert_eq!(many(257).unwrap_err().message, "`claims.a` has 257 elements, and at most 256 are allowed");
    }

    #[test]
    fn names_and_texts_and_tokens_are_counted_in_bytes() {
        let (fits, over) = ("é".repeat(512), "é".repeat(512) + "a");
        let digits = |count: usize| Element::Number("1".repeat(count));
        let one = |name: &str, claim: Claim| Claims::new(vec![(name.to_owned(), claim)]);
        assert!(one(&fits, text_claim(&fits)).is_ok());
        assert!(one(&over, text_claim("")).unwrap_err().message.contains("1025 bytes"));
        assert!(one("a", text_claim(&over)).unwrap_err().message.contains("1025 bytes"));
        assert!(one("a", Claim::Single(digits(1_024))).is_ok());
        assert!(one("a", Claim::Single(digits(1_025))).is_err());
        assert!(one("a", Claim::Array(vec![Element::Null, Element::Text(fits.clone()), digits(1_024)])).is_ok());
        assert!(one("a", Claim::Array(vec![Element::Null, Element::Text(over.clone())])).is_err());
        assert!(one("a", Claim::Array(vec![digits(1_025)])).is_err());
        assert!(claims(&format!("{{\"a\":[{{\"b\":\"{over}\"}}]}}")).is_ok());
    }

    // Section 5, C6
    #[test]
    fn null_may_stand_anywhere_within_a_claim_and_matches_nothing() {
        for text in
            [r#"{"a":null}"#, r#"{"a":[null]}"#, r#"{"a":{"b":null}}"#, r#"{"a":[[1,{"b":[null]}],null,{"c":null}]}"#]
        {
            let claims = claims(text).unwrap();
            assert_eq!(texts(&claims, "a"), Vec::<String>::new(), "{text}");
            assert_eq!(claims.to_string(), text);
        }
        assert_eq!(texts(&claims(r#"{"a":[null,"x"]}"#).unwrap(), "a"), ["x"]);
    }

    // C6
    #[test]
    fn texts_of_claims_are_in_normal_form() {
        for text in [r#"{"a":"e\u0301"}"#, r#"{"b":"x","a":["x","\u212b"]}"#] {
            let malformed = claims(text).unwrap().check_normal_form().unwrap_err();
            assert!(malformed.message.contains("the claim `a`"), "{malformed}");
        }
        for text in [
            r#"{"a":"\u00e9"}"#,
            r#"{"e\u0301":"x"}"#,
            r#"{"a":[["e\u0301"],{"b":"e\u0301"}]}"#,
            r#"{"a":{"b":["e\u0301"]}}"#,
            r#"{"a":"\u0301"}"#,
            "{}",
        ] {
            assert_eq!(claims(text).unwrap().check_normal_form(), Ok(()), "{text}");
        }
    }

    #[test]
    fn parts_that_json_would_not_have_are_refused() {
        let twice = vec![("b".into(), text_claim("1")), ("a".into(), text_claim("2")), ("b".into(), text_claim("3"))];
        assert_eq!(Claims::new(twice).unwrap_err().message, "`claims.b` occurs twice");
        let number = Claim::Array(vec![Element::Number("1 ".into())]);
        assert!(Claims::new(vec![("a".into(), number)]).is_err());
        assert!(Claims::read(Value::named("claims", Json::Array(vec![]))).is_err());
        assert!(Claims::read(Value::named("claims", Json::Null)).is_err());
    }
}
