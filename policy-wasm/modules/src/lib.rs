//! The WebAssembly modules of this version of Portcullis, and policies as modules.
//!
//! The *decider* decides by a bundle that it is handed. A *policy module* is the decider with a bundle baked in: one file,
//! the same bytes on every machine. [`open`] believes nothing that a module says about itself: it takes the bundle out,
//! bakes it anew, and compares every byte. With the feature `component` there are components too, for hosts that speak
//! the component model; what is said of policy modules holds for policy components.
//!
//! ```
//! use policy_core::bundle::Policy;
//! use policy_core::compile::compile;
//! use policy_core::{PolicyFile, check};
//!
//! let estate = check(vec![PolicyFile::new("estate.hcl", "account \"prod\" { id = \"222222222222\" }\n")]).estate.unwrap();
//! let policy = Policy::load(compile(&estate, None).unwrap().bytes).unwrap();
//! let module = policy_modules::bake(&policy).unwrap();
//! assert_eq!(policy_modules::open(&module).unwrap().bundle.bytes(), policy.bytes());
//! ```

mod bake;
mod description;
mod kind;
mod open;

#[cfg(feature = "component")]
pub use bake::bake_component;
pub use bake::{BakeError, bake};
pub use description::Description;
pub use kind::Kind;
pub use open::{ForeignModule, PolicyModule, open};

/// The decider.
pub const DECIDER: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/decider.wasm"));

/// The author module.
#[cfg(feature = "author")]
pub const AUTHOR: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/author.wasm"));

/// The feedback module.
#[cfg(feature = "feedback")]
pub const FEEDBACK: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/feedback.wasm"));

/// The decider as a component, of the world `decider` of `policy-wasm/wit/policy.wit`.
#[cfg(feature = "component")]
pub const COMPONENT: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/decider.component.wasm"));

/// What policies are baked into: a component of the world `policy` that has none. It decides nothing.
#[cfg(feature = "component")]
const UNBAKED: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/unbaked.component.wasm"));
