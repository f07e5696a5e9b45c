//! Bundles as the program makes, reads and tells them.

mod document;
mod file;
mod human;
mod in_force;

use std::borrow::Cow;

use policy_core::bundle::{AccountView, Policy, ProofRecord};
use policy_core::compile::{self, CompileError};
use policy_core::decision::Digest;

use crate::arguments::PolicyFormat;
use crate::diagnostics::Checked;
use crate::failure::Failure;
use crate::webassembly;

pub(crate) use document::{CompiledDocument, Document};
pub(crate) use file::{Compiled, Target, read};
pub(crate) use human::{compiled, shown};

/// Compiles a checked policy, or one account of it, and proves the bundle.
///
/// # Errors
/// Where it cannot be compiled: with the place of the rule, if one is to blame.
pub(crate) fn compile(checked: &Checked, account: Option<&str>) -> Result<compile::Compiled, Failure> {
    let Some(estate) = checked.estate() else {
        return Err(Failure::input("the policy is invalid", "`portcullis check` shows its mistakes"));
    };
    compile::compile(estate, account).map_err(|error| not_compiled(&error, |file| checked.path_of(file)))
}

fn not_compiled(error: &CompileError, path_of: impl Fn(&str) -> String) -> Failure {
    let help = error.help();
    match error {
        CompileError::Unproved(_) => Failure::bug(error.to_string()),
        CompileError::TooLarge { place: Some(place), .. } => {
            Failure::input(format!("{error}, at {}:{}", path_of(&place.file), place.line), help)
        }
        _ => Failure::input(error.to_string(), help),
    }
}

/// Compiles and takes the bundle up, to decide by it here and now.
///
/// # Errors
/// Where it cannot be compiled.
pub(crate) fn compile_in_memory(checked: &Checked, account: Option<&str>) -> Result<Policy, Failure> {
    load(compile(checked, account)?.bytes)
}

/// Takes up a bundle that was just compiled.
///
/// # Errors
/// Where it is none, which would be a bug.
pub(crate) fn load<B: AsRef<[u8]>>(bytes: B) -> Result<Policy<B>, Failure> {
    Policy::load(bytes).map_err(|error| Failure::bug(format!("what was compiled cannot be read: {error}")))
}

/// The file of a format that holds a bundle.
///
/// # Errors
/// Where the bundle does not fit into one.
pub(crate) fn file_of<B: AsRef<[u8]>>(policy: &Policy<B>, format: PolicyFormat) -> Result<Cow<'_, [u8]>, Failure> {
    Ok(match format {
        PolicyFormat::Bundle => Cow::Borrowed(policy.bytes()),
        PolicyFormat::Wasm => Cow::Owned(webassembly::module(policy)?),
        PolicyFormat::Component => Cow::Owned(webassembly::component(policy)?),
    })
}

/// The file that holds a compiled policy.
pub(crate) struct Written {
    pub(crate) format: PolicyFormat,
    pub(crate) bytes: usize,
    pub(crate) digest: Digest,
}

/// The account of a name or id.
///
/// # Errors
/// Where the bundle has none, with the one that was probably meant.
pub(crate) fn account<'p, B: AsRef<[u8]>>(policy: &'p Policy<B>, name: &str) -> Result<AccountView<'p>, Failure> {
    policy.account(name).ok_or_else(|| {
        let near = crate::suggestion::nearest(name, policy.accounts().map(|account| account.name()));
        let help = match near {
            Some(near) => format!("did you mean `{near}`?"),
            None => "`portcullis bundle show FILE` lists its accounts".to_owned(),
        };
        Failure::input(format!("the bundle has no account of the name or id `{name}`"), help)
    })
}

/// What was proved, in words.
pub(crate) fn proved(proof: ProofRecord) -> String {
    format!(
        "{} and {} agree with the reference's reading of the policy",
        counted(proof.pairs, "pair of states", "pairs of states"),
        counted(proof.entries, "entry of tables", "entries of tables"),
    )
}

/// `1 pair`, `12,345 pairs`.
fn counted(number: u64, one: &str, many: &str) -> String {
    format!("{} {}", grouped(number), if number == 1 { one } else { many })
}

/// A number with a comma before every three digits.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() * 4 / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use policy_core::compile::CompileError;
    use policy_core::estate::Place;

    use super::{grouped, not_compiled};
    use crate::exit::Exit;

    #[test]
    fn what_is_too_large_is_found_by_its_place() {
        let place = Some(Place { file: "accounts/prod.hcl".into(), line: 7 });
        let error = CompileError::TooLarge { attribute: "paths", owner: "plan".to_owned(), place };
        let failure = not_compiled(&error, |file| format!("policy/{file}"));
        assert_eq!(failure.exit(), Exit::Input);
        assert!(failure.to_string().ends_with(", at policy/accounts/prod.hcl:7"), "{failure}");
        assert_eq!(not_compiled(&CompileError::Overflow, str::to_owned).exit(), Exit::Input);
    }

    #[test]
    fn numbers_are_grouped_by_three() {
        for (number, text) in [(0, "0"), (999, "999"), (1_000, "1,000"), (1_234_567, "1,234,567")] {
            assert_eq!(grouped(number), text);
        }
    }
}
