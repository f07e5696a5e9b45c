//! A decision for someone who was just denied: what was asked, why not, what would have to differ, and where to look.

use std::path::Path;

use ci_feedback::{Colors, Hidden, explanation};
use policy_core::decision::Decision;
use policy_core::invocation::RawInvocation;

use crate::diagnostics::path_in;

/// The decision as text with a line end; `directory` is the policy directory as it was named, `.` for a bundle,
/// which does not know where its policy lies. Beside what was asked is what is hidden of it.
pub(crate) fn human(
    decision: &Decision<'_>,
    asked: Option<(&RawInvocation, &Hidden)>,
    directory: &Path,
    colors: Colors,
) -> String {
    explanation(decision, asked, &|file| path_in(directory, file), colors)
}

#[cfg(test)]
mod tests;
