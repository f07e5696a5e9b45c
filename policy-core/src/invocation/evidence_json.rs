//! Reading evidence from JSON: whatever is unknown, of another type or not canonical makes all of it invalid (R).

use alloc::vec::Vec;

use super::fields::{Fields, Place, boolean, count, expected, list, text};
use super::raw_json::{part_limits, read_caller};
use super::{Clock, Day, Evidence, Identity, InvalidInvocation, PlanSummary, Timestamp, ZoneName, ZoneTime};
use crate::canonical::{FullRef, Malformed};
use crate::json::{Json, read};

const FIELDS: [&str; 7] = ["commit_on", "commit_is_tip_of", "approvals", "planned", "plan", "no_rollback", "clock"];

impl Evidence {
    /// Reads a file of evidence: what stands in the field `evidence` of an invocation.
    ///
    /// # Errors
    /// JSON that is refused, unknown fields, wrong types, values that are not canonical, limits (R, section 10).
    pub fn from_json(bytes: &[u8]) -> Result<Self, InvalidInvocation> {
        let evidence = read_evidence(read(bytes, part_limits())?, Place::Named("evidence"))?;
        evidence.check()?;
        Ok(evidence)
    }
}

pub(super) fn read_evidence(json: Json<'_>, place: Place<'_>) -> Result<Evidence, InvalidInvocation> {
    let mut fields = Fields::read(json, place, &FIELDS)?;
    Ok(Evidence {
        commit_on: fields.optional("commit_on", references)?.unwrap_or_default(),
        commit_is_tip_of: fields.optional("commit_is_tip_of", references)?.unwrap_or_default(),
        approvals: fields.optional("approvals", |json, place| list(json, place, approval))?.unwrap_or_default(),
        planned: fields.optional("planned", boolean)?.unwrap_or(false),
        plan: fields.optional("plan", plan)?,
        no_rollback: fields.optional("no_rollback", boolean)?.unwrap_or(false),
        clock: fields.optional("clock", clock)?,
    })
}

fn references(json: Json<'_>, place: Place<'_>) -> Result<Vec<FullRef>, InvalidInvocation> {
    list(json, place, |item, place| FullRef::parse(&text(item, place)?).map_err(|malformed| at(place, malformed)))
}

fn approval(json: Json<'_>, place: Place<'_>) -> Result<Identity, InvalidInvocation> {
    Identity::parse(&read_caller(json, place)?).map_err(|malformed| at(place, malformed))
}

/// In evidence, what is not canonical is not for a caller to mend: the whole is invalid.
fn at(place: Place<'_>, malformed: Malformed) -> InvalidInvocation {
    InvalidInvocation::at(place, &[": ", &malformed.message].concat()).help_by(|| malformed.help)
}

fn plan(json: Json<'_>, place: Place<'_>) -> Result<PlanSummary, InvalidInvocation> {
    let mut fields = Fields::read(json, place, &["creates", "updates", "replaces", "destroys", "types"])?;
    let whole = |json: Json<'_>, place: Place<'_>| count(json, place, PlanSummary::MOST);
    Ok(PlanSummary {
        creates: fields.required("creates", whole)?,
        updates: fields.required("updates", whole)?,
        replaces: fields.required("replaces", whole)?,
        destroys: fields.required("destroys", whole)?,
        types: fields.required("types", |json, place| list(json, place, text))?,
    })
}

fn clock(json: Json<'_>, place: Place<'_>) -> Result<Clock, InvalidInvocation> {
    let mut fields = Fields::read(json, place, &["zones", "utc"])?;
    let zones = fields.optional("zones", |json, place| {
        let Json::Object(members) = json else {
            return Err(expected(&json, place, "an object"));
        };
        members.into_iter().map(|(name, time)| zone(&name, time, place)).collect()
    })?;
    Ok(Clock { zones: zones.unwrap_or_default(), utc: fields.optional("utc", utc)? })
}

fn zone(name: &str, time: Json<'_>, place: Place<'_>) -> Result<(ZoneName, ZoneTime), InvalidInvocation> {
    let place = Place::Field(&place, name);
    let zone = ZoneName::parse(name).ok_or_else(|| {
        InvalidInvocation::at(place, " must have the name of a zone: 1 to 64 of letters, digits and `_+/-`")
    })?;
    let mut fields = Fields::read(time, place, &["day", "minute"])?;
    let day = fields.required("day", |json, place| {
        let error = || InvalidInvocation::at(place, " must be one of mon, tue, wed, thu, fri, sat, sun");
        Day::parse(&text(json, place)?).ok_or_else(error)
    })?;
    let time = fields.required("minute", |json, place| {
        let error = || InvalidInvocation::at(place, " must be a minute of the day, 0 to 1439");
        let minute = count(json, place, u64::from(u16::MAX))?;
        u16::try_from(minute).ok().and_then(|minute| ZoneTime::new(day, minute)).ok_or_else(error)
    })?;
    Ok((zone, time))
}

fn utc(json: Json<'_>, place: Place<'_>) -> Result<Timestamp, InvalidInvocation> {
    let error = || InvalidInvocation::at(place, " must be a real time, written YYYY-MM-DDTHH:MM:SSZ");
    Timestamp::parse(&text(json, place)?).ok_or_else(error)
}

#[cfg(test)]
mod tests {
    use crate::canonical::FullRef;
    use crate::invocation::{Day, Evidence};

    const ALL: &str = r#"{
        "commit_on": ["refs/heads/main", "refs/tags/v1"], "commit_is_tip_of": ["refs/heads/x"],
        "approvals": [{"principal": "local:user/ana"}, {"issuer": "https://a", "claims": {"sub": "x", "y": null}}],
        "planned": true, "no_rollback": true,
        "plan": {"creates": 0, "updates": 1, "replaces": 9223372036854775807, "destroys": 4, "types": ["aws_b", "aws_b"]},
        "clock": {"zones": {"Europe/Berlin": {"day": "fri", "minute": 1439}, "UTC": {"day": "mon", "minute": 0}},
                  "utc": "2024-02-29T00:00:00Z"}}"#;

    #[test]
    fn all_fields_are_read() {
        let evidence = Evidence::from_json(ALL.as_bytes()).unwrap();
        let refs: Vec<_> = evidence.commit_on.iter().map(FullRef::as_str).collect();
        assert_eq!(refs, ["refs/heads/main", "refs/tags/v1"]);
        assert_eq!(evidence.commit_is_tip_of.first().unwrap().as_str(), "refs/heads/x");
        let approvals: Vec<_> = evidence.approvals.iter().map(ToString::to_string).collect();
        assert_eq!(approvals, ["local:user/ana", r#"https://a {"sub":"x","y":null}"#]);
        assert!(evidence.planned && evidence.no_rollback);
        let plan = evidence.plan.unwrap();
        assert_eq!((plan.creates, plan.updates, plan.replaces, plan.destroys), (0, 1, (1 << 63) - 1, 4));
        assert_eq!(plan.types, ["aws_b", "aws_b"]);
        let clock = evidence.clock.unwrap();
        let berlin = clock.zones.get("Europe/Berlin").unwrap();
        assert_eq!((berlin.day(), berlin.minute(), clock.zones.len()), (Day::Friday, 1_439, 2));
        assert_eq!(clock.utc.unwrap().to_string(), "2024-02-29T00:00:00Z");
    }

    #[test]
    fn nothing_is_shown_by_default() {
        assert_eq!(Evidence::from_json(b"{}"), Ok(Evidence::default()));
        let evidence = Evidence::from_json(br#"{"planned":false,"no_rollback":false,"clock":{"zones":{}}}"#).unwrap();
        assert!(!evidence.planned && !evidence.no_rollback && evidence.clock.is_some());
        assert!(evidence.commit_on.is_empty() && evidence.approvals.is_empty() && evidence.plan.is_none());
    }

    #[test]
    fn each_wrong_value_makes_all_invalid() {
        let cases = [
            ("[]", "`evidence` must be an object, not a list"),
            (r#"{"comit_on":[]}"#, "`evidence.comit_on` is no field"),
            (r#"{"commit_on":"refs/heads/main"}"#, "`evidence.commit_on` must be a list"),
            (r#"{"commit_on":null}"#, "`evidence.commit_on` must be a list"),
            (r#"{"commit_on":[null]}"#, "`evidence.commit_on[0]` must be text"),
            (r#"{"commit_on":["refs/heads/x","main"]}"#, "`evidence.commit_on[1]`: `main` is not a full ref"),
            (r#"{"commit_is_tip_of":["main"]}"#, "`evidence.commit_is_tip_of[0]`"),
            (r#"{"approvals":{}}"#, "`evidence.approvals` must be a list"),
            (r#"{"approvals":["ana"]}"#, "`evidence.approvals[0]` must be an object"),
            (r#"{"approvals":[{"principal":"ana"}]}"#, "`evidence.approvals[0]`: `ana` is not a caller"),
            (r#"{"approvals":[{"issuer":"x","claims":{}}]}"#, "`evidence.approvals[0]`: `x` is not an issuer"),
            (r#"{"approvals":[{"principal":"local:user/a","claims":{}}]}"#, "`evidence.approvals[0]`"),
            (r#"{"planned":"true"}"#, "`evidence.planned` must be"),
            (r#"{"planned":1}"#, "`evidence.planned` must be"),
            (r#"{"planned":null}"#, "`evidence.planned` must be"),
            (r#"{"no_rollback":null}"#, "`evidence.no_rollback` must be"),
            (r#"{"plan":null}"#, "`evidence.plan` must be an object"),
            (r#"{"clock":null}"#, "`evidence.clock` must be an object"),
            (r#"{"clock":{"zone":{}}}"#, "`evidence.clock.zone` is no field"),
            (r#"{"clock":{"zones":[]}}"#, "`evidence.clock.zones` must be an object"),
            (r#"{"clock":{"zones":{"":{"day":"fri","minute":1}}}}"#, "the name of a zone"),
            (r#"{"clock":{"zones":{"a b":{"day":"fri","minute":1}}}}"#, "the name of a zone"),
            (r#"{"clock":{"zones":{"UTC":5}}}"#, "`evidence.clock.zones.UTC` must be an object"),
            (r#"{"clock":{"zones":{"UTC":{"day":"fri"}}}}"#, "`evidence.clock.zones.UTC.minute` is missing"),
            (r#"{"clock":{"zones":{"UTC":{"minute":1}}}}"#, "`evidence.clock.zones.UTC.day` is missing"),
            (r#"{"clock":{"zones":{"UTC":{"day":"Fri","minute":1}}}}"#, "must be one of mon"),
            (r#"{"clock":{"zones":{"UTC":{"day":5,"minute":1}}}}"#, "must be text"),
            (r#"{"clock":{"zones":{"UTC":{"day":"fri","minute":1440}}}}"#, "0 to 1439"),
            (r#"{"clock":{"zones":{"UTC":{"day":"fri","minute":65536}}}}"#, "digits only"),
            (r#"{"clock":{"zones":{"UTC":{"day":"fri","minute":1.0}}}}"#, "digits only"),
            (r#"{"clock":{"zones":{"UTC":{"day":"fri","minute":-0}}}}"#, "digits only"),
            (r#"{"clock":{"zones":{"UTC":{"day":"fri","minute":1,"second":1}}}}"#, "is no field"),
            (r#"{"clock":{"utc":"2023-02-29T00:00:00Z"}}"#, "`evidence.clock.utc` must be a real time"),
            (r#"{"clock":{"utc":1}}"#, "`evidence.clock.utc` must be text"),
            (r#"{"clock":{"utc":null}}"#, "`evidence.clock.utc` must be text"),
        ];
        for (json, expected) in cases {
            let message = Evidence::from_json(json.as_bytes()).unwrap_err().message;
            assert!(message.contains(expected), "{json}: {message}");
        }
    }

    #[test]
    fn a_plan_has_all_five_fields_of_the_right_form() {
        let whole = r#""creates":1,"updates":1,"replaces":1,"destroys":1,"types":[]"#;
        let read = |plan: &str| Evidence::from_json(format!(r#"{{"plan":{{{plan}}}}}"#).as_bytes());
        assert!(read(whole).is_ok());
        for name in ["creates", "updates", "replaces", "destroys"] {
            let one = format!("\"{name}\":1");
            assert!(read(&whole.replace(&format!("{one},"), "")).unwrap_err().message.contains("is missing"));
            for token in ["9223372036854775808", "1.0", "1e3", "-0", "-1", "\"1\"", "null", "true"] {
                assert!(read(&whole.replace(&one, &format!("\"{name}\":{token}"))).is_err(), "{name} {token}");
            }
        }
        for types in ["", ",\"types\":null", ",\"types\":\"x\"", ",\"types\":[1]", ",\"types\":[],\"moves\":0"] {
            assert!(read(&whole.replace(",\"types\":[]", types)).is_err(), "{types}");
        }
    }

    #[test]
    fn limits_hold_inside_evidence_too() {
        let read = |length: usize| {
            Evidence::from_json(format!(r#"{{"commit_on":["refs/tags/{}"]}}"#, "x".repeat(length - 10)).as_bytes())
        };
        assert!(read(1_024).is_ok() && read(1_025).is_err());
        let nested = |depth: usize| {
            let inner = format!("{}{}", "[".repeat(depth), "]".repeat(depth));
            Evidence::from_json(
                format!(r#"{{"approvals":[{{"issuer":"https://a","claims":{{"a":{inner}}}}}]}}"#).as_bytes(),
            )
        };
        assert!(nested(3).is_ok() && nested(4).is_err());
    }
}
