//! Our engine as WebAssembly, beside other engines as WebAssembly in the same host, and beside ours as native code.

mod builds;
mod decider;
mod estate;
mod guest;
mod others;
mod sandbox;
pub mod soak;

/// Measures and prints.
pub fn run() {
    let builds = builds::others();
    builds::print(&builds);
    estate::run();
    others::run(&builds);
}
