//! An invocation whose every part is canonical (section 7), read in E8's order.

use alloc::string::String;
use alloc::vec::Vec;

use super::{Evidence, Identity, RawInvocation};
use crate::canonical::{CommitId, FullRef, Malformed, RepositoryId, UnitPath, is_commit_id};
use crate::prose::say;

/// The part of an invocation that is not canonical; it orders as E8 does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MalformedPart {
    /// The caller (C6).
    Caller,
    /// The repository (C1).
    Repository,
    /// The ref (C2).
    Ref,
    /// The commit (C5).
    Commit,
    /// The path (C3).
    Path,
}

impl MalformedPart {
    /// The reason of the decision: `malformed-caller` and so on (E8).
    pub const fn reason(self) -> &'static str {
        match self {
            Self::Caller => "malformed-caller",
            Self::Repository => "malformed-repository",
            Self::Ref => "malformed-ref",
            Self::Commit => "malformed-commit",
            Self::Path => "malformed-path",
        }
    }
}

/// One request in canonical form. Whether account and command exist is not known here.
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

/// The parts one by one, so that an engine can put its own checks between them.
impl RawInvocation {
    /// The caller (C6).
    ///
    /// # Errors
    /// `malformed-caller`.
    pub fn parse_caller(&self) -> Result<Identity, Malformed> {
        Identity::parse(&self.caller)
    }

    /// The repository (C1). That it differs only in case from a remote is for the engine to find.
    ///
    /// # Errors
    /// `malformed-repository`.
    pub fn parse_repository(&self) -> Result<RepositoryId, Malformed> {
        RepositoryId::parse(&self.repository)
    }

    /// The ref (C2).
    ///
    /// # Errors
    /// `malformed-ref`.
    pub fn parse_reference(&self) -> Result<FullRef, Malformed> {
        FullRef::parse(&self.reference)
    }

    /// The commit, if there is one; it must equal `reference` where that is a commit (C5).
    ///
    /// # Errors
    /// `malformed-commit`.
    pub fn parse_commit(&self, reference: &FullRef) -> Result<Option<CommitId>, Malformed> {
        self.check_commit(reference.as_str())?;
        self.commit.as_deref().map(CommitId::parse).transpose()
    }

    /// Whether there is no commit, or one that fits `reference`, which is canonical (C5).
    pub(crate) fn check_commit(&self, reference: &str) -> Result<(), Malformed> {
        let Some(commit) = &self.commit else { return Ok(()) };
        CommitId::check(commit)?;
        if is_commit_id(reference) && reference != commit {
            let message = say("the commit `{}` is not the one that the ref names, `{}`", &[commit, reference]);
            return Err(Malformed::new(message).help("leave the commit out, or write the same one twice"));
        }
        Ok(())
    }

    /// The path (C3).
    ///
    /// # Errors
    /// `malformed-path`.
    pub fn parse_path(&self) -> Result<UnitPath, Malformed> {
        UnitPath::parse(&self.path)
    }
}

impl Invocation {
    /// Reads all parts in E8's order.
    ///
    /// # Errors
    /// The first part that is not canonical, and what is wrong with it.
    pub fn parse(raw: &RawInvocation) -> Result<Self, (MalformedPart, Malformed)> {
        Self::parse_with(raw, |_| Ok(()))
    }

    /// As [`parse`](Self::parse), with a further check of the repository before anything after it is read: C1 refuses one
    /// that differs only in case from a remote, which only an engine knows.
    ///
    /// # Errors
    /// The first part that is not canonical, and what is wrong with it.
    pub fn parse_with(
        raw: &RawInvocation,
        check_repository: impl FnOnce(&RepositoryId) -> Result<(), Malformed>,
    ) -> Result<Self, (MalformedPart, Malformed)> {
        let of = |part: MalformedPart| move |malformed: Malformed| (part, malformed);
        let caller = raw.parse_caller().map_err(of(MalformedPart::Caller))?;
        let repository = raw.parse_repository().map_err(of(MalformedPart::Repository))?;
        check_repository(&repository).map_err(of(MalformedPart::Repository))?;
        let reference = raw.parse_reference().map_err(of(MalformedPart::Ref))?;
        let commit = raw.parse_commit(&reference).map_err(of(MalformedPart::Commit))?;
        let path = raw.parse_path().map_err(of(MalformedPart::Path))?;
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

    /// The name or id of the account, as asked (C4).
    pub fn account(&self) -> &str {
        &self.account
    }

    /// Who asks.
    pub const fn caller(&self) -> &Identity {
        &self.caller
    }

    /// The repository.
    pub const fn repository(&self) -> &RepositoryId {
        &self.repository
    }

    /// The ref.
    pub const fn reference(&self) -> &FullRef {
        &self.reference
    }

    /// The commit, if it was given; equal to the ref where that is a commit (C5).
    pub const fn commit(&self) -> Option<&CommitId> {
        self.commit.as_ref()
    }

    /// The folder of the unit.
    pub const fn path(&self) -> &UnitPath {
        &self.path
    }

    /// The name of the command, as asked.
    pub fn command(&self) -> &str {
        &self.command
    }

    /// The arguments, each one item, as asked.
    pub fn arguments(&self) -> &[String] {
        &self.arguments
    }

    /// What the runtime proved.
    pub const fn evidence(&self) -> &Evidence {
        &self.evidence
    }
}

#[cfg(test)]
mod tests {
    use super::{Invocation, MalformedPart};
    use crate::canonical::Malformed;
    use crate::invocation::raw::tests::example;
    use crate::invocation::{RawCaller, RawInvocation};

    const PARTS: [(MalformedPart, &str); 5] = [
        (MalformedPart::Caller, "malformed-caller"),
        (MalformedPart::Repository, "malformed-repository"),
        (MalformedPart::Ref, "malformed-ref"),
        (MalformedPart::Commit, "malformed-commit"),
        (MalformedPart::Path, "malformed-path"),
    ];

    fn spoil(raw: &mut RawInvocation, part: MalformedPart) {
        match part {
            MalformedPart::Caller => raw.caller = RawCaller::Principal("ana".to_owned()),
            MalformedPart::Repository => raw.repository = "ext::sh".to_owned(),
            MalformedPart::Ref => raw.reference = "main".to_owned(),
            MalformedPart::Commit => raw.commit = Some("abc".to_owned()),
            MalformedPart::Path => raw.path = "prod/../dev".to_owned(),
        }
    }

    #[test]
    fn all_parts_are_read() {
        let mut raw = example();
        raw.evidence.planned = true;
        let invocation = Invocation::parse(&raw).unwrap();
        assert_eq!(invocation.account(), "prod");
        assert_eq!(invocation.caller().to_string(), "arn:aws:sts::111111111111:assumed-role/ci-main/run-17");
        assert_eq!(invocation.repository().as_str(), "github.com/acme/live");
        assert_eq!(invocation.reference().as_str(), "refs/heads/main");
        assert_eq!(invocation.commit().unwrap().as_str(), "0123456789abcdef0123456789abcdef01234567");
        assert_eq!(invocation.path().as_str(), "prod/eu-west-1/app");
        assert_eq!(
            (invocation.command(), invocation.arguments()),
            ("apply", ["-target=module.app".to_owned()].as_slice())
        );
        assert!(invocation.evidence().planned);
        raw.commit = None;
        assert_eq!(Invocation::parse(&raw).unwrap().commit(), None);
    }

    #[test]
    fn the_first_part_in_order_gives_the_reason() {
        for (index, (first, reason)) in PARTS.into_iter().enumerate() {
            let mut raw = example();
            PARTS.into_iter().skip(index).for_each(|(part, _)| spoil(&mut raw, part));
            let (part, malformed) = Invocation::parse(&raw).unwrap_err();
            assert_eq!((part, part.reason()), (first, reason));
            assert!(!malformed.message.is_empty());
        }
        assert!(PARTS.is_sorted());
    }

    #[test]
    fn a_check_of_the_repository_comes_after_it_and_before_the_ref() {
        let refuse = |raw: &RawInvocation| {
            Invocation::parse_with(raw, |id| Err(Malformed::new(format!("not {id}")))).unwrap_err()
        };
        let mut raw = example();
        spoil(&mut raw, MalformedPart::Ref);
        assert_eq!(refuse(&raw), (MalformedPart::Repository, Malformed::new("not github.com/acme/live")));
        spoil(&mut raw, MalformedPart::Caller);
        assert_eq!(refuse(&raw).0, MalformedPart::Caller);
        assert!(Invocation::parse_with(&example(), |_| Ok(())).is_ok());
    }

    #[test]
    fn a_commit_equals_a_ref_that_is_one() {
        let (one, other) = ("a".repeat(40), "b".repeat(40));
        let parse = |reference: &str, commit: Option<&str>| {
            let raw = RawInvocation { reference: reference.to_owned(), commit: commit.map(str::to_owned), ..example() };
            Invocation::parse(&raw).map_err(|(part, _)| part)
        };
        assert!(parse(&one, Some(&one)).is_ok());
        assert_eq!(parse(&one, None).unwrap().commit(), None);
        assert_eq!(parse(&one, Some(&other)), Err(MalformedPart::Commit));
        assert_eq!(parse(&one, Some(&"a".repeat(64))), Err(MalformedPart::Commit));
        assert_eq!(parse("refs/heads/main", Some(&other)).unwrap().commit().unwrap().as_str(), other);
        assert_eq!(parse("refs/heads/main", Some(&other.to_uppercase())), Err(MalformedPart::Commit));
        assert_eq!(parse("refs/heads/main", Some("")), Err(MalformedPart::Commit));
    }
}
