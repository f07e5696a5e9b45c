//! A command that the rules of an account select: what it takes, and what it executes.

use alloc::vec::Vec;

use super::super::index;
use super::super::layout::Section;
use super::super::records::{CommandRecord, OptionRecord, ToolRecord, option_flags};
use super::super::view::View;
use super::by_bytes;
use crate::decision::Digest;

/// A command that the rules of an account select.
#[derive(Debug, Clone, Copy)]
pub struct CommandView<'p> {
    pub(super) view: View<'p>,
    pub(super) record: CommandRecord,
}

/// What a command executes.
#[derive(Debug, Clone, Copy)]
pub struct ToolView<'p> {
    view: View<'p>,
    record: ToolRecord,
}

/// An option or flag of a command.
#[derive(Debug, Clone, Copy)]
pub struct OptionView<'p> {
    view: View<'p>,
    record: OptionRecord,
}

/// The positional arguments of a command.
#[derive(Debug, Clone, Copy)]
pub struct PositionalView<'p> {
    view: View<'p>,
    record: ToolRecord,
}

impl<'p> CommandView<'p> {
    /// The name.
    pub fn name(&self) -> &'p str {
        self.view.text(self.record.name)
    }

    /// What it executes; none for a verb of the runtime.
    pub fn tool(&self) -> Option<ToolView<'p>> {
        let record = self.view.optional(Section::Tools, self.record.tool)?;
        Some(ToolView { view: self.view, record })
    }
}

impl<'p> ToolView<'p> {
    /// `read` or `write`.
    pub const fn effect(&self) -> &'static str {
        if self.record.effect == 0 { "read" } else { "write" }
    }

    /// The runner's name.
    pub fn runner(&self) -> &'p str {
        self.view.text(self.record.runner)
    }

    /// The digest of the runner's block (D1).
    pub fn runner_digest(&self) -> Option<Digest> {
        self.view.digest(self.record.runner_digest)
    }

    /// Whether it applies the saved plan of another command.
    pub const fn applies_plan(&self) -> bool {
        self.record.plan != 0
    }

    /// Whether `-x` and `--x` are one name (A1).
    pub const fn either_dashes(&self) -> bool {
        self.record.either_dashes != 0
    }

    /// How the argument vector begins (A3).
    pub fn program(&self) -> impl Iterator<Item = &'p str> {
        self.view.texts(self.record.program)
    }

    /// What follows options and flags.
    pub fn always(&self) -> impl Iterator<Item = &'p str> {
        self.view.texts(self.record.always)
    }

    /// How the argument vector ends.
    pub fn trailing(&self) -> impl Iterator<Item = &'p str> {
        self.view.texts(self.record.trailing)
    }

    /// The environment of runner and command, name and value, by name (A5).
    pub fn environment(&self) -> Vec<(&'p str, &'p str)> {
        let items: Vec<&'p str> = self.view.texts(self.record.environment).collect();
        items.chunks_exact(2).filter_map(|pair| Some((*pair.first()?, *pair.last()?))).collect()
    }

    /// The options and flags that may be given, by name.
    pub fn options(&self) -> Vec<OptionView<'p>> {
        let mut options: Vec<OptionView<'p>> = self.of_index(false).collect();
        options.sort_by(|left, right| by_bytes(left.name(), right.name()));
        options
    }

    /// The names that the command passes itself, so that nobody else may (A2), by name.
    pub fn reserved(&self) -> Vec<&'p str> {
        let mut names: Vec<&'p str> = self.of_index(true).map(|option| option.name()).collect();
        names.sort_unstable();
        names
    }

    fn of_index(&self, reserved: bool) -> impl Iterator<Item = OptionView<'p>> + use<'p> {
        let view = self.view;
        let numbers = index::all(view.numbers(self.record.options));
        let options = numbers.filter_map(move |number| view.record::<OptionRecord>(Section::Options, number));
        options
            .filter(move |record| (record.flags & option_flags::RESERVED != 0) == reserved)
            .map(move |record| OptionView { view, record })
    }

    /// The positional arguments; none where there must be none.
    pub fn positional(&self) -> Option<PositionalView<'p>> {
        (self.record.positional != 0).then_some(PositionalView { view: self.view, record: self.record })
    }
}

impl<'p> OptionView<'p> {
    /// The name, as it is passed on.
    pub fn name(&self) -> &'p str {
        self.view.text(self.record.name)
    }

    /// What it may be given, as its author would write it; none for a flag, which takes no value.
    pub fn values(&self) -> Option<&'p str> {
        (!self.has(option_flags::FLAG)).then(|| self.view.text(self.record.text))
    }

    /// Whether a value is a path (C3).
    pub const fn is_path(&self) -> bool {
        self.has(option_flags::PATH)
    }

    /// Whether it may occur more than once.
    pub const fn repeats(&self) -> bool {
        self.has(option_flags::REPEAT)
    }

    /// Whether it must be given.
    pub const fn is_required(&self) -> bool {
        self.has(option_flags::REQUIRED)
    }

    /// Whether name and value are two items for the program.
    pub const fn is_separate(&self) -> bool {
        self.has(option_flags::SEPARATE)
    }

    /// Whether values are kept out of records.
    pub const fn is_secret(&self) -> bool {
        self.has(option_flags::SECRET)
    }

    const fn has(&self, flag: u32) -> bool {
        self.record.flags & flag != 0
    }
}

impl<'p> PositionalView<'p> {
    /// What each may be, as its author would write it.
    pub fn values(&self) -> &'p str {
        self.view.text(self.record.positional_text)
    }

    /// How many there must be.
    pub const fn min(&self) -> u32 {
        self.record.positional_min
    }

    /// How many there may be.
    pub const fn max(&self) -> u32 {
        self.record.positional_max
    }

    /// Whether each is a path (C3).
    pub const fn is_path(&self) -> bool {
        self.record.positional_flags & option_flags::PATH != 0
    }

    /// Whether they are kept out of records.
    pub const fn is_secret(&self) -> bool {
        self.record.positional_flags & option_flags::SECRET != 0
    }
}
