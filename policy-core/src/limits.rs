//! Every limit on what comes in (section 10 of the language), counted, and the same on every target.

/// Bytes of one policy file.
pub const FILE_BYTES: usize = 4 << 20;
/// Bytes of all policy files of an estate.
pub const ESTATE_BYTES: usize = 256 << 20;
/// Policy files of an estate.
pub const ESTATE_FILES: usize = 20_000;

/// Nesting of expressions: brackets, braces, parentheses, calls, quoted templates with something inside.
pub const EXPRESSION_NESTING: u32 = 64;
/// Nesting of conditionals in the middle arm, of template directives and of splats, which [`EXPRESSION_NESTING`] does not
/// count but which a reader has to descend into all the same.
pub const ARM_NESTING: u32 = 64;
/// Nesting of blocks.
pub const BLOCK_NESTING: u32 = 64;
/// Length of a chain of templates that extend each other.
pub const EXTENDS_CHAIN: usize = 64;

/// Evaluation steps of an estate: each expression node visited and each element made.
pub const EVALUATION_STEPS: u64 = 50_000_000;
/// Bytes of text that the evaluation of an estate makes.
pub const EVALUATION_TEXT_BYTES: u64 = 512 << 20;
/// Numbers that one `range` makes.
pub const RANGE_NUMBERS: usize = 1_024;

/// Accounts of an estate.
pub const ACCOUNTS: usize = 100_000;
/// Rules that apply to one account.
pub const ACCOUNT_RULES: usize = 10_000;
/// Rules of an estate, summed over its accounts.
pub const ESTATE_RULES: usize = 1_000_000;

/// Bytes of one pattern's text.
pub const PATTERN_BYTES: usize = 4 << 10;
/// States of the minimal deterministic automaton of one pattern over bytes, the dead state not counted.
pub const PATTERN_STATES: usize = 10_000;
/// States while building that automaton.
pub const PATTERN_BUILD_STATES: usize = 160_000;
/// Depth of nested braces in a glob (P2).
pub const BRACE_NESTING: usize = 4;
/// Results of the expansion of a glob's braces (P2).
pub const BRACE_RESULTS: usize = 1_024;
/// Largest number of a counted repetition (P3).
pub const REPETITION: u32 = 1_000;

/// Bytes of a name of an account, repository, caller, runner, command, template, option or flag (N2).
pub const NAME_BYTES: usize = 128;
/// Bytes of a name of a rule, an invariant or a test (N2).
pub const TITLE_BYTES: usize = 200;

/// Bytes of a compiled bundle.
pub const BUNDLE_BYTES: usize = 512 << 20;

/// Bytes of an invocation as JSON.
pub const INVOCATION_BYTES: usize = 256 << 10;
/// Nesting of an invocation as JSON, the outermost object being 1.
pub const INVOCATION_NESTING: u32 = 8;
/// Arguments of an invocation.
pub const ARGUMENT_ITEMS: usize = 256;
/// Bytes of one argument.
pub const ARGUMENT_BYTES: usize = 32 << 10;
/// Bytes of all arguments together.
pub const ARGUMENTS_BYTES: usize = 128 << 10;
/// Bytes of a repository, ref, principal, issuer, session, of the name of a claim and of its text.
pub const TEXT_BYTES: usize = 1_024;
/// Claims of a caller.
pub const CLAIMS: usize = 64;
/// Elements of one claim.
pub const CLAIM_ELEMENTS: usize = 256;
/// Bytes of a path (C3).
pub const PATH_BYTES: usize = 4_096;
