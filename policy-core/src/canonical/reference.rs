//! Refs (C2).

use alloc::borrow::ToOwned;
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;
use core::fmt;

use super::commit::{is_commit_id, is_hexadecimal, resembles_commit_id};
use super::{CommitId, Malformed, shown};
use crate::prose::say;
use crate::text::{is_control, is_format, is_nfc, parts};

/// Bytes of a text for which other spellings are offered: what is longer was not meant as a short name.
const SHORT_NAME_BYTES: usize = 128;

/// A ref in full, or the id of a commit (C2).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FullRef(String);

impl FullRef {
    /// Reads `refs/heads/…`, `refs/tags/…`, `refs/pull/N/head|merge`, `refs/merge-requests/N/head|merge|train`,
    /// `refs/pull-requests/N/from|merge` or the id of a commit.
    ///
    /// # Errors
    /// Every other text; for a short name the help gives the spellings that it could mean (C2).
    pub fn parse(text: &str) -> Result<Self, Malformed> {
        Self::check(text)?;
        Ok(Self(text.to_owned()))
    }

    /// Whether a text is a ref, as [`parse`](Self::parse) says.
    pub(crate) fn check(text: &str) -> Result<(), Malformed> {
        check(text).map_err(|why| Malformed::new(why).of(text, "a full ref").help_by(|| help(text)))
    }

    /// The same, without a sentence about what is none.
    #[cfg(feature = "author")]
    pub(crate) fn is_one(text: &str) -> bool {
        check(text).is_ok()
    }

    /// Why a text is no ref, in a sentence that does not repeat it.
    #[cfg(feature = "author")]
    pub(crate) fn flaw(text: &str) -> Option<&'static str> {
        check(text).err()
    }

    /// The ref in full.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The name of the branch, if it is one.
    pub fn branch(&self) -> Option<&str> {
        self.0.strip_prefix("refs/heads/")
    }

    /// The name of the tag, if it is one.
    pub fn tag(&self) -> Option<&str> {
        self.0.strip_prefix("refs/tags/")
    }

    /// Whether it is one of the refs of a pull or merge request (P6).
    pub fn is_pull_request(&self) -> bool {
        is_pull_request(&self.0)
    }

    /// Whether it is the id of a commit.
    pub fn is_commit_id(&self) -> bool {
        is_commit_id(&self.0)
    }

    /// The commit, if it is the id of one.
    pub fn commit_id(&self) -> Option<CommitId> {
        CommitId::parse(&self.0).ok()
    }
}

impl fmt::Display for FullRef {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

fn check(text: &str) -> Result<(), &'static str> {
    if is_commit_id(text) || is_pull_request(text) {
        return Ok(());
    }
    match text.strip_prefix("refs/heads/").or_else(|| text.strip_prefix("refs/tags/")) {
        Some(name) => check_name(name),
        None => Err("it is neither a branch, a tag or a pull request written in full, nor a commit"),
    }
}

/// Where servers keep the refs of pull and merge requests, and what they call them (P6).
const REQUESTS: [(&str, &[&str]); 3] = [
    ("refs/pull/", &["/head", "/merge"]),
    ("refs/merge-requests/", &["/head", "/merge", "/train"]),
    ("refs/pull-requests/", &["/from", "/merge"]),
];

fn is_pull_request(text: &str) -> bool {
    let of = |(start, ends): &(&str, &[&str])| {
        let rest = text.strip_prefix(start)?;
        ends.iter().find_map(|end| rest.strip_suffix(end))
    };
    REQUESTS.iter().find_map(of).is_some_and(is_request_number)
}

/// `[1-9][0-9]*`.
fn is_request_number(text: &str) -> bool {
    !text.is_empty() && !text.starts_with('0') && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// What git asks of the name of a branch or tag, and what C2 asks beyond.
fn check_name(name: &str) -> Result<(), &'static str> {
    if name == "@" {
        return Err("`@` alone is not a name");
    }
    if name.starts_with("refs/") {
        return Err("it begins with `refs/` twice");
    }
    let bytes = name.as_bytes();
    if bytes.windows(2).any(|pair| pair == b".." || pair == b"@{") {
        return Err("a name has no `..` and no `@{`");
    }
    if bytes.iter().any(|byte| matches!(byte, b'\\' | b'~' | b'^' | b':' | b'?' | b'*' | b'[' | b' ')) {
        return Err("a name has no space and none of `\\~^:?*[`");
    }
    let plain = bytes.iter().all(|byte| matches!(byte, 0x20..0x7f));
    if !plain && name.chars().any(|character| is_control(character) || is_format(character)) {
        return Err("a name has no control and no format characters");
    }
    for segment in parts(name, b'/') {
        if segment.is_empty() {
            return Err("no segment of a name is empty");
        }
        if segment.starts_with(['.', '-']) || segment.strip_suffix(".lock").is_some() {
            return Err("no segment of a name begins with `.` or `-` or ends with `.lock`");
        }
    }
    if name.ends_with('.') {
        return Err("a name does not end with `.`");
    }
    if !is_nfc(name) {
        return Err("it is not in Unicode normalisation form C");
    }
    if resembles_commit_id(name) {
        return Err("a name that looks like a commit is not allowed");
    }
    Ok(())
}

/// The full spellings that `text` could mean, most likely first.
fn help(text: &str) -> Option<String> {
    if text.len() > SHORT_NAME_BYTES {
        return None;
    }
    if matches!(text, "HEAD" | "@" | "FETCH_HEAD") {
        return Some("write the branch, as in `refs/heads/main`, or the commit".to_owned());
    }
    let mut spellings: Vec<String> = candidates(text);
    spellings.retain(|spelling| check(spelling).is_ok());
    let hash = is_hexadecimal(text) && (4..64).contains(&text.len()) && !resembles_commit_id(text);
    let mut words: Vec<String> = spellings.iter().map(|spelling| say("`{}`", &[&shown(spelling)])).collect();
    if hash {
        words.push("all 40 or 64 digits of the commit".to_owned());
    }
    let (last, rest) = words.split_last()?;
    Some(if rest.is_empty() { say("write {}", &[last]) } else { say("write {} or {}", &[&rest.join(", "), last]) })
}

fn candidates(text: &str) -> Vec<String> {
    let lower = text.to_ascii_lowercase();
    if resembles_commit_id(text) {
        return vec![lower];
    }
    if let Some(tracked) = text.strip_prefix("refs/remotes/").and_then(|rest| rest.split_once('/')) {
        return vec![say("refs/heads/{}", &[tracked.1])];
    }
    if let Some(twice) = begins_twice(text) {
        return vec![twice.to_owned()];
    }
    if let Some((prefix, rest)) = text.split_at_checked(5).filter(|(prefix, _)| prefix.eq_ignore_ascii_case("refs/")) {
        let (kind, name) = rest.split_once('/').unwrap_or((rest, ""));
        return vec![say("{}{}/{}", &[&prefix.to_ascii_lowercase(), &kind.to_ascii_lowercase(), name])];
    }
    let mut all = Vec::new();
    if ["heads/", "tags/", "pull/", "merge-requests/", "pull-requests/"].iter().any(|start| text.starts_with(start)) {
        all.push(say("refs/{}", &[text]));
    }
    if let Some(name) = text.strip_prefix("origin/").or_else(|| text.strip_prefix("upstream/")) {
        all.push(say("refs/heads/{}", &[name]));
    }
    all.push(say("refs/heads/{}", &[text]));
    all.push(say("refs/tags/{}", &[text]));
    if let Some(number) = text.strip_prefix('#') {
        all.push(say("refs/pull/{}/head", &[number]));
    }
    if let Some(number) = text.strip_prefix('!') {
        all.push(say("refs/merge-requests/{}/head", &[number]));
    }
    all
}

/// What is behind `refs/heads/` or `refs/tags/`, where that is a ref in full again.
fn begins_twice(text: &str) -> Option<&str> {
    let name = text.strip_prefix("refs/heads/").or_else(|| text.strip_prefix("refs/tags/"))?;
    name.starts_with("refs/").then_some(name)
}

#[cfg(test)]
mod tests {
    use super::FullRef;

    const HASH: &str = "0123456789abcdef0123456789abcdef01234567";

    fn parse(text: &str) -> FullRef {
        FullRef::parse(text).unwrap()
    }

    #[test]
    fn full_refs_stay_as_they_are() {
        let long = format!("refs/heads/{}", "a/".repeat(100_000) + "b");
        let refs = [
            "refs/heads/main",
            "refs/heads/feature/x",
            "refs/heads/origin/main",
            "refs/heads/refs",
            "refs/heads/a/refs/heads/main",
            "refs/heads/Refs/heads/main",
            "refs/heads/a@b",
            "refs/heads/@/x",
            "refs/heads/x/@",
            "refs/heads/@@",
            "refs/heads/a.b",
            "refs/heads/a-b-",
            "refs/heads/é",
            "refs/heads/a{b}",
            "refs/heads/a]b",
            "refs/heads/x.lockx",
            "refs/heads/lock",
            "refs/heads/HEAD",
            "refs/heads/a;b$(id)`",
            "refs/heads/#7",
            "refs/heads/a.LOCK",
            "refs/heads/a./b",
            "refs/tags/v1.2",
            "refs/tags/main",
            "refs/tags/abc1234",
            "refs/heads/\u{a0}",
            &long,
        ];
        for text in refs {
            let reference = parse(text);
            assert_eq!((reference.as_str(), reference.to_string().as_str()), (text, text));
            assert!(!reference.is_commit_id() && !reference.is_pull_request() && reference.commit_id().is_none());
        }
    }

    #[test]
    fn kinds_are_told_apart() {
        let branch = parse("refs/heads/tags/x");
        assert_eq!((branch.branch(), branch.tag()), (Some("tags/x"), None));
        let tag = parse("refs/tags/v1");
        assert_eq!((tag.branch(), tag.tag()), (None, Some("v1")));
        for text in [
            "refs/pull/7/head",
            "refs/pull/10/merge",
            "refs/merge-requests/1/head",
            "refs/merge-requests/99/merge",
            "refs/merge-requests/3/train",
            "refs/pull-requests/4/from",
            "refs/pull-requests/5/merge",
        ] {
            let request = parse(text);
            assert!(request.is_pull_request() && !request.is_commit_id());
            assert_eq!((request.branch(), request.tag(), request.commit_id()), (None, None, None));
        }
        for text in [HASH.to_owned(), "f".repeat(64)] {
            let commit = parse(&text);
            assert!(commit.is_commit_id() && !commit.is_pull_request());
            assert_eq!(commit.commit_id().unwrap().as_str(), text);
            assert_eq!((commit.branch(), commit.tag()), (None, None));
        }
    }

    #[test]
    fn names_that_git_or_the_language_refuses_are_refused() {
        let bad = [
            "",
            "@",
            "a..b",
            "a/../x",
            "..",
            "a@{1}",
            "a\\b",
            "a~1",
            "a^",
            "a:b",
            "a?",
            "a*",
            "a[b",
            "a b",
            "a\n",
            "main\n",
            "a\0",
            "a\u{7f}",
            "a\u{85}",
            "a\u{200b}",
            "a\u{ad}b",
            "a\u{202e}b",
            "/a",
            "a/",
            "a//b",
            ".a",
            "a/.b",
            "-a",
            "a/-b",
            "-upload-pack=x",
            "a.lock",
            "a.lock/b",
            "a/b.lock",
            ".lock",
            "a.",
            "a/b.",
            ".",
            "e\u{301}",
            "refs/heads/main",
            "refs/tags/x",
            "refs/x",
            HASH,
            &"a".repeat(64),
            &"A".repeat(40),
            &"F".repeat(64),
        ];
        for name in bad {
            for kind in ["refs/heads/", "refs/tags/"] {
                assert!(FullRef::parse(&format!("{kind}{name}")).is_err(), "{kind}{name:?}");
            }
        }
        for length in [39, 41, 63, 65] {
            assert!(FullRef::parse(&format!("refs/heads/{}", "a".repeat(length))).is_ok());
        }
        assert!(FullRef::parse(&format!("refs/heads/x/{HASH}")).is_ok());
        assert!(FullRef::parse(&format!("refs/heads/{}", "g".repeat(40))).is_ok());
    }

    #[test]
    fn everything_else_is_refused() {
        let bad = [
            "",
            "main",
            "refs",
            "refs/",
            "refs/heads",
            "refs/main",
            "refs/notes/x",
            "refs/replace/x",
            "refs/remotes/origin/main",
            "refs/aaa/refs/heads/main",
            "Refs/Heads/main",
            "refs/Heads/main",
            "REFS/TAGS/x",
            "/refs/heads/main",
            " refs/heads/main",
            "refs/heads/../x",
            "refs/pull/0/head",
            "refs/pull/07/head",
            "refs/pull//head",
            "refs/pull/7",
            "refs/pull/7/",
            "refs/pull/7/Head",
            "refs/pull/7/head/x",
            "refs/pull/7a/head",
            "refs/pull/+7/head",
            "refs/pull/-7/head",
            "refs/pull/7/head\n",
            "refs/pull/x/7/head",
            "refs/pulls/7/head",
            "refs/pull/7/train",
            "refs/pull/7/from",
            "refs/merge-requests/7/from",
            "refs/merge-requests/07/train",
            "refs/pull-requests/7/head",
            "refs/pull-requests/0/from",
            "refs/pull-requests//from",
            "refs/merge-requests/0/head",
            "refs/merge-requests/7/base",
            "refs/pull/head",
            "abc1234",
            "HEAD",
            "@",
            "refs/pull/٧/head",
            "0123456789abcdef0123456789abcdef0123456",
            "0123456789abcdef0123456789abcdef012345678",
            "0123456789ABCDEF0123456789abcdef01234567",
            "0123456789abcdef0123456789abcdef0123456g",
        ];
        for text in bad {
            assert!(FullRef::parse(text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn the_help_gives_the_full_spellings() {
        let cases = [
            ("main", Some("write `refs/heads/main` or `refs/tags/main`")),
            ("v1.2", Some("write `refs/heads/v1.2` or `refs/tags/v1.2`")),
            ("origin/main", { Some("write `refs/heads/main`, `refs/heads/origin/main` or `refs/tags/origin/main`") }),
            ("upstream/x", Some("write `refs/heads/x`, `refs/heads/upstream/x` or `refs/tags/upstream/x`")),
            ("pull/7/head", { Some("write `refs/pull/7/head`, `refs/heads/pull/7/head` or `refs/tags/pull/7/head`") }),
            ("merge-requests/7/merge", {
                Some(
                    "write `refs/merge-requests/7/merge`, `refs/heads/merge-requests/7/merge` or `refs/tags/merge-requests/7/merge`",
                )
            }),
            ("pull-requests/7/from", {
                Some(
                    "write `refs/pull-requests/7/from`, `refs/heads/pull-requests/7/from` or `refs/tags/pull-requests/7/from`",
                )
            }),
            ("refs/heads/refs/heads/main", Some("write `refs/heads/main`")),
            ("refs/tags/refs/heads/main", Some("write `refs/heads/main`")),
            ("refs/heads/refs/main", None),
            ("heads/x", Some("write `refs/heads/x`, `refs/heads/heads/x` or `refs/tags/heads/x`")),
            ("tags/x", Some("write `refs/tags/x`, `refs/heads/tags/x` or `refs/tags/tags/x`")),
            ("abc1234", {
                Some("write `refs/heads/abc1234`, `refs/tags/abc1234` or all 40 or 64 digits of the commit")
            }),
            ("abc", Some("write `refs/heads/abc` or `refs/tags/abc`")),
            ("abcd", Some("write `refs/heads/abcd`, `refs/tags/abcd` or all 40 or 64 digits of the commit")),
            ("0123456789ABCDEF0123456789abcdef01234567", Some("write `0123456789abcdef0123456789abcdef01234567`")),
            ("refs/remotes/origin/a/b", Some("write `refs/heads/a/b`")),
            ("refs/remotes/origin", None),
            ("Refs/Heads/Main", Some("write `refs/heads/Main`")),
            ("refs/TAGS/x", Some("write `refs/tags/x`")),
            ("refs/notes/x", None),
            ("refs/heads", None),
            ("refs/heads/a b", None),
            ("#7", Some("write `refs/heads/#7`, `refs/tags/#7` or `refs/pull/7/head`")),
            ("!7", Some("write `refs/heads/!7`, `refs/tags/!7` or `refs/merge-requests/7/head`")),
            ("#x", Some("write `refs/heads/#x` or `refs/tags/#x`")),
            ("HEAD", Some("write the branch, as in `refs/heads/main`, or the commit")),
            ("@", Some("write the branch, as in `refs/heads/main`, or the commit")),
            ("main\n", None),
            ("-upload-pack=x", None),
            ("", None),
            ("ééé", Some("write `refs/heads/ééé` or `refs/tags/ééé`")),
        ];
        for (text, help) in cases {
            assert_eq!(FullRef::parse(text).unwrap_err().help.as_deref(), help, "{text:?}");
        }
        let hash = FullRef::parse(&"a".repeat(63)).unwrap_err().help.unwrap();
        assert!(hash.ends_with("or all 40 or 64 digits of the commit"), "{hash}");
        assert!(!FullRef::parse(&"a".repeat(65)).unwrap_err().help.unwrap().contains("digits"));
        assert!(FullRef::parse(&"x".repeat(128)).unwrap_err().help.is_some());
        assert!(FullRef::parse(&"x".repeat(129)).unwrap_err().help.is_none());
    }
}
