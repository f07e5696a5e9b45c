//! Walking an automaton of a bundle in step with the live states of an independent automaton of the same patterns.
//!
//! The independent automaton is that of the reference: Thompson's construction over bytes of UTF-8 for each pattern, its
//! states followed as sets. Every pair of a place in the bundle and such a set that some text reaches is met once; what the
//! pairs say is all that the automaton can ever answer.

use std::cell::OnceCell;
use std::collections::{BTreeSet, HashMap, HashSet};
use std::rc::Rc;

use super::Difference;
use super::step::{Config, step};
use crate::bundle::layout::Section;
use crate::bundle::records::AutomatonRecord;
use crate::bundle::view::View;
use crate::pattern::{Nfa, NfaState, Node};

/// A list of patterns: a text matches one of `include` and none of `exclude`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub(super) struct List {
    pub(super) include: Vec<Node>,
    pub(super) exclude: Vec<Node>,
}

/// What an automaton answers, and which lists match then, for every text.
pub(super) type Answers = BTreeSet<(u32, Vec<u32>)>;

/// Walks automata, and remembers.
pub(super) struct Products<'p> {
    view: View<'p>,
    known: HashMap<(u32, u32, bool, Vec<List>), Rc<Answers>>,
    /// Pairs that were met.
    pub(super) pairs: u64,
}

/// Answers that are kept for the next account.
const KEPT: usize = 20_000;
/// Pairs of one walk. An automaton that the compiler makes has fewer: its states are counted, and theirs are no more.
const PAIRS: usize = 4_000_000;

/// An element of a set of live states: the number of the pattern, and of its state.
type Live = (u32, u32);

/// The state of a list that matches whatever follows.
const ALWAYS: u32 = u32::MAX;

impl<'p> Products<'p> {
    pub(super) fn new(view: View<'p>) -> Self {
        Self { view, known: HashMap::new(), pairs: 0 }
    }

    /// All that one automaton answers, by the lists that match: `otherwise` where it has no label. Parts that it goes on
    /// with are other automata.
    pub(super) fn answers(&mut self, automaton: AutomatonRecord, lists: &[List]) -> Result<Rc<Answers>, Difference> {
        let AutomatonRecord { start, otherwise, .. } = automaton;
        let (place, rest) = match self.without_prefix(start, lists) {
            Some((place, rest)) => (place, Some(rest)),
            None => (start, None),
        };
        let behind_prefix = rest.is_some();
        let key = (place, otherwise, behind_prefix, rest.unwrap_or_else(|| lists.to_vec()));
        if let Some(answers) = self.known.get(&key) {
            return Ok(Rc::clone(answers));
        }
        if self.known.len() >= KEPT {
            self.known.clear();
        }
        let mut answers = self.walk(place, otherwise, &key.3)?;
        if behind_prefix {
            // A text that does not begin as all patterns do.
            answers.insert((otherwise, Vec::new()));
        }
        let answers = Rc::new(answers);
        self.known.insert(key, Rc::clone(&answers));
        Ok(answers)
    }

    /// Accounts differ in the beginnings of their paths. Where all patterns begin with one text, and the automaton asks
    /// for just that text and answers nothing before its end, what follows is all that there is to compare.
    fn without_prefix(&self, start: u32, lists: &[List]) -> Option<(u32, Vec<List>)> {
        let nodes = || lists.iter().flat_map(|list| list.include.iter().chain(&list.exclude));
        let mut prefixes = nodes().map(Node::literal_prefix);
        let mut prefix = prefixes.next()?;
        for other in prefixes {
            let shared = prefix.chars().zip(other.chars()).take_while(|(left, right)| left == right);
            let bytes: usize = shared.map(|(character, _)| character.len_utf8()).sum();
            prefix = prefix.get(..bytes).unwrap_or_default();
        }
        if prefix.is_empty() {
            return None;
        }
        let states = self.view.section(Section::States);
        let mut config = Config::At(start);
        for byte in prefix.bytes() {
            if config.only_byte(states) != Some(byte) {
                return None;
            }
            config = step(states, config, byte);
        }
        let Config::At(place) = config else { return None };
        let rest = |nodes: &[Node]| nodes.iter().map(|node| node.without_prefix(prefix.len())).collect();
        let lists = lists.iter().map(|list| List { include: rest(&list.include), exclude: rest(&list.exclude) });
        Some((place, lists.collect()))
    }

    fn walk(&mut self, start: u32, otherwise: u32, lists: &[List]) -> Result<Answers, Difference> {
        let states = self.view.section(Section::States);
        let patterns = Patterns::new(lists)?;
        let mut sets = Sets::default();
        let first = (Config::At(start), sets.number(&patterns.start()));
        let (mut seen, mut open) = (HashSet::from([first]), vec![first]);
        let mut answers = Answers::new();
        while let Some((config, number)) = open.pop() {
            if seen.len() > PAIRS {
                return Err(Difference::new(
                    "states",
                    "an automaton has more states than the patterns that it is made of",
                ));
            }
            let live = sets.set(number);
            if let Some(matching) = patterns.matching(&live) {
                let label = config.label(states);
                answers.insert((if label == 0 { otherwise } else { label }, matching));
            }
            let mut cuts = [false; 257];
            config.cuts(states, &mut cuts);
            patterns.cuts(&live, &mut cuts);
            for byte in (0..=u8::MAX).filter(|byte| cuts.get(usize::from(*byte)) == Some(&true)) {
                let Some(next_live) = patterns.step(&live, byte) else { continue };
                let next = (step(states, config, byte), sets.number(&next_live));
                if seen.insert(next) {
                    open.push(next);
                }
            }
        }
        self.pairs += seen.len() as u64;
        Ok(answers)
    }
}

/// The sets of live states that were met, by their numbers.
#[derive(Default)]
struct Sets {
    sets: Vec<Rc<[Live]>>,
    numbers: HashMap<Rc<[Live]>, u32>,
}

impl Sets {
    fn number(&mut self, set: &[Live]) -> u32 {
        if let Some(number) = self.numbers.get(set) {
            return *number;
        }
        // There are no more of them than pairs, which are counted.
        let number = u32::try_from(self.sets.len()).unwrap_or(u32::MAX);
        let set: Rc<[Live]> = set.into();
        self.sets.push(Rc::clone(&set));
        self.numbers.insert(set, number);
        number
    }

    fn set(&self, number: u32) -> Rc<[Live]> {
        self.sets.get(number as usize).map_or_else(|| Rc::new([]), Rc::clone)
    }
}

/// The automata of the patterns of some lists, and one more that tells whether the bytes so far are UTF-8.
struct Patterns {
    automata: Vec<Automaton>,
    /// The number of the first pattern of each list.
    firsts: Vec<u32>,
    utf8: u32,
}

struct Automaton {
    nfa: Nfa,
    list: u32,
    included: bool,
    /// The state that any text leads to acceptance from, if the pattern ends in any text.
    universal: Option<u32>,
    /// For each state those that it reaches without a byte, found when they are first asked for.
    closures: Vec<OnceCell<Box<[u32]>>>,
}

impl Automaton {
    /// The states that are reached without a byte, the one itself among them, that read a byte, accept, or are universal.
    fn closure(&self, from: u32) -> &[u32] {
        let closure = self.closures.get(from as usize);
        closure.map_or(&[], |closure| closure.get_or_init(|| self.close(from)))
    }

    fn close(&self, from: u32) -> Box<[u32]> {
        let (mut open, mut met, mut closure) = (vec![from], HashSet::new(), Vec::new());
        while let Some(state) = open.pop() {
            if !met.insert(state) {
                continue;
            }
            match self.nfa.state(state) {
                Some(NfaState::Split(left, right)) => {
                    open.extend([*right, *left]);
                    if self.universal == Some(state) {
                        closure.push(state);
                    }
                }
                Some(NfaState::Byte { .. } | NfaState::Accept) => closure.push(state),
                Some(NfaState::Fail) | None => {}
            }
        }
        closure.into()
    }
}

impl Patterns {
    fn new(lists: &[List]) -> Result<Self, Difference> {
        let mut automata: Vec<Automaton> = Vec::new();
        let sizes = lists.iter().map(|list| u32::try_from(list.include.len() + list.exclude.len()).unwrap_or(u32::MAX));
        let firsts = sizes.scan(0, |next, size| Some(std::mem::replace(next, *next + size))).collect();
        let utf8 = u32::try_from(lists.len()).unwrap_or(u32::MAX);
        let members = (0..).zip(lists).flat_map(|(list, members)| {
            let include = members.include.iter().map(move |node| (list, true, node));
            include.chain(members.exclude.iter().map(move |node| (list, false, node)))
        });
        for (list, included, node) in members.chain([(utf8, true, &Node::AnyText)]) {
            let nfa = Nfa::new(node).map_err(|error| Difference::new("states", error.to_string()))?;
            let universal = if list == utf8 { None } else { Nfa::universal(node) };
            let closures = vec![OnceCell::new(); nfa.size()];
            automata.push(Automaton { nfa, list, included, universal, closures });
        }
        Ok(Self { automata, firsts, utf8 })
    }

    fn start(&self) -> Vec<Live> {
        let mut set = Vec::new();
        for (number, automaton) in (0..).zip(&self.automata) {
            set.extend(automaton.closure(automaton.nfa.start()).iter().map(|state| (number, *state)));
        }
        self.normal(set)
    }

    fn automaton(&self, number: u32) -> Option<&Automaton> {
        self.automata.get(number as usize)
    }

    /// Where a byte leads; nothing where the bytes are no text any more.
    fn step(&self, live: &[Live], byte: u8) -> Option<Vec<Live>> {
        let mut set = Vec::new();
        for (number, state) in live {
            if *state == ALWAYS {
                set.push((*number, ALWAYS));
                continue;
            }
            let Some(automaton) = self.automaton(*number) else { continue };
            if let Some(NfaState::Byte { start, end, next }) = automaton.nfa.state(*state)
                && (*start..=*end).contains(&byte)
            {
                set.extend(automaton.closure(*next).iter().map(|state| (*number, *state)));
            }
        }
        let set = self.normal(set);
        set.iter().any(|(number, _)| self.is_utf8(*number)).then_some(set)
    }

    fn is_utf8(&self, number: u32) -> bool {
        self.automaton(number).is_some_and(|automaton| automaton.list == self.utf8)
    }

    /// Leaves out what makes no difference any more: a list that matches, or does not, whatever follows.
    fn normal(&self, mut set: Vec<Live>) -> Vec<Live> {
        set.sort_unstable();
        set.dedup();
        let list = |live: &Live| self.automaton(live.0).map_or(u32::MAX, |automaton| automaton.list);
        let included = |live: &&Live| self.automaton(live.0).is_some_and(|automaton| automaton.included);
        let universal = |live: &&Live| {
            live.1 == ALWAYS || self.automaton(live.0).is_some_and(|automaton| automaton.universal == Some(live.1))
        };
        let mut kept = Vec::with_capacity(set.len());
        for of_list in set.chunk_by(|left, right| list(left) == list(right)) {
            let excluded = || of_list.iter().filter(|live| !included(live));
            if !of_list.iter().any(|live| included(&live)) || excluded().any(|live| universal(&live)) {
                continue;
            }
            if of_list.iter().any(|live| included(&live) && universal(&live)) {
                // The first pattern of the list, which is one that includes, stands for all that include.
                kept.extend(
                    of_list.first().and_then(|live| self.firsts.get(list(live) as usize)).map(|first| (*first, ALWAYS)),
                );
                kept.extend(excluded().copied());
            } else {
                kept.extend_from_slice(of_list);
            }
        }
        kept
    }

    /// The lists that match a text that ends here; nothing where a character is not whole.
    fn matching(&self, live: &[Live]) -> Option<Vec<u32>> {
        let mut matching = Vec::new();
        let mut whole = false;
        let mut current: Option<(u32, bool, bool)> = None;
        for (number, state) in live {
            let Some(automaton) = self.automaton(*number) else { continue };
            let accepts = *state == ALWAYS || automaton.nfa.state(*state) == Some(&NfaState::Accept);
            if automaton.list == self.utf8 {
                whole |= accepts;
                continue;
            }
            if current.is_none_or(|(list, _, _)| list != automaton.list) {
                matching.extend(current.filter(|(_, include, exclude)| *include && !exclude).map(|(list, _, _)| list));
                current = Some((automaton.list, false, false));
            }
            if let Some((_, include, exclude)) = &mut current {
                *include |= accepts && automaton.included;
                *exclude |= accepts && !automaton.included;
            }
        }
        matching.extend(current.filter(|(_, include, exclude)| *include && !exclude).map(|(list, _, _)| list));
        whole.then_some(matching)
    }

    /// Marks the bytes at which what follows may change.
    fn cuts(&self, live: &[Live], cuts: &mut [bool; 257]) {
        for (number, state) in live {
            if let Some(NfaState::Byte { start, end, .. }) =
                self.automaton(*number).and_then(|automaton| automaton.nfa.state(*state))
            {
                super::step::cut(cuts, *start, *end);
            }
        }
    }
}
