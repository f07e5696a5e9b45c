//! The summary of a job, in GitHub's Markdown.

use std::fmt::Write as _;

use policy_core::decision::Nearest;
use policy_core::invocation::RawCaller;

use super::doubt::Doubt;
use super::github::cut;
use super::{Finding, View};
use crate::asked::{Asked, CallerKind};
use crate::human::{Hidden, by_use, lacking, meaning, repository, visible};
use crate::problem::Problem;

/// What was decided, about what, and why.
pub(super) fn of_decision(finding: Finding<'_>, asked: &Asked, view: &View) -> String {
    let decision = finding.decision;
    let mut text = format!("### portcullis: {}\n\n{}\n\n", finding.word(), escaped(&finding.message()));
    text.push_str(&question(asked, &Hidden::all(&asked.invocation.arguments, decision.reason)));
    if let Some(doubt) = finding.doubt {
        text.push_str("\nTo tell:\n\n");
        for (claim, way) in doubt.ways() {
            // Writing to a string does not fail.
            _ = writeln!(text, "* {}: {}", code(claim), escaped(&way));
        }
        _ = writeln!(text, "* {}", escaped(Doubt::WHOLE_TOKEN));
    }
    for rule in &decision.rules {
        let place = format!("{}{}:{}", view.prefix, rule.file, rule.line);
        // Writing to a string does not fail.
        _ = writeln!(text, "\n{}: {} at {}", rule.effect, code(&rule.name), code(&place));
    }
    if !decision.unmet.is_empty() {
        text.push_str("\nTo be shown:\n\n");
        for name in &decision.unmet {
            _ = writeln!(text, "* {}: {}", code(name), escaped(meaning(name)));
        }
    }
    for rule in by_use(&decision.nearest) {
        near(&mut text, rule, view, finding.doubt.is_none());
    }
    text.push('\n');
    for (label, digest) in [("policy", decision.policy), ("bundle", decision.bundle)] {
        if let Some(digest) = digest {
            _ = writeln!(text, "* {label} {}", code(&digest.to_string()));
        }
    }
    for note in &asked.notes {
        let warning = if note.warning { "**warning** " } else { "" };
        _ = writeln!(text, "* {warning}{}: {}", escaped(&note.field), escaped(&note.text));
    }
    text
}

/// A rule that came near; `certain` where nothing but what it says would have to differ.
fn near(text: &mut String, rule: &Nearest<'_>, view: &View, certain: bool) {
    let place = format!("{}{}:{}", view.prefix, rule.file, rule.line);
    // Writing to a string does not fail.
    _ = write!(text, "\nNearest: {} at {}\n\n", code(&rule.rule), code(&place));
    text.push_str("| | asked | permits |\n| --- | --- | --- |\n");
    for failed in &rule.failed {
        _ = writeln!(text, "| {} | {} | {} |", failed.dimension, code(&failed.got), code(&failed.expected));
    }
    let claims: Vec<String> = rule.failed.iter().flat_map(|failed| &failed.claims).map(lacking).collect();
    if !claims.is_empty() {
        text.push('\n');
    }
    for claim in claims {
        _ = writeln!(text, "* {}", escaped(&claim));
    }
    if let [only] = &*rule.failed
        && certain
    {
        _ = writeln!(text, "\nOnly the {} would have to differ.", only.dimension);
    }
}

/// What was asked, as a table.
fn question(asked: &Asked, hidden: &Hidden) -> String {
    let invocation = &asked.invocation;
    let caller = match &invocation.caller {
        RawCaller::Principal(principal) => code(principal),
        RawCaller::Token { issuer, .. } => {
            let how = if asked.caller == CallerKind::Predicted { "a predicted token of" } else { "a token of" };
            format!("{how} {}", code(issuer))
        }
    };
    let command = hidden.command_line(std::iter::once(&invocation.command).chain(&invocation.arguments));
    let mut rows = vec![
        ("account", code(&invocation.account)),
        ("caller", caller),
        ("repository", code(&repository(invocation))),
        ("ref", code(&invocation.reference)),
    ];
    rows.extend(invocation.commit.as_ref().map(|commit| ("commit", code(commit))));
    rows.extend([("path", code(&invocation.path)), ("command", code(&command))]);
    let mut text = "| | asked |\n| --- | --- |\n".to_owned();
    for (label, value) in rows {
        // Writing to a string does not fail.
        _ = writeln!(text, "| {label} | {value} |");
    }
    text
}

/// Why nothing was asked.
pub(super) fn of_problems(problems: &[Problem]) -> String {
    let mut text = "### portcullis: not asked\n\n".to_owned();
    for problem in problems {
        // Writing to a string does not fail.
        _ = writeln!(text, "* {}  \n  help: {}", escaped(&problem.message), escaped(&problem.help));
    }
    text
}

/// A text in a fixed width.
fn code(text: &str) -> String {
    format!("<code>{}</code>", escaped(text))
}

/// A text that is nothing but text: each ASCII character that could begin markup, a link, a mention or a cell is written as
/// a reference to its number, which never counts as structure.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len() * 2);
    for character in cut(&visible(text)).chars() {
        if character.is_ascii_punctuation() && !matches!(character, '-' | '/' | ',') {
            // Writing to a string does not fail.
            _ = write!(out, "&#{};", u32::from(character));
        } else {
            out.push(character);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::escaped;

    #[test]
    fn markup_is_text() {
        assert_eq!(escaped("a-b/c, d"), "a-b/c, d");
        assert_eq!(escaped("</code>|`*"), "&#60;/code&#62;&#124;&#96;&#42;");
        assert_eq!(
            escaped("https://x.y @me #1 _a_\n"),
            "https&#58;//x&#46;y &#64;me &#35;1 &#95;a&#95;&#92;u&#123;a&#125;"
        );
    }
}
