//! The policy engine as a WebAssembly component: `policy-wasm/wit/policy.wit` is its interface, `docs/component.md` says how
//! to use it. It imports nothing. With the feature `baked` it is of the world `policy`, without of the world `decider`.
//!
//! Whatever is asked has an answer; what is loaded and is no bundle gets an error. Traps are left for memory that ran out.

#[cfg(target_family = "wasm")]
mod answers;
#[cfg(target_family = "wasm")]
mod bindings;
#[cfg(all(target_family = "wasm", not(feature = "baked")))]
mod decider;
#[cfg(all(target_family = "wasm", feature = "baked"))]
mod policy;
