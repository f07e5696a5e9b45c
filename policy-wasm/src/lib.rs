//! The policy engine as a plain WebAssembly module: no imports, a documented and versioned interface
//! (`docs/wasm-abi.md`). Without features it is the *decider*, with `author` the *author* module, with `feedback` the
//! *feedback* module.
//!
//! No pointer crosses the boundary towards the module: a host writes into the input area that it asked for, and says how
//! many bytes it wrote. Whatever a host does wrong gets a [`Status`], and each call begins by forgetting the one before.

#![cfg_attr(all(target_family = "wasm", feature = "module", not(feature = "general-memory")), no_std)]

extern crate alloc;

#[cfg(feature = "author")]
mod author;
mod baked;
#[cfg(all(target_family = "wasm", feature = "module"))]
mod exports;
#[cfg(feature = "feedback")]
mod feedback;
#[cfg(all(target_family = "wasm", feature = "module"))]
mod memory;
mod session;
mod status;

#[cfg(target_family = "wasm")]
pub use baked::baked;
pub use baked::{Baked, MARK};
pub use session::Session;
pub use status::Status;

/// The version of the interface: major and minor.
pub const ABI: (u16, u16) = (1, 0);
