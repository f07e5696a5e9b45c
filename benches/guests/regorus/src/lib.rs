//! regorus in WebAssembly, in two forms: its virtual machine and its interpreter, each kept between requests.

use std::cell::RefCell;

use regorus::languages::rego::compiler::Compiler;
use regorus::rvm::vm::RegoVM;
use regorus::{Engine, Value};

const ENTRY: &str = "data.portcullis.allow";

enum Form {
    Machine(Box<RegoVM>),
    Interpreter(Box<Engine>),
}

struct State {
    form: Form,
    inputs: Vec<Value>,
}

thread_local! {
    static STATE: RefCell<Option<State>> = const { RefCell::new(None) };
}

/// Where the host writes.
#[unsafe(no_mangle)]
pub extern "C" fn guest_input(length: usize) -> *mut u8 {
    shared::input(length)
}

/// Where the last answer is.
#[unsafe(no_mangle)]
pub extern "C" fn guest_answer() -> u64 {
    shared::answer()
}

/// Reads a policy and its data, an object of `text` and `data`. Form 0 is the machine, 1 the interpreter.
#[unsafe(no_mangle)]
pub extern "C" fn guest_load(form: i32, length: usize) -> i32 {
    shared::with_input(length, |json| {
        let policy = value(json)?;
        let text = policy["text"].as_string().map_err(|error| error.to_string())?.to_string();
        let mut interpreter = Engine::new();
        interpreter.add_policy("policy.rego".to_owned(), text).map_err(|error| error.to_string())?;
        interpreter.add_data(policy["data"].clone()).map_err(|error| error.to_string())?;
        let form = match form {
            0 => Form::Machine(Box::new(machine(interpreter, policy["data"].clone())?)),
            _ => Form::Interpreter(Box::new(interpreter)),
        };
        STATE.set(Some(State { form, inputs: Vec::new() }));
        Ok(0)
    })
}

/// Keeps an input, and returns its number.
#[unsafe(no_mangle)]
pub extern "C" fn guest_prepare(length: usize) -> i32 {
    shared::with_input(length, |json| {
        let input = value(json)?;
        with_state(|state| {
            state.inputs.push(input);
            Ok(state.inputs.len() as i32 - 1)
        })
    })
}

/// Decides an input that was kept: 1 if it is permitted.
#[unsafe(no_mangle)]
pub extern "C" fn guest_decide_prepared(number: usize) -> i32 {
    shared::code(with_state(|state| {
        let input = state.inputs[number].clone();
        Ok((state.evaluate(input)? == Value::from(true)).into())
    }))
}

/// Decides an input of JSON: 1 if it is permitted.
#[unsafe(no_mangle)]
pub extern "C" fn guest_decide(length: usize) -> i32 {
    shared::with_input(length, |json| {
        let input = value(json)?;
        with_state(|state| Ok((state.evaluate(input)? == Value::from(true)).into()))
    })
}

/// From JSON to JSON: returns the length of the answer.
#[unsafe(no_mangle)]
pub extern "C" fn guest_decide_json(length: usize) -> i32 {
    shared::with_input(length, |json| {
        let input = value(json)?;
        let answer = with_state(|state| state.evaluate(input))?;
        Ok(shared::keep(answer.to_json_str().map_err(|error| error.to_string())?))
    })
}

impl State {
    fn evaluate(&mut self, input: Value) -> Result<Value, String> {
        match &mut self.form {
            Form::Machine(machine) => {
                machine.set_input(input);
                machine.execute().map_err(|error| error.to_string())
            }
            Form::Interpreter(interpreter) => {
                interpreter.set_input(input);
                interpreter.eval_rule(ENTRY.to_owned()).map_err(|error| error.to_string())
            }
        }
    }
}

fn with_state<T>(work: impl FnOnce(&mut State) -> Result<T, String>) -> Result<T, String> {
    STATE.with_borrow_mut(|state| work(state.as_mut().ok_or("no policy is loaded")?))
}

fn value(json: &str) -> Result<Value, String> {
    Value::from_json_str(json).map_err(|error| error.to_string())
}

fn machine(mut interpreter: Engine, data: Value) -> Result<RegoVM, String> {
    let compiled = interpreter.compile_with_entrypoint(&ENTRY.into()).map_err(|error| error.to_string())?;
    let program = Compiler::compile_from_policy(&compiled, &[ENTRY]).map_err(|error| error.to_string())?;
    let mut machine = RegoVM::new();
    machine.load_program(program);
    // Its limit is smaller than a scan of many rules.
    machine.set_max_instructions(usize::MAX);
    machine.set_data(data).map_err(|error| error.to_string())?;
    Ok(machine)
}
