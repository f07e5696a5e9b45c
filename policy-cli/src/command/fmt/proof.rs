//! What a policy means is the same, formatted and not: the digests of all accounts (D1) say so.
//!
//! The formatter itself has compared the tokens and the syntax tree of each file. That would do; the digests are what a
//! decision carries, and come by quite another way.

use std::ffi::OsStr;
use std::sync::Arc;

use policy_core::decision::Digest;
use policy_core::{Estate, PolicyFile, check};

use super::target::Formatted;
use crate::failure::Failure;
use crate::policy_directory::is_policy;

/// What shows that formatting changed no meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Proof {
    /// There is nothing to show, or no directory to check: the formatter's own comparison stands.
    NotNeeded,
    /// The digest of every account is the same.
    OfDigests,
    /// The policy has mistakes, so that there is no estate; the trees of the files are the same.
    OfTrees,
}

/// Proves that the changes change nothing.
///
/// # Errors
/// Where they do: a bug.
pub(super) fn of(formatted: &Formatted) -> Result<Proof, Failure> {
    let policy: Vec<&PolicyFile> = formatted.files.iter().filter(|file| is_policy(OsStr::new(&file.name))).collect();
    if !formatted.is_directory || !policy.iter().any(|file| formatted.after.contains_key(&file.name)) {
        return Ok(Proof::NotNeeded);
    }
    let Some(before) = digests(policy.iter().copied().cloned().collect()) else { return Ok(Proof::OfTrees) };
    let changed = |file: &&PolicyFile| match formatted.after.get(&file.name) {
        Some(text) => PolicyFile::new(&file.name, text.as_bytes()),
        None => PolicyFile::clone(file),
    };
    let after = digests(policy.iter().map(changed).collect());
    if after.as_ref() == Some(&before) {
        return Ok(Proof::OfDigests);
    }
    let name = after.and_then(|after| before.into_iter().find(|account| !after.contains(account)));
    let name = name.map_or_else(|| "the policy".to_owned(), |(name, _)| format!("the rules of account `{name}`"));
    Err(Failure::bug(format!("the formatter would change {name}")))
}

/// The digest of every account; none where the policy has mistakes.
fn digests(files: Vec<PolicyFile>) -> Option<Vec<(Arc<str>, Digest)>> {
    let estate: Estate = check(files).estate?;
    Some(estate.accounts.iter().map(|account| (account.name.clone(), estate.policy_digest(account))).collect())
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::super::target::Target;
    use super::{Proof, of};

    const ESTATE: &str = "account \"prod\" {\nid=\"222222222222\"\n}\n";

    fn formatted(directory: &Path, text: &str) -> super::Formatted {
        std::fs::write(directory.join("estate.hcl"), text).unwrap();
        Target::read(directory).unwrap().format().unwrap()
    }

    #[test]
    fn a_directory_is_proved_by_digests_where_it_checks() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path();
        assert_eq!(of(&formatted(path, ESTATE)).unwrap(), Proof::OfDigests);
        assert_eq!(of(&formatted(path, "account \"prod\" {}\n\n")).unwrap(), Proof::OfTrees);
        assert_eq!(of(&formatted(path, "# formatted\n")).unwrap(), Proof::NotNeeded);
    }

    #[test]
    fn a_changed_meaning_is_a_bug() {
        let directory = tempfile::tempdir().unwrap();
        let mut changed = formatted(directory.path(), ESTATE);
        for text in [ESTATE.replace("2\"", "3\""), ESTATE.replace("prod", "stage"), "nonsense".to_owned()] {
            changed.after.insert("estate.hcl".to_owned(), text);
            let failure = of(&changed).unwrap_err();
            assert!(failure.to_string().starts_with("internal: the formatter would change the "), "{failure}");
        }
    }
}
