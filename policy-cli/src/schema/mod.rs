//! The JSON Schemas of what goes in and out. They are made by schemars from documented types and kept in `docs/schemas/`;
//! the program prints those bytes, and a test holds them against the types.

#[cfg(test)]
mod decision;
#[cfg(test)]
mod invocation;
#[cfg(test)]
mod tests;

/// The schema of an invocation.
pub(crate) const INVOCATION: &str = include_str!("../../../docs/schemas/invocation.json");
/// The schema of a decision.
pub(crate) const DECISION: &str = include_str!("../../../docs/schemas/decision.json");
/// The schema of what `bundle show` tells of a bundle.
pub(crate) const BUNDLE: &str = include_str!("../../../docs/schemas/bundle.json");
/// The schema of what `compile` tells of what it wrote.
pub(crate) const COMPILED: &str = include_str!("../../../docs/schemas/compiled.json");
/// The schema of the diagnostics of `check`.
pub(crate) const DIAGNOSTICS: &str = include_str!("../../../docs/schemas/diagnostics.json");
