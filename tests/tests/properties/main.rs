//! Properties of the whole engine over random estates, patterns, texts and expressions. `PORTCULLIS_SEED` repeats a run,
//! `PORTCULLIS_SOAK` makes it longer.

mod asked;
mod canonical;
mod choices;
mod decisions;
mod digests;
mod estates;
mod expressions;
mod formatting;
mod found;
mod glob;
mod hcl;
mod matching;
mod metamorphic;
mod model;
mod numbers;
mod oracle;
mod patterns;
mod patterns_made;
mod runner;
