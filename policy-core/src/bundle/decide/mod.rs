//! Deciding by a bundle: each text of an invocation is walked once, and ends in a set of rules; what all sets have decides.

mod approvals;
pub(crate) mod arguments;
mod asked;
mod bind;
mod callers;
mod claim_use;
mod explain;
mod failed_claims;
mod nearest;
mod requirements;
mod rules;

use crate::canonical::{FullRef, Issuer, Malformed, Principal, RepositoryId, UnitPath};
use crate::decision::{Decision, Digest, Outcome, Reason};
use crate::invocation::{CompactError, Invocation, MalformedPart, RawCaller, RawInvocation};

use super::Policy;
use super::index;
use super::layout::Section;
use super::records::{AccountRecord, CommandRecord, RepositoryRecord, RuleRecord, ScopeRecord, ToolRecord};
use super::view::View;
use arguments::ArgumentRefusal;
use asked::{Asked, Who};
use requirements::Unmet;

/// What a decision says, without its explanation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Verdict<'p> {
    reason: Reason,
    /// Where it lies in the bundle: whoever does not ask for it does not wait for it.
    policy: Option<&'p [u8; 32]>,
}

impl Verdict<'_> {
    /// What it says.
    pub const fn outcome(&self) -> Outcome {
        self.reason.outcome()
    }

    /// Why: the first check of E8 that decided.
    pub const fn reason(&self) -> Reason {
        self.reason
    }

    /// The digest of the account's rules (D1); none where there is no account.
    pub fn policy(&self) -> Option<Digest> {
        self.policy.map(|bytes| Digest(*bytes))
    }

    /// The compact binary form: outcome and reason as their places in [`Outcome::ALL`] and [`Reason::ALL`], whether there
    /// is a digest, a zero, and the digest. `docs/wasm-abi.md` has it for people.
    pub fn to_compact(&self) -> [u8; VERDICT_BYTES] {
        let mut bytes = [0; VERDICT_BYTES];
        if let Some(([outcome, reason, has_policy, _], policy)) = bytes.split_first_chunk_mut() {
            (*outcome, *reason) = (self.outcome() as u8, self.reason as u8);
            if let Some(digest) = self.policy {
                *has_policy = 1;
                policy.copy_from_slice(digest);
            }
        }
        bytes
    }
}

/// How many bytes the compact binary form of a verdict has.
pub const VERDICT_BYTES: usize = 36;

/// A denial before any rule is looked at.
enum Refusal<'i> {
    UnknownAccount(&'i str),
    /// The repository differs only in case from one that is selected, whose record this is.
    RepositoryCase(RepositoryRecord),
    Malformed(MalformedPart, Malformed),
    UnknownCommand(&'i str),
    /// What is wrong with an argument, of which command, and what that executes.
    Argument(ArgumentRefusal<'i>, &'i str, Option<ToolRecord>),
}

/// An account and what it shares.
#[derive(Clone, Copy)]
struct Scope<'p> {
    view: View<'p>,
    account: AccountRecord,
    shared: ScopeRecord,
}

/// A question as the rules see it.
struct Question<'p, 'i> {
    within: Scope<'p>,
    asked: &'i Asked<'i>,
    command: CommandRecord,
    tool: Option<ToolRecord>,
    repository: Option<RepositoryRecord>,
}

/// What the rules say.
enum Judgement {
    Forbidden,
    Permitted,
    /// The rule with the fewest requirements not shown, and those.
    Unmet(u16, Unmet),
    NoPermit,
}

impl<B: AsRef<[u8]>> Policy<B> {
    /// Decides a canonical invocation. Allocates nothing, unless evidence brings more approvals than fit on the stack.
    ///
    /// # Examples
    /// ```
    /// use policy_core::bundle::Policy;
    /// use policy_core::compile::compile;
    /// use policy_core::invocation::{Invocation, RawInvocation};
    /// use policy_core::{PolicyFile, check};
    ///
    /// let estate = check(vec![PolicyFile::new("estate.hcl", "account \"prod\" { id = \"222222222222\" }\n")]).estate.unwrap();
    /// let policy = Policy::load(compile(&estate, None).unwrap().bytes).unwrap();
    /// let raw = RawInvocation::from_json(
    ///     br#"{"account": "prod", "caller": {"principal": "local:user/ana"}, "repository": "github.com/acme/live",
    ///          "ref": "refs/heads/main", "path": "prod", "command": "plan"}"#,
    /// ).unwrap();
    /// assert_eq!(policy.decide(&Invocation::parse(&raw).unwrap()).reason().as_str(), "unknown-command");
    /// ```
    pub fn decide(&self, invocation: &Invocation) -> Verdict<'_> {
        match Scope::find(self.view(), invocation.account()) {
            Some(within) => within.decide_canonical(&invocation.into()),
            None => Verdict { reason: Reason::UnknownAccount, policy: None },
        }
    }

    /// Decides an invocation as it was typed: its texts are brought to their canonical forms first, in the order of E8.
    pub fn decide_raw(&self, raw: &RawInvocation) -> Verdict<'_> {
        if raw.validate().is_err() {
            return Verdict { reason: Reason::InvalidInvocation, policy: None };
        }
        let Some(within) = Scope::find(self.view(), &raw.account) else {
            return Verdict { reason: Reason::UnknownAccount, policy: None };
        };
        let mut verdict = within.verdict(Reason::NoPermit);
        match within.with_canonical(raw, &mut |asked, repository| verdict = within.decide(asked, repository)) {
            Ok(()) => verdict,
            Err(refusal) => within.verdict(refusal.reason()),
        }
    }

    /// Decides an invocation that comes as JSON, such as one line of a file without its end.
    pub fn decide_json(&self, json: &[u8]) -> Verdict<'_> {
        match RawInvocation::from_json(json) {
            Ok(raw) => self.decide_raw(&raw),
            Err(_) => Verdict { reason: Reason::InvalidInvocation, policy: None },
        }
    }

    /// Decides an invocation in its compact binary form.
    ///
    /// # Errors
    /// Bytes that do not have the form: a bug in whatever wrote them.
    pub fn decide_compact(&self, bytes: &[u8]) -> Result<Verdict<'_>, CompactError> {
        match RawInvocation::from_compact(bytes) {
            Ok(raw) => Ok(self.decide_raw(&raw)),
            Err(CompactError::Invalid(_)) => Ok(Verdict { reason: Reason::InvalidInvocation, policy: None }),
            Err(form) => Err(form),
        }
    }

    /// Decides a canonical invocation, and says why.
    pub fn explain(&self, invocation: &Invocation) -> Decision<'_> {
        match Scope::find(self.view(), invocation.account()) {
            Some(within) => self.with_digest(within.explain_canonical(&invocation.into())),
            None => self.refuse(&Refusal::UnknownAccount(invocation.account())),
        }
    }

    /// Decides an invocation as it was typed, and says why.
    pub fn explain_raw(&self, raw: &RawInvocation) -> Decision<'_> {
        if let Err(invalid) = raw.validate() {
            return self.explain_invalid(invalid);
        }
        let Some(within) = Scope::find(self.view(), &raw.account) else {
            return self.refuse(&Refusal::UnknownAccount(&raw.account));
        };
        let mut decision = within.denied();
        let explained =
            within.with_canonical(raw, &mut |asked, repository| decision = within.explain(asked, repository));
        if let Err(refusal) = explained {
            decision = within.refuse(&refusal);
        }
        self.with_digest(decision)
    }

    /// Decides an invocation that comes as JSON, and says why.
    pub fn explain_json(&self, json: &[u8]) -> Decision<'_> {
        match RawInvocation::from_json(json) {
            Ok(raw) => self.explain_raw(&raw),
            Err(invalid) => self.explain_invalid(invalid),
        }
    }
}

impl Refusal<'_> {
    const fn reason(&self) -> Reason {
        match self {
            Self::UnknownAccount(_) => Reason::UnknownAccount,
            Self::RepositoryCase(_) => Reason::MalformedRepository,
            Self::Malformed(part, _) => match part {
                MalformedPart::Caller => Reason::MalformedCaller,
                MalformedPart::Repository => Reason::MalformedRepository,
                MalformedPart::Ref => Reason::MalformedRef,
                MalformedPart::Commit => Reason::MalformedCommit,
                MalformedPart::Path => Reason::MalformedPath,
            },
            Self::UnknownCommand(_) => Reason::UnknownCommand,
            Self::Argument(..) => Reason::ArgumentRefused,
        }
    }
}

impl<'p> Scope<'p> {
    /// C4: the account of a name or id.
    fn find(view: View<'p>, name: &str) -> Option<Self> {
        let hash = index::hash(name.as_bytes());
        let is_it = |account: &AccountRecord| {
            [account.name, account.id].into_iter().any(|text| view.text_bytes(text) == Some(name.as_bytes()))
        };
        let (_, account) = view.find(Section::Accounts, view.header.accounts, hash, is_it)?;
        Some(Self { view, account, shared: view.record(Section::Scopes, account.scope)? })
    }

    fn verdict(&self, reason: Reason) -> Verdict<'p> {
        Verdict { reason, policy: self.view.digest_bytes(self.account.policy) }
    }

    /// Section 7, in the order of E8: brings what was typed to its canonical form, and goes on with that.
    fn with_canonical(
        &self,
        raw: &RawInvocation,
        then: &mut dyn FnMut(&Asked<'_>, Option<RepositoryRecord>),
    ) -> Result<(), Refusal<'static>> {
        let of = |part: MalformedPart| move |malformed: Malformed| Refusal::Malformed(part, malformed);
        let role;
        let caller = match &raw.caller {
            RawCaller::Principal(text) => {
                let (matched, session) = Principal::matched(text).map_err(of(MalformedPart::Caller))?;
                role = matched;
                Who::Principal { principal: role.as_ref().unwrap_or(text), session, text }
            }
            RawCaller::Token { issuer, claims } => {
                Issuer::check(issuer).map_err(of(MalformedPart::Caller))?;
                claims.check_normal_form().map_err(of(MalformedPart::Caller))?;
                Who::Token { issuer, claims }
            }
        };
        let repository = RepositoryId::parse(&raw.repository).map_err(of(MalformedPart::Repository))?;
        let record = self.repository(repository.as_str()).map_err(Refusal::RepositoryCase)?;
        FullRef::check(&raw.reference).map_err(of(MalformedPart::Ref))?;
        raw.check_commit(&raw.reference).map_err(of(MalformedPart::Commit))?;
        UnitPath::check(&raw.path).map_err(of(MalformedPart::Path))?;
        let asked = Asked {
            caller,
            repository: repository.as_str(),
            reference: &raw.reference,
            commit: raw.commit.as_deref(),
            path: &raw.path,
            command: &raw.command,
            arguments: &raw.arguments,
            evidence: &raw.evidence,
        };
        then(&asked, record);
        Ok(())
    }

    /// The selected repository of an identity.
    ///
    /// # Errors
    /// C1: the one from which it differs only in case.
    fn repository(&self, identity: &str) -> Result<Option<RepositoryRecord>, RepositoryRecord> {
        let view = self.view;
        let asked = identity.as_bytes();
        let folded = |record: &RepositoryRecord| {
            view.text_bytes(record.identity).is_some_and(|identity| identity.eq_ignore_ascii_case(asked))
        };
        // No two remotes of an estate differ only in case, so that there is one at most.
        match view.find(Section::Repositories, self.shared.repositories, index::hash(asked), folded) {
            None => Ok(None),
            Some((_, record)) if view.text_bytes(record.identity) == Some(asked) => Ok(Some(record)),
            Some((_, record)) => Err(record),
        }
    }

    /// E8, the command and the arguments.
    fn question<'i>(
        &self,
        asked: &'i Asked<'i>,
        repository: Option<RepositoryRecord>,
    ) -> Result<Question<'p, 'i>, Refusal<'i>> {
        let view = self.view;
        let name = asked.command;
        let is_it = |command: &CommandRecord| view.text_bytes(command.name) == Some(name.as_bytes());
        let found = view.find(Section::Commands, self.shared.commands, index::hash(name.as_bytes()), is_it);
        let (_, command) = found.ok_or(Refusal::UnknownCommand(name))?;
        let tool = view.optional(Section::Tools, command.tool);
        let question = Question { within: *self, asked, command, tool, repository };
        question.read_arguments().map_err(|refusal| Refusal::Argument(refusal, name, tool))?;
        Ok(question)
    }

    fn decide_canonical(&self, asked: &Asked<'_>) -> Verdict<'p> {
        match self.repository(asked.repository) {
            Ok(repository) => self.decide(asked, repository),
            Err(record) => self.verdict(Refusal::RepositoryCase(record).reason()),
        }
    }

    fn explain_canonical(&self, asked: &Asked<'_>) -> Decision<'p> {
        match self.repository(asked.repository) {
            Ok(repository) => self.explain(asked, repository),
            Err(record) => self.refuse(&Refusal::RepositoryCase(record)),
        }
    }

    fn decide(&self, asked: &Asked<'_>, repository: Option<RepositoryRecord>) -> Verdict<'p> {
        self.verdict(match self.question(asked, repository) {
            Err(refusal) => refusal.reason(),
            Ok(question) => match question.judge() {
                // Loading has checked that nothing is missing; if something were, nothing would be permitted.
                None | Some(Judgement::NoPermit) => Reason::NoPermit,
                Some(Judgement::Forbidden) => Reason::Forbidden,
                Some(Judgement::Permitted) => Reason::Permitted,
                Some(Judgement::Unmet(..)) => Reason::RequirementsUnmet,
            },
        })
    }

    /// The rule of a number.
    fn rule(&self, number: u16) -> Option<RuleRecord> {
        let rules = self.view.list(self.shared.rules)?;
        self.view.record(Section::Rules, rules.get(usize::from(number))?)
    }

    /// How many rules there are.
    fn rules(&self) -> usize {
        self.view.list(self.shared.rules).map_or(0, super::view::Numbers::len)
    }
}
