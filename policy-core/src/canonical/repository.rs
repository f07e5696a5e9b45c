//! Identities of repositories (C1).

use alloc::string::String;
use core::fmt;

use super::{Malformed, codecommit, host, port, shown};
use crate::prose::{push_number, say};
use crate::redact;
use crate::text::{parts, split_once};

/// The identity of a repository, `host[:port]/path`, the same for all its spellings (C1).
///
/// ```
/// use policy_core::canonical::RepositoryId;
///
/// let identity = RepositoryId::parse("git@GitHub.com:Acme/Live.git")?;
/// assert_eq!(identity.as_str(), "github.com/acme/live");
/// assert_eq!(identity, RepositoryId::parse("https://github.com/acme/live/")?);
/// # Ok::<(), policy_core::canonical::Malformed>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RepositoryId(String);

/// What a spelling says. The port is absent where it is the scheme's own.
struct Parts<'a> {
    host: &'a str,
    port: Option<u16>,
    path: &'a str,
}

impl RepositoryId {
    /// Reads any accepted spelling: `https://[user@]host[:port]/path`, `ssh://[user@]host[:port]/path`,
    /// `[user@]host:path`, `host/path`, `host:port/path` and `codecommit::REGION://[PROFILE@]NAME`.
    ///
    /// The identity reads as itself or not at all: as ambiguous where it keeps port 22 or 443 of the other scheme, and as
    /// no host where that has one label, which only a scheme tells from a folder.
    ///
    /// # Errors
    /// Every other text, the ambiguous ones, and second names of well-known hosts (C1).
    pub fn parse(text: &str) -> Result<Self, Malformed> {
        identity(text).map(Self).map_err(|malformed| malformed.of(&redact::address(text), "a repository"))
    }

    /// The identity, `host[:port]/path`.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The identity in ASCII lower case: equal for two identities that differ only in case (C1, section 3).
    pub fn folded(&self) -> String {
        self.0.to_ascii_lowercase()
    }
}

impl fmt::Display for RepositoryId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

fn identity(text: &str) -> Result<String, Malformed> {
    check_characters(text)?;
    if let Some(rest) = text.strip_prefix(codecommit::PREFIX) {
        return codecommit::identity(rest);
    }
    let with_colon = split_once(text, b':');
    let read = match (
        with_colon.and_then(|(scheme, rest)| Some((scheme, rest.strip_prefix("//")?))),
        split_once(text, b'@'),
    ) {
        (Some((scheme, rest)), _) => with_scheme(scheme, rest)?,
        (None, Some((user, rest))) => with_user(user, rest)?,
        (None, None) => bare(text)?,
    };
    let path = canonical_path(read.path)?;
    if let Some(first) = host::first_name(read.host) {
        let mut right = say("{}/{}", &[first, path]);
        right.make_ascii_lowercase();
        let second = read.host.to_ascii_lowercase();
        return Err(Malformed::new(say(
            "`{}` is a second name of `{}`: write `{}`",
            &[&second, first, &shown(&right)],
        )));
    }
    let mut identity = String::with_capacity(text.len() + 1);
    identity.push_str(read.host);
    if let Some(port) = read.port {
        identity.push(':');
        push_number(&mut identity, port.into());
    }
    identity.push('/');
    identity.push_str(path);
    if host::folds(read.host) {
        identity.make_ascii_lowercase();
    } else if let Some(host) = identity.get_mut(..read.host.len()) {
        host.make_ascii_lowercase();
    }
    Ok(identity)
}

fn check_characters(text: &str) -> Result<(), Malformed> {
    if text.is_empty() {
        return Err(spellings("it is empty"));
    }
    if text.starts_with('-') {
        return Err(spellings("it begins with `-`"));
    }
    if !text.is_ascii() {
        return Err(spellings("only ASCII is allowed").help("write an international host name as `xn--…`"));
    }
    if at_is_misplaced(text) {
        return Err(spellings("an `@` stands only behind a user, in front of the host"));
    }
    if let Some(byte) = text.bytes().find(|byte| !byte.is_ascii_graphic() || matches!(byte, b'\\' | b'?' | b'#')) {
        let character = String::from(char::from(byte));
        let malformed = spellings(say("the character `{}` is not allowed", &[&shown(&character)]));
        return Err(if byte == b' ' { malformed.help("write a space of the path as `%20`") } else { malformed });
    }
    // Where it may stand, the parts say: only a segment of the path takes it.
    if parts(text, b'%').skip(1).any(|behind| !behind.starts_with("20")) {
        return Err(spellings("the character `%` is not allowed, save in `%20`, which is a space of the path"));
    }
    Ok(())
}

/// Whether it has an `@` that does not end a user. Then a part of a password may stand where a host or a path should be, and
/// no reason may repeat that.
fn at_is_misplaced(text: &str) -> bool {
    let Some((before, behind)) = split_once(text, b'@') else { return false };
    let user = before.split_once("://").map_or(before, |(_, user)| user);
    user.contains('/') || behind.contains('@') || behind.contains("://")
}

fn with_scheme<'a>(scheme: &str, rest: &'a str) -> Result<Parts<'a>, Malformed> {
    let own_port = match scheme {
        "https" => 443,
        "ssh" => 22,
        _ => return Err(other_scheme(scheme)),
    };
    let (authority, path) = split_once(rest, b'/').ok_or_else(|| spellings("it has no path"))?;
    let place = match split_once(authority, b'@') {
        Some((user, place)) => {
            check_user(user)?;
            place
        }
        None => authority,
    };
    let (host, port) = match split_once(place, b':') {
        Some((host, digits)) => (host, Some(checked_port(digits)?)),
        None => (place, None),
    };
    Ok(Parts { host: host::behind_scheme(host)?, port: port.filter(|port| *port != own_port), path })
}

/// The scheme is named only if it is one: it might hold a user.
fn other_scheme(scheme: &str) -> Malformed {
    let of_scheme = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.');
    let name = if scheme.bytes().all(of_scheme) {
        say("the scheme `{}`", &[redact::scheme(scheme)])
    } else {
        "the scheme".into()
    };
    let malformed = spellings(say("{} is neither `https` nor `ssh`", &[&name]));
    if scheme == "codecommit" { malformed.help("write `codecommit::REGION://NAME`") } else { malformed }
}

/// `user@host:path`. With a user, digits after the `:` are a path, as for git.
fn with_user<'a>(user: &str, rest: &'a str) -> Result<Parts<'a>, Malformed> {
    check_user(user)?;
    let (host, path) = split_once(rest, b':').ok_or_else(|| {
        spellings("a user without a scheme needs `:` between host and path")
            .help("write `user@host:path` or `host/path`")
    })?;
    Ok(Parts { host: host::without_scheme(host)?, port: None, path: path.strip_prefix('/').unwrap_or(path) })
}

/// `host:path`, `host:port/path` or `host/path`.
fn bare(text: &str) -> Result<Parts<'_>, Malformed> {
    let (host, rest) = match split_once(text, b':') {
        Some((host, rest)) if !host.contains('/') => (host, rest),
        _ => {
            let (host, path) = split_once(text, b'/').ok_or_else(|| spellings("it has no path"))?;
            return Ok(Parts { host: host::without_scheme(host)?, port: None, path });
        }
    };
    host::without_scheme(host)?;
    match split_once(rest, b'/') {
        Some((digits, path)) if !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()) => {
            Ok(Parts { port: Some(unambiguous_port(host, digits)?), host, path })
        }
        _ => Ok(Parts { host, port: None, path: rest.strip_prefix('/').unwrap_or(rest) }),
    }
}

/// A port that stands without a scheme: one that a scheme would drop, or that is none, may as well be meant as a path.
fn unambiguous_port(host: &str, digits: &str) -> Result<u16, Malformed> {
    port(digits).filter(|port| !matches!(port, 22 | 443)).ok_or_else(|| {
        let digits = shown(digits);
        let why = say("`{}` after the host is ambiguous, a port or a folder", &[&digits]);
        Malformed::new(why).help_by(|| {
            let host = host.to_ascii_lowercase();
            let help = "write `ssh://{}:PORT/…` or `https://{}:PORT/…` for a port, `{}/{}/…` for a folder";
            Some(say(help, &[&host, &host, &host, &digits]))
        })
    })
}

fn checked_port(digits: &str) -> Result<u16, Malformed> {
    port(digits).ok_or_else(|| spellings("its port is not a number from 1 to 65535 without leading zero"))
}

fn check_user(user: &str) -> Result<(), Malformed> {
    if user.contains(':') {
        return Err(Malformed::new("a password is not allowed").help("leave out everything before the host"));
    }
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'~' | b'+' | b'-');
    if user.is_empty() || user.starts_with('-') || !user.bytes().all(allowed) {
        return Err(spellings("its user is not of letters, digits and `._~+-` without leading `-`"));
    }
    Ok(())
}

/// The path without one trailing `/` and one final `.git`; a leading `/` is gone already where one is allowed.
fn canonical_path(text: &str) -> Result<&str, Malformed> {
    let path = without_git(text.strip_suffix('/').unwrap_or(text))?;
    parts(path, b'/').try_for_each(check_segment)?;
    Ok(path)
}

/// The path without one final `.git`.
pub(super) fn without_git(path: &str) -> Result<&str, Malformed> {
    let path = path.strip_suffix(".git").unwrap_or(path);
    let end = path.len().checked_sub(4).and_then(|start| path.get(start..));
    if end.is_some_and(|end| end.eq_ignore_ascii_case(".git")) {
        return Err(Malformed::new("one `.git`, in lower case, may end its path").help("leave `.git` out"));
    }
    Ok(path)
}

/// One segment of a path. What `%` begins is `%20`: the characters were looked at before.
pub(super) fn check_segment(segment: &str) -> Result<(), Malformed> {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'~' | b'-' | b'%');
    match segment {
        "" => Err(spellings("its path, or a segment of it, is empty")),
        "." | ".." => Err(spellings(say("its path has the segment `{}`", &[segment]))),
        _ if segment.starts_with('-') => Err(spellings("a segment of its path begins with `-`")),
        // Such a segment is not shown: it may hold a user that stands in the wrong place.
        _ if !segment.bytes().all(allowed) => {
            Err(spellings("its path has other characters than letters, digits, `._~-` and `%20`"))
        }
        _ => Ok(()),
    }
}

/// What is wrong, with the form that is always right as help.
pub(super) fn spellings(why: impl Into<String>) -> Malformed {
    Malformed::new(why).help("write `host/path`, as in `github.com/acme/infrastructure`")
}

#[cfg(test)]
mod tests {
    use super::RepositoryId;

    fn identity(text: &str) -> String {
        RepositoryId::parse(text).unwrap().to_string()
    }

    fn refusal(text: &str) -> String {
        RepositoryId::parse(text).map_or_else(|malformed| malformed.message, |id| format!("{text:?} is {id}"))
    }

    #[test]
    fn one_repository_in_its_spellings_is_one() {
        let spellings = [
            "github.com/acme/x",
            "https://github.com/acme/x",
            "https://github.com/Acme/X.git",
            "https://token@github.com:443/acme/x/",
            "ssh://git@github.com/acme/x.git",
            "ssh://github.com:22/acme/x.git/",
            "git@github.com:acme/x.git",
            "git@GITHUB.COM:/acme/x",
            "github.com:acme/x",
            "github.com:/acme/x.git/",
            "GitHub.com/ACME/x/",
        ];
        for text in spellings {
            assert_eq!(identity(text), "github.com/acme/x", "{text}");
        }
    }

    #[test]
    fn the_identity_keeps_what_tells_repositories_apart() {
        let cases = [
            ("https://git.example.com/Acme/X", "git.example.com/Acme/X"),
            ("GIT.Example.com:Acme/X", "git.example.com/Acme/X"),
            ("https://gitlab.com/A/B/C", "gitlab.com/a/b/c"),
            ("https://bitbucket.org/A/b", "bitbucket.org/a/b"),
            ("https://codeberg.org:8443/A/b", "codeberg.org:8443/a/b"),
            ("https://www.git.example.com/A/b", "www.git.example.com/A/b"),
            ("https://acme@dev.azure.com/Acme/My%20Project/_git/Live", "dev.azure.com/acme/my%20project/_git/live"),
            ("git@ssh.dev.azure.com:v3/Acme/P/Live", "ssh.dev.azure.com/v3/acme/p/live"),
            ("h.example/a%20b/%20", "h.example/a%20b/%20"),
            ("codecommit::eu-west-1://ci@Live.git", "git-codecommit.eu-west-1.amazonaws.com/v1/repos/Live"),
            ("https://git-codecommit.eu-west-1.amazonaws.com/v1/repos/Live", {
                "git-codecommit.eu-west-1.amazonaws.com/v1/repos/Live"
            }),
            ("https://git.example.com:8443/x", "git.example.com:8443/x"),
            ("ssh://git@git.example.com:2222/x", "git.example.com:2222/x"),
            ("git.example.com:8443/x", "git.example.com:8443/x"),
            ("git.example.com:1/x", "git.example.com:1/x"),
            ("git.example.com:65535/x", "git.example.com:65535/x"),
            ("ssh://git.example.com:23/x", "git.example.com:23/x"),
            ("https://git.example.com:444/x", "git.example.com:444/x"),
            ("git.example.com:x", "git.example.com/x"),
            ("git.example.com:8443", "git.example.com/8443"),
            ("git.example.com:22", "git.example.com/22"),
            ("git.example.com:/22/x", "git.example.com/22/x"),
            ("git.example.com:22a/x", "git.example.com/22a/x"),
            ("git@git.example.com:22/x", "git.example.com/22/x"),
            ("git@git.example.com:8443/x", "git.example.com/8443/x"),
            ("git@git.example.com:99999/x", "git.example.com/99999/x"),
            ("localhost/x", "localhost/x"),
            ("LOCALHOST:x", "localhost/x"),
            ("10.0.0.1:3000/x", "10.0.0.1:3000/x"),
            ("xn--e1afmkfd.example/x", "xn--e1afmkfd.example/x"),
            ("a.b-c.d9/x", "a.b-c.d9/x"),
            ("a._~+-@h.example:x", "h.example/x"),
            ("ssh://A0-+~_.@h.example/x", "h.example/x"),
            ("h.example/~user/x", "h.example/~user/x"),
            ("h.example/.x/..y/z-/_/a.b", "h.example/.x/..y/z-/_/a.b"),
            ("h.example/x.git/y", "h.example/x.git/y"),
            ("h.example/git", "h.example/git"),
            ("h.example/xgit", "h.example/xgit"),
            ("h.example/.gitx", "h.example/.gitx"),
        ];
        for (text, expected) in cases {
            assert_eq!(identity(text), expected, "{text}");
            assert_eq!(identity(expected), expected);
        }
    }

    // C1
    #[test]
    fn a_host_of_one_label_needs_a_scheme_and_does_not_read_without() {
        for (text, expected) in [
            ("https://Git/Acme/x", "git/Acme/x"),
            ("ssh://git@git:22/acme/x.git", "git/acme/x"),
            ("https://github.com@evil/acme/x", "evil/acme/x"),
            ("https://git:8443/x", "git:8443/x"),
        ] {
            assert_eq!(identity(text), expected, "{text}");
            assert!(refusal(expected).contains("no dot"), "{expected}");
        }
    }

    // C1
    #[test]
    fn second_names_are_refused_with_the_right_spelling() {
        for (text, right) in [
            ("https://www.github.com/Acme/x", "`github.com/acme/x`"),
            ("ssh://git@ssh.github.com:443/acme/x.git", "`github.com/acme/x`"),
            ("git@ssh.github.com:acme/x", "`github.com/acme/x`"),
            ("altssh.gitlab.com:443/acme/x", "ambiguous"),
            ("ssh://git@altssh.gitlab.com:443/acme/x", "`gitlab.com/acme/x`"),
            ("ssh://git@AltSSH.BitBucket.org:443/acme/x", "`bitbucket.org/acme/x`"),
            ("www.ssh.dev.azure.com/v3/a/b/c", "`ssh.dev.azure.com/v3/a/b/c`"),
        ] {
            assert!(refusal(text).contains(right), "{text}: {}", refusal(text));
        }
    }

    #[test]
    fn the_port_of_the_other_scheme_stays_and_reads_as_ambiguous() {
        for (text, expected) in
            [("https://h.example:22/x", "h.example:22/x"), ("ssh://h.example:443/x", "h.example:443/x")]
        {
            assert_eq!(identity(text), expected);
            assert!(refusal(expected).contains("ambiguous"), "{expected}");
        }
    }

    #[test]
    fn digits_that_may_be_a_port_or_a_folder_are_refused() {
        for digits in ["22", "443", "0", "00", "080", "65536", "99999999999999999999", "0443"] {
            let text = format!("h.example:{digits}/x");
            assert!(refusal(&text).contains("ambiguous"), "{text}");
            assert!(RepositoryId::parse(&text).unwrap_err().help.unwrap().contains(digits));
        }
    }

    /// What is no repository, and a part of the reason.
    const REFUSED: &[(&str, &str)] = &[
        ("", "it is empty"),
        ("-x.example/x", "it begins with `-`"),
        ("--upload-pack=touch", "it begins with `-`"),
        ("gіthub.com/acme/x", "only ASCII"),
        ("github.com/acmé/x", "only ASCII"),
        ("github。com/acme/x", "only ASCII"),
        ("github.com/acme/x\u{202e}", "only ASCII"),
        ("github.com/acme x", "the character ` `"),
        ("github.com/acme/x\n", "the character `\\u{a}`"),
        ("github.com/acme/x\0", "the character `\\u{0}`"),
        ("github.com/acme\u{7f}", "the character `\\u{7f}`"),
        ("github.com/acme%2fx", "the character `%`"),
        ("github.com/acme%", "the character `%`"),
        ("github.com/acme%2520x", "the character `%`"),
        ("https://u%20v@github.com/x", "its user"),
        ("git%20hub.com/x", "label"),
        ("https://h.example:8%20/x", "port"),
        ("codecommit://live", "the scheme `codecommit`"),
        ("codecommit::eu-west-1://a/b", "without `/`"),
        ("codecommit::eu-west-1:live", "no `://`"),
        ("CodeCommit::eu-west-1://live", "no dot"),
        ("github.com\\acme/x", "the character `\\`"),
        ("github.com/acme?x", "the character `?`"),
        ("github.com/acme#x", "the character `#`"),
        ("ext::sh", "no dot"),
        ("ext::sh -c id", "the character ` `"),
        ("ext://x.example/x", "the scheme `ext`"),
        ("file:///srv/x", "the scheme `file`"),
        ("http://h.example/x", "the scheme `http`"),
        ("git://h.example/x", "the scheme `git`"),
        ("git+ssh://h.example/x", "the scheme `git+ssh`"),
        ("HTTPS://h.example/x", "the scheme `HTTPS`"),
        ("://h.example/x", "the scheme ``"),
        ("h.example://x", "the scheme `h.example`"),
        ("https:/h.example/x", "no dot"),
        ("https://u:p@h.example/x", "a password"),
        ("u:p@h.example:x", "a password"),
        ("https://@h.example/x", "its user"),
        ("https://-u@h.example/x", "its user"),
        ("https://u!@h.example/x", "its user"),
        ("@h.example:x", "its user"),
        ("https://u@v@h.example/x", "an `@` stands"),
        ("github.com@evil/acme", "needs `:`"),
        ("git@h.example/x", "needs `:`"),
        ("git@h.example/a:b", "label"),
        ("git@h.example:a@b", "an `@` stands"),
        ("h.example/a@b", "an `@` stands"),
        ("https://h.example", "it has no path"),
        ("https://h.example/", "is empty"),
        ("h.example", "it has no path"),
        ("h.example/", "is empty"),
        ("h.example:", "is empty"),
        ("h.example:/", "is empty"),
        ("/srv/x", "label"),
        ("./x", "ends with `.`"),
        ("../x", "ends with `.`"),
        (":x", "label"),
        ("github.com./acme/x", "ends with `.`"),
        ("https://github.com.:443/acme/x", "ends with `.`"),
        ("host/x", "no dot"),
        ("localhost.localhost-/x", "label"),
        ("-a.example:x/y", "begins with `-`"),
        ("a.-b.example/x", "label"),
        ("a-.example/x", "label"),
        ("a..example/x", "label"),
        (".example/x", "label"),
        ("a_b.example/x", "label"),
        ("[::1]/x", "label"),
        ("https://[::1]/x", "port"),
        ("https://h.example:/x", "port"),
        ("https://h.example:0/x", "port"),
        ("https://h.example:0443/x", "port"),
        ("https://h.example:65536/x", "port"),
        ("https://h.example:1:2/x", "port"),
        ("https://h.example//x", "is empty"),
        ("h.example//x", "is empty"),
        ("h.example:8443//x", "is empty"),
        ("h.example://x", "the scheme"),
        ("git@h.example://x", "an `@` stands"),
        ("git@h.example:x//y", "is empty"),
        ("h.example/x//", "is empty"),
        ("h.example/x/.git", "is empty"),
        ("h.example/.git", "is empty"),
        ("h.example/x.git.git", "one `.git`"),
        ("h.example/x.GIT", "one `.git`"),
        ("github.com/x.Git", "one `.git`"),
        ("h.example/.giT", "one `.git`"),
        ("h.example/x.GIT.git/", "one `.git`"),
        ("h.example/../x", "the segment `..`"),
        ("h.example/x/./y", "the segment `.`"),
        ("h.example/x/..git/..", "the segment `..`"),
        ("h.example/..git", "the segment `.`"),
        ("h.example/x/-y", "begins with `-`"),
        ("h.example/x+y", "characters"),
        ("h.example/a:b", "characters"),
        ("h.example:a:b/c", "characters"),
        ("h.example/$(id)", "characters"),
        ("h.example/`id`", "characters"),
        ("h.example/a;b", "characters"),
    ];

    #[test]
    fn what_is_no_repository_is_refused_with_its_reason() {
        for &(text, expected) in REFUSED {
            let message = refusal(text);
            assert!(message.contains(expected) && message.contains("is not a repository"), "{text:?}: {message}");
            assert!(RepositoryId::parse(text).unwrap_err().help.is_some());
        }
    }

    #[test]
    fn a_label_has_at_most_63_bytes() {
        assert!(RepositoryId::parse(&format!("{}.example/x", "a".repeat(63))).is_ok());
        assert!(RepositoryId::parse(&format!("{}.example/x", "a".repeat(64))).is_err());
        assert!(RepositoryId::parse(&format!("h.{}/x", "a".repeat(64))).is_err());
    }

    #[test]
    fn another_host_is_another_repository() {
        assert_eq!(identity("github.com.evil.example/acme/x"), "github.com.evil.example/acme/x");
    }

    #[test]
    fn long_input_is_read_too() {
        assert!(RepositoryId::parse(&format!("h.example/{}", "a/".repeat(500_000))).is_ok());
        assert!(RepositoryId::parse(&"a.".repeat(500_000)).unwrap_err().message.len() < 1_000);
    }

    #[test]
    fn folding_forgets_case_only() {
        let upper = RepositoryId::parse("h.example:8443/Acme/X").unwrap();
        assert_eq!((upper.as_str(), upper.folded().as_str()), ("h.example:8443/Acme/X", "h.example:8443/acme/x"));
    }
}
