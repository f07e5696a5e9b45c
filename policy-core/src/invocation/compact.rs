//! The compact binary form of an invocation: what a host hands to the WebAssembly module without making JSON of it.
//! `docs/wasm-abi.md` has it for people. Numbers are little-endian.

use alloc::string::String;
use alloc::vec::Vec;

use super::{Evidence, InvalidInvocation, RawCaller, RawInvocation};
use crate::prose::say;

/// Bytes before the lengths of the arguments.
const HEADER_BYTES: usize = 44;
/// `kind`: the caller is a principal.
const PRINCIPAL: u32 = 0;
/// `kind`: the caller is JSON, `{"issuer": …, "claims": {…}}`.
const TOKEN: u32 = 1;
/// `flags`: a commit is given.
const COMMIT: u32 = 1;
/// `flags`: evidence is given.
const EVIDENCE: u32 = 2;

/// What the compact form is written from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CompactInvocation<'a> {
    /// The name or id of the account.
    pub account: &'a str,
    /// Who asks.
    pub caller: CompactCaller<'a>,
    /// Any spelling of the repository (C1).
    pub repository: &'a str,
    /// The ref (C2).
    pub reference: &'a str,
    /// The commit, if it is known already (C5).
    pub commit: Option<&'a str>,
    /// The folder of the unit (C3).
    pub path: &'a str,
    /// The name of the command.
    pub command: &'a str,
    /// The arguments, each one item.
    pub arguments: &'a [&'a str],
    /// What the runtime proved, as JSON: what stands in the field `evidence` of an invocation.
    pub evidence: Option<&'a str>,
}

/// Who asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CompactCaller<'a> {
    /// A principal.
    Principal(&'a str),
    /// A token as JSON: `{"issuer": …, "claims": {…}}`.
    Token(&'a str),
}

impl CompactInvocation<'_> {
    /// Appends the compact form.
    ///
    /// ```
    /// use policy_core::invocation::{CompactCaller, CompactInvocation, RawInvocation};
    ///
    /// let asked = CompactInvocation {
    ///     account: "prod",
    ///     caller: CompactCaller::Principal("local:user/ana"),
    ///     repository: "github.com/acme/live",
    ///     reference: "refs/heads/main",
    ///     commit: None,
    ///     path: "prod/app",
    ///     command: "plan",
    ///     arguments: &["-target=module.app"],
    ///     evidence: Some(r#"{"planned": true}"#),
    /// };
    /// let mut bytes = Vec::new();
    /// asked.write(&mut bytes);
    /// let raw = RawInvocation::from_compact(&bytes).unwrap();
    /// assert_eq!(raw.arguments, ["-target=module.app"]);
    /// assert!(raw.evidence.planned);
    /// ```
    pub fn write(&self, out: &mut Vec<u8>) {
        let (kind, caller) = match self.caller {
            CompactCaller::Principal(text) => (PRINCIPAL, text),
            CompactCaller::Token(json) => (TOKEN, json),
        };
        let given = |part: Option<&str>, flag: u32| if part.is_some() { flag } else { 0 };
        let flags = given(self.commit, COMMIT) | given(self.evidence, EVIDENCE);
        let (commit, evidence) = (self.commit.unwrap_or_default(), self.evidence.unwrap_or_default());
        let parts = [self.account, caller, self.repository, self.reference, commit, self.path, self.command, evidence];
        // A length that needs more is refused by every reader.
        let mut number = |number: usize| out.extend(u32::try_from(number).unwrap_or(u32::MAX).to_le_bytes());
        [kind as usize, flags as usize].into_iter().for_each(&mut number);
        parts.iter().for_each(|part| number(part.len()));
        number(self.arguments.len());
        self.arguments.iter().for_each(|argument| number(argument.len()));
        for text in parts.iter().chain(self.arguments) {
            out.extend(text.as_bytes());
        }
    }
}

/// Why bytes are no invocation in the compact form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CompactError {
    /// The bytes do not have the form: whoever wrote them has a bug.
    Form,
    /// They have, and what they say is `invalid-invocation`.
    Invalid(InvalidInvocation),
}

impl From<InvalidInvocation> for CompactError {
    fn from(invalid: InvalidInvocation) -> Self {
        Self::Invalid(invalid)
    }
}

impl RawInvocation {
    /// Reads the compact form, which `bytes` are to the last one.
    ///
    /// # Errors
    /// Lengths that do not add up, unknown kinds and flags; texts that are not UTF-8, evidence and claims that are no JSON
    /// of theirs, limits (all `invalid-invocation`).
    pub fn from_compact(bytes: &[u8]) -> Result<Self, CompactError> {
        let (header, rest) = bytes.split_at_checked(HEADER_BYTES).ok_or(CompactError::Form)?;
        let mut words = header.chunks_exact(4).map(word);
        let mut next = || words.next().unwrap_or_default();
        let (kind, flags) = (next(), next());
        if kind > TOKEN || flags > (COMMIT | EVIDENCE) {
            return Err(CompactError::Form);
        }
        let lengths = [next(), next(), next(), next(), next(), next(), next(), next()];
        let arguments = next() as usize;
        let (argument_lengths, texts) =
            arguments.checked_mul(4).and_then(|bytes| rest.split_at_checked(bytes)).ok_or(CompactError::Form)?;
        let mut items = Parts(texts);
        let mut parts = [&[][..]; 8];
        for (part, length) in parts.iter_mut().zip(lengths) {
            *part = items.next(length)?;
        }
        let [account, caller, repository, reference, commit, path, command, evidence] = parts;
        // All of the form comes before anything that the texts say.
        let mut behind = Parts(items.0);
        for length in argument_lengths.chunks_exact(4) {
            behind.next(word(length))?;
        }
        let absent = (flags & COMMIT == 0 && !commit.is_empty()) || (flags & EVIDENCE == 0 && !evidence.is_empty());
        if absent || !behind.0.is_empty() {
            return Err(CompactError::Form);
        }
        let mut invocation = Self::empty();
        text("account", account, &mut invocation.account)?;
        match &mut invocation.caller {
            RawCaller::Principal(principal) if kind == PRINCIPAL => text("caller.principal", caller, principal)?,
            read => *read = token(caller)?,
        }
        text("repository", repository, &mut invocation.repository)?;
        text("ref", reference, &mut invocation.reference)?;
        if flags & COMMIT != 0 {
            text("commit", commit, invocation.commit.insert(String::new()))?;
        }
        text("path", path, &mut invocation.path)?;
        text("command", command, &mut invocation.command)?;
        for length in argument_lengths.chunks_exact(4) {
            let mut argument = String::new();
            text("arguments", items.next(word(length))?, &mut argument)?;
            invocation.arguments.push(argument);
        }
        if flags & EVIDENCE != 0 {
            invocation.evidence = Evidence::from_json(evidence)?;
        }
        invocation.validate()?;
        Ok(invocation)
    }
}

/// Parts one behind the other, those that were not taken yet.
struct Parts<'a>(&'a [u8]);

impl<'a> Parts<'a> {
    fn next(&mut self, length: u32) -> Result<&'a [u8], CompactError> {
        let (part, behind) = self.0.split_at_checked(length as usize).ok_or(CompactError::Form)?;
        self.0 = behind;
        Ok(part)
    }
}

fn word(bytes: &[u8]) -> u32 {
    bytes.first_chunk().map_or(0, |bytes| u32::from_le_bytes(*bytes))
}

fn text(field: &str, bytes: &[u8], into: &mut String) -> Result<(), CompactError> {
    let text = core::str::from_utf8(bytes);
    into.push_str(text.map_err(|_| InvalidInvocation::new(say("`{}` is not UTF-8", &[field])))?);
    Ok(())
}

/// A token as JSON; a principal has a kind of its own.
fn token(json: &[u8]) -> Result<RawCaller, CompactError> {
    match RawCaller::from_json(json)? {
        RawCaller::Principal(_) => Err(CompactError::Form),
        token @ RawCaller::Token { .. } => Ok(token),
    }
}
