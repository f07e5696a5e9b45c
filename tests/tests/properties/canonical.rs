//! Section 7: canonical forms are total, idempotent, and never hold what hides, splits or climbs.

use policy_core::canonical::{CommitId, FullRef, Issuer, Principal, RepositoryId, UnitPath};

use crate::choices::Choices;
use crate::runner;

/// Good texts of each kind, which are then damaged.
const GOOD: &[&str] = &[
    "github.com/Acme/live.git",
    "https://user@git.acme.example:8443/a/b.git/",
    "ssh://git@host.example:22/a/b",
    "git@host.example:a/b",
    "localhost/x",
    "host.example:443/a",
    "https://git:8443/Acme/x",
    "https://acme@dev.azure.com/Acme/My%20Project/_git/live",
    "ssh://git@ssh.github.com:443/acme/live",
    "codecommit::eu-west-1://ci@live.git",
    "refs/heads/main",
    "refs/heads/feature/x-1",
    "refs/tags/v1.0",
    "refs/pull/12/head",
    "refs/merge-requests/3/train",
    "refs/pull-requests/4/from",
    "0123456789abcdef0123456789abcdef01234567",
    "prod/eu-west-1/app",
    ".",
    "caf\u{e9}/b",
    "arn:aws:iam::111111111111:role/a/b/ci",
    "arn:aws:sts::111111111111:assumed-role/ci/run-1",
    "arn:aws-us-gov:iam::111111111111:user/team/ana",
    "arn:aws:iam::111111111111:root",
    "local:user/ana",
    "https://token.example:8443/a/b%20c",
];

const PIECES: &[&str] = &[
    "/",
    "..",
    "-",
    ".",
    ":",
    "@",
    "%",
    "\\",
    "\u{0}",
    "\n",
    "\u{7f}",
    "\u{85}",
    "\u{200b}",
    "\u{202e}",
    "\u{ad}",
    "\u{feff}",
    "e\u{301}",
    "\u{e9}",
    " ",
    "~",
    "^",
    "@{",
    ".lock",
    ".git",
    "A",
    "0",
    "//",
    "refs/",
    "%20",
    "www.",
    "https://",
    "\u{e0001}",
    "\u{600}",
    "*",
    "[",
    "?",
    "#",
    "\u{fb01}",
    "\u{212b}",
];

fn text(choices: &mut Choices<'_>) -> String {
    let mut text = choices.pick(GOOD).to_owned();
    for _ in 0..choices.below(4) {
        let places: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
        let at = places[choices.below(places.len())];
        match choices.below(3) {
            0 => text.insert_str(at, choices.pick(PIECES)),
            1 if at < text.len() => drop(text.remove(at)),
            _ => text.truncate(at),
        }
    }
    text
}

/// Reads one kind; the canonical form of what is accepted.
type Read = fn(&str) -> Option<String>;

const KINDS: &[(&str, Read)] = &[
    ("repository", |text| Some(RepositoryId::parse(text).ok()?.as_str().to_owned())),
    ("ref", |text| Some(FullRef::parse(text).ok()?.as_str().to_owned())),
    ("commit", |text| Some(CommitId::parse(text).ok()?.as_str().to_owned())),
    ("path", |text| Some(UnitPath::parse(text).ok()?.as_str().to_owned())),
    ("principal", |text| Some(Principal::parse(text).ok()?.principal().to_owned())),
    ("issuer", |text| Some(Issuer::parse(text).ok()?.as_str().to_owned())),
];

/// Whether an identity cannot be written without a scheme: its port is one that a scheme would drop, or its host is one
/// label.
fn needs_scheme(identity: &str) -> bool {
    let place = identity.split('/').next().unwrap_or_default();
    let (host, port) = place.split_once(':').unwrap_or((place, ""));
    matches!(port, "22" | "443") || !host.contains('.')
}

/// Some of the format characters (Cf) that texts on a screen hide.
const HIDDEN: &[char] = &['\u{ad}', '\u{200b}', '\u{202e}', '\u{feff}', '\u{600}', '\u{e0001}'];

#[test]
fn canonical_forms_are_total_idempotent_and_harmless() {
    runner::holds(500, |_, second| {
        let mut choices = Choices::new(second);
        for _ in 0..12 {
            let text = text(&mut choices);
            for (kind, read) in KINDS {
                let Some(form) = read(&text) else { continue };
                // An issuer is compared byte for byte and never walked: C6 gives its path no other rule than its alphabet.
                let climbs = *kind != "issuer" && form.split('/').any(|segment| segment == "..");
                let option = form.split('/').any(|segment| segment.starts_with('-'));
                let dashes = option && matches!(*kind, "path" | "ref" | "repository");
                let hides = text.contains(HIDDEN) || text.chars().any(char::is_control) || text.contains('\\');
                let again = read(&form);
                // C1: an identity that holds what only a scheme tells (a port, a host of one label) reads as nothing.
                let itself =
                    again.as_ref() == Some(&form) || *kind == "repository" && again.is_none() && needs_scheme(&form);
                if !itself || climbs || dashes || hides || form.starts_with('-') {
                    return Err(format!("the {kind} {text:?} became {form:?}"));
                }
                // C2 to C6 know one spelling of each thing; a role's path and session are set aside.
                if !matches!(*kind, "repository" | "principal") && form != text {
                    return Err(format!("the {kind} {text:?} became {form:?}"));
                }
            }
        }
        Ok(())
    });
}

/// What is random all through is read without a panic.
#[test]
fn any_text_is_read() {
    let texts = proptest::prelude::any::<String>();
    runner::holds_for(2_000, &texts, |text| {
        let accepted = KINDS.iter().filter_map(|(_, read)| read(&text));
        let again =
            |form: &String| needs_scheme(form) || KINDS.iter().any(|(_, read)| read(form).as_ref() == Some(form));
        if accepted.clone().all(|form| again(&form)) { Ok(()) } else { Err(format!("{text:?}")) }
    });
}
