//! Deterministic automata, and how many states the smallest equal one has.

use super::error::TooLarge;
use super::nfa::{Nfa, State, index, state};
use super::partition::Partition;
use super::subsets::Subsets;

/// Transitions, each by one class of bytes, of an automaton before it is made small: what bounds memory.
const TRANSITIONS: usize = 4_000_000;

/// A deterministic automaton without a dead state to fall into: what has no transition is refused. State 0 is the start.
#[derive(Default)]
pub(super) struct Dfa {
    accepting: Vec<bool>,
    tails: Vec<u32>,
    labels: Vec<u8>,
    heads: Vec<u32>,
}

impl Dfa {
    /// The automaton of the sets of states of `nfa`.
    ///
    /// # Errors
    /// [`TooLarge`] for too many states or transitions, or too much work.
    pub(super) fn new(nfa: &Nfa) -> Result<Self, TooLarge> {
        let (states, start) = nfa.parts();
        let mut subsets = Subsets::new(states, &[start]);
        let mut dfa = Self::default();
        let mut leads = Vec::new();
        let mut number = 0;
        while let Some(set) = subsets.set(number) {
            dfa.accepting.push(set.iter().any(|id| state(states, *id) == Some(&State::Accept)));
            subsets.successors(number, &mut leads)?;
            if dfa.tails.len() + leads.len() > TRANSITIONS {
                return Err(TooLarge);
            }
            for (label, head) in &leads {
                dfa.tails.push(number);
                dfa.labels.push(*label);
                dfa.heads.push(*head);
            }
            number += 1;
        }
        Ok(dfa)
    }

    /// States of the smallest automaton of the same language, the dead state not counted.
    pub(super) fn minimal_states(self) -> usize {
        let dfa = self.trimmed();
        let count = u32::try_from(dfa.accepting.len()).unwrap_or(u32::MAX);
        let incoming = Incoming::new(&dfa.heads, dfa.accepting.len());
        let mut states = Partition::whole(count);
        for (number, accepting) in (0..count).zip(&dfa.accepting) {
            if *accepting {
                states.mark(number);
            }
        }
        states.split();
        let mut transitions = Partition::by_key(&dfa.labels);
        let (mut block, mut cord) = (1, 0);
        while cord < transitions.len() {
            for transition in transitions.elements(cord) {
                states.mark(dfa.tails.get(index(*transition)).copied().unwrap_or(0));
            }
            states.split();
            cord += 1;
            while block < states.len() {
                for number in states.elements(block) {
                    incoming.of(*number).iter().for_each(|transition| transitions.mark(*transition));
                }
                transitions.split();
                block += 1;
            }
        }
        states.len()
    }

    /// Only the states from which something is accepted; all are reached from the start already.
    fn trimmed(self) -> Self {
        let incoming = Incoming::new(&self.heads, self.accepting.len());
        let mut useful = self.accepting.clone();
        let mut open: Vec<u32> =
            (0..).zip(&self.accepting).filter(|(_, accepting)| **accepting).map(|(number, _)| number).collect();
        while let Some(number) = open.pop() {
            for transition in incoming.of(number) {
                let tail = self.tails.get(index(*transition)).copied().unwrap_or(0);
                if let Some(useful) = useful.get_mut(index(tail))
                    && !*useful
                {
                    *useful = true;
                    open.push(tail);
                }
            }
        }
        self.only(&useful)
    }

    fn only(self, useful: &[bool]) -> Self {
        let mut next = 0;
        let numbers: Vec<Option<u32>> = useful
            .iter()
            .map(|useful| {
                useful.then(|| {
                    next += 1;
                    next - 1
                })
            })
            .collect();
        let number = |state: u32| numbers.get(index(state)).copied().flatten();
        let accepting = self.accepting.into_iter().zip(useful).filter(|(_, useful)| **useful);
        let mut dfa = Self { accepting: accepting.map(|(yes, _)| yes).collect(), ..Self::default() };
        for ((tail, label), head) in self.tails.into_iter().zip(self.labels).zip(self.heads) {
            if let (Some(tail), Some(head)) = (number(tail), number(head)) {
                dfa.tails.push(tail);
                dfa.labels.push(label);
                dfa.heads.push(head);
            }
        }
        dfa
    }
}

/// The transitions that lead to each state.
struct Incoming {
    /// Where in `transitions` those of each state begin; one more for the end.
    first: Vec<usize>,
    transitions: Vec<u32>,
}

impl Incoming {
    fn new(heads: &[u32], states: usize) -> Self {
        let count = u32::try_from(heads.len()).unwrap_or(u32::MAX);
        let mut transitions: Vec<u32> = (0..count).collect();
        let head = |transition: u32| heads.get(index(transition)).copied().unwrap_or(0);
        transitions.sort_by_key(|transition| head(*transition));
        let mut first = Vec::with_capacity(states + 1);
        for (position, transition) in transitions.iter().enumerate() {
            while first.len() <= index(head(*transition)) {
                first.push(position);
            }
        }
        first.resize(states + 1, transitions.len());
        Self { first, transitions }
    }

    fn of(&self, state: u32) -> &[u32] {
        let at = index(state);
        match (self.first.get(at), self.first.get(at + 1)) {
            (Some(first), Some(end)) => self.transitions.get(*first..*end).unwrap_or(&[]),
            _ => &[],
        }
    }
}
