//! Decisions: the answer to an invocation, with its reasons, and its one JSON form.

mod claim_use;
pub(crate) mod message;
mod words;
mod write;

use alloc::borrow::Cow;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;
use core::str::FromStr;

use sha2::{Digest as _, Sha256};

pub use claim_use::ClaimUse;
pub(crate) use claim_use::Listing;
pub use words::{Dimension, Requirement};

/// What a decision says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Outcome {
    /// It may run.
    Permit,
    /// It may not.
    Deny,
    /// It may run once named requirements are shown to hold.
    Unmet,
}

impl Outcome {
    /// All; their places are those of the compact form.
    pub const ALL: [Self; 3] = [Self::Permit, Self::Deny, Self::Unmet];

    /// The word for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Permit => "permit",
            Self::Deny => "deny",
            Self::Unmet => "unmet",
        }
    }
}

/// Why: the first check of E8 that decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reason {
    /// The JSON is no invocation, or over a limit.
    InvalidInvocation,
    /// No account has that name or id.
    UnknownAccount,
    /// The caller is not canonical.
    MalformedCaller,
    /// The repository is not canonical, or differs only in case from one that is selected.
    MalformedRepository,
    /// The ref is not canonical.
    MalformedRef,
    /// The commit is not canonical, or is not the one that the ref names.
    MalformedCommit,
    /// The path is not canonical.
    MalformedPath,
    /// The command does not exist, or no rule of the account selects it.
    UnknownCommand,
    /// The command does not take these arguments.
    ArgumentRefused,
    /// A forbid matches.
    Forbidden,
    /// A permit matches, and all that it requires is shown.
    Permitted,
    /// Permits match, but each requires something that is not shown.
    RequirementsUnmet,
    /// Nothing permits it.
    NoPermit,
}

impl Reason {
    /// All, in the order of E8.
    pub const ALL: [Self; 13] = [
        Self::InvalidInvocation,
        Self::UnknownAccount,
        Self::MalformedCaller,
        Self::MalformedRepository,
        Self::MalformedRef,
        Self::MalformedCommit,
        Self::MalformedPath,
        Self::UnknownCommand,
        Self::ArgumentRefused,
        Self::Forbidden,
        Self::Permitted,
        Self::RequirementsUnmet,
        Self::NoPermit,
    ];

    /// The word for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::InvalidInvocation => "invalid-invocation",
            Self::UnknownAccount => "unknown-account",
            Self::MalformedCaller => "malformed-caller",
            Self::MalformedRepository => "malformed-repository",
            Self::MalformedRef => "malformed-ref",
            Self::MalformedCommit => "malformed-commit",
            Self::MalformedPath => "malformed-path",
            Self::UnknownCommand => "unknown-command",
            Self::ArgumentRefused => "argument-refused",
            Self::Forbidden => "forbidden",
            Self::Permitted => "permitted",
            Self::RequirementsUnmet => "requirements-unmet",
            Self::NoPermit => "no-permit",
        }
    }

    /// The outcome that goes with it.
    pub const fn outcome(self) -> Outcome {
        match self {
            Self::Permitted => Outcome::Permit,
            Self::RequirementsUnmet => Outcome::Unmet,
            _ => Outcome::Deny,
        }
    }
}

/// Which engine decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Engine {
    /// The compiled engine.
    Native,
    /// The compiled engine as WebAssembly.
    Wasm,
    /// The direct reading of the language over the estate.
    Reference,
}

impl Engine {
    /// The word for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Native => "native",
            Self::Wasm => "wasm",
            Self::Reference => "reference",
        }
    }
}

/// A SHA-256; its text form is `sha256:` and 64 hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digest(pub [u8; 32]);

impl Digest {
    /// SHA-256 of some bytes.
    pub fn of(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }

    /// Appends the text form.
    pub fn write(&self, out: &mut String) {
        let mut digits = [0_u8; 64];
        for (pair, byte) in digits.chunks_exact_mut(2).zip(self.0) {
            for (digit, half) in pair.iter_mut().zip([byte >> 4, byte & 15]) {
                *digit = half + if half < 10 { b'0' } else { b'a' - 10 };
            }
        }
        out.push_str("sha256:");
        out.push_str(core::str::from_utf8(&digits).unwrap_or_default());
    }
}

/// A text that is no digest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a digest is `sha256:` and 64 hexadecimal digits in lower case")]
pub struct DigestError;

/// Reads the text form, and nothing else.
impl FromStr for Digest {
    type Err = DigestError;

    fn from_str(text: &str) -> Result<Self, DigestError> {
        let digits = text.strip_prefix("sha256:").ok_or(DigestError)?.as_bytes();
        let half = |digit: u8| match digit {
            b'0'..=b'9' => Ok(digit - b'0'),
            b'a'..=b'f' => Ok(digit - b'a' + 10),
            _ => Err(DigestError),
        };
        let mut bytes = [0; 32];
        let (pairs, []) = digits.as_chunks::<2>() else { return Err(DigestError) };
        if pairs.len() != bytes.len() {
            return Err(DigestError);
        }
        for (byte, [high, low]) in bytes.iter_mut().zip(pairs) {
            *byte = half(*high)? << 4 | half(*low)?;
        }
        Ok(Self(bytes))
    }
}

/// As its text form: nobody reads a list of bytes.
impl fmt::Debug for Digest {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, formatter)
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = String::with_capacity(71);
        self.write(&mut text);
        formatter.write_str(&text)
    }
}

/// A rule that took part in a decision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MatchedRule<'a> {
    /// Its name.
    pub name: Cow<'a, str>,
    /// The name of the invocation's account.
    pub account: Cow<'a, str>,
    /// `permit` or `forbid`.
    pub effect: &'static str,
    /// The file in which its block begins.
    pub file: Cow<'a, str>,
    /// The line on which its block begins, from 1.
    pub line: u32,
}

/// What a runner is to execute.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Launch<'a> {
    /// The command's name.
    pub command: Cow<'a, str>,
    /// `read` or `write`.
    pub effect: &'static str,
    /// The runner's name.
    pub runner: Cow<'a, str>,
    /// The digest of the runner's block.
    pub runner_digest: Digest,
    /// The argument vector (A3). No shell ever sees it.
    pub argv: Vec<Cow<'a, str>>,
    /// The environment of runner and command, by the bytes of the names (A5).
    pub environment: Vec<(Cow<'a, str>, Cow<'a, str>)>,
}

/// A permit rule that came near to matching.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Nearest<'a> {
    /// The rule's name.
    pub rule: Cow<'a, str>,
    /// The file in which its block begins.
    pub file: Cow<'a, str>,
    /// The line on which its block begins, from 1.
    pub line: u32,
    /// What did not match, in the order of E3.
    pub failed: Vec<FailedDimension<'a>>,
}

/// A dimension in which a rule did not match.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FailedDimension<'a> {
    /// `caller`, `repository`, `ref`, `path`, `command` or `arguments`.
    pub dimension: &'static str,
    /// What was asked.
    pub got: String,
    /// The rule's text of what would match.
    pub expected: Cow<'a, str>,
    /// For a caller that is a token: what it lacks to be the nearest of the rule's callers.
    pub claims: Vec<FailedClaim<'a>>,
}

/// A claim of a token, or a part of `bind`, in which it is not a caller (E10).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FailedClaim<'a> {
    /// The caller's name.
    pub caller: Cow<'a, str>,
    /// The claim's name, or `bind.repository`, `bind.ref` or `bind.commit`.
    pub claim: Cow<'a, str>,
    /// The claim's text as it is matched; of `bind` what its text stands for. None where there is no such thing.
    pub got: Option<String>,
    /// The caller's text of what would match.
    pub expected: Cow<'a, str>,
}

/// The answer to an invocation. What it names it borrows from the policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision<'a> {
    /// Why; decides the outcome.
    pub reason: Reason,
    /// One sentence for people. Not equal across engines.
    pub message: String,
    /// The rules that decided (E9), by name.
    pub rules: Vec<MatchedRule<'a>>,
    /// The names of the requirements that are not shown, in the order of section 8.
    pub unmet: Vec<&'static str>,
    /// What to execute; none for denials and verbs.
    pub launch: Option<Launch<'a>>,
    /// For `no-permit`: up to three permit rules that came near (E10).
    pub nearest: Vec<Nearest<'a>>,
    /// The digest of the account's rules (D1); none where there is no account.
    pub policy: Option<Digest>,
    /// The digest of the bundle's bytes; none for a directory.
    pub bundle: Option<Digest>,
    /// The version of the language.
    pub language: u32,
    /// Which engine decided. Not equal across engines.
    pub engine: Engine,
}

impl Decision<'_> {
    /// What it says.
    pub const fn outcome(&self) -> Outcome {
        self.reason.outcome()
    }
}

#[cfg(test)]
mod tests {
    use super::{Digest, DigestError};

    #[test]
    fn a_digest_is_read_as_it_is_written() {
        let digest = Digest::of(b"");
        assert_eq!(digest.to_string(), "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
        assert_eq!(digest.to_string().parse(), Ok(digest));
        let text = digest.to_string();
        let digits = text.replace("sha256:", "");
        let wrong = [digits, format!("{text}0"), text.to_uppercase(), text.replace('e', "g"), text.replace("e3", "")];
        for wrong in wrong.into_iter().chain([String::new()]) {
            assert_eq!(wrong.parse::<Digest>(), Err(DigestError), "{wrong}");
        }
    }
}
