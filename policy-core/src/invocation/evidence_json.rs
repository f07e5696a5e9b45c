//! Reading evidence from JSON: whatever is unknown, of another type or not canonical makes all of it invalid (R).

use alloc::vec::Vec;

use super::fields::{Place, Read, Refused, Value, text};
use super::raw_json::{part_limits, read_caller};
use super::{Clock, Day, Evidence, Identity, InvalidInvocation, PlanSummary, Timestamp, ZoneName, ZoneTime, Zones};
use crate::canonical::{FullRef, Malformed};
use crate::json::read;
use crate::prose::say;

/// The fields of evidence, in the order in which they are read.
pub(crate) const EVIDENCE_FIELDS: [&str; 9] = [
    "commit_on",
    "commit_is_tip_of",
    "includes_tip_of",
    "checks",
    "approvals",
    "planned",
    "plan",
    "no_rollback",
    "clock",
];

impl Evidence {
    /// Reads a file of evidence: what stands in the field `evidence` of an invocation.
    ///
    /// # Errors
    /// JSON that is refused, unknown fields, wrong types, values that are not canonical, limits (R, section 10).
    pub fn from_json(bytes: &[u8]) -> Result<Self, InvalidInvocation> {
        let mut evidence = Self::default();
        read_evidence(Value::named("evidence", read(bytes, part_limits())?), &mut evidence)?;
        evidence.check()?;
        Ok(evidence)
    }
}

/// Reads evidence into what shows nothing yet.
pub(super) fn read_evidence(value: Value<'_, '_>, evidence: &mut Evidence) -> Read<()> {
    let mut fields = value.fields(&EVIDENCE_FIELDS)?;
    fields.list("commit_on", &mut evidence.commit_on, reference)?;
    fields.list("commit_is_tip_of", &mut evidence.commit_is_tip_of, reference)?;
    fields.list("includes_tip_of", &mut evidence.includes_tip_of, reference)?;
    fields.list("checks", &mut evidence.checks, text)?;
    fields.list("approvals", &mut evidence.approvals, approval)?;
    fields.boolean("planned", &mut evidence.planned)?;
    if let Some(value) = fields.optional("plan") {
        evidence.plan = Some(plan(value)?);
    }
    fields.boolean("no_rollback", &mut evidence.no_rollback)?;
    if let Some(value) = fields.optional("clock") {
        evidence.clock = Some(clock(value)?);
    }
    Ok(())
}

fn reference(value: Value<'_, '_>) -> Read<FullRef> {
    let place = value.place;
    FullRef::parse(&value.text()?).map_err(|malformed| at(place, malformed))
}

fn approval(value: Value<'_, '_>) -> Read<Identity> {
    let place = value.place;
    Identity::parse(&read_caller(value)?).map_err(|malformed| at(place, malformed))
}

/// In evidence, what is not canonical is not for a caller to mend: the whole is invalid.
fn at(place: Place<'_>, malformed: Malformed) -> Refused {
    place.refuse(&say(": {}", &[&malformed.message])).help(malformed.help)
}

fn plan(value: Value<'_, '_>) -> Read<PlanSummary> {
    let mut fields = value.fields(&["creates", "updates", "replaces", "destroys", "types"])?;
    let mut plan = PlanSummary { creates: 0, updates: 0, replaces: 0, destroys: 0, types: Vec::new() };
    let PlanSummary { creates, updates, replaces, destroys, .. } = &mut plan;
    for (name, count) in [("creates", creates), ("updates", updates), ("replaces", replaces), ("destroys", destroys)] {
        *count = fields.required(name)?.count(PlanSummary::MOST)?;
    }
    plan.types = fields.required("types")?.list(text)?;
    Ok(plan)
}

fn clock(value: Value<'_, '_>) -> Read<Clock> {
    let mut fields = value.fields(&["zones", "utc"])?;
    let zones = fields.optional("zones").map(zones).transpose()?.unwrap_or_default();
    Ok(Clock { zones, utc: fields.optional("utc").map(utc).transpose()? })
}

fn zones(value: Value<'_, '_>) -> Read<Zones> {
    let (place, mut zones) = (value.place, Zones::default());
    for (name, json) in value.members()? {
        let place = Place::Field(&place, &name);
        let Some(zone) = ZoneName::parse(&name) else {
            let what = " must have the name of a zone: 1 to 64 of letters, digits and `_+/-`";
            return Err(place.refuse(what));
        };
        zones.insert(zone, zone_time(Value { json, place })?);
    }
    Ok(zones)
}

fn zone_time(value: Value<'_, '_>) -> Read<ZoneTime> {
    let mut fields = value.fields(&["day", "minute"])?;
    let day = fields.required("day")?;
    let place = day.place;
    let Some(day) = Day::parse(&day.text()?) else {
        return Err(place.refuse(" must be one of mon, tue, wed, thu, fri, sat, sun"));
    };
    let minute = fields.required("minute")?;
    let place = minute.place;
    let minute = u16::try_from(minute.count(u16::MAX.into())?).ok();
    let time = minute.and_then(|minute| ZoneTime::new(day, minute));
    time.ok_or_else(|| place.refuse(" must be a minute of the day, 0 to 1439"))
}

fn utc(value: Value<'_, '_>) -> Read<Timestamp> {
    let place = value.place;
    let time = Timestamp::parse(&value.text()?);
    time.ok_or_else(|| place.refuse(" must be a real time, written YYYY-MM-DDTHH:MM:SSZ"))
}

#[cfg(test)]
mod tests {
    use crate::canonical::FullRef;
    use crate::invocation::{Day, Evidence};

    const ALL: &str = r#"{
        "commit_on": ["refs/heads/main", "refs/tags/v1"], "commit_is_tip_of": ["refs/heads/x"],
        "includes_tip_of": ["refs/heads/main"], "checks": ["github-actions:a b", ""],
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
        assert_eq!(evidence.includes_tip_of.first().unwrap().as_str(), "refs/heads/main");
        assert_eq!(evidence.checks, ["github-actions:a b", ""]);
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
            (r#"{"includes_tip_of":["main"]}"#, "`evidence.includes_tip_of[0]`"),
            (r#"{"includes_tip_of":null}"#, "`evidence.includes_tip_of` must be a list"),
            (r#"{"checks":"a"}"#, "`evidence.checks` must be a list"),
            (r#"{"checks":[1]}"#, "`evidence.checks[0]` must be text"),
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
