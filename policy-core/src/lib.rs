//! The policy engine of Portcullis.

pub mod canonical;
pub mod diagnostic;
#[cfg(feature = "author")]
pub mod evaluate;
pub mod invocation;
pub mod json;
pub mod limits;
pub mod number;
#[cfg(feature = "author")]
pub mod pattern;
pub mod source;
#[cfg(feature = "author")]
pub mod syntax;
mod text;
