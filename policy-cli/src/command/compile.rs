//! `portcullis compile`: from a policy directory to a proved bundle.

use std::io::{self, IsTerminal as _};

use policy_core::decision::Digest;

use super::decide::invalid;
use crate::arguments::{BundleFormat, Compile};
use crate::bundle::{self, CompiledDocument, Target, Written};
use crate::diagnostics::Checked;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output;
use crate::progress::Progress;
use crate::terminal::ColorWhen;
use crate::webassembly;

pub(super) fn run(typed: &Compile, color: ColorWhen) -> Result<Exit, Failure> {
    webassembly::can_write(typed.format)?;
    let target = Target::of(&typed.output, typed.force, io::stdout().is_terminal())?;
    let progress = Progress::begin("checking the policy");
    let checked = Checked::read(&typed.directory)?;
    if checked.estate().is_none() {
        drop(progress);
        return Ok(invalid(&checked, "compiled", color));
    }
    target.keep_apart(&checked)?;
    progress.next("compiling and proving it");
    let compiled = bundle::compile(&checked, typed.account.as_deref())?;
    drop(progress);
    let policy = bundle::load(&*compiled.bytes)?;
    let file = bundle::file_of(&policy, typed.format)?;
    let written = Written { format: typed.format, bytes: file.len(), digest: Digest::of(&file) };
    let said = match typed.message_format {
        BundleFormat::Human => bundle::compiled(&policy, &written),
        BundleFormat::Json => CompiledDocument::json(&policy, &written),
    };
    target.write(&file)?;
    match target {
        Target::File { .. } => output::write(&said)?,
        // A bundle and a text about it in one stream would be neither.
        Target::Stdout => output::remark(&said),
    }
    output::remark(&format!("proved: {}\n", bundle::proved(compiled.proof)));
    Ok(Exit::Good)
}
