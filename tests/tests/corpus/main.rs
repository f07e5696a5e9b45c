//! One corpus, every engine: the estates and cases in `fixtures/` through the library and through the program.

mod checks;
mod coverage;
mod damage;
mod decisions;
mod engines;
mod fixtures;
mod hosts;
mod modules;
