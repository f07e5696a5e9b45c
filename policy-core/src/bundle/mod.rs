//! The policy bundle: a compiled estate or account, and the engine that decides by it.
//!
//! A bundle is one piece of bytes (`docs/bundle-format.md`). [`Policy::load`] checks it and copies nothing: automata and
//! tables are read where they lie. [`Policy::decide`] walks each text of an invocation once, and intersects what comes out:
//! its cost does not depend on how many rules or accounts there are. It allocates nothing, and shares nothing mutable, so
//! that threads may share a policy. Explanations are made only when [`Policy::explain`] asks for them.
//!
//! It shares no matching code with [`reference`](crate::reference); bundles are proved equal to it when they are written.

pub(crate) mod automaton;
mod checksum;
mod contents;
mod decide;
mod error;
pub(crate) mod index;
pub(crate) mod layout;
mod lazy_digest;
pub(crate) mod records;
pub(crate) mod rule_set;
pub(crate) mod validate;
pub(crate) mod view;

use alloc::vec::Vec;

use crate::decision::Digest;

pub use contents::{
    AccountView, ApproverView, CommandView, OptionView, PersonView, PlanView, PositionalView, RepositoryView,
    RequirementsView, RuleView, ToolView, WindowView,
};
#[cfg(feature = "author")]
pub(crate) use decide::arguments;
pub use decide::{VERDICT_BYTES, Verdict};
pub use error::BundleError;
use layout::Header;
pub use layout::ProofRecord;
#[cfg(feature = "author")]
#[doc(hidden)]
pub use layout::seal;
use lazy_digest::LazyDigest;
use view::View;

/// A compiled policy, ready to decide. `B` holds the bundle's bytes: `Vec<u8>`, `&[u8]`, `Arc<[u8]>` …
#[derive(Debug)]
pub struct Policy<B = Vec<u8>> {
    bytes: B,
    header: Header,
    digest: LazyDigest,
}

impl<B: AsRef<[u8]>> Policy<B> {
    /// Checks a bundle and keeps it.
    ///
    /// # Errors
    /// Bytes that are no bundle, of another version, damaged, incomplete, or never proved.
    pub fn load(bytes: B) -> Result<Self, BundleError> {
        let policy = Self::load_unproved(bytes)?;
        if policy.header.proof.is_none() {
            return Err(BundleError::NotProved);
        }
        Ok(policy)
    }

    /// Takes over a bundle that was loaded before and has not changed since, without checking it again: what was baked into
    /// a WebAssembly module. Whoever may change those bytes may change the code beside them too, so that a check there
    /// would show nothing; a host refuses a module by the digest of its file.
    ///
    /// # Errors
    /// Where the bytes do not even begin as a bundle.
    #[doc(hidden)]
    pub fn from_loaded(bytes: B, digest: Digest) -> Result<Self, BundleError> {
        let header = Header::read_again(bytes.as_ref())?;
        Ok(Self { bytes, header, digest: LazyDigest::of(digest) })
    }

    /// Checks a bundle that is still to be proved.
    pub(crate) fn load_unproved(bytes: B) -> Result<Self, BundleError> {
        let header = Header::read(bytes.as_ref())?;
        if header.language != 1 {
            return Err(BundleError::Language { language: header.language });
        }
        let policy = Self { bytes, header, digest: LazyDigest::default() };
        validate::validate(policy.view())?;
        Ok(policy)
    }

    pub(crate) fn view(&self) -> View<'_> {
        View::new(self.bytes.as_ref(), &self.header)
    }

    /// The bundle's bytes.
    pub fn bytes(&self) -> &[u8] {
        self.bytes.as_ref()
    }

    /// SHA-256 of the bundle's bytes, computed when it is first asked for.
    pub fn digest(&self) -> Digest {
        self.digest.get(|| Digest::of(self.bytes.as_ref()))
    }

    /// The version of the language whose meaning the bundle has.
    pub const fn language(&self) -> u32 {
        self.header.language
    }

    /// Whether it is of one account alone (D2).
    pub const fn is_one_account(&self) -> bool {
        self.header.one_account
    }

    /// What was proved of it.
    pub const fn proof(&self) -> Option<ProofRecord> {
        self.header.proof
    }
}
