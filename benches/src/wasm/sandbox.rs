//! What the instances of all modules have in common.

use wasmtime::{Config, Engine, Instance, Memory, Module, Store, TypedFunc, WasmParams, WasmResults};

/// As wasmtime comes, with Cranelift at its best; and calls can be cut off, as a host wants that runs what others wrote.
pub fn config() -> Config {
    let mut config = Config::new();
    config.epoch_interruption(true);
    config
}

/// The host that all are compared in.
pub fn engine() -> Engine {
    Engine::new(&config()).expect("the host starts")
}

/// A store in which nothing is cut off.
pub fn store(engine: &Engine) -> Store<()> {
    let mut store = Store::new(engine, ());
    store.set_epoch_deadline(1);
    store
}

/// One instance with its memory.
pub struct Sandbox {
    pub store: Store<()>,
    instance: Instance,
    memory: Memory,
}

impl Sandbox {
    /// An instance of a module that imports nothing.
    pub fn new(engine: &Engine, module: &Module) -> Self {
        let mut store = store(engine);
        let instance = Instance::new(&mut store, module, &[]).expect("the module imports nothing");
        Self::from_instance(store, instance)
    }

    pub fn from_instance(mut store: Store<()>, instance: Instance) -> Self {
        let memory = instance.get_memory(&mut store, "memory").expect("the module exports its memory");
        Self { store, instance, memory }
    }

    /// An exported function.
    pub fn function<P: WasmParams, R: WasmResults>(&mut self, name: &str) -> TypedFunc<P, R> {
        self.instance.get_typed_func(&mut self.store, name).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    pub fn call<P: WasmParams, R: WasmResults>(&mut self, function: &TypedFunc<P, R>, parameters: P) -> R {
        function.call(&mut self.store, parameters).expect("the module does not trap")
    }

    pub fn write(&mut self, address: i32, bytes: &[u8]) {
        let address = address as u32 as usize;
        self.memory.data_mut(&mut self.store)[address..address + bytes.len()].copy_from_slice(bytes);
    }

    pub fn read(&self, address: u32, length: u32) -> &[u8] {
        &self.memory.data(&self.store)[address as usize..][..length as usize]
    }

    /// Pages of 64 KiB.
    pub fn pages(&self) -> u64 {
        self.memory.size(&self.store)
    }
}
