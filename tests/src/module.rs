//! A WebAssembly module called just as `docs/wasm-abi.md` says, without the care that a host package takes: tests of the
//! interface do wrong things with it.

use wasmtime::{Config, Engine, Instance, Memory, Module, Store, StoreLimits, StoreLimitsBuilder};

/// An instance of a module.
pub struct RawModule {
    store: Store<StoreLimits>,
    instance: Instance,
    memory: Memory,
}

/// A compiled module, to make many instances of.
pub struct CompiledModule {
    engine: Engine,
    module: Module,
}

impl CompiledModule {
    /// Compiles a module.
    ///
    /// # Panics
    /// If it is none.
    pub fn new(bytes: &[u8]) -> Self {
        let engine = Engine::new(&Config::new()).expect("an engine");
        let module = Module::from_binary(&engine, bytes).expect("a module");
        Self { engine, module }
    }

    /// An instance without limits.
    pub fn instance(&self) -> RawModule {
        self.limited(1 << 32)
    }

    /// An instance that may have so many bytes of memory.
    ///
    /// # Panics
    /// If the module imports something, or has no memory.
    pub fn limited(&self, memory_bytes: usize) -> RawModule {
        let limits = StoreLimitsBuilder::new().memory_size(memory_bytes).build();
        let mut store = Store::new(&self.engine, limits);
        store.limiter(|limits| limits);
        let instance = Instance::new(&mut store, &self.module, &[]).expect("a module without imports");
        let memory = instance.get_memory(&mut store, "memory").expect("a memory");
        RawModule { store, instance, memory }
    }
}

impl RawModule {
    /// Calls a function that takes nothing.
    ///
    /// # Panics
    /// If it is not exported so, or traps.
    pub fn get(&mut self, name: &str) -> u32 {
        let function = self.instance.get_typed_func::<(), u32>(&mut self.store, name).expect("an export");
        function.call(&mut self.store, ()).expect("a number")
    }

    /// Calls a function that takes a length.
    ///
    /// # Errors
    /// A trap.
    ///
    /// # Panics
    /// If it is not exported so.
    pub fn call(&mut self, name: &str, length: u32) -> Result<u32, String> {
        let function = self.instance.get_typed_func::<u32, u32>(&mut self.store, name).expect("an export");
        function.call(&mut self.store, length).map_err(|error| format!("{error:#}"))
    }

    /// Writes an input and calls the function: the status and the result.
    ///
    /// # Panics
    /// On a trap.
    pub fn ask(&mut self, name: &str, input: &[u8]) -> (u32, Vec<u8>) {
        let length = u32::try_from(input.len()).expect("an input");
        let address = self.call("portcullis_input", length).expect("an input area");
        assert_ne!(address, 0, "there is an input area");
        self.write(address, input);
        let status = self.call(name, length).expect("no trap");
        (status, self.result())
    }

    /// Writes to the memory.
    ///
    /// # Panics
    /// Beyond its end.
    pub fn write(&mut self, address: u32, bytes: &[u8]) {
        self.memory.write(&mut self.store, address as usize, bytes).expect("room");
    }

    /// Reads from the memory.
    ///
    /// # Panics
    /// Beyond its end.
    pub fn read(&self, address: u32, length: u32) -> Vec<u8> {
        let mut bytes = vec![0; length as usize];
        self.memory.read(&self.store, address as usize, &mut bytes).expect("in the memory");
        bytes
    }

    /// The last result.
    pub fn result(&mut self) -> Vec<u8> {
        let record = self.get("portcullis_result");
        let record = self.read(record, 8);
        let number = |at: usize| u32::from_le_bytes([record[at], record[at + 1], record[at + 2], record[at + 3]]);
        self.read(number(0), number(4))
    }

    /// The bytes of memory.
    pub fn memory_bytes(&self) -> usize {
        self.memory.data_size(&self.store)
    }
}

/// Policy files as the author module takes them.
///
/// # Panics
/// Never for files that a test holds.
pub fn policy_files<'f>(files: impl IntoIterator<Item = (&'f str, &'f [u8])>) -> Vec<u8> {
    let (mut count, mut bytes) = (0_u32, Vec::new());
    let number = |length: usize| u32::try_from(length).expect("a length").to_le_bytes();
    for (name, text) in files {
        count += 1;
        bytes.extend(number(name.len()));
        bytes.extend(number(text.len()));
        bytes.extend(name.as_bytes());
        bytes.extend(text);
    }
    [&count.to_le_bytes()[..], &bytes].concat()
}
