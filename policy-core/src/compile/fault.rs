//! Mistakes that tests put into the compiler, one at a time, to see that the proof finds each of them.
//!
//! In a program nobody can: there [`injected`] is always false, and costs nothing.

/// A mistake.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    /// A repeated pattern is matched once.
    RepetitionOnce,
    /// A counted repetition never counts down.
    RepetitionKeepsCount,
    /// The members with `!` are forgotten.
    LostNegation,
    /// A member of a list is forgotten.
    LostMember,
    /// The list is matched by its members with `!` alone.
    SwappedNegation,
    /// A text ends where only its beginning was read.
    AcceptsPrefix,
    /// A text is not accepted where it ends.
    LostAccept,
    /// The text before the first wildcard is one character shorter.
    ShortPrefix,
    /// States with different labels become one.
    MergedTooEarly,
    /// A range of bytes ends one too early.
    ShortRange,
    /// A range of bytes ends one too late.
    LongRange,
    /// Any other character leads nowhere.
    LostOtherwise,
    /// Characters beyond ASCII lead where ASCII does.
    NoUtf8,
    /// Two ways of a table are swapped.
    SwappedWays,
    /// The largest rule is missing from a set.
    LostRule,
    /// A rule too many is in a set.
    ExtraRule,
    /// The label where nothing matches has no rule.
    LostOtherwiseRules,
    /// A forbid is counted among the permits.
    ForbidPermits,
    /// The last forbid is forgotten.
    ForgottenForbid,
    /// A permit has no requirements.
    LostRequirements,
    /// One approval too few is required.
    FewerApprovals,
    /// An approver with `!` may approve.
    LostExcludedApprover,
    /// A plan need not be saved.
    LostPlanned,
    /// A limit of the plan is one higher.
    HigherLimit,
    /// A window is a minute longer.
    LongerWindow,
    /// The last moment is a day later.
    LaterMoment,
    /// `protected()` means nothing.
    LostProtected,
    /// What a repository protects is another's.
    OtherProtected,
    /// A remote is missing from the index.
    LostRemote,
    /// A remote is not canonical.
    RemoteCase,
    /// The sessions of a caller are forgotten.
    LostSessions,
    /// A claim of a caller is forgotten.
    LostClaim,
    /// A caller with `!` is forgotten.
    LostExcludedCaller,
    /// An issuer is missing from the index.
    LostIssuer,
    /// What a caller binds is forgotten.
    LostBind,
    /// The ref that a caller binds is forgotten.
    LostBoundRef,
    /// What a caller binds is another's.
    OtherBound,
    /// A member of a claim with `!` does not take away a whole list.
    LostExcludedElement,
    /// Members of a claim with `!` allow elements that are not understood.
    LostOddElement,
    /// A ref whose tip must be included is forgotten.
    LostIncludedTip,
    /// A check that must have passed is forgotten.
    LostCheck,
    /// An option that must be given may be left out.
    LostRequired,
    /// That options must be given is forgotten of the whole command.
    LostRequires,
    /// A command that no rule selects is there.
    CommandOfOthers,
    /// The values of an option are not looked at.
    LostValues,
    /// A condition on arguments is forgotten.
    LostCondition,
    /// A forbid with a condition on arguments matches without any.
    AbsentForbid,
    /// An item that is always passed is missing.
    LostAlways,
    /// A variable of the runner wins over the command's.
    RunnerEnvironmentWins,
    /// An option's flags are another's.
    LostSecret,
    /// The digest is another account's.
    OtherDigest,
    /// The id is another account's.
    OtherId,
    /// An account has the rules of another.
    OtherScope,
    /// A rule's place is another line.
    OtherLine,
    /// An explanation has another text.
    OtherText,
}

#[cfg(not(test))]
pub(crate) const fn injected(_: Fault) -> bool {
    false
}

#[cfg(test)]
pub(crate) use testing::{injected, with};

#[cfg(test)]
mod testing {
    use std::cell::Cell;

    use super::Fault;

    impl Fault {
        /// All of them.
        pub(crate) const ALL: [Self; 55] = [
            Self::RepetitionOnce,
            Self::RepetitionKeepsCount,
            Self::LostNegation,
            Self::LostMember,
            Self::SwappedNegation,
            Self::AcceptsPrefix,
            Self::LostAccept,
            Self::ShortPrefix,
            Self::MergedTooEarly,
            Self::ShortRange,
            Self::LongRange,
            Self::LostOtherwise,
            Self::NoUtf8,
            Self::SwappedWays,
            Self::LostRule,
            Self::ExtraRule,
            Self::LostOtherwiseRules,
            Self::ForbidPermits,
            Self::ForgottenForbid,
            Self::LostRequirements,
            Self::FewerApprovals,
            Self::LostExcludedApprover,
            Self::LostPlanned,
            Self::HigherLimit,
            Self::LongerWindow,
            Self::LaterMoment,
            Self::LostProtected,
            Self::OtherProtected,
            Self::LostRemote,
            Self::RemoteCase,
            Self::LostSessions,
            Self::LostClaim,
            Self::LostExcludedCaller,
            Self::LostIssuer,
            Self::LostBind,
            Self::LostBoundRef,
            Self::OtherBound,
            Self::LostExcludedElement,
            Self::LostOddElement,
            Self::LostIncludedTip,
            Self::LostCheck,
            Self::LostRequired,
            Self::LostRequires,
            Self::CommandOfOthers,
            Self::LostValues,
            Self::LostCondition,
            Self::AbsentForbid,
            Self::LostAlways,
            Self::RunnerEnvironmentWins,
            Self::LostSecret,
            Self::OtherDigest,
            Self::OtherId,
            Self::OtherScope,
            Self::OtherLine,
            Self::OtherText,
        ];
    }

    thread_local! {
        static FAULT: Cell<Option<Fault>> = const { Cell::new(None) };
        static MET: Cell<bool> = const { Cell::new(false) };
    }

    /// Whether this mistake is to be made now.
    pub(crate) fn injected(fault: Fault) -> bool {
        let now = FAULT.get() == Some(fault);
        if now {
            MET.set(true);
        }
        now
    }

    /// Does something with a mistake put in; tells whether the compiler came to where it is made.
    pub(crate) fn with<T>(fault: Fault, work: impl FnOnce() -> T) -> (T, bool) {
        FAULT.set(Some(fault));
        MET.set(false);
        let result = work();
        FAULT.set(None);
        (result, MET.get())
    }
}
