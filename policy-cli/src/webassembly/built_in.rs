//! WebAssembly, built in.

use std::borrow::Cow;
use std::cell::RefCell;
use std::path::Path;

use policy_core::bundle::Policy;
use policy_core::decision::{Decision, Digest};
use policy_host::{Host, HostError, Limits, Session};
use policy_modules::{BakeError, Description, ForeignModule, Kind};

use crate::bundle;
use crate::engine::{Question, of_directory};
use crate::failure::Failure;

/// Memory that a module may use beside its bundle: far more than any decision needs.
const BESIDE_THE_BUNDLE: usize = 64 << 20;

/// A policy module or component, every byte of which is what this version makes of the bundle in it.
#[derive(Debug)]
pub(crate) struct Module {
    kind: Kind,
    digest: Digest,
    bytes: usize,
    description: Description,
}

impl Module {
    /// Which of the two: `module` or `component`.
    pub(crate) fn kind(&self) -> &'static str {
        self.kind.as_str()
    }

    /// SHA-256 of the file.
    pub(crate) fn digest(&self) -> Digest {
        self.digest
    }

    /// The size of the file.
    pub(crate) fn bytes(&self) -> usize {
        self.bytes
    }

    /// The version of its interface.
    pub(crate) fn interface(&self) -> &str {
        &self.description.abi
    }

    /// The version of Portcullis that made it.
    pub(crate) fn made_by(&self) -> &str {
        &self.description.portcullis
    }

    /// The digest of the decider in it.
    pub(crate) fn decider(&self) -> &str {
        &self.description.decider
    }
}

/// The policy in a WebAssembly file; the path is for messages.
///
/// # Errors
/// Where this version does not make that file.
pub(crate) fn opened(path: &Path, bytes: &[u8]) -> Result<(Policy, Module), Failure> {
    let found = policy_modules::open(bytes)
        .map_err(|error| Failure::input(format!("`{}` is not usable: {error}", path.display()), error.help()))?;
    let policy = bundle::load(found.bundle.bytes().to_vec())?;
    let (kind, description) = (found.kind, found.description);
    Ok((policy, Module { kind, digest: Digest::of(bytes), bytes: bytes.len(), description }))
}

/// Whether a file is a policy as WebAssembly, of whatever version.
pub(crate) fn is_policy(bytes: &[u8]) -> bool {
    !matches!(policy_modules::open(bytes), Err(ForeignModule::NotAModule | ForeignModule::NotAPolicy))
}

/// The module of a policy.
///
/// # Errors
/// Where the bundle does not fit into one.
pub(crate) fn module<B: AsRef<[u8]>>(policy: &Policy<B>) -> Result<Vec<u8>, Failure> {
    policy_modules::bake(policy).map_err(|error| not_baked(&error))
}

/// The component of a policy.
///
/// # Errors
/// Where the bundle does not fit into one.
pub(crate) fn component<B: AsRef<[u8]>>(policy: &Policy<B>) -> Result<Vec<u8>, Failure> {
    policy_modules::bake_component(policy).map_err(|error| not_baked(&error))
}

fn not_baked(error: &BakeError) -> Failure {
    match error {
        BakeError::TooLarge => Failure::input(error.to_string(), "compile single accounts with `--account`"),
        BakeError::Decider(_) => Failure::bug(error.to_string()),
    }
}

/// The compiled engine as WebAssembly, with a policy inside.
pub(crate) struct Sandbox {
    session: RefCell<Session>,
    of_directory: bool,
}

impl Sandbox {
    /// Puts a bundle into the decider of this version. What was compiled from a directory has no bundle that anyone could
    /// look for.
    ///
    /// # Errors
    /// Where the runtime or the bundle's size does not allow it.
    pub(crate) fn new(policy: &Policy, of_directory: bool) -> Result<Self, Failure> {
        let limits = Limits { memory_bytes: policy.bytes().len() + BESIDE_THE_BUNDLE, ..Limits::default() };
        let session = Host::new(limits).and_then(|host| host.bake(policy)).and_then(|policy| policy.session());
        Ok(Self { session: RefCell::new(session.map_err(|error| no_answer(&error))?), of_directory })
    }

    /// The answer.
    ///
    /// # Errors
    /// Where the sandbox has none.
    pub(crate) fn answer(&self, question: Question<'_>) -> Result<Decision<'static>, Failure> {
        let json = match question {
            Question::Typed(raw) => Cow::Owned(raw.to_json().into_bytes()),
            Question::Json(json) => Cow::Borrowed(json),
        };
        let answer = self.session.borrow_mut().decide_json(&json).map_err(|error| no_answer(&error))?;
        let decision = ci_feedback::read_decision(&answer)
            .map_err(|error| Failure::bug(format!("the module's decision cannot be read: {error}")))?;
        Ok(if self.of_directory { of_directory(decision) } else { decision })
    }
}

fn no_answer(error: &HostError) -> Failure {
    match error {
        HostError::Trap(_) | HostError::Answer | HostError::Export(_) => Failure::bug(error.to_string()),
        _ => Failure::input(format!("the sandbox does not decide: {error}"), "decide with `--engine native`"),
    }
}
