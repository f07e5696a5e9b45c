//! Whether everything in a bundle refers to what is there.
//!
//! Loading promises that deciding never leaves the bundle, never loops and never panics. That the tables mean what the
//! policy says is not for loading to find: it is proved when a bundle is written, and bound to its SHA-256.

use alloc::vec;

use super::automaton::{self, Head, at};
use super::error::BundleError;
use super::layout::{Section, short, word};
use super::records::{
    AccountRecord, ApproverRecord, ArgumentRecord, AutomatonRecord, ClaimRecord, CommandRecord, ConditionRecord,
    DeclaredRecord, IssuerRecord, OptionRecord, Record, RefListRecord, RepositoryRecord, RequirementsRecord,
    RuleRecord, ScopeRecord, ToolRecord, WindowRecord, option_flags,
};
use super::rule_set::RuleSet;
use super::view::View;
use crate::limits::ACCOUNT_RULES;

/// Callers of one issuer in one record: as many as the engine has room for.
pub(crate) const ISSUER_CALLERS: u32 = 1_024;

/// Checks all sections.
pub(super) fn validate(view: View<'_>) -> Result<(), BundleError> {
    let check = Check { view };
    check.states().ok_or(BundleError::Malformed { part: Section::States.name() })?;
    check.sets().ok_or(BundleError::Malformed { part: Section::Sets.name() })?;
    let whole =
        view.section(Section::Digests).len().is_multiple_of(32) && view.section(Section::Words).len().is_multiple_of(4);
    whole.then_some(()).ok_or(BundleError::Malformed { part: Section::Digests.name() })?;
    check.all(Section::Automata, Check::automaton_record)?;
    check.all(Section::Accounts, Check::account)?;
    check.all(Section::Scopes, Check::scope)?;
    check.all(Section::Repositories, Check::repository)?;
    check.all(Section::Declared, Check::declared)?;
    check.all(Section::Issuers, Check::issuer)?;
    check.all(Section::Claims, Check::claim)?;
    check.all(Section::Commands, Check::command)?;
    check.all(Section::Tools, Check::tool)?;
    check.all(Section::Options, Check::option)?;
    check.all(Section::Conditions, Check::condition)?;
    check.all(Section::Rules, Check::rule)?;
    check.all(Section::Arguments, Check::argument)?;
    check.all(Section::RefLists, Check::ref_list)?;
    check.all(Section::Requirements, Check::requirements)?;
    check.all(Section::Windows, Check::window)?;
    check.all(Section::Approvers, Check::approver)?;
    let header = view.header;
    let indexes = check.index::<AccountRecord>(header.accounts, Section::Accounts)
        && check.index::<DeclaredRecord>(header.declared, Section::Declared);
    indexes.then_some(()).ok_or(BundleError::Malformed { part: "header" })
}

/// Whether a bit is set.
fn has(bits: &[u8], place: u32) -> bool {
    let place = place as usize;
    bits.get(place / 8).is_some_and(|byte| byte >> (place % 8) & 1 != 0)
}

/// Whether the state at the beginning of `state` leads to states only.
fn good_state(states: &[u8], state: &[u8], starts: &[u8], maps: &[u8]) -> Option<()> {
    let leads = |state: u32| state == 0 || has(starts, state);
    let all_lead = |ways: &[u8]| ways.chunks_exact(4).all(|way| word(way, 0).is_some_and(leads));
    let head = Head::read(state)?;
    let count = usize::from(head.count);
    let good = match head.kind {
        automaton::BRANCH => {
            let ranges = state.get(at::RANGES..at::RANGES + 2 * count)?;
            // What leads back to itself is followed byte by byte: then no range may have bytes from within characters.
            let within = |range: &[u8]| matches!(range, [low, high] if *low < 0xc0 && *high >= 0x80);
            all_lead(state.get(at::RANGES + 2 * count..at::RANGES + 6 * count)?)
                && (head.next == 0 || !ranges.chunks_exact(2).any(within))
        }
        automaton::TABLE => {
            let count = usize::from(short(state, at::WAYS)?);
            let map = word(state, at::MAP)?;
            let bytes = states.get(map as usize + 1..map as usize + 1 + automaton::MAP_BYTES)?;
            has(maps, map)
                && bytes.iter().all(|way| usize::from(*way) <= count)
                && all_lead(state.get(at::TABLE..at::TABLE + 4 * count)?)
        }
        _ => true,
    };
    (good && leads(head.next)).then_some(())
}

struct Check<'a> {
    view: View<'a>,
}

impl Check<'_> {
    /// Every record of a section.
    fn all<R: Record>(&self, section: Section, good: impl Fn(&Self, u32, R) -> bool) -> Result<(), BundleError> {
        let malformed = BundleError::Malformed { part: section.name() };
        let bytes = self.view.section(section);
        if !bytes.len().is_multiple_of(R::WORDS * 4) {
            return Err(malformed);
        }
        let mut numbers = 0_u32..;
        let all = bytes.chunks_exact(R::WORDS * 4).all(|row| {
            let record = R::read(row).zip(numbers.next());
            record.is_some_and(|(record, number)| good(self, number, record))
        });
        if all { Ok(()) } else { Err(malformed) }
    }

    /// The states follow each other without a gap, and lead to states only.
    fn states(&self) -> Option<()> {
        let states = self.view.section(Section::States);
        let mut starts = vec![0_u8; states.len() / 8 + 1];
        let mut maps = vec![0_u8; states.len() / 8 + 1];
        // A byte of nothing, so that no state has place 0.
        let mut place = 1;
        while let Some(rest) = states.get(place..).filter(|rest| !rest.is_empty()) {
            let of_kind = if rest.first() == Some(&automaton::MAP) { &mut maps } else { &mut starts };
            *of_kind.get_mut(place / 8)? |= 1 << (place % 8);
            place += automaton::measure(rest)?;
        }
        let leads = |state: u32| state == 0 || has(&starts, state);
        let mut place = 1;
        while let Some(rest) = states.get(place..).filter(|rest| !rest.is_empty()) {
            if rest.first() != Some(&automaton::MAP) {
                good_state(states, rest, &starts, &maps)?;
            }
            place += automaton::measure(rest)?;
        }
        let starts_are = |row: &[u8]| AutomatonRecord::read(row).is_some_and(|automaton| leads(automaton.start));
        self.view.section(Section::Automata).chunks_exact(AutomatonRecord::WORDS * 4).all(starts_are).then_some(())
    }

    /// The sets follow each other without a gap.
    fn sets(&self) -> Option<()> {
        let mut rest = self.view.section(Section::Sets);
        while !rest.is_empty() {
            rest = rest.get(RuleSet::measure(rest)?..)?;
        }
        Some(())
    }

    fn is_in<R: Record>(&self, section: Section, number: u32) -> bool {
        (number as usize) < self.view.count::<R>(section)
    }

    fn optional_is_in<R: Record>(&self, section: Section, reference: u32) -> bool {
        reference.checked_sub(1).is_none_or(|number| self.is_in::<R>(section, number))
    }

    fn automaton(&self, number: u32) -> bool {
        self.is_in::<AutomatonRecord>(Section::Automata, number)
    }

    fn optional_automaton(&self, reference: u32) -> bool {
        self.optional_is_in::<AutomatonRecord>(Section::Automata, reference)
    }

    fn text(&self, place: u32) -> bool {
        self.view.text_bytes(place).is_some_and(|text| core::str::from_utf8(text).is_ok())
    }

    fn optional_text(&self, reference: u32) -> bool {
        reference.checked_sub(1).is_none_or(|place| self.text(place))
    }

    fn texts(&self, list: u32) -> bool {
        self.view.list(list).is_some_and(|texts| texts.iter().all(|text| self.text(text)))
    }

    fn list<R: Record>(&self, list: u32, section: Section) -> bool {
        let most = self.view.count::<R>(section);
        self.view.list(list).is_some_and(|numbers| numbers.iter().all(|number| (number as usize) < most))
    }

    /// A power of two of slots, one of them empty, so that a search ends.
    fn index<R: Record>(&self, list: u32, section: Section) -> bool {
        let most = self.view.count::<R>(section);
        self.view.list(list).is_some_and(|slots| {
            let shape = slots.len() == 0 || slots.len().is_power_of_two() && slots.iter().any(|slot| slot == 0);
            shape && super::index::all(slots).all(|number| (number as usize) < most)
        })
    }

    fn set(&self, place: u32, end: usize) -> bool {
        self.view.set(place).is_some_and(|set| set.end() <= end)
    }

    fn any_set(&self, place: u32) -> bool {
        self.set(place, ACCOUNT_RULES)
    }

    fn digest(&self, number: u32) -> bool {
        self.view.digest(number).is_some()
    }

    fn automaton_record(&self, number: u32, automaton: AutomatonRecord) -> bool {
        // It goes on with one behind it, so that it ends.
        self.optional_automaton(automaton.next) && (automaton.next == 0 || automaton.next - 1 > number)
    }

    fn account(&self, _: u32, account: AccountRecord) -> bool {
        self.text(account.name)
            && self.text(account.id)
            && self.digest(account.policy)
            && self.is_in::<ScopeRecord>(Section::Scopes, account.scope)
            && self.automaton(account.paths)
    }

    fn scope(&self, _: u32, scope: ScopeRecord) -> bool {
        let Some(rules) = self.view.list(scope.rules).map(super::view::Numbers::len) else { return false };
        rules <= ACCOUNT_RULES
            && self.list::<RuleRecord>(scope.rules, Section::Rules)
            && scope.forbids as usize <= rules
            && scope.protected <= 1
            && [scope.principals, scope.other_refs].into_iter().all(|automaton| self.automaton(automaton))
            && [scope.other_tokens, scope.other_repositories].into_iter().all(|set| self.set(set, rules))
            && self.index::<IssuerRecord>(scope.issuers, Section::Issuers)
            && self.index::<RepositoryRecord>(scope.repositories, Section::Repositories)
            && self.index::<CommandRecord>(scope.commands, Section::Commands)
    }

    fn repository(&self, _: u32, repository: RepositoryRecord) -> bool {
        self.text(repository.identity)
            && self.any_set(repository.rules)
            && self.automaton(repository.refs)
            && self.automaton(repository.protected)
            && self.optional_text(repository.protected_text)
    }

    fn declared(&self, _: u32, repository: DeclaredRecord) -> bool {
        self.text(repository.identity)
            && self.automaton(repository.protected)
            && self.optional_text(repository.protected_text)
    }

    fn issuer(&self, number: u32, issuer: IssuerRecord) -> bool {
        let callers = issuer.callers as usize;
        self.text(issuer.issuer)
            && issuer.callers <= ISSUER_CALLERS
            && self.list::<ClaimRecord>(issuer.claims, Section::Claims)
            && self.any_set(issuer.any)
            && self
                .view
                .list(issuer.rules)
                .is_some_and(|sets| sets.len() == 2 * callers && sets.iter().all(|set| self.any_set(set)))
            && self.optional_is_in::<IssuerRecord>(Section::Issuers, issuer.next)
            && (issuer.next == 0 || issuer.next - 1 > number)
    }

    fn claim(&self, _: u32, claim: ClaimRecord) -> bool {
        self.text(claim.name) && self.automaton(claim.texts)
    }

    fn command(&self, _: u32, command: CommandRecord) -> bool {
        self.text(command.name)
            && self.any_set(command.rules)
            && self.optional_is_in::<ToolRecord>(Section::Tools, command.tool)
            && self.any_set(command.without_arguments)
            && self.any_set(command.with_arguments)
            && self.list::<ConditionRecord>(command.conditions, Section::Conditions)
    }

    fn tool(&self, _: u32, tool: ToolRecord) -> bool {
        self.text(tool.runner)
            && self.digest(tool.runner_digest)
            && tool.effect <= 1
            && tool.plan <= 1
            && tool.either_dashes <= 1
            && [tool.program, tool.always, tool.trailing, tool.environment].into_iter().all(|list| self.texts(list))
            && self.view.list(tool.environment).is_some_and(|pairs| pairs.len() % 2 == 0)
            && self.index::<OptionRecord>(tool.options, Section::Options)
            && self.optional_automaton(tool.positional)
            && self.text(tool.positional_text)
            && tool.positional_min <= u16::MAX.into()
            && tool.positional_max <= u16::MAX.into()
            && tool.positional_flags <= option_flags::ALL
    }

    fn option(&self, _: u32, option: OptionRecord) -> bool {
        self.text(option.name)
            && option.flags <= option_flags::ALL
            && self.automaton(option.values)
            && self.text(option.text)
    }

    fn condition(&self, _: u32, condition: ConditionRecord) -> bool {
        self.optional_is_in::<OptionRecord>(Section::Options, condition.option)
            && self.automaton(condition.values)
            && self.any_set(condition.absent)
    }

    fn rule(&self, _: u32, rule: RuleRecord) -> bool {
        self.text(rule.name)
            && self.text(rule.file)
            && [rule.callers, rule.repositories, rule.paths, rule.commands]
                .into_iter()
                .all(|text| self.optional_text(text))
            && self.optional_is_in::<RefListRecord>(Section::RefLists, rule.refs)
            && self.list::<ArgumentRecord>(rule.arguments, Section::Arguments)
            && self.optional_is_in::<RequirementsRecord>(Section::Requirements, rule.requirements)
    }

    fn argument(&self, _: u32, argument: ArgumentRecord) -> bool {
        self.text(argument.name) && self.text(argument.text) && self.automaton(argument.values)
    }

    fn ref_list(&self, _: u32, list: RefListRecord) -> bool {
        self.automaton(list.include) && self.automaton(list.exclude) && list.protected <= 3 && self.text(list.text)
    }

    fn requirements(&self, _: u32, required: RequirementsRecord) -> bool {
        let lists = [required.commit_on, required.commit_is_tip_of];
        let flags = [required.planned, required.no_rollback];
        lists.into_iter().all(|list| self.optional_is_in::<RefListRecord>(Section::RefLists, list))
            && flags.into_iter().all(|flag| flag <= 1)
            && required.plan <= 31
            && [required.approvers, required.no_approvers]
                .into_iter()
                .all(|list| self.list::<ApproverRecord>(list, Section::Approvers))
            && self.optional_automaton(required.types)
            && self.list::<WindowRecord>(required.windows, Section::Windows)
    }

    fn window(&self, _: u32, window: WindowRecord) -> bool {
        window.days < 128 && window.from < window.to && window.to <= 1_440 && self.text(window.zone)
    }

    fn approver(&self, _: u32, approver: ApproverRecord) -> bool {
        self.optional_text(approver.issuer)
            && self.automaton(approver.principals)
            && self.optional_automaton(approver.sessions)
            && self.list::<ClaimRecord>(approver.claims, Section::Claims)
            && (1..=3).contains(&approver.person)
            && self.optional_text(approver.person_claim)
    }
}
