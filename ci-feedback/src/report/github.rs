//! What GitHub Actions reads: workflow commands on stdout, and the files of outputs and of the summary
//! (<https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands>).

use policy_core::decision::Outcome;
use policy_core::json::{ArrayWriter, ObjectWriter};

use super::{Exit, Finding, OutputFile};
use crate::asked::Asked;
use crate::human::{by_use, lacking, visible};
use crate::limits::SHOWN_CHARACTERS;
use crate::problem::Problem;

/// One annotation for the outcome, and one for each warning.
pub(super) fn annotations(finding: Finding<'_>, asked: &Asked, exit: Exit) -> Vec<String> {
    let decision = finding.decision;
    let level = match (decision.outcome(), exit) {
        (Outcome::Permit, Exit::Good) => "notice",
        (_, Exit::Good) => "warning",
        _ => "error",
    };
    let mut lines = vec![finding.message()];
    lines.extend(finding.doubt.iter().flat_map(|doubt| doubt.ways()).map(|(claim, way)| format!("{claim}: {way}")));
    if let Some(nearest) = by_use(&decision.nearest).next() {
        for failed in &nearest.failed {
            lines.push(format!("{}: asked {}, permits {}", failed.dimension, failed.got, failed.expected));
            lines.extend(failed.claims.iter().map(lacking));
        }
    }
    if decision.outcome() != Outcome::Permit {
        lines.push(format!("`portcullis explain {}` says more", decision.reason.as_str()));
    }
    let title = format!("portcullis: {}", finding.word());
    let warnings = asked.notes.iter().filter(|note| note.warning);
    let warnings = warnings.map(|note| command("warning", &format!("portcullis: {}", note.field), &[&note.text]));
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    std::iter::once(command(level, &title, &lines)).chain(warnings).collect()
}

/// One annotation for each problem.
pub(super) fn problems(problems: &[Problem]) -> Vec<String> {
    let one = |problem: &Problem| {
        let title = format!("portcullis: {}", problem.kind.as_str());
        command("error", &title, &[&problem.message, &format!("help: {}", problem.help)])
    };
    problems.iter().map(one).collect()
}

/// A workflow command that makes an annotation.
fn command(level: &str, title: &str, lines: &[&str]) -> String {
    let lines: Vec<String> = lines.iter().map(|line| cut(&visible(line))).collect();
    format!("::{level} title={}::{}", property(&cut(&visible(title))), data(&lines.join("\n")))
}

/// Text that is not too long to be read in an annotation.
pub(super) fn cut(text: &str) -> String {
    match text.char_indices().nth(SHOWN_CHARACTERS) {
        Some((at, _)) => format!("{}…", text.get(..at).unwrap_or_default()),
        None => text.to_owned(),
    }
}

/// Escapes the text behind the second `::`.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// Escapes a value in front of the second `::`.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

/// What later steps may ask for.
pub(super) fn outputs(finding: Finding<'_>) -> Vec<(&'static str, String)> {
    let decision = finding.decision;
    let mut rules = String::new();
    let mut list = ArrayWriter::new(&mut rules);
    for rule in &decision.rules {
        let mut object = ObjectWriter::new(list.item());
        object.text("name", &rule.name);
        object.text("account", &rule.account);
        object.text("effect", rule.effect);
        object.text("file", &rule.file);
        object.number("line", u64::from(rule.line));
        object.finish();
    }
    list.finish();
    let mut unknown = String::new();
    let mut claims = ArrayWriter::new(&mut unknown);
    finding.doubt.iter().flat_map(|doubt| &doubt.claims).for_each(|claim| claims.text(claim));
    claims.finish();
    vec![
        ("outcome", finding.word().replace(' ', "-")),
        ("reason", decision.reason.as_str().to_owned()),
        ("policy", decision.policy.map(|digest| digest.to_string()).unwrap_or_default()),
        ("bundle", decision.bundle.map(|digest| digest.to_string()).unwrap_or_default()),
        ("rules", rules),
        ("unknown_claims", unknown),
        ("decision", decision.to_json()),
    ]
}

/// The files that a step of GitHub Actions appends to.
pub(super) fn files(outputs: &[(&'static str, String)], summary: &str) -> Vec<OutputFile> {
    let text: String = outputs.iter().map(|(name, value)| output(name, value)).collect();
    let outputs = OutputFile { variable: "GITHUB_OUTPUT", text };
    let summary = OutputFile { variable: "GITHUB_STEP_SUMMARY", text: summary.to_owned() };
    [outputs, summary].into_iter().filter(|file| !file.text.is_empty()).collect()
}

/// An output in the form for values of several lines, with a delimiter that does not occur in the value.
fn output(name: &str, value: &str) -> String {
    let mut delimiter = format!("portcullis_{name}");
    while value.contains(&delimiter) {
        // Longer than what occurs in it in the end.
        delimiter.push('_');
    }
    format!("{name}<<{delimiter}\n{value}\n{delimiter}\n")
}

#[cfg(test)]
mod tests {
    use super::{command, cut, output};

    #[test]
    fn what_ends_a_command_is_escaped() {
        assert_eq!(
            command("error", "a: b, c%", &["50%\r\n::stop", "x"]),
            "::error title=a%3A b%2C c%25::50%25\\u{d}\\u{a}::stop%0Ax"
        );
        assert_eq!(command("error", "x", &["\u{1b}[2J"]), "::error title=x::\\u{1b}[2J");
    }

    #[test]
    fn a_delimiter_does_not_occur_in_the_value() {
        assert_eq!(output("a", "b"), "a<<portcullis_a\nb\nportcullis_a\n");
        let hostile = "x\nportcullis_a\nportcullis_a__\ny<<z";
        assert_eq!(output("a", hostile), format!("a<<portcullis_a___\n{hostile}\nportcullis_a___\n"));
    }

    #[test]
    fn long_texts_are_cut_between_characters() {
        assert_eq!(cut(&"é".repeat(2_000)).chars().count(), 2_000);
        assert_eq!(cut(&"é".repeat(2_001)), "é".repeat(2_000) + "…");
    }
}
