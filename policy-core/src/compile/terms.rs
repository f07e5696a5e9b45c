//! What may still follow: partial derivatives of patterns, each made once.
//!
//! A term is a row of items. Its moves say by which characters it leads to which terms, and whether it may end. These are
//! Antimirov's partial derivatives: a pattern has at most as many terms as it has characters and classes, copies of counted
//! repetitions included, and they are made as they are met. Characters are scalar values; bytes come later.

use std::collections::HashMap;
use std::rc::Rc;

use super::fault::{self, Fault};
use crate::pattern::Node;

/// The number of a term.
pub(super) type Term = u32;

/// The term after which nothing may follow.
pub(super) const END: Term = 0;
/// The term that nothing matches.
pub(super) const FAIL: Term = Term::MAX;

/// The first of what a term asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Item {
    Character(char),
    AnyText,
    /// A class or alternatives.
    Node(u32),
    Repeat {
        node: u32,
        min: u32,
        max: Option<u32>,
    },
}

/// How a term goes on.
#[derive(Debug, Default)]
pub(super) struct Form {
    /// Whether it may end here.
    pub(super) ends: bool,
    /// By which characters, first and last, to which terms.
    pub(super) moves: Vec<(char, char, Term)>,
}

/// All terms so far.
#[derive(Debug, Default)]
pub(super) struct Terms {
    nodes: Vec<Rc<Node>>,
    node_numbers: HashMap<Rc<Node>, u32>,
    /// The item and the rest of each term; that of `END` is not looked at.
    rows: Vec<(Item, Term)>,
    numbers: HashMap<(Item, Term), Term>,
    forms: HashMap<Term, Rc<Form>>,
}

impl Terms {
    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.rows.len()
    }

    /// The term that any text matches.
    pub(super) fn any(&mut self) -> Term {
        self.row(Item::AnyText, END)
    }

    /// The term of a pattern, followed by `next`.
    pub(super) fn term(&mut self, node: &Node, next: Term) -> Term {
        if next == FAIL {
            return FAIL;
        }
        match node {
            Node::Nothing => FAIL,
            Node::Empty | Node::Repeat { max: Some(0), .. } => next,
            Node::AnyText => self.row(Item::AnyText, next),
            Node::Literal(text) => self.literal(text, next),
            Node::Concat(parts) => parts.iter().rev().fold(next, |next, part| self.term(part, next)),
            Node::Class(_) | Node::Alternate(_) => {
                let number = self.node(node);
                self.row(Item::Node(number), next)
            }
            Node::Repeat { node, min, max } => {
                let node = self.node(node);
                self.row(Item::Repeat { node, min: *min, max: *max }, next)
            }
        }
    }

    /// The term of a text, followed by `next`.
    pub(super) fn literal(&mut self, text: &str, next: Term) -> Term {
        text.chars().rev().fold(next, |next, character| self.row(Item::Character(character), next))
    }

    /// How a term goes on.
    pub(super) fn form(&mut self, term: Term) -> Rc<Form> {
        if let Some(form) = self.forms.get(&term) {
            return Rc::clone(form);
        }
        let mut form = Form::default();
        let mut at = term;
        // Every item that may be empty lets the ones behind it begin.
        loop {
            if at == END {
                form.ends = true;
                break;
            }
            let Some((item, next)) = self.row_of(at) else { break };
            self.item_moves(item, next, &mut form.moves);
            if !self.item_may_be_empty(item) {
                break;
            }
            at = next;
        }
        let form = Rc::new(form);
        self.forms.insert(term, Rc::clone(&form));
        form
    }

    fn row_of(&self, term: Term) -> Option<(Item, Term)> {
        self.rows.get((term as usize).checked_sub(1)?).copied()
    }

    fn row(&mut self, item: Item, next: Term) -> Term {
        if next == FAIL {
            return FAIL;
        }
        if let Some(number) = self.numbers.get(&(item, next)) {
            return *number;
        }
        self.rows.push((item, next));
        // Budgets keep their number far below.
        let number = Term::try_from(self.rows.len()).unwrap_or(FAIL);
        self.numbers.insert((item, next), number);
        number
    }

    fn node(&mut self, node: &Node) -> u32 {
        if let Some(number) = self.node_numbers.get(node) {
            return *number;
        }
        let number = u32::try_from(self.nodes.len()).unwrap_or(u32::MAX);
        let node = Rc::new(node.clone());
        self.nodes.push(Rc::clone(&node));
        self.node_numbers.insert(node, number);
        number
    }

    fn node_of(&self, number: u32) -> Rc<Node> {
        self.nodes.get(number as usize).map_or_else(|| Rc::new(Node::Nothing), Rc::clone)
    }

    fn item_may_be_empty(&self, item: Item) -> bool {
        match item {
            Item::Character(_) => false,
            Item::AnyText => true,
            Item::Node(node) => may_be_empty(&self.node_of(node)),
            Item::Repeat { node, min, .. } => min == 0 || may_be_empty(&self.node_of(node)),
        }
    }

    fn item_moves(&mut self, item: Item, next: Term, moves: &mut Vec<(char, char, Term)>) {
        match item {
            Item::Character(character) => moves.push((character, character, next)),
            Item::AnyText => {
                let same = self.row(item, next);
                moves.push(('\0', char::MAX, same));
            }
            Item::Node(node) => {
                let node = self.node_of(node);
                self.moves(&node, next, moves);
            }
            Item::Repeat { node, min, max } => {
                let inner = self.node_of(node);
                // A copy that may be empty need not be there.
                let min = if may_be_empty(&inner) { 0 } else { min };
                let rest = match max {
                    Some(..=1) => next,
                    _ if fault::injected(Fault::RepetitionOnce) => next,
                    max => {
                        let fewer =
                            if fault::injected(Fault::RepetitionKeepsCount) { max } else { max.map(|max| max - 1) };
                        self.row(Item::Repeat { node, min: min.saturating_sub(1), max: fewer }, next)
                    }
                };
                self.moves(&inner, rest, moves);
            }
        }
    }

    /// The moves that begin inside `node`, which is followed by `next`. The depth of a node is bounded.
    fn moves(&mut self, node: &Node, next: Term, moves: &mut Vec<(char, char, Term)>) {
        match node {
            Node::Nothing | Node::Empty | Node::Repeat { max: Some(0), .. } => {}
            Node::Literal(text) => {
                let mut characters = text.chars();
                if let Some(first) = characters.next() {
                    let rest = self.literal(characters.as_str(), next);
                    moves.push((first, first, rest));
                }
            }
            Node::Class(ranges) => moves.extend(ranges.iter().map(|(first, last)| (*first, *last, next))),
            Node::Concat(parts) => {
                for (place, part) in parts.iter().enumerate() {
                    let behind = parts.get(place + 1..).unwrap_or_default();
                    let rest = behind.iter().rev().fold(next, |next, part| self.term(part, next));
                    self.moves(part, rest, moves);
                    if !may_be_empty(part) {
                        break;
                    }
                }
            }
            Node::Alternate(branches) => branches.iter().for_each(|branch| self.moves(branch, next, moves)),
            Node::AnyText => self.item_moves(Item::AnyText, next, moves),
            Node::Repeat { node, min, max } => {
                let node = self.node(node);
                self.item_moves(Item::Repeat { node, min: *min, max: *max }, next, moves);
            }
        }
    }
}

/// Whether a pattern matches the empty text.
fn may_be_empty(node: &Node) -> bool {
    match node {
        Node::Nothing | Node::Literal(_) | Node::Class(_) => false,
        Node::Empty | Node::AnyText => true,
        Node::Concat(parts) => parts.iter().all(may_be_empty),
        Node::Alternate(branches) => branches.iter().any(may_be_empty),
        Node::Repeat { node, min, max } => max.is_none_or(|max| max >= *min) && (*min == 0 || may_be_empty(node)),
    }
}
