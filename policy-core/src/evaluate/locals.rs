//! The locals of an estate: resolved, put in order and evaluated once, before anything else.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use super::cycle::components;
use super::depth::{Depths, VALUE_NESTING};
use super::{Evaluator, Located, Names, Scope, Uses, resolve};
use crate::diagnostic::{Code, Diagnostic};
use crate::syntax::tree::Attribute;

/// Members of a cycle that a diagnostic shows; a cycle of 100,000 is not made clearer by all of them.
const SHOWN_MEMBERS: usize = 16;

/// The values of an estate's locals.
#[derive(Debug, Clone, Default)]
pub struct Locals {
    names: BTreeMap<Arc<str>, usize>,
    values: Vec<Option<Located>>,
}

impl Locals {
    /// Evaluates all locals in the order of their dependencies and reports what is wrong with them, in order of place.
    ///
    /// Of attributes with one name the first counts; that there are more is the caller's to report. A local that is wrong,
    /// or uses one that is, has no value, and only the cause is reported.
    pub fn evaluate(attributes: &[&Attribute], evaluator: &mut Evaluator, diagnostics: &mut Vec<Diagnostic>) -> Self {
        let mut found = Vec::new();
        let declared = declared(attributes);
        let names: BTreeMap<Arc<str>, usize> =
            declared.iter().enumerate().map(|(index, local)| (Arc::clone(&local.name.text), index)).collect();
        let uses: Vec<Option<Uses>> = declared.iter().map(|local| uses(local, &names, &mut found)).collect();
        let edges: Vec<Vec<usize>> = uses.iter().map(|uses| targets(uses.as_ref(), &names)).collect();
        let mut locals = Self { values: vec![None; declared.len()], names };
        let mut depths = Depths::default();
        for component in components(&edges) {
            let index = match component.as_slice() {
                [index] if edges.get(*index).is_some_and(|targets| !targets.contains(index)) => *index,
                members => {
                    found.extend(cycle_fault(members, &edges, &declared));
                    continue;
                }
            };
            if let (Some(local), Some(Some(_))) = (declared.get(index), uses.get(index)) {
                let value = locals.value(local, evaluator, &mut depths, &mut found);
                if let Some(place) = locals.values.get_mut(index) {
                    *place = value;
                }
            }
        }
        found.sort_by_key(|diagnostic| diagnostic.span);
        diagnostics.append(&mut found);
        locals
    }

    /// The value of one local, whose dependencies are evaluated.
    fn value(
        &self,
        local: &Attribute,
        evaluator: &mut Evaluator,
        depths: &mut Depths,
        found: &mut Vec<Diagnostic>,
    ) -> Option<Located> {
        match evaluator.evaluate(&local.value, &Scope { locals: self, account: None }) {
            Ok(located) if depths.measure(&located.value) <= VALUE_NESTING => Some(located),
            Ok(located) => {
                depths.keep(located.value);
                let message = format!(
                    "the value of `{}` has more than {VALUE_NESTING} lists and objects inside each other",
                    local.name.text
                );
                found.push(
                    Diagnostic::new(Code::TooDeep, local.name.span, message)
                        .help("put the elements beside each other, such as with `concat` or `merge`"),
                );
                None
            }
            Err(error) => {
                found.extend(error.into_diagnostic());
                None
            }
        }
    }

    /// The value of `name`: none where it is not declared, and within it none where it is wrong, which is reported.
    pub fn get(&self, name: &str) -> Option<Option<&Located>> {
        self.names.get(name).and_then(|&index| self.values.get(index)).map(Option::as_ref)
    }

    /// The declared names, for [`Names`].
    pub fn names(&self) -> &BTreeMap<Arc<str>, usize> {
        &self.names
    }
}

/// The first attribute of each name, in order of place.
fn declared<'a>(attributes: &[&'a Attribute]) -> Vec<&'a Attribute> {
    let mut sorted = attributes.to_vec();
    sorted.sort_by_key(|attribute| attribute.span);
    let mut seen = std::collections::BTreeSet::new();
    sorted.retain(|attribute| seen.insert(Arc::clone(&attribute.name.text)));
    sorted
}

/// What a local uses; none where it names what does not exist.
fn uses(local: &Attribute, names: &BTreeMap<Arc<str>, usize>, found: &mut Vec<Diagnostic>) -> Option<Uses> {
    let before = found.len();
    let uses = resolve(&local.value, &Names { locals: names, account: false }, found);
    (found.len() == before).then_some(uses)
}

fn targets(uses: Option<&Uses>, names: &BTreeMap<Arc<str>, usize>) -> Vec<usize> {
    let locals = uses.map_or(&[][..], |uses| &uses.locals);
    let mut targets: Vec<usize> = locals.iter().filter_map(|local| names.get(local).copied()).collect();
    targets.sort_unstable();
    targets
}

/// The report about locals that all reach each other: at the last of them, which closes the circle for who reads in
/// order, with a shortest way from it back to it.
fn cycle_fault(members: &[usize], edges: &[Vec<usize>], declared: &[&Attribute]) -> Option<Diagnostic> {
    let last = members.iter().copied().max()?;
    let way = shortest_circle(last, members, edges);
    let locals: Vec<&Attribute> = way.iter().filter_map(|&index| declared.get(index).copied()).collect();
    let mut path: Vec<String> =
        locals.iter().take(SHOWN_MEMBERS).map(|local| format!("`{}`", local.name.text)).collect();
    if locals.len() > SHOWN_MEMBERS {
        path.push("…".to_owned());
    }
    let closing = declared.get(last)?;
    path.push(format!("`{}`", closing.name.text));
    let message = format!("the local `{}` needs its own value: {}", closing.name.text, path.join(" → "));
    let fault = Diagnostic::new(Code::Cycle, closing.name.span, message).help("write one of them without the others");
    Some(locals.iter().skip(1).take(SHOWN_MEMBERS).fold(fault, |fault, local| {
        fault.related(local.name.span, format!("`{}` is part of the cycle", local.name.text))
    }))
}

/// A shortest way from `start` back to it through `members`, beginning with `start`; breadth first.
fn shortest_circle(start: usize, members: &[usize], edges: &[Vec<usize>]) -> Vec<usize> {
    let mut came_from: BTreeMap<usize, Option<usize>> = members.iter().map(|&member| (member, None)).collect();
    let mut queue = VecDeque::from([start]);
    while let Some(node) = queue.pop_front() {
        for &target in edges.get(node).into_iter().flatten() {
            if let Some(origin @ None) = came_from.get_mut(&target) {
                *origin = Some(node);
                if target == start {
                    return way_back(start, &came_from);
                }
                queue.push_back(target);
            }
        }
    }
    vec![start]
}

fn way_back(start: usize, came_from: &BTreeMap<usize, Option<usize>>) -> Vec<usize> {
    let mut way = Vec::new();
    let mut node = start;
    while let Some(Some(origin)) = came_from.get(&node) {
        way.push(*origin);
        node = *origin;
        if node == start {
            break;
        }
    }
    way.reverse();
    way
}

#[cfg(test)]
mod tests {
    use super::Locals;
    use crate::diagnostic::Diagnostic;
    use crate::evaluate::testing::{
        at, binary, broken, call, declare, list, local, number, shown, span, text, texts, variable,
    };
    use crate::evaluate::{EvaluationError, Evaluator, Scope, Value};
    use crate::syntax::tree::{Attribute, BinaryOperator};

    fn evaluate(attributes: &[Attribute]) -> (Locals, Vec<Diagnostic>) {
        let mut found = Vec::new();
        let locals = Locals::evaluate(&attributes.iter().collect::<Vec<_>>(), &mut Evaluator::new(), &mut found);
        (locals, found)
    }

    fn value(locals: &Locals, name: &str) -> String {
        match locals.get(name) {
            None => "undeclared".to_owned(),
            Some(None) => "broken".to_owned(),
            Some(Some(located)) => shown(&located.value),
        }
    }

    fn codes(found: &[Diagnostic]) -> Vec<(&str, u32)> {
        found.iter().map(|fault| (fault.code.as_str(), fault.span.start)).collect()
    }

    #[test]
    fn locals_are_evaluated_in_the_order_of_their_dependencies() {
        let (locals, found) = evaluate(&[
            declare(10, "c", binary(local("a"), BinaryOperator::Add, local("b"))),
            declare(20, "b", binary(local("a"), BinaryOperator::Multiply, number("10"))),
            declare(30, "a", number("2")),
        ]);
        assert_eq!(found, []);
        assert_eq!([value(&locals, "a"), value(&locals, "b"), value(&locals, "c")], ["2", "20", "22"]);
        assert_eq!((value(&locals, "d").as_str(), locals.names().len()), ("undeclared", 3));
    }

    #[test]
    fn a_wrong_local_is_reported_once_and_not_where_it_is_used() {
        let (locals, found) = evaluate(&[
            declare(10, "user", list(vec![local("wrong")])),
            declare(20, "wrong", at(20, broken())),
            declare(30, "unknown", at(30, variable("nothing"))),
            declare(40, "other", call("try", vec![local("unknown"), text("a")])),
            declare(50, "account", at(50, variable("account"))),
            declare(60, "good", text("a")),
        ]);
        assert_eq!(codes(&found).iter().map(|(code, _)| *code).collect::<Vec<_>>(), ["PL305", "PL301", "PL301"]);
        for name in ["user", "wrong", "unknown", "other", "account"] {
            assert_eq!(value(&locals, name), "broken", "{name}");
        }
        assert_eq!(value(&locals, "good"), "'a'");
        let scope = Scope { locals: &locals, account: None };
        let used = call("try", vec![local("wrong"), text("a")]);
        assert_eq!(Evaluator::new().evaluate(&used, &scope), Err(EvaluationError::Reported));
    }

    #[test]
    fn the_first_of_two_with_one_name_counts() {
        let (locals, found) = evaluate(&[declare(20, "a", text("second")), declare(10, "a", text("first"))]);
        assert_eq!((value(&locals, "a").as_str(), found.len()), ("'first'", 0));
    }

    #[test]
    fn a_cycle_is_reported_once_at_the_member_that_closes_it() {
        let (locals, found) = evaluate(&[
            declare(10, "a", local("b")),
            declare(20, "b", list(vec![local("c"), local("free")])),
            declare(30, "c", local("a")),
            declare(40, "free", text("f")),
            declare(50, "user", local("a")),
            declare(60, "self", local("self")),
        ]);
        assert_eq!(codes(&found), [("PL204", 30), ("PL204", 60)]);
        let messages: Vec<&str> = found.iter().map(|fault| fault.message.as_str()).collect();
        assert_eq!(
            messages,
            [
                "the local `c` needs its own value: `c` → `a` → `b` → `c`",
                "the local `self` needs its own value: `self` → `self`"
            ]
        );
        let related: Vec<u32> = found.iter().flat_map(|fault| &fault.related).map(|place| place.span.start).collect();
        assert_eq!(related, [10, 20]);
        assert_eq!([value(&locals, "a"), value(&locals, "user"), value(&locals, "free")], ["broken", "broken", "'f'"]);
    }

    #[test]
    fn the_way_shown_is_a_shortest_one() {
        let (_, found) = evaluate(&[
            declare(10, "a", list(vec![local("b"), local("d")])),
            declare(20, "b", local("c")),
            declare(30, "c", local("d")),
            declare(40, "d", local("a")),
        ]);
        assert_eq!(
            found.iter().map(|fault| fault.message.as_str()).collect::<Vec<_>>(),
            ["the local `d` needs its own value: `d` → `a` → `d`"]
        );
    }

    #[test]
    fn long_cycles_are_shown_in_part() {
        let name = |index: u32| format!("n{index}");
        let ring = |length: u32| -> Vec<Attribute> {
            (0..length).map(|index| declare(index, &name(index), local(&name((index + 1) % length)))).collect()
        };
        let (_, found) = evaluate(&ring(50_000));
        assert_eq!((found.len(), found.iter().map(|fault| fault.related.len()).sum::<usize>()), (1, 16));
        assert!(found.iter().all(|fault| fault.message.contains("`n14` → … → `n49999`")), "{found:?}");
        let (_, found) = evaluate(&ring(16));
        assert!(found.iter().all(|fault| !fault.message.contains('…') && fault.related.len() == 15));
    }

    #[test]
    fn a_chain_of_a_hundred_thousand_is_evaluated() {
        let length = 100_000;
        let chain: Vec<Attribute> = (0..length)
            .map(|index| {
                let next = binary(local(&format!("n{}", index + 1)), BinaryOperator::Add, number("1"));
                declare(index, &format!("n{index}"), if index + 1 == length { number("1") } else { next })
            })
            .collect();
        let (locals, found) = evaluate(&chain);
        assert_eq!((value(&locals, "n0").as_str(), found.len()), ("100000", 0));
    }

    #[test]
    fn values_are_nested_64_deep_and_no_deeper() {
        let nest = |length: u32| -> Vec<Attribute> {
            (1..=length)
                .map(|index| {
                    let inner = local(&format!("n{}", index - 1));
                    let both = list(vec![inner.clone(), inner]);
                    declare(index, &format!("n{index}"), if index == 1 { texts(&["x"]) } else { both })
                })
                .collect()
        };
        assert_eq!(evaluate(&nest(64)).1, []);
        let (locals, found) = evaluate(&nest(66));
        assert_eq!(codes(&found), [("PL102", 65)]);
        assert_eq!((value(&locals, "n65").as_str(), value(&locals, "n66").as_str()), ("broken", "broken"));
        assert!(matches!(locals.get("n64"), Some(Some(located)) if matches!(located.value, Value::List(_))));
    }

    #[test]
    fn a_local_keeps_the_places_of_its_members() {
        let (locals, _) = evaluate(&[
            declare(10, "a", list(vec![at(70, text("x"))])),
            declare(20, "b", call("concat", vec![local("a"), local("a")])),
        ]);
        let places: Vec<_> = match locals.get("b") {
            Some(Some(located)) => match &located.value {
                Value::List(elements) => elements.iter().map(|element| element.span).collect(),
                _ => vec![],
            },
            _ => vec![],
        };
        assert_eq!(places, [span(70, 71), span(70, 71)]);
    }

    #[test]
    fn a_used_up_budget_is_reported_once() {
        let mut found = Vec::new();
        let attributes: Vec<Attribute> =
            (0..10).map(|index| declare(index, &format!("n{index}"), call("range", vec![number("5")]))).collect();
        Locals::evaluate(&attributes.iter().collect::<Vec<_>>(), &mut Evaluator::with_budget(12, 0), &mut found);
        assert_eq!(codes(&found), [("PL308", 0)]);
    }
}
