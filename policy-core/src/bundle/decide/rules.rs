//! E1 to E5: which rules match, and what they say.

use alloc::vec::Vec;
use core::ops::ControlFlow;

use super::super::rule_set::{RuleSet, bits};
use super::{Judgement, Question};
use crate::decision::Dimension;

/// For each dimension, in the order of E3, the rules whose part about it matches.
pub(super) type Sets<'a> = [RuleSet<'a>; Dimension::ALL.len()];

impl<'p> Question<'p, '_> {
    /// What the rules say; nothing only if the bundle lacks something.
    pub(super) fn judge(&self) -> Option<Judgement> {
        let mut judgement = None;
        self.with_sets(&mut |sets| judgement = self.judge_by(sets))?;
        judgement
    }

    /// Forbid rules come first, so that the first of them ends the search; permit rules go on until one is shown.
    pub(super) fn judge_by(&self, sets: &Sets<'_>) -> Option<Judgement> {
        let mut judgement = Some(Judgement::NoPermit);
        let mut fewest = u32::MAX;
        let forbids = self.within.shared.forbids;
        each_match(sets, self.within.rules(), &mut |number| {
            if u32::from(number) < forbids {
                judgement = Some(Judgement::Forbidden);
                return ControlFlow::Break(());
            }
            let Some(unmet) = self.unmet(number) else {
                judgement = None;
                return ControlFlow::Break(());
            };
            if unmet.is_empty() {
                judgement = Some(Judgement::Permitted);
                return ControlFlow::Break(());
            }
            // E9: the fewest; the rules are in the order of their names, which decides ties.
            if unmet.count() < fewest {
                fewest = unmet.count();
                judgement = Some(Judgement::Unmet(number, unmet));
            }
            ControlFlow::Continue(())
        });
        judgement
    }

    /// Finds the sets. Most lie in the bundle; where one has to be made, there is room for so many rules as there are:
    /// nobody waits for room that is not needed.
    pub(super) fn with_sets(&self, then: &mut dyn FnMut(&Sets<'_>)) -> Option<()> {
        match self.sets([&mut [], &mut [], &mut [], &mut []]) {
            Some(sets) => then(&sets),
            None => match self.within.rules() {
                0..=256 => self.with_room::<4>(then)?,
                257..=1_024 => self.with_room::<16>(then)?,
                _ => self.with_room::<{ crate::limits::ACCOUNT_RULES.div_ceil(64) }>(then)?,
            },
        }
        Some(())
    }

    #[inline(never)]
    fn with_room<const WORDS: usize>(&self, then: &mut dyn FnMut(&Sets<'_>)) -> Option<()> {
        let (mut callers, mut refs, mut paths, mut arguments) = ([0; WORDS], [0; WORDS], [0; WORDS], [0; WORDS]);
        let sets = self.sets([&mut callers, &mut refs, &mut paths, &mut arguments])?;
        then(&sets);
        Some(())
    }

    /// The sets; nothing if one has to be made and there is no room for it.
    #[inline]
    fn sets<'a>(&self, [callers, refs, paths, arguments]: [&'a mut [u64]; 4]) -> Option<Sets<'a>>
    where
        'p: 'a,
    {
        let (scope, asked) = (&self.within.shared, self.asked);
        let view = self.within.view;
        let (of_refs, repositories) = match &self.repository {
            Some(repository) => (repository.refs, repository.rules),
            None => (scope.other_refs, scope.other_repositories),
        };
        Some([
            self.callers(callers)?,
            view.set(repositories)?,
            self.union(of_refs, asked.reference, refs)?,
            self.union(self.within.account.paths, asked.path, paths)?,
            view.set(self.command.rules)?,
            self.arguments(arguments)?,
        ])
    }

    /// The set of an automaton, or of all that it goes on with.
    fn union<'a>(&self, automaton: u32, text: &str, room: &'a mut [u64]) -> Option<RuleSet<'a>>
    where
        'p: 'a,
    {
        self.union_by(automaton, text, room, &|label| self.within.view.set(label))
    }

    /// The same, where `set` says what set a label means.
    pub(super) fn union_by<'a>(
        &self,
        automaton: u32,
        text: &str,
        room: &'a mut [u64],
        set: &dyn Fn(u32) -> Option<RuleSet<'p>>,
    ) -> Option<RuleSet<'a>>
    where
        'p: 'a,
    {
        let view = self.within.view;
        let (label, mut next) = view.walk(automaton, text.as_bytes())?;
        let first = set(label)?;
        if next == 0 {
            return Some(first);
        }
        add(room, first)?;
        while let Some(number) = next.checked_sub(1) {
            let (label, after) = view.walk(number, text.as_bytes())?;
            add(room, set(label)?)?;
            next = after;
        }
        Some(RuleSet::Made(room))
    }
}

/// Puts a set into what was made so far; nothing if there is no room.
pub(super) fn add(room: &mut [u64], set: RuleSet<'_>) -> Option<()> {
    for (at, word) in room.iter_mut().enumerate() {
        *word |= set.word(at);
    }
    (!room.is_empty()).then_some(())
}

/// Calls for each rule that is in all sets, in order. A short set is looked through; of long ones the words are compared.
fn each_match(sets: &Sets<'_>, rules: usize, each: &mut dyn FnMut(u16) -> ControlFlow<()>) {
    let smallest = sets.iter().min_by_key(|set| set.count());
    if let Some(listed) = smallest.and_then(|set| set.listed()) {
        for number in listed {
            if sets.iter().all(|set| set.has(number)) && each(number).is_break() {
                return;
            }
        }
        return;
    }
    for number in bits(rules, |at| sets.iter().fold(u64::MAX, |word, set| word & set.word(at))) {
        if each(number).is_break() {
            return;
        }
    }
}

/// The rules that are in all sets, in order.
pub(super) fn matching(sets: &Sets<'_>, rules: usize) -> Vec<u16> {
    let mut found = Vec::new();
    each_match(sets, rules, &mut |number| {
        found.push(number);
        ControlFlow::Continue(())
    });
    found
}
