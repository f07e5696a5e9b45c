//! The reference engine: the direct reading of the language over an [`Estate`]. Slow and obvious; every other engine is
//! held against it, and shares no matching code with it.

mod approvals;
mod arguments;
mod bind;
mod claim_use;
mod explain;
mod matching;
mod requirements;

use std::borrow::Cow;
use std::sync::{Arc, OnceLock};

use crate::canonical::{Malformed, RepositoryId};
use crate::decision::{Decision, Engine, Launch, MatchedRule, Nearest, Reason, message};
use crate::digest::{self, Selected};
use crate::estate::{Account, Command, Estate, Repository, Requirement, Rule, RuleEffect};
use crate::invocation::{InvalidInvocation, Invocation, MalformedPart, RawInvocation};
use crate::redact;

use arguments::Given;

/// Decides by reading the rules of an estate one after the other.
///
/// ```
/// use policy_core::reference::Reference;
/// use policy_core::{PolicyFile, check};
///
/// let estate = check(vec![PolicyFile::new("estate.hcl", "account \"prod\" { id = \"222222222222\" }\n")]).estate.unwrap();
/// let decision = Reference::new(&estate).decide_json(b"{}");
/// assert_eq!(decision.reason.as_str(), "invalid-invocation");
/// ```
#[derive(Debug)]
pub struct Reference<'a> {
    estate: &'a Estate,
    /// What the rules of each account select, found when it is first asked for.
    selected: Vec<OnceLock<Selected>>,
}

/// A denial before any rule is looked at.
struct Refusal {
    reason: Reason,
    message: String,
}

impl Refusal {
    fn new(reason: Reason, message: impl Into<String>) -> Self {
        let message: String = message.into();
        Self { reason, message: redact::text(&message).into_owned() }
    }

    fn invalid(invalid: InvalidInvocation) -> Self {
        Self::malformed(Reason::InvalidInvocation, Malformed { message: invalid.message, help: invalid.help })
    }

    fn malformed(reason: Reason, malformed: Malformed) -> Self {
        let help = malformed.help.map(|help| format!("; {help}")).unwrap_or_default();
        Self::new(reason, format!("{}{help}", malformed.message))
    }
}

/// A question as the rules see it.
struct Question<'a> {
    account: &'a Account,
    selected: &'a Selected,
    repositories: &'a [Arc<Repository>],
    rules: Vec<&'a Arc<Rule>>,
    invocation: &'a Invocation,
    command: &'a Command,
    given: Given<'a>,
}

impl<'a> Reference<'a> {
    /// An engine that decides by the rules of `estate`.
    pub fn new(estate: &'a Estate) -> Self {
        Self { estate, selected: estate.accounts.iter().map(|_| OnceLock::new()).collect() }
    }

    /// The estate.
    pub const fn estate(&self) -> &'a Estate {
        self.estate
    }

    /// Decides an invocation that comes as JSON, such as one line of a file without its end.
    pub fn decide_json(&self, json: &[u8]) -> Decision<'static> {
        match RawInvocation::from_json(json) {
            Ok(raw) => self.decide_raw(&raw),
            Err(invalid) => self.refuse(None, Refusal::invalid(invalid)),
        }
    }

    /// Decides an invocation as it was typed: its texts are brought to their canonical forms first, in the order of E8.
    pub fn decide_raw(&self, raw: &RawInvocation) -> Decision<'static> {
        if let Err(invalid) = raw.validate() {
            return self.refuse(None, Refusal::invalid(invalid));
        }
        let Some((account, selected)) = self.account(&raw.account) else { return self.unknown_account(&raw.account) };
        match Invocation::parse_with(raw, |repository| differs_only_in_case(repository, selected)) {
            Ok(invocation) => self.decide_in(account, selected, &invocation),
            Err((part, malformed)) => self.refuse(Some(selected), Refusal::malformed(reason_of(part), malformed)),
        }
    }

    /// Decides a canonical invocation.
    pub fn decide(&self, invocation: &Invocation) -> Decision<'static> {
        match self.account(invocation.account()) {
            Some((account, selected)) => self.decide_in(account, selected, invocation),
            None => self.unknown_account(invocation.account()),
        }
    }

    fn account(&self, name_or_id: &str) -> Option<(&'a Account, &Selected)> {
        let index = self.estate.account_index(name_or_id)?;
        let account = self.estate.accounts.get(index)?;
        let selected = self.selected.get(index)?.get_or_init(|| digest::select(self.estate, account));
        Some((account, selected))
    }

    fn unknown_account(&self, name: &str) -> Decision<'static> {
        let names = self.estate.accounts.iter().map(|account| &*account.name);
        let message = message::unknown_account(name, names);
        self.refuse(None, Refusal::new(Reason::UnknownAccount, message))
    }

    fn decide_in(&self, account: &Account, selected: &Selected, invocation: &Invocation) -> Decision<'static> {
        match self.question(account, selected, invocation) {
            Ok(question) => self.answer(&question),
            Err(refusal) => self.refuse(Some(selected), refusal),
        }
    }

    /// E8, from the rule about case to the arguments.
    fn question<'q>(
        &'q self,
        account: &'q Account,
        selected: &'q Selected,
        invocation: &'q Invocation,
    ) -> Result<Question<'q>, Refusal> {
        differs_only_in_case(invocation.repository(), selected)
            .map_err(|malformed| Refusal::malformed(Reason::MalformedRepository, malformed))?;
        let rules = self.estate.rules(account);
        let command = self.command(account, &rules, invocation.command())?;
        let given = arguments::read(command, invocation.arguments())
            .map_err(|message| Refusal::new(Reason::ArgumentRefused, message))?;
        Ok(Question { account, selected, repositories: &self.estate.repositories, rules, invocation, command, given })
    }

    fn command(&self, account: &Account, rules: &[&Arc<Rule>], name: &str) -> Result<&'a Command, Refusal> {
        let selects = rules.iter().any(|rule| rule.selects_command(name));
        match self.estate.command(name) {
            Some(command) if selects => Ok(command),
            Some(_) => {
                let message = format!("no rule of account `{}` is about the command `{name}`", account.name);
                Err(Refusal::new(Reason::UnknownCommand, message))
            }
            None => {
                let names = self.estate.commands.iter().map(|command| &*command.name);
                let near = crate::suggestion::nearest(name, names).map(|near| format!("; did you mean `{near}`?"));
                let message = format!("there is no command `{}`{}", name.escape_debug(), near.unwrap_or_default());
                Err(Refusal::new(Reason::UnknownCommand, message))
            }
        }
    }

    /// E1 to E5: forbids first, then permits.
    fn answer(&self, question: &Question<'_>) -> Decision<'static> {
        let matching = |effect: RuleEffect| -> Vec<&Arc<Rule>> {
            question.rules.iter().copied().filter(|rule| rule.effect == effect && question.matches(rule)).collect()
        };
        let forbids = matching(RuleEffect::Forbid);
        if !forbids.is_empty() {
            let message = message::forbidden(forbids.iter().map(|rule| &*rule.name));
            return self.decision(question, Reason::Forbidden, message, &forbids);
        }
        let permits = matching(RuleEffect::Permit);
        let unmet: Vec<Vec<Requirement>> = permits.iter().map(|rule| question.not_shown(rule)).collect();
        let shown: Vec<&Arc<Rule>> =
            permits.iter().zip(&unmet).filter(|(_, unmet)| unmet.is_empty()).map(|(rule, _)| *rule).collect();
        if !shown.is_empty() {
            let message = message::permitted(shown.iter().map(|rule| &*rule.name));
            return Decision {
                launch: question.launch(),
                ..self.decision(question, Reason::Permitted, message, &shown)
            };
        }
        // E9: the fewest requirements not shown; the rules are in the order of their names, which decides ties.
        if let Some((rule, unmet)) = permits.iter().zip(&unmet).min_by_key(|(_, unmet)| unmet.len()) {
            let unmet: Vec<&'static str> = unmet.iter().map(|requirement| requirement.as_str()).collect();
            let message = message::unmet(&rule.name, &unmet);
            return Decision {
                unmet,
                launch: question.launch(),
                ..self.decision(question, Reason::RequirementsUnmet, message, &[rule])
            };
        }
        let nearest: Vec<Nearest<'static>> = question.nearest();
        let message = message::no_permit(&question.account.name, &nearest);
        Decision { nearest, ..self.decision(question, Reason::NoPermit, message, &[]) }
    }

    fn decision(
        &self,
        question: &Question<'_>,
        reason: Reason,
        message: String,
        rules: &[&Arc<Rule>],
    ) -> Decision<'static> {
        let rule = |rule: &&Arc<Rule>| MatchedRule {
            name: rule.name.to_string().into(),
            account: question.account.name.to_string().into(),
            effect: rule.effect.as_str(),
            file: rule.place.file.to_string().into(),
            line: rule.place.line,
        };
        let rules = rules.iter().map(rule).collect();
        Decision { rules, ..self.refuse(Some(question.selected), Refusal { reason, message }) }
    }

    fn refuse(&self, selected: Option<&Selected>, refusal: Refusal) -> Decision<'static> {
        Decision {
            reason: refusal.reason,
            message: refusal.message,
            rules: Vec::new(),
            unmet: Vec::new(),
            launch: None,
            nearest: Vec::new(),
            policy: selected.map(|selected| selected.policy),
            bundle: None,
            language: self.estate.language,
            engine: Engine::Reference,
        }
    }
}

impl Question<'_> {
    /// A3, A5: what a runner is to execute; nothing for a verb.
    fn launch(&self) -> Option<Launch<'static>> {
        let tool = self.command.tool()?;
        let mut environment = tool.runner.environment.clone();
        environment.extend(tool.environment.iter().map(|(name, value)| (name.clone(), value.clone())));
        Some(Launch {
            command: self.command.name.to_string().into(),
            effect: tool.effect.as_str(),
            runner: tool.runner.name.to_string().into(),
            runner_digest: digest::of_runner(&tool.runner),
            argv: self.given.argv(tool).into_iter().map(Cow::Owned).collect(),
            environment: environment
                .iter()
                .map(|(name, value)| (name.to_string().into(), value.to_string().into()))
                .collect(),
        })
    }
}

/// C1: a repository that differs from a remote which the account's rules select, but only in case.
fn differs_only_in_case(repository: &RepositoryId, selected: &Selected) -> Result<(), Malformed> {
    let remotes = || selected.repositories.iter().flat_map(|repository| &repository.remotes);
    if remotes().any(|remote| remote == repository) {
        return Ok(());
    }
    match remotes().find(|remote| remote.folded() == repository.folded()) {
        None => Ok(()),
        Some(remote) => Err(Malformed::new(format!("`{repository}` differs only in case from `{remote}`"))),
    }
}

fn reason_of(part: MalformedPart) -> Reason {
    match part {
        MalformedPart::Caller => Reason::MalformedCaller,
        MalformedPart::Repository => Reason::MalformedRepository,
        MalformedPart::Ref => Reason::MalformedRef,
        MalformedPart::Commit => Reason::MalformedCommit,
        MalformedPart::Path => Reason::MalformedPath,
    }
}
