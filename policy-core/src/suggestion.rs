//! "Did you mean": the nearest of the names there are.

use alloc::string::String;
use alloc::vec::Vec;

use crate::prose::{HELPS, joined, say};

/// The candidate nearest to `name`, if one is near enough that it was probably meant.
///
/// Upper and lower case are easily mixed up, so that they make no difference unless nothing else does. Distance is the number of inserted, removed, replaced or swapped characters; a third of the name may differ.
pub(crate) fn nearest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    // Names are at most 200 bytes where they are valid; what is longer was not mistyped.
    if !HELPS || name.len() > 256 {
        return None;
    }
    let folded: Vec<char> = name.to_lowercase().chars().collect();
    let typed: Vec<char> = name.chars().collect();
    let allowed = (typed.len() / 3).max(1);
    let mut room = Rows::default();
    let mut found: Option<(usize, usize, &str)> = None;
    for candidate in candidates {
        // Whoever is denied waits for this among thousands of candidates: most are out by their length alone.
        if candidate.len().abs_diff(name.len()) > allowed * 4 {
            continue;
        }
        room.read(&candidate.to_lowercase());
        if room.right.len().abs_diff(folded.len()) > allowed {
            continue;
        }
        let near = room.distance(&folded);
        if near > allowed || found.is_some_and(|(nearest, _, _)| near > nearest) {
            continue;
        }
        room.read(candidate);
        let next = (near, room.distance(&typed), candidate);
        found = Some(found.map_or(next, |found| found.min(next)));
    }
    found.map(|(_, _, candidate)| candidate)
}

/// `a`, `b` or `c`, each in backticks.
pub(crate) fn one_of(words: &[&str]) -> String {
    match words.split_last() {
        None => String::new(),
        Some((last, [])) => say("`{}`", &[last]),
        Some((last, rest)) => say("`{}` or `{}`", &[&joined(rest, "`, `"), last]),
    }
}

/// What a distance is computed in, used again and again.
#[derive(Default)]
struct Rows {
    right: Vec<char>,
    before_last: Vec<usize>,
    last: Vec<usize>,
    current: Vec<usize>,
}

impl Rows {
    /// Takes the text that others are compared with.
    fn read(&mut self, right: &str) {
        self.right.clear();
        self.right.extend(right.chars());
    }

    /// Optimal string alignment distance.
    fn distance(&mut self, left: &[char]) -> usize {
        self.last.clear();
        self.last.extend(0..=self.right.len());
        let mut left_before = None;
        for (row, a) in left.iter().enumerate() {
            self.current.clear();
            self.current.push(row + 1);
            for (column, b) in self.right.iter().enumerate() {
                let at = |line: &[usize], index: usize| line.get(index).copied().unwrap_or(usize::MAX / 2);
                let mut cost = (at(&self.last, column) + usize::from(a != b))
                    .min(at(&self.last, column + 1) + 1)
                    .min(at(&self.current, column) + 1);
                let swapped = column > 0 && left_before == Some(b) && self.right.get(column - 1) == Some(a);
                if swapped {
                    cost = cost.min(at(&self.before_last, column - 1) + 1);
                }
                self.current.push(cost);
            }
            core::mem::swap(&mut self.before_last, &mut self.last);
            core::mem::swap(&mut self.last, &mut self.current);
            left_before = Some(a);
        }
        self.last.last().copied().unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::{Rows, nearest, one_of};

    #[test]
    fn distance_counts_edits_and_swaps() {
        let mut rows = Rows::default();
        let mut distance = |left: &str, right: &str| {
            rows.read(right);
            rows.distance(&left.chars().collect::<Vec<_>>())
        };
        assert_eq!(distance("", "abc"), 3);
        assert_eq!(distance("planner", "planer"), 1);
        assert_eq!(distance("ab", "ba"), 1);
        assert_eq!(distance("kitten", "sitting"), 3);
    }

    #[test]
    fn the_nearest_name_is_offered_and_a_far_one_is_not() {
        assert_eq!(nearest("comands", ["callers", "commands"]), Some("commands"));
        assert_eq!(nearest("x", ["callers", "commands"]), None);
        assert_eq!(nearest("CI", ["ci", "cd"]), Some("ci"));
        assert_eq!(nearest("Ci", ["ci", "Ci2", "CI"]), Some("CI"));
    }

    #[test]
    fn alternatives_read_as_a_sentence() {
        assert_eq!(one_of(&["a"]), "`a`");
        assert_eq!(one_of(&["a", "b", "c"]), "`a`, `b` or `c`");
    }
}
