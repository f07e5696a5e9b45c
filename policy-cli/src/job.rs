//! `decide --ci`: what a CI job knows, and what it shows. All of its meaning is in `ci-feedback`; here are the environment
//! and the files.

use std::fs::OpenOptions;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use ci_feedback::{
    Asked, Environment, Input, Options, Report, System, UsedClaims, View, invocation, limits, needed_variables,
    of_problems, report,
};
use policy_core::decision::Decision;
use policy_core::invocation::RawCaller;

use crate::arguments::{DecisionFormat, InvocationFlags, JobFlags};
use crate::exit::Exit;
use crate::failure::{Failure, reason};
use crate::output;
use crate::policy_directory::{Bounded, read_bounded};
use crate::request::claims;
use crate::terminal::ColorWhen;

/// What a job asks, and how the answer is taken.
#[derive(Debug)]
pub(crate) struct Job {
    /// What it asks.
    pub(crate) asked: Asked,
    /// How the answer is written.
    pub(crate) format: DecisionFormat,
    unmet: ci_feedback::Unmet,
}

impl Job {
    /// What the environment and the flags say; or, where that is not enough, how the program ends, after it said why.
    ///
    /// # Errors
    /// Where the flags make no sense, or a file cannot be read or written.
    pub(crate) fn of(
        flags: InvocationFlags,
        job: &JobFlags,
        format: DecisionFormat,
        color: ColorWhen,
    ) -> Result<Result<Self, Exit>, Failure> {
        let input = Input { environment: environment()?, event: event(), options: options(flags, job)? };
        match invocation(&input) {
            Ok(asked) => Ok(Ok(Self { asked, format, unmet: job.unmet.unwrap_or_default().into() })),
            Err(problems) => {
                let report = of_problems(&problems, input.system(), color.colors(&io::stderr()));
                output::remark(&report.explanation);
                output::remark(&annotations(&report));
                write_files(&report)?;
                Ok(Err(exit(&report)))
            }
        }
    }

    /// Shows the decision, and writes the files that the system reads; `directory` is where the places of rules are.
    pub(crate) fn show(
        &self,
        decision: &Decision<'_>,
        used: &UsedClaims,
        directory: &Path,
        color: ColorWhen,
    ) -> Result<Exit, Failure> {
        let prefix = crate::diagnostics::path_in(directory, "");
        let view = View { colors: color.colors(&io::stdout()), unmet: self.unmet, prefix };
        let report = report(decision, Some(used), &self.asked, &view);
        match self.format {
            DecisionFormat::Human => output::write(&(report.explanation.clone() + &annotations(&report)))?,
            DecisionFormat::Json => {
                // One document stays one document: GitHub reads workflow commands from both streams.
                output::remark(&(report.doubt.clone() + &annotations(&report)));
                output::write(&(decision.to_json() + "\n"))?;
            }
        }
        write_files(&report)?;
        Ok(exit(&report))
    }
}

fn exit(report: &Report) -> Exit {
    match report.exit {
        ci_feedback::Exit::Good => Exit::Good,
        ci_feedback::Exit::No => Exit::No,
        ci_feedback::Exit::Usage => Exit::Usage,
        ci_feedback::Exit::Input => Exit::Input,
        ci_feedback::Exit::Undecided => Exit::Undecided,
    }
}

fn annotations(report: &Report) -> String {
    report.annotations.iter().flat_map(|line| [line.as_str(), "\n"]).collect()
}

/// The variables that are needed, and no others.
fn environment() -> Result<Environment, Failure> {
    let set = needed_variables().into_iter().filter_map(|name| Some((name, std::env::var_os(name)?)));
    let text = |(name, value): (&str, std::ffi::OsString)| match value.into_string() {
        Ok(value) => Ok((name.to_owned(), value)),
        // The value may be secret.
        Err(_) => Err(Failure::input(format!("the variable `{name}` is not UTF-8"), "unset it, and pass what it says")),
    };
    set.map(text).collect::<Result<_, _>>().map(Environment::new)
}

/// The file that describes the event. What it says is worth less than a decision: one that cannot be read is none.
fn event() -> Option<String> {
    let path = std::env::var_os("GITHUB_EVENT_PATH").map(PathBuf::from)?;
    match read_bounded(&path, limits::EVENT_BYTES) {
        Ok(Bounded::Whole(bytes)) => String::from_utf8(bytes).ok(),
        Ok(Bounded::TooLong(_) | Bounded::NotAFile) | Err(_) => None,
    }
}

fn options(flags: InvocationFlags, job: &JobFlags) -> Result<Options, Failure> {
    let mut options = Options {
        account: flags.account,
        path: flags.path,
        command: flags.command,
        arguments: flags.arguments,
        system: job.ci_system.map(System::from),
        repository: flags.repository,
        reference: flags.reference,
        commit: flags.commit,
        principal: flags.caller,
        claim: job.claim.clone(),
        environment: job.github_environment.clone(),
        subject: job.github_subject.map(Into::into),
        ..Options::default()
    };
    if let Some(path) = flags.claims
        && let RawCaller::Token { issuer, claims } = claims(&path)?
    {
        options.issuer = Some(issuer);
        options.claims = Some(claims.to_string());
    }
    Ok(options)
}

/// Appends to the files that the system named.
fn write_files(report: &Report) -> Result<(), Failure> {
    for file in &report.files {
        let Some(path) = std::env::var_os(file.variable).filter(|path| !path.is_empty()).map(PathBuf::from) else {
            continue;
        };
        let written = OpenOptions::new().append(true).create(true).open(&path);
        written.and_then(|mut opened| opened.write_all(file.text.as_bytes())).map_err(|error| {
            let message =
                format!("`{}`, the file of `{}`, cannot be written: {}", path.display(), file.variable, reason(&error));
            let help = format!("unset `{}`, or name a file that can be written", file.variable);
            Failure::Unwritten { message, help }
        })?;
    }
    Ok(())
}
