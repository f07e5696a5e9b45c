//! Issuers of tokens (C6).

use alloc::borrow::ToOwned;
use alloc::string::String;
use core::fmt;

use super::{Malformed, port};
use crate::text::split_once;

/// The issuer of a token: `https://host[:port][/path]`, compared byte for byte (C6). Nothing is made canonical: a port of
/// 443 and capital letters stay, and differ.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Issuer(String);

impl Issuer {
    /// Reads an issuer.
    ///
    /// # Errors
    /// Anything but `https://host[:port][/path]` with the characters of C6.
    pub fn parse(text: &str) -> Result<Self, Malformed> {
        Self::check(text)?;
        Ok(Self(text.to_owned()))
    }

    /// Whether a text is an issuer, as [`parse`](Self::parse) says.
    pub(crate) fn check(text: &str) -> Result<(), Malformed> {
        check(text).map_err(|why| {
            Malformed::new(why)
                .of(text, "an issuer")
                .help("write `https://host[:port][/path]`, as in `https://token.actions.githubusercontent.com`")
        })
    }

    /// The issuer, as it was given.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Issuer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

fn check(text: &str) -> Result<(), &'static str> {
    let rest = text.strip_prefix("https://").ok_or("it does not begin with `https://`")?;
    let (authority, path) = split_once(rest, b'/').unwrap_or((rest, ""));
    let (host, digits) = match split_once(authority, b':') {
        Some((host, digits)) => (host, Some(digits)),
        None => (authority, None),
    };
    let of_host = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.');
    if host.is_empty() || !host.bytes().all(of_host) {
        return Err("its host is not of letters, digits, `-` and `.`");
    }
    if digits.is_some_and(|digits| port(digits).is_none()) {
        return Err("its port is not a number from 1 to 65535 without leading zero");
    }
    let of_path = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'~' | b'/' | b'%' | b'-');
    if !path.bytes().all(of_path) {
        return Err("its path has other characters than letters, digits and `._~/%-`");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::Issuer;

    #[test]
    fn issuers_stay_as_they_are() {
        let issuers = [
            "https://token.actions.githubusercontent.com",
            "https://gitlab.example.com:8443",
            "https://a:443",
            "https://a:65535/",
            "https://Host.Example/realms/x//y_~%2F.-0",
            "https://a/",
        ];
        for text in issuers {
            let issuer = Issuer::parse(text).unwrap();
            assert_eq!((issuer.as_str(), issuer.to_string().as_str()), (text, text));
        }
        assert_ne!(Issuer::parse("https://a"), Issuer::parse("https://a/"));
        assert_ne!(Issuer::parse("https://a"), Issuer::parse("https://a:443"));
        assert_ne!(Issuer::parse("https://a"), Issuer::parse("https://A"));
    }

    #[test]
    fn everything_else_is_refused() {
        let issuers = [
            "",
            "https://",
            "https:///x",
            "http://a",
            "HTTPS://a",
            "a.example",
            "https://:443",
            "https://a:",
            "https://a:0",
            "https://a:0443",
            "https://a:65536",
            "https://a:b",
            "https://a:1:2",
            "https://u@a",
            "https://a_b",
            "https://é.example",
            "https://a b",
            "https://a?x",
            "https://a/?x",
            "https://a/#x",
            "https://a/x y",
            "https://a/é",
            "https://a/x\n",
            "https://a\n",
            "https://a/x:y",
            "https://a/x@y",
            "https://a/x+y",
            " https://a",
        ];
        for text in issuers {
            let malformed = Issuer::parse(text).unwrap_err();
            assert!(malformed.help.is_some(), "{text:?}");
        }
    }
}
