//! Which claims of a token the rules of an account look at, and what each of them could change.

use alloc::collections::BTreeSet;
use alloc::string::String;

use crate::json::{ArrayWriter, ObjectWriter};

/// The claims of one issuer's tokens that the rules of an account look at, by name.
///
/// Whoever knows some claims of a token, and not all, learns here whether a decision about those that are known is one about
/// the token. A claim more can only make callers match (C6), never keep one from it: it permits through the positive
/// callers of a permit, and through those that a forbid names with `!`; it denies through the positive callers of a
/// forbid, and through those that a permit names with `!`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ClaimUse<'p> {
    /// Of the callers that permits list, with what those bind (B): a permit may match by one more of them.
    pub permits: BTreeSet<&'p str>,
    /// Of the callers that forbids list with `!`, with what those bind: a forbid may cease to match.
    pub lifts: BTreeSet<&'p str>,
    /// Of the callers that forbids list, and that permits list with `!`: a forbid may match, or a permit cease to.
    pub forbids: BTreeSet<&'p str>,
}

/// How a rule lists a caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Listing {
    /// A permit, as one of those that may.
    Permit,
    /// A permit, with `!`.
    PermitExcept,
    /// A forbid, as one of those that may not.
    Forbid,
    /// A forbid, with `!`.
    ForbidExcept,
}

impl<'p> ClaimUse<'p> {
    /// Adds what a rule looks at in a caller that it lists: the caller's claims, and those that its `bind` names, where that
    /// is not set aside (B).
    pub(crate) fn add(
        &mut self,
        listing: Listing,
        claims: impl IntoIterator<Item = &'p str>,
        bound: impl IntoIterator<Item = &'p str>,
    ) {
        let (set, binds) = match listing {
            Listing::Permit => (&mut self.permits, true),
            Listing::ForbidExcept => (&mut self.lifts, true),
            Listing::Forbid | Listing::PermitExcept => (&mut self.forbids, false),
        };
        set.extend(claims);
        if binds {
            set.extend(bound);
        }
    }

    /// As one line of JSON: `{"permits": […], "lifts": […], "forbids": […]}`, each by the bytes of the names.
    pub fn to_json(&self) -> String {
        let mut out = String::new();
        let mut object = ObjectWriter::new(&mut out);
        for (name, claims) in [("permits", &self.permits), ("lifts", &self.lifts), ("forbids", &self.forbids)] {
            let mut list = ArrayWriter::new(object.field(name));
            claims.iter().for_each(|claim| list.text(claim));
            list.finish();
        }
        object.finish();
        out
    }
}
