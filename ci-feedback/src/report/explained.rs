//! The explanation that a job prints.

use std::fmt::Write as _;

use super::doubt::Doubt;
use super::{Finding, View};
use crate::asked::Asked;
use crate::human::{Colors, Hidden, Table, explanation, grounds, visible};
use crate::problem::{Note, Problem};

/// The program's explanation of a decision, and where its question comes from.
pub(super) fn of_decision(finding: Finding<'_>, asked: &Asked, view: &View) -> String {
    let colors = view.colors;
    let paths = |file: &str| format!("{}{file}", view.prefix);
    let hidden = Hidden::all(&asked.invocation.arguments, finding.decision.reason);
    let question = (&asked.invocation, &hidden);
    let mut text = match finding.doubt {
        None => explanation(finding.decision, Some(question), &paths, colors),
        Some(doubt) => in_doubt(finding, doubt, &grounds(finding.decision, question, &paths, colors), colors),
    };
    let (sources, warnings): (Vec<&Note>, Vec<&Note>) = asked.notes.iter().partition(|note| !note.warning);
    let strong = colors.strong();
    // Writing to a string does not fail.
    _ = write!(text, "\nasked by {strong}{}{strong:#}\n", asked.system.title());
    let mut table = Table::default();
    for note in sources {
        table.row(visible(&note.field).into_owned(), visible(&note.text));
    }
    text.push_str(&table.written(2, colors));
    let open = colors.open();
    for note in warnings {
        _ = writeln!(text, "{open}warning{open:#}: {}: {}", visible(&note.field), visible(&note.text));
    }
    harmless(&text)
}

/// A decision that is none yet: what it would be, and how to make it one.
fn in_doubt(finding: Finding<'_>, doubt: &Doubt, grounds: &str, colors: Colors) -> String {
    let (open, bold) = (colors.open(), colors.strong());
    let mut text = format!("{open}{}{open:#}: {}\n\n{grounds}", finding.word(), visible(&finding.message()));
    let mut table = Table::default();
    for (claim, way) in doubt.ways() {
        table.row(visible(claim).into_owned(), visible(&way));
    }
    // Writing to a string does not fail.
    _ = write!(text, "\n{bold}to tell{bold:#}\n{}", table.written(2, colors));
    _ = writeln!(text, "  {}", Doubt::WHOLE_TOKEN);
    text
}

/// Each problem as the program says its own.
pub(super) fn of_problems(problems: &[Problem], colors: Colors) -> String {
    let (red, bold) = (colors.bad(), colors.strong());
    let mut text = String::new();
    for problem in problems {
        let (message, help) = (visible(&problem.message), visible(&problem.help));
        // Writing to a string does not fail.
        _ = write!(text, "{red}error{red:#}: {message}\n{bold}help{bold:#}: {help}\n");
    }
    harmless(&text)
}

/// Breaks the older form of GitHub's workflow commands, `##[…]`, which counts anywhere in a line. The newer form, `::…::`,
/// counts only at the beginning of a line, where every line has a word of ours.
fn harmless(text: &str) -> String {
    text.replace("##[", "##\\u{5b}")
}
