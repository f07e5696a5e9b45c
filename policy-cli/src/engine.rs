//! What answers an invocation: the compiled engine, natively or as WebAssembly, the reference, or both, which must agree.

use ci_feedback::Hidden;
use policy_core::bundle::Policy;
use policy_core::decision::{ClaimUse, Decision, Engine, Reason};
use policy_core::invocation::RawInvocation;
use policy_core::reference::Reference;

use crate::failure::Failure;
use crate::secrets;
use crate::webassembly::Sandbox;

/// What an engine is asked.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Question<'q> {
    /// As it was typed.
    Typed(&'q RawInvocation),
    /// As JSON.
    Json(&'q [u8]),
}

/// The engines that answer.
pub(crate) enum Engines<'e> {
    /// The compiled engine over a bundle that was read from a file.
    Bundle(Policy),
    /// The compiled engine over a directory, compiled in memory.
    Native(Policy),
    /// The compiled engine as WebAssembly, and the policy that is inside.
    Wasm(Box<Sandbox>, Policy),
    /// The reference over a directory.
    Reference(Reference<'e>),
    /// Both over one directory.
    Both(Policy, Reference<'e>),
}

/// An answer.
pub(crate) struct Answer<'p> {
    /// What the engine says; of two the compiled one.
    pub(crate) decision: Decision<'p>,
    /// What the reference says, if that is another thing.
    pub(crate) otherwise: Option<Decision<'static>>,
}

impl Engines<'_> {
    /// The answer.
    ///
    /// # Errors
    /// Where a sandbox has none.
    pub(crate) fn answer(&self, question: Question<'_>) -> Result<Answer<'_>, Failure> {
        Ok(match self {
            Self::Bundle(policy) => native(policy, question).into(),
            Self::Native(policy) => of_directory(native(policy, question)).into(),
            Self::Wasm(sandbox, _) => sandbox.answer(question)?.into(),
            Self::Reference(reference) => direct(reference, question).into(),
            Self::Both(policy, reference) => {
                let decision = of_directory(native(policy, question));
                let other = direct(reference, question);
                let otherwise = (comparable(&decision) != comparable(&other)).then_some(other);
                Answer { decision, otherwise }
            }
        })
    }

    /// Which claims of a token the rules of the account look at that is asked about.
    pub(crate) fn claim_use(&self, asked: &RawInvocation) -> ClaimUse<'_> {
        match self {
            Self::Bundle(policy) | Self::Native(policy) | Self::Wasm(_, policy) | Self::Both(policy, _) => {
                policy.claim_use_of(asked)
            }
            Self::Reference(reference) => reference.claim_use_of(asked),
        }
    }

    /// What is hidden of the arguments of an invocation that was decided for this reason (A5).
    pub(crate) fn hidden(&self, asked: &RawInvocation, reason: Reason) -> Hidden {
        match self {
            Self::Bundle(policy) | Self::Native(policy) | Self::Wasm(_, policy) | Self::Both(policy, _) => {
                secrets::by_bundle(policy, asked, reason)
            }
            Self::Reference(reference) => secrets::by_estate(reference.estate(), asked, reason),
        }
    }
}

impl<'p> From<Decision<'p>> for Answer<'p> {
    fn from(decision: Decision<'p>) -> Self {
        Self { decision, otherwise: None }
    }
}

impl Answer<'_> {
    /// What to say where the engines differ about `what`. Argument vectors may hold secrets (A5), and the text is to be handed
    /// on: of them it says only whether they differ.
    pub(crate) fn difference(&self, what: &str) -> Option<String> {
        let other = self.otherwise.as_ref()?;
        let [ours, theirs] =
            [&self.decision, other].map(|decision| decision.launch.as_ref().map(|launch| &launch.argv));
        let word = if ours == theirs { "[equal]" } else { "[different]" };
        Some(format!(
            "error: the engines differ about {what}\n  native:    {}\n  reference: {}\nhelp: this is a bug in portcullis; \
             please report it with the policy and the invocation\n",
            without_vector(&self.decision, word),
            without_vector(other, word)
        ))
    }
}

fn native<'p>(policy: &'p Policy, question: Question<'_>) -> Decision<'p> {
    match question {
        Question::Typed(raw) => policy.explain_raw(raw),
        Question::Json(json) => policy.explain_json(json),
    }
}

fn direct(reference: &Reference<'_>, question: Question<'_>) -> Decision<'static> {
    match question {
        Question::Typed(raw) => reference.decide_raw(raw),
        Question::Json(json) => reference.decide_json(json),
    }
}

/// A decision as JSON, with a word in place of its argument vector.
fn without_vector(decision: &Decision<'_>, word: &'static str) -> String {
    let mut decision = decision.clone();
    if let Some(launch) = &mut decision.launch {
        launch.argv = vec![word.into()];
    }
    decision.to_json()
}

/// Nobody has the bundle that a directory was compiled to: its digest would lead nowhere.
pub(crate) fn of_directory(decision: Decision<'_>) -> Decision<'_> {
    Decision { bundle: None, ..decision }
}

/// What must be equal across engines, byte for byte.
fn comparable(decision: &Decision<'_>) -> String {
    Decision { engine: Engine::Native, message: String::new(), bundle: None, ..decision.clone() }.to_json()
}

#[cfg(test)]
mod tests {
    use policy_core::bundle::Policy;
    use policy_core::compile::compile;
    use policy_core::reference::Reference;
    use policy_core::{Estate, PolicyFile, check};

    use super::{Engines, Question};

    fn estate(account: &str) -> Estate {
        let text = format!("account \"{account}\" {{ id = \"222222222222\" }}\n");
        check(vec![PolicyFile::new("estate.hcl", text)]).estate.unwrap()
    }

    const ASKED: &[u8] = br#"{"account": "prod", "caller": {"principal": "local:user/ana"},
        "repository": "github.com/acme/live", "ref": "refs/heads/main", "path": "prod", "command": "plan"}"#;

    #[test]
    fn engines_that_agree_have_nothing_to_say() {
        let estate = estate("prod");
        let policy = Policy::load(compile(&estate, None).unwrap().bytes).unwrap();
        let both = Engines::Both(policy, Reference::new(&estate));
        let answer = both.answer(Question::Json(ASKED)).unwrap();
        assert_eq!(answer.decision.reason.as_str(), "unknown-command");
        assert_eq!((answer.decision.bundle, answer.difference("it")), (None, None));
    }

    #[test]
    fn engines_that_differ_are_both_shown() {
        let (estate, other) = (estate("prod"), estate("stage"));
        let policy = Policy::load(compile(&other, None).unwrap().bytes).unwrap();
        let both = Engines::Both(policy, Reference::new(&estate));
        let answer = both.answer(Question::Json(ASKED)).unwrap();
        let text = answer.difference("line 3").unwrap();
        assert!(text.starts_with("error: the engines differ about line 3\n  native:    {\"version\":1"), "{text}");
        assert!(text.contains("unknown-account") && text.contains("  reference: {\"version\":1"), "{text}");
        assert!(text.contains("unknown-command") && text.contains("\nhelp: "), "{text}");
    }
}
