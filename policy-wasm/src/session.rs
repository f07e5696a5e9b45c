//! What an instance does, without the boundary: an input area, a policy, a result.

use alloc::vec::Vec;

use policy_core::bundle::{Policy, VERDICT_BYTES};
use policy_core::decision::{Decision, Engine};
use policy_core::invocation::RawInvocation;
use policy_core::limits::BUNDLE_BYTES;

use crate::status::Status;

/// The state of an instance.
#[derive(Debug, Default)]
pub struct Session {
    input: Vec<u8>,
    policy: Option<Policy<&'static [u8]>>,
    verdict: Option<[u8; VERDICT_BYTES]>,
    result: Vec<u8>,
}

impl Session {
    /// Nothing asked, nothing loaded.
    pub const fn new() -> Self {
        Self { input: Vec::new(), policy: None, verdict: None, result: Vec::new() }
    }

    /// Forgets what the call before left behind.
    pub fn begin(&mut self) {
        self.verdict = None;
        self.result = Vec::new();
    }

    /// What the last call answered.
    pub fn result(&self) -> &[u8] {
        self.verdict.as_ref().map_or(&self.result, |verdict| verdict)
    }

    /// Makes room for at least `length` bytes, and shows them to whoever writes them.
    ///
    /// # Errors
    /// More than the largest bundle has, or than there is memory.
    pub fn room(&mut self, length: usize) -> Result<&mut [u8], Status> {
        if length > BUNDLE_BYTES {
            return Err(Status::TooLarge);
        }
        if let Some(more) = length.checked_sub(self.input.len()) {
            self.input.try_reserve_exact(more).map_err(|_| Status::Memory)?;
            self.input.resize(length, 0);
        }
        Ok(&mut self.input)
    }

    /// Loads the bundle that was written to the input area, which becomes its home.
    ///
    /// # Errors
    /// A second policy; bytes that are no bundle of this version. The result says it in words.
    pub fn load(&mut self, length: usize) -> Result<(), Status> {
        if self.policy.is_some() {
            return Err(Status::AlreadyLoaded);
        }
        if length > self.input.len() {
            return Err(Status::InputLength);
        }
        let mut bundle = core::mem::take(&mut self.input);
        bundle.truncate(length);
        match Policy::load(&*bundle.leak()) {
            Ok(policy) => {
                self.policy = Some(policy);
                Ok(())
            }
            Err(error) => {
                self.result = error.message().into_bytes();
                Err((&error).into())
            }
        }
    }

    /// Takes up a policy that needs no loading.
    pub fn set_policy(&mut self, policy: Policy<&'static [u8]>) {
        self.policy = Some(policy);
    }

    /// Whether there is a policy.
    pub fn has_policy(&self) -> bool {
        self.policy.is_some()
    }

    /// Decides the invocation in the input area, in its compact form; the result is the verdict's.
    ///
    /// # Errors
    /// No policy; a length beyond the input area; bytes that do not have the form.
    pub fn decide(&mut self, length: usize) -> Result<(), Status> {
        let input = self.input.get(..length).ok_or(Status::InputLength)?;
        let policy = self.policy.as_ref().ok_or(Status::NoPolicy)?;
        let verdict = policy.decide_compact(input).map(|verdict| verdict.to_compact());
        self.forget_input(length);
        self.verdict = Some(verdict.map_err(|_| Status::InputForm)?);
        Ok(())
    }

    /// Decides the invocation in the input area, as JSON; the result is the whole decision as JSON.
    ///
    /// # Errors
    /// No policy; a length beyond the input area.
    pub fn decide_json(&mut self, length: usize) -> Result<(), Status> {
        let input = self.input.get(..length).ok_or(Status::InputLength)?;
        let policy = self.policy.as_ref().ok_or(Status::NoPolicy)?;
        let decision = Decision { engine: Engine::Wasm, ..policy.explain_json(input) };
        self.result = decision.to_json().into_bytes();
        self.forget_input(length);
        Ok(())
    }

    /// Which claims the rules of the account look at that the invocation in the input area, as JSON, asks about; the result
    /// is JSON, and nothing is looked at where no token asks.
    ///
    /// # Errors
    /// No policy; a length beyond the input area; an input that is no invocation.
    pub fn claims(&mut self, length: usize) -> Result<(), Status> {
        let input = self.input.get(..length).ok_or(Status::InputLength)?;
        let policy = self.policy.as_ref().ok_or(Status::NoPolicy)?;
        let claims = RawInvocation::from_json(input).map(|invocation| policy.claim_use_of(&invocation).to_json());
        self.forget_input(length);
        self.result = claims.map_err(|_| Status::InputForm)?.into_bytes();
        Ok(())
    }

    /// SHA-256 of the input, 32 bytes: for hosts that have none at hand.
    ///
    /// # Errors
    /// A length beyond the input area.
    pub fn digest(&mut self, length: usize) -> Result<(), Status> {
        let input = self.input.get(..length).ok_or(Status::InputLength)?;
        self.result = policy_core::decision::Digest::of(input).0.to_vec();
        self.forget_input(length);
        Ok(())
    }

    #[cfg(any(feature = "author", feature = "feedback"))]
    pub(crate) fn input(&self, length: usize) -> Result<&[u8], Status> {
        self.input.get(..length).ok_or(Status::InputLength)
    }

    #[cfg(any(feature = "author", feature = "feedback"))]
    pub(crate) fn answer(&mut self, length: usize, result: Vec<u8>) {
        self.result = result;
        self.forget_input(length);
    }

    /// What one call was asked must not be answered to another.
    fn forget_input(&mut self, length: usize) {
        if let Some(input) = self.input.get_mut(..length) {
            input.fill(0);
        }
    }
}
