//! One sandbox: the calls of `docs/wasm-abi.md`, within limits, and nothing of what comes back is believed unchecked.

use policy_wasm::{ABI, Status};
use wasmtime::{
    InstancePre, Memory, Module, ModuleExport, Store, StoreLimits, StoreLimitsBuilder, Trap, TypedFunc, WasmParams,
    WasmResults,
};

use crate::{HostError, Limits};

/// The version of the language that this host decides by.
const LANGUAGE: u32 = 1;
/// The smallest input area that is asked for: most invocations fit, so that it is asked for once.
const INPUT_BYTES: usize = 4 << 10;

/// What a store keeps beside the instance.
pub(crate) type State = StoreLimits;

/// Where the exports of a module are.
#[derive(Clone, Copy)]
pub(crate) struct Exports {
    memory: ModuleExport,
    abi: ModuleExport,
    language: ModuleExport,
    result: ModuleExport,
    input: ModuleExport,
    fault: ModuleExport,
    decide: ModuleExport,
    decide_json: ModuleExport,
}

impl Exports {
    pub(crate) fn of(module: &Module) -> Result<Self, HostError> {
        let export = |name| module.get_export_index(name).ok_or(HostError::Export(name));
        Ok(Self {
            memory: export("memory")?,
            abi: export("portcullis_abi")?,
            language: export("portcullis_language")?,
            result: export("portcullis_result")?,
            input: export("portcullis_input")?,
            fault: export("portcullis_fault")?,
            decide: export("portcullis_decide")?,
            decide_json: export("portcullis_decide_json")?,
        })
    }
}

/// A function of the module that reads so many bytes of the input area.
type Call = TypedFunc<u32, i32>;

/// One sandbox.
pub(crate) struct Instance {
    store: Store<State>,
    running: wasmtime::Instance,
    memory: Memory,
    exports: Exports,
    ticks: u64,
    /// The functions that were called before.
    decide: Option<Call>,
    decide_json: Option<Call>,
    /// Address and length of the input area.
    input: (usize, usize),
    /// The address of the record of the last result.
    record: usize,
    poisoned: bool,
}

impl std::fmt::Debug for Instance {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Instance").field("poisoned", &self.poisoned).finish_non_exhaustive()
    }
}

impl Instance {
    pub(crate) fn new(prepared: &InstancePre<State>, exports: &Exports, limits: Limits) -> Result<Self, HostError> {
        let engine = prepared.module().engine();
        let room =
            StoreLimitsBuilder::new().memory_size(limits.memory_bytes).instances(1).memories(1).tables(1).build();
        let mut store = Store::new(engine, room);
        store.limiter(|room| room);
        store.set_epoch_deadline(limits.ticks());
        let instance = prepared.instantiate(&mut store).map_err(|error| not_begun(&error))?;
        let memory = instance.get_module_export(&mut store, &exports.memory);
        let memory = memory.and_then(wasmtime::Extern::into_memory).ok_or(HostError::Export("memory"))?;
        let mut this = Self {
            store,
            running: instance,
            memory,
            exports: *exports,
            ticks: limits.ticks(),
            decide: None,
            decide_json: None,
            input: (0, 0),
            record: 0,
            poisoned: false,
        };
        let result = this.function::<(), u32>(exports.result, "portcullis_result")?;
        this.record = this.call(&result, ())? as usize;
        Ok(this)
    }

    pub(crate) fn check_versions(&mut self) -> Result<(), HostError> {
        let abi = self.function::<(), u32>(self.exports.abi, "portcullis_abi")?;
        let abi = self.call(&abi, ())?;
        let [major, minor] = [abi >> 16, abi & 0xFFFF];
        if major != u32::from(ABI.0) || minor > u32::from(ABI.1) {
            let (theirs, ours) = (format!("{major}.{minor}"), format!("{}.{}", ABI.0, ABI.1));
            return Err(HostError::Version { what: "ABI", theirs, ours });
        }
        let language = self.function::<(), u32>(self.exports.language, "portcullis_language")?;
        match self.call(&language, ())? {
            LANGUAGE => Ok(()),
            theirs => {
                Err(HostError::Version { what: "language", theirs: theirs.to_string(), ours: LANGUAGE.to_string() })
            }
        }
    }

    pub(crate) fn memory_bytes(&self) -> usize {
        self.memory.data_size(&self.store)
    }

    pub(crate) fn decide(&mut self, input: &[u8]) -> Result<&[u8], HostError> {
        let function = match self.decide.clone() {
            Some(function) => function,
            None => self.function(self.exports.decide, "portcullis_decide")?,
        };
        self.decide = Some(function.clone());
        self.answer(&function, input)
    }

    pub(crate) fn decide_json(&mut self, input: &[u8]) -> Result<&[u8], HostError> {
        let function = match self.decide_json.clone() {
            Some(function) => function,
            None => self.function(self.exports.decide_json, "portcullis_decide_json")?,
        };
        self.decide_json = Some(function.clone());
        self.answer(&function, input)
    }

    fn answer(&mut self, function: &Call, input: &[u8]) -> Result<&[u8], HostError> {
        let length = self.write(input)?;
        let status = self.call(function, length)?;
        let result = self.result()?;
        if status == Status::Done as i32 {
            return self.bytes(result);
        }
        let reason = String::from_utf8_lossy(self.bytes(result)?).into_owned();
        Err(HostError::Refused { status, reason })
    }

    /// Writes an input, and says how long it is.
    fn write(&mut self, input: &[u8]) -> Result<u32, HostError> {
        if input.len() > self.input.1 {
            let length = input.len().max(INPUT_BYTES);
            let room = self.function::<u32, u32>(self.exports.input, "portcullis_input")?;
            let asked = u32::try_from(length).map_err(|_| HostError::Memory)?;
            match self.call(&room, asked)? {
                0 => return Err(HostError::Memory),
                address => self.input = (address as usize, length),
            }
        }
        let start = self.input.0;
        let place =
            start.checked_add(input.len()).and_then(|end| self.memory.data_mut(&mut self.store).get_mut(start..end));
        place.ok_or(HostError::Answer)?.copy_from_slice(input);
        u32::try_from(input.len()).map_err(|_| HostError::Memory)
    }

    /// Address and length of the last result.
    fn result(&self) -> Result<(usize, usize), HostError> {
        let record = self.bytes((self.record, 8))?;
        let ([address, length], []) = record.as_chunks::<4>() else { return Err(HostError::Answer) };
        Ok((u32::from_le_bytes(*address) as usize, u32::from_le_bytes(*length) as usize))
    }

    fn bytes(&self, (address, length): (usize, usize)) -> Result<&[u8], HostError> {
        let end = address.checked_add(length).ok_or(HostError::Answer)?;
        self.memory.data(&self.store).get(address..end).ok_or(HostError::Answer)
    }

    fn function<P: WasmParams, R: WasmResults>(
        &mut self,
        export: ModuleExport,
        name: &'static str,
    ) -> Result<TypedFunc<P, R>, HostError> {
        let found = self.running.get_module_export(&mut self.store, &export).and_then(wasmtime::Extern::into_func);
        let function = found.ok_or(HostError::Export(name))?;
        function.typed(&self.store).map_err(|_| HostError::Export(name))
    }

    fn call<P: WasmParams, R: WasmResults>(
        &mut self,
        function: &TypedFunc<P, R>,
        parameters: P,
    ) -> Result<R, HostError> {
        if self.poisoned {
            return Err(HostError::Poisoned);
        }
        self.store.set_epoch_deadline(self.ticks);
        function.call(&mut self.store, parameters).map_err(|error| self.cut_off(&error))
    }

    /// Why a call did not end. The instance is of no use any more.
    fn cut_off(&mut self, error: &wasmtime::Error) -> HostError {
        self.poisoned = true;
        if let Some(Trap::Interrupt) = error.downcast_ref::<Trap>() {
            return HostError::Time;
        }
        self.store.set_epoch_deadline(self.ticks);
        let fault = self.function::<(), i32>(self.exports.fault, "portcullis_fault");
        match fault.map(|fault| fault.call(&mut self.store, ())) {
            Ok(Ok(1)) => HostError::Memory,
            _ => HostError::Trap(format!("{error:#}")),
        }
    }
}

/// Why there is no instance.
fn not_begun(error: &wasmtime::Error) -> HostError {
    if error.is::<wasmtime::PoolConcurrencyLimitError>() {
        return HostError::Busy;
    }
    match error.downcast_ref::<Trap>() {
        Some(Trap::Interrupt) => HostError::Time,
        Some(trap) => HostError::Trap(trap.to_string()),
        None => HostError::NotAModule(format!("{error:#}")),
    }
}
