//! A policy that was taken up, and the two ways to ask it.

use policy_core::invocation::CompactInvocation;
use wasmtime::{InstancePre, Linker, Module};

use crate::instance::{Exports, Instance, State};
use crate::{Host, HostError, Verdict};

/// A policy, compiled for this machine. Threads share it.
#[derive(Clone)]
pub struct HostedPolicy {
    host: Host,
    prepared: InstancePre<State>,
    exports: Exports,
}

impl std::fmt::Debug for HostedPolicy {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("HostedPolicy").field("host", &self.host).finish_non_exhaustive()
    }
}

impl HostedPolicy {
    pub(crate) fn new(host: Host, module: &Module) -> Result<Self, HostError> {
        if let Some(import) = module.imports().next() {
            return Err(HostError::Imports(format!("{}.{}", import.module(), import.name())));
        }
        let exports = Exports::of(module)?;
        let runtime = |error: wasmtime::Error| HostError::Runtime(format!("{error:#}"));
        let prepared = Linker::new(&host.shared.engine).instantiate_pre(module).map_err(runtime)?;
        let policy = Self { host, prepared, exports };
        policy.instance()?.check_versions()?;
        Ok(policy)
    }

    fn instance(&self) -> Result<Instance, HostError> {
        Instance::new(&self.prepared, &self.exports, self.host.shared.limits)
    }

    /// Decides in a sandbox of its own, which is thrown away afterwards: nothing of one decision can reach another.
    ///
    /// # Errors
    /// Where there is no answer: to be treated as a denial.
    pub fn decide(&self, invocation: &CompactInvocation<'_>) -> Result<Verdict, HostError> {
        let mut bytes = Vec::with_capacity(512);
        invocation.write(&mut bytes);
        Verdict::read(self.instance()?.decide(&bytes)?)
    }

    /// Decides in a sandbox of its own: an invocation as JSON in, the whole decision as JSON out.
    ///
    /// # Errors
    /// Where there is no answer: to be treated as a denial.
    pub fn decide_json(&self, invocation: &[u8]) -> Result<String, HostError> {
        text(self.instance()?.decide_json(invocation)?)
    }

    /// A sandbox that decides many times: faster, and every call begins by forgetting the one before.
    ///
    /// # Errors
    /// Where there is no room for another instance.
    pub fn session(&self) -> Result<Session, HostError> {
        Ok(Session { instance: self.instance()?, bytes: Vec::new() })
    }

    /// The policy as machine code for this machine, for [`Host::load_precompiled`]: taking it up needs no compiler's time.
    ///
    /// # Errors
    /// None that are known.
    pub fn precompiled(&self) -> Result<Vec<u8>, HostError> {
        self.prepared.module().serialize().map_err(|error| HostError::Runtime(format!("{error:#}")))
    }
}

/// A sandbox that decides many times. It belongs to one thread at a time.
#[derive(Debug)]
pub struct Session {
    instance: Instance,
    bytes: Vec<u8>,
}

impl Session {
    /// Decides.
    ///
    /// # Errors
    /// Where there is no answer: to be treated as a denial. After [`HostError::Time`], [`HostError::Memory`] or
    /// [`HostError::Trap`] the session answers nothing any more.
    pub fn decide(&mut self, invocation: &CompactInvocation<'_>) -> Result<Verdict, HostError> {
        self.bytes.clear();
        invocation.write(&mut self.bytes);
        Verdict::read(self.instance.decide(&self.bytes)?)
    }

    /// Decides: an invocation as JSON in, the whole decision as JSON out.
    ///
    /// # Errors
    /// As [`decide`](Self::decide).
    pub fn decide_json(&mut self, invocation: &[u8]) -> Result<String, HostError> {
        text(self.instance.decide_json(invocation)?)
    }

    /// Bytes of memory that the sandbox has now.
    pub fn memory_bytes(&self) -> usize {
        self.instance.memory_bytes()
    }
}

fn text(bytes: &[u8]) -> Result<String, HostError> {
    std::str::from_utf8(bytes).map(str::to_owned).map_err(|_| HostError::Answer)
}
