//! From lists of patterns to automata: what was built for one account is there for the next.

use std::collections::HashMap;

use super::graph::{Graph, List, Members, OverBudget, common_prefix};
use super::lower::lower;
use super::states::{Place, States};
use super::terms::Terms;
use crate::pattern::Node;

/// States that every automaton may have.
const BUDGET: usize = 4_096;
/// States beyond that for each character and class of the patterns: what is made of parts in a row takes as many.
const BUDGET_FOR_PART: usize = 4;
/// States that no automaton has.
const MOST_STATES: usize = 400_000;
/// Terms that are kept for the next account.
const KEPT_TERMS: usize = 400_000;

/// Builds automata, and remembers.
#[derive(Debug, Default)]
pub(super) struct Automata {
    pub(super) states: States,
    terms: Terms,
    /// By members and the meaning of their labels: the first state, without the text that all begin with.
    built: HashMap<(Members, Vec<u32>), Place>,
}

impl Automata {
    /// The place of the first state of an automaton for lists. `label` gives the answer for lists that match together,
    /// never 0; `meaning` is what that depends on.
    ///
    /// # Errors
    /// [`OverBudget`]: the lists should be spread over several automata.
    pub(super) fn build(
        &mut self,
        lists: &[List<'_>],
        meaning: &[u32],
        label: &mut dyn FnMut(&[u32]) -> u32,
    ) -> Result<u32, OverBudget> {
        if self.terms.len() > KEPT_TERMS {
            // Terms are numbered by when they are met: what was built by them is forgotten with them.
            self.terms = Terms::default();
            self.built.clear();
        }
        let prefix = common_prefix(lists);
        let members = Members::new(&mut self.terms, lists, prefix.len());
        let key = (members, meaning.to_vec());
        let place = match self.built.get(&key) {
            Some(place) => place.clone(),
            None => {
                let graph = key.0.graph(&mut self.terms, budget(lists))?;
                let labels = labels(&graph, label);
                let place = self.states.write(&lower(&graph, &labels));
                self.built.insert(key, place.clone());
                place
            }
        };
        Ok(self.states.behind(prefix, &place))
    }

    /// The automaton for lists before it has labels: for labels that take more building.
    ///
    /// # Errors
    /// As [`build`](Self::build).
    pub(super) fn graph(&mut self, lists: &[List<'_>]) -> Result<Graph, OverBudget> {
        Members::new(&mut self.terms, lists, 0).graph(&mut self.terms, budget(lists))
    }

    /// Writes it with labels; that of the empty class is set aside.
    pub(super) fn write(&mut self, graph: &Graph, labels: &[u32]) -> u32 {
        let labels: Vec<u32> =
            labels.iter().enumerate().map(|(class, label)| if class == 0 { 0 } else { *label }).collect();
        let place = self.states.write(&lower(graph, &labels));
        self.states.behind("", &place)
    }
}

/// The label of each class; the empty one has none.
fn labels(graph: &Graph, label: &mut dyn FnMut(&[u32]) -> u32) -> Vec<u32> {
    graph.classes.iter().map(|lists| if lists.is_empty() { 0 } else { label(lists) }).collect()
}

fn budget(lists: &[List<'_>]) -> usize {
    let nodes = lists.iter().flat_map(|list| list.include.iter().chain(&list.exclude));
    let parts: usize = nodes.map(|node| size(node)).fold(0, usize::saturating_add);
    // One pattern by itself is within the limits of the language already.
    let least = if lists.len() == 1 { crate::limits::PATTERN_BUILD_STATES } else { BUDGET };
    parts.saturating_mul(BUDGET_FOR_PART).saturating_add(least).min(MOST_STATES)
}

/// Characters and classes of a pattern.
fn size(node: &Node) -> usize {
    match node {
        Node::Nothing | Node::Empty | Node::AnyText | Node::Class(_) => 1,
        Node::Literal(text) => text.len(),
        Node::Concat(nodes) | Node::Alternate(nodes) => nodes.iter().map(size).sum(),
        Node::Repeat { node, .. } => size(node),
    }
}
