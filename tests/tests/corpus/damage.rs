//! Bundles that were cut, flipped, lengthened or made up: refused by name, or harmless. Real ones, of the corpus.

use policy_core::bundle::{BundleError, Policy, seal};
use policy_core::compile::compile;

use crate::engines;
use crate::fixtures;

/// Where the header has what (`docs/bundle-format.md`).
const MAJOR: usize = 8;
const MINOR: usize = 10;
const LANGUAGE: usize = 12;
const FLAGS: usize = 32;
const NOTHING: usize = 44;
const SECTIONS: usize = 64;
const COUNT: usize = 22;
const HEADER: usize = SECTIONS + 8 * COUNT;
/// Requests asked of a bundle that loads after all.
const REQUESTS: usize = 5;
/// What a hostile bundle may make a decision allocate at once, beside some for each of its bytes.
const MOST_BYTES: u64 = 1 << 20;

/// A bundle of the corpus, and some of what is asked of it.
struct Real {
    name: String,
    bytes: Vec<u8>,
    requests: Vec<Vec<u8>>,
}

fn bundles() -> Vec<Real> {
    let real = fixtures::estates().into_iter().map(|estate| {
        let checked = engines::read(&estate.policy).estate.expect("the policy of a case checks");
        let bytes = compile(&checked, None).unwrap_or_else(|error| panic!("{}: {error}", estate.name)).bytes;
        let step = (estate.cases.len() / REQUESTS).max(1);
        let small = estate.cases.into_iter().map(|case| case.request).filter(|request| request.len() < 4_096);
        Real { name: estate.name, bytes, requests: small.step_by(step).collect() }
    });
    real.collect()
}

fn word(bytes: &[u8], at: usize) -> u32 {
    u32::from_le_bytes(bytes[at..at + 4].try_into().expect("four bytes"))
}

/// The same bytes with one word changed, and the check sum put right.
fn patched(bytes: &[u8], at: usize, word: u32) -> Vec<u8> {
    let mut patched = bytes.to_vec();
    patched[at..at + 4].copy_from_slice(&word.to_le_bytes());
    seal(&mut patched);
    patched
}

/// Loads what may be anything, and asks it; how it was refused. Whatever it decides, it ends and takes no more room than
/// it should.
fn asked(real: &Real, bytes: Vec<u8>, what: &str) -> Option<BundleError> {
    let most = MOST_BYTES + 16 * bytes.len() as u64;
    let mut refused = None;
    let used = allocation_counter::measure(|| match Policy::load(bytes) {
        Err(error) => refused = Some(error),
        Ok(policy) => {
            for request in &real.requests {
                let (decided, explained) = (policy.decide_json(request), policy.explain_json(request));
                std::hint::black_box((decided, explained.to_json()));
            }
            for account in policy.accounts() {
                std::hint::black_box((account.name(), account.id(), account.policy()));
            }
        }
    });
    assert!(used.bytes_max <= most, "{}, {what}: {} bytes", real.name, used.bytes_max);
    refused
}

#[test]
fn every_truncation_and_every_byte_too_many_is_refused() {
    for real in bundles() {
        for length in 0..real.bytes.len() {
            let error = Policy::load(&real.bytes[..length]).expect_err("a part of a bundle is none");
            let named = match length {
                0 => error == BundleError::NotABundle,
                _ => matches!(error, BundleError::Truncated { bytes, .. } if bytes == length),
            };
            assert!(named, "{}, {length} bytes: {error:?}", real.name);
        }
        for more in [1, 2, 8, 32, 4_096] {
            let mut bytes = real.bytes.clone();
            bytes.resize(real.bytes.len() + more, 0);
            let error = Policy::load(bytes.clone()).expect_err("a bundle and more is none");
            assert!(matches!(error, BundleError::TooLong { .. }), "{}, {more} more: {error:?}", real.name);
            seal(&mut bytes);
            assert!(Policy::load(bytes).is_err(), "{}, {more} more, sealed", real.name);
        }
    }
}

#[test]
fn every_flipped_bit_is_refused() {
    for real in bundles() {
        // All bits of small bundles; of larger ones those of every so many bytes, and the whole header.
        let step = if real.bytes.len() < 6_000 { 1 } else { 17 };
        let mut bytes = real.bytes.clone();
        for at in (0..HEADER).chain((HEADER..real.bytes.len()).step_by(step)) {
            for bit in 0..8 {
                bytes[at] ^= 1 << bit;
                assert!(Policy::load(&*bytes).is_err(), "{}: bit {bit} of byte {at}", real.name);
                bytes[at] ^= 1 << bit;
            }
        }
    }
}

#[test]
fn what_is_foreign_or_newer_is_refused_by_name() {
    for real in bundles() {
        let changed = |at: usize, value: &[u8]| {
            let mut bytes = real.bytes.clone();
            bytes[at..at + value.len()].copy_from_slice(value);
            seal(&mut bytes);
            Policy::load(bytes).expect_err("it is another thing").to_string()
        };
        assert_eq!(changed(0, b"PORTCULL"), "this is not a policy bundle");
        assert_eq!(changed(0, b"portclls"), "this is not a policy bundle");
        assert_eq!(changed(0, b"\x7fELF"), "this is not a policy bundle");
        for (at, major, minor) in [(MAJOR, 2, 0), (MAJOR, 0, 0), (MAJOR, 0xffff, 0), (MINOR, 1, 1), (MINOR, 1, 0xffff)]
        {
            let value: u16 = if at == MAJOR { major } else { minor };
            let version = format!("the bundle has format version {major}.{minor}; this program reads 1.0");
            assert_eq!(changed(at, &value.to_le_bytes()), version);
        }
        for language in [2_u32, 3, u32::MAX] {
            let said = changed(LANGUAGE, &language.to_le_bytes());
            assert!(said.starts_with(&format!("the bundle has language version {language}")), "{said}");
        }
        assert_eq!(changed(LANGUAGE, &[0; 4]), "the bundle is malformed in its header");
        assert_eq!(changed(FLAGS, &[0; 4]), "the bundle was not proved equal to its policy");
        assert_eq!(changed(NOTHING, &[1, 0, 0, 0]), "the bundle is malformed in its header");
        assert_eq!(changed(FLAGS, &[7; 4]), "the bundle is malformed in its header");
    }
}

/// The words of the header behind the check sum: where sections begin and end is told twice, and nothing is ignored.
#[test]
fn sections_that_lie_elsewhere_are_refused() {
    for real in bundles() {
        let length = u32::try_from(real.bytes.len()).expect("a small bundle");
        for at in (SECTIONS..HEADER).step_by(4) {
            let is = word(&real.bytes, at);
            for value in [0, 1, is ^ 1, is + 4, is.wrapping_sub(4), length, length + 1, 0x7fff_ffff, u32::MAX] {
                if value != is {
                    let error = asked(&real, patched(&real.bytes, at, value), "a section");
                    assert!(error.is_some(), "{}: {value} at {at} instead of {is}", real.name);
                }
            }
        }
        // Both of two neighbours, so that they fit together again.
        for section in 0..COUNT - 1 {
            let at = SECTIONS + 8 * section;
            let (size, next, next_size) =
                (word(&real.bytes, at + 4), word(&real.bytes, at + 8), word(&real.bytes, at + 12));
            for shift in [4_u32, 8, 20, size, next_size] {
                for (size, next, next_size) in [
                    (size.wrapping_add(shift), next.wrapping_add(shift), next_size.wrapping_sub(shift)),
                    (size.wrapping_sub(shift), next.wrapping_sub(shift), next_size.wrapping_add(shift)),
                ] {
                    let bytes = patched(&real.bytes, at + 4, size);
                    let bytes = patched(&bytes, at + 8, next);
                    asked(&real, patched(&bytes, at + 12, next_size), "two sections");
                }
            }
        }
    }
}

/// Every word of every section, and every place in the parts that are no words, by values that lead out of bounds.
#[test]
fn hostile_words_are_refused_or_harmless() {
    let [mut loaded, mut refused] = [0_u32; 2];
    for real in bundles() {
        let length = u32::try_from(real.bytes.len()).expect("a small bundle");
        // Of small bundles every byte begins a word once: states, sets and texts are not in rows of words.
        let step = if real.bytes.len() < 4_800 { 1 } else { 4 };
        for at in (FLAGS..HEADER).step_by(4).chain((HEADER..real.bytes.len() - 3).step_by(step)) {
            let is = word(&real.bytes, at);
            for value in [0, 1, is.wrapping_add(1), 0x7fff_ffff, u32::MAX, length - 1, length, length + 1] {
                match asked(&real, patched(&real.bytes, at, value), "a word") {
                    None => loaded += 1,
                    Some(BundleError::Malformed { .. } | BundleError::NotProved) => refused += 1,
                    Some(error) => panic!("{}: {value} at {at}: {error:?}", real.name),
                }
            }
        }
    }
    assert!(loaded > 10_000 && refused > 10_000, "{loaded} loaded, {refused} were refused");
}
