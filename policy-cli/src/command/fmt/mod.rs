//! `portcullis fmt`: formats policy files. Everything is read, formatted and proved first; only then is anything written.

mod difference;
mod proof;
mod replace;
mod target;

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::arguments::Fmt;
use crate::diagnostics::{Checked, Format};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output;
use crate::terminal::ColorWhen;
use ci_feedback::visible;
use proof::Proof;
use target::{Formatted, Target};

/// A file that is not formatted yet.
struct Change {
    /// Where it is.
    path: PathBuf,
    /// Its name for people.
    shown: String,
    before: String,
    after: String,
}

pub(super) fn run(typed: &Fmt, color: ColorWhen) -> Result<Exit, Failure> {
    let mut targets = Vec::new();
    for path in &typed.paths {
        targets.push(match path.as_os_str() == "-" {
            true if typed.paths.len() > 1 => {
                let help = "give `-` alone to format stdin, or name directories and files";
                return Err(Failure::usage("`-` and other paths exclude each other", help));
            }
            true => Target::stdin()?,
            false => Target::read(path)?,
        });
    }
    let writes = !typed.check && !typed.diff;
    let mut work = Work::default();
    for target in targets {
        work.add(target.format()?, color, writes)?;
    }
    if let Some(text) = work.stdin.take().filter(|_| writes) {
        output::write(&text)?;
        return Ok(work.exit(typed));
    }
    let text = match (writes, typed.diff) {
        (true, _) => work.write(color),
        (false, true) => difference::write(&work.changes, color),
        (false, false) => work.changes.iter().map(|change| listed(&change.shown)).collect(),
    };
    output::write(&text)?;
    Ok(work.exit(typed))
}

/// What was found so far.
#[derive(Default)]
struct Work {
    changes: Vec<Change>,
    /// The files that are among the changes, whatever name they were given.
    seen: BTreeSet<PathBuf>,
    /// Stdin, formatted.
    stdin: Option<String>,
    failed: bool,
    /// Whether a file could not be written.
    unwritten: bool,
}

impl Work {
    /// Takes what became of one target in, once it is proved; says what could not be read.
    fn add(&mut self, formatted: Formatted, color: ColorWhen, writes: bool) -> Result<(), Failure> {
        if !formatted.refused.is_silent() {
            self.failed = true;
            output::remark(&formatted.refused.written(Format::Human, color.colors(&io::stderr())));
        }
        if proof::of(&formatted)? == Proof::OfTrees && writes {
            output::remark(&unchecked(&formatted.refused));
        }
        self.stdin = formatted.stdin;
        for change in formatted.changes {
            let real = fs::canonicalize(&change.path).unwrap_or_else(|_| change.path.clone());
            if self.seen.insert(real) {
                self.changes.push(change);
            }
        }
        Ok(())
    }

    /// Writes every change, and lists what was written.
    fn write(&mut self, color: ColorWhen) -> String {
        let mut list = String::new();
        for change in &self.changes {
            match replace::replace(&change.path, &change.before, &change.after) {
                Ok(()) => list.push_str(&listed(&change.shown)),
                Err(error) => {
                    self.unwritten = true;
                    let help = "the file is as it was; the others do not depend on it";
                    let failure = Failure::unwritten(Path::new(&change.shown), &error, help);
                    failure.say(color.colors(&io::stderr()));
                }
            }
        }
        list
    }

    fn exit(&self, typed: &Fmt) -> Exit {
        match self.failed {
            _ if self.unwritten => Exit::Internal,
            true => Exit::Input,
            false if typed.check && !self.changes.is_empty() => Exit::No,
            false => Exit::Good,
        }
    }
}

fn listed(name: &str) -> String {
    format!("{}\n", visible(name))
}

fn unchecked(checked: &Checked) -> String {
    let directory: &Path = &checked.directory;
    format!(
        "note: the policy in `{}` has mistakes, so that there are no digests to compare; what each file says was compared \
         instead, and is the same\n",
        visible(&directory.to_string_lossy())
    )
}
