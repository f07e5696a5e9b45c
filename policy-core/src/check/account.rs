//! `account` blocks.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::canonical::AccountId;
use crate::diagnostic::{Code, Diagnostic};
use crate::estate::{Account, Rule};
use crate::evaluate::{AccountValues, Located, Value};
use crate::limits;
use crate::source::Span;
use crate::syntax::tree::Block;

use super::block::{Fields, Schema};
use super::context::Context;
use super::convert::Subject;
use super::rule::RuleDraft;
use super::template::{Extends, Templates, duplicates};

const ACCOUNT: Schema = Schema {
    labels: 1,
    attributes: &["id", "extends", "labels", "region", "endpoint", "runs_in"],
    blocks: &["permit", "forbid"],
};

/// An account before its rules are known.
pub(super) struct AccountParts<'a> {
    fields: Fields<'a>,
    name: Option<Arc<str>>,
    id: Option<Arc<str>>,
    labels: BTreeMap<Arc<str>, Arc<str>>,
    extends: Extends,
    runs_in: Option<(Arc<str>, Span)>,
}

/// The templates that lists of names lead to: most accounts extend the same ones.
type Closures = BTreeMap<Vec<usize>, Arc<BTreeSet<usize>>>;

impl<'a> Context<'a> {
    /// The `account` blocks, and their names and ids.
    pub(super) fn account_parts(&mut self, blocks: &[&'a Block]) -> Vec<AccountParts<'a>> {
        if let Some(block) = blocks.get(limits::ACCOUNTS) {
            let message = format!("the estate has {} accounts; {} are the limit", blocks.len(), limits::ACCOUNTS);
            self.report(Diagnostic::new(Code::TooMany, block.header, message));
        }
        let mut ids: BTreeMap<Arc<str>, Span> = BTreeMap::new();
        blocks.iter().take(limits::ACCOUNTS).map(|block| self.account_part(block, &mut ids)).collect()
    }

    fn account_part(&mut self, block: &'a Block, ids: &mut BTreeMap<Arc<str>, Span>) -> AccountParts<'a> {
        let fields = self.fields(block, &ACCOUNT);
        let mut name = self.block_name(&fields);
        if let Some(name) = &name
            && AccountId::parse(name).is_ok()
        {
            let message = format!("the account's name `{name}` reads like an id");
            self.mistake(
                Code::InvalidName,
                fields.header(),
                message,
                "give it a name such as `prod`, and the id as `id = \"…\"`",
            );
        }
        name = name.filter(|name| self.accounts.declare(name, fields.header(), self.diagnostics));
        if let Some(name) = &name {
            self.accounts.define(name, name.clone());
        }
        let id = self.required(&fields, "id", |context, subject, value| context.account_id(subject, value, ids));
        let labels = self.optional(&fields, "labels", Self::labels).unwrap_or_default();
        let extends = self.extends(&fields);
        let runs_in = self.optional(&fields, "runs_in", |context, subject, value| {
            context.text(subject, value).map(|text| (text, subject.span))
        });
        AccountParts { fields, name, id, labels, extends, runs_in }
    }

    /// N5: text of 12 digits that no other account has.
    fn account_id(
        &mut self,
        subject: &Subject<'_>,
        value: &Located,
        ids: &mut BTreeMap<Arc<str>, Span>,
    ) -> Option<Arc<str>> {
        if let Value::Number(_) = value.value {
            let message = "the account's id is a number, in which a leading zero would be lost";
            self.mistake(Code::AccountIdNumber, subject.span, message, "put the 12 digits in quotes");
            return None;
        }
        let text = self.text(subject, value)?;
        if AccountId::parse(&text).is_err() {
            let message = format!("`{}` is no account id", text.escape_debug());
            self.mistake(
                Code::InvalidValue,
                subject.span,
                message,
                "an account id is 12 digits, such as `\"222222222222\"`",
            );
            return None;
        }
        if let Some(before) = ids.get(&text) {
            let message = format!("another account has the id `{text}` too");
            self.report(
                Diagnostic::new(Code::DuplicateAccountId, subject.span, message)
                    .help("each AWS account is described once; one of the two ids is probably a copy")
                    .related(*before, "the other account's id"),
            );
            return Some(text);
        }
        ids.insert(text.clone(), subject.span);
        Some(text)
    }

    fn labels(&mut self, subject: &Subject<'_>, value: &Located) -> Option<BTreeMap<Arc<str>, Arc<str>>> {
        let mut labels = BTreeMap::new();
        for (name, value) in self.entries(subject, value)? {
            if let Some(text) = self.text(&subject.entry(name, value), value) {
                labels.insert(name.clone(), text);
            }
        }
        Some(labels)
    }

    /// The accounts with their rules.
    pub(super) fn accounts(
        &mut self,
        parts: Vec<AccountParts<'a>>,
        templates: &Templates<'a>,
        forbids: &[(Arc<Rule>, Span)],
    ) -> Vec<Option<Account>> {
        let elsewhere: BTreeSet<Arc<str>> =
            parts.iter().filter(|part| part.runs_in.is_some()).filter_map(|part| part.name.clone()).collect();
        let mut closures = Closures::new();
        let mut extended = BTreeSet::new();
        let mut total = forbids.len();
        let mut accounts = Vec::with_capacity(parts.len());
        for part in parts {
            self.runs_in(&part, &elsewhere);
            let closure = self.account_closure(&part, templates, &mut closures);
            extended.extend(closure.iter().copied());
            let before = total;
            accounts.push(self.account(part, templates, &closure, forbids, &mut total));
            if before <= limits::ESTATE_RULES && total > limits::ESTATE_RULES {
                self.too_many_rules(accounts.last());
            }
        }
        self.check_unextended_templates(templates, &extended);
        accounts
    }

    fn too_many_rules(&mut self, account: Option<&Option<Account>>) {
        let name = account.and_then(|account| account.as_ref()).map_or("", |account| &*account.name).to_owned();
        let message = format!("with the account `{name}` the estate has more than {} rules", limits::ESTATE_RULES);
        let span = self.accounts.header(&name).unwrap_or_else(|| Span::new(crate::source::FileId::first(), 0, 0));
        self.report(Diagnostic::new(Code::TooMany, span, message));
    }

    /// `runs_in` names another account, one that itself runs nowhere else.
    fn runs_in(&mut self, part: &AccountParts<'_>, elsewhere: &BTreeSet<Arc<str>>) {
        let Some((target, span)) = &part.runs_in else { return };
        let problem = if part.name.as_ref() == Some(target) {
            "is this account itself"
        } else if elsewhere.contains(target) {
            "runs in another account itself"
        } else if self.accounts.contains(target) {
            return;
        } else {
            let diagnostic = self.accounts.undeclared(target, *span);
            self.report(diagnostic);
            return;
        };
        let help = "name an account that has a runner of its own, or leave `runs_in` out";
        self.mistake(Code::NotThatKind, *span, format!("`runs_in` names `{target}`, which {problem}"), help);
    }

    fn account_closure(
        &mut self,
        part: &AccountParts<'_>,
        templates: &Templates<'_>,
        closures: &mut Closures,
    ) -> Arc<BTreeSet<usize>> {
        let listed = self.numbers(templates, &part.extends);
        for (number, span) in &listed {
            self.chain_limit(templates.chain(*number) + 1, *span);
        }
        let roots: Vec<usize> = listed.iter().map(|(number, _)| *number).collect();
        closures.entry(roots).or_insert_with_key(|roots| Arc::new(templates.closure(roots))).clone()
    }

    fn account(
        &mut self,
        part: AccountParts<'a>,
        templates: &Templates<'a>,
        closure: &BTreeSet<usize>,
        forbids: &[(Arc<Rule>, Span)],
        total: &mut usize,
    ) -> Option<Account> {
        let own = self.drafts(part.fields.block.body.blocks.iter(), true);
        let drafts: Vec<&RuleDraft<'_>> = own.iter().chain(templates.drafts(closure)).collect();
        self.rule_names(&drafts, forbids);
        *total += drafts.len();
        if drafts.len() + forbids.len() > limits::ACCOUNT_RULES {
            let message = format!(
                "{} rules apply to this account; {} are the limit",
                drafts.len() + forbids.len(),
                limits::ACCOUNT_RULES
            );
            self.report(Diagnostic::new(Code::TooMany, part.fields.header(), message));
            return None;
        }
        let (name, id) = (part.name?, part.id?);
        let values = account_values(&name, &id, &part.labels, part.fields.header());
        let rules: Vec<_> = drafts.iter().map(|draft| self.instantiate(draft, Some(&values))).collect();
        let mut rules: Vec<Arc<Rule>> = rules.into_iter().collect::<Option<_>>()?;
        rules.sort_by(|left, right| left.name.cmp(&right.name));
        Some(Account {
            region: self.optional(&part.fields, "region", Self::text),
            endpoint: self.optional(&part.fields, "endpoint", Self::text),
            runs_in: part.runs_in.map(|(target, _)| target),
            place: self.place(part.fields.header()),
            name,
            id,
            labels: part.labels,
            rules,
        })
    }

    /// N3: among all rules that apply to the account.
    fn rule_names(&mut self, drafts: &[&RuleDraft<'_>], forbids: &[(Arc<Rule>, Span)]) {
        let own = drafts.iter().map(|draft| (&*draft.name, draft.header));
        let mut names: Vec<(&str, Span)> = own.chain(forbids.iter().map(|(rule, span)| (&*rule.name, *span))).collect();
        let found = duplicates(&mut names);
        self.diagnostics.extend(found);
    }
}

fn account_values(name: &Arc<str>, id: &Arc<str>, labels: &BTreeMap<Arc<str>, Arc<str>>, span: Span) -> AccountValues {
    let entry =
        |(name, text): (&Arc<str>, &Arc<str>)| (name.clone(), Located { value: Value::Text(text.clone()), span });
    AccountValues::new(name.clone(), id.clone(), Value::Object(labels.iter().map(entry).collect()), span)
}
