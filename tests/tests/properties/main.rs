//! Properties of the whole engine over random estates, patterns, texts and expressions. `PORTCULLIS_SEED` repeats a run,
//! `PORTCULLIS_SOAK` makes it longer.

mod asked;
mod choices;
mod decisions;
mod digests;
mod estates;
mod found;
mod glob;
mod hcl;
mod matching;
mod metamorphic;
mod model;
mod oracle;
mod patterns_made;
mod runner;
