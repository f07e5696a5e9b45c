//! The sentences for people. They are not part of what engines agree on.

use alloc::string::String;
use alloc::vec::Vec;

use super::{FailedDimension, Nearest};
use crate::canonical::shown;
use crate::prose::number;

/// "the rule `a` permits it", "the forbid rule `a` and 2 others forbid it".
pub(crate) fn decided<'n>(
    what: &str,
    [one, many]: [&str; 2],
    mut names: impl ExactSizeIterator<Item = &'n str>,
) -> String {
    let Some(first) = names.next() else { return String::new() };
    match (names.len(), names.next()) {
        (0, _) => [what, " `", first, "` ", one, " it"].concat(),
        (1, Some(other)) => [what, " `", first, "` and `", other, "` ", many, " it"].concat(),
        (others, _) => [what, " `", first, "` and ", &number(others), " others ", many, " it"].concat(),
    }
}

/// What forbids it.
pub(crate) fn forbidden<'n>(names: impl ExactSizeIterator<Item = &'n str>) -> String {
    decided("the forbid rule", ["forbids", "forbid"], names)
}

/// What permits it.
pub(crate) fn permitted<'n>(names: impl ExactSizeIterator<Item = &'n str>) -> String {
    decided("the rule", ["permits", "permit"], names)
}

/// What must still be shown.
pub(crate) fn unmet(rule: &str, unmet: &[&str]) -> String {
    let verb = if unmet.len() == 1 { "is" } else { "are" };
    ["the rule `", rule, "` permits it once `", &unmet.join("`, `"), "` ", verb, " shown"].concat()
}

/// Why nothing permits it.
pub(crate) fn no_permit(account: &str, nearest: &[Nearest<'_>]) -> String {
    // A rule about the command that was asked says more to whoever asked than one that is as near by count.
    let about_the_command = |rule: &&Nearest<'_>| rule.failed.iter().all(|failed| failed.dimension != "command");
    let Some(rule) = nearest.iter().find(about_the_command).or(nearest.first()) else {
        return ["account `", account, "` permits nothing at all"].concat();
    };
    let name = |failed: &FailedDimension<'_>| failed.dimension;
    let failed: Vec<&str> = rule.failed.iter().map(name).collect();
    let failed = failed.join(", the ");
    let nearest = ["` permits it; `", &rule.rule, "` comes nearest, but for the ", &failed].concat();
    ["no rule of account `", account, &nearest].concat()
}

/// Which account was probably meant.
pub(crate) fn unknown_account<'n>(name: &str, accounts: impl IntoIterator<Item = &'n str>) -> String {
    ["no account has the name or id `", &shown(name), "`", &did_you_mean(name, accounts)].concat()
}

/// "; did you mean `x`?", or nothing.
pub(crate) fn did_you_mean<'n>(name: &str, candidates: impl IntoIterator<Item = &'n str>) -> String {
    crate::suggestion::nearest(name, candidates)
        .map(|near| ["; did you mean `", near, "`?"].concat())
        .unwrap_or_default()
}
