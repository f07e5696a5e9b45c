//! The compiled engine against the reference, over random estates that are hard for a compiler: many rules, lists whose
//! automata outgrow their budget, callers and arguments that overlap, texts beyond ASCII. `PORTCULLIS_SEED` repeats a run,
//! `PORTCULLIS_SOAK` makes it longer.

mod asked;
mod bound;
mod callers;
mod commands;
mod compare;
mod estates;
#[path = "../properties/found.rs"]
mod found;
mod patterns;
mod refs;
mod requirements;
mod sharded;
mod shrink;
mod sizes;
mod whole;
