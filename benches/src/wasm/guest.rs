//! An instance of another engine, with a policy in it.

use wasmtime::{Engine, Module, TypedFunc};

use super::sandbox::Sandbox;

/// As much as any request takes, so that the area for them never moves.
const INPUT: i32 = 4_096;

pub struct Guest {
    sandbox: Sandbox,
    decide: TypedFunc<i32, i32>,
    decide_json: TypedFunc<i32, i32>,
    decide_prepared: TypedFunc<i32, i32>,
    answer: TypedFunc<(), i64>,
    input: i32,
}

impl Guest {
    /// Loads the policy in one of the forms that the guest has, and lets it keep the requests that it may.
    pub fn new(engine: &Engine, module: &Module, form: i32, policy: &str, prepared: &[String]) -> Self {
        let mut sandbox = Sandbox::new(engine, module);
        let input = sandbox.function::<i32, i32>("guest_input");
        let area = |sandbox: &mut Sandbox, length: usize| sandbox.call(&input, length as i32);
        let address = area(&mut sandbox, policy.len().max(INPUT as usize));
        let mut guest = Self {
            decide: sandbox.function("guest_decide"),
            decide_json: sandbox.function("guest_decide_json"),
            decide_prepared: sandbox.function("guest_decide_prepared"),
            answer: sandbox.function("guest_answer"),
            input: address,
            sandbox,
        };
        let load = guest.sandbox.function::<(i32, i32), i32>("guest_load");
        guest.sandbox.write(address, policy.as_bytes());
        let status = guest.sandbox.call(&load, (form, policy.len() as i32));
        assert_eq!(status, 0, "{}", guest.kept());
        let prepare = guest.sandbox.function::<i32, i32>("guest_prepare");
        for (number, request) in prepared.iter().enumerate() {
            guest.sandbox.write(address, request.as_bytes());
            let kept = guest.sandbox.call(&prepare, request.len() as i32);
            assert_eq!(kept, number as i32, "{}", guest.kept());
        }
        guest
    }

    /// Decides a request that the instance keeps.
    pub fn permits_prepared(&mut self, number: usize) -> bool {
        let code = self.sandbox.call(&self.decide_prepared, number as i32);
        self.truth(code)
    }

    /// From JSON to whether it is permitted.
    pub fn permits(&mut self, json: &str) -> bool {
        self.sandbox.write(self.input, json.as_bytes());
        let code = self.sandbox.call(&self.decide, json.len() as i32);
        self.truth(code)
    }

    /// From JSON to JSON.
    pub fn answer_json(&mut self, json: &str) -> String {
        self.sandbox.write(self.input, json.as_bytes());
        let length = self.sandbox.call(&self.decide_json, json.len() as i32);
        assert!(length >= 0, "{}", self.kept());
        self.kept()
    }

    fn truth(&mut self, code: i32) -> bool {
        match code {
            0 => false,
            1 => true,
            _ => panic!("{}", self.kept()),
        }
    }

    /// The answer or the error that the instance keeps.
    fn kept(&mut self) -> String {
        let place = self.sandbox.call(&self.answer, ()) as u64;
        str::from_utf8(self.sandbox.read((place >> 32) as u32, place as u32)).expect("answers are text").to_owned()
    }
}
