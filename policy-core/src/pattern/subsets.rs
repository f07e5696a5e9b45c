//! The subset construction, one state at a time, with counted states and counted work.

use std::collections::HashMap;
use std::rc::Rc;

use super::alphabet::Alphabet;
use super::error::TooLarge;
use super::nfa::{Closure, State, StateId, index, state};
use crate::limits::PATTERN_BUILD_STATES;

/// Steps of one construction: each state that is met in a set, or from which a class of bytes is read. Far above what
/// patterns within [`PATTERN_BUILD_STATES`] take, save those whose sets are thousands of states large.
const WORK: u64 = 24_000_000;

/// Sets of states of a nondeterministic automaton, numbered in the order in which they were first met; the first is that
/// of the start. The empty set is none of them.
pub(super) struct Subsets<'states> {
    states: &'states [State],
    alphabet: Alphabet,
    closure: Closure,
    numbers: HashMap<Rc<[StateId]>, u32>,
    sets: Vec<Rc<[StateId]>>,
    /// For each class of bytes, where the set at hand leads; empty between two calls.
    targets: Vec<Vec<StateId>>,
    work: u64,
}

impl<'states> Subsets<'states> {
    /// Begins at the set of `starts`.
    pub(super) fn new(states: &'states [State], starts: &[StateId]) -> Self {
        let alphabet = Alphabet::new(states);
        let targets = vec![Vec::new(); alphabet.classes()];
        let closure = Closure::new(states.len());
        let mut subsets =
            Self { states, alphabet, closure, numbers: HashMap::new(), sets: Vec::new(), targets, work: 0 };
        // A construction that has only begun is within its limits.
        let _ = subsets.number(starts);
        subsets
    }

    /// The set of this number, sorted.
    pub(super) fn set(&self, number: u32) -> Option<Rc<[StateId]>> {
        self.sets.get(index(number)).map(Rc::clone)
    }

    /// Puts into `out` for each class of bytes the set it leads to from the set of this number.
    ///
    /// # Errors
    /// [`TooLarge`] for too many sets or too much work.
    pub(super) fn successors(&mut self, number: u32, out: &mut Vec<(u8, u32)>) -> Result<(), TooLarge> {
        out.clear();
        for id in self.set(number).iter().flat_map(|set| set.iter()) {
            let Some(State::Byte { next, .. }) = state(self.states, *id) else { continue };
            let classes = self.alphabet.read_by(index(*id));
            self.work += u64::try_from(classes.len()).unwrap_or(u64::MAX);
            for class in classes {
                if let Some(targets) = self.targets.get_mut(usize::from(*class)) {
                    targets.push(*next);
                }
            }
        }
        let mut all = std::mem::take(&mut self.targets);
        let met = all.iter_mut().zip(0..=u8::MAX).try_for_each(|(targets, class)| {
            let number = self.number(targets)?;
            targets.clear();
            out.extend(number.map(|number| (class, number)));
            Ok(())
        });
        self.targets = all;
        met
    }

    /// The number of the set that `from` reaches without a byte; none for the empty set.
    fn number(&mut self, from: &[StateId]) -> Result<Option<u32>, TooLarge> {
        if from.is_empty() {
            return Ok(None);
        }
        let mut set = Vec::new();
        self.closure.begin();
        for id in from {
            self.work += u64::from(self.closure.add(self.states, *id, &mut set));
        }
        if self.work > WORK {
            return Err(TooLarge);
        }
        if set.is_empty() {
            return Ok(None);
        }
        set.sort_unstable();
        if let Some(number) = self.numbers.get(set.as_slice()) {
            return Ok(Some(*number));
        }
        if self.sets.len() >= PATTERN_BUILD_STATES {
            return Err(TooLarge);
        }
        let number = u32::try_from(self.sets.len()).map_err(|_| TooLarge)?;
        let set: Rc<[StateId]> = set.into();
        self.sets.push(Rc::clone(&set));
        self.numbers.insert(set, number);
        Ok(Some(number))
    }
}
