//! Reading a decision that an engine wrote: the form of section 5 of the language, strictly. A word that is not known here
//! is of another version, and nothing is said about it rather than something wrong.

use policy_core::decision::{
    Decision, Digest, Dimension, Engine, FailedClaim, FailedDimension, Launch, MatchedRule, Nearest, Outcome, Reason,
    Requirement,
};
use policy_core::json::{Json, Limits, read};

use super::UsedClaims;
use crate::fields::{Fields, Read, count, list, text, texts, word};
use crate::limits::{DECISION_BYTES, DECISION_NESTING};

const FIELDS: [&str; 12] = [
    "version", "outcome", "reason", "message", "rules", "unmet", "launch", "nearest", "policy", "bundle", "language",
    "engine",
];

/// Reads a decision as an engine writes it.
///
/// # Errors
/// Whatever is not, in every detail, a decision of this version of the language.
pub fn decision(json: &str) -> Result<Decision<'static>, String> {
    let limits = Limits { bytes: DECISION_BYTES, nesting: DECISION_NESTING };
    let json = read(json.as_bytes(), limits).map_err(|error| error.to_string())?;
    let mut fields = Fields::read(json, "", &FIELDS)?;
    fields.version()?;
    let outcomes = [Outcome::Permit, Outcome::Deny, Outcome::Unmet];
    let outcome = fields.required("outcome", |json, place| {
        word(json, place, |text| outcomes.into_iter().find(|outcome| outcome.as_str() == text))
    })?;
    let decision = Decision {
        reason: fields.required("reason", |json, place| {
            word(json, place, |text| Reason::ALL.into_iter().find(|reason| reason.as_str() == text))
        })?,
        message: fields.required("message", text)?,
        rules: fields.required("rules", |json, place| list(json, place, rule))?,
        unmet: fields.required("unmet", |json, place| list(json, place, requirement))?,
        launch: fields.nullable("launch", launch)?,
        nearest: fields.required("nearest", |json, place| list(json, place, nearest))?,
        policy: fields.nullable("policy", digest)?,
        bundle: fields.nullable("bundle", digest)?,
        language: fields.required("language", count)?,
        engine: fields.required("engine", |json, place| {
            let engines = [Engine::Native, Engine::Wasm, Engine::Reference];
            word(json, place, |text| engines.into_iter().find(|engine| engine.as_str() == text))
        })?,
    };
    if decision.outcome() == outcome { Ok(decision) } else { Err("`outcome` does not go with `reason`".to_owned()) }
}

fn rule(json: Json<'_>, place: &str) -> Read<MatchedRule<'static>> {
    let mut fields = Fields::read(json, place, &["name", "account", "effect", "file", "line"])?;
    Ok(MatchedRule {
        name: fields.required("name", text)?.into(),
        account: fields.required("account", text)?.into(),
        effect: fields.required("effect", |json, place| one_of(json, place, &["permit", "forbid"]))?,
        file: fields.required("file", text)?.into(),
        line: fields.required("line", count)?,
    })
}

fn requirement(json: Json<'_>, place: &str) -> Read<&'static str> {
    one_of(json, place, &Requirement::ALL.map(Requirement::as_str))
}

fn one_of(json: Json<'_>, place: &str, words: &[&'static str]) -> Read<&'static str> {
    word(json, place, |text| words.iter().copied().find(|word| *word == text))
}

fn launch(json: Json<'_>, place: &str) -> Read<Launch<'static>> {
    let known = ["command", "effect", "runner", "runner_digest", "argv", "environment"];
    let mut fields = Fields::read(json, place, &known)?;
    let environment = fields.required("environment", texts)?;
    Ok(Launch {
        command: fields.required("command", text)?.into(),
        effect: fields.required("effect", |json, place| one_of(json, place, &["read", "write"]))?,
        runner: fields.required("runner", text)?.into(),
        runner_digest: fields.required("runner_digest", digest)?,
        argv: fields.required("argv", |json, place| list(json, place, text))?.into_iter().map(Into::into).collect(),
        environment: environment.into_iter().map(|(name, value)| (name.into(), value.into())).collect(),
    })
}

fn nearest(json: Json<'_>, place: &str) -> Read<Nearest<'static>> {
    let mut fields = Fields::read(json, place, &["rule", "file", "line", "failed"])?;
    Ok(Nearest {
        rule: fields.required("rule", text)?.into(),
        file: fields.required("file", text)?.into(),
        line: fields.required("line", count)?,
        failed: fields.required("failed", |json, place| list(json, place, failed))?,
    })
}

fn failed(json: Json<'_>, place: &str) -> Read<FailedDimension<'static>> {
    let mut fields = Fields::read(json, place, &["dimension", "got", "expected", "claims"])?;
    let dimensions = Dimension::ALL.map(Dimension::as_str);
    Ok(FailedDimension {
        dimension: fields.required("dimension", |json, place| one_of(json, place, &dimensions))?,
        got: fields.required("got", text)?,
        expected: fields.required("expected", text)?.into(),
        claims: fields.required("claims", |json, place| list(json, place, failed_claim))?,
    })
}

fn failed_claim(json: Json<'_>, place: &str) -> Read<FailedClaim<'static>> {
    let mut fields = Fields::read(json, place, &["caller", "claim", "got", "expected"])?;
    Ok(FailedClaim {
        caller: fields.required("caller", text)?.into(),
        claim: fields.required("claim", text)?.into(),
        got: fields.nullable("got", text)?,
        expected: fields.required("expected", text)?.into(),
    })
}

/// Reads what an engine says of the claims that rules look at.
///
/// # Errors
/// Whatever is not, in every detail, of this version.
pub(crate) fn used_claims(json: &str) -> Result<UsedClaims, String> {
    let limits = Limits { bytes: DECISION_BYTES, nesting: DECISION_NESTING };
    let json = read(json.as_bytes(), limits).map_err(|error| error.to_string())?;
    let mut fields = Fields::read(json, "", &["permits", "lifts", "forbids"])?;
    let mut names = |field| fields.required(field, |json, place| list(json, place, text));
    Ok(UsedClaims { permits: names("permits")?, lifts: names("lifts")?, forbids: names("forbids")? })
}

fn digest(json: Json<'_>, place: &str) -> Read<Digest> {
    let text = text(json, place)?;
    let digits = text.strip_prefix("sha256:").filter(|digits| digits.len() == 64);
    let bytes = digits.and_then(|digits| {
        let mut bytes = [0_u8; 32];
        for (byte, pair) in bytes.iter_mut().zip(digits.as_bytes().chunks_exact(2)) {
            *byte = pair.iter().try_fold(0_u8, |value, digit| Some(value << 4 | hexadecimal(*digit)?))?;
        }
        Some(bytes)
    });
    bytes.map(Digest).ok_or_else(|| format!("`{place}` is no digest"))
}

const fn hexadecimal(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        _ => None,
    }
}
