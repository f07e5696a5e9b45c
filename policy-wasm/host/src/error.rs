//! Why there is no decision. Whoever gets one of these treats it as a denial.

use policy_core::decision::Digest;
use policy_modules::BakeError;

/// Why there is no decision.
#[derive(Debug, thiserror::Error)]
pub enum HostError {
    /// The file is another than was expected. Nothing of it was looked at.
    #[error("the file has the digest {found}, and {expected} was expected")]
    Digest {
        /// The digest that was asked for.
        expected: Digest,
        /// The digest of the file.
        found: Digest,
    },
    /// The file is no module that can be run.
    #[error("the file is not a WebAssembly module that this host runs: {0}")]
    NotAModule(String),
    /// The module wants something of its host.
    #[error("the module imports `{0}`, and a policy imports nothing")]
    Imports(String),
    /// The module lacks something that every policy exports.
    #[error("the module does not export `{0}` as a policy does")]
    Export(&'static str),
    /// The module has another version of the interface or of the language.
    #[error("the module has {what} version {theirs}; this host reads version {ours}")]
    Version {
        /// `ABI` or `language`.
        what: &'static str,
        /// The version that it has.
        theirs: String,
        /// The version that is read.
        ours: String,
    },
    /// The module answered with a status that is not 0 (`docs/wasm-abi.md`).
    #[error("the module refused the call with status {status}{}{reason}", if reason.is_empty() { "" } else { ": " })]
    Refused {
        /// The status.
        status: i32,
        /// What the module said about it.
        reason: String,
    },
    /// The module ran out of the memory that it may use.
    #[error("the module ran out of memory")]
    Memory,
    /// The module took longer than it may.
    #[error("the module took longer than it may")]
    Time,
    /// All instances that there may be are in use.
    #[error("all instances are in use")]
    Busy,
    /// The module trapped: a bug in it.
    #[error("the module trapped: {0}")]
    Trap(String),
    /// What the module answered is no answer.
    #[error("the module answered with something that is no answer")]
    Answer,
    /// A call of this session before this one was cut off.
    #[error("a call of this session was cut off before; begin a new one")]
    Poisoned,
    /// The bundle cannot be baked into a module.
    #[error(transparent)]
    Bake(#[from] BakeError),
    /// The runtime cannot be set up here.
    #[error("the runtime cannot be set up: {0}")]
    Runtime(String),
}
