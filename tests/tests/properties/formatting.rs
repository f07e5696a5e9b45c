//! A formatted policy is the same policy: every account has the same digest (D1).

use std::sync::Arc;

use policy_core::decision::Digest;
use policy_core::format::format;

use crate::choices::Choices;
use crate::decisions::{checked, written};
use crate::{estates, runner};

fn digests(files: &[(String, String)]) -> Result<Vec<(Arc<str>, Digest)>, String> {
    let estate = checked(files)?;
    Ok(estate.accounts.iter().map(|account| (account.name.clone(), estate.policy_digest(account))).collect())
}

#[test]
fn formatting_changes_no_digest() {
    runner::holds(150, |first, second| {
        let before = written(&estates::estate(&mut Choices::new(first)), second);
        let mut after = Vec::new();
        for (name, text) in &before {
            let formatted = format(text).map_err(|error| format!("{error}: {text}"))?;
            if format(&formatted).as_ref() != Ok(&formatted) {
                return Err(format!("formatting is not done at once:\n{text}\n{formatted}"));
            }
            after.push((name.clone(), formatted));
        }
        if digests(&before)? != digests(&after)? {
            return Err(format!("the digests differ:\n{before:#?}\n{after:#?}"));
        }
        Ok(())
    });
}
