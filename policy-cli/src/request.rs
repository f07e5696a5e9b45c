//! One invocation: from flags and files to what the engine is asked.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::Path;

use policy_core::invocation::{Evidence, RawCaller, RawInvocation};
use policy_core::limits::INVOCATION_BYTES;

use crate::arguments::InvocationFlags;
use crate::engine::Question;
use crate::failure::Failure;
use crate::lines::KEPT;
use crate::policy_directory::{Bounded, read_bounded};

/// What is asked.
#[derive(Debug)]
pub(crate) enum Request {
    /// As it was typed.
    Typed(Box<RawInvocation>),
    /// As JSON; at most one byte more than an invocation may have.
    Json(Vec<u8>),
}

impl Request {
    /// It as an engine is asked.
    pub(crate) fn question(&self) -> Question<'_> {
        match self {
            Self::Typed(raw) => Question::Typed(raw),
            Self::Json(json) => Question::Json(json),
        }
    }

    /// The invocation, if it can be read at all.
    pub(crate) fn invocation(&self) -> Option<RawInvocation> {
        match self {
            Self::Typed(raw) => Some((**raw).clone()),
            Self::Json(json) => RawInvocation::from_json(json).ok(),
        }
    }

    /// What the flags say.
    ///
    /// # Errors
    /// Where something is missing or said twice, or a file cannot be read.
    pub(crate) fn from_flags(flags: InvocationFlags) -> Result<Self, Failure> {
        flags.one_caller()?;
        complete(&missing(&flags))?;
        if is_stdin(flags.claims.as_deref()) && is_stdin(flags.evidence.as_deref()) {
            return Err(Failure::usage(
                "`--claims -` and `--evidence -` both read stdin",
                "put one of them into a file",
            ));
        }
        let caller = match flags.claims {
            Some(path) => claims(&path)?,
            None => RawCaller::Principal(flags.caller.unwrap_or_default()),
        };
        let evidence = flags.evidence.map(|path| evidence(&path)).transpose()?;
        Ok(Self::Typed(Box::new(RawInvocation {
            account: flags.account.unwrap_or_default(),
            caller,
            repository: flags.repository.unwrap_or_default(),
            reference: flags.reference.unwrap_or_default(),
            commit: flags.commit,
            path: flags.path.unwrap_or_default(),
            command: flags.command.unwrap_or_default(),
            arguments: flags.arguments,
            evidence: evidence.unwrap_or_default(),
        })))
    }

    /// The JSON in a file or stdin, without its last line end.
    ///
    /// # Errors
    /// Where it cannot be read.
    pub(crate) fn from_file(path: &Path) -> Result<Self, Failure> {
        let mut json = read(path, "an invocation")?;
        if json.len() < KEPT || json.last() == Some(&b'\n') {
            let end = if json.ends_with(b"\r\n") { 2 } else { usize::from(json.ends_with(b"\n")) };
            json.truncate(json.len() - end);
        }
        Ok(Self::Json(json))
    }
}

impl InvocationFlags {
    /// # Errors
    /// Where two callers are given.
    pub(crate) fn one_caller(&self) -> Result<(), Failure> {
        if self.caller.is_some() && self.claims.is_some() {
            return Err(Failure::usage(
                "`--caller` and `--claims` exclude each other",
                "give `--caller` for an IAM principal, or `--claims` for a token",
            ));
        }
        Ok(())
    }

    /// The flags that no CI system can say, and that were not given.
    pub(crate) fn missing_of_job(&self) -> Vec<&'static str> {
        let needed = [
            ("`--account`", self.account.is_none()),
            ("`--path`", self.path.is_none()),
            ("`--command`", self.command.is_none()),
        ];
        needed.into_iter().filter(|(_, missing)| *missing).map(|(flag, _)| flag).collect()
    }

    /// The flags that were given, as they are typed.
    pub(crate) fn given(&self) -> Vec<&'static str> {
        let flags = [
            ("`--account`", self.account.is_some()),
            ("`--caller`", self.caller.is_some()),
            ("`--claims`", self.claims.is_some()),
            ("`--repository`", self.repository.is_some()),
            ("`--ref`", self.reference.is_some()),
            ("`--commit`", self.commit.is_some()),
            ("`--path`", self.path.is_some()),
            ("`--command`", self.command.is_some()),
            ("`--evidence`", self.evidence.is_some()),
            ("arguments behind `--`", !self.arguments.is_empty()),
        ];
        flags.into_iter().filter(|(_, given)| *given).map(|(flag, _)| flag).collect()
    }
}

/// Says what is missing.
///
/// # Errors
/// Where something is.
pub(crate) fn complete(missing: &[&str]) -> Result<(), Failure> {
    if missing.is_empty() {
        return Ok(());
    }
    let verb = if missing.len() == 1 { "is" } else { "are" };
    Err(Failure::usage(
        format!("{} {verb} missing", missing.join(", ")),
        "give it, or the whole invocation as JSON with `--request FILE`; `portcullis decide --help` has examples",
    ))
}

/// The flags without which there is no invocation, and that were not given.
fn missing(flags: &InvocationFlags) -> Vec<&'static str> {
    let needed = [
        ("`--account`", flags.account.is_none()),
        ("`--caller` or `--claims`", flags.caller.is_none() && flags.claims.is_none()),
        ("`--repository`", flags.repository.is_none()),
        ("`--ref`", flags.reference.is_none()),
        ("`--path`", flags.path.is_none()),
        ("`--command`", flags.command.is_none()),
    ];
    needed.into_iter().filter(|(_, missing)| *missing).map(|(flag, _)| flag).collect()
}

/// The token that a file holds.
pub(crate) fn claims(path: &Path) -> Result<RawCaller, Failure> {
    const HELP: &str = "it holds `{\"issuer\": \"https://…\", \"claims\": {\"sub\": \"…\"}}`";
    let bytes = read(path, "claims")?;
    match RawCaller::from_json(&bytes) {
        Ok(caller @ RawCaller::Token { .. }) => Ok(caller),
        Ok(RawCaller::Principal(_)) => Err(Failure::input(
            format!("`{}` holds a principal, not claims", path.display()),
            "give a principal with `--caller`",
        )),
        Err(invalid) => Err(Failure::input(format!("`{}` holds no claims: {invalid}", path.display()), HELP)),
    }
}

fn evidence(path: &Path) -> Result<Evidence, Failure> {
    let bytes = read(path, "evidence")?;
    Evidence::from_json(&bytes).map_err(|invalid| {
        let help = "`portcullis schema invocation` shows its form under `evidence`";
        Failure::input(format!("`{}` holds no evidence: {invalid}", path.display()), help)
    })
}

/// Whether a file is stdin.
pub(crate) fn is_stdin(path: Option<&Path>) -> bool {
    path.is_some_and(|path| path.as_os_str() == "-")
}

/// At most [`KEPT`] bytes of a file or of stdin. Named pipes are read too: a shell's `<(…)` is one.
fn read(path: &Path, what: &str) -> Result<Vec<u8>, Failure> {
    let help = format!("name a file that holds {what} as JSON, or `-` for stdin");
    let bytes = if is_stdin(Some(path)) {
        up_to_limit(io::stdin().lock())
    } else {
        match read_bounded(path, INVOCATION_BYTES) {
            Ok(Bounded::Whole(bytes)) => Ok(bytes),
            Ok(Bounded::TooLong(_) | Bounded::NotAFile) => File::open(path).and_then(up_to_limit),
            Err(error) => Err(error),
        }
    };
    bytes.map_err(|error| Failure::unreadable(path, &error, help))
}

fn up_to_limit(input: impl io::Read) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    input.take(KEPT as u64).read_to_end(&mut bytes)?;
    Ok(bytes)
}
