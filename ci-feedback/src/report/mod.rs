//! From a decision to what a job shows: an explanation, annotations, outputs, a summary and an exit code.

mod decision;
mod explained;
mod github;
mod summary;

pub use decision::decision as read_decision;

use policy_core::decision::{Decision, Outcome};

use crate::asked::Asked;
use crate::human::Colors;
use crate::problem::{Kind, Problem};
use crate::system::System;

/// How a job ends: the exit codes of the program.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Exit {
    /// Permitted.
    Good,
    /// Denied.
    No,
    /// The question was put wrong.
    Usage,
    /// What was read is not what it should be.
    Input,
    /// Unmet.
    Undecided,
}

impl Exit {
    /// The number.
    pub const fn code(self) -> u8 {
        match self {
            Self::Good => 0,
            Self::No => 1,
            Self::Usage => 2,
            Self::Input => 3,
            Self::Undecided => 4,
        }
    }
}

/// What `unmet` means for a job. Much of what a rule requires only the runtime can show.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Unmet {
    /// It ends the job with 4.
    #[default]
    Fail,
    /// It is as good as permitted for the exit code, and said all the same.
    Pass,
}

impl Unmet {
    /// Reads `fail` or `pass`.
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "fail" => Some(Self::Fail),
            "pass" => Some(Self::Pass),
            _ => None,
        }
    }
}

/// How a decision is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct View {
    /// Whether the explanation is coloured.
    pub colors: Colors,
    /// What `unmet` means for the exit code.
    pub unmet: Unmet,
    /// Put in front of the names of policy files, as `policy/`; empty where it is not known where the policy lies.
    pub prefix: String,
}

/// A text that is appended to the file that an environment variable names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutputFile {
    /// The variable.
    pub variable: &'static str,
    /// The text, with a line end.
    pub text: String,
}

/// What a job shows. Texts of the invocation and of the policy are in it only in a form that does nothing: no workflow
/// command, no escape of a terminal, no markup.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// How the job ends.
    pub exit: Exit,
    /// For people, with a line end.
    pub explanation: String,
    /// Lines for stdout that the system draws: workflow commands on GitHub, none elsewhere.
    pub annotations: Vec<String>,
    /// For later steps, by name.
    pub outputs: Vec<(&'static str, String)>,
    /// In Markdown, with a line end.
    pub summary: String,
    /// What the system reads from files.
    pub files: Vec<OutputFile>,
}

/// What a job shows of a decision about what it asked.
pub fn report(decision: &Decision<'_>, asked: &Asked, view: &View) -> Report {
    let exit = match (decision.outcome(), view.unmet) {
        (Outcome::Permit, _) | (Outcome::Unmet, Unmet::Pass) => Exit::Good,
        (Outcome::Deny, _) => Exit::No,
        (Outcome::Unmet, Unmet::Fail) => Exit::Undecided,
    };
    let outputs = github::outputs(decision);
    let summary = summary::of_decision(decision, asked, view);
    let on_github = asked.system == System::GitHub;
    Report {
        exit,
        explanation: explained::of_decision(decision, asked, view),
        annotations: if on_github { github::annotations(decision, asked, exit) } else { Vec::new() },
        files: if on_github { github::files(&outputs, &summary) } else { Vec::new() },
        outputs,
        summary,
    }
}

/// The same for the text of a decision, as an engine wrote it.
pub fn report_text(decision: &str, asked: &Asked, view: &View) -> Report {
    match decision::decision(decision) {
        Ok(decision) => report(&decision, asked, view),
        Err(why) => {
            let help = "hand over what an engine of this version answered, unchanged";
            let problem = Problem::new(Kind::Decision, format!("the decision cannot be read: {why}"), help);
            of_problems(&[problem], Some(asked.system), view.colors)
        }
    }
}

/// What a job shows of why it could not ask.
pub fn of_problems(problems: &[Problem], system: Option<System>, colors: Colors) -> Report {
    let usage = problems.iter().all(|problem| problem.kind.is_usage());
    let summary = summary::of_problems(problems);
    let on_github = system == Some(System::GitHub);
    Report {
        exit: if usage { Exit::Usage } else { Exit::Input },
        explanation: explained::of_problems(problems, colors),
        annotations: if on_github { github::problems(problems) } else { Vec::new() },
        outputs: Vec::new(),
        files: if on_github { github::files(&[], &summary) } else { Vec::new() },
        summary,
    }
}
