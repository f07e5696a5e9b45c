//! The compact form of a verdict.

use policy_core::bundle::VERDICT_BYTES;
use policy_core::decision::{Digest, Outcome, Reason};

use crate::HostError;

/// What a decision says, without its explanation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Verdict {
    /// What it says.
    pub outcome: Outcome,
    /// Why: the first check of E8 that decided.
    pub reason: Reason,
    /// The digest of the account's rules (D1); none where there is no account.
    pub policy: Option<Digest>,
}

impl Verdict {
    /// Reads the compact form.
    ///
    /// # Errors
    /// Bytes that do not have it in every detail: what cannot be read is never a permit.
    pub(crate) fn read(bytes: &[u8]) -> Result<Self, HostError> {
        let bytes: &[u8; VERDICT_BYTES] = bytes.try_into().map_err(|_| HostError::Answer)?;
        let ([outcome, reason, has_policy, zero], digest) = bytes.split_first_chunk().ok_or(HostError::Answer)?;
        let outcome = *Outcome::ALL.get(usize::from(*outcome)).ok_or(HostError::Answer)?;
        let reason = *Reason::ALL.get(usize::from(*reason)).ok_or(HostError::Answer)?;
        let policy = match (has_policy, <[u8; 32]>::try_from(digest)) {
            (0, Ok(digest)) if digest == [0; 32] => None,
            (1, Ok(digest)) => Some(Digest(digest)),
            _ => return Err(HostError::Answer),
        };
        if reason.outcome() != outcome || *zero != 0 {
            return Err(HostError::Answer);
        }
        Ok(Self { outcome, reason, policy })
    }
}

#[cfg(test)]
mod tests {
    use policy_core::decision::{Outcome, Reason};

    use super::Verdict;

    #[test]
    fn only_what_a_decider_writes_is_a_verdict() {
        let mut bytes = [0; 36];
        (bytes[1], bytes[2], bytes[35]) = (10, 1, 7);
        let verdict = Verdict::read(&bytes).unwrap();
        assert_eq!((verdict.outcome, verdict.reason), (Outcome::Permit, Reason::Permitted));
        assert_eq!(verdict.policy.unwrap().0[31], 7);
        for (at, value) in [(0, 1), (0, 3), (1, 9), (1, 13), (2, 0), (2, 2), (3, 1)] {
            let mut changed = bytes;
            changed[at] = value;
            assert!(Verdict::read(&changed).is_err(), "{value} at {at}");
        }
        assert!(Verdict::read(&bytes[..35]).is_err());
        assert!(Verdict::read(&[]).is_err());
    }
}
