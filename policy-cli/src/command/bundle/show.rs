//! `portcullis bundle show`: what a bundle is and what it holds.

use std::io;

use crate::arguments::{BundleFormat, BundleShow};
use crate::bundle::{self, Document};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output;
use crate::terminal::ColorWhen;

pub(super) fn run(typed: &BundleShow, color: ColorWhen) -> Result<Exit, Failure> {
    let bundle::Compiled { policy, module } = bundle::read(&typed.file)?;
    let account = match &typed.account {
        Some(name) => Some(bundle::account(&policy, name)?),
        None => None,
    };
    output::write(&match typed.format {
        BundleFormat::Human => bundle::shown(&policy, module.as_ref(), account, color.colors(&io::stdout())),
        BundleFormat::Json => Document::json(&policy, module.as_ref(), account),
    })?;
    Ok(Exit::Good)
}
