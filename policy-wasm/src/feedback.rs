//! What the feedback module does: from a job's environment to an invocation, from a decision to what the job shows
//! (`docs/ci-feedback.md`).

use ci_feedback::wire;

use crate::session::Session;
use crate::status::Status;

impl Session {
    /// The names of the environment variables that are read, as JSON: a host passes no others.
    pub fn variables(&mut self) {
        self.answer(0, wire::needed_variables_json().into_bytes());
    }

    /// Makes an invocation of what a job says: JSON in, JSON out.
    ///
    /// # Errors
    /// A length beyond the input area.
    pub fn invocation(&mut self, length: usize) -> Result<(), Status> {
        let result = wire::invocation_json(self.input(length)?);
        self.answer(length, result.into_bytes());
        Ok(())
    }

    /// Makes of a decision what a job shows: JSON in, JSON out.
    ///
    /// # Errors
    /// A length beyond the input area.
    pub fn report(&mut self, length: usize) -> Result<(), Status> {
        let result = wire::report_json(self.input(length)?);
        self.answer(length, result.into_bytes());
        Ok(())
    }
}
