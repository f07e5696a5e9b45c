//! The JSON form of an invocation: what [`RawInvocation::from_json`] reads back as the same.

use alloc::string::{String, ToString as _};

use super::{Clock, Evidence, Identity, PlanSummary, RawCaller, RawInvocation};
use crate::canonical::FullRef;
use crate::json::{ArrayWriter, ObjectWriter};

impl RawInvocation {
    /// The invocation as one line of JSON, without a line end. What shows nothing is left out.
    ///
    /// ```
    /// use policy_core::invocation::RawInvocation;
    ///
    /// let json = r#"{"account":"prod","caller":{"principal":"local:user/ana"},"repository":"github.com/acme/live","ref":"refs/heads/main","path":"prod","command":"plan","evidence":{"planned":true}}"#;
    /// assert_eq!(RawInvocation::from_json(json.as_bytes()).unwrap().to_json(), json);
    /// ```
    pub fn to_json(&self) -> String {
        let mut out = String::new();
        let mut object = ObjectWriter::new(&mut out);
        object.text("account", &self.account);
        caller(object.field("caller"), &self.caller);
        object.text("repository", &self.repository);
        object.text("ref", &self.reference);
        if let Some(commit) = &self.commit {
            object.text("commit", commit);
        }
        object.text("path", &self.path);
        object.text("command", &self.command);
        if !self.arguments.is_empty() {
            texts(object.field("arguments"), self.arguments.iter().map(String::as_str));
        }
        if self.evidence != Evidence::default() {
            evidence(object.field("evidence"), &self.evidence);
        }
        object.finish();
        out
    }
}

fn texts<'t>(out: &mut String, items: impl Iterator<Item = &'t str>) {
    let mut array = ArrayWriter::new(out);
    items.for_each(|item| array.text(item));
    array.finish();
}

fn caller(out: &mut String, caller: &RawCaller) {
    let mut object = ObjectWriter::new(out);
    match caller {
        RawCaller::Principal(principal) => object.text("principal", principal),
        RawCaller::Token { issuer, claims } => {
            object.text("issuer", issuer);
            object.field("claims").push_str(&claims.to_string());
        }
    }
    object.finish();
}

fn evidence(out: &mut String, evidence: &Evidence) {
    let mut object = ObjectWriter::new(out);
    for (name, refs) in [
        ("commit_on", &evidence.commit_on),
        ("commit_is_tip_of", &evidence.commit_is_tip_of),
        ("includes_tip_of", &evidence.includes_tip_of),
    ] {
        if !refs.is_empty() {
            texts(object.field(name), refs.iter().map(FullRef::as_str));
        }
    }
    if !evidence.checks.is_empty() {
        texts(object.field("checks"), evidence.checks.iter().map(String::as_str));
    }
    if !evidence.approvals.is_empty() {
        let mut array = ArrayWriter::new(object.field("approvals"));
        for approval in &evidence.approvals {
            let approval = match approval {
                Identity::Principal(principal) => RawCaller::Principal(principal.as_str().into()),
                Identity::Token(token) => {
                    RawCaller::Token { issuer: token.issuer.as_str().into(), claims: token.claims.clone() }
                }
            };
            caller(array.item(), &approval);
        }
        array.finish();
    }
    for (name, shown) in [("planned", evidence.planned), ("no_rollback", evidence.no_rollback)] {
        if shown {
            object.boolean(name, true);
        }
    }
    if let Some(shown) = &evidence.plan {
        plan(object.field("plan"), shown);
    }
    if let Some(shown) = &evidence.clock {
        clock(object.field("clock"), shown);
    }
    object.finish();
}

fn plan(out: &mut String, plan: &PlanSummary) {
    let mut object = ObjectWriter::new(out);
    let counts = [plan.creates, plan.updates, plan.replaces, plan.destroys];
    for (name, count) in ["creates", "updates", "replaces", "destroys"].into_iter().zip(counts) {
        object.number(name, count);
    }
    texts(object.field("types"), plan.types.iter().map(String::as_str));
    object.finish();
}

fn clock(out: &mut String, clock: &Clock) {
    let mut object = ObjectWriter::new(out);
    let mut zones = ObjectWriter::new(object.field("zones"));
    for (name, time) in clock.zones.iter() {
        let mut zone = ObjectWriter::new(zones.field(name.as_str()));
        zone.text("day", time.day().as_str());
        zone.number("minute", time.minute().into());
        zone.finish();
    }
    zones.finish();
    if let Some(utc) = &clock.utc {
        object.text("utc", &utc.to_string());
    }
    object.finish();
}

#[cfg(test)]
mod tests {
    use crate::invocation::RawInvocation;

    #[test]
    fn what_is_written_is_read_back() {
        let everything = r#"{"account":"prod","caller":{"issuer":"https://token.example","claims":{"n":1.50,"sub":"a\"b"}},"repository":"github.com/acme/live","ref":"refs/heads/main","commit":"0123456789abcdef0123456789abcdef01234567","path":"prod","command":"plan","arguments":["-x","é"],"evidence":{"commit_on":["refs/heads/main"],"commit_is_tip_of":["refs/heads/a"],"approvals":[{"principal":"local:user/ana"},{"issuer":"https://token.example","claims":{"sub":"b"}}],"planned":true,"no_rollback":true,"plan":{"creates":1,"updates":2,"replaces":3,"destroys":4,"types":["aws_s3_bucket"]},"clock":{"zones":{"Europe/Berlin":{"day":"fri","minute":845}},"utc":"2026-11-21T10:00:00Z"}}}"#;
        let raw = RawInvocation::from_json(everything.as_bytes()).unwrap();
        assert_eq!(raw.to_json(), everything);
        assert_eq!(RawInvocation::from_json(raw.to_json().as_bytes()), Ok(raw));
    }
}
