//! Thompson's automaton of a pattern over the bytes of UTF-8, and matching by it: the matcher of the reference engine.

use std::collections::HashMap;

use regex_syntax::utf8::Utf8Sequences;

use super::error::TooLarge;
use super::node::Node;
use crate::limits::PATTERN_BUILD_STATES;

/// The number of a state.
pub(crate) type StateId = u32;

/// A state: where it leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum State {
    /// By one byte of `start` to `end`, both included, to `next`.
    Byte {
        /// The first byte.
        start: u8,
        /// The last byte.
        end: u8,
        /// The state after it.
        next: StateId,
    },
    /// Without a byte, to both.
    Split(StateId, StateId),
    /// Nowhere: the text read so far is of the language.
    Accept,
    /// Nowhere.
    Fail,
}

/// A nondeterministic automaton over the bytes of UTF-8, of at most [`PATTERN_BUILD_STATES`] states.
#[derive(Debug, Clone)]
pub struct Nfa {
    states: Vec<State>,
    start: StateId,
}

impl Nfa {
    /// The automaton of `node`.
    ///
    /// # Errors
    /// [`TooLarge`] for more states than the limit; no more than that are ever made.
    pub fn new(node: &Node) -> Result<Self, TooLarge> {
        let mut builder = Builder::default();
        let accept = builder.push(State::Accept)?;
        let start = builder.node(node, accept)?;
        Ok(Self { states: builder.states, start })
    }

    /// Whether `text`, as a whole, is of the language. Time is at most its bytes times the states.
    pub fn matches(&self, text: &[u8]) -> bool {
        let mut closure = Closure::new(self.states.len());
        let mut current = Vec::new();
        closure.begin();
        closure.add(&self.states, self.start, &mut current);
        let mut next = Vec::new();
        for byte in text {
            closure.begin();
            for id in current.drain(..) {
                if let Some(State::Byte { start, end, next: target }) = state(&self.states, id)
                    && (*start..=*end).contains(byte)
                {
                    closure.add(&self.states, *target, &mut next);
                }
            }
            std::mem::swap(&mut current, &mut next);
        }
        current.into_iter().any(|id| state(&self.states, id) == Some(&State::Accept))
    }
}

/// The state of this number.
pub(super) fn state(states: &[State], id: StateId) -> Option<&State> {
    states.get(index(id))
}

/// A number as an index.
pub(super) fn index(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

/// Follows the ways without a byte.
pub(super) struct Closure {
    /// For each state, the last round it was met in.
    met: Vec<u32>,
    round: u32,
    open: Vec<StateId>,
}

impl Closure {
    /// For an automaton of this many states.
    pub(super) fn new(states: usize) -> Self {
        Self { met: vec![0; states], round: 0, open: Vec::new() }
    }

    /// Begins a new set. Rounds are far fewer than numbers: texts and budgets are limited.
    pub(super) fn begin(&mut self) {
        self.round = self.round.saturating_add(1);
    }

    /// Adds to `set` what reads bytes or accepts among the states that `from` reaches without a byte and that the set
    /// does not hold yet; gives the number of states met.
    pub(super) fn add(&mut self, states: &[State], from: StateId, set: &mut Vec<StateId>) -> u32 {
        let mut count = 0;
        self.open.push(from);
        while let Some(id) = self.open.pop() {
            count += 1;
            match self.met.get_mut(index(id)) {
                Some(met) if *met != self.round => *met = self.round,
                _ => continue,
            }
            match state(states, id) {
                Some(State::Split(left, right)) => self.open.extend([*right, *left]),
                Some(State::Byte { .. } | State::Accept) => set.push(id),
                Some(State::Fail) | None => {}
            }
        }
        count
    }
}

/// Builds automata from their ends, so that the state after each part is known when the part is built.
#[derive(Default)]
pub(super) struct Builder {
    /// The states so far.
    pub(super) states: Vec<State>,
}

impl Builder {
    /// Adds a state.
    pub(super) fn push(&mut self, state: State) -> Result<StateId, TooLarge> {
        if self.states.len() >= PATTERN_BUILD_STATES {
            return Err(TooLarge);
        }
        let id = StateId::try_from(self.states.len()).map_err(|_| TooLarge)?;
        self.states.push(state);
        Ok(id)
    }

    /// Adds the automaton of `node`, which leads to `next`; gives its first state. The depth of a node is bounded.
    pub(super) fn node(&mut self, node: &Node, next: StateId) -> Result<StateId, TooLarge> {
        match node {
            Node::Nothing => self.push(State::Fail),
            Node::Empty => Ok(next),
            Node::AnyText => self.any_text(next),
            Node::Literal(text) => text.bytes().rev().try_fold(next, |next, byte| self.byte(byte, byte, next)),
            Node::Class(ranges) => self.class(ranges, next),
            Node::Concat(parts) => parts.iter().rev().try_fold(next, |next, part| self.node(part, next)),
            Node::Alternate(branches) => self.alternate(branches, next),
            Node::Repeat { node, min, max } => self.repeat(node, *min, *max, next),
        }
    }

    fn byte(&mut self, start: u8, end: u8, next: StateId) -> Result<StateId, TooLarge> {
        self.push(State::Byte { start, end, next })
    }

    fn any_text(&mut self, next: StateId) -> Result<StateId, TooLarge> {
        let split = self.push(State::Split(next, next))?;
        let body = self.class(&[('\0', char::MAX)], split)?;
        self.lead(split, State::Split(body, next));
        Ok(split)
    }

    /// Sequences that end alike share their ends.
    fn class(&mut self, ranges: &[(char, char)], next: StateId) -> Result<StateId, TooLarge> {
        let mut made: HashMap<(u8, u8, StateId), StateId> = HashMap::new();
        let mut first: Option<StateId> = None;
        for sequence in ranges.iter().flat_map(|(start, end)| Utf8Sequences::new(*start, *end)) {
            let mut id = next;
            for range in sequence.as_slice().iter().rev() {
                let key = (range.start, range.end, id);
                id = if let Some(known) = made.get(&key) {
                    *known
                } else {
                    let new = self.byte(range.start, range.end, id)?;
                    made.insert(key, new);
                    new
                };
            }
            first = Some(match first {
                Some(before) => self.push(State::Split(before, id))?,
                None => id,
            });
        }
        first.map_or_else(|| self.push(State::Fail), Ok)
    }

    fn alternate(&mut self, branches: &[Node], next: StateId) -> Result<StateId, TooLarge> {
        let mut first: Option<StateId> = None;
        for branch in branches.iter().rev() {
            let id = self.node(branch, next)?;
            first = Some(match first {
                Some(after) => self.push(State::Split(id, after))?,
                None => id,
            });
        }
        first.map_or_else(|| self.push(State::Fail), Ok)
    }

    /// The optional copies come last, each with a way past all of them, so that no set holds more of them than it must.
    fn repeat(&mut self, node: &Node, min: u32, max: Option<u32>, end: StateId) -> Result<StateId, TooLarge> {
        let mut next = end;
        match max {
            None => {
                let split = self.push(State::Split(end, end))?;
                let body = self.node(node, split)?;
                self.lead(split, State::Split(body, end));
                next = split;
            }
            // Nothing is repeated fewer times than `min` and at least so often.
            Some(max) if max < min => return self.push(State::Fail),
            Some(max) => {
                for _ in min..max {
                    let body = self.node(node, next)?;
                    next = self.push(State::Split(body, end))?;
                }
            }
        }
        // A copy of the empty text, or of nothing, is built without a state: its number is then no bound, so stop.
        for _ in 0..min {
            let before = self.node(node, next)?;
            if before == next {
                break;
            }
            next = before;
        }
        Ok(next)
    }

    fn lead(&mut self, id: StateId, to: State) {
        if let Some(state) = self.states.get_mut(index(id)) {
            *state = to;
        }
    }
}

impl Nfa {
    /// The states and the first of them.
    pub(super) fn parts(&self) -> (&[State], StateId) {
        (&self.states, self.start)
    }

    /// The first state.
    pub(crate) fn start(&self) -> StateId {
        self.start
    }

    /// How many states there are.
    pub(crate) fn size(&self) -> usize {
        self.states.len()
    }

    /// The state of a number.
    pub(crate) fn state(&self, id: StateId) -> Option<&State> {
        state(&self.states, id)
    }

    /// The state from which any text is of the language, if `node`, of which the automaton is, ends in any text: it is
    /// the first that is made after the end.
    pub(crate) fn universal(node: &Node) -> Option<StateId> {
        let last = if let Node::Concat(parts) = node { parts.last()? } else { node };
        (*last == Node::AnyText).then_some(1)
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Random, agrees, regular, text};
    use super::super::{Node, regex};
    use super::{Nfa, TooLarge};

    #[test]
    fn it_agrees_with_a_matcher_that_tries_every_way() {
        let mut random = Random(0x9e37_79b9_7f4a_7c15);
        for _ in 0..4_000 {
            let node = regular(&mut random, 3);
            let nfa = Nfa::new(&node).unwrap();
            for _ in 0..12 {
                let text = text(&mut random);
                assert_eq!(nfa.matches(text.as_bytes()), agrees(&node, &text), "{node:?} {text:?}");
            }
        }
    }

    #[test]
    fn it_reads_utf_8_only() {
        let any = Nfa::new(&Node::AnyText).unwrap();
        assert!(any.matches("é日😀".as_bytes()));
        for bytes in [&b"\xff"[..], b"\xc3", b"\xed\xa0\x80", b"\xc0\x80", b"\xf4\x90\x80\x80"] {
            assert!(!any.matches(bytes));
        }
    }

    #[test]
    fn nodes_that_no_constructor_makes_have_their_meaning() {
        let raw = |node: Node, min, max| Node::Repeat { node: Box::new(node), min, max };
        let decides = |node: &Node, text: &str| Nfa::new(node).unwrap().matches(text.as_bytes());
        assert!(!decides(&Node::Nothing, ""));
        assert!(!decides(&Node::Class([].into()), ""));
        assert!(!decides(&Node::Alternate([].into()), ""));
        assert!(decides(&Node::Concat([].into()), "") && !decides(&Node::Concat([].into()), "a"));
        assert!(decides(&raw(Node::Empty, u32::MAX, None), ""));
        assert!(!decides(&raw(Node::literal("a"), 2, Some(1)), "a"));
        assert!(decides(&raw(Node::literal("a").repeat(0, None), 0, None), "aa"));
    }

    #[test]
    fn at_most_160_000_states_are_made() {
        // One state for the end, one for each byte.
        assert!(Nfa::new(&Node::literal("a".repeat(159_999))).is_ok());
        assert_eq!(Nfa::new(&Node::literal("a".repeat(160_000))).unwrap_err(), TooLarge);
        for pattern in ["((a{1000}){1000}){1000}", "(((a{0,1000}){1000}){1000}){1000}", "((ab|c){1000}){1000}"] {
            assert_eq!(Nfa::new(&regex(pattern).unwrap()).unwrap_err(), TooLarge, "{pattern}");
        }
    }
}
