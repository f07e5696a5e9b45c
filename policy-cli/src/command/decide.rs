//! `portcullis decide`: may this run, and why.

use std::fs::File;
use std::io::{self, BufRead as _, BufReader, Read, Write as _};
use std::path::{Path, PathBuf};

use policy_core::decision::{Decision, Outcome};
use policy_core::reference::Reference;

use crate::arguments::{Decide, DecisionFormat, EngineChoice};
use crate::diagnostics::{Checked, Format};
use crate::engine::{Engines, Question};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::job::Job;
use crate::progress::Progress;
use crate::request::{Request, complete, is_stdin};
use crate::terminal::ColorWhen;
use crate::webassembly::{self, Sandbox};
use crate::{bundle, decision, lines, output};
use ci_feedback::visible;

/// Bytes that are read at once.
const BUFFER: usize = 64 << 10;

/// What was typed, understood.
enum Task {
    One(Request, DecisionFormat),
    Many(PathBuf),
    Job(Box<Job>),
}

pub(super) fn run(typed: Decide, color: ColorWhen) -> Result<Exit, Failure> {
    const HELP: &str = "name a policy directory, or a bundle that `portcullis compile` wrote";
    let (policy, engine) = (typed.policy.clone(), typed.engine);
    webassembly::can_run(engine)?;
    let task = match Task::of(typed, color)? {
        Ok(task) => task,
        Err(exit) => return Ok(exit),
    };
    let metadata = std::fs::metadata(&policy).map_err(|error| Failure::unreadable(&policy, &error, HELP))?;
    match (metadata.is_dir(), engine) {
        (true, engine) => by_directory(&task, &policy, engine, color),
        // A bundle does not know where the policy lies that it was compiled from.
        (false, EngineChoice::Native) => {
            answer(&task, &Engines::Bundle(bundle::read(&policy)?.policy), Path::new("."), color)
        }
        (false, EngineChoice::Wasm) => {
            let policy = bundle::read(&policy)?.policy;
            answer(&task, &Engines::Wasm(Sandbox::new(&policy, false)?.into(), policy), Path::new("."), color)
        }
        (false, _) => Err(Failure::usage(
            format!("the reference engine decides by a policy directory, and `{}` is none", policy.display()),
            "name the directory that the bundle was compiled from, or leave `--engine` out",
        )),
    }
}

fn by_directory(task: &Task, directory: &Path, engine: EngineChoice, color: ColorWhen) -> Result<Exit, Failure> {
    let progress = Progress::begin("checking the policy");
    let checked = Checked::read(directory)?;
    let Some(estate) = checked.estate() else {
        drop(progress);
        return Ok(invalid(&checked, "decided", color));
    };
    progress.next("compiling and proving it");
    // D2: an account decides the same alone, and for one decision the others need not be compiled.
    let account = task.account().filter(|account| estate.account(account).is_some());
    let compiled = || bundle::compile_in_memory(&checked, account.as_deref());
    let engines = match engine {
        EngineChoice::Native => Engines::Native(compiled()?),
        EngineChoice::Wasm => {
            let policy = compiled()?;
            Engines::Wasm(Sandbox::new(&policy, true)?.into(), policy)
        }
        EngineChoice::Reference => Engines::Reference(Reference::new(estate)),
        EngineChoice::Both => Engines::Both(compiled()?, Reference::new(estate)),
    };
    drop(progress);
    answer(task, &engines, directory, color)
}

/// Answers what was asked; `directory` is where the places of rules are.
fn answer(task: &Task, engines: &Engines<'_>, directory: &Path, color: ColorWhen) -> Result<Exit, Failure> {
    match task {
        Task::Many(path) => answer_all(engines, path),
        Task::Job(job) => {
            let used = engines.claim_use(&job.asked.invocation).into();
            answer_one(engines, Question::Typed(&job.asked.invocation), |decision| {
                job.show(decision, &used, directory, color)
            })
        }
        Task::One(request, format) => answer_one(engines, request.question(), |decision| {
            output::write(&match format {
                DecisionFormat::Json => decision.to_json() + "\n",
                DecisionFormat::Human => {
                    let asked = request.invocation().map(|asked| (engines.hidden(&asked, decision.reason), asked));
                    let asked = asked.as_ref().map(|(hidden, asked)| (asked, hidden));
                    decision::human(decision, asked, directory, color.colors(&io::stdout()))
                }
            })?;
            Ok(exit(decision.outcome()))
        }),
    }
}

/// Answers one question; `show` shows the answer.
fn answer_one(
    engines: &Engines<'_>,
    question: Question<'_>,
    show: impl FnOnce(&Decision<'_>) -> Result<Exit, Failure>,
) -> Result<Exit, Failure> {
    let answer = engines.answer(question)?;
    if let Some(difference) = answer.difference("this invocation") {
        // Neither is worth a result.
        output::remark(&difference);
        return Ok(Exit::Internal);
    }
    show(&answer.decision)
}

impl Task {
    /// The account that is asked about, if it is one.
    fn account(&self) -> Option<String> {
        match self {
            Self::One(request, _) => request.invocation().map(|invocation| invocation.account),
            Self::Job(job) => Some(job.asked.invocation.account.clone()),
            Self::Many(_) => None,
        }
    }

    /// What was typed means; or how the program ends, where a job lacks something and that was said.
    fn of(typed: Decide, color: ColorWhen) -> Result<Result<Self, Exit>, Failure> {
        let files = typed.request.iter().map(|_| "`--request`").chain(typed.requests.iter().map(|_| "`--requests`"));
        let job = typed.job.ci.then_some("`--ci`");
        let sources: Vec<&str> = files.chain(job).chain(typed.invocation.given()).collect();
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
        if typed.job.ci {
            return Self::of_job(typed, color);
        }
        Self::of_invocation(typed).map(Ok)
    }

    fn of_job(typed: Decide, color: ColorWhen) -> Result<Result<Self, Exit>, Failure> {
        if typed.invocation.evidence.is_some() {
            return Err(Failure::usage(
                "`--ci` excludes `--evidence`",
                "evidence is what the runtime proves; take `--unmet pass` if what is unmet should not fail the job",
            ));
        }
        typed.invocation.one_caller()?;
        complete(&typed.invocation.missing_of_job())?;
        let format = typed.format.unwrap_or(DecisionFormat::Human);
        let job = Job::of(typed.invocation, &typed.job, format, color)?;
        Ok(job.map(|job| Self::Job(Box::new(job))))
    }

    fn of_invocation(typed: Decide) -> Result<Self, Failure> {
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

/// By a policy with mistakes nothing is done; `done` says what.
pub(super) fn invalid(checked: &Checked, done: &str, color: ColorWhen) -> Exit {
    let colors = color.colors(&io::stderr());
    let (red, bold) = (colors.bad(), colors.strong());
    output::remark(&checked.written(Format::Human, colors));
    output::remark(&format!(
        "{red}error{red:#}: nothing is {done}, since the policy is invalid: {}\n{bold}help{bold:#}: correct it until `portcullis check {}` says ok\n",
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

fn answer_all(engines: &Engines<'_>, path: &Path) -> Result<Exit, Failure> {
    const HELP: &str = "name a file with an invocation as JSON on each line, or `-` for stdin";
    let input: Box<dyn Read> = if is_stdin(Some(path)) {
        Box::new(io::stdin().lock())
    } else {
        Box::new(File::open(path).map_err(|error| Failure::unreadable(path, &error, HELP))?)
    };
    let mut input = BufReader::with_capacity(BUFFER, input);
    let mut output = output::stdout();
    let (mut line, mut text) = (Vec::new(), String::new());
    let (mut number, mut differences) = (0_u64, 0_u64);
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
                number += 1;
                let answer = engines.answer(Question::Json(&line))?;
                if let Some(difference) = answer.difference(&format!("line {number}")) {
                    differences += 1;
                    output::remark(&difference);
                }
                text.clear();
                answer.decision.write_json(&mut text);
                text.push('\n');
                output.write_all(text.as_bytes())?;
            }
            Ok(false) => break Ok(()),
            Err(error) => break Err(error),
        }
    };
    output.flush()?;
    let exit = if differences == 0 { Exit::Good } else { Exit::Internal };
    read.map(|()| exit).map_err(|error| Failure::unreadable(path, &error, HELP))
}
