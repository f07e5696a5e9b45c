//! `policy` and `repository` blocks.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::canonical::RepositoryId;
use crate::diagnostic::{Code, Diagnostic};
use crate::estate::{RefList, Repository};
use crate::evaluate::{Located, Value};
use crate::pattern;
use crate::redact;
use crate::source::Span;
use crate::syntax::tree::Block;

use super::block::Schema;
use super::context::Context;
use super::convert::Subject;

/// What the `policy` block says.
pub(super) struct Policy {
    pub(super) language: u32,
    pub(super) import_standard: bool,
}

const POLICY: Schema = Schema { labels: 0, attributes: &["language", "import"], blocks: &[] };
const REPOSITORY: Schema = Schema { labels: 1, attributes: &["remotes", "protected"], blocks: &[] };

/// The remotes of the estate so far, by what they are in lower case.
type Remotes = BTreeMap<String, (RepositoryId, Span)>;

impl Context<'_> {
    /// The `policy` block, of which there is at most one.
    pub(super) fn policy(&mut self, blocks: &[&Block]) -> Policy {
        let mut policy = Policy { language: 1, import_standard: false };
        self.at_most_one(blocks.iter().copied());
        for block in blocks {
            let fields = self.fields(block, &POLICY);
            self.optional(&fields, "language", Self::language);
            let import = self.optional(&fields, "import", Self::import);
            policy.import_standard |= import.unwrap_or(false);
        }
        policy
    }

    fn language(&mut self, subject: &Subject<'_>, value: &Located) -> Option<u32> {
        let Value::Number(number) = &value.value else {
            self.wrong_type(subject, value, "the number 1");
            return None;
        };
        if number.as_whole() != Some(1) {
            let message = format!("this program knows version 1 of the language, not {number}");
            self.mistake(
                Code::InvalidValue,
                subject.span,
                message,
                "write `language = 1`, or use a program that knows the version",
            );
            return None;
        }
        Some(1)
    }

    fn import(&mut self, subject: &Subject<'_>, value: &Located) -> Option<bool> {
        let members = self.members(subject, value)?;
        let mut standard = false;
        for member in members {
            standard |= self.choice(&subject.member(member), member, &[("standard", true)]).is_some();
        }
        Some(standard)
    }

    /// The `repository` blocks.
    pub(super) fn repositories(&mut self, blocks: &[&Block]) {
        let mut remotes = Remotes::new();
        for block in blocks {
            let fields = self.fields(block, &REPOSITORY);
            let name = self.block_name(&fields);
            let new =
                name.as_ref().is_some_and(|name| self.repositories.declare(name, fields.header(), self.diagnostics));
            let identities = self
                .required(&fields, "remotes", |context, subject, value| context.remotes(subject, value, &mut remotes));
            let protected = match fields.attribute("protected") {
                None => Some(RefList::default()),
                Some(_) => self.protected(&fields),
            };
            if let (Some(name), true, Some(remotes), Some(protected)) = (name, new, identities, protected) {
                self.repositories.define(&name.clone(), Repository { name, remotes, protected });
            }
        }
    }

    /// N7: what defaults to empty may be written empty.
    fn protected(&mut self, fields: &super::block::Fields<'_>) -> Option<RefList> {
        let attribute = fields.attribute("protected")?;
        let value = self.value(attribute)?;
        match &value.value {
            Value::Null => Some(RefList::default()),
            Value::List(members) if members.is_empty() => Some(RefList::default()),
            _ => self.ref_list(&Subject::of(attribute), &value, false),
        }
    }

    fn remotes(&mut self, subject: &Subject<'_>, value: &Located, known: &mut Remotes) -> Option<Vec<RepositoryId>> {
        let members = self.some_members(subject, value)?;
        let found: Vec<_> = members.iter().map(|member| self.remote(subject, member, known)).collect();
        found.into_iter().collect()
    }

    fn remote(&mut self, subject: &Subject<'_>, member: &Located, known: &mut Remotes) -> Option<RepositoryId> {
        if let Value::Pattern(pattern) = &member.value {
            self.remote_pattern(member.span, &pattern::display(pattern));
            return None;
        }
        let text: Arc<str> = self.text(&subject.member(member), member)?;
        let identity = match RepositoryId::parse(&text) {
            Ok(identity) => identity,
            Err(_) if text.contains('*') && !text.contains('@') => {
                self.remote_pattern(member.span, &text.escape_debug().to_string());
                return None;
            }
            Err(malformed) => {
                // C1: the message has the address without what is secret in it; the place has all of it.
                let confidential = redact::address(&text) != *text;
                let message = format!("`remotes` takes addresses of repositories: {}", malformed.message);
                let diagnostic = Diagnostic::new(Code::InvalidValue, member.span, message).maybe_help(malformed.help);
                self.report(diagnostic.confidential(confidential));
                return None;
            }
        };
        if let Some((before, span)) = known.get(&identity.folded()) {
            let message = if *before == identity {
                format!("the remote `{}` is listed twice", identity.as_str())
            } else {
                format!("`{}` and `{}` differ only in case", identity.as_str(), before.as_str())
            };
            self.report(
                Diagnostic::new(Code::DuplicateRemote, member.span, message)
                    .help("a remote belongs to one repository; all spellings of its address are one remote")
                    .related(*span, "listed here first"),
            );
            return None;
        }
        known.insert(identity.folded(), (identity.clone(), member.span));
        Some(identity)
    }

    /// A remote is one address (section 3): what holds of repositories that nobody lists is said in rules, with a caller that
    /// is held to its own repository (B).
    fn remote_pattern(&mut self, span: Span, shown: &str) {
        let message = format!("`{shown}` is a pattern, and `remotes` lists each address in full");
        let help = "list the addresses one by one; or write `repositories = any()` in a rule, with a caller that has a `bind` \
                    block, so that each workflow deploys from its own repository only";
        self.mistake(Code::InvalidValue, span, message, help);
    }
}
