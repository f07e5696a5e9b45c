//! A1 to A4: arguments are read against what the command declares, and narrow the rules that match.

use alloc::borrow::{Cow, ToOwned};
use alloc::string::String;
use core::slice;

use super::super::index;
use super::super::layout::Section;
use super::super::records::{ConditionRecord, OptionRecord, ToolRecord, option_flags};
use super::super::rule_set::RuleSet;
use super::super::view::View;
use super::Question;
use super::rules::add;
use crate::canonical::{UnitPath, shown};
use crate::decision::message::did_you_mean;
use crate::limits::ACCOUNT_RULES;
use crate::prose::{number, say};
use crate::text::{is_control, is_nfc, split_once};

/// One argument, understood.
#[derive(Clone, Copy)]
pub(super) enum Argument<'i> {
    /// An option with its value, or a flag without; the number of its record.
    Option(u32, OptionRecord, Option<&'i str>),
    Positional(&'i str),
}

/// What is wrong with an argument.
#[derive(Clone, Copy)]
pub(super) enum ArgumentRefusal<'i> {
    OfVerb,
    Empty,
    Control,
    Composition,
    DashesAlone,
    Reserved(&'i str),
    Undeclared(&'i str),
    FlagWithValue(OptionRecord),
    NoValue(OptionRecord),
    Separate(OptionRecord),
    Twice(OptionRecord),
    NoPath(Option<OptionRecord>, &'i str),
    Value(Option<OptionRecord>, &'i str),
    NoPositionals(&'i str),
    TooFew(usize),
    Missing(OptionRecord),
    TooMany(usize),
}

/// Reads items from left to right.
#[derive(Clone)]
struct Reader<'p, 'i> {
    view: View<'p>,
    tool: ToolRecord,
    rest: slice::Iter<'i, String>,
}

/// A1: a name without one or two leading dashes.
pub(crate) fn undashed(name: &str) -> &str {
    name.strip_prefix("--").or_else(|| name.strip_prefix('-')).unwrap_or(name)
}

/// A1: the part of a name that tells it from others.
pub(crate) fn distinct(name: &str, either_dashes: bool) -> &str {
    if either_dashes { undashed(name) } else { name }
}

/// A1: the name of an item, and what stands behind `=`.
fn named(item: &str) -> (&str, Option<&str>) {
    match split_once(item, b'=') {
        Some((name, value)) => (name, Some(value)),
        None => (item, None),
    }
}

fn well_formed(item: &str) -> Result<(), ArgumentRefusal<'_>> {
    match item {
        "" => Err(ArgumentRefusal::Empty),
        "--" => Err(ArgumentRefusal::DashesAlone),
        // Nearly all are of plain ASCII.
        _ if item.bytes().all(|byte| matches!(byte, 0x20..0x7f)) => Ok(()),
        _ if item.chars().any(is_control) => Err(ArgumentRefusal::Control),
        _ if !is_nfc(item) => Err(ArgumentRefusal::Composition),
        _ => Ok(()),
    }
}

/// A3: whether `=` and a value by itself are in Unicode normalisation form C as one item too.
fn joins(value: &str) -> bool {
    value.starts_with(|first: char| first.is_ascii()) || is_nfc(&say("={}", &[value]))
}

impl<'i> Reader<'_, 'i> {
    fn next(&mut self) -> Option<Result<Argument<'i>, ArgumentRefusal<'i>>> {
        let item = self.rest.next()?;
        Some(well_formed(item).and_then(
            |()| {
                if item.starts_with('-') { self.option(item) } else { self.positional(item) }
            },
        ))
    }

    fn option(&mut self, item: &'i str) -> Result<Argument<'i>, ArgumentRefusal<'i>> {
        let (name, behind) = named(item);
        let (number, option) = find(self.view, &self.tool, name).ok_or(ArgumentRefusal::Undeclared(name))?;
        if option.flags & option_flags::RESERVED != 0 {
            return Err(ArgumentRefusal::Reserved(name));
        }
        if option.flags & option_flags::FLAG != 0 {
            return match behind {
                None => Ok(Argument::Option(number, option, None)),
                Some(_) => Err(ArgumentRefusal::FlagWithValue(option)),
            };
        }
        let value = match behind {
            Some(value) => value,
            None => {
                let next = self.rest.next().filter(|next| !next.starts_with('-'));
                let next = next.ok_or(ArgumentRefusal::NoValue(option))?;
                well_formed(next)?;
                next
            }
        };
        if option.flags & option_flags::SEPARATE == 0 && !joins(value) {
            return Err(ArgumentRefusal::Composition);
        }
        if option.flags & option_flags::SEPARATE != 0 && (value.is_empty() || value.starts_with('-')) {
            return Err(ArgumentRefusal::Separate(option));
        }
        self.fits(Some(option), option.flags, option.values, value)?;
        Ok(Argument::Option(number, option, Some(value)))
    }

    fn positional(&self, item: &'i str) -> Result<Argument<'i>, ArgumentRefusal<'i>> {
        let values = self.tool.positional.checked_sub(1).ok_or(ArgumentRefusal::NoPositionals(item))?;
        self.fits(None, self.tool.positional_flags, values, item)?;
        Ok(Argument::Positional(item))
    }

    fn fits(
        &self,
        option: Option<OptionRecord>,
        flags: u32,
        values: u32,
        value: &'i str,
    ) -> Result<(), ArgumentRefusal<'i>> {
        if flags & option_flags::PATH != 0 && !UnitPath::is_one(value) {
            return Err(ArgumentRefusal::NoPath(option, value));
        }
        if !self.view.matches(values, value) {
            return Err(ArgumentRefusal::Value(option, value));
        }
        Ok(())
    }
}

/// The option, flag or reserved name that a name means.
pub(crate) fn find(view: View<'_>, tool: &ToolRecord, name: &str) -> Option<(u32, OptionRecord)> {
    let either = tool.either_dashes != 0;
    let key = distinct(name, either);
    let is_it = |option: &OptionRecord| distinct(view.text(option.name), either) == key;
    view.find(Section::Options, tool.options, index::hash(key.as_bytes()), is_it)
}

impl<'p, 'i> Question<'p, 'i> {
    /// Reads all arguments.
    pub(super) fn read_arguments(&self) -> Result<(), ArgumentRefusal<'i>> {
        let items = self.asked.arguments;
        let Some(tool) = self.tool else {
            return if items.is_empty() { Ok(()) } else { Err(ArgumentRefusal::OfVerb) };
        };
        let mut reader = Reader { view: self.within.view, tool, rest: items.iter() };
        let mut positionals = 0;
        loop {
            let before = items.len() - reader.rest.len();
            match reader.next() {
                None => break,
                Some(argument) => match argument? {
                    Argument::Positional(_) => positionals += 1,
                    Argument::Option(_, option, _) => self.once(&tool, option, before)?,
                },
            }
        }
        if tool.positional != 0 && positionals < tool.positional_min as usize {
            return Err(ArgumentRefusal::TooFew(positionals));
        }
        if tool.positional != 0 && positionals > tool.positional_max as usize {
            return Err(ArgumentRefusal::TooMany(positionals));
        }
        if tool.requires == 0 { Ok(()) } else { self.required_are_given(&tool) }
    }

    /// A1: looked at after everything that was given has been read. What begins with `-` is never a value.
    #[inline(never)]
    fn required_are_given(&self, tool: &ToolRecord) -> Result<(), ArgumentRefusal<'i>> {
        let view = self.within.view;
        let either = tool.either_dashes != 0;
        let mut missing: Option<OptionRecord> = None;
        for number in index::all(view.numbers(tool.options)) {
            let Some(option) = view.record::<OptionRecord>(Section::Options, number) else { continue };
            let key = distinct(view.text(option.name), either);
            let is_it = |item: &String| item.starts_with('-') && distinct(named(item).0, either) == key;
            let is_first = |missing: &OptionRecord| view.text(option.name) < view.text(missing.name);
            if option.flags & option_flags::REQUIRED != 0
                && !self.asked.arguments.iter().any(is_it)
                && missing.as_ref().is_none_or(is_first)
            {
                missing = Some(option);
            }
        }
        missing.map_or(Ok(()), |missing| Err(ArgumentRefusal::Missing(missing)))
    }

    /// A1: whether the option of the item at `at` occurs once, unless it may be repeated. What begins with `-` is never a
    /// value, so that the items before it tell.
    fn once(&self, tool: &ToolRecord, option: OptionRecord, at: usize) -> Result<(), ArgumentRefusal<'i>> {
        if option.flags & option_flags::REPEAT != 0 {
            return Ok(());
        }
        let either = tool.either_dashes != 0;
        let name = |item: &'i str| distinct(named(item).0, either);
        let items = self.asked.arguments;
        let own = items.get(at).map(|item| name(item));
        let before = items.get(..at).unwrap_or_default();
        match before.iter().any(|item| item.starts_with('-') && Some(name(item)) == own) {
            true => Err(ArgumentRefusal::Twice(option)),
            false => Ok(()),
        }
    }

    /// The arguments, after they were read without a mistake.
    pub(super) fn given(&self) -> impl Iterator<Item = Argument<'i>> {
        let reader = self.tool.map(|tool| Reader { view: self.within.view, tool, rest: self.asked.arguments.iter() });
        let mut reader = reader;
        core::iter::from_fn(move || reader.as_mut()?.next()?.ok())
    }

    /// The values of an option, or the positional arguments.
    pub(super) fn values(&self, option: Option<u32>) -> impl Iterator<Item = &'i str> {
        self.given().filter_map(move |argument| match argument {
            Argument::Positional(value) => option.is_none().then_some(value),
            Argument::Option(number, _, value) => value.filter(|_| option == Some(number)),
        })
    }

    /// A4: the rules whose `arguments` match.
    pub(super) fn arguments<'a>(&self, room: &'a mut [u64]) -> Option<RuleSet<'a>>
    where
        'p: 'a,
    {
        let view = self.within.view;
        if self.asked.arguments.is_empty() {
            return view.set(self.command.without_arguments);
        }
        let with_arguments = view.set(self.command.with_arguments)?;
        if view.list(self.command.conditions)?.len() == 0 {
            return Some(with_arguments);
        }
        add(room, with_arguments)?;
        for condition in view.records::<ConditionRecord>(Section::Conditions, self.command.conditions) {
            self.narrow(&condition, room)?;
        }
        Some(RuleSet::Made(room))
    }

    /// In a permit all values given match; in a forbid some value does.
    fn narrow(&self, condition: &ConditionRecord, room: &mut [u64]) -> Option<()> {
        const WORDS: usize = ACCOUNT_RULES.div_ceil(64);
        let view = self.within.view;
        let (mut all, mut some) = ([u64::MAX; WORDS], [0_u64; WORDS]);
        let mut any = false;
        for value in self.values(condition.option.checked_sub(1)) {
            any = true;
            let mut satisfied = [0_u64; WORDS];
            let mut next = condition.values + 1;
            while let Some(number) = next.checked_sub(1) {
                let (label, after) = view.walk(number, value.as_bytes())?;
                add(satisfied.get_mut(..room.len())?, view.set(label)?)?;
                next = after;
            }
            for ((all, some), satisfied) in all.iter_mut().zip(&mut some).zip(satisfied).take(room.len()) {
                *all &= satisfied;
                *some |= satisfied;
            }
        }
        let absent = view.set(condition.absent)?;
        let forbids = RuleSet::First(u16::try_from(self.within.shared.forbids).ok()?);
        for (at, ((word, all), some)) in room.iter_mut().zip(all).zip(some).enumerate() {
            let forbid = forbids.word(at);
            *word &= if any { all & !forbid | some & forbid } else { absent.word(at) };
        }
        Some(())
    }
}

impl ArgumentRefusal<'_> {
    /// Says it. Values of secret options are never in it (A5): where a command has any, it repeats no item that is not a value
    /// of another option, for that may be a secret in the wrong place.
    pub(super) fn message(&self, view: View<'_>, command: &str, tool: Option<&ToolRecord>) -> String {
        let name = |option: &OptionRecord| view.text(option.name);
        let secrets = tool.is_some_and(|tool| takes_secrets(view, tool));
        match self {
            Self::OfVerb => say("the command `{}` takes no arguments", &[command]),
            Self::Empty => "an argument is empty".to_owned(),
            Self::Control => "an argument holds a control character".to_owned(),
            Self::Composition => "an argument is not in Unicode normalisation form C".to_owned(),
            Self::DashesAlone => "`--` alone is no argument of a command".to_owned(),
            Self::Reserved(name) => say("the command passes `{}` itself; it cannot be given", &[&shown(name)]),
            Self::Undeclared(name) => {
                let declared = tool.into_iter().flat_map(|tool| declared(view, tool));
                let near = did_you_mean(name, declared);
                match secrets {
                    true => say("the command does not have one of the options that are given{}", &[&near]),
                    false => say("the command has no option `{}`{}", &[&shown(name), &near]),
                }
            }
            Self::FlagWithValue(option) => say("`{}` is a flag; it takes no value", &[name(option)]),
            Self::NoValue(option) => {
                let name = name(option);
                say("`{}` needs a value; one that begins with `-` is written `{}=VALUE`", &[name, name])
            }
            Self::Separate(option) => say("a value of `{}` is neither empty nor begins with `-`", &[name(option)]),
            Self::Twice(option) => say("`{}` is given twice", &[name(option)]),
            Self::NoPath(option, value) => {
                let (what, shown, _) = Self::about(view, tool, option.as_ref(), value);
                say("{} takes a path inside the repository, and {} is none", &[&what, &shown])
            }
            Self::Value(option, value) => {
                let (what, shown, text) = Self::about(view, tool, option.as_ref(), value);
                say("{} takes {}, not {}", &[&what, text, &shown])
            }
            Self::NoPositionals(_) if secrets => "the command takes no argument without a leading `-`".to_owned(),
            Self::NoPositionals(item) => {
                say("the command takes no argument without a leading `-`, such as `{}`", &[&shown(item)])
            }
            Self::Missing(option) => say("the command needs `{}`", &[name(option)]),
            Self::TooFew(count) => {
                let min = tool.map_or(0, |tool| tool.positional_min);
                let (min, count) = (number(min as usize), number(*count));
                say("the command needs {} or more positional arguments, not {}", &[&min, &count])
            }
            Self::TooMany(count) => {
                let max = tool.map_or(0, |tool| tool.positional_max);
                let (max, count) = (number(max as usize), number(*count));
                say("the command takes {} or fewer positional arguments, not {}", &[&max, &count])
            }
        }
    }

    /// What a value is of, how it is shown, and what it may be.
    fn about<'p>(
        view: View<'p>,
        tool: Option<&ToolRecord>,
        option: Option<&OptionRecord>,
        value: &str,
    ) -> (Cow<'static, str>, String, &'p str) {
        let (what, flags, text) = match (option, tool) {
            (Some(option), _) => (say("`{}`", &[view.text(option.name)]).into(), option.flags, option.text),
            (None, Some(tool)) => {
                let secret = if takes_secrets(view, tool) { option_flags::SECRET } else { 0 };
                ("a positional argument".into(), secret, tool.positional_text)
            }
            (None, None) => ("an argument".into(), 0, 0),
        };
        let shown = match flags & option_flags::SECRET {
            0 => say("`{}`", &[&shown(value)]),
            _ => "the value given".to_owned(),
        };
        (what, shown, view.text(text))
    }
}

/// The names of the options and flags of a command.
fn declared<'p>(view: View<'p>, tool: &ToolRecord) -> impl Iterator<Item = &'p str> {
    let options = options(view, tool).filter(|option| option.flags & option_flags::RESERVED == 0);
    options.map(move |option| view.text(option.name))
}

/// Whether values of an option, or positional arguments, are secret.
fn takes_secrets(view: View<'_>, tool: &ToolRecord) -> bool {
    let flags = options(view, tool).fold(tool.positional_flags, |flags, option| flags | option.flags);
    flags & option_flags::SECRET != 0
}

/// The options, flags and reserved names of a command.
fn options<'p>(view: View<'p>, tool: &ToolRecord) -> impl Iterator<Item = OptionRecord> + use<'p> {
    let numbers = index::all(view.numbers(tool.options));
    numbers.filter_map(move |number| view.record::<OptionRecord>(Section::Options, number))
}
