//! `portcullis test`: the tests of a policy directory (T1).

use std::fmt::Write as _;
use std::io;

use policy_core::estate::Tool;
use policy_core::invocation::RawInvocation;
use policy_core::redact;
use policy_core::reference::Reference;
use policy_core::{Estate, PolicyTest};
use serde::Serialize;

use super::decide::invalid;
use crate::arguments::{Test, TestFormat};
use crate::diagnostics::{Checked, Format};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output;
use crate::terminal::ColorWhen;
use ci_feedback::{Colors, visible};

/// The results, as JSON.
#[derive(Serialize)]
struct Results {
    version: u32,
    tests: Vec<Outcome>,
}

/// One test and how its decision differs from what is expected.
#[derive(Serialize)]
struct Outcome {
    name: String,
    file: String,
    line: u32,
    passed: bool,
    differences: Vec<String>,
}

pub(super) fn run(typed: &Test, color: ColorWhen) -> Result<Exit, Failure> {
    let checked = Checked::read(&typed.directory)?;
    let Some(estate) = checked.estate() else { return Ok(invalid(&checked, "tested", color)) };
    let (about_tests, tests) = Checked::read_tests(&typed.directory)?;
    let remarks = about_tests.written(Format::Human, color.colors(&io::stderr()));
    output::remark(&remarks);
    let Some(tests) = tests else { return Ok(Exit::Input) };
    let results = Results { version: 1, tests: outcomes(estate, &tests) };
    let failed = results.tests.iter().filter(|test| !test.passed).count();
    output::write(&match typed.format {
        TestFormat::Human => human(&results, &checked, color.colors(&io::stdout())),
        TestFormat::Json => serde_json::to_string(&results).map_err(io::Error::other)? + "\n",
    })?;
    output::remark(&format!("{} passed, {failed} failed\n", results.tests.len() - failed));
    Ok(if failed == 0 { Exit::Good } else { Exit::No })
}

fn outcomes(estate: &Estate, tests: &[PolicyTest]) -> Vec<Outcome> {
    let engine = Reference::new(estate);
    let outcome = |test: &PolicyTest| {
        let secrets = takes_secrets(estate, &test.request);
        let differences = test.expect.differences(&engine.decide_json(test.request.as_bytes()), secrets);
        Outcome {
            name: redact::text(&test.name).into_owned(),
            file: test.place.file.to_string(),
            line: test.place.line,
            passed: differences.is_empty(),
            differences,
        }
    };
    tests.iter().map(outcome).collect()
}

/// Whether the command that is asked for takes secrets, or is not known (A5).
fn takes_secrets(estate: &Estate, request: &str) -> bool {
    let asked = RawInvocation::from_json(request.as_bytes()).ok();
    let command = asked.and_then(|asked| estate.command(&asked.command));
    command.is_none_or(|command| command.tool().is_some_and(Tool::takes_secrets))
}

fn human(results: &Results, checked: &Checked, colors: Colors) -> String {
    let (good, bad) = (colors.good(), colors.bad());
    let mut text = String::new();
    for test in &results.tests {
        let name = visible(&test.name);
        // Writing to a text cannot fail.
        let _ = match test.passed {
            true => writeln!(text, "{good}ok{good:#}      {name}"),
            false => {
                let place = format!("{}:{}", checked.path_of(&test.file), test.line);
                writeln!(text, "{bad}FAILED{bad:#}  {name} at {}", visible(&place))
            }
        };
        for difference in &test.differences {
            let _ = writeln!(text, "        {}", visible(difference));
        }
    }
    text
}
