//! Paths of units (C3).

use alloc::borrow::ToOwned;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use super::Malformed;
use crate::limits::PATH_BYTES;
use crate::prose::{number, say};
use crate::text::{is_control, is_format, is_nfc, nfc, parts};

/// The folder of a unit in its repository, relative and `/`-separated; `.` is the repository's root (C3).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UnitPath(String);

impl UnitPath {
    /// Reads a path.
    ///
    /// # Errors
    /// Whatever C3 does not allow, with the path that was probably meant where there is one.
    pub fn parse(text: &str) -> Result<Self, Malformed> {
        Self::check(text)?;
        Ok(Self(text.to_owned()))
    }

    /// Whether a text is a path, as [`parse`](Self::parse) says.
    pub(crate) fn check(text: &str) -> Result<(), Malformed> {
        check(text).map_err(|flaw| flaw.malformed(text).of(text, "a path"))
    }

    /// The same, without a sentence about what is none.
    pub(crate) fn is_one(text: &str) -> bool {
        check(text).is_ok()
    }

    /// Why a text is no path, in a sentence that does not repeat it.
    #[cfg(feature = "author")]
    pub(crate) fn flaw(text: &str) -> Option<String> {
        check(text).err().map(|flaw| flaw.malformed(text).message)
    }

    /// The path.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it is the repository's root.
    pub fn is_root(&self) -> bool {
        self.0 == "."
    }
}

impl fmt::Display for UnitPath {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// What is wrong with a path. Whoever only asks whether there is something waits for no sentence about it.
enum Flaw {
    Empty,
    Long,
    Backslash,
    Hidden,
    Composition,
    Absolute,
    Ends,
    EmptySegment,
    Dot,
    Dots,
    Dash,
}

impl Flaw {
    fn malformed(&self, text: &str) -> Malformed {
        match self {
            Self::Empty => Malformed::new("it is empty").help("the repository's root is `.`"),
            Self::Long => {
                let (bytes, most) = (number(text.len()), number(PATH_BYTES));
                Malformed::new(say("it has {} bytes, and at most {} are allowed", &[&bytes, &most]))
            }
            Self::Backslash => Malformed::new("a `\\` is not allowed").help("separate folders by `/`"),
            Self::Hidden => Malformed::new("control and format characters are not allowed"),
            Self::Composition => {
                let help = || Some(say("write it in Unicode normalisation form C: `{}`", &[&nfc(text)]));
                Malformed::new("it is not in Unicode normalisation form C").help_by(help)
            }
            Self::Absolute => Malformed::new("it begins with `/`").help("write it relative to the repository's root"),
            Self::Ends => {
                Malformed::new("it ends with `/`").maybe(|| text.strip_suffix('/').unwrap_or(text).to_owned())
            }
            Self::EmptySegment => Malformed::new("`//` is not allowed").maybe(|| without(text, "")),
            Self::Dot => Malformed::new("the segment `.` is not allowed").maybe(|| without(text, ".")),
            Self::Dots => Malformed::new("the segment `..` is not allowed").help("write where it leads to"),
            Self::Dash => Malformed::new("no segment may begin with `-`"),
        }
    }
}

fn check(text: &str) -> Result<(), Flaw> {
    if text == "." {
        return Ok(());
    }
    if text.is_empty() {
        return Err(Flaw::Empty);
    }
    if text.len() > PATH_BYTES {
        return Err(Flaw::Long);
    }
    // Nearly all paths are of plain ASCII, and done here.
    if text.bytes().all(|byte| matches!(byte, 0x20..0x7f) && byte != b'\\') {
        return check_segments(text);
    }
    if text.contains('\\') {
        return Err(Flaw::Backslash);
    }
    if text.chars().any(|character| is_control(character) || is_format(character)) {
        return Err(Flaw::Hidden);
    }
    if !is_nfc(text) {
        return Err(Flaw::Composition);
    }
    check_segments(text)
}

fn check_segments(text: &str) -> Result<(), Flaw> {
    if text.starts_with('/') {
        return Err(Flaw::Absolute);
    }
    if text.ends_with('/') {
        return Err(Flaw::Ends);
    }
    for segment in parts(text, b'/') {
        match segment {
            "" => return Err(Flaw::EmptySegment),
            "." => return Err(Flaw::Dot),
            ".." => return Err(Flaw::Dots),
            _ if segment.starts_with('-') => return Err(Flaw::Dash),
            _ => {}
        }
    }
    Ok(())
}

/// `text` without the segments that equal `unwanted`.
fn without(text: &str, unwanted: &str) -> String {
    let segments: Vec<&str> = text.split('/').filter(|segment| *segment != unwanted).collect();
    segments.join("/")
}

impl Malformed {
    /// Offers `path`, if it is one.
    fn maybe(self, path: impl FnOnce() -> String) -> Self {
        self.help_by(|| {
            let path = path();
            check(&path).is_ok().then(|| say("write `{}`", &[&path]))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::UnitPath;

    #[test]
    fn canonical_paths_stay_as_they_are() {
        let longest = "a".repeat(4_096);
        let paths = [
            "prod",
            "prod/eu-west-1/app",
            "a;id>x;b",
            "$(id)",
            "`id`",
            "a b",
            "é",
            "...",
            ".terraform",
            "a/..b",
            "a/b-",
            "a..b",
            "x:y*?[]~^",
            "雪/山",
            "\u{a0}",
            &longest,
        ];
        for text in paths {
            let path = UnitPath::parse(text).unwrap();
            assert_eq!((path.as_str(), path.to_string().as_str()), (text, text));
            assert!(!path.is_root(), "{text}");
            assert_eq!(UnitPath::parse(path.as_str()).unwrap(), path);
        }
        assert!(UnitPath::parse(".").unwrap().is_root());
        assert_ne!(UnitPath::parse("prod"), UnitPath::parse("prod-eu"));
    }

    #[test]
    fn everything_else_is_refused() {
        let too_long = "a".repeat(4_097);
        let paths = [
            "",
            "/",
            "/prod",
            "prod/",
            "prod//x",
            "//",
            "./prod",
            "prod/.",
            "prod/./x",
            "prod/../dev",
            "..",
            "../x",
            "x/..",
            "-rf",
            "prod/-rf",
            "a\\b",
            "a\0b",
            "a\nb",
            "prod\n",
            "a\u{7f}",
            "a\u{85}",
            "a\u{200b}b",
            "a\u{202e}b",
            "\u{feff}a",
            "e\u{301}",
            "\u{212b}",
            "./",
            "./.",
            &too_long,
        ];
        for text in paths {
            assert!(UnitPath::parse(text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn the_length_is_counted_in_bytes() {
        assert!(UnitPath::parse(&"é".repeat(2_048)).is_ok());
        let message = UnitPath::parse(&"é".repeat(2_049)).unwrap_err().message;
        assert!(message.ends_with("it has 4098 bytes, and at most 4096 are allowed"), "{message}");
        assert!(UnitPath::parse(&"a/".repeat(1_000_000)).is_err());
    }

    #[test]
    fn the_help_is_what_was_meant() {
        let cases = [
            ("", Some("the repository's root is `.`")),
            ("a\\b", Some("separate folders by `/`")),
            ("e\u{301}", Some("write it in Unicode normalisation form C: `é`")),
            ("/prod", Some("write it relative to the repository's root")),
            ("prod/", Some("write `prod`")),
            ("./", Some("write `.`")),
            ("prod//", None),
            ("prod//x", Some("write `prod/x`")),
            ("./prod/./x", Some("write `prod/x`")),
            (".//x", None),
            ("prod/../dev", Some("write where it leads to")),
            ("-rf", None),
            ("a\n", None),
        ];
        for (text, help) in cases {
            assert_eq!(UnitPath::parse(text).unwrap_err().help.as_deref(), help, "{text:?}");
        }
    }
}
