//! What of an invocation a token must say itself (B).

use std::sync::Arc;

/// What a token says of the invocation that it is the caller for (B). At least one part is there.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Bind {
    /// The repository, in any spelling of C1.
    pub repository: Option<ClaimText>,
    /// The ref, in full (C2).
    pub reference: Option<ClaimText>,
    /// The commit (C5).
    pub commit: Option<ClaimText>,
}

/// A text in which `{CLAIM}` stands for the text of that claim. It names one claim or more.
///
/// ```
/// use policy_core::estate::{ClaimText, Piece};
///
/// let text = ClaimText::parse("github.com/{repository}").unwrap();
/// assert_eq!(text.pieces(), [Piece::Literal("github.com/".into()), Piece::Claim("repository".into())]);
/// assert!(ClaimText::parse("github.com/acme/live").is_err());
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClaimText {
    text: Arc<str>,
    pieces: Vec<Piece>,
}

/// A part of a [`ClaimText`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    /// Text that stands for itself; not empty.
    Literal(Arc<str>),
    /// The name of a claim whose text stands here; not empty.
    Claim(Arc<str>),
}

/// Why a text is no [`ClaimText`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ClaimTextError {
    /// It has no `{CLAIM}`: it would be the same for every token.
    #[error("it names no claim")]
    NoClaim,
    /// `{}`
    #[error("`{{}}` names no claim")]
    EmptyClaim,
    /// A `{` without its `}`, or a `{` within braces.
    #[error("a `{{` is not closed")]
    Unclosed,
    /// A `}` without its `{`.
    #[error("a `}}` closes nothing")]
    Unopened,
}

impl Bind {
    /// The parts that are there, with the names of their attributes, in the order of B.
    pub fn parts(&self) -> impl Iterator<Item = (&'static str, &ClaimText)> {
        let parts = [("repository", &self.repository), ("ref", &self.reference), ("commit", &self.commit)];
        parts.into_iter().filter_map(|(name, text)| Some((name, text.as_ref()?)))
    }
}

impl ClaimText {
    /// Reads a text.
    ///
    /// # Errors
    /// Braces that do not enclose the name of a claim; no claim at all.
    pub fn parse(text: &str) -> Result<Self, ClaimTextError> {
        let mut pieces = Vec::new();
        let mut rest = text;
        let mut claims = false;
        while !rest.is_empty() {
            let (literal, behind) = match rest.split_once('{') {
                Some((literal, behind)) => (literal, Some(behind)),
                None => (rest, None),
            };
            if literal.contains('}') {
                return Err(ClaimTextError::Unopened);
            }
            if !literal.is_empty() {
                pieces.push(Piece::Literal(literal.into()));
            }
            let Some(behind) = behind else { break };
            let (claim, behind) = behind.split_once('}').ok_or(ClaimTextError::Unclosed)?;
            match claim {
                "" => return Err(ClaimTextError::EmptyClaim),
                _ if claim.contains('{') => return Err(ClaimTextError::Unclosed),
                _ => pieces.push(Piece::Claim(claim.into())),
            }
            claims = true;
            rest = behind;
        }
        if claims { Ok(Self { text: text.into(), pieces }) } else { Err(ClaimTextError::NoClaim) }
    }

    /// The text as its author wrote it.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Its parts, from left to right. No two literals follow each other.
    pub fn pieces(&self) -> &[Piece] {
        &self.pieces
    }
}

#[cfg(test)]
mod tests {
    use super::{ClaimText, ClaimTextError, Piece};

    // B
    #[test]
    fn claims_stand_in_braces() {
        let literal = |text: &str| Piece::Literal(text.into());
        let claim = |name: &str| Piece::Claim(name.into());
        for (text, pieces) in [
            ("{ref}", vec![claim("ref")]),
            ("{a}{b}", vec![claim("a"), claim("b")]),
            ("https://x/{a}.git", vec![literal("https://x/"), claim("a"), literal(".git")]),
            ("{https://x/ y}", vec![claim("https://x/ y")]),
        ] {
            let read = ClaimText::parse(text).unwrap();
            assert_eq!((read.as_str(), read.pieces()), (text, &*pieces));
        }
    }

    // B
    #[test]
    fn braces_have_no_other_use() {
        for (text, error) in [
            ("", ClaimTextError::NoClaim),
            ("refs/heads/main", ClaimTextError::NoClaim),
            ("{}", ClaimTextError::EmptyClaim),
            ("{a}{}", ClaimTextError::EmptyClaim),
            ("{a", ClaimTextError::Unclosed),
            ("{a}{", ClaimTextError::Unclosed),
            ("{a{b}", ClaimTextError::Unclosed),
            ("{{a}}", ClaimTextError::Unclosed),
            ("a}", ClaimTextError::Unopened),
            ("{a}}", ClaimTextError::Unopened),
        ] {
            assert_eq!(ClaimText::parse(text), Err(error), "{text}");
        }
    }
}
