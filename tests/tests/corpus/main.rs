//! One corpus, every engine: the estates and cases in `fixtures/` through the library, through the program and through
//! components.

mod checks;
mod components;
mod coverage;
mod damage;
mod decisions;
mod engines;
mod example;
mod fixtures;
mod hosts;
mod interface;
mod modules;
mod partial_tokens;
mod random;
mod secrets;
mod transpiled;
