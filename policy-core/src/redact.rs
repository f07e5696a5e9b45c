//! Addresses of repositories without what may be secret in them (C1): what stands before the `@` of an address, which is a
//! user, a password, a token or a profile, is never repeated. Whether an address was accepted makes no difference.
//!
//! Every text that is shown comes through here: [`address`] takes what is known to be an address, and hides too much rather
//! than too little; [`text`] takes any text, and hides what is plainly an address with a user in it.

use alloc::borrow::Cow;
use alloc::string::String;
use alloc::vec::Vec;
use core::ops::Range;

/// What is shown in place of what is hidden.
pub const HIDDEN: &str = "[hidden]";

/// Letters that a scheme may have: what is longer may be anything.
const SCHEME_BYTES: usize = 16;

/// An address as it may be shown, however it is written: everything before its last `@` is hidden, save a scheme, and so is
/// what stands behind `?` and `#`, and behind a `:` where a port should be.
///
/// ```
/// use policy_core::redact::address;
///
/// assert_eq!(address("https://ci:token@github.com/acme/live"), "https://[hidden]@github.com/acme/live");
/// assert_eq!(address("token@github.com:acme/live"), "[hidden]@github.com:acme/live");
/// assert_eq!(address("github.com/acme/live"), "github.com/acme/live");
/// ```
pub fn address(address: &str) -> Cow<'_, str> {
    let mut out = String::new();
    let behind = match address.rsplit_once('@') {
        Some((before, behind)) => {
            if let Some((scheme, _)) = before.split_once("://").filter(|(scheme, _)| is_scheme(scheme)) {
                out.push_str(scheme);
                out.push_str("://");
            }
            out.push_str(HIDDEN);
            out.push('@');
            behind
        }
        None => address,
    };
    let end = behind.find(['?', '#']).map(|at| at + 1).or_else(|| no_port(behind));
    let Some((kept, _)) = end.and_then(|end| behind.split_at_checked(end)) else {
        if out.is_empty() {
            return Cow::Borrowed(address);
        }
        out.push_str(behind);
        return Cow::Owned(out);
    };
    out.push_str(kept);
    out.push_str(HIDDEN);
    Cow::Owned(out)
}

/// Any text as it may be shown: of each address in it that has a user, what stands before the `@` is hidden.
///
/// ```
/// use policy_core::redact::text;
///
/// assert_eq!(text("no host `https://ci:token@h`"), "no host `https://[hidden]@h`");
/// assert_eq!(text("mail ana@example.com"), "mail ana@example.com");
/// ```
pub fn text(text: &str) -> Cow<'_, str> {
    let hidden = users(text);
    if hidden.is_empty() {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut begin = 0;
    for Range { start, end } in hidden {
        out.push_str(text.get(begin..start).unwrap_or_default());
        out.push_str(HIDDEN);
        begin = end;
    }
    out.push_str(text.get(begin..).unwrap_or_default());
    Cow::Owned(out)
}

/// Lines of a policy as they may be drawn, each byte in its place: what [`text`] hides is `*`. Where they are `confidential`,
/// so is whatever stands in a line between its first `"` and its last.
#[cfg(feature = "author")]
pub fn lines(text: &str, confidential: bool) -> Cow<'_, str> {
    let mut hidden = users(text);
    let mut begin = 0;
    for line in text.split_inclusive('\n').filter(|_| confidential) {
        if let Some(first) = line.find('"') {
            let last = line.rfind('"').filter(|last| *last > first);
            hidden.push(begin + first + 1..begin + last.unwrap_or(line.trim_end().len()));
        }
        begin += line.len();
    }
    if hidden.is_empty() {
        return Cow::Borrowed(text);
    }
    let is_hidden = |at: usize| hidden.iter().any(|range| range.contains(&at));
    let mut out = String::with_capacity(text.len());
    for (at, character) in text.char_indices() {
        match is_hidden(at) {
            true => out.extend(core::iter::repeat_n('*', character.len_utf8())),
            false => out.push(character),
        }
    }
    Cow::Owned(out)
}

/// What stands before the `://` of an address, as it may be shown.
pub(crate) fn scheme(scheme: &str) -> &str {
    if is_scheme(scheme) { scheme } else { HIDDEN }
}

/// Whether it says how an address is reached, so that it may be shown.
fn is_scheme(scheme: &str) -> bool {
    let scheme = scheme.strip_prefix("codecommit::").unwrap_or(scheme);
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.');
    scheme.len() <= SCHEME_BYTES && scheme.bytes().all(allowed)
}

/// The end of `https://user:`, where what follows is no port: it may be a password without the rest of its address.
fn no_port(address: &str) -> Option<usize> {
    let start = address.find("://")? + 3;
    let authority = address.get(start..)?.split('/').next().filter(|authority| !authority.starts_with('['))?;
    let (host, port) = authority.split_once(':')?;
    let is_port = !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit());
    (!is_port).then_some(start + host.len() + 1)
}

/// What is hidden of a text, in order: in each word the user of `scheme://user@…` and of `user@host:…` or `user@host/…`.
fn users(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    // Most texts have none.
    if !text.contains('@') {
        return found;
    }
    let mut begin = 0;
    for word in text.split_inclusive(|character: char| character.is_whitespace() || matches!(character, '"' | '`')) {
        if let Some(user) = user(word) {
            found.push(begin + user.start..begin + user.end);
        }
        begin += word.len();
    }
    found
}

/// The user of a word that is an address, or has one in it.
fn user(word: &str) -> Option<Range<usize>> {
    let (before, behind) = word.rsplit_once('@')?;
    if let Some(scheme) = before.find("://") {
        return Some(scheme + 3..before.len());
    }
    let start = before.len() - before.trim_start_matches(['\'', '(']).len();
    let is_name = before.get(start..).is_some_and(|name| name.starts_with("arn:"));
    (is_host(behind) && !is_name).then_some(start..before.len())
}

/// Whether a text begins with a host as C1 has it, and what may stand behind one. The digest of an image begins with
/// `sha256:`, and the rest of an e-mail address ends with its host.
fn is_host(text: &str) -> bool {
    let Some((host, _)) = text.split_once([':', '/']) else { return false };
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.');
    host.bytes().all(allowed) && (host.contains('.') || host.eq_ignore_ascii_case("localhost"))
}

#[cfg(test)]
mod tests {
    use super::{address, lines, text};

    // C1
    #[test]
    fn an_address_is_shown_without_what_stands_before_its_host() {
        for (given, shown) in [
            ("https://user:SECRET@github.com/a/b", "https://[hidden]@github.com/a/b"),
            ("https://SECRET@github.com/a/b", "https://[hidden]@github.com/a/b"),
            ("ssh://SECRET@h.example:2222/a", "ssh://[hidden]@h.example:2222/a"),
            ("SECRET@github.com:a/b", "[hidden]@github.com:a/b"),
            ("user:SECRET@github.com:a/b", "[hidden]@github.com:a/b"),
            ("codecommit::eu-west-1://SECRET@live", "codecommit::eu-west-1://[hidden]@live"),
            ("https://u:SEC/RET@h.example/a", "https://[hidden]@h.example/a"),
            ("https://u:SEC@RET@h.example/a", "https://[hidden]@h.example/a"),
            ("https://u:SEC RET\"'`\n@h.example/a", "https://[hidden]@h.example/a"),
            ("SECRET@x://h.example/a", "[hidden]@x://h.example/a"),
            ("SECRETSECRETSECRET://x@h.example/a", "[hidden]@h.example/a"),
            ("SECRET@", "[hidden]@"),
            ("h.example/SECRET@a", "[hidden]@a"),
            ("https://h.example/a?token=SECRET", "https://h.example/a?[hidden]"),
            ("https://u@h.example/a#SECRET", "https://[hidden]@h.example/a#[hidden]"),
            ("https://user:SECRET", "https://user:[hidden]"),
            ("https://user:SECRET/a", "https://user:[hidden]"),
        ] {
            assert_eq!(address(given), shown, "{given:?}");
        }
        for plain in ["", "github.com/a/b", "https://h.example:8443/a", "h.example:a/b", "https://[::1]/x", "ext::sh"] {
            assert_eq!(address(plain), plain);
        }
    }

    #[test]
    fn what_is_shown_of_an_address_stays_as_it_is() {
        for given in ["https://u:p@h.example/a", "u@h.example:a", "codecommit::eu-west-1://p@a", "h.example/a@b"] {
            let shown = address(given).into_owned();
            assert_eq!((address(&shown), text(&shown)), (shown.as_str().into(), shown.as_str().into()));
        }
    }

    // C1
    #[test]
    fn addresses_are_found_in_any_text() {
        for (given, shown) in [
            ("`https://u:SECRET@h/a` is none", "`https://[hidden]@h/a` is none"),
            ("x=https://SECRET@h", "x=https://[hidden]@h"),
            ("'SECRET@github.com:a/b'", "'[hidden]@github.com:a/b'"),
            ("SECRET@localhost/a b:SECRET@h.example/a", "[hidden]@localhost/a [hidden]@h.example/a"),
            ("\"codecommit::eu-west-1://SECRET@live\"", "\"codecommit::eu-west-1://[hidden]@live\""),
            ("https://u:SEC/RET@h.example/a@b", "https://[hidden]@b"),
        ] {
            assert_eq!(text(given), shown, "{given:?}");
        }
        for plain in [
            "",
            "ana@example.com",
            "`arn:aws:sts::111111111111:assumed-role/ci/ana@example.com`",
            "arn:aws:sts::111111111111:assumed-role/ci/ana@example.com:x",
            "1.dkr.ecr.eu-west-1.amazonaws.com/runner@sha256:00",
            "https://token.example.com/a",
            "ext::sh @",
        ] {
            assert_eq!(text(plain), plain);
        }
    }

    // C1
    #[test]
    fn lines_of_a_policy_are_masked_in_place() {
        let policy = "  remotes = [\"https://ü:SECRET@h.example/a\"] # x\n  image = \"a/b@sha256:0\"\n";
        let masked = lines(policy, false);
        assert_eq!(masked, "  remotes = [\"https://*********@h.example/a\"] # x\n  image = \"a/b@sha256:0\"\n");
        assert_eq!(masked.len(), policy.len());
        assert_eq!(lines("a = [\"SECRET@host/a\"]\n", true), "a = [\"*************\"]\n");
        assert_eq!(lines("a = [\"SEC\\\" RET\"]\nb = 1", true), "a = [\"*********\"]\nb = 1");
        assert_eq!(lines("a = [\"SECRET\n", true), "a = [\"******\n");
        assert_eq!(lines("a = 1\n", true), "a = 1\n");
    }
}
