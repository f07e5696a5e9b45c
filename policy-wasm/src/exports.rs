//! The boundary: what a host calls.

#![expect(unsafe_code, reason = "functions are exported by name")]

use core::cell::RefCell;

use crate::session::Session;
use crate::status::Status;
use crate::{ABI, baked, memory};

/// The policy language that it decides by.
const LANGUAGE: i32 = 1;

/// What a module without threads keeps in a static.
struct Only<T>(T);

// SAFETY: the module is compiled without threads, and its memory is not shared.
unsafe impl<T> Sync for Only<T> {}

static SESSION: Only<RefCell<Session>> = Only(RefCell::new(Session::new()));

/// Where the last result lies. Hosts read it after each call.
#[repr(C)]
struct Record {
    address: *const u8,
    length: usize,
}

static RESULT: Only<RefCell<Record>> = Only(RefCell::new(Record { address: core::ptr::null(), length: 0 }));

/// Runs one call: forgets the one before, and shows the result.
fn call(work: impl FnOnce(&mut Session) -> Result<(), Status>) -> i32 {
    // A call that was cut off by a trap still holds it.
    let Ok(mut session) = SESSION.0.try_borrow_mut() else { return Status::Poisoned as i32 };
    session.begin();
    show(&[]);
    memory::begin_call();
    let status = with_baked(&mut session).and_then(|()| work(&mut session));
    show(session.result());
    match status {
        Ok(()) => Status::Done as i32,
        Err(status) => status as i32,
    }
}

fn with_baked(session: &mut Session) -> Result<(), Status> {
    if !session.has_policy()
        && let Some(policy) = baked()
    {
        session.set_policy(policy.map_err(|error| Status::from(&error))?);
    }
    Ok(())
}

fn show(result: &[u8]) {
    if let Ok(mut record) = RESULT.0.try_borrow_mut() {
        *record = Record { address: result.as_ptr(), length: result.len() };
    }
}

/// The version of this interface: the major one times 65,536 and the minor one.
#[unsafe(no_mangle)]
extern "C" fn portcullis_abi() -> i32 {
    i32::from(ABI.0) << 16 | i32::from(ABI.1)
}

/// The version of the policy language.
#[unsafe(no_mangle)]
extern "C" fn portcullis_language() -> i32 {
    LANGUAGE
}

/// After a trap: 1 if it was memory that ran out, 0 if it was a bug of the module.
#[unsafe(no_mangle)]
extern "C" fn portcullis_fault() -> i32 {
    // Only a call that was cut off still holds it.
    i32::from(SESSION.0.try_borrow().is_err() && memory::ran_out())
}

/// The address of the record of the last result, the same for the life of the instance: two numbers of four bytes,
/// little-endian, the result's address and its length.
#[unsafe(no_mangle)]
extern "C" fn portcullis_result() -> *const Record {
    RESULT.0.as_ptr()
}

/// The address of the input area, with room for at least `length` bytes; 0 where there is no memory for it.
#[unsafe(no_mangle)]
extern "C" fn portcullis_input(length: u32) -> *mut u8 {
    let mut address = core::ptr::null_mut();
    call(|session| {
        address = session.room(length as usize)?.as_mut_ptr();
        memory::keep();
        Ok(())
    });
    address
}

/// Loads the bundle in the input area.
#[unsafe(no_mangle)]
extern "C" fn portcullis_load(length: u32) -> i32 {
    let status = call(|session| session.load(length as usize));
    memory::keep();
    status
}

/// Decides the invocation in the input area: compact form in, compact verdict out.
#[unsafe(no_mangle)]
extern "C" fn portcullis_decide(length: u32) -> i32 {
    call(|session| session.decide(length as usize))
}

/// Decides the invocation in the input area: JSON in, the whole decision as JSON out.
#[unsafe(no_mangle)]
extern "C" fn portcullis_decide_json(length: u32) -> i32 {
    call(|session| session.decide_json(length as usize))
}

/// Says which claims the rules of the account look at that the invocation in the input area asks about: JSON in, JSON out.
#[unsafe(no_mangle)]
extern "C" fn portcullis_claims(length: u32) -> i32 {
    call(|session| session.claims(length as usize))
}

/// SHA-256 of what is in the input area.
#[unsafe(no_mangle)]
extern "C" fn portcullis_digest(length: u32) -> i32 {
    call(|session| session.digest(length as usize))
}

/// Checks the policy files in the input area: the diagnostics as JSON out.
#[cfg(feature = "author")]
#[unsafe(no_mangle)]
extern "C" fn portcullis_check(length: u32) -> i32 {
    call(|session| session.check(length as usize))
}

/// Compiles the policy files in the input area: a bundle out, or, with [`Status::InvalidPolicy`], the diagnostics as JSON.
#[cfg(feature = "author")]
#[unsafe(no_mangle)]
extern "C" fn portcullis_compile(length: u32) -> i32 {
    call(|session| session.compile(length as usize))
}

/// Formats the text in the input area: the text out, or, with [`Status::InvalidPolicy`], the diagnostics as JSON.
#[cfg(feature = "author")]
#[unsafe(no_mangle)]
extern "C" fn portcullis_format(length: u32) -> i32 {
    call(|session| session.format(length as usize))
}

/// The names of the environment variables that are read, as JSON out.
#[cfg(feature = "feedback")]
#[unsafe(no_mangle)]
extern "C" fn portcullis_variables() -> i32 {
    call(|session| {
        session.variables();
        Ok(())
    })
}

/// Makes an invocation of what a CI job says: JSON in, JSON out.
#[cfg(feature = "feedback")]
#[unsafe(no_mangle)]
extern "C" fn portcullis_invocation(length: u32) -> i32 {
    call(|session| session.invocation(length as usize))
}

/// Makes of a decision what a CI job shows: JSON in, JSON out.
#[cfg(feature = "feedback")]
#[unsafe(no_mangle)]
extern "C" fn portcullis_report(length: u32) -> i32 {
    call(|session| session.report(length as usize))
}
