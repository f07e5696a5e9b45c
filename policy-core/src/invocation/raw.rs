//! What was asked, before any part is read as what it means.

use alloc::string::String;
use alloc::vec::Vec;

use super::fields::{Place, Read};
use super::invalid::at_most;
use super::{Claims, Evidence, InvalidInvocation};
use crate::limits::{ARGUMENT_BYTES, ARGUMENT_ITEMS, ARGUMENTS_BYTES, TEXT_BYTES};

/// One request as it was asked: texts that may mean anything, in a right shape.
///
/// What [`from_json`](Self::from_json) makes is within the limits of section 10; what is built from parts is checked by
/// [`validate`](Self::validate).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RawInvocation {
    /// The name or id of the account.
    pub account: String,
    /// Who asks.
    pub caller: RawCaller,
    /// Any spelling of the repository (C1).
    pub repository: String,
    /// The ref, the field `ref` (C2).
    pub reference: String,
    /// The commit, if it is known already (C5).
    pub commit: Option<String>,
    /// The folder of the unit (C3).
    pub path: String,
    /// The name of the command.
    pub command: String,
    /// The arguments, each one item.
    pub arguments: Vec<String>,
    /// What the runtime proved.
    pub evidence: Evidence,
}

/// Who asks, as it was asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RawCaller {
    /// A principal, the field `principal`.
    Principal(String),
    /// A token, the fields `issuer` and `claims`.
    Token {
        /// Who issued it.
        issuer: String,
        /// What it claims.
        claims: Claims,
    },
}

impl RawInvocation {
    /// Nothing yet: what a reader fills in. It puts each part where it stays, which takes half of the code that it takes to
    /// hold all of them and put them together.
    pub(super) fn empty() -> Self {
        Self {
            account: String::new(),
            caller: RawCaller::Principal(String::new()),
            repository: String::new(),
            reference: String::new(),
            commit: None,
            path: String::new(),
            command: String::new(),
            arguments: Vec::new(),
            evidence: Evidence::default(),
        }
    }

    /// Checks the limits of section 10, save bytes and nesting of JSON: a request from a command line never was JSON.
    /// Account, command, commit and path have none here; they are refused later, with their own reasons.
    ///
    /// # Errors
    /// The first limit that is not kept.
    pub fn validate(&self) -> Result<(), InvalidInvocation> {
        self.caller.check(Place::Named("caller"))?;
        at_most(Place::Named("repository"), self.repository.len(), "bytes", TEXT_BYTES)?;
        at_most(Place::Named("ref"), self.reference.len(), "bytes", TEXT_BYTES)?;
        let arguments = Place::Named("arguments");
        at_most(arguments, self.arguments.len(), "items", ARGUMENT_ITEMS)?;
        for (argument, index) in self.arguments.iter().zip(0_usize..) {
            at_most(Place::Item(&arguments, index), argument.len(), "bytes", ARGUMENT_BYTES)?;
        }
        let all = self.arguments.iter().map(String::len).sum();
        at_most(arguments, all, "bytes altogether", ARGUMENTS_BYTES)?;
        Ok(self.evidence.check()?)
    }
}

impl RawCaller {
    /// Checks the limits that the types leave open; claims keep theirs by themselves.
    pub(super) fn check(&self, place: Place<'_>) -> Read<()> {
        match self {
            Self::Principal(text) => at_most(Place::Field(&place, "principal"), text.len(), "bytes", TEXT_BYTES),
            Self::Token { issuer, .. } => at_most(Place::Field(&place, "issuer"), issuer.len(), "bytes", TEXT_BYTES),
        }
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::{RawCaller, RawInvocation};
    use crate::invocation::{Claims, Evidence, PlanSummary};

    /// An invocation whose every part is canonical.
    pub(in crate::invocation) fn example() -> RawInvocation {
        RawInvocation {
            account: "prod".to_owned(),
            caller: RawCaller::Principal("arn:aws:sts::111111111111:assumed-role/ci-main/run-17".to_owned()),
            repository: "git@github.com:acme/live.git".to_owned(),
            reference: "refs/heads/main".to_owned(),
            commit: Some("0123456789abcdef0123456789abcdef01234567".to_owned()),
            path: "prod/eu-west-1/app".to_owned(),
            command: "apply".to_owned(),
            arguments: vec!["-target=module.app".to_owned()],
            evidence: Evidence::default(),
        }
    }

    fn message(change: impl FnOnce(&mut RawInvocation)) -> Result<(), String> {
        let mut invocation = example();
        change(&mut invocation);
        invocation.validate().map_err(|invalid| invalid.message)
    }

    fn refused(place: &str, count: usize, unit: &str, limit: usize) -> Result<(), String> {
        Err(format!("`{place}` has {count} {unit}, and at most {limit} are allowed"))
    }

    #[test]
    fn texts_are_bounded() {
        assert_eq!(message(|_| ()), Ok(()));
        let (fits, over) = ("é".repeat(512), "a".repeat(1_025));
        assert_eq!(message(|raw| raw.repository.clone_from(&fits)), Ok(()));
        assert_eq!(message(|raw| raw.repository.clone_from(&over)), refused("repository", 1_025, "bytes", 1_024));
        assert_eq!(message(|raw| raw.reference.clone_from(&fits)), Ok(()));
        assert_eq!(message(|raw| raw.reference.clone_from(&over)), refused("ref", 1_025, "bytes", 1_024));
        assert_eq!(message(|raw| raw.caller = RawCaller::Principal(fits.clone())), Ok(()));
        let expected = refused("caller.principal", 1_025, "bytes", 1_024);
        assert_eq!(message(|raw| raw.caller = RawCaller::Principal(over.clone())), expected);
        let token = |issuer: &str| RawCaller::Token { issuer: issuer.to_owned(), claims: Claims::default() };
        assert_eq!(message(|raw| raw.caller = token(&fits)), Ok(()));
        assert_eq!(message(|raw| raw.caller = token(&over)), refused("caller.issuer", 1_025, "bytes", 1_024));
    }

    #[test]
    fn what_has_its_own_reason_is_not_bounded_here() {
        let long = "a".repeat(1 << 20);
        assert_eq!(message(|raw| raw.account.clone_from(&long)), Ok(()));
        assert_eq!(message(|raw| raw.command.clone_from(&long)), Ok(()));
        assert_eq!(message(|raw| raw.path.clone_from(&long)), Ok(()));
        assert_eq!(message(|raw| raw.commit = Some(long.clone())), Ok(()));
    }

    #[test]
    fn arguments_are_counted() {
        let arguments = |count: usize, bytes: usize| message(|raw| raw.arguments = vec!["a".repeat(bytes); count]);
        assert_eq!(arguments(256, 1), Ok(()));
        assert_eq!(arguments(257, 1), refused("arguments", 257, "items", 256));
        assert_eq!(arguments(100_000, 0), refused("arguments", 100_000, "items", 256));
        assert_eq!(arguments(1, 32_768), Ok(()));
        assert_eq!(arguments(1, 32_769), refused("arguments[0]", 32_769, "bytes", 32_768));
        assert_eq!(arguments(4, 32_768), Ok(()));
        assert_eq!(arguments(1, 10 << 20), refused("arguments[0]", 10 << 20, "bytes", 32_768));
        let one_more = message(|raw| {
            raw.arguments = vec!["a".repeat(32_768); 4];
            raw.arguments.push("b".to_owned());
        });
        assert_eq!(one_more, refused("arguments", 131_073, "bytes altogether", 131_072));
    }

    #[test]
    fn evidence_is_checked() {
        let plan = PlanSummary { creates: u64::MAX, updates: 0, replaces: 0, destroys: 0, types: Vec::new() };
        assert!(message(|raw| raw.evidence.plan = Some(plan)).is_err());
    }
}
