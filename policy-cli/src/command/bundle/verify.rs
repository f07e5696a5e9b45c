//! `portcullis bundle verify`: whether a bundle is what a policy says.

use std::io;
use std::path::Path;

use policy_core::Estate;
use policy_core::bundle::Policy;
use policy_core::compile;

use super::super::decide::invalid;
use crate::arguments::BundleVerify;
use crate::bundle;
use crate::diagnostics::Checked;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output;
use crate::progress::Progress;
use crate::suggestion::nearest;
use crate::terminal::ColorWhen;
use ci_feedback::visible;

pub(super) fn run(typed: &BundleVerify, color: ColorWhen) -> Result<Exit, Failure> {
    let bundle::Compiled { policy, module } = bundle::read(&typed.file)?;
    let progress = Progress::begin("checking the policy");
    let checked = Checked::read(&typed.policy)?;
    let Some(estate) = checked.estate() else {
        drop(progress);
        return Ok(invalid(&checked, "proved", color));
    };
    progress.next("proving the bundle");
    let found = match &typed.account {
        Some(name) => other_account(&policy, estate, name)?,
        None => None,
    };
    let found = match found {
        Some(difference) => Err(difference),
        None => compile::verify(&policy, estate).map_err(|difference| difference.to_string()),
    };
    drop(progress);
    let colors = color.colors(&io::stdout());
    let names = |path: &Path| visible(&path.to_string_lossy()).into_owned();
    let (file, directory) = (names(&typed.file), names(&typed.policy));
    let (good, bad) = (colors.good(), colors.bad());
    Ok(match found {
        Ok(proof) => {
            let proved = bundle::proved(proof);
            output::write(&format!(
                "{good}equal{good:#}: `{file}` is what `{directory}` says\nbundle {}\n",
                policy.digest()
            ))?;
            if let Some(module) = module {
                let (kind, made) = (module.kind(), module.made_by());
                output::write(&format!("{kind} {}\n", module.digest()))?;
                output::remark(&format!(
                    "checked: every byte of the {kind} is what portcullis {made} makes of the bundle\n"
                ));
            }
            output::remark(&format!("proved: {proved}\n"));
            Exit::Good
        }
        Err(difference) => {
            output::write(&format!(
                "{bad}different{bad:#}: `{file}` is not what `{directory}` says {}\nbundle {}\n",
                visible(&difference),
                policy.digest()
            ))?;
            output::remark(
                "help: compile the policy again, or verify with the policy that the bundle was compiled from\n",
            );
            Exit::No
        }
    })
}

/// How the bundle is not one of the account that it must be of, if it is not.
fn other_account(policy: &Policy, estate: &Estate, name: &str) -> Result<Option<String>, Failure> {
    let Some(expected) = estate.account(name) else {
        let near = nearest(name, estate.accounts.iter().map(|account| &*account.name));
        let help = match near {
            Some(near) => format!("did you mean `{near}`?"),
            None => "name an account of the policy, by name or id".to_owned(),
        };
        return Err(Failure::input(format!("the policy has no account of the name or id `{name}`"), help));
    };
    let names: Vec<&str> = policy.accounts().map(|account| account.name()).collect();
    Ok(match (&*names, policy.is_one_account()) {
        ([only], true) if **only == *expected.name => None,
        ([only], true) => Some(format!("in its accounts: it is of `{only}`, not of `{}`", expected.name)),
        (names, _) => {
            let count = names.len();
            Some(format!("in its accounts: it is of an estate of {count}, not of `{}` alone", expected.name))
        }
    })
}
