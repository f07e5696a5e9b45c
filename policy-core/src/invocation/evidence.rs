//! Evidence: what the runtime found to hold (section 8, R). Anything about it that is not canonical makes the whole
//! invocation invalid.

use std::collections::BTreeMap;

use crate::canonical::FullRef;
use crate::json::{self, Json};
use crate::limits;

use super::fields::{Fields, InvalidInvocation, Valid, shortened, text, wrong_type};
use super::raw::RawCaller;
use super::{Day, Identity, Timestamp};

/// What the runtime found to hold. Never taken from a caller.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Evidence {
    /// The refs from which the commit is reachable.
    pub commit_on: Vec<FullRef>,
    /// The refs whose tip the commit is.
    pub commit_is_tip_of: Vec<FullRef>,
    /// Who approved this job; verified, and not used before.
    pub approvals: Vec<Identity>,
    /// Whether the plan that will be applied was made for this very job.
    pub planned: bool,
    /// What that plan holds.
    pub plan: Option<PlanSummary>,
    /// Whether the commit descends from the one last started.
    pub no_rollback: bool,
    /// What time it is.
    pub clock: Option<Clock>,
}

/// What a plan holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanSummary {
    /// Resources to create.
    pub creates: u64,
    /// Resources to update.
    pub updates: u64,
    /// Resources to replace.
    pub replaces: u64,
    /// Resources to destroy.
    pub destroys: u64,
    /// The types of the resources that are touched.
    pub types: Vec<String>,
}

/// What time it is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Clock {
    /// Day and minute by the name of the time zone.
    pub zones: BTreeMap<String, ZoneTime>,
    /// The moment.
    pub utc: Option<Timestamp>,
}

/// A day and a minute in a time zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ZoneTime {
    /// The day.
    pub day: Day,
    /// The minute of the day, 0 to 1439.
    pub minute: u16,
}

impl Evidence {
    /// Reads evidence as JSON, with the limits of an invocation.
    ///
    /// # Errors
    /// Where it is not the `evidence` of an invocation.
    pub fn from_json(bytes: &[u8]) -> Result<Self, InvalidInvocation> {
        // In an invocation it stands one level deeper.
        let limits = json::Limits { bytes: limits::INVOCATION_BYTES, nesting: limits::INVOCATION_NESTING - 1 };
        let value = json::read(bytes, limits).map_err(|error| InvalidInvocation::new(format!("no JSON: {error}")))?;
        Self::read(value)
    }

    pub(super) fn read(value: Json<'_>) -> Valid<Self> {
        let known = ["commit_on", "commit_is_tip_of", "approvals", "planned", "plan", "no_rollback", "clock"];
        let mut fields = Fields::new("evidence", value, &known)?;
        let approvals = fields.list("approvals")?.into_iter().map(identity);
        Ok(Self {
            approvals: approvals.collect::<Valid<_>>()?,
            commit_on: refs(&mut fields, "commit_on")?,
            commit_is_tip_of: refs(&mut fields, "commit_is_tip_of")?,
            planned: fields.flag("planned")?,
            plan: fields.take("plan").map(plan).transpose()?,
            no_rollback: fields.flag("no_rollback")?,
            clock: fields.take("clock").map(clock).transpose()?,
        })
    }
}

fn refs(fields: &mut Fields<'_>, name: &str) -> Valid<Vec<FullRef>> {
    let parse = |text: String| {
        FullRef::parse(&text).map_err(|malformed| InvalidInvocation::field(name, &format!("lists no full ref: {malformed}")))
    };
    fields.texts(name)?.into_iter().map(parse).collect()
}

fn identity(value: Json<'_>) -> Valid<Identity> {
    let raw = RawCaller::read("an approval", value)?;
    raw.validate()?;
    Identity::parse(&raw).map_err(|malformed| InvalidInvocation::field("approvals", &format!("lists no identity: {malformed}")))
}

fn plan(value: Json<'_>) -> Valid<PlanSummary> {
    let mut fields = Fields::new("evidence.plan", value, &["creates", "updates", "replaces", "destroys", "types"])?;
    let types = match fields.required("types")? {
        Json::Array(items) => items.into_iter().map(|item| text("types", item)).collect::<Valid<_>>()?,
        other => return Err(wrong_type("types", "a list", &other)),
    };
    Ok(PlanSummary {
        creates: fields.count("creates")?,
        updates: fields.count("updates")?,
        replaces: fields.count("replaces")?,
        destroys: fields.count("destroys")?,
        types,
    })
}

fn clock(value: Json<'_>) -> Valid<Clock> {
    let mut fields = Fields::new("evidence.clock", value, &["zones", "utc"])?;
    let mut clock = Clock::default();
    if let Some(utc) = fields.take("utc") {
        let text = text("utc", utc)?;
        let time = Timestamp::parse(&text);
        clock.utc = Some(time.ok_or_else(|| InvalidInvocation::field("utc", "must be a real time `YYYY-MM-DDTHH:MM:SSZ`"))?);
    }
    match fields.take("zones") {
        None => {}
        Some(Json::Object(zones)) => {
            for (name, value) in zones {
                if !is_zone(&name) {
                    return Err(InvalidInvocation::new(format!("`{}` is no name of a time zone", shortened(&name))));
                }
                clock.zones.insert(name.into_owned(), zone_time(value)?);
            }
        }
        Some(other) => return Err(wrong_type("zones", "an object", &other)),
    }
    Ok(clock)
}

/// `[A-Za-z0-9_+/-]{1,64}`
fn is_zone(name: &str) -> bool {
    let good = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'+' | b'/' | b'-');
    (1..=64).contains(&name.len()) && name.bytes().all(good)
}

fn zone_time(value: Json<'_>) -> Valid<ZoneTime> {
    let mut fields = Fields::new("a time zone", value, &["day", "minute"])?;
    let day = Day::parse(&fields.text("day")?);
    let day = day.ok_or_else(|| InvalidInvocation::field("day", "must be one of `mon` to `sun`"))?;
    let minute = u16::try_from(fields.count("minute")?).ok().filter(|minute| *minute < 24 * 60);
    let minute = minute.ok_or_else(|| InvalidInvocation::field("minute", "must be 0 to 1439"))?;
    Ok(ZoneTime { day, minute })
}
