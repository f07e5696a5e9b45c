//! How much is read, counted and the same on every target. What an invocation may have is in `policy_core::limits`.

/// Bytes of the JSON that a host hands over.
pub const INPUT_BYTES: usize = 8 << 20;
/// Nesting of that JSON, the outermost object being 1.
pub const INPUT_NESTING: u32 = 8;
/// Bytes of the value of one environment variable.
pub const VARIABLE_BYTES: usize = 64 << 10;
/// Bytes of the file that describes the event.
pub const EVENT_BYTES: usize = 4 << 20;
/// Nesting of that file.
pub const EVENT_NESTING: u32 = 64;
/// Bytes of a token.
pub const TOKEN_BYTES: usize = 32 << 10;
/// Bytes of a decision.
pub const DECISION_BYTES: usize = 1 << 20;
/// Nesting of a decision: the answer, a list, a rule, a list, a dimension.
pub const DECISION_NESTING: u32 = 8;
/// Characters of one text that an annotation or a summary shows; the explanation shows all.
pub const SHOWN_CHARACTERS: usize = 2_000;
/// Notes that a host hands back with what was asked.
pub const NOTES: usize = 64;
