//! `require` blocks (section 8, R).

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::diagnostic::{Code, Diagnostic};
use crate::estate::{Approvals, Caller, PlanLimits, Requirements, Window};
use crate::evaluate::{AccountValues, Located, Value};
use crate::invocation::{Day, Timestamp};
use crate::suggestion::{nearest, one_of};
use crate::syntax::tree::{Attribute, Block};

use super::block::{Fields, Schema};
use super::context::Context;
use super::convert::Subject;
use super::patterns::Place;
use super::selection::Selection;

const REQUIRE: Schema = Schema {
    labels: 0,
    attributes: &[
        "commit_on",
        "commit_is_tip_of",
        "includes_tip_of",
        "checks",
        "approvals",
        "approvers",
        "planned",
        "plan",
        "no_rollback",
        "window",
        "not_after",
    ],
    blocks: &[],
};

/// What the attributes of a block say so far.
#[derive(Default)]
struct Partial {
    requirements: Requirements,
    count: Option<u32>,
    approvers: Option<Selection<Caller>>,
}

impl Context<'_> {
    /// The attributes of a `require` block, resolved, and whether one depends on `account`. What does not need values
    /// (that attributes belong together) is checked here, once.
    pub(super) fn require_fields<'b>(&mut self, block: &'b Block, account_exists: bool) -> (Fields<'b>, bool) {
        let fields = self.fields(block, &REQUIRE);
        let mut uses_account = false;
        for attribute in known(&fields) {
            uses_account |= self.resolve(&attribute.value, account_exists).account;
        }
        if known(&fields).next().is_none() && !block.body.broken && block.body.attributes.is_empty() {
            self.mistake(
                Code::Empty,
                block.header,
                "this `require` block requires nothing",
                format!("add one of {}, or leave the block out", one_of(REQUIRE.attributes)),
            );
        }
        self.belong_together(&fields, ["approvals", "approvers"], Code::Approvals);
        self.belong_together(&fields, ["approvers", "approvals"], Code::Approvals);
        self.belong_together(&fields, ["plan", "planned"], Code::PlanRequirement);
        (fields, uses_account)
    }

    /// The first attribute makes no sense without the second.
    fn belong_together(&mut self, fields: &Fields<'_>, [first, second]: [&str; 2], code: Code) {
        if let Some(attribute) = fields.attribute(first)
            && fields.attribute(second).is_none()
            && !fields.block.body.broken
        {
            let help = match second {
                "planned" => {
                    "add `planned = true`: limits on a plan mean something only for the plan that is applied".to_owned()
                }
                _ => format!("add `{second}`"),
            };
            self.mistake(code, attribute.span, format!("`{first}` needs `{second}` beside it"), help);
        }
    }

    /// The requirements for one account; none where something is wrong, which is reported.
    pub(super) fn requirements(
        &mut self,
        fields: &Fields<'_>,
        account: Option<&AccountValues>,
    ) -> Option<Requirements> {
        let before = self.diagnostics.len();
        let mut partial = Partial::default();
        for attribute in known(fields) {
            if let Some(value) = self.evaluate(&attribute.value, account) {
                self.requirement(&mut partial, &Subject::of(attribute), &value);
            }
        }
        if let (Some(count), Some(approvers)) = (partial.count, partial.approvers) {
            partial.requirements.approvals = Some(Approvals { count, approvers: approvers.names });
        }
        (self.diagnostics.len() == before).then_some(partial.requirements)
    }

    /// N1: of a template that nobody extends, what needs no `account` is checked.
    pub(super) fn check_requirements_partly(&mut self, fields: &Fields<'_>) {
        for attribute in known(fields) {
            self.check_attribute_partly(attribute, |context, subject, value| {
                context.requirement(&mut Partial::default(), subject, value);
            });
        }
    }

    fn requirement(&mut self, partial: &mut Partial, subject: &Subject<'_>, value: &Located) {
        let requirements = &mut partial.requirements;
        match subject.name {
            "commit_on" => requirements.commit_on = self.ref_list(subject, value, true),
            "commit_is_tip_of" => requirements.commit_is_tip_of = self.ref_list(subject, value, true),
            "includes_tip_of" => requirements.includes_tip_of = self.literal_refs(subject, value).unwrap_or_default(),
            "checks" => requirements.checks = self.check_names(subject, value).unwrap_or_default(),
            "approvals" => partial.count = self.whole(subject, value, 1..=20),
            "approvers" => partial.approvers = self.approvers(subject, value),
            "planned" => requirements.planned = self.only_true(subject, value),
            "plan" => requirements.plan = self.plan_limits(subject, value),
            "no_rollback" => requirements.no_rollback = self.only_true(subject, value),
            "window" => requirements.windows = self.windows(subject, value).unwrap_or_default(),
            "not_after" => requirements.not_after = self.timestamp(subject, value),
            _ => {}
        }
    }

    /// `false` would read as if the opposite were required.
    fn only_true(&mut self, subject: &Subject<'_>, value: &Located) -> bool {
        if self.boolean(subject, value) == Some(false) {
            let message = format!("`{} = false` requires nothing", subject.name);
            self.mistake(Code::InvalidValue, subject.span, message, format!("leave `{}` out", subject.name));
            return false;
        }
        true
    }

    /// Approvers state who is a person; otherwise two sessions of one could be two approvals.
    fn approvers(&mut self, subject: &Subject<'_>, value: &Located) -> Option<Selection<Caller>> {
        let selection = self.caller_names(subject, value, false)?;
        for caller in selection.names.included.iter().filter(|caller| !caller.states_person()) {
            let member = selection.selected.iter().find(|selected| selected.name == caller.name);
            let span = member.map_or(subject.span, |member| member.span);
            let message =
                format!("the caller `{}` does not state `person`, so that nobody can count its approvals", caller.name);
            let help = "add `person = \"session\"`, `person = \"principal\"` or, for tokens, the name of a claim to the caller";
            self.mistake(Code::Approvals, span, message, help);
        }
        Some(selection)
    }

    fn plan_limits(&mut self, subject: &Subject<'_>, value: &Located) -> Option<PlanLimits> {
        let entries = self.some_entries(subject, value)?;
        self.known_keys(subject, entries, &["creates", "updates", "replaces", "destroys", "types"]);
        let mut limits = PlanLimits { creates: None, updates: None, replaces: None, destroys: None, types: None };
        for (name, value) in entries {
            let entry = subject.entry(name, value);
            let largest = i128::from(i64::MAX);
            match &**name {
                "creates" => limits.creates = self.whole(&entry, value, 0..=largest),
                "updates" => limits.updates = self.whole(&entry, value, 0..=largest),
                "replaces" => limits.replaces = self.whole(&entry, value, 0..=largest),
                "destroys" => limits.destroys = self.whole(&entry, value, 0..=largest),
                "types" => limits.types = self.pattern_list(&entry, value, Place::ResourceType),
                _ => {}
            }
        }
        Some(limits)
    }

    /// One window, or a list of them.
    fn windows(&mut self, subject: &Subject<'_>, value: &Located) -> Option<Vec<Window>> {
        if let Value::Object(_) = &value.value {
            return Some(vec![self.window(subject, value)?]);
        }
        if !matches!(&value.value, Value::List(_)) {
            self.wrong_type(subject, value, "a window `{ days, from, to, zone }` or a list of them");
            return None;
        }
        let members = self.some_members(subject, value)?;
        let windows: Vec<_> = members.iter().map(|member| self.window(&subject.member(member), member)).collect();
        windows.into_iter().collect()
    }

    fn window(&mut self, subject: &Subject<'_>, value: &Located) -> Option<Window> {
        const KEYS: [&str; 4] = ["days", "from", "to", "zone"];
        let entries = self.some_entries(subject, value)?;
        self.known_keys(subject, entries, &KEYS);
        let mut found = (None, None, None, None);
        let mut to_entry = *subject;
        for (name, value) in entries {
            let entry = subject.entry(name, value);
            match &**name {
                "days" => found.0 = self.days(&entry, value),
                "from" => found.1 = self.minute(&entry, value, 24 * 60 - 1),
                "to" => {
                    found.2 = self.minute(&entry, value, 24 * 60);
                    to_entry = Subject::header("to", entry.span);
                }
                "zone" => found.3 = self.zone(&entry, value),
                _ => {}
            }
        }
        for key in KEYS {
            if !entries.iter().any(|(name, _)| **name == *key) {
                let message = format!("this window has no `{key}`");
                let help = "a window reads `{ days = [\"mon\", \"tue\"], from = \"08:00\", to = \"17:00\", zone = \"Europe/Berlin\" }`";
                self.mistake(Code::MissingAttribute, subject.span, message, help);
            }
        }
        let (days, from, to, zone) = (found.0?, found.1?, found.2?, found.3?);
        if from >= to {
            let message = "this window ends before it begins";
            let help = "a window lies within one day; write two windows for hours across midnight";
            self.mistake(Code::InvalidValue, to_entry.span, message, help);
            return None;
        }
        Some(Window { days, from, to, zone })
    }

    fn days(&mut self, subject: &Subject<'_>, value: &Located) -> Option<BTreeSet<Day>> {
        let members = self.some_members(subject, value)?;
        let choices = Day::ALL.map(|day| (day.as_str(), day));
        let days: Vec<_> =
            members.iter().map(|member| self.choice(&subject.member(member), member, &choices)).collect();
        days.into_iter().collect()
    }

    fn minute(&mut self, subject: &Subject<'_>, value: &Located, last: u16) -> Option<u16> {
        let text = self.text(subject, value)?;
        let minute = parse_minute(&text).filter(|minute| *minute <= last);
        if minute.is_none() {
            let message = format!("`{}` is no time of day: `{}`", subject.name, text.escape_debug());
            let help = format!("write it as `\"HH:MM\"`, from `00:00` to `{:02}:{:02}`", last / 60, last % 60);
            self.mistake(Code::InvalidValue, subject.span, message, help);
        }
        minute
    }

    fn zone(&mut self, subject: &Subject<'_>, value: &Located) -> Option<Arc<str>> {
        let text = self.text(subject, value)?;
        let good = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'+' | b'/' | b'-');
        if text.is_empty() || text.len() > 64 || !text.bytes().all(good) {
            let message = format!("`{}` is no name of a time zone", text.escape_debug());
            self.mistake(Code::InvalidValue, subject.span, message, "write a name such as `Europe/Berlin` or `UTC`");
            return None;
        }
        Some(text)
    }

    fn timestamp(&mut self, subject: &Subject<'_>, value: &Located) -> Option<Timestamp> {
        let text = self.text(subject, value)?;
        let timestamp = Timestamp::parse(&text);
        if timestamp.is_none() {
            let message = format!("`{}` is no time: `{}`", subject.name, text.escape_debug());
            let help = "write a real time in UTC as `YYYY-MM-DDTHH:MM:SSZ`, such as `2027-01-31T18:00:00Z`";
            self.mistake(Code::InvalidValue, subject.span, message, help);
        }
        timestamp
    }

    /// L2, for objects whose keys the language names.
    fn known_keys(&mut self, subject: &Subject<'_>, entries: &[(Arc<str>, Located)], known: &[&str]) {
        for (name, value) in entries {
            if known.contains(&&**name) {
                continue;
            }
            let entry = subject.entry(name, value);
            let near = nearest(name, known.iter().copied());
            let help =
                near.map_or_else(|| format!("it has {}", one_of(known)), |near| format!("did you mean `{near}`?"));
            let message = format!("`{}` has no `{}`", subject.name, name.escape_debug());
            self.report(Diagnostic::new(Code::UnknownAttribute, entry.span, message).help(help));
        }
    }
}

/// The attributes of the block that the language names.
fn known<'b>(fields: &Fields<'b>) -> impl Iterator<Item = &'b Attribute> {
    let block = fields.block;
    REQUIRE.attributes.iter().filter_map(move |name| Fields { block }.attribute(name))
}

/// Minutes of the day of `HH:MM`; `24:00` is the end of the day.
fn parse_minute(text: &str) -> Option<u16> {
    let (hours, minutes) = text.split_once(':')?;
    let number = |digits: &str| {
        let good = digits.len() == 2 && digits.bytes().all(|byte| byte.is_ascii_digit());
        good.then(|| digits.parse::<u16>().ok()).flatten()
    };
    let (hours, minutes) = (number(hours)?, number(minutes)?);
    (minutes < 60 && hours * 60 + minutes <= 24 * 60).then_some(hours * 60 + minutes)
}

#[cfg(test)]
mod tests {
    use super::parse_minute;

    #[test]
    fn times_of_day_have_two_digits_each() {
        for (text, minute) in [("00:00", 0), ("08:30", 510), ("23:59", 1439), ("24:00", 1440)] {
            assert_eq!(parse_minute(text), Some(minute));
        }
        for text in ["", "8:30", "08:3", "08:60", "24:01", "25:00", "-1:00", "+1:00", "08-30", "08:30:00"] {
            assert_eq!(parse_minute(text), None, "{text}");
        }
    }
}
