//! What the formatter makes of a text reads the same by a parser that is not ours, and is a text that it leaves alone.

use policy_core::format::{FormatError, format};

use crate::generate::Random;
use crate::{collect, ours, theirs};

/// Formats `text` if it is HCL, and says whether it is.
fn holds(text: &str, name: &str) -> bool {
    let after = match format(text) {
        Ok(after) => after,
        Err(FormatError::NotHcl(_)) => return false,
        Err(FormatError::Bug(what)) => panic!("{name}: changes {what}:\n{text}"),
    };
    assert_eq!(format(&after).as_ref(), Ok(&after), "{name}, a second time:\n{text}");
    let before = text.strip_prefix('\u{feff}').unwrap_or(text);
    assert_eq!(ours::read(before).ok(), ours::read(&after).ok(), "{name}:\n{text}\n{after}");
    // What they refuse for a reason of their own tells nothing.
    if let Some(theirs) = theirs::read(before) {
        assert_eq!(Some(theirs), theirs::read(&after), "{name}:\n{text}\n{after}");
    }
    // What stands in heredocs, templates and comments is not laid out.
    if !["<<", "${", "%{", "/*"].iter().any(|mark| after.contains(mark)) {
        let blanks_at_ends = after.lines().any(|line| line.ends_with([' ', '\t', '\r']));
        assert!(!blanks_at_ends && !after.contains("\n\n\n") && !after.starts_with('\n'), "{name}:\n{after:?}");
    }
    assert!(after.is_empty() || (after.ends_with('\n') && !after.ends_with("\n\n")), "{name}:\n{after:?}");
    true
}

#[test]
fn random_documents_say_the_same_when_they_are_formatted() {
    let seed = workspace_tests::seed();
    let mut accepted = 0;
    for number in 0..6_000_u64 * workspace_tests::soak() {
        let text = Random::new(seed.wrapping_add(number)).document();
        accepted += u64::from(holds(&text, &format!("seed {seed}, document {number}")));
    }
    assert!(accepted > 1_000, "the generator makes too few documents that are HCL: {accepted}");
}

#[test]
fn damaged_documents_say_the_same_or_are_refused() {
    let seed = workspace_tests::seed();
    let mut accepted = 0;
    for number in 0..6_000_u64 * workspace_tests::soak() {
        let mut random = Random::plain(seed.wrapping_add(number));
        let text = random.document();
        let text = random.damage(&text);
        accepted += u64::from(holds(&text, &format!("seed {seed}, document {number}")));
    }
    assert!(accepted > 100, "the damage does too much: {accepted}");
}

/// What is awkward to lay out, and may stand at many places.
const ODD: &[&str] = &[
    "/* c */",
    "/* c \n  d */",
    "# c\n",
    " // c \r\n",
    "\n",
    "\n\n\n",
    "\t",
    " ",
    "\r\n",
    "-",
    "!",
    " . ",
    " .1",
    "[0]",
    "(",
    ",",
    "<<E\n  x ${a} \n\n E\n",
    "<<-E\n\t x\r\n  y\nE\n",
    " for ",
    " in ",
    " if ",
    "...",
    "\"${\n a\n}\"",
    "\u{e9}",
];

#[test]
fn documents_with_something_odd_in_them_say_the_same_or_are_refused() {
    let seed = workspace_tests::seed();
    let mut accepted = 0;
    for number in 0..20_000_u64 * workspace_tests::soak() {
        let mut text = Random::new(seed.wrapping_add(number)).document();
        for turn in 1..=2 {
            let chance = seed.wrapping_add(number).wrapping_mul(0x9E37_79B9_7F4A_7C15_u64.wrapping_mul(turn)) >> 33;
            let chance = usize::try_from(chance).expect("31 bits");
            let at = text.floor_char_boundary(chance % (text.len() + 1));
            text.insert_str(at, ODD[chance / 7 % ODD.len()]);
        }
        accepted += u64::from(holds(&text, &format!("seed {seed}, document {number}")));
    }
    assert!(accepted > 2_000, "what is odd is refused too often: {accepted}");
}

#[test]
fn every_policy_file_of_the_corpus_says_the_same_when_it_is_formatted() {
    let mut files = Vec::new();
    collect(&workspace_tests::root().join("fixtures"), &mut files);
    let texts = files.iter().filter_map(|file| Some((file, String::from_utf8(std::fs::read(file).ok()?).ok()?)));
    let formatted = texts.filter(|(file, text)| holds(text, &workspace_tests::shown(file))).count();
    assert!(formatted > 700, "{formatted} files");
}
