//! What clap finds wrong with what was typed, said the way everything else here is said.

use std::fmt::Write as _;
use std::io::{self, Write as _};

use clap::error::{ContextKind, ContextValue, ErrorKind};

use crate::exit::Exit;
use crate::failure::Failure;
use crate::output;
use crate::terminal::ColorWhen;
use ci_feedback::{Colors, visible};
use policy_core::redact;

/// Prints help and versions on stdout, mistakes on stderr.
pub(crate) fn say(error: &clap::Error) -> Exit {
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => {
            // What waits in the buffer of stdout is not written yet.
            match error.print().and_then(|()| io::stdout().flush()) {
                Err(failed) => Failure::Output(failed).say(ColorWhen::Auto.colors(&io::stderr())),
                Ok(()) => Exit::Good,
            }
        }
        // `portcullis` alone: what it can do, but on stderr, since nothing was done.
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            _ = error.print();
            Exit::Usage
        }
        _ => {
            output::remark(&explained(error, ColorWhen::Auto.colors(&io::stderr())));
            Exit::Usage
        }
    }
}

fn explained(error: &clap::Error, colors: Colors) -> String {
    let (red, bold) = (colors.bad(), colors.strong());
    let usage = texts(error, ContextKind::Usage).join("");
    let usage = usage.trim();
    let mut text = format!(
        "{red}error{red:#}: {}\n{bold}help{bold:#}: {}\n",
        visible(&message(error)),
        visible(&help(error, usage))
    );
    if !usage.is_empty() {
        _ = write!(text, "\n{}\n", redact::text(usage));
    }
    text
}

fn message(error: &clap::Error) -> String {
    let argument = quoted(error, ContextKind::InvalidArg);
    let value = quoted(error, ContextKind::InvalidValue);
    match error.kind() {
        ErrorKind::InvalidSubcommand => {
            format!("there is no command {}", quoted(error, ContextKind::InvalidSubcommand))
        }
        ErrorKind::UnknownArgument => format!("there is no argument {argument} here"),
        ErrorKind::InvalidValue if value.is_empty() || value == "``" => format!("{argument} needs a value"),
        ErrorKind::InvalidValue => format!("{argument} does not take {value}"),
        ErrorKind::ValueValidation => {
            let why = std::error::Error::source(error).map(|source| format!(": {source}")).unwrap_or_default();
            format!("{argument} does not take {value}{why}")
        }
        ErrorKind::MissingRequiredArgument => format!("{argument} is missing"),
        ErrorKind::ArgumentConflict => {
            let prior = quoted(error, ContextKind::PriorArg);
            if prior.is_empty() || prior == argument {
                format!("{argument} may be given once only")
            } else {
                format!("{argument} and {prior} exclude each other")
            }
        }
        ErrorKind::NoEquals => format!("{argument} needs `=` and a value"),
        ErrorKind::TooManyValues => format!("{value} is one value too many for {argument}"),
        ErrorKind::TooFewValues | ErrorKind::WrongNumberOfValues => {
            format!("{argument} needs another number of values")
        }
        ErrorKind::InvalidUtf8 => "an argument is not UTF-8".to_owned(),
        _ => "what was typed is not understood".to_owned(),
    }
}

fn help(error: &clap::Error, usage: &str) -> String {
    let suggestion = [ContextKind::SuggestedSubcommand, ContextKind::SuggestedArg, ContextKind::SuggestedValue]
        .into_iter()
        // clap lists the likeliest last.
        .find_map(|kind| texts(error, kind).pop());
    if let Some(suggestion) = suggestion {
        return format!("did you mean `{suggestion}`?");
    }
    let valid = texts(error, ContextKind::ValidValue);
    if !valid.is_empty() {
        return format!("it takes {}", valid.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", "));
    }
    // "Usage: portcullis decide [OPTIONS] …": the words up to the first that is no command.
    let words = usage.trim_start_matches("Usage:").split_whitespace();
    let command: Vec<&str> = words.take_while(|word| word.bytes().all(|byte| byte.is_ascii_lowercase())).collect();
    let command = if command.is_empty() { "portcullis".to_owned() } else { command.join(" ") };
    format!("`{command} --help` shows what can be typed, with an example")
}

fn quoted(error: &clap::Error, kind: ContextKind) -> String {
    let texts: Vec<String> = texts(error, kind).iter().map(|text| format!("`{text}`")).collect();
    texts.join(", ")
}

fn texts(error: &clap::Error, kind: ContextKind) -> Vec<String> {
    match error.get(kind) {
        Some(ContextValue::String(text)) => vec![text.clone()],
        Some(ContextValue::Strings(texts)) => texts.clone(),
        Some(ContextValue::StyledStr(text)) => vec![text.to_string()],
        Some(ContextValue::StyledStrs(texts)) => texts.iter().map(ToString::to_string).collect(),
        _ => Vec::new(),
    }
}
