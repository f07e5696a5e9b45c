//! `portcullis man`: the manual's pages, made of what `--help` says.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::Path;

use clap::CommandFactory as _;
use clap_mangen::Man;

use crate::arguments::{self, Arguments};
use crate::exit::Exit;
use crate::failure::{Failure, reason};
use crate::output;
use crate::suggestion::nearest;

pub(super) fn run(typed: &arguments::Man) -> Result<Exit, Failure> {
    let mut program = Arguments::command();
    // Gives every command the name that its page has: `portcullis-bundle-show`.
    program.build();
    match &typed.directory {
        Some(directory) => write_all(&program, directory)?,
        None => output::write_bytes(&page(chosen(&program, &typed.command)?)?)?,
    }
    Ok(Exit::Good)
}

/// The command of a path of names.
fn chosen<'c>(program: &'c clap::Command, names: &[String]) -> Result<&'c clap::Command, Failure> {
    names.iter().try_fold(program, |command, name| {
        command.find_subcommand(name).ok_or_else(|| {
            let help = match nearest(name, command.get_subcommands().map(clap::Command::get_name)) {
                Some(near) => format!("did you mean `{near}`?"),
                None => "`portcullis --help` lists the commands".to_owned(),
            };
            Failure::usage(format!("there is no command `{name}`"), help)
        })
    })
}

/// A page, in the language of `man`.
fn page(command: &clap::Command) -> Result<Vec<u8>, Failure> {
    let mut page = Vec::new();
    let source = concat!("portcullis ", env!("CARGO_PKG_VERSION"));
    Man::new(command.clone()).source(source).manual("Portcullis").render(&mut page)?;
    Ok(page)
}

/// Writes the pages of the program and of all its commands; never over a file.
fn write_all(program: &clap::Command, directory: &Path) -> Result<(), Failure> {
    fs::create_dir_all(directory).map_err(|error| not_written(directory, &error))?;
    let mut waiting = vec![program];
    while let Some(command) = waiting.pop() {
        waiting.extend(command.get_subcommands());
        let path = directory.join(format!("{}.1", command.get_display_name().unwrap_or(command.get_name())));
        let page = page(command)?;
        let written = File::create_new(&path).and_then(|mut file| file.write_all(&page));
        written.map_err(|error| not_written(&path, &error))?;
    }
    Ok(())
}

fn not_written(path: &Path, error: &io::Error) -> Failure {
    let message = format!("`{}` cannot be written: {}", path.display(), reason(error));
    Failure::input(message, "name a new directory in one that you may write")
}
