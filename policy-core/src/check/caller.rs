//! `caller` blocks.

use std::sync::Arc;

use crate::canonical::Issuer;
use crate::diagnostic::{Code, Diagnostic};
use crate::estate::{Caller, CallerKind, ClaimCondition, Person};
use crate::evaluate::Located;
use crate::syntax::tree::Block;

use super::block::{Fields, Schema};
use super::context::Context;
use super::convert::Subject;
use super::patterns::Place;

const CALLER: Schema =
    Schema { labels: 1, attributes: &["principals", "sessions", "issuer", "claims", "person"], blocks: &[] };

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
                    let message = format!("the caller `{}` says neither `principals` nor `issuer` and `claims`", fields.label());
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
        let spans = |names: [&'static str; 2]| names.into_iter().filter_map(|name| fields.attribute(name)).map(|found| found.span);
        let (Some(principals), Some(tokens)) = (spans(["principals", "sessions"]).min(), spans(["issuer", "claims"]).min())
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
        Some(CallerKind::Principals { principals: principals?, sessions, person })
    }

    fn tokens(&mut self, fields: &Fields<'_>) -> Option<CallerKind> {
        let issuer = self.required(fields, "issuer", Self::issuer);
        let claims = self.required(fields, "claims", Self::claims);
        let person = self.optional(fields, "person", Self::item);
        Some(CallerKind::Tokens { issuer: issuer?, claims: claims?, person })
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
