//! A real bundle with some of its words changed, and the check sum put right: it is refused, or decides and explains
//! without a panic, without end, and without more room than it should. Or any bytes at all.

#![no_main]

use arbitrary::{Arbitrary, Unstructured};
use libfuzzer_sys::fuzz_target;
use policy_core::bundle::{Policy, seal};
use portcullis_fuzz::ESTATES;

/// Requests asked of what loads.
const REQUESTS: usize = 6;
const CHANGES: usize = 24;
/// Where the parts of the header begin that the check sum covers.
const CHECKED: usize = 32;

/// What a word becomes.
#[derive(Arbitrary)]
enum Change {
    To(u32),
    By(i8),
    /// The word at another place of the bundle.
    As(u16),
    Length(i8),
    Bit(u8),
    Byte(u8),
}

fuzz_target!(|input: &[u8]| {
    let mut choices = Unstructured::new(input);
    let Ok(number) = choices.arbitrary::<u8>() else { return };
    let real = &ESTATES[usize::from(number) % ESTATES.len()];
    if number == u8::MAX {
        let _ = Policy::load(choices.take_rest());
        return;
    }
    let mut bytes = real.policy.bytes().to_vec();
    for _ in 0..CHANGES {
        let (Ok(at), Ok(change)) = (choices.arbitrary::<u16>(), choices.arbitrary::<Change>()) else { break };
        let places = bytes.len() - CHECKED - 3;
        apply(&mut bytes, CHECKED + usize::from(at) % places, &change);
    }
    seal(&mut bytes);
    let Ok(policy) = Policy::load(bytes) else { return };
    let step = (real.requests.len() / REQUESTS).max(1);
    for request in real.requests.iter().step_by(step) {
        let request = serde_json::to_vec(request).expect("a request is JSON");
        let (decided, explained) = (policy.decide_json(&request), policy.explain_json(&request));
        std::hint::black_box((decided, explained.to_json()));
    }
    for account in policy.accounts() {
        std::hint::black_box((account.name(), account.id(), account.policy()));
    }
});

fn word(bytes: &[u8], at: usize) -> u32 {
    u32::from_le_bytes(bytes[at..at + 4].try_into().expect("four bytes"))
}

fn apply(bytes: &mut [u8], at: usize, change: &Change) {
    let (is, length) = (word(bytes, at), u32::try_from(bytes.len()).expect("a small bundle"));
    let becomes = match *change {
        Change::To(word) => word,
        Change::By(distance) => is.wrapping_add_signed(distance.into()),
        Change::As(other) => word(bytes, usize::from(other) % (bytes.len() - 3)),
        Change::Length(distance) => length.wrapping_add_signed(distance.into()),
        Change::Bit(bit) => is ^ 1 << (bit % 32),
        Change::Byte(byte) => is & !0xff | u32::from(byte),
    };
    bytes[at..at + 4].copy_from_slice(&becomes.to_le_bytes());
}
