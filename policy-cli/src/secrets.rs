//! Which of the arguments of an invocation are shown (A5): the policy says which are secret.

use ci_feedback::Hidden;
use policy_core::Estate;
use policy_core::bundle::{CommandView, Policy, ToolView};
use policy_core::decision::Reason;
use policy_core::estate::Tool;
use policy_core::invocation::RawInvocation;

/// What a command takes, as far as it tells what is secret.
struct Parameters<'p> {
    either_dashes: bool,
    options: Vec<Parameter<'p>>,
    /// Whether positional arguments are secret; none where there may be none.
    positional: Option<bool>,
}

/// An option or flag.
struct Parameter<'p> {
    name: &'p str,
    is_flag: bool,
    is_secret: bool,
}

/// What is hidden of the arguments by a policy directory, where the reason of the decision is `reason`.
pub(crate) fn by_estate(estate: &Estate, asked: &RawInvocation, reason: Reason) -> Hidden {
    let tool = estate.command(&asked.command).and_then(|command| command.tool());
    hidden(tool.map(Parameters::from).as_ref(), &asked.arguments, reason)
}

/// The same by a bundle.
pub(crate) fn by_bundle(policy: &Policy, asked: &RawInvocation, reason: Reason) -> Hidden {
    let commands = policy.account(&asked.account).map(|account| account.commands()).unwrap_or_default();
    let tool = commands.iter().find(|command| command.name() == asked.command).and_then(CommandView::tool);
    hidden(tool.map(Parameters::from).as_ref(), &asked.arguments, reason)
}

/// All of each item where the command is not known. Where it takes secrets, everything but names that it declares and values
/// that it calls no secret: what is misspelt may be a secret too.
///
/// Where the arguments were not read to the end, a secret may be anywhere: then names that it declares are all that is shown.
fn hidden(parameters: Option<&Parameters<'_>>, arguments: &[String], reason: Reason) -> Hidden {
    let Some(parameters) = parameters else { return arguments.iter().cloned().collect() };
    if !parameters.take_secrets() {
        return Hidden::default();
    }
    let were_read =
        matches!(reason, Reason::Forbidden | Reason::Permitted | Reason::RequirementsUnmet | Reason::NoPermit);
    let mut texts = Vec::new();
    let mut items = arguments.iter();
    while let Some(item) = items.next() {
        if !item.starts_with('-') {
            // Positional arguments that are none were refused, whatever they are.
            texts.extend((parameters.positional != Some(false) || !were_read).then(|| item.clone()));
            continue;
        }
        let (name, value) = item.split_once('=').map_or((&**item, None), |(name, value)| (name, Some(value)));
        match parameters.option(name) {
            None => {
                texts.push(item.clone());
                // What is meant as its value may stand behind it.
                let next = items.clone().next().filter(|next| value.is_none() && !next.starts_with('-'));
                texts.extend(next.cloned());
            }
            Some(option) if option.is_flag => texts.extend(value.map(str::to_owned)),
            Some(option) => {
                let value = value.map(str::to_owned).or_else(|| items.next().cloned());
                texts.extend(value.filter(|_| option.is_secret || !were_read));
            }
        }
    }
    texts.into_iter().collect()
}

impl<'p> Parameters<'p> {
    fn take_secrets(&self) -> bool {
        self.positional == Some(true) || self.options.iter().any(|option| option.is_secret)
    }

    /// A1: the option or flag of a name.
    fn option(&self, name: &str) -> Option<&Parameter<'p>> {
        self.options.iter().find(|option| match self.either_dashes {
            true => undashed(option.name) == undashed(name),
            false => option.name == name,
        })
    }
}

fn undashed(name: &str) -> &str {
    name.strip_prefix("--").or_else(|| name.strip_prefix('-')).unwrap_or(name)
}

impl<'p> From<&'p Tool> for Parameters<'p> {
    fn from(tool: &'p Tool) -> Self {
        let options = tool.options.iter().map(|option| Parameter {
            name: &option.name,
            is_flag: option.values.is_none(),
            is_secret: option.secret,
        });
        Self {
            either_dashes: tool.dashes == policy_core::estate::Dashes::Either,
            options: options.collect(),
            positional: tool.positional.as_ref().map(|positional| positional.secret),
        }
    }
}

impl<'p> From<ToolView<'p>> for Parameters<'p> {
    fn from(tool: ToolView<'p>) -> Self {
        let options = tool.options().into_iter().map(|option| Parameter {
            name: option.name(),
            is_flag: option.values().is_none(),
            is_secret: option.is_secret(),
        });
        Self {
            either_dashes: tool.either_dashes(),
            options: options.collect(),
            positional: tool.positional().map(|positional| positional.is_secret()),
        }
    }
}

#[cfg(test)]
mod tests {
    use policy_core::bundle::Policy;
    use policy_core::compile::compile;
    use policy_core::decision::Reason;
    use policy_core::invocation::RawInvocation;
    use policy_core::{PolicyFile, check};

    use super::{by_bundle, by_estate};

    const POLICY: &str = r#"
runner "r" {
  image = "registry.example.com/runner@sha256:0000000000000000000000000000000000000000000000000000000000000000"
  role  = "tool"
}
command "secret" {
  runner  = "r"
  program = ["tool"]
  effect  = "read"
  option "-token" {
    values = any()
    secret = true
  }
  option "-target" { values = any() }
  flag "-quick" {}
}
command "open" {
  runner  = "r"
  program = ["tool"]
  effect  = "read"
  option "-target" { values = any() }
}
account "prod" {
  id = "222222222222"
  permit "all" {
    callers      = any()
    repositories = any()
    refs         = any()
    paths        = any()
    commands     = any()
  }
}
"#;

    // A5
    #[test]
    fn directory_and_bundle_hide_the_same() {
        let estate = check(vec![PolicyFile::new("estate.hcl", POLICY)]).estate.unwrap();
        let policy = Policy::load(compile(&estate, None).unwrap().bytes).unwrap();
        let (read, refused) = (Reason::Permitted, Reason::ArgumentRefused);
        for (command, given, reason, shown) in [
            ("secret", "-token=SECRET -target=a", read, "-token=[hidden] -target=a"),
            ("secret", "--token SECRET -target a", read, "--token [hidden] -target a"),
            ("secret", "-target=SECRET -quick", refused, "-target=[hidden] -quick"),
            ("secret", "-tokn=SECRET", refused, "[hidden]"),
            ("secret", "-tokn SECRET", refused, "[hidden] [hidden]"),
            ("secret", "-tokenSECRET -quick", refused, "[hidden] -quick"),
            ("secret", "-quick=SECRET SECRET", refused, "-quick=[hidden] [hidden]"),
            ("open", "-target=a -b c", refused, "-target=a -b c"),
            ("unknown", "-target=a b", Reason::UnknownCommand, "[hidden] [hidden]"),
        ] {
            let arguments: Vec<String> = given.split(' ').map(str::to_owned).collect();
            let json = r#"{"account":"prod","caller":{"principal":"local:user/a"},"repository":"github.com/a/b","ref":"x","path":".","command":"x"}"#;
            let asked = RawInvocation::from_json(json.as_bytes()).unwrap();
            let asked = RawInvocation { command: command.to_owned(), arguments, ..asked };
            let hidden = [by_estate(&estate, &asked, reason), by_bundle(&policy, &asked, reason)];
            assert_eq!(hidden.map(|hidden| hidden.command_line(&asked.arguments)), [shown, shown], "{command} {given}");
        }
    }
}
