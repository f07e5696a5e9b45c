//! From a decision to what a job shows: an explanation, annotations, outputs, a summary and an exit code.

mod decision;
mod doubt;
mod explained;
mod github;
mod summary;

pub use decision::decision as read_decision;
pub use doubt::UsedClaims;

use policy_core::decision::{Decision, Outcome};

use crate::asked::Asked;
use crate::human::{Colors, visible};
use crate::problem::{Kind, Problem};
use crate::system::System;
use doubt::Doubt;

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
    /// Unmet, or the job cannot tell.
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
    /// Where the job cannot tell what the gate will answer, one line that says so, with a line end; else empty. For stderr,
    /// where the decision alone goes to stdout.
    pub doubt: String,
    /// Lines for stdout that the system draws: workflow commands on GitHub, none elsewhere.
    pub annotations: Vec<String>,
    /// For later steps, by name.
    pub outputs: Vec<(&'static str, String)>,
    /// In Markdown, with a line end.
    pub summary: String,
    /// What the system reads from files.
    pub files: Vec<OutputFile>,
}

/// What a job shows of a decision about what it asked. `used` is what the engine says of the claims that the rules look at;
/// without it, and without all claims of the token, the job can tell little.
pub fn report(decision: &Decision<'_>, used: Option<&UsedClaims>, asked: &Asked, view: &View) -> Report {
    let doubt = Doubt::of(decision, asked, used);
    let exit = match (&doubt, decision.outcome(), view.unmet) {
        (Some(_), _, _) | (None, Outcome::Unmet, Unmet::Fail) => Exit::Undecided,
        (None, Outcome::Permit, _) | (None, Outcome::Unmet, Unmet::Pass) => Exit::Good,
        (None, Outcome::Deny, _) => Exit::No,
    };
    let finding = Finding { decision, doubt: doubt.as_ref() };
    let outputs = github::outputs(finding);
    let summary = summary::of_decision(finding, asked, view);
    let on_github = asked.system == System::GitHub;
    Report {
        exit,
        explanation: explained::of_decision(finding, asked, view),
        doubt: doubt.as_ref().map(|_| format!("{}\n", finding.headline())).unwrap_or_default(),
        annotations: if on_github { github::annotations(finding, asked, exit) } else { Vec::new() },
        files: if on_github { github::files(&outputs, &summary) } else { Vec::new() },
        outputs,
        summary,
    }
}

/// A decision, and what keeps a job from being sure of it.
#[derive(Clone, Copy)]
struct Finding<'d> {
    decision: &'d Decision<'d>,
    doubt: Option<&'d Doubt>,
}

impl Finding<'_> {
    /// The word for it.
    const fn word(&self) -> &'static str {
        match self.doubt {
            Some(_) => "cannot tell",
            None => self.decision.outcome().as_str(),
        }
    }

    /// Why, in one line.
    fn message(&self) -> String {
        self.doubt.map_or_else(|| self.decision.message.clone(), |doubt| doubt.message(self.decision))
    }

    fn headline(&self) -> String {
        format!("{}: {}", self.word(), visible(&self.message()))
    }
}

/// The same for the texts that an engine wrote: of a decision, and of the claims that the rules look at.
pub fn report_text(decision: &str, used: Option<&str>, asked: &Asked, view: &View) -> Report {
    let read = decision::decision(decision).map_err(|why| format!("the decision cannot be read: {why}"));
    let used = used.map(decision::used_claims).transpose();
    let used = used.map_err(|why| format!("what is said of the claims that rules look at cannot be read: {why}"));
    match read.and_then(|decision| Ok((decision, used?))) {
        Ok((decision, used)) => report(&decision, used.as_ref(), asked, view),
        Err(why) => {
            let help = "hand over what an engine of this version answered, unchanged";
            of_problems(&[Problem::new(Kind::Decision, why, help)], Some(asked.system), view.colors)
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
        doubt: String::new(),
        annotations: if on_github { github::problems(problems) } else { Vec::new() },
        outputs: Vec::new(),
        files: if on_github { github::files(&[], &summary) } else { Vec::new() },
        summary,
    }
}
