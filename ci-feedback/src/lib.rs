//! Early feedback in a CI job: would the gate permit the deployment that this job is about to trigger?
//!
//! [`invocation`] makes an invocation of what a job knows, an engine decides it, and [`report`](report()) makes of the
//! decision what the job shows. Everything here is pure: hosts hand over variables and files as texts, and print and write
//! what comes back. There is one implementation for the program and, as a WebAssembly module, for Node and Python; the
//! module's functions are in [`wire`].
//!
//! This is feedback, not authentication: tokens are not verified, and whoever runs a job can set its environment. What
//! counts is decided again by the runtime, about what it verified itself.

mod asked;
mod fields;
mod human;
mod input;
pub mod limits;
mod problem;
mod report;
mod repository;
mod system;
mod token;
pub mod wire;

pub use asked::{Asked, CallerKind, invocation};
pub use human::{Colors, Hidden, Table, command_line, explanation, quoted, visible};
pub use input::{Environment, Input, Options, Secret, SubjectFormat};
pub use problem::{Kind, Note, Problem};
pub use report::{Exit, OutputFile, Report, Unmet, UsedClaims, View, of_problems, read_decision, report, report_text};
pub use system::{System, needed_variables};
