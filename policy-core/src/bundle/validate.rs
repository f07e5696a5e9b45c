//! Whether everything in a bundle refers to what is there.
//!
//! Loading promises that deciding never leaves the bundle, never loops and never panics. That the tables mean what the
//! policy says is not for loading to find: it is proved when a bundle is written, and bound to its SHA-256.

use alloc::vec;

use super::automaton::{self, Head, at};
use super::error::BundleError;
use super::layout::{Section, short, word};
use super::records::{
    ApproverRecord, AutomatonRecord, BindRecord, IssuerRecord, Record, ScopeRecord, ToolRecord, WindowRecord, Word,
    fields,
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
    for section in Section::ALL.into_iter().filter(|section| !fields(*section).is_empty()) {
        if !check.records(section) {
            return Err(BundleError::Malformed { part: section.name() });
        }
    }
    let header = view.header;
    let indexes = check.index(header.accounts, Section::Accounts) && check.index(header.declared, Section::Declared);
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
    let all_lead = |ways: &[u8]| ways.as_chunks().0.iter().all(|way| leads(u32::from_le_bytes(*way)));
    let head = Head::read(state)?;
    let count = usize::from(head.count);
    let good = match head.kind {
        automaton::BRANCH => {
            let ranges = state.get(at::RANGES..at::RANGES + 2 * count)?;
            // What leads back to itself is followed byte by byte: then no range may have bytes from within characters.
            let within = |[low, high]: &[u8; 2]| *low < 0xc0 && *high >= 0x80;
            all_lead(state.get(at::RANGES + 2 * count..at::RANGES + 6 * count)?)
                && (head.next == 0 || !ranges.as_chunks().0.iter().any(within))
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
    fn records(&self, section: Section) -> bool {
        let (fields, rows) = (fields(section), self.view.section(section));
        let mut numbers = 0_u32..;
        rows.len().is_multiple_of(4 * fields.len())
            && rows.chunks_exact(4 * fields.len()).all(|row| {
                let number = numbers.next().unwrap_or(u32::MAX);
                let mut words = fields.iter().zip(row.as_chunks().0);
                words.all(|(field, word)| self.word(*field, u32::from_le_bytes(*word), number))
                    && self.agrees(section, row).is_some_and(|agrees| agrees)
            })
    }

    /// Whether a word of the record of a number refers to what is there.
    fn word(&self, field: Word, word: u32, number: u32) -> bool {
        let optional = |is_good: &dyn Fn(u32) -> bool| word.checked_sub(1).is_none_or(is_good);
        match field {
            Word::Number => true,
            Word::AtMost(most) => word <= most,
            Word::Text => self.text(word),
            Word::OptionalText => optional(&|place| self.text(place)),
            Word::Texts => self.all_of(word, &|text| self.text(text)),
            Word::Set => self.set(word, ACCOUNT_RULES),
            Word::Sets => self.all_of(word, &|set| self.set(set, ACCOUNT_RULES)),
            Word::Digest => self.view.digest_bytes(word).is_some(),
            Word::Record(section) => self.has(section, word),
            Word::Optional(section) => optional(&|other| self.has(section, other)),
            Word::Later(section) => optional(&|other| self.has(section, other) && other > number),
            Word::List(section) => self.all_of(word, &|other| self.has(section, other)),
            Word::Index(section) => self.index(word, section),
        }
    }

    /// What concerns several words of a record, each of which is good by itself.
    fn agrees(&self, section: Section, row: &[u8]) -> Option<bool> {
        let view = self.view;
        Some(match section {
            Section::Scopes => {
                let scope = ScopeRecord::read(row)?;
                let rules = view.list(scope.rules)?.len();
                let sets = [scope.other_tokens, scope.other_repositories];
                rules <= ACCOUNT_RULES
                    && scope.forbids as usize <= rules
                    && sets.into_iter().all(|set| self.set(set, rules))
            }
            Section::Issuers => {
                let issuer = IssuerRecord::read(row)?;
                let callers = issuer.callers as usize;
                let mut binds = view.records::<BindRecord>(Section::Binds, issuer.binds);
                issuer.callers <= ISSUER_CALLERS
                    && view.list(issuer.rules)?.len() == 2 * callers
                    && view.list(issuer.names)?.len() == callers
                    && binds.all(|bind| bind.caller < issuer.callers)
            }
            Section::Binds => {
                let bind = BindRecord::read(row)?;
                // A literal, then one claim or more, each with a literal behind it.
                let is_text = |texts: usize| texts == 0 || texts >= 3 && texts % 2 == 1;
                let is_text = |list: u32| view.list(list).is_some_and(|texts| is_text(texts.len()));
                [bind.repository, bind.reference, bind.commit].into_iter().all(is_text)
            }
            // Names and values in turn.
            Section::Tools => view.list(ToolRecord::read(row)?.environment)?.len() % 2 == 0,
            Section::Windows => {
                let window = WindowRecord::read(row)?;
                window.from < window.to
            }
            Section::Approvers => (1..=3).contains(&ApproverRecord::read(row)?.person),
            _ => true,
        })
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

    /// Whether a section has the record of a number.
    fn has(&self, section: Section, number: u32) -> bool {
        (number as usize) < self.view.section(section).len() / (4 * fields(section).len()).max(1)
    }

    fn text(&self, place: u32) -> bool {
        self.view.text_bytes(place).is_some_and(|text| core::str::from_utf8(text).is_ok())
    }

    fn set(&self, place: u32, end: usize) -> bool {
        self.view.set(place).is_some_and(|set| set.end() <= end)
    }

    fn all_of(&self, list: u32, is_good: &dyn Fn(u32) -> bool) -> bool {
        self.view.list(list).is_some_and(|numbers| numbers.iter().all(is_good))
    }

    /// A power of two of slots, one of them empty, so that a search ends.
    fn index(&self, list: u32, section: Section) -> bool {
        self.view.list(list).is_some_and(|slots| {
            let shape = slots.len() == 0 || slots.len().is_power_of_two() && slots.iter().any(|slot| slot == 0);
            shape && super::index::all(slots).all(|number| self.has(section, number))
        })
    }
}
