//! Questions about several patterns at once: what is left of a list (P8), and whether two have a text in common.

use std::ops::Range;

use super::error::TooLarge;
use super::nfa::{Builder, Nfa, State, StateId, index};
use super::node::Node;
use super::subsets::Subsets;
use super::witness::witness;

/// Whether nothing is left of what one of `positive` matches when all that one of `negative` matches is taken away (P8).
/// True where `positive` is empty.
///
/// # Errors
/// [`TooLarge`] when the automata together take more states, or more counted work, than those of one pattern may.
pub fn difference_is_empty(positive: &[&Node], negative: &[&Node]) -> Result<bool, TooLarge> {
    // Nearly every list is judged by this: one text that a positive member matches and no negative one does.
    let texts = positive.iter().filter_map(|node| witness(node, "")).collect();
    if some_is_left(texts, negative)? {
        return Ok(false);
    }
    search(&[positive], negative).map(|found| !found)
}

/// Whether some text matches both.
///
/// # Errors
/// [`TooLarge`] when the automata together take more states, or more counted work, than those of one pattern may.
pub fn intersects(left: &Node, right: &Node) -> Result<bool, TooLarge> {
    search(&[&[left], &[right]], &[])
}

/// Whether one of `texts` is matched by none of `negative`.
///
/// # Errors
/// [`TooLarge`] for a member with too many states.
pub(super) fn some_is_left(mut texts: Vec<String>, negative: &[&Node]) -> Result<bool, TooLarge> {
    for node in negative {
        if texts.is_empty() {
            break;
        }
        let nfa = Nfa::new(node)?;
        texts.retain(|text| !nfa.matches(text.as_bytes()));
    }
    Ok(!texts.is_empty())
}

/// Whether some text is matched by a member of each list of `all`, and by no member of `none`.
///
/// # Errors
/// [`TooLarge`] when the automata together take more states, or more counted work, than those of one pattern may.
pub(super) fn search(all: &[&[&Node]], none: &[&Node]) -> Result<bool, TooLarge> {
    let mut builder = Builder::default();
    let mut starts = Vec::new();
    let lists = all.iter().map(|nodes| list(&mut builder, nodes, &mut starts)).collect::<Result<Vec<_>, _>>()?;
    let refused = list(&mut builder, none, &mut starts)?;
    let mut subsets = Subsets::new(&builder.states, &starts);
    let (mut open, mut met) = (vec![0], vec![true]);
    let mut leads = Vec::new();
    while let Some(number) = open.pop() {
        let Some(set) = subsets.set(number) else { continue };
        let ends_in = |list: &Range<StateId>| set.binary_search(&list.start).is_ok();
        if lists.iter().all(ends_in) && !ends_in(&refused) {
            return Ok(true);
        }
        let leads_on = |list: &Range<StateId>| {
            let first = set.partition_point(|id| *id < list.start);
            set.get(first).is_some_and(|id| list.contains(id))
        };
        if !lists.iter().all(leads_on) {
            continue;
        }
        subsets.successors(number, &mut leads)?;
        for (_, lead) in &leads {
            let at = index(*lead);
            if met.len() <= at {
                met.resize(at + 1, false);
            }
            if let Some(met) = met.get_mut(at)
                && !std::mem::replace(met, true)
            {
                open.push(*lead);
            }
        }
    }
    Ok(false)
}

/// Builds the automata of a list, which share their end; gives their states, of which that end is the first.
fn list(builder: &mut Builder, nodes: &[&Node], starts: &mut Vec<StateId>) -> Result<Range<StateId>, TooLarge> {
    let end = builder.push(State::Accept)?;
    for node in nodes {
        starts.push(builder.node(node, end)?);
    }
    let after = StateId::try_from(builder.states.len()).map_err(|_| TooLarge)?;
    Ok(end..after)
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Random, agrees, every_text, regular};
    use super::super::{Node, Separators, glob, measure, regex};
    use super::{TooLarge, difference_is_empty, intersects};

    fn globs(texts: &[&str]) -> Vec<Node> {
        texts.iter().map(|text| glob(text, Separators::Slash).unwrap()).collect()
    }

    // P8
    #[test]
    fn a_list_is_empty_when_all_is_taken_away() {
        for (positive, negative, wanted) in [
            (&["a"][..], &["a"][..], true),
            (&["a"], &["b"], false),
            (&["a"], &[], false),
            (&[], &[], true),
            (&[], &["a"], true),
            (&["a", "b"], &["a"], false),
            (&["a", "b"], &["?"], true),
            (&["prod/**"], &["**"], true),
            (&["**"], &["prod/**"], false),
            (&["**"], &["*", "**/*"], true),
            (&["**"], &["*", "*/*"], false),
            (&["*"], &["", "?*"], true),
            (&["*"], &["", "?", "??*"], true),
            (&["*"], &["", "??*"], false),
            (&["a/**"], &["a/"], false),
            (&["a/**"], &["a/", "a/?*", "a/**/*"], true),
        ] {
            let (positives, negatives) = (globs(positive), globs(negative));
            let got = difference_is_empty(&positives.iter().collect::<Vec<_>>(), &negatives.iter().collect::<Vec<_>>());
            assert_eq!(got, Ok(wanted), "{positive:?} without {negative:?}");
        }
    }

    #[test]
    fn languages_meet_when_a_text_is_of_both() {
        for (left, right, wanted) in [
            ("a", "a", true),
            ("a", "b", false),
            ("a*", "*b", true),
            ("a*", "b*", false),
            ("a/*", "a/*/*", false),
            ("**", "x", true),
            ("", "*", true),
            ("", "?", false),
            ("**/a", "b/**", true),
        ] {
            let [left_node, right_node] = [left, right].map(|text| glob(text, Separators::Slash).unwrap());
            assert_eq!(intersects(&left_node, &right_node), Ok(wanted), "{left} {right}");
            assert_eq!(intersects(&right_node, &left_node), Ok(wanted), "{right} {left}");
        }
        assert_eq!(intersects(&Node::Nothing, &Node::AnyText), Ok(false));
    }

    #[test]
    fn both_agree_with_trying_texts() {
        let mut random = Random(0xabcd_ef01);
        let texts = every_text(4);
        for _ in 0..600 {
            let (left, right) = (regular(&mut random, 2), regular(&mut random, 2));
            let (met, empty) = (intersects(&left, &right).unwrap(), difference_is_empty(&[&left], &[&right]).unwrap());
            for text in &texts {
                let (in_left, in_right) = (agrees(&left, text), agrees(&right, text));
                assert!(!(in_left && in_right) || met, "{left:?} {right:?} {text:?}");
                assert!(!in_left || in_right || !empty, "{left:?} {right:?} {text:?}");
            }
            assert_eq!(difference_is_empty(&[&left], &[&left, &right]), Ok(true));
            assert_eq!(intersects(&left, &left).unwrap(), !measure(&left).unwrap().empty);
            assert!(met || empty || difference_is_empty(&[&left], &[&right]) == Ok(false));
            if !met {
                assert_eq!(empty, measure(&left).unwrap().empty, "{left:?} {right:?}");
            }
        }
    }

    #[test]
    fn what_outgrows_the_limits_is_refused() {
        let large = regex("(a|b)*a(a|b){30}").unwrap();
        let text = regex("[ab]*").unwrap();
        assert_eq!(difference_is_empty(&[&large], &[&text]), Err(TooLarge));
        assert_eq!(difference_is_empty(&[&large], &[]), Ok(false));
        assert_eq!(difference_is_empty(&[&Node::literal("x")], &[&large]), Ok(false));
        let huge = regex("((a{1000}){1000}){1000}").unwrap();
        assert_eq!(intersects(&huge, &text), Err(TooLarge));
        assert_eq!(difference_is_empty(&[&huge], &[]), Err(TooLarge));
        // A text of one member is enough: the automaton of the others is not built.
        assert_eq!(difference_is_empty(&[&huge, &Node::literal("x")], &[&text]), Ok(false));
    }
}
