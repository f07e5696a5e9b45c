//! A1 to A3: arguments are read against what the command declares, and become its argument vector.

use crate::canonical::UnitPath;
use crate::estate::{Action, Command, OptionSpecification, PatternList, Positional, Tool, ValueKind, option_name};
use crate::suggestion::nearest;
use crate::text::{is_control, is_nfc};

use super::matching::list_matches;

/// The arguments of an invocation, understood.
#[derive(Default)]
pub(super) struct Given<'a> {
    /// Options with their values and flags without, in the order given.
    options: Vec<(&'a OptionSpecification, Option<&'a str>)>,
    positionals: Vec<&'a str>,
}

/// Reads the arguments; the error says what is refused and why. Values of secret options are never in it (A5), nor is anything
/// that may be one in the wrong place.
pub(super) fn read<'a>(command: &'a Command, items: &'a [String]) -> Result<Given<'a>, String> {
    let tool = match &command.action {
        Action::Tool(tool) => tool,
        Action::Verb(_) if items.is_empty() => return Ok(Given::default()),
        Action::Verb(_) => return Err(format!("the command `{}` takes no arguments", command.name)),
    };
    let mut given = Given::default();
    let mut rest = items.iter();
    while let Some(item) = rest.next() {
        well_formed(item)?;
        match option_name(item) {
            Some(name) => {
                let option = declared(tool, name)?;
                let value = option_value(option, item, &mut rest)?;
                once_unless_repeated(&given, option)?;
                given.options.push((option, value));
            }
            None => given.positionals.push(positional(tool, item)?),
        }
    }
    within_bounds(tool, given.positionals.len())?;
    required_are_given(tool, &given)?;
    Ok(given)
}

/// A1: looked at after everything that was given has been read.
fn required_are_given(tool: &Tool, given: &Given<'_>) -> Result<(), String> {
    let is_given = |option: &OptionSpecification| given.options.iter().any(|(other, _)| std::ptr::eq(*other, option));
    match tool.options.iter().find(|option| option.required && !is_given(option)) {
        None => Ok(()),
        Some(missing) => Err(format!("the command needs `{}`", missing.name)),
    }
}

fn well_formed(item: &str) -> Result<(), String> {
    if item.is_empty() {
        return Err("an argument is empty".to_owned());
    }
    if item.chars().any(is_control) {
        return Err("an argument holds a control character".to_owned());
    }
    in_normal_form(item)?;
    if item == "--" {
        return Err("`--` alone is no argument of a command".to_owned());
    }
    Ok(())
}

/// A1: as an item is given, and as it is passed on (A3).
fn in_normal_form(item: &str) -> Result<(), String> {
    if is_nfc(item) { Ok(()) } else { Err("an argument is not in Unicode normalisation form C".to_owned()) }
}

/// A2, A1: the option or flag that is meant.
fn declared<'a>(tool: &'a Tool, name: &str) -> Result<&'a OptionSpecification, String> {
    if tool.passes_itself(name) {
        return Err(format!("the command passes `{}` itself; it cannot be given", name.escape_debug()));
    }
    tool.option(name).ok_or_else(|| {
        let names = tool.options.iter().map(|option| &*option.name);
        let near = nearest(name, names).map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
        match tool.takes_secrets() {
            true => format!("the command does not have one of the options that are given{near}"),
            false => format!("the command has no option `{}`{near}", name.escape_debug()),
        }
    })
}

/// The value of an option: behind `=`, else the next item. None for a flag.
fn option_value<'a>(
    option: &OptionSpecification,
    item: &'a str,
    rest: &mut std::slice::Iter<'a, String>,
) -> Result<Option<&'a str>, String> {
    let name = &option.name;
    let behind = item.split_once('=').map(|(_, value)| value);
    let Some(values) = &option.values else {
        return match behind {
            None => Ok(None),
            Some(_) => Err(format!("`{name}` is a flag; it takes no value")),
        };
    };
    let value = match behind {
        Some(value) => value,
        None => match rest.next() {
            Some(next) if !next.starts_with('-') => {
                well_formed(next)?;
                next
            }
            Some(_) => {
                return Err(format!("`{name}` needs a value; one that begins with `-` is written `{name}=VALUE`"));
            }
            None => return Err(format!("`{name}` needs a value")),
        },
    };
    if !option.separate {
        in_normal_form(&format!("{name}={value}"))?;
    }
    if option.separate && (value.is_empty() || value.starts_with('-')) {
        return Err(format!("a value of `{name}` is neither empty nor begins with `-`"));
    }
    fits(&format!("`{name}`"), value, (option.kind, values), option.secret)?;
    Ok(Some(value))
}

fn once_unless_repeated(given: &Given<'_>, option: &OptionSpecification) -> Result<(), String> {
    let before = given.options.iter().any(|(other, _)| std::ptr::eq(*other, option));
    if before && !option.repeat {
        return Err(format!("`{}` is given twice", option.name));
    }
    Ok(())
}

fn positional<'a>(tool: &Tool, item: &'a str) -> Result<&'a str, String> {
    let secrets = tool.takes_secrets();
    let Some(Positional { values, kind, .. }) = &tool.positional else {
        return Err(if secrets {
            "the command takes no argument without a leading `-`".to_owned()
        } else {
            format!("the command takes no argument without a leading `-`, such as `{}`", item.escape_debug())
        });
    };
    fits("a positional argument", item, (*kind, values), secrets)?;
    Ok(item)
}

fn fits(what: &str, value: &str, (kind, values): (ValueKind, &PatternList), secret: bool) -> Result<(), String> {
    let shown = if secret { "the value given".to_owned() } else { format!("`{}`", value.escape_debug()) };
    if kind == ValueKind::Path
        && let Err(malformed) = UnitPath::parse(value)
    {
        let why = if secret { String::new() } else { format!(": {}", malformed.message) };
        return Err(format!("{what} takes a path inside the repository, and {shown} is none{why}"));
    }
    if !list_matches(values, value) {
        return Err(format!("{what} takes {}, not {shown}", values.text()));
    }
    Ok(())
}

fn within_bounds(tool: &Tool, count: usize) -> Result<(), String> {
    let Some(positional) = &tool.positional else { return Ok(()) };
    let (min, max) = (usize::from(positional.min), usize::from(positional.max));
    if count < min {
        return Err(format!("the command needs {min} or more positional arguments, not {count}"));
    }
    if count > max {
        return Err(format!("the command takes {max} or fewer positional arguments, not {count}"));
    }
    Ok(())
}

impl<'a> Given<'a> {
    /// The values given for an option in any spelling, or the positional arguments (A4).
    pub(super) fn values(&self, command: &Command, name: &str) -> Vec<&'a str> {
        if name == "positional" {
            return self.positionals.clone();
        }
        let Some(meant) = command.tool().and_then(|tool| tool.option(name)) else { return Vec::new() };
        let given = self.options.iter().filter(|(option, _)| std::ptr::eq(*option, meant));
        given.filter_map(|(_, value)| *value).collect()
    }

    /// Whether the values of an option, or the positional arguments, are kept out of everything but `argv` (A5).
    pub(super) fn is_secret(command: &Command, name: &str) -> bool {
        let Some(tool) = command.tool() else { return false };
        match name {
            "positional" => tool.positional.as_ref().is_some_and(|positional| positional.secret),
            _ => tool.option(name).is_some_and(|option| option.secret),
        }
    }

    /// A3: program, options and flags as given, `always`, positionals, `trailing`.
    pub(super) fn argv(&self, tool: &Tool) -> Vec<String> {
        let texts = |items: &[std::sync::Arc<str>]| items.iter().map(ToString::to_string).collect::<Vec<String>>();
        let mut argv = texts(&tool.program);
        for (option, value) in &self.options {
            match value {
                None => argv.push(option.name.to_string()),
                Some(value) if option.separate => argv.extend([option.name.to_string(), (*value).to_owned()]),
                Some(value) => argv.push(format!("{}={value}", option.name)),
            }
        }
        argv.extend(texts(&tool.always));
        argv.extend(self.positionals.iter().map(|item| (*item).to_owned()));
        argv.extend(texts(&tool.trailing));
        argv
    }
}
