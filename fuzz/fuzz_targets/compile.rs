//! Whatever is a policy compiles, to a bundle that is proved equal to it, twice to the same bytes, and for each account
//! alone with the same digest; or is refused for its size. A bundle that cannot be proved is a bug.

#![no_main]

use libfuzzer_sys::fuzz_target;
use policy_core::bundle::Policy;
use policy_core::compile::{CompileError, compile, verify};
use policy_core::{PolicyFile, check};

/// What parts the input into files: it occurs in no policy.
const BETWEEN_FILES: u8 = 0xFF;
const FILES: usize = 4;

fuzz_target!(|input: &[u8]| {
    let files = input
        .splitn(FILES, |byte| *byte == BETWEEN_FILES)
        .enumerate()
        .map(|(number, bytes)| PolicyFile::new(format!("{number}.hcl"), bytes));
    let Some(estate) = check(files.collect()).estate else { return };
    let compiled = match compile(&estate, None) {
        Ok(compiled) => compiled,
        Err(CompileError::TooLarge { .. } | CompileError::Overflow) => return,
        Err(error) => panic!("{error}"),
    };
    let policy = Policy::load(compiled.bytes).expect("what was compiled loads");
    assert_eq!(policy.proof(), Some(compiled.proof));
    assert_eq!(policy.bytes(), compile(&estate, None).expect("it compiled once").bytes);
    assert_eq!(verify(&policy, &estate), Ok(compiled.proof));
    assert_eq!(policy.accounts().count(), estate.accounts.len());
    if let Some(account) = policy.accounts().next() {
        let alone = compile(&estate, Some(account.id())).expect("all of them compiled");
        let alone = Policy::load(alone.bytes).expect("what was compiled loads");
        let alone = alone.accounts().map(|account| account.policy()).collect::<Vec<_>>();
        assert_eq!(alone, [account.policy()]);
    }
});
