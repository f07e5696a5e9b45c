//! B: whether a token says itself what is asked.

use crate::canonical::{CommitId, FullRef, RepositoryId};
use crate::estate::{Caller, CallerKind, ClaimText, Piece};
use crate::invocation::{Claims, Identity};
use crate::limits::TEXT_BYTES;

use super::Question;

/// A text with the claims' texts in it; nothing where one of them is absent or no text.
pub(super) fn filled(text: &ClaimText, claims: &Claims) -> Option<String> {
    let mut filled = String::new();
    for piece in text.pieces() {
        match piece {
            Piece::Literal(literal) => filled.push_str(literal),
            Piece::Claim(name) => filled.push_str(claims.get(name)?.text()?),
        }
    }
    Some(filled)
}

/// The identity of the repository that a filled text names (C1); nothing where it names none, or is longer than what may
/// be asked (section 10).
pub(super) fn repository(filled: &str) -> Option<RepositoryId> {
    if filled.len() > TEXT_BYTES {
        return None;
    }
    RepositoryId::parse(filled).ok()
}

impl Question<'_> {
    /// Whether each part of the caller's `bind` is what is asked. A caller without one asks nothing.
    pub(super) fn is_bound(&self, caller: &Caller) -> bool {
        match (self.invocation.caller(), &caller.kind) {
            (Identity::Token(token), CallerKind::Tokens { bind: Some(bind), .. }) => {
                bind.parts().all(|(part, text)| self.is_asked(part, filled(text, &token.claims).as_deref()))
            }
            _ => true,
        }
    }

    /// Whether a filled text is what is asked in `repository`, `ref` or `commit`.
    pub(super) fn is_asked(&self, part: &str, filled: Option<&str>) -> bool {
        let (asked, Some(filled)) = (self.invocation, filled) else { return false };
        match part {
            "repository" => repository(filled).as_ref() == Some(asked.repository()),
            "ref" => FullRef::parse(filled).is_ok_and(|reference| reference == *asked.reference()),
            "commit" => CommitId::parse(filled).is_ok_and(|commit| Some(&commit) == asked.commit()),
            _ => false,
        }
    }
}
