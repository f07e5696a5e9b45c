//! `portcullis decide`: may this run, and why.

use std::fs::File;
use std::io::{self, BufRead as _, BufReader, Read, Write as _};
use std::path::{Path, PathBuf};

use policy_core::decision::Outcome;
use policy_core::reference::Reference;

use crate::arguments::{Decide, DecisionFormat, EngineChoice};
use crate::diagnostics::{Checked, Format};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::request::{Request, is_stdin};
use crate::terminal::{ColorWhen, Colors, visible};
use crate::{decision, lines, output};

/// Bytes that are read at once.
const BUFFER: usize = 64 << 10;

/// What was typed, understood.
enum Task {
    One(Request, DecisionFormat),
    Many(PathBuf),
}

pub(super) fn run(typed: Decide, color: ColorWhen) -> Result<Exit, Failure> {
    let directory = typed.policy.clone();
    let EngineChoice::Reference = typed.engine;
    let task = Task::of(typed)?;
    let checked = Checked::read(&directory)?;
    let Some(estate) = checked.estate() else { return Ok(invalid(&checked, color)) };
    let engine = Reference::new(estate);
    match task {
        Task::One(request, format) => {
            let decision = request.decide(&engine);
            let text = match format {
                DecisionFormat::Json => decision.to_json() + "\n",
                DecisionFormat::Human => {
                    let colors = Colors::of(color, &io::stdout());
                    decision::human(&decision, request.invocation().as_ref(), &directory, colors)
                }
            };
            output::write(&text)?;
            Ok(exit(decision.outcome()))
        }
        Task::Many(path) => answer_all(&engine, &path),
    }
}

impl Task {
    fn of(typed: Decide) -> Result<Self, Failure> {
        let files = typed.request.iter().map(|_| "`--request`").chain(typed.requests.iter().map(|_| "`--requests`"));
        let sources: Vec<&str> = files.chain(typed.invocation.given()).collect();
        let from_file = typed.request.is_some() || typed.requests.is_some();
        if let [first, others @ ..] = &*sources
            && from_file
            && !others.is_empty()
        {
            return Err(Failure::usage(
                format!("{first} excludes {}", others.join(", ")),
                "the invocation is given by flags, or with `--request`, or with `--requests`",
            ));
        }
        match (typed.request, typed.requests) {
            (Some(path), _) => Ok(Self::One(Request::from_file(&path)?, typed.format.unwrap_or(DecisionFormat::Human))),
            (None, Some(_)) if typed.format == Some(DecisionFormat::Human) => Err(Failure::usage(
                "`--requests` excludes `--format human`",
                "many decisions are written as one line of JSON each; ask for one with `--request` to read it",
            )),
            (None, Some(path)) => Ok(Self::Many(path)),
            (None, None) => {
                let format = typed.format.unwrap_or(DecisionFormat::Human);
                Ok(Self::One(Request::from_flags(typed.invocation)?, format))
            }
        }
    }
}

/// Nothing is decided by a policy with mistakes.
pub(super) fn invalid(checked: &Checked, color: ColorWhen) -> Exit {
    let colors = Colors::of(color, &io::stderr());
    let (red, bold) = (colors.bad(), colors.strong());
    output::remark(&checked.written(Format::Human, colors));
    output::remark(&format!(
        "{red}error{red:#}: nothing is decided, since the policy is invalid: {}\n{bold}help{bold:#}: correct it until `portcullis check {}` says ok\n",
        checked.summary(),
        visible(&checked.directory.to_string_lossy()),
    ));
    Exit::Input
}

const fn exit(outcome: Outcome) -> Exit {
    match outcome {
        Outcome::Permit => Exit::Good,
        Outcome::Deny => Exit::No,
        Outcome::Unmet => Exit::Undecided,
    }
}

fn answer_all(engine: &Reference<'_>, path: &Path) -> Result<Exit, Failure> {
    const HELP: &str = "name a file with an invocation as JSON on each line, or `-` for stdin";
    let input: Box<dyn Read> = if is_stdin(Some(path)) {
        Box::new(io::stdin().lock())
    } else {
        Box::new(File::open(path).map_err(|error| Failure::unreadable(path, &error, HELP))?)
    };
    let mut input = BufReader::with_capacity(BUFFER, input);
    let mut output = output::stdout();
    let mut line = Vec::new();
    let read = loop {
        // Nothing more is at hand: whoever waits for answers before asking on gets them.
        if input.buffer().is_empty() {
            output.flush()?;
            if let Err(error) = input.fill_buf().map(<[u8]>::len)
                && error.kind() != io::ErrorKind::Interrupted
            {
                break Err(error);
            }
        }
        match lines::next(&mut input, &mut line) {
            Ok(true) => {
                let mut answer = engine.decide_json(&line).to_json();
                answer.push('\n');
                output.write_all(answer.as_bytes())?;
            }
            Ok(false) => break Ok(()),
            Err(error) => break Err(error),
        }
    };
    output.flush()?;
    read.map(|()| Exit::Good).map_err(|error| Failure::unreadable(path, &error, HELP))
}
