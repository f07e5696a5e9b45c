//! Automata whose labels are sets of rules, and those whose label is yes or no.

use std::collections::BTreeSet;

use super::product::List;
use super::{Difference, Proved, Prover};
use crate::bundle::layout::Section;
use crate::bundle::records::AutomatonRecord;
use crate::limits::ACCOUNT_RULES;

/// What rules ask of a text.
pub(super) enum Asked {
    /// Nothing.
    Nothing,
    /// That a list matches.
    List(List),
    /// The same, with `protected()` among the members, and among those with `!`.
    Refs(List, [bool; 2]),
}

/// Where the parts of what a rule asks stand among the lists of a walk.
enum Role {
    Nothing,
    List(u32),
    Parts { include: u32, exclude: u32, protected: [bool; 2] },
}

impl Prover<'_, '_> {
    /// The members of a set.
    pub(super) fn set(&self, place: u32) -> Result<Vec<u16>, Difference> {
        let set = Self::there("sets", self.view.set(place))?;
        Ok(set.numbers(ACCOUNT_RULES).collect())
    }

    /// Compares a set.
    pub(super) fn same_set(&mut self, what: &str, place: u32, should: &[u16]) -> Proved {
        let is = self.set(place)?;
        self.equal("sets", what, &is.as_slice(), &should)
    }

    /// An automaton and all that it goes on with.
    pub(super) fn chain(&self, automaton: u32) -> Result<Vec<AutomatonRecord>, Difference> {
        let mut parts = Vec::new();
        let mut next = Some(automaton);
        while let Some(number) = next {
            let part = self.automaton(number)?;
            next = part.next.checked_sub(1);
            parts.push(part);
        }
        Ok(parts)
    }

    /// That the label of an automaton is 1 for what a list matches, and for nothing else.
    pub(super) fn matcher(&mut self, what: &str, automaton: u32, list: List) -> Proved {
        let record = self.automaton(automaton)?;
        self.equal("automata", what, &(record.otherwise, record.next), &(0, 0))?;
        for (label, matching) in self.products.answers(record, &[list])?.iter() {
            self.equal("states", what, label, &u32::from(!matching.is_empty()))?;
        }
        Ok(())
    }

    /// That the label of an automaton is, for every text, the set of the rules that it satisfies; rule by rule what each
    /// asks. An automaton in several parts has each rule in one of them.
    pub(super) fn rule_sets(
        &mut self,
        what: &str,
        automaton: u32,
        asked: &[Asked],
        protected: Option<&List>,
    ) -> Proved {
        let parts = self.chain(automaton)?;
        let every: BTreeSet<u16> = (0..).zip(asked).map(|(rule, _)| rule).collect();
        let handled = match parts.as_slice() {
            [_] => vec![every],
            parts => self.spread(parts, &every)?,
        };
        for (part, rules) in parts.iter().zip(&handled) {
            self.rule_sets_of_part(what, *part, asked, protected, rules)?;
        }
        Ok(())
    }

    /// Which rules are in which part; one that is in none has to match nothing, which the first part shows.
    fn spread(&mut self, parts: &[AutomatonRecord], every: &BTreeSet<u16>) -> Result<Vec<BTreeSet<u16>>, Difference> {
        let mut handled = Vec::with_capacity(parts.len());
        for part in parts {
            let mut rules = BTreeSet::new();
            for label in self.labels(*part)? {
                rules.extend(self.set(label)?);
            }
            handled.push(rules);
        }
        let somewhere: BTreeSet<u16> = handled.iter().flatten().copied().collect();
        if let Some(first) = handled.first_mut() {
            first.extend(every.difference(&somewhere));
        }
        Ok(handled)
    }

    /// All labels that an automaton can answer.
    pub(super) fn labels(&self, automaton: AutomatonRecord) -> Result<BTreeSet<u32>, Difference> {
        super::step::labels(self.view.section(Section::States), automaton.start)
            .map(|mut labels| {
                labels.insert(automaton.otherwise);
                labels.remove(&0);
                labels
            })
            .ok_or_else(|| Difference::new("states", "a state is missing"))
    }

    fn rule_sets_of_part(
        &mut self,
        what: &str,
        part: AutomatonRecord,
        asked: &[Asked],
        protected: Option<&List>,
        handled: &BTreeSet<u16>,
    ) -> Proved {
        let mut lists: Vec<List> = protected.into_iter().cloned().collect();
        let roles = roles(asked, handled, &mut lists);
        for (label, matching) in self.products.answers(part, &lists)?.iter() {
            let has = |list: u32| matching.binary_search(&list).is_ok();
            let is_protected = protected.is_some() && has(0);
            let satisfied = |(_, role): &&(u16, Role)| match role {
                Role::Nothing => true,
                Role::List(list) => has(*list),
                Role::Parts { include, exclude, protected: [included, excluded] } => {
                    (has(*include) || *included && is_protected) && !(has(*exclude) || *excluded && is_protected)
                }
            };
            let members: Vec<u16> = roles.iter().filter(satisfied).map(|(rule, _)| *rule).collect();
            self.same_set(what, *label, &members)?;
        }
        Ok(())
    }
}

/// For each handled rule where what it asks stands among `lists`, which grow; equal lists are one.
fn roles(asked: &[Asked], handled: &BTreeSet<u16>, lists: &mut Vec<List>) -> Vec<(u16, Role)> {
    let mut known: std::collections::HashMap<List, u32> = std::collections::HashMap::new();
    let mut place = |list: List| {
        let next = u32::try_from(lists.len()).unwrap_or(u32::MAX);
        *known.entry(list.clone()).or_insert_with(|| {
            lists.push(list);
            next
        })
    };
    let mut roles = Vec::new();
    for (rule, asked) in (0..).zip(asked).filter(|(rule, _)| handled.contains(rule)) {
        let role = match asked {
            Asked::Nothing => Role::Nothing,
            Asked::List(list) | Asked::Refs(list, [false, false]) => Role::List(place(list.clone())),
            Asked::Refs(list, protected) => {
                let part = |nodes: &Vec<crate::pattern::Node>| List { include: nodes.clone(), exclude: Vec::new() };
                let (include, exclude) = (place(part(&list.include)), place(part(&list.exclude)));
                Role::Parts { include, exclude, protected: *protected }
            }
        };
        roles.push((rule, role));
    }
    roles
}
