//! P2, P3: the engine's automata against the model's matcher, near the boundary of what a pattern matches.

use policy_core::pattern::{
    Nfa, Node, Separators, brace_results, check, difference_is_empty, glob, intersects, measure, regex,
};

use crate::choices::Choices;
use crate::glob::Glob;
use crate::patterns_made::{self, NAMES, PATHS, VALUES, Words};
use crate::runner;

/// What is read as one pattern or is not read at all is a failure: the random ones are well formed and small.
fn automaton(node: &Node, text: &str) -> Result<Nfa, String> {
    check(node).map_err(|error| format!("`{text}`: {error:?}"))?;
    Nfa::new(node).map_err(|error| format!("`{text}`: {error:?}"))
}

fn both(model: &Glob, separators: Separators) -> Result<(Node, Node), String> {
    let class = if separators == Separators::Slash { "/" } else { "/:" };
    let (as_glob, as_regex) = (model.as_glob(), model.as_regex(class));
    let left = glob(&as_glob, separators).map_err(|error| format!("`{as_glob}`: {error:?}"))?;
    let right = regex(&as_regex).map_err(|error| format!("`{as_regex}`: {error:?}"))?;
    Ok((left, right))
}

/// A pattern of any kind of text.
fn made(choices: &mut Choices<'_>) -> (Glob, &'static Words<'static>, Separators) {
    const KINDS: [(&Words<'_>, Separators); 3] =
        [(&PATHS, Separators::Slash), (&VALUES, Separators::Slash), (&NAMES, Separators::SlashAndColon)];
    let (words, separators) = KINDS[choices.below(3)];
    (patterns_made::glob(choices, words), words, separators)
}

#[test]
fn globs_and_regexes_match_what_the_model_matches() {
    runner::holds(500, |first, second| {
        let (model, words, separators) = made(&mut Choices::new(first));
        let (glob, regex) = both(&model, separators)?;
        let automata = [automaton(&glob, &model.as_glob())?, automaton(&regex, &model.as_glob())?];
        let mut choices = Choices::new(second);
        for _ in 0..16 {
            let mut text = model.sample(&mut choices);
            if !automata.iter().all(|automaton| automaton.matches(text.as_bytes())) {
                return Err(format!("`{}` does not match its sample {text:?}", model.as_glob()));
            }
            for _ in 0..choices.below(3) {
                text = damaged(&text, &mut choices);
            }
            let expected = model.matches(&text, words.separators);
            if automata.iter().any(|automaton| automaton.matches(text.as_bytes()) != expected) {
                return Err(format!("`{}` and {text:?}: a match is {expected}", model.as_glob()));
            }
        }
        Ok(())
    });
}

fn damaged(text: &str, choices: &mut Choices<'_>) -> String {
    let mut characters: Vec<char> = text.chars().collect();
    let at = choices.below(characters.len() + 1);
    match choices.below(3) {
        0 => characters.insert(at, choices.pick(&['/', ':', 'a', '\u{e9}', '\u{1f600}', '\n', '*', '.'])),
        1 if at < characters.len() => drop(characters.remove(at)),
        _ if at < characters.len() => characters[at] = choices.pick(&['/', ':', 'b', '\u{e9}']),
        _ => {}
    }
    characters.into_iter().collect()
}

/// A glob and the regex that says the same are one language, and never the empty one.
#[test]
fn globs_and_their_regexes_are_one_language() {
    runner::holds(200, |first, _| {
        let (model, _, separators) = made(&mut Choices::new(first));
        let (glob, regex) = both(&model, separators)?;
        let within =
            |left: &Node, right: &Node| difference_is_empty(&[left], &[right]).map_err(|error| format!("{error:?}"));
        let empty = |node: &Node| measure(node).map(|found| found.empty).map_err(|error| format!("{error:?}"));
        let same = within(&glob, &regex)? && within(&regex, &glob)?;
        let bad = !same || empty(&glob)? || empty(&regex)? || measure(&glob).ok() != measure(&regex).ok();
        if bad { Err(format!("`{}` and `{}` differ", model.as_glob(), model.as_regex("/"))) } else { Ok(()) }
    });
}

/// P2: braces are the union of their results.
#[test]
fn braces_are_the_union_of_their_results() {
    runner::holds(200, |first, second| {
        let (model, _, separators) = made(&mut Choices::new(first));
        let text = model.as_glob();
        let whole = glob(&text, separators).map_err(|error| format!("`{text}`: {error:?}"))?;
        let results = brace_results(&text).map_err(|error| format!("`{text}`: {error:?}"))?;
        let parts: Result<Vec<Nfa>, String> = results
            .iter()
            .map(|result| {
                automaton(&glob(result, separators).map_err(|error| format!("`{result}`: {error:?}"))?, result)
            })
            .collect();
        let (parts, whole) = (parts?, automaton(&whole, &text)?);
        let mut choices = Choices::new(second);
        for _ in 0..8 {
            let sample = model.sample(&mut choices);
            let near = damaged(&sample, &mut choices);
            for asked in [sample, near] {
                if whole.matches(asked.as_bytes()) != parts.iter().any(|part| part.matches(asked.as_bytes())) {
                    return Err(format!("`{text}` and the union of {results:?} differ about {asked:?}"));
                }
            }
        }
        Ok(())
    });
}

/// Two patterns with a text in common intersect; and a pattern minus itself and anything else is empty (P8).
#[test]
fn emptiness_agrees_with_samples() {
    runner::holds(200, |first, second| {
        let (model, words, separators) = made(&mut Choices::new(first));
        let other = patterns_made::glob(&mut Choices::new(second), words);
        let (left, _) = both(&model, separators)?;
        let (right, _) = both(&other, separators)?;
        let common = model.sample(&mut Choices::new(second));
        let meets = intersects(&left, &right).map_err(|error| format!("{error:?}"))?;
        let gone = difference_is_empty(&[&left], &[&right, &left]).map_err(|error| format!("{error:?}"))?;
        let rest = difference_is_empty(&[&left], &[&right]).map_err(|error| format!("{error:?}"))?;
        let bad = !gone
            || (other.matches(&common, words.separators) && !meets)
            || (!other.matches(&common, words.separators) && rest);
        if bad { Err(format!("`{}` and `{}`: {common:?}", model.as_glob(), other.as_glob())) } else { Ok(()) }
    });
}
