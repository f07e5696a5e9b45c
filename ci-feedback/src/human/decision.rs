//! A decision for someone who was just denied: what was asked, why not, what would have to differ, and where to look.

use std::borrow::Cow;
use std::fmt::Write as _;

use policy_core::decision::{Decision, FailedClaim, FailedDimension, MatchedRule, Nearest, Outcome, Reason};
use policy_core::invocation::{RawCaller, RawInvocation};
use policy_core::redact::address;

use super::{Colors, Hidden, Table, quoted, visible};

/// How the name of a policy file is shown: behind the directory that was named, or as it is.
type Paths<'p> = &'p dyn Fn(&str) -> String;

/// The decision as text with a line end, with what was asked if that could be read, and without what is hidden of the
/// arguments (A5); `paths` says how the name of a policy file is shown. Whatever was asked stays in its line, and writes no
/// escape to a terminal.
pub fn explanation(
    decision: &Decision<'_>,
    asked: Option<(&RawInvocation, &Hidden)>,
    paths: &dyn Fn(&str) -> String,
    colors: Colors,
) -> String {
    let mut text = headline(decision, colors);
    let nothing = Hidden::default();
    let hidden = asked.map_or(&nothing, |(_, hidden)| hidden);
    if let Some((asked, hidden)) = asked {
        text.push('\n');
        text.push_str(&question(asked, hidden).written(2, colors));
    }
    text.push_str(&rules(decision, hidden, paths, colors, true));
    text.push('\n');
    text.push_str(&footer(decision).written(0, colors));
    let bold = colors.strong();
    if decision.outcome() != Outcome::Permit {
        // Writing to a string does not fail.
        _ = writeln!(text, "{bold}help{bold:#}: `portcullis explain {}` says more", decision.reason.as_str());
    }
    text
}

/// What was asked, and what the rules say to that, where the outcome itself is still open.
pub(crate) fn grounds(
    decision: &Decision<'_>,
    (asked, hidden): (&RawInvocation, &Hidden),
    paths: Paths<'_>,
    colors: Colors,
) -> String {
    let mut text = question(asked, hidden).written(2, colors);
    text.push_str(&rules(decision, hidden, paths, colors, false));
    text.push('\n');
    text.push_str(&footer(decision).written(0, colors));
    text
}

/// The outcome and why, in one line.
fn headline(decision: &Decision<'_>, colors: Colors) -> String {
    let (style, word) = match decision.outcome() {
        Outcome::Permit => (colors.good(), "permit"),
        Outcome::Deny => (colors.bad(), "deny"),
        Outcome::Unmet => (colors.open(), "unmet"),
    };
    format!("{style}{word}{style:#}: {}\n", visible(&decision.message))
}

fn question(asked: &RawInvocation, hidden: &Hidden) -> Table {
    let mut table = Table::default();
    table.row("account", quoted(&asked.account));
    match &asked.caller {
        RawCaller::Principal(principal) => table.row("caller", quoted(principal)),
        RawCaller::Token { issuer, .. } => table.row("caller", format!("a token of {}", quoted(issuer))),
    }
    table.row("repository", quoted(&repository(asked)));
    table.row("ref", quoted(&asked.reference));
    if let Some(commit) = &asked.commit {
        table.row("commit", quoted(commit));
    }
    table.row("path", quoted(&asked.path));
    table.row("command", hidden.command_line(std::iter::once(&asked.command).chain(&asked.arguments)));
    table
}

/// The rules that decided, or those that came near; `certain` where their callers are all that could differ.
fn rules(decision: &Decision<'_>, hidden: &Hidden, paths: Paths<'_>, colors: Colors, certain: bool) -> String {
    match decision.reason {
        Reason::NoPermit => by_use(&decision.nearest).map(|rule| near(rule, paths, colors, certain)).collect(),
        _ => deciding(decision, hidden, paths, colors),
    }
}

/// The repository that was asked, without what no one may repeat (C1): by its identity, where it has one.
pub(crate) fn repository(asked: &RawInvocation) -> Cow<'_, str> {
    match asked.parse_repository() {
        Ok(identity) => Cow::Owned(identity.as_str().to_owned()),
        Err(_) => address(&asked.repository),
    }
}

/// The rules that decided, and for what may run how it runs.
fn deciding(decision: &Decision<'_>, hidden: &Hidden, paths: Paths<'_>, colors: Colors) -> String {
    let mut table = Table::default();
    for rule in &decision.rules {
        table.row(rule.effect, matched(rule, paths));
    }
    for requirement in &decision.unmet {
        table.row("to show", format!("{requirement}: {}", meaning(requirement)));
    }
    if let Some(launch) = &decision.launch {
        let label = if decision.outcome() == Outcome::Permit { "runs" } else { "would run" };
        table.row(label, hidden.command_line(&launch.argv));
        table.row("runner", quoted(&launch.runner));
    }
    if table.is_empty() { String::new() } else { format!("\n{}", table.written(2, colors)) }
}

fn matched(rule: &MatchedRule<'_>, paths: Paths<'_>) -> String {
    format!("\"{}\" at {}", visible(&rule.name), place(paths, &rule.file, rule.line))
}

/// The nearest rules, those about the command that was asked first: they say more to whoever asked.
pub(crate) fn by_use<'d>(nearest: &'d [Nearest<'d>]) -> impl Iterator<Item = &'d Nearest<'d>> {
    let about_the_command = |rule: &&Nearest<'_>| rule.failed.iter().all(|failed| failed.dimension != "command");
    let others = move |rule: &&Nearest<'_>| !about_the_command(rule);
    nearest.iter().filter(about_the_command).chain(nearest.iter().filter(others))
}

/// A rule that came near: what it permits where it failed.
fn near(rule: &Nearest<'_>, paths: Paths<'_>, colors: Colors, certain: bool) -> String {
    let bold = colors.strong();
    let place = place(paths, &rule.file, rule.line);
    let mut text = format!("\n  {bold}nearest{bold:#} \"{}\" at {place}\n", visible(&rule.rule));
    for failed in &rule.failed {
        text.push_str(&difference(failed, colors));
    }
    if let [only] = &*rule.failed
        && certain
    {
        _ = writeln!(text, "    only the {} would have to differ", only.dimension);
    }
    text
}

fn difference(failed: &FailedDimension<'_>, colors: Colors) -> String {
    let mut table = Table::default();
    table.row(failed.dimension, format!("asked   {}", quoted(&failed.got)));
    table.row("", format!("permits {}", visible(&failed.expected)));
    for claim in &failed.claims {
        table.row("", lacking(claim));
    }
    table.written_at(4, 12, colors)
}

/// What a token lacks to be a caller (C6, B), in one line.
pub(crate) fn lacking(failed: &FailedClaim<'_>) -> String {
    let (caller, claim, expected) = (visible(&failed.caller), visible(&failed.claim), visible(&failed.expected));
    match (claim.strip_prefix("bind."), &failed.got) {
        (Some(part), Some(got)) => {
            format!(
                "of caller {caller} the {part} must be what the token names by {expected}, which is {}",
                quoted(got)
            )
        }
        (Some(part), None) => {
            format!("of caller {caller} the {part} must be what the token names by {expected}, which is nothing")
        }
        (None, Some(got)) => format!("of caller {caller} the claim {claim} must be {expected}, and is {}", quoted(got)),
        (None, None) => format!("of caller {caller} the claim {claim} must be {expected}, and is not there"),
    }
}

fn footer(decision: &Decision<'_>) -> Table {
    let mut table = Table::default();
    if let Some(policy) = decision.policy {
        table.row("policy", policy.to_string());
    }
    if let Some(bundle) = decision.bundle {
        table.row("bundle", bundle.to_string());
    }
    table
}

/// A place that an editor opens: `policy/accounts/prod.hcl:12`.
fn place(paths: Paths<'_>, file: &str, line: u32) -> String {
    format!("{}:{line}", visible(&paths(file)))
}

/// What a requirement asks for, in words.
pub(crate) fn meaning(requirement: &str) -> &'static str {
    match requirement {
        "commit_on" => "the commit is on one of the refs that the rule names",
        "commit_is_tip_of" => "the commit is the tip of one of the refs that the rule names",
        "includes_tip_of" => "the commit holds all that the refs that the rule names hold now",
        "checks" => "the checks that the rule names have passed for the commit",
        "approvals" => "enough people other than the caller approve this job",
        "planned" => "the plan that would be applied was made by a permitted run",
        "plan" => "the saved plan changes no more than the rule allows",
        "no_rollback" => "the commit descends from the one started last",
        "window" => "it is a time at which the rule permits it",
        "not_after" => "the rule's last day is not over",
        _ => "see the rule",
    }
}
