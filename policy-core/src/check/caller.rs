//! `caller` blocks.

use std::sync::Arc;

use crate::canonical::Issuer;
use crate::diagnostic::{Code, Diagnostic};
use crate::estate::{Bind, Caller, CallerKind, ClaimCondition, ClaimText, ClaimTextError, Person};
use crate::evaluate::Located;
use crate::syntax::tree::Block;

use super::block::{Fields, Schema};
use super::context::Context;
use super::convert::Subject;
use super::patterns::Place;

const CALLER: Schema =
    Schema { labels: 1, attributes: &["principals", "sessions", "issuer", "claims", "person"], blocks: &["bind"] };

/// B.
const BIND: Schema = Schema { labels: 0, attributes: &["repository", "ref", "commit"], blocks: &[] };

impl Context<'_> {
    /// The `caller` blocks.
    pub(super) fn callers(&mut self, blocks: &[&Block]) {
        for block in blocks {
            let fields = self.fields(block, &CALLER);
            let name = self.block_name(&fields);
            let new = name.as_ref().is_some_and(|name| self.callers.declare(name, fields.header(), self.diagnostics));
            let kind = self.caller_kind(&fields);
            if let (Some(name), true, Some(kind)) = (name, new, kind) {
                self.callers.define(&name.clone(), Caller { name, kind });
            }
        }
    }

    fn caller_kind(&mut self, fields: &Fields<'_>) -> Option<CallerKind> {
        let has = |name: &str| fields.attribute(name).is_some();
        let principal_side = has("principals") || has("sessions");
        let token_side = has("issuer") || has("claims");
        match (principal_side, token_side) {
            (true, false) => self.principals(fields),
            (false, true) => self.tokens(fields),
            (true, true) => {
                self.both_kinds(fields);
                None
            }
            (false, false) => {
                if !fields.block.body.broken {
                    let message =
                        format!("the caller `{}` says neither `principals` nor `issuer` and `claims`", fields.label());
                    let help = "write `principals = [\"arn:aws:iam::ACCOUNT:role/NAME\"]` for AWS roles, \
                                or `issuer` and `claims` for tokens of a CI system";
                    self.mistake(Code::MissingAttribute, fields.header(), message, help);
                }
                None
            }
        }
    }

    /// A block means principals or tokens; what belongs to the other kind is reported once, at the later attribute.
    fn both_kinds(&mut self, fields: &Fields<'_>) {
        let spans = |names: [&'static str; 2]| {
            names.into_iter().filter_map(|name| fields.attribute(name)).map(|found| found.span)
        };
        let (Some(principals), Some(tokens)) =
            (spans(["principals", "sessions"]).min(), spans(["issuer", "claims"]).min())
        else {
            return;
        };
        let message = "a caller is either `principals` with `sessions`, or `issuer` with `claims`";
        self.report(
            Diagnostic::new(Code::Conflict, principals.max(tokens), message)
                .help("write two callers; rules can list both")
                .related(principals.min(tokens), "the other kind"),
        );
    }

    fn principals(&mut self, fields: &Fields<'_>) -> Option<CallerKind> {
        let principals = self.required(fields, "principals", |context, subject, value| {
            context.pattern_list(subject, value, Place::Principal)
        });
        let sessions = self.optional(fields, "sessions", |context, subject, value| {
            context.pattern_list(subject, value, Place::Session)
        });
        let person = self.optional(fields, "person", |context, subject, value| {
            context.choice(subject, value, &[("session", Person::Session), ("principal", Person::Principal)])
        });
        for block in fields.blocks("bind") {
            let message = "a caller with `principals` has no `bind`";
            let help = "`bind` holds an invocation to what a token says, in a caller with `issuer` and `claims`";
            self.mistake(Code::Conflict, block.header, message, help);
            self.fields(block, &BIND);
        }
        Some(CallerKind::Principals { principals: principals?, sessions, person })
    }

    fn tokens(&mut self, fields: &Fields<'_>) -> Option<CallerKind> {
        let issuer = self.required(fields, "issuer", Self::issuer);
        let claims = self.required(fields, "claims", Self::claims);
        let person = self.optional(fields, "person", Self::item);
        let bind = match self.at_most_one(fields.blocks("bind")) {
            Some(block) => {
                self.bind_without_person(fields, block);
                Some(self.bind(block))
            }
            None => None,
        };
        Some(CallerKind::Tokens { issuer: issuer?, claims: claims?, person, bind })
    }

    /// B: who an approver is does not depend on what is asked.
    fn bind_without_person(&mut self, fields: &Fields<'_>, bind: &Block) {
        if let Some(person) = fields.attribute("person") {
            let (earlier, later) = (person.span.min(bind.header), person.span.max(bind.header));
            self.report(
                Diagnostic::new(Code::Conflict, later, "a caller with `bind` has no `person`")
                    .help("write two callers: one with `bind` for permits, one with `person` for `approvers`")
                    .related(earlier, "the other one"),
            );
        }
    }

    /// A `bind` block. What is wrong in it is reported; the estate is refused then.
    fn bind(&mut self, block: &Block) -> Bind {
        let fields = self.fields(block, &BIND);
        let before = self.diagnostics.len();
        let [repository, reference, commit] =
            ["repository", "ref", "commit"].map(|name| self.optional(&fields, name, Self::claim_text));
        let bind = Bind { repository, reference, commit };
        if bind.parts().next().is_none() && self.diagnostics.len() == before && !block.body.broken {
            let message = "this `bind` block binds nothing";
            let help = "add one of `repository`, `ref` and `commit`, such as `ref = \"{ref}\"`, or leave the block out";
            self.mistake(Code::Empty, block.header, message, help);
        }
        bind
    }

    fn claim_text(&mut self, subject: &Subject<'_>, value: &Located) -> Option<ClaimText> {
        let text = self.value_text(subject, value)?;
        let error = match ClaimText::parse(&text) {
            Ok(text) => return Some(text),
            Err(error) => error,
        };
        let message = format!("`{}` cannot be filled in: {error}", subject.name);
        let help = match error {
            ClaimTextError::NoClaim => {
                "write `{CLAIM}` where the text of a claim stands; what is the same for every token belongs in the rule"
            }
            _ => "braces enclose the name of a claim, as in `\"{ref}\"`, and have no other use",
        };
        self.mistake(Code::InvalidValue, subject.span, message, help);
        None
    }

    fn issuer(&mut self, subject: &Subject<'_>, value: &Located) -> Option<Issuer> {
        let text: Arc<str> = self.text(subject, value)?;
        match Issuer::parse(&text) {
            Ok(issuer) => Some(issuer),
            Err(malformed) => {
                let message = format!("`{}` is no issuer: {}", text.escape_debug(), malformed.message);
                self.report(Diagnostic::new(Code::InvalidValue, subject.span, message).maybe_help(malformed.help));
                None
            }
        }
    }

    fn claims(&mut self, subject: &Subject<'_>, value: &Located) -> Option<Vec<ClaimCondition>> {
        let entries = self.some_entries(subject, value)?;
        let mut conditions = Vec::with_capacity(entries.len());
        for (name, value) in entries {
            let entry = subject.entry(name, value);
            let patterns = self.pattern_or_list(&entry, value, Place::Claim);
            conditions.push(patterns.map(|patterns| ClaimCondition { name: name.clone(), patterns }));
        }
        conditions.into_iter().collect()
    }
}
