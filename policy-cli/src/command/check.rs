//! `portcullis check`: finds every mistake in a policy directory.

use std::io;

use crate::arguments::Check;
use crate::diagnostics::Checked;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output;
use crate::terminal::ColorWhen;
use ci_feedback::visible;

pub(super) fn run(typed: &Check, color: ColorWhen) -> Result<Exit, Failure> {
    let checked = Checked::read(&typed.directory)?;
    output::write(&checked.written(typed.format, color.colors(&io::stdout())))?;
    output::remark(&format!("{}\n", visible(&checked.summary())));
    Ok(if checked.estate().is_some() { Exit::Good } else { Exit::Input })
}
