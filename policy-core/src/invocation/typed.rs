//! An invocation as rules see it: every text is canonical.

use crate::canonical::{CommitId, FullRef, Malformed, RepositoryId, UnitPath};

use super::{Evidence, Identity, RawInvocation};

/// A canonical invocation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invocation {
    account: String,
    caller: Identity,
    repository: RepositoryId,
    reference: FullRef,
    commit: Option<CommitId>,
    path: UnitPath,
    command: String,
    arguments: Vec<String>,
    evidence: Evidence,
}

/// The part of an invocation that is not canonical; the first in the order of E8.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MalformedPart {
    /// The caller.
    Caller,
    /// The repository.
    Repository,
    /// The ref.
    Ref,
    /// The commit.
    Commit,
    /// The path.
    Path,
}

impl Invocation {
    /// Brings all texts to their canonical forms.
    ///
    /// # Errors
    /// The first part that is not canonical, in the order of E8, and why.
    pub fn parse(raw: &RawInvocation) -> Result<Self, (MalformedPart, Malformed)> {
        let part = |part| move |malformed| (part, malformed);
        let caller = Self::parse_caller(raw).map_err(part(MalformedPart::Caller))?;
        let repository = Self::parse_repository(raw).map_err(part(MalformedPart::Repository))?;
        let reference = FullRef::parse(&raw.reference).map_err(part(MalformedPart::Ref))?;
        let commit = parse_commit(raw, &reference).map_err(part(MalformedPart::Commit))?;
        let path = UnitPath::parse(&raw.path).map_err(part(MalformedPart::Path))?;
        Ok(Self {
            account: raw.account.clone(),
            caller,
            repository,
            reference,
            commit,
            path,
            command: raw.command.clone(),
            arguments: raw.arguments.clone(),
            evidence: raw.evidence.clone(),
        })
    }

    /// The caller by itself, for an engine that has checks of its own between.
    ///
    /// # Errors
    /// Where it is not canonical (C6).
    pub fn parse_caller(raw: &RawInvocation) -> Result<Identity, Malformed> {
        Identity::parse(&raw.caller)
    }

    /// The repository by itself.
    ///
    /// # Errors
    /// Where it is not canonical (C1).
    pub fn parse_repository(raw: &RawInvocation) -> Result<RepositoryId, Malformed> {
        RepositoryId::parse(&raw.repository)
    }

    /// The account, by name or id.
    pub fn account(&self) -> &str {
        &self.account
    }

    /// Who asks.
    pub fn caller(&self) -> &Identity {
        &self.caller
    }

    /// From which repository.
    pub fn repository(&self) -> &RepositoryId {
        &self.repository
    }

    /// From which ref.
    pub fn reference(&self) -> &FullRef {
        &self.reference
    }

    /// At which commit.
    pub fn commit(&self) -> Option<&CommitId> {
        self.commit.as_ref()
    }

    /// On which path.
    pub fn path(&self) -> &UnitPath {
        &self.path
    }

    /// Which command.
    pub fn command(&self) -> &str {
        &self.command
    }

    /// With which arguments.
    pub fn arguments(&self) -> &[String] {
        &self.arguments
    }

    /// What the runtime found to hold.
    pub fn evidence(&self) -> &Evidence {
        &self.evidence
    }
}

/// C5: a commit id; where the ref is one, the same.
fn parse_commit(raw: &RawInvocation, reference: &FullRef) -> Result<Option<CommitId>, Malformed> {
    let Some(text) = &raw.commit else { return Ok(None) };
    let commit = CommitId::parse(text)?;
    if reference.is_commit_id() && reference.as_str() != commit.as_str() {
        return Err(Malformed::new("the ref is a commit id, and not that of the commit"));
    }
    Ok(Some(commit))
}
