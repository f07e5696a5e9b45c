//! B: whether a token says itself what is asked.

use alloc::string::String;
use alloc::vec::Vec;

use super::super::layout::Section;
use super::super::records::{BindRecord, IssuerRecord};
use super::super::view::View;
use super::Question;
use super::asked::Asked;
use super::callers::Callers;
use crate::canonical::RepositoryId;
use crate::invocation::Claims;
use crate::limits::TEXT_BYTES;

impl Question<'_, '_> {
    /// Takes away the callers of one issuer's record whose `bind` is not what is asked.
    pub(super) fn keep_bound(&self, issuer: &IssuerRecord, claims: &Claims, callers: &mut Callers) {
        for bind in self.within.view.records::<BindRecord>(Section::Binds, issuer.binds) {
            let bit = 1_u64 << (bind.caller % 64);
            if let Some(word) = callers.get_mut(bind.caller as usize / 64)
                && *word & bit != 0
                && !is_bound(self.within.view, &bind, claims, self.asked)
            {
                *word &= !bit;
            }
        }
    }
}

fn is_bound(view: View<'_>, bind: &BindRecord, claims: &Claims, asked: &Asked<'_>) -> bool {
    let says = |list: u32| view.numbers(list).len() != 0;
    (!says(bind.repository) || is_repository(view, bind.repository, claims, asked.repository))
        && (!says(bind.reference) || reads(view, bind.reference, claims, asked.reference))
        && (!says(bind.commit) || asked.commit.is_some_and(|commit| reads(view, bind.commit, claims, commit)))
}

/// Whether a list of literals and claims reads, filled in, as a text that is asked. That is canonical, so that what reads
/// the same is canonical too.
pub(super) fn reads(view: View<'_>, list: u32, claims: &Claims, asked: &str) -> bool {
    reads_by(view, list, claims, asked, |front, piece| front == piece)
}

/// The same, where `same` compares each piece with what is asked in its place.
fn reads_by(view: View<'_>, list: u32, claims: &Claims, asked: &str, same: fn(&[u8], &[u8]) -> bool) -> bool {
    let mut rest = asked.as_bytes();
    each_piece(view, list, claims, |piece| match rest.split_at_checked(piece.len()) {
        Some((front, behind)) => {
            rest = behind;
            same(front, piece)
        }
        None => false,
    }) && rest.is_empty()
}

/// Whether a list, filled in, names a repository (C1).
pub(super) fn is_repository(view: View<'_>, list: u32, claims: &Claims, asked: &str) -> bool {
    // Nearly every text is the identity itself, or differs in case on a host that does not tell it; it is not read again
    // where that is known to be a spelling of the repository.
    let same: fn(&[u8], &[u8]) -> bool = match RepositoryId::folds_case(asked) {
        true => |front, piece| front.eq_ignore_ascii_case(piece),
        false => |front, piece| front == piece,
    };
    if asked.len() <= TEXT_BYTES && RepositoryId::is_spelling(asked) && reads_by(view, list, claims, asked, same) {
        return true;
    }
    repository(view, list, claims).is_some_and(|named| named.as_str() == asked)
}

/// The repository that a list, filled in, names; nothing for what is longer than may be asked (section 10).
pub(super) fn repository(view: View<'_>, list: u32, claims: &Claims) -> Option<RepositoryId> {
    let text = filled(view, list, claims)?;
    if text.len() > TEXT_BYTES {
        return None;
    }
    RepositoryId::parse(&text).ok()
}

/// A list of literals and claims as one text; nothing where a claim is absent or no text.
pub(super) fn filled(view: View<'_>, list: u32, claims: &Claims) -> Option<String> {
    let mut text = Vec::new();
    let complete = each_piece(view, list, claims, |piece| {
        text.extend_from_slice(piece);
        true
    });
    // Literals and claims are UTF-8, each by itself.
    String::from_utf8(text).ok().filter(|_| complete)
}

/// A list of literals and claims as its author wrote it.
pub(super) fn template(view: View<'_>, list: u32) -> String {
    let mut text = String::new();
    for (place, piece) in view.texts(list).enumerate() {
        let (open, close) = if place % 2 == 1 { ("{", "}") } else { ("", "") };
        [open, piece, close].into_iter().for_each(|part| text.push_str(part));
    }
    text
}

/// Calls for each piece, from left to right, as long as it is told to go on. False where it is not, and where a claim is
/// absent or no text.
fn each_piece(view: View<'_>, list: u32, claims: &Claims, mut each: impl FnMut(&[u8]) -> bool) -> bool {
    let mut is_claim = false;
    view.numbers(list).iter().all(|at| {
        let text = view.text_bytes(at);
        let piece = if is_claim { text.and_then(|name| claims.text_of(name)) } else { text };
        is_claim = !is_claim;
        piece.is_some_and(&mut each)
    })
}
