//! The automaton of one dimension: which rules a text satisfies.

use std::collections::HashMap;

use super::fault::{self, Fault};
use super::graph::{List, OverBudget};
use super::{AccountRules, CompileError, Compiler};
use crate::estate::{PatternList, RefList, RefPattern, Rule};
use crate::pattern::Node;

/// Rules that ask the same.
#[derive(Debug, Clone)]
pub(super) struct Entry<'e> {
    /// Their numbers, in order.
    pub(super) rules: Vec<u16>,
    pub(super) asks: Asks<'e>,
}

/// What rules ask of a text.
#[derive(Debug, Clone)]
pub(super) struct Asks<'e> {
    list: List<'e>,
    /// Whether `protected()` is a member.
    includes_protected: bool,
    /// Whether `!protected()` is one.
    excludes_protected: bool,
}

/// Whose rules an automaton has, for messages.
#[derive(Debug, Clone, Copy)]
pub(super) struct About<'e> {
    pub(super) attribute: &'static str,
    pub(super) rules: &'e [&'e std::sync::Arc<Rule>],
}

/// How an entry is found among the lists of an automaton.
enum Role {
    /// It is this list.
    List(u32),
    /// Its members and those with `!` are lists of their own, since `protected()` is another.
    Parts { include: u32, exclude: u32 },
}

/// The nodes of a list.
pub(super) fn list_of(patterns: &PatternList) -> List<'_> {
    List {
        include: patterns.include.iter().map(|pattern| &pattern.node).collect(),
        exclude: patterns.exclude.iter().map(|pattern| &pattern.node).collect(),
    }
}

fn plain(patterns: &[RefPattern]) -> Vec<&Node> {
    patterns
        .iter()
        .filter_map(|pattern| match pattern {
            RefPattern::Pattern(pattern) => Some(&pattern.node),
            RefPattern::Protected => None,
        })
        .collect()
}

/// The nodes of a list of refs; `protected()` is left out.
pub(super) fn refs_of(refs: &RefList) -> List<'_> {
    List { include: plain(&refs.include), exclude: plain(&refs.exclude) }
}

pub(super) fn has_protected(patterns: &[RefPattern]) -> bool {
    patterns.iter().any(|pattern| matches!(pattern, RefPattern::Protected))
}

impl<'e> Asks<'e> {
    pub(super) fn patterns(patterns: &'e PatternList) -> Self {
        Self { list: list_of(patterns), includes_protected: false, excludes_protected: false }
    }

    pub(super) fn refs(refs: &'e RefList) -> Self {
        let lost = fault::injected(Fault::LostProtected);
        Self {
            list: refs_of(refs),
            includes_protected: has_protected(&refs.include) && !lost,
            excludes_protected: has_protected(&refs.exclude) && !lost,
        }
    }

    fn protected(&self) -> bool {
        self.includes_protected || self.excludes_protected
    }

    /// Whether any text at all satisfies it.
    fn is_any(&self) -> bool {
        !self.protected() && self.list.exclude.is_empty() && self.list.include.contains(&&Node::AnyText)
    }
}

/// Rules by what they ask: `asks` gives the text that tells lists apart, and the list; nothing for a rule that leaves the
/// dimension out. The first result are the rules that any text satisfies.
pub(super) fn entries<'e>(
    rules: &AccountRules<'e, '_>,
    asks: impl Fn(&'e Rule) -> Option<(String, Asks<'e>)>,
) -> (Vec<u16>, Vec<Entry<'e>>) {
    let mut always = Vec::new();
    let mut found: Vec<Entry<'e>> = Vec::new();
    let mut places: HashMap<String, usize> = HashMap::new();
    for (number, rule) in rules.numbered() {
        let Some((text, asks)) = asks(rule).filter(|(_, asks)| !asks.is_any()) else {
            always.push(number);
            continue;
        };
        let place = *places.entry(text).or_insert(found.len());
        match found.get_mut(place) {
            Some(entry) => entry.rules.push(number),
            None => found.push(Entry { rules: vec![number], asks }),
        }
    }
    (always, found)
}

impl<'e> Compiler<'e> {
    /// The automaton whose labels are the sets of the rules that a text satisfies. `always` are those that any text
    /// satisfies; `protected` is what `protected()` means.
    pub(super) fn rule_sets(
        &mut self,
        always: &[u16],
        entries: &[Entry<'e>],
        protected: Option<&List<'e>>,
        about: About<'_>,
    ) -> Result<u32, CompileError> {
        let mut parts = Vec::new();
        self.parts(always, entries, protected, about, &mut parts)?;
        let otherwise = match fault::injected(Fault::LostOtherwiseRules) {
            true => self.tables.set(&[]),
            false => self.tables.set(always),
        };
        Ok(self.tables.automaton(&parts, &vec![otherwise; parts.len()]))
    }

    /// One automaton for all entries, or two for half of them each, and so on.
    fn parts(
        &mut self,
        always: &[u16],
        entries: &[Entry<'e>],
        protected: Option<&List<'e>>,
        about: About<'_>,
        parts: &mut Vec<u32>,
    ) -> Result<(), CompileError> {
        match self.part(always, entries, protected) {
            Ok(start) => {
                parts.push(start);
                Ok(())
            }
            Err(OverBudget) if entries.len() > 1 => {
                let (left, right) = entries.split_at(entries.len() / 2);
                self.parts(always, left, protected, about, parts)?;
                self.parts(always, right, protected, about, parts)
            }
            Err(OverBudget) => {
                let rule = entries.iter().flat_map(|entry| &entry.rules).next();
                let rule = rule.and_then(|number| about.rules.get(usize::from(*number)));
                Err(CompileError::TooLarge {
                    attribute: about.attribute,
                    owner: rule.map(|rule| rule.name.to_string()).unwrap_or_default(),
                    place: rule.map(|rule| rule.place.clone()),
                })
            }
        }
    }

    fn part(&mut self, always: &[u16], entries: &[Entry<'e>], protected: Option<&List<'e>>) -> Result<u32, OverBudget> {
        let mut lists = Vec::new();
        let mut add = |list: List<'e>| {
            lists.push(list);
            super::number(lists.len() - 1)
        };
        let of_protected = protected.map(|list| add(list.clone()));
        let mut roles = Vec::with_capacity(entries.len());
        for Entry { asks, .. } in entries {
            roles.push(if asks.protected() {
                let part = |nodes: &Vec<&'e Node>| List { include: nodes.clone(), exclude: Vec::new() };
                Role::Parts { include: add(part(&asks.list.include)), exclude: add(part(&asks.list.exclude)) }
            } else {
                Role::List(add(asks.list.clone()))
            });
        }
        let meaning = meaning(always, entries, of_protected);
        let tables = &mut self.tables;
        let mut label = |matching: &[u32]| {
            let has = |list: u32| matching.binary_search(&list).is_ok();
            let is_protected = of_protected.is_some_and(has);
            let satisfied = |entry: &Entry<'_>, role: &Role| match role {
                Role::List(list) => has(*list),
                Role::Parts { include, exclude } => {
                    (has(*include) || entry.asks.includes_protected && is_protected)
                        && !(has(*exclude) || entry.asks.excludes_protected && is_protected)
                }
            };
            let entries = entries.iter().zip(&roles).filter(|(entry, role)| satisfied(entry, role));
            let mut members: Vec<u16> = entries.flat_map(|(entry, _)| &entry.rules).chain(always).copied().collect();
            members.sort_unstable();
            tables.set(&members)
        };
        self.automata.build(&lists, &meaning, &mut label)
    }

    /// The automaton of one list, whose label is 1.
    pub(super) fn matcher(
        &mut self,
        list: &List<'_>,
        attribute: &'static str,
        owner: &str,
    ) -> Result<u32, CompileError> {
        let start = self
            .automata
            .build(std::slice::from_ref(list), &[1], &mut |_| 1)
            .map_err(|OverBudget| CompileError::TooLarge { attribute, owner: owner.to_owned(), place: None })?;
        Ok(self.tables.automaton(&[start], &[0]))
    }

    /// The automaton of an account's paths.
    pub(super) fn paths(&mut self, rules: &AccountRules<'e, '_>) -> Result<u32, CompileError> {
        let (always, entries) =
            entries(rules, |rule| rule.paths.as_ref().map(|paths| (paths.text(), Asks::patterns(paths))));
        let about = About { attribute: "paths", rules: &rules.rules };
        self.rule_sets(&always, &entries, None, about)
    }
}

/// All that the labels of an automaton depend on, beside its lists.
fn meaning(always: &[u16], entries: &[Entry<'_>], protected: Option<u32>) -> Vec<u32> {
    const END: u32 = u32::MAX;
    let mut meaning = vec![2, u32::from(protected.is_some())];
    meaning.extend(always.iter().map(|rule| u32::from(*rule)));
    for entry in entries {
        meaning.extend([END, u32::from(entry.asks.includes_protected) | u32::from(entry.asks.excludes_protected) << 1]);
        meaning.extend(entry.rules.iter().map(|rule| u32::from(*rule)));
    }
    meaning
}
