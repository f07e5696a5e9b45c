//! Principals (C6).

use alloc::borrow::ToOwned;
use alloc::string::String;
use core::fmt;

use super::Malformed;
use super::account::is_account_id;
use super::principal_kind::{kind_of_resource, kind_of_text};
use crate::prose::{HELPS, say};
use crate::text::{parts, split_once};

/// A principal of AWS, or a local user (C6): how it is matched, its session, and the text that was given.
///
/// ```
/// use policy_core::canonical::Principal;
///
/// let principal = Principal::parse("arn:aws:sts::111111111111:assumed-role/ci-main/run-17")?;
/// assert_eq!(principal.principal(), "arn:aws:iam::111111111111:role/ci-main");
/// assert_eq!(principal.session(), "run-17");
/// # Ok::<(), policy_core::canonical::Malformed>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Principal {
    text: String,
    /// How it is matched, where that is another text.
    matched: Option<String>,
    /// Where the session begins in the text; at its end, if there is none.
    session: usize,
}

impl Principal {
    /// Reads a principal.
    ///
    /// # Errors
    /// Any other kind than a role, an assumed role with its session, a user, the root of an account or a local user; the
    /// message names the kind (C6).
    pub fn parse(text: &str) -> Result<Self, Malformed> {
        let (matched, session) = Self::matched(text)?;
        Ok(Self { text: text.to_owned(), matched, session: text.len() - session.len() })
    }

    /// How a principal is matched, where that is another text than `text`, and its session; as [`parse`](Self::parse)
    /// says.
    pub(crate) fn matched(text: &str) -> Result<(Option<String>, &str), Malformed> {
        read(text).map_err(|malformed| malformed.of(text, "a caller"))
    }

    /// Why a text is no caller, in a sentence that does not repeat it.
    #[cfg(feature = "author")]
    pub(crate) fn flaw(text: &str) -> Option<String> {
        read(text).err().map(|malformed| malformed.message)
    }

    /// Whether a text may be a session: empty, or of the characters of names (C6).
    #[cfg(feature = "author")]
    pub(crate) fn is_session(text: &str) -> bool {
        text.is_empty() || is_name(text)
    }

    /// The principal as it is matched: for a session the ARN of its role, and no role or user has its path.
    pub fn principal(&self) -> &str {
        self.matched.as_ref().unwrap_or(&self.text)
    }

    /// The session, empty if there is none.
    pub fn session(&self) -> &str {
        self.text.get(self.session..).unwrap_or_default()
    }

    /// The text that was given.
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

impl fmt::Display for Principal {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.text)
    }
}

/// How the principal is matched, where that is another text, and its session.
fn read(text: &str) -> Result<(Option<String>, &str), Malformed> {
    if let Some(user) = text.strip_prefix("local:") {
        return match user.strip_prefix("user/") {
            Some(name) if is_name(name) => Ok((None, "")),
            _ => Err(Malformed::new("a local caller is `local:user/NAME`, NAME of letters, digits and `+=,.@_-`")),
        };
    }
    let mut all = parts(text, b':');
    let mut part = || all.next();
    let (Some("arn"), Some(partition), Some(service), Some(region), Some(account), Some(resource), None) =
        (part(), part(), part(), part(), part(), part(), part())
    else {
        return Err(forms(if HELPS { kind_of_text(text) } else { "it is no principal" }));
    };
    if !is_partition(partition) {
        return Err(forms("its partition is not `aws` or `aws-…` in lower-case letters"));
    }
    if !region.is_empty() {
        return Err(forms("a principal has no region"));
    }
    // What has a name of its own is none of the forms below either.
    if let Some(kind) = kind_of_resource(service, resource).filter(|_| HELPS) {
        return Err(forms(kind));
    }
    if !is_account_id(account) {
        return Err(forms("its account id is not 12 digits"));
    }
    let Some(found) = of_account(service, resource) else {
        return Err(forms(
            "it is no role, assumed role, user or root, or a name has other characters than letters, digits and `+=,.@_-`",
        ));
    };
    let Found { other, session } = found;
    Ok((other.map(|(kind, name)| say("arn:{}:iam::{}:{}/{}", &[partition, account, kind, name])), session))
}

/// What a resource is.
struct Found<'a> {
    /// The kind and the name by which it is matched, where that is another text.
    other: Option<(&'a str, &'a str)>,
    session: &'a str,
}

fn of_account<'a>(service: &str, resource: &'a str) -> Option<Found<'a>> {
    let itself = Found { other: None, session: "" };
    if (service, resource) == ("iam", "root") {
        return Some(itself);
    }
    let (kind, rest) = split_once(resource, b'/')?;
    let mut names = parts(rest, b'/');
    let first = names.next().filter(|name| is_name(name))?;
    let (mut count, mut last) = (1, first);
    for name in names {
        if !is_name(name) {
            return None;
        }
        (count, last) = (count + 1, name);
    }
    match (service, kind, count) {
        ("iam", "user" | "role", 1) => Some(itself),
        // The path is dropped: AWS does not tell it for sessions, and the name alone is unique in an account.
        ("iam", "user" | "role", _) => Some(Found { other: Some((kind, last)), session: "" }),
        ("sts", "assumed-role", 2) => Some(Found { other: Some(("role", first)), session: last }),
        _ => None,
    }
}

/// `aws(-[a-z]+)*`.
fn is_partition(text: &str) -> bool {
    let mut words = parts(text, b'-');
    words.next() == Some("aws")
        && words.all(|word| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase()))
}

/// `[A-Za-z0-9+=,.@_-]+`.
fn is_name(text: &str) -> bool {
    let allowed =
        |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'=' | b',' | b'.' | b'@' | b'_' | b'-');
    !text.is_empty() && text.bytes().all(allowed)
}

/// What is wrong, with the accepted forms as help.
fn forms(why: &str) -> Malformed {
    Malformed::new(why).help(
        "write `arn:aws:iam::ID:role/NAME`, `arn:aws:sts::ID:assumed-role/NAME/SESSION`, `arn:aws:iam::ID:user/NAME`, \
         `arn:aws:iam::ID:root` or `local:user/NAME`",
    )
}

#[cfg(test)]
mod tests {
    use super::Principal;

    #[test]
    fn every_accepted_form_is_read() {
        let cases = [
            ("arn:aws:iam::111111111111:role/ci-main", "arn:aws:iam::111111111111:role/ci-main", ""),
            ("arn:aws:iam::111111111111:role/path/ci", "arn:aws:iam::111111111111:role/ci", ""),
            (
                "arn:aws:iam::111111111111:role/aws-reserved/sso.amazonaws.com/eu-west-1/AWSReservedSSO_A_1",
                "arn:aws:iam::111111111111:role/AWSReservedSSO_A_1",
                "",
            ),
            ("arn:aws:iam::111111111111:user/ana", "arn:aws:iam::111111111111:user/ana", ""),
            ("arn:aws-cn:iam::111111111111:user/team/a/ana", "arn:aws-cn:iam::111111111111:user/ana", ""),
            ("arn:aws:iam::111111111111:root", "arn:aws:iam::111111111111:root", ""),
            ("arn:aws:iam::111111111111:user/root", "arn:aws:iam::111111111111:user/root", ""),
            ("arn:aws:sts::111111111111:assumed-role/ci/run-17", "arn:aws:iam::111111111111:role/ci", "run-17"),
            ("arn:aws-us-gov:sts::111111111111:assumed-role/a/b", "arn:aws-us-gov:iam::111111111111:role/a", "b"),
            ("arn:aws-cn:iam::000000000000:role/A+=,.@_-9", "arn:aws-cn:iam::000000000000:role/A+=,.@_-9", ""),
            ("arn:aws:sts::111111111111:assumed-role/a/A+=,.@_-9", "arn:aws:iam::111111111111:role/a", "A+=,.@_-9"),
            ("local:user/ana@example.com", "local:user/ana@example.com", ""),
        ];
        for (text, principal, session) in cases {
            let read = Principal::parse(text).unwrap();
            assert_eq!((read.principal(), read.session()), (principal, session), "{text}");
            assert_eq!((read.as_str(), read.to_string().as_str()), (text, text));
            assert_eq!(Principal::parse(read.as_str()).unwrap(), read);
            assert_eq!(Principal::parse(principal).unwrap().principal(), principal);
        }
    }

    #[test]
    fn every_other_kind_is_named() {
        let cases = [
            ("", "it is empty"),
            ("arn:aws:sts::111111111111:federated-user/ana", "a federated user"),
            ("arn:aws:sts::111111111111:assumed-role/ci", "an assumed role without a session"),
            ("arn:aws:sts::111111111111:assumed-role/ci/", "an assumed role without a session"),
            ("arn:aws:sts::111111111111:assumed-role/AWSReservedSSO_A_1", "an SSO role without a session"),
            ("arn:aws:sts::111111111111:assumed-role/a/b/c", "an assumed role with a path"),
            ("arn:aws:iam::111111111111:assumed-role/a/b", "is of `sts`"),
            ("arn:aws:sts::111111111111:role/a", "is of `iam`"),
            ("arn:aws:sts::111111111111:root", "is of `iam`"),
            ("arn:aws:sts::111111111111:user/a", "is of `iam`"),
            ("arn:aws:iam::111111111111:group/a", "a group"),
            ("arn:aws:iam::111111111111:instance-profile/a", "an instance profile"),
            ("arn:aws:iam::111111111111:oidc-provider/a", "an identity provider"),
            ("arn:aws:iam::111111111111:saml-provider/a", "an identity provider"),
            ("arn:aws:iam::111111111111:policy/a", "a policy"),
            ("arn:aws:iam::111111111111:mfa/a", "an MFA device"),
            ("arn:aws:iam::cloudfront:user/x", "account id"),
            ("arn:aws:s3:::bucket", "of the service `s3`"),
            ("arn:aws:lambda:eu-west-1:111111111111:function:x", "is no principal"),
            ("ec2.amazonaws.com", "an AWS service"),
            ("ec2.amazonaws.com.cn", "an AWS service"),
            (&"0a".repeat(32), "a canonical user"),
            ("111111111111", "an account id alone"),
            ("*", "everyone"),
            ("AROAEXAMPLEEXAMPLE123:run-17", "a unique id"),
            ("AROAEXAMPLEEXAMPLE123", "a unique id"),
            ("AIDAEXAMPLEEXAMPLE123", "a unique id"),
            ("local:group/a", "a local caller"),
            ("local:user/", "a local caller"),
            ("local:user/a/b", "a local caller"),
            ("local:user/a b", "a local caller"),
            ("local:", "a local caller"),
            ("Local:user/a", "is no principal"),
        ];
        for (text, expected) in cases {
            let malformed = Principal::parse(text).unwrap_err();
            assert!(malformed.message.contains(expected), "{text:?}: {}", malformed.message);
            assert!(malformed.message.contains("is not a caller"));
        }
    }

    #[test]
    fn what_is_nearly_an_arn_is_refused() {
        let bad = [
            "arn:aws:iam::11111111111:role/a",
            "arn:aws:iam::1111111111111:role/a",
            "arn:aws:iam::11111111111a:role/a",
            "arn:aws:iam:::role/a",
            "arn:aws:iam:eu-west-1:111111111111:role/a",
            "arn:AWS:iam::111111111111:role/a",
            "arn:awsx:iam::111111111111:role/a",
            "arn:aws-:iam::111111111111:role/a",
            "arn:aws--cn:iam::111111111111:role/a",
            "arn:aws-c1:iam::111111111111:role/a",
            "arn:aws-CN:iam::111111111111:role/a",
            "arn::iam::111111111111:role/a",
            "ARN:aws:iam::111111111111:role/a",
            "arn:aws:IAM::111111111111:role/a",
            "arn:aws:iam::111111111111:Role/a",
            "arn:aws:iam::111111111111:role",
            "arn:aws:iam::111111111111:role/",
            "arn:aws:iam::111111111111:role//a",
            "arn:aws:iam::111111111111:role/a/",
            "arn:aws:iam::111111111111:role/a b",
            "arn:aws:iam::111111111111:role/a*",
            "arn:aws:iam::111111111111:role/é",
            "arn:aws:iam::111111111111:role/a\n",
            "arn:aws:iam::111111111111:role/p a/b",
            "arn:aws:iam::111111111111:role/a:b",
            "arn:aws:iam::111111111111:root/",
            "arn:aws:iam::111111111111:root/a",
            "arn:aws:iam::111111111111:Root",
            "arn:aws:iam::111111111111:",
            "arn:aws:iam::111111111111",
            "arn:aws:iam::111111111111:user",
            "arn:aws:iam::111111111111:user/",
            "arn:aws:iam::111111111111:user//ana",
            "arn:aws:iam::111111111111:user/a/",
            "arn:aws:iam::111111111111:user/p a/ana",
            "arn:aws:sts::111111111111:assumed-role//b",
            "arn:aws:sts::111111111111:assumed-role/a/b c",
            "arn:aws:sts::111111111111:assumed-role/a/b:c",
            "arn:aws:sts::111111111111:assumed-role",
            " arn:aws:iam::111111111111:role/a",
        ];
        for text in bad {
            let malformed = Principal::parse(text).unwrap_err();
            assert!(malformed.help.unwrap().contains("arn:aws:iam::ID:role/NAME"), "{text:?}");
        }
    }

    #[test]
    fn long_input_is_read_too() {
        assert!(Principal::parse(&format!("arn:aws:iam::111111111111:role/{}", "a".repeat(1_000_000))).is_ok());
        assert!(Principal::parse(&":".repeat(1_000_000)).is_err());
    }
}
