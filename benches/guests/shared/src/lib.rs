//! How a host and a guest hand each other text. The host asks for the [`input`] area, writes there and calls; what a
//! guest answers stays where it is until the next call.

use std::cell::RefCell;

thread_local! {
    static INPUT: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
    static ANSWER: RefCell<String> = const { RefCell::new(String::new()) };
}

/// What a call returns that failed; the [`answer`] then says why.
pub const FAILED: i32 = -1;

/// The address of an area of at least that many bytes.
pub fn input(length: usize) -> *mut u8 {
    INPUT.with_borrow_mut(|input| {
        if input.len() < length {
            input.resize(length, 0);
        }
        input.as_mut_ptr()
    })
}

/// Does `work` with the first bytes of the input area, as text, and returns [`FAILED`] if that fails.
pub fn with_input(length: usize, work: impl FnOnce(&str) -> Result<i32, String>) -> i32 {
    code(INPUT.with_borrow(|input| work(str::from_utf8(&input[..length]).map_err(|error| error.to_string())?)))
}

/// What the host is told of a result.
pub fn code(done: Result<i32, String>) -> i32 {
    done.unwrap_or_else(|error| {
        keep(error);
        FAILED
    })
}

/// Keeps an answer for the host, and returns its length.
pub fn keep(answer: String) -> i32 {
    let length = i32::try_from(answer.len()).expect("an answer is short");
    ANSWER.set(answer);
    length
}

/// The address of the last answer that was kept, and its length in the lower half.
pub fn answer() -> u64 {
    ANSWER.with_borrow(|answer| (answer.as_ptr() as u64) << 32 | answer.len() as u64)
}
