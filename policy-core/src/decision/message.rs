//! The sentences for people. They are not part of what engines agree on.

use alloc::string::String;
use alloc::vec::Vec;

use super::Nearest;
use crate::canonical::shown;
use crate::prose::{joined, number, say};

/// "the rule `a` permits it", "the forbid rule `a` and 2 others forbid it".
fn decided(what: &str, [one, many]: [&str; 2], names: &mut dyn ExactSizeIterator<Item = &str>) -> String {
    let Some(first) = names.next() else { return String::new() };
    match (names.len(), names.next()) {
        (0, _) => say("{} `{}` {} it", &[what, first, one]),
        (1, Some(other)) => say("{} `{}` and `{}` {} it", &[what, first, other, many]),
        (others, _) => say("{} `{}` and {} others {} it", &[what, first, &number(others), many]),
    }
}

/// What forbids it.
pub(crate) fn forbidden<'n>(mut names: impl ExactSizeIterator<Item = &'n str>) -> String {
    decided("the forbid rule", ["forbids", "forbid"], &mut names)
}

/// What permits it.
pub(crate) fn permitted<'n>(mut names: impl ExactSizeIterator<Item = &'n str>) -> String {
    decided("the rule", ["permits", "permit"], &mut names)
}

/// What must still be shown.
pub(crate) fn unmet(rule: &str, unmet: &[&str]) -> String {
    let verb = if unmet.len() == 1 { "is" } else { "are" };
    say("the rule `{}` permits it once `{}` {} shown", &[rule, &joined(unmet, "`, `"), verb])
}

/// Why nothing permits it.
pub(crate) fn no_permit(account: &str, nearest: &[Nearest<'_>]) -> String {
    // A rule about the command that was asked says more to whoever asked than one that is as near by count.
    let about_the_command = |rule: &&Nearest<'_>| rule.failed.iter().all(|failed| failed.dimension != "command");
    let Some(rule) = nearest.iter().find(about_the_command).or(nearest.first()) else {
        return say("account `{}` permits nothing at all", &[account]);
    };
    let failed: Vec<&str> = rule.failed.iter().map(|failed| failed.dimension).collect();
    let failed = joined(&failed, ", the ");
    say("no rule of account `{}` permits it; `{}` comes nearest, but for the {}", &[account, &rule.rule, &failed])
}

/// Which account was probably meant.
pub(crate) fn unknown_account<'n>(name: &str, accounts: impl IntoIterator<Item = &'n str>) -> String {
    say("no account has the name or id `{}`{}", &[&shown(name), &did_you_mean(name, accounts)])
}

/// "; did you mean `x`?", or nothing.
pub(crate) fn did_you_mean<'n>(name: &str, candidates: impl IntoIterator<Item = &'n str>) -> String {
    crate::suggestion::nearest(name, candidates).map(|near| say("; did you mean `{}`?", &[near])).unwrap_or_default()
}
