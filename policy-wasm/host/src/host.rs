//! Taking up policies: only the file that was expected, and only if it is a module that wants nothing.

use std::sync::Arc;

use policy_core::bundle::Policy;
use policy_core::decision::Digest;
use wasmtime::{Config, Enabled, Engine, InstanceAllocationStrategy, Module, PoolingAllocationConfig};

use crate::policy::HostedPolicy;
use crate::ticker::Ticker;
use crate::{HostError, Limits};

/// Bytes of an instance's memory that are written back rather than unmapped when it ends, so that the next instance does
/// not begin with page faults. Where the kernel can say which pages were written to, only those: whatever decisions touch.
const KEEP_RESIDENT_WRITTEN: usize = 1 << 20;
/// Where it cannot, all from the beginning: the stack, the statics, and a bundle of some hundred rules.
const KEEP_RESIDENT: usize = 256 << 10;
/// The same of its table of functions: a page.
const TABLE_KEEP_RESIDENT: usize = 4 << 10;

/// Runs policies. Cheap to clone, and shared by threads.
#[derive(Debug, Clone)]
pub struct Host {
    pub(crate) shared: Arc<Shared>,
}

/// What all policies of a host share.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) engine: Engine,
    pub(crate) limits: Limits,
    _ticker: Ticker,
}

impl Host {
    /// Sets up the runtime.
    ///
    /// # Errors
    /// Limits that the machine cannot keep.
    pub fn new(limits: Limits) -> Result<Self, HostError> {
        let mut pool = PoolingAllocationConfig::new();
        pool.total_core_instances(limits.instances)
            .total_memories(limits.instances)
            .total_tables(limits.instances)
            .max_memory_size(limits.memory_bytes)
            .table_keep_resident(TABLE_KEEP_RESIDENT)
            .pagemap_scan(Enabled::Auto)
            .linear_memory_keep_resident(match PoolingAllocationConfig::is_pagemap_scan_available() {
                true => KEEP_RESIDENT_WRITTEN,
                false => KEEP_RESIDENT,
            });
        let mut config = Config::new();
        config
            .allocation_strategy(InstanceAllocationStrategy::Pooling(pool))
            .epoch_interruption(true)
            .memory_init_cow(true);
        let runtime = |error: wasmtime::Error| HostError::Runtime(format!("{error:#}"));
        let engine = Engine::new(&config).map_err(runtime)?;
        let ticker = Ticker::start(&engine)?;
        Ok(Self { shared: Arc::new(Shared { engine, limits, _ticker: ticker }) })
    }

    /// Takes up a policy module, what `portcullis compile --format wasm` wrote, and compiles it for this machine.
    ///
    /// # Errors
    /// Any file but the one with the digest that is expected; a module that is no policy of this version.
    pub fn load(&self, file: &[u8], expected: Digest) -> Result<HostedPolicy, HostError> {
        refuse_others(file, expected)?;
        self.take(Module::from_binary(&self.shared.engine, file))
    }

    /// Bakes a bundle into this version's decider, and compiles it for this machine.
    ///
    /// # Errors
    /// A bundle that does not fit into a module, or into the limits.
    pub fn bake<B: AsRef<[u8]>>(&self, policy: &Policy<B>) -> Result<HostedPolicy, HostError> {
        let module = policy_modules::bake(policy)?;
        self.take(Module::from_binary(&self.shared.engine, &module))
    }

    /// Takes up what [`HostedPolicy::precompiled`] made.
    ///
    /// # Safety
    /// The bytes are machine code, which runs without a sandbox of its own if it is not what it should be. They must come
    /// from [`HostedPolicy::precompiled`] of this version of this crate, and nobody else may have been able to change them
    /// since. The digest protects against another file in its place, so it must not come from where the file comes from.
    ///
    /// # Errors
    /// Any file but the one with the digest that is expected; one that another version or configuration made.
    #[expect(
        unsafe_code,
        reason = "machine code is believed or not; this is the one place, and its caller vouches for it"
    )]
    pub unsafe fn load_precompiled(&self, file: &[u8], expected: Digest) -> Result<HostedPolicy, HostError> {
        refuse_others(file, expected)?;
        // SAFETY: as the caller promises.
        self.take(unsafe { Module::deserialize(&self.shared.engine, file) })
    }

    fn take(&self, module: wasmtime::Result<Module>) -> Result<HostedPolicy, HostError> {
        HostedPolicy::new(self.clone(), &module.map_err(|error| HostError::NotAModule(format!("{error:#}")))?)
    }
}

fn refuse_others(file: &[u8], expected: Digest) -> Result<(), HostError> {
    let found = Digest::of(file);
    if found == expected { Ok(()) } else { Err(HostError::Digest { expected, found }) }
}
