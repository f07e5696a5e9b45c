//! Section 7: whatever is accepted has a canonical form that is accepted as itself, and never one of the characters that
//! hide, split or climb. The first byte of the input says what is read.
#![no_main]

use libfuzzer_sys::fuzz_target;
use policy_core::canonical::{CommitId, FullRef, Issuer, Principal, RepositoryId, UnitPath};

fuzz_target!(|input: (u8, &str)| {
    let (kind, text) = input;
    match kind % 6 {
        0 => repository(text),
        1 => unchanged(text, |text| Some(FullRef::parse(text).ok()?.as_str().to_owned())),
        2 => unchanged(text, |text| Some(CommitId::parse(text).ok()?.as_str().to_owned())),
        3 => unchanged(text, |text| Some(UnitPath::parse(text).ok()?.as_str().to_owned())),
        4 => unchanged(text, |text| Some(Issuer::parse(text).ok()?.as_str().to_owned())),
        _ => principal(text),
    }
});

/// An identity is read as itself, or not at all where only a scheme tells what it holds: never as another.
fn repository(text: &str) {
    let Ok(found) = RepositoryId::parse(text) else { return };
    let place = found.as_str().split('/').next().unwrap_or_default();
    let (host, port) = place.split_once(':').unwrap_or((place, ""));
    match RepositoryId::parse(found.as_str()) {
        Ok(again) => assert_eq!(again, found, "{text:?}"),
        Err(_) => assert!(matches!(port, "22" | "443") || !host.contains('.'), "{text:?}"),
    }
    harmless(found.as_str());
}

/// These have one spelling: what is accepted is canonical already.
fn unchanged(text: &str, canonical: impl Fn(&str) -> Option<String>) {
    if let Some(form) = canonical(text) {
        assert_eq!(form, text);
        harmless(&form);
    }
}

/// The session of a role, and the path of a role or user, are set aside: what is left is a principal without either.
fn principal(text: &str) {
    let Ok(found) = Principal::parse(text) else { return };
    harmless(text);
    let again = Principal::parse(found.principal()).expect("the principal by itself is one");
    assert_eq!((again.principal(), again.session()), (found.principal(), ""), "{text:?}");
    assert!(found.session().is_empty() || text.ends_with(&format!("/{}", found.session())), "{text:?}");
}

fn harmless(form: &str) {
    assert!(!form.is_empty() && !form.starts_with('-') && form.len() <= 4096, "{form:?}");
    assert!(!form.chars().any(|character| character.is_control() || character == '\\'), "{form:?}");
    let hidden = |character| matches!(character, '\u{AD}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2064}' | '\u{FEFF}');
    assert!(!form.contains(hidden), "{form:?}");
    // An issuer is compared byte for byte and never walked: C6 gives its path no other rule than its alphabet.
    let climbs = !form.starts_with("https://") && form.split('/').any(|segment| segment == "..");
    assert!(!climbs, "{form:?}");
}
