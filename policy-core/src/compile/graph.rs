//! One deterministic automaton for several lists of patterns: which of them a text matches, known after reading it once.

use std::collections::HashMap;

use super::fault::{self, Fault};
use super::terms::{END, FAIL, Term, Terms};
use crate::pattern::Node;

/// A list of patterns: a text matches one of `include` and none of `exclude`.
#[derive(Debug, Clone, Default)]
pub(super) struct List<'e> {
    pub(super) include: Vec<&'e Node>,
    pub(super) exclude: Vec<&'e Node>,
}

/// The automaton outgrew its budget.
#[derive(Debug)]
pub(super) struct OverBudget;

/// A state: which lists match a text that ends here, and where each character leads; what is not named leads nowhere.
#[derive(Debug)]
pub(super) struct State {
    /// The number of the set of lists.
    pub(super) class: u32,
    /// First and last character, and the state.
    pub(super) ways: Vec<(char, char, u32)>,
}

/// The automaton. It begins in state 0.
#[derive(Debug)]
pub(super) struct Graph {
    pub(super) states: Vec<State>,
    /// Sets of lists that match together; that of number 0 is empty.
    pub(super) classes: Vec<Vec<u32>>,
}

/// What the states of an automaton are made from: the terms of the members of all lists.
#[derive(Debug, PartialEq, Eq, Hash)]
pub(super) struct Members {
    /// For each list its terms, and how many of them are included.
    lists: Vec<(Vec<Term>, usize)>,
}

/// A member and what may still follow by it; the members of a list are neighbours.
type Element = (u32, Term);

impl Members {
    /// The members of lists, without the first `skip` bytes that all of them begin with.
    pub(super) fn new(terms: &mut Terms, lists: &[List<'_>], skip: usize) -> Self {
        let lists = lists.iter().map(|list| {
            let mut rest =
                |nodes: &[&Node]| -> Vec<Term> { nodes.iter().map(|node| after_prefix(terms, node, skip)).collect() };
            let (mut include, mut exclude) = (rest(&list.include), rest(&list.exclude));
            if fault::injected(Fault::LostNegation) {
                exclude.clear();
            }
            if fault::injected(Fault::LostMember) {
                include.pop();
            }
            if fault::injected(Fault::SwappedNegation) && !exclude.is_empty() {
                std::mem::swap(&mut include, &mut exclude);
            }
            let included = include.len();
            (include.into_iter().chain(exclude).collect(), included)
        });
        Self { lists: lists.collect() }
    }

    /// The automaton, of at most `budget` states.
    ///
    /// # Errors
    /// [`OverBudget`] for more states, or for more work than goes with them.
    pub(super) fn graph(&self, terms: &mut Terms, budget: usize) -> Result<Graph, OverBudget> {
        let members = self.members();
        let any = terms.any();
        let start: Vec<Element> = (0..).zip(self.lists.iter().flat_map(|(terms, _)| terms.iter().copied())).collect();
        let mut building = Building { members, any, numbers: HashMap::new(), open: Vec::new() };
        let mut graph = Graph { states: Vec::new(), classes: vec![Vec::new()] };
        let mut classes: HashMap<Vec<u32>, u32> = HashMap::from([(Vec::new(), 0)]);
        // The start is state 0, even where nothing can match.
        let start = building.normal(start);
        building.number(start);
        let mut work = 0_usize;
        while let Some(set) = building.open.get(graph.states.len()).cloned() {
            if graph.states.len() >= budget {
                return Err(OverBudget);
            }
            let matching = building.matching(terms, &set);
            let next = u32::try_from(classes.len()).map_err(|_| OverBudget)?;
            let class = *classes.entry(matching).or_insert_with_key(|matching| {
                graph.classes.push(matching.clone());
                next
            });
            let ways = building.ways(terms, &set, &mut work);
            if work > budget.saturating_mul(WORK) {
                return Err(OverBudget);
            }
            graph.states.push(State { class, ways });
        }
        Ok(graph)
    }

    /// For each member its list, and whether it is included.
    fn members(&self) -> Vec<(u32, bool)> {
        let lists = (0..).zip(&self.lists);
        lists
            .flat_map(|(list, (terms, included))| (0..terms.len()).map(move |place| (list, place < *included)))
            .collect()
    }
}

/// Steps that a state of the budget may cost.
const WORK: usize = 20_000;

/// The text that all members of all lists begin with.
pub(super) fn common_prefix<'e>(lists: &[List<'e>]) -> &'e str {
    let mut nodes = lists.iter().flat_map(|list| list.include.iter().chain(&list.exclude));
    let Some(first) = nodes.next() else { return "" };
    nodes.fold(prefix(first), |common, node| {
        let shared = common.chars().zip(prefix(node).chars()).take_while(|(left, right)| left == right);
        let bytes: usize = shared.map(|(character, _)| character.len_utf8()).sum();
        common.get(..bytes).unwrap_or_default()
    })
}

/// The text that all texts of a pattern begin with, as far as it is written as such.
fn prefix(node: &Node) -> &str {
    match node {
        Node::Literal(text) => text,
        Node::Concat(parts) => match parts.first() {
            Some(Node::Literal(text)) => text,
            _ => "",
        },
        _ => "",
    }
}

fn after_prefix(terms: &mut Terms, node: &Node, skip: usize) -> Term {
    if skip == 0 {
        return terms.term(node, END);
    }
    let (text, rest): (&str, &[Node]) = match node {
        Node::Literal(text) => (text, &[]),
        Node::Concat(parts) => match &**parts {
            [Node::Literal(text), rest @ ..] => (text, rest),
            _ => return FAIL,
        },
        _ => return FAIL,
    };
    let next = rest.iter().rev().fold(END, |next, part| terms.term(part, next));
    terms.literal(text.get(skip..).unwrap_or_default(), next)
}

struct Building {
    members: Vec<(u32, bool)>,
    /// The term that any text matches.
    any: Term,
    numbers: HashMap<Vec<Element>, u32>,
    open: Vec<Vec<Element>>,
}

impl Building {
    fn number(&mut self, set: Vec<Element>) -> u32 {
        if let Some(number) = self.numbers.get(&set) {
            return *number;
        }
        let number = u32::try_from(self.open.len()).unwrap_or(u32::MAX);
        self.open.push(set.clone());
        self.numbers.insert(set, number);
        number
    }

    fn member(&self, (member, _): Element) -> (u32, bool) {
        self.members.get(member as usize).copied().unwrap_or_default()
    }

    /// Leaves out what makes no difference any more: sets that mean the same are the same more often.
    fn normal(&self, mut set: Vec<Element>) -> Vec<Element> {
        set.retain(|(_, term)| *term != FAIL);
        set.sort_unstable();
        set.dedup();
        let mut kept = Vec::with_capacity(set.len());
        for list in set.chunk_by(|left, right| self.member(*left).0 == self.member(*right).0) {
            let included = |element: &&Element| self.member(**element).1;
            let excluded = |element: &&Element| !included(element);
            let any = |element: &&Element| element.1 == self.any;
            if !list.iter().any(|element| included(&element))
                || list.iter().filter(excluded).any(|element| any(&element))
            {
                // Whatever follows, it does not match.
                continue;
            }
            match list.iter().filter(included).find(any) {
                // Whatever follows, it is included.
                Some(element) => kept.extend([*element].into_iter().chain(list.iter().filter(excluded).copied())),
                None => kept.extend_from_slice(list),
            }
        }
        kept
    }

    /// The lists that match a text that ends here.
    fn matching(&self, terms: &mut Terms, set: &[Element]) -> Vec<u32> {
        let mut lists = Vec::new();
        for list in set.chunk_by(|left, right| self.member(*left).0 == self.member(*right).0) {
            let mut ends = [false; 2];
            for element in list {
                let (_, included) = self.member(*element);
                let prefix = fault::injected(Fault::AcceptsPrefix);
                if let Some(ends) = ends.get_mut(usize::from(included)) {
                    *ends |= terms.form(element.1).ends || prefix;
                }
            }
            if ends == [false, true] {
                lists.extend(list.first().map(|element| self.member(*element).0));
            }
        }
        if fault::injected(Fault::LostAccept) {
            lists.pop();
        }
        lists
    }

    /// Where each character leads from a set.
    fn ways(&mut self, terms: &mut Terms, set: &[Element], work: &mut usize) -> Vec<(char, char, u32)> {
        let mut moves: Vec<(u32, u32, Element)> = Vec::new();
        for (member, term) in set {
            let form = terms.form(*term);
            moves.extend(form.moves.iter().map(|(first, last, next)| (*first as u32, *last as u32, (*member, *next))));
        }
        let mut cuts: Vec<u32> = moves.iter().flat_map(|(first, last, _)| [*first, last + 1]).collect();
        cuts.sort_unstable();
        cuts.dedup();
        *work += moves.len() * cuts.len();
        let mut ways: Vec<(char, char, u32)> = Vec::new();
        for pair in cuts.windows(2) {
            let [start, end] = *pair else { continue };
            let here = moves.iter().filter(|(first, last, _)| *first <= start && start <= *last);
            let targets = self.normal(here.map(|(_, _, element)| *element).collect());
            if targets.is_empty() {
                continue;
            }
            // Surrogates are no characters: a piece of them alone is left out, and others end before or after them.
            let (Some(first), Some(last)) = (first_character(start), last_character(end - 1)) else { continue };
            if first > last {
                continue;
            }
            let target = self.number(targets);
            match ways.last_mut() {
                Some((_, end, before)) if *before == target && follows(*end, first) => *end = last,
                _ => ways.push((first, last, target)),
            }
        }
        ways
    }
}

fn first_character(code: u32) -> Option<char> {
    char::from_u32(code).or_else(|| (0xd800..0xe000).contains(&code).then_some('\u{e000}'))
}

fn last_character(code: u32) -> Option<char> {
    char::from_u32(code).or_else(|| (0xd800..0xe000).contains(&code).then_some('\u{d7ff}'))
}

fn follows(before: char, character: char) -> bool {
    before as u32 + 1 == character as u32 || (before, character) == ('\u{d7ff}', '\u{e000}')
}
