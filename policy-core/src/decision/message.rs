//! The sentences for people. They are not part of what engines agree on.

use super::{FailedDimension, Nearest};

/// "the rule `a` permits it", "the forbid rule `a` and 2 others forbid it".
pub(crate) fn decided<'n>(
    what: &str,
    [one, many]: [&str; 2],
    mut names: impl ExactSizeIterator<Item = &'n str>,
) -> String {
    let Some(first) = names.next() else { return String::new() };
    match (names.len(), names.next()) {
        (0, _) => format!("{what} `{first}` {one} it"),
        (1, Some(other)) => format!("{what} `{first}` and `{other}` {many} it"),
        (others, _) => format!("{what} `{first}` and {others} others {many} it"),
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
    let names: Vec<String> = unmet.iter().map(|name| format!("`{name}`")).collect();
    let verb = if unmet.len() == 1 { "is" } else { "are" };
    format!("the rule `{rule}` permits it once {} {verb} shown", names.join(", "))
}

/// Why nothing permits it.
pub(crate) fn no_permit(account: &str, nearest: &[Nearest<'_>]) -> String {
    // A rule about the command that was asked says more to whoever asked than one that is as near by count.
    let about_the_command = |rule: &&Nearest<'_>| rule.failed.iter().all(|failed| failed.dimension != "command");
    let Some(rule) = nearest.iter().find(about_the_command).or(nearest.first()) else {
        return format!("account `{account}` permits nothing at all");
    };
    let name = |failed: &FailedDimension<'_>| failed.dimension;
    let failed: Vec<&str> = rule.failed.iter().map(name).collect();
    let failed = failed.join(", the ");
    format!("no rule of account `{account}` permits it; `{}` comes nearest, but for the {failed}", rule.rule)
}

/// Which account was probably meant.
pub(crate) fn unknown_account<'n>(name: &str, accounts: impl IntoIterator<Item = &'n str>) -> String {
    format!("no account has the name or id `{}`{}", name.escape_debug(), did_you_mean(name, accounts))
}

/// "; did you mean `x`?", or nothing.
pub(crate) fn did_you_mean<'n>(name: &str, candidates: impl IntoIterator<Item = &'n str>) -> String {
    crate::suggestion::nearest(name, candidates).map(|near| format!("; did you mean `{near}`?")).unwrap_or_default()
}
