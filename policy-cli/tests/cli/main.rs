//! The program as a process: what it prints, where, and how it ends.

mod check;
mod decide;
mod directory;
mod other_commands;
mod requests;
mod support;
mod usage;
