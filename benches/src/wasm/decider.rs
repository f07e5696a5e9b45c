//! Our module, by its interface alone: `docs/wasm-abi.md`.

use wasmtime::{Engine, Module, TypedFunc};

use super::sandbox::Sandbox;

/// As much as any request takes, so that the area for them never moves.
const INPUT: i32 = 4_096;
/// The status of a call that did what it should.
const DONE: i32 = 0;
/// How a verdict begins that permits.
const PERMIT: u8 = 0;

/// An instance with a policy in it.
pub struct Decider {
    sandbox: Sandbox,
    decide: TypedFunc<i32, i32>,
    decide_json: TypedFunc<i32, i32>,
    input: i32,
    result: i32,
}

impl Decider {
    /// Of the decider, which is handed a bundle.
    pub fn new(engine: &Engine, module: &Module, bundle: &[u8]) -> Self {
        let mut sandbox = Sandbox::new(engine, module);
        let input = sandbox.function::<i32, i32>("portcullis_input");
        let load = sandbox.function::<i32, i32>("portcullis_load");
        let address = sandbox.call(&input, bundle.len() as i32);
        sandbox.write(address, bundle);
        assert_eq!(sandbox.call(&load, bundle.len() as i32), DONE, "the bundle loads");
        Self::ready(sandbox)
    }

    /// Of a policy module.
    pub fn baked(engine: &Engine, module: &Module) -> Self {
        Self::ready(Sandbox::new(engine, module))
    }

    /// With whatever has been loaded.
    pub fn ready(mut sandbox: Sandbox) -> Self {
        let input = sandbox.function::<i32, i32>("portcullis_input");
        let result = sandbox.function::<(), i32>("portcullis_result");
        let (input, result) = (sandbox.call(&input, INPUT), sandbox.call(&result, ()));
        let decide = sandbox.function("portcullis_decide");
        Self { decide, decide_json: sandbox.function("portcullis_decide_json"), sandbox, input, result }
    }

    /// From the compact form to whether it is permitted.
    pub fn permits(&mut self, compact: &[u8]) -> bool {
        self.sandbox.write(self.input, compact);
        let status = self.sandbox.call(&self.decide, compact.len() as i32);
        assert_eq!(status, DONE);
        self.answer()[0] == PERMIT
    }

    /// From JSON to explained JSON.
    pub fn answer_json(&mut self, json: &str) -> String {
        self.sandbox.write(self.input, json.as_bytes());
        let status = self.sandbox.call(&self.decide_json, json.len() as i32);
        assert_eq!(status, DONE);
        str::from_utf8(self.answer()).expect("answers are text").to_owned()
    }

    /// Pages of memory.
    pub fn pages(&self) -> u64 {
        self.sandbox.pages()
    }

    fn answer(&self) -> &[u8] {
        let (address, length) = result(self.sandbox.read(self.result as u32, 8));
        self.sandbox.read(address, length)
    }
}

/// The address and the length in a result record.
fn result(record: &[u8]) -> (u32, u32) {
    let number = |bytes: &[u8]| u32::from_le_bytes(bytes.try_into().expect("four bytes"));
    (number(&record[..4]), number(&record[4..]))
}
