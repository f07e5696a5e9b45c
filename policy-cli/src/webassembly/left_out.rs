//! WebAssembly, left out: the same functions as where it is built in, each of which says that it is not there.

use std::path::Path;

use policy_core::bundle::Policy;
use policy_core::decision::{Decision, Digest};

use super::HELP;
use crate::engine::Question;
use crate::failure::Failure;

/// There are none, since no file is taken for one.
#[derive(Debug)]
pub(crate) enum Module {}

impl Module {
    pub(crate) fn kind(&self) -> &'static str {
        match *self {}
    }

    pub(crate) fn digest(&self) -> Digest {
        match *self {}
    }

    pub(crate) fn bytes(&self) -> usize {
        match *self {}
    }

    pub(crate) fn interface(&self) -> &str {
        match *self {}
    }

    pub(crate) fn made_by(&self) -> &str {
        match *self {}
    }

    pub(crate) fn decider(&self) -> &str {
        match *self {}
    }
}

pub(crate) fn opened(path: &Path, _: &[u8]) -> Result<(Policy, Module), Failure> {
    let message = format!("`{}` is WebAssembly, which this program was built without", path.display());
    Err(Failure::input(message, format!("{HELP}; bundles are read without it")))
}

/// Whether a file is a policy as WebAssembly, of whatever version. This program cannot tell, so that it replaces none unasked.
pub(crate) fn is_policy(_: &[u8]) -> bool {
    false
}

pub(crate) fn module<B: AsRef<[u8]>>(_: &Policy<B>) -> Result<Vec<u8>, Failure> {
    Err(missing())
}

pub(crate) fn component<B: AsRef<[u8]>>(_: &Policy<B>) -> Result<Vec<u8>, Failure> {
    Err(missing())
}

/// There is none.
pub(crate) enum Sandbox {}

impl Sandbox {
    pub(crate) fn new(_: &Policy, _: bool) -> Result<Self, Failure> {
        Err(missing())
    }

    pub(crate) fn answer(&self, _: Question<'_>) -> Result<Decision<'static>, Failure> {
        match *self {}
    }
}

fn missing() -> Failure {
    Failure::usage("this program was built without WebAssembly", HELP)
}
