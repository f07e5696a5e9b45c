//! E10: the permit rules with the fewest failed dimensions, found for 64 rules at a time.

use alloc::vec::Vec;

use super::super::rule_set::RuleSet;
use super::rules::Sets;
use crate::decision::Dimension;

/// E10: how many rules are listed.
const NEAREST: usize = 3;

/// A rule and the dimensions that it fails in, a bit for each in the order of E3.
pub(super) struct Near {
    pub(super) rule: u16,
    pub(super) failed: u8,
}

/// The nearest of the rules from `forbids` to `rules`, nearest first, ties by number, which is by name.
pub(super) fn nearest(sets: &Sets<'_>, forbids: usize, rules: usize) -> Vec<Near> {
    // For each number of failed dimensions the first few rules.
    let mut found = [const { Vec::new() }; Dimension::ALL.len() + 1];
    for at in forbids / 64..rules.div_ceil(64) {
        let inside = RuleSet::First(u16::try_from(rules).unwrap_or(u16::MAX)).word(at)
            & !RuleSet::First(u16::try_from(forbids).unwrap_or(u16::MAX)).word(at);
        let [ones, twos, fours] = failures(sets, at);
        for (count, few) in found.iter_mut().enumerate() {
            let plane = |plane: u64, bit: usize| if count & bit != 0 { plane } else { !plane };
            let mut with_count = inside & plane(ones, 1) & plane(twos, 2) & plane(fours, 4);
            while with_count != 0 && few.len() < NEAREST {
                let rule = at * 64 + with_count.trailing_zeros() as usize;
                if let Ok(rule) = u16::try_from(rule) {
                    few.push(rule);
                }
                with_count &= with_count - 1;
            }
        }
    }
    let mut nearest = Vec::with_capacity(NEAREST);
    for few in &found {
        for rule in few.iter().take(NEAREST - nearest.len()) {
            nearest.push(Near { rule: *rule, failed: failed(sets, *rule) });
        }
    }
    nearest
}

/// For each of 64 rules how many dimensions fail, as three bits.
fn failures(sets: &Sets<'_>, at: usize) -> [u64; 3] {
    sets.iter().fold([0; 3], |[ones, twos, fours], set| {
        let fails = !set.word(at);
        let carry = ones & fails;
        [ones ^ fails, twos ^ carry, fours | (twos & carry)]
    })
}

fn failed(sets: &Sets<'_>, rule: u16) -> u8 {
    sets.iter().zip(0..).filter(|(set, _)| !set.has(rule)).fold(0, |failed, (_, bit)| failed | 1 << bit)
}
