//! Questions about several patterns at once: what is left of a list (P8), and whether two have a text in common.

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
    if some_witness_is_left(positive, negative)? {
        return Ok(false);
    }
    search(positive, negative, Wanted::Left).map(|found| !found)
}

/// Whether some text matches both.
///
/// # Errors
/// [`TooLarge`] when the automata together take more states, or more counted work, than those of one pattern may.
pub fn intersects(left: &Node, right: &Node) -> Result<bool, TooLarge> {
    search(&[left], &[right], Wanted::Both)
}

/// Nearly every list is judged by this: one text that a positive member matches and no negative one does.
fn some_witness_is_left(positive: &[&Node], negative: &[&Node]) -> Result<bool, TooLarge> {
    let mut texts: Vec<String> = positive.iter().filter_map(|node| witness(node)).collect();
    for node in negative {
        if texts.is_empty() {
            break;
        }
        let nfa = Nfa::new(node)?;
        texts.retain(|text| !nfa.matches(text.as_bytes()));
    }
    Ok(!texts.is_empty())
}

/// What the search looks for: a text that the first list matches, and the second …
#[derive(Clone, Copy, PartialEq, Eq)]
enum Wanted {
    /// … does not.
    Left,
    /// … does, too.
    Both,
}

/// Walks both lists at once as one automaton of two ends; the states of the first list have the lower numbers.
fn search(first: &[&Node], second: &[&Node], wanted: Wanted) -> Result<bool, TooLarge> {
    let mut builder = Builder::default();
    let mut starts = Vec::new();
    let first_end = list(&mut builder, first, &mut starts)?;
    let boundary = StateId::try_from(builder.states.len()).map_err(|_| TooLarge)?;
    let second_end = list(&mut builder, second, &mut starts)?;
    let mut subsets = Subsets::new(&builder.states, &starts);
    let (mut open, mut met) = (vec![0], vec![true]);
    let mut leads = Vec::new();
    while let Some(number) = open.pop() {
        let Some(set) = subsets.set(number) else { continue };
        if set.contains(&first_end) && set.contains(&second_end) == (wanted == Wanted::Both) {
            return Ok(true);
        }
        let alive = set.iter().any(|id| *id < boundary);
        if !alive || (wanted == Wanted::Both && set.iter().all(|id| *id < boundary)) {
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

/// Builds the automata of a list, which share their end; gives that end.
fn list(builder: &mut Builder, nodes: &[&Node], starts: &mut Vec<StateId>) -> Result<StateId, TooLarge> {
    let end = builder.push(State::Accept)?;
    for node in nodes {
        starts.push(builder.node(node, end)?);
    }
    Ok(end)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
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
