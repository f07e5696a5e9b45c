//! The standard commands (N6).

use std::sync::Arc;

use crate::estate::Command;
use crate::source::FileId;
use crate::syntax;
use crate::syntax::tree::Block;

use super::block::Fields;
use super::context::Context;

/// The text of the standard commands, part of the language.
pub const STANDARD: &str = include_str!("standard.hcl");

/// The number under which the standard commands are read; no file of an estate has it.
const STANDARD_FILE: FileId = FileId(u32::MAX);

/// The blocks of the standard commands.
pub(super) fn blocks() -> Vec<Block> {
    syntax::parse(STANDARD_FILE, STANDARD, &mut Vec::new()).blocks
}

impl Context<'_> {
    /// Takes the names of the standard commands, so that nobody else can.
    pub(super) fn import_names(&mut self, blocks: &[Block]) {
        for block in blocks {
            if let Some(label) = block.labels.first() {
                self.commands.import(&label.text);
            }
        }
    }

    /// Defines the standard commands that exist: those whose runner is declared, and verbs.
    pub(super) fn import_commands(&mut self, blocks: &[Block]) {
        for block in blocks {
            let fields = Fields { block };
            let Some(name) = block.labels.first().map(|label| label.text.clone()) else { continue };
            let runner: Option<Arc<str>> = self.optional(&fields, "runner", Self::text);
            match runner {
                Some(runner) if !self.runners.contains(&runner) => {
                    self.commands.remove(&name);
                    self.missing_imports.push((name, runner));
                }
                _ => {
                    if let Some(action) = self.action(&fields) {
                        self.commands.define(&name.clone(), Command { name, action });
                    }
                }
            }
        }
    }
}
