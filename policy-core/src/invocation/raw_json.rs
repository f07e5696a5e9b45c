//! Reading invocations and callers from JSON.

use super::evidence_json::read_evidence;

use super::fields::{Read, Value, text};
use super::{Claims, InvalidInvocation, RawCaller, RawInvocation};
use crate::json::{Limits, read};
use crate::limits::{INVOCATION_BYTES, INVOCATION_NESTING};

const FIELDS: [&str; 9] =
    ["account", "caller", "repository", "ref", "commit", "path", "command", "arguments", "evidence"];

/// The limits of a part of an invocation that stands in a file of its own: one object less is around it, so that what is
/// accepted there is accepted within an invocation too.
pub(super) const fn part_limits() -> Limits {
    Limits { bytes: INVOCATION_BYTES, nesting: INVOCATION_NESTING - 1 }
}

impl RawInvocation {
    /// Reads an invocation: one object, `bytes` without the end of the line that it came in.
    ///
    /// # Errors
    /// JSON that is refused, unknown fields, fields that are missing or repeat, wrong types, evidence that is not
    /// canonical, limits: all `invalid-invocation` (E8, section 10).
    pub fn from_json(bytes: &[u8]) -> Result<Self, InvalidInvocation> {
        let json = read(bytes, Limits { bytes: INVOCATION_BYTES, nesting: INVOCATION_NESTING })?;
        let invocation = read_invocation(Value::named("", json))?;
        invocation.validate()?;
        Ok(invocation)
    }
}

impl RawCaller {
    /// Reads a file that holds a caller: `{"principal": …}` or `{"issuer": …, "claims": {…}}`.
    ///
    /// # Errors
    /// As [`RawInvocation::from_json`].
    pub fn from_json(bytes: &[u8]) -> Result<Self, InvalidInvocation> {
        Ok(read_caller(Value::named("caller", read(bytes, part_limits())?))?)
    }
}

fn read_invocation(value: Value<'_, '_>) -> Read<RawInvocation> {
    let mut fields = value.fields(&FIELDS)?;
    let mut invocation = RawInvocation::empty();
    fields.text("account", &mut invocation.account)?;
    invocation.caller = read_caller(fields.required("caller")?)?;
    fields.text("repository", &mut invocation.repository)?;
    fields.text("ref", &mut invocation.reference)?;
    if let Some(commit) = fields.optional("commit") {
        invocation.commit = Some(commit.text()?);
    }
    fields.text("path", &mut invocation.path)?;
    fields.text("command", &mut invocation.command)?;
    fields.list("arguments", &mut invocation.arguments, text)?;
    if let Some(evidence) = fields.optional("evidence") {
        read_evidence(evidence, &mut invocation.evidence)?;
    }
    Ok(invocation)
}

impl Claims {
    /// Reads the claims of a token alone: one object.
    ///
    /// # Errors
    /// As [`RawInvocation::from_json`].
    pub fn from_json(bytes: &[u8]) -> Result<Self, InvalidInvocation> {
        // The invocation and its caller are around it elsewhere.
        let limits = Limits { bytes: INVOCATION_BYTES, nesting: INVOCATION_NESTING - 2 };
        Ok(Self::read(Value::named("caller.claims", read(bytes, limits)?))?)
    }
}

/// Reads a caller and checks its limits.
pub(super) fn read_caller(value: Value<'_, '_>) -> Read<RawCaller> {
    let place = value.place;
    let mut fields = value.fields(&["principal", "issuer", "claims"])?;
    let token = fields.has("issuer") || fields.has("claims");
    if token == fields.has("principal") {
        return Err(place.refuse(" must have either `principal`, or `issuer` and `claims`"));
    }
    let caller = if token {
        let claims = Claims::read(fields.required("claims")?)?;
        RawCaller::Token { issuer: fields.required("issuer")?.text()?, claims }
    } else {
        RawCaller::Principal(fields.required("principal")?.text()?)
    };
    caller.check(place)?;
    Ok(caller)
}

#[cfg(test)]
mod tests {
    use crate::invocation::raw::tests::example;
    use crate::invocation::{Claims, RawCaller, RawInvocation};

    const LEAST: &str = r#""account":"prod","caller":{"principal":"arn:aws:sts::111111111111:assumed-role/ci-main/run-17"},"repository":"git@github.com:acme/live.git","ref":"refs/heads/main","path":"prod/eu-west-1/app","command":"apply""#;

    fn with(more: &str) -> Result<RawInvocation, String> {
        RawInvocation::from_json(format!("{{{LEAST}{more}}}").as_bytes()).map_err(|invalid| invalid.message)
    }

    #[test]
    fn an_invocation_is_read() {
        let mut least = example();
        least.commit = None;
        least.arguments.clear();
        assert_eq!(with(""), Ok(least));
        let all = with(
            r#","commit":"0123456789abcdef0123456789abcdef01234567","arguments":["-target=module.app"],"evidence":{}"#,
        );
        assert_eq!(all, Ok(example()));
        let evidence = with(r#","evidence":{"planned":true}"#).unwrap().evidence;
        assert!(evidence.planned);
    }

    #[test]
    fn the_shape_is_strict() {
        let cases = [
            (",\"x\":1", "`x` is no field here"),
            (",\"comit\":\"x\"", "`comit` is no field here"),
            (",\"reference\":\"x\"", "`reference` is no field here"),
            (",\"account\":\"prod\"", "occurs twice"),
            (",\"\\u0070ath\":\"x\"", "occurs twice"),
            (",\"commit\":null", "`commit` must be text, not null"),
            (",\"commit\":1", "`commit` must be text, not a number"),
            (",\"arguments\":null", "`arguments` must be a list, not null"),
            (",\"arguments\":\"-x\"", "`arguments` must be a list, not text"),
            (",\"arguments\":[\"-x\",null]", "`arguments[1]` must be text, not null"),
            (",\"arguments\":[1]", "`arguments[0]` must be text, not a number"),
            (",\"evidence\":null", "`evidence` must be an object, not null"),
            (",\"evidence\":{\"planed\":true}", "`evidence.planed` is no field here"),
            (",\"evidence\":{\"commit_on\":[\"main\"]}", "`evidence.commit_on[0]`"),
            (",\"evidence\":{\"planned\":true,\"planned\":true}", "occurs twice"),
            (",\"commit\":\"\\ud800\"", "surrogate"),
            ("} {", "nothing more"),
        ];
        for (more, expected) in cases {
            let message = with(more).unwrap_err();
            assert!(message.contains(expected), "{more}: {message}");
        }
        let whole = format!("{{{LEAST}}}");
        for (bytes, expected) in [
            (b"".to_vec(), "empty"),
            (b"\n".to_vec(), "empty"),
            (b"null".to_vec(), "the whole must be an object, not null"),
            (b"[]".to_vec(), "the whole must be an object, not a list"),
            ([b"\xef\xbb\xbf", whole.as_bytes()].concat(), "byte-order mark"),
            ([whole.as_bytes(), b"\xff"].concat(), "UTF-8"),
        ] {
            let message = RawInvocation::from_json(&bytes).unwrap_err().message;
            assert!(message.contains(expected), "{message}");
        }
    }

    #[test]
    fn each_required_field_is_missed() {
        for name in ["account", "caller", "repository", "ref", "path", "command"] {
            let renamed = format!("{{{}}}", LEAST.replace(&format!("\"{name}\":"), "\"commit\":"));
            let message = RawInvocation::from_json(renamed.as_bytes()).unwrap_err().message;
            assert_eq!(message, format!("the field `{name}` is missing"));
            let start = LEAST.find(&format!("\"{name}\":")).unwrap();
            let (before, after) = LEAST.split_at(start);
            let value = after.split_once(':').unwrap().1;
            let null = format!("{{{before}\"{name}\":null,\"x{name}\":{value}}}")
                .replace(&format!("\"x{name}\""), "\"commit\"");
            assert!(RawInvocation::from_json(null.as_bytes()).is_err());
        }
        let suggestion = RawInvocation::from_json(br#"{"acount":"x"}"#).unwrap_err().help;
        assert_eq!(suggestion.as_deref(), Some("did you mean `account`?"));
    }

    fn caller(json: &str) -> Result<RawCaller, String> {
        RawCaller::from_json(json.as_bytes()).map_err(|invalid| invalid.message)
    }

    #[test]
    fn a_caller_is_a_principal_or_a_token() {
        assert_eq!(caller(r#"{"principal":"x"}"#), Ok(RawCaller::Principal("x".to_owned())));
        let token = RawCaller::Token { issuer: "y".to_owned(), claims: Claims::default() };
        assert_eq!(caller(r#"{"issuer":"y","claims":{}}"#), Ok(token));
        let either = "`caller` must have either `principal`, or `issuer` and `claims`";
        for json in [
            "{}",
            r#"{"principal":"x","issuer":"y","claims":{}}"#,
            r#"{"principal":"x","issuer":"y"}"#,
            r#"{"principal":"x","claims":{}}"#,
        ] {
            assert_eq!(caller(json), Err(either.to_owned()), "{json}");
        }
        let cases = [
            (r#"{"issuer":"y"}"#, "the field `caller.claims` is missing"),
            (r#"{"claims":{}}"#, "the field `caller.issuer` is missing"),
            (r#"{"issuer":"y","claims":null}"#, "`caller.claims` must be an object, not null"),
            (r#"{"issuer":"y","claims":[]}"#, "`caller.claims` must be an object, not a list"),
            (r#"{"issuer":null,"claims":{}}"#, "`caller.issuer` must be text, not null"),
            (r#"{"principal":null}"#, "`caller.principal` must be text, not null"),
            (r#"{"principal":["x"]}"#, "`caller.principal` must be text, not a list"),
            (r#""x""#, "`caller` must be an object, not text"),
        ];
        for (json, expected) in cases {
            assert_eq!(caller(json), Err(expected.to_owned()), "{json}");
        }
        assert!(caller(r#"{"principal":"x","session":"y"}"#).unwrap_err().contains("`caller.session` is no field"));
        assert!(caller(r#"{"issuer":"y","claims":{"a":1,"a":2}}"#).unwrap_err().contains("occurs twice"));
        assert!(caller(r#"{"issuer":"y","claims":{"a":{"b":1,"b":2}}}"#).unwrap_err().contains("occurs twice"));
        assert!(caller(r#"{"issuer":"y","claims":{"a":null,"b":[1],"c":{"d":2}}}"#).is_ok());
    }

    #[test]
    fn claims_are_read_alone() {
        let claims = |json: &str| Claims::from_json(json.as_bytes()).map_err(|invalid| invalid.message);
        let whole = RawCaller::from_json(br#"{"issuer":"y","claims":{"a":1,"b":[2,{}]}}"#);
        let token = RawCaller::Token { issuer: "y".to_owned(), claims: claims(r#"{"a":1,"b":[2,{}]}"#).unwrap() };
        assert_eq!(whole, Ok(token));
        assert_eq!(claims("[]"), Err("`caller.claims` must be an object, not a list".to_owned()));
        assert!(claims(r#"{"a":1,"a":2}"#).unwrap_err().contains("occurs twice"));
        assert!(claims(r#"{},"issuer":"z""#).is_err() && claims("").is_err());
    }

    #[test]
    fn limits_hold_in_every_field() {
        let principal = |length: usize| caller(&format!(r#"{{"principal":"{}"}}"#, "x".repeat(length)));
        assert!(principal(1_024).is_ok() && principal(1_025).is_err());
        let claims = |count: usize| {
            let all: Vec<_> = (0..count).map(|index| format!("\"{index}\":1")).collect();
            caller(&format!(r#"{{"issuer":"y","claims":{{{}}}}}"#, all.join(",")))
        };
        assert!(claims(64).is_ok());
        assert_eq!(claims(65), Err("`caller.claims` has 65 claims, and at most 64 are allowed".to_owned()));
        let arguments = |count: usize| with(&format!(",\"arguments\":[{}]", vec!["\"\""; count].join(",")));
        assert!(arguments(256).is_ok() && arguments(257).unwrap_err().contains("257 items"));
    }

    #[test]
    fn bytes_and_nesting_of_the_json_are_bounded() {
        let padded = |length: usize| {
            let text = format!("{{{LEAST}}}");
            RawInvocation::from_json(format!("{text}{}", " ".repeat(length - text.len())).as_bytes())
        };
        assert!(padded(262_144).is_ok());
        assert!(padded(262_145).unwrap_err().message.contains("more than 262144 bytes"));
        // Object, caller, claims are three; five more are left for a claim.
        let claim = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        let token = |depth: usize| format!(r#"{{"issuer":"y","claims":{{"a":{}}}}}"#, claim(depth));
        let nested = |depth: usize| {
            let text = LEAST.replacen(
                r#"{"principal":"arn:aws:sts::111111111111:assumed-role/ci-main/run-17"}"#,
                &token(depth),
                1,
            );
            RawInvocation::from_json(format!("{{{text}}}").as_bytes())
        };
        assert!(nested(5).is_ok());
        assert!(nested(6).unwrap_err().message.contains("deeper than 8"));
        assert!(caller(&token(5)).is_ok() && caller(&token(6)).is_err());
        let claims = |depth: usize| Claims::from_json(format!(r#"{{"a":{}}}"#, claim(depth)).as_bytes());
        assert!(claims(5).is_ok() && claims(6).is_err());
    }
}
