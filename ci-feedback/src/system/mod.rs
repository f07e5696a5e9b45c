//! The CI systems: how each is recognised, and what its own documented variables say.

mod atlantis;
mod azure;
mod bitbucket;
mod buildkite;
mod circleci;
mod codebuild;
mod github;
mod gitlab;
mod jenkins;
mod prediction;

use crate::input::{Environment, Input};
use crate::problem::{Kind, Note, Problem};

pub(crate) use prediction::predicted_caller;

/// A CI system that is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum System {
    /// GitHub Actions.
    GitHub,
    /// GitLab CI.
    GitLab,
    /// CircleCI.
    CircleCi,
    /// Jenkins.
    Jenkins,
    /// Buildkite.
    Buildkite,
    /// AWS CodeBuild.
    CodeBuild,
    /// Bitbucket Pipelines.
    Bitbucket,
    /// Azure Pipelines.
    Azure,
    /// Atlantis, in a `run` step.
    Atlantis,
}

impl System {
    /// All.
    pub const ALL: [Self; 9] = [
        Self::GitHub,
        Self::GitLab,
        Self::CircleCi,
        Self::Jenkins,
        Self::Buildkite,
        Self::CodeBuild,
        Self::Bitbucket,
        Self::Azure,
        Self::Atlantis,
    ];

    /// The word for it in options and JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::GitHub => "github",
            Self::GitLab => "gitlab",
            Self::CircleCi => "circleci",
            Self::Jenkins => "jenkins",
            Self::Buildkite => "buildkite",
            Self::CodeBuild => "codebuild",
            Self::Bitbucket => "bitbucket",
            Self::Azure => "azure",
            Self::Atlantis => "atlantis",
        }
    }

    /// Its name, for people.
    pub const fn title(self) -> &'static str {
        match self {
            Self::GitHub => "GitHub Actions",
            Self::GitLab => "GitLab CI",
            Self::CircleCi => "CircleCI",
            Self::Jenkins => "Jenkins",
            Self::Buildkite => "Buildkite",
            Self::CodeBuild => "AWS CodeBuild",
            Self::Bitbucket => "Bitbucket Pipelines",
            Self::Azure => "Azure Pipelines",
            Self::Atlantis => "Atlantis",
        }
    }

    /// Reads the word.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|system| system.as_str() == text)
    }

    /// The variables by which it is recognised.
    const fn marks(self) -> &'static [&'static str] {
        match self {
            Self::GitHub => &["GITHUB_ACTIONS"],
            Self::GitLab => &["GITLAB_CI"],
            Self::CircleCi => &["CIRCLECI"],
            Self::Jenkins => &["JENKINS_URL", "JENKINS_HOME"],
            Self::Buildkite => &["BUILDKITE"],
            Self::CodeBuild => &["CODEBUILD_BUILD_ID"],
            Self::Bitbucket => &["BITBUCKET_BUILD_NUMBER"],
            Self::Azure => &["TF_BUILD"],
            Self::Atlantis => &["ATLANTIS_TERRAFORM_VERSION"],
        }
    }

    /// The variables that are read about it, beside its marks.
    const fn variables(self) -> &'static [&'static str] {
        match self {
            Self::GitHub => github::VARIABLES,
            Self::GitLab => gitlab::VARIABLES,
            Self::CircleCi => circleci::VARIABLES,
            Self::Jenkins => jenkins::VARIABLES,
            Self::Buildkite => buildkite::VARIABLES,
            Self::CodeBuild => codebuild::VARIABLES,
            Self::Bitbucket => bitbucket::VARIABLES,
            Self::Azure => azure::VARIABLES,
            Self::Atlantis => atlantis::VARIABLES,
        }
    }

    /// Whether the environment is of it. Some say so by `true`, the others by a variable that nothing else sets.
    fn is_there(self, environment: &Environment) -> bool {
        let says = |name: &&&str| match self {
            Self::GitHub | Self::GitLab | Self::CircleCi | Self::Buildkite => environment.get(name) == Some("true"),
            Self::Azure => environment.get(name) == Some("True"),
            Self::Jenkins | Self::CodeBuild | Self::Bitbucket | Self::Atlantis => environment.get(name).is_some(),
        };
        self.marks().iter().any(|name| says(&name))
    }
}

/// The variable that holds a token, whatever the system: GitLab gives a token the name that the job chose.
pub(crate) const TOKEN: &str = "PORTCULLIS_ID_TOKEN";

/// The names of all environment variables that are read, sorted. Hand over these, never the whole environment.
pub fn needed_variables() -> Vec<&'static str> {
    let of = |system: System| system.marks().iter().chain(system.variables()).copied();
    let mut names: Vec<&str> = System::ALL.into_iter().flat_map(of).chain([TOKEN]).collect();
    names.sort_unstable();
    names.dedup();
    names
}

/// Which system it is: the chosen one, or the only one that the environment is of.
pub(crate) fn recognised(input: &Input) -> Result<System, Problem> {
    if let Some(chosen) = input.options.system {
        return Ok(chosen);
    }
    let mut there = System::ALL.into_iter().filter(|system| system.is_there(&input.environment));
    let words: Vec<String> = System::ALL.iter().map(|system| format!("`{}`", system.as_str())).collect();
    let help = format!("choose the system: {}", words.join(", "));
    match (there.next(), there.next()) {
        (Some(system), None) => Ok(system),
        (Some(one), Some(other)) => Err(Problem::new(
            Kind::System,
            format!("the environment is of {} and of {} at once", one.title(), other.title()),
            help,
        )),
        (None, _) => Err(Problem::new(
            Kind::System,
            "the environment is of no CI system that is known",
            format!("{help}; or decide with `portcullis decide` and all flags"),
        )),
    }
}

/// What a system says about itself. A field that the environment does not say is a problem only if the user does not
/// say it either.
pub(crate) struct Facts {
    pub(crate) repository: Fact,
    pub(crate) reference: Fact,
    /// Nothing where the system does not know it yet.
    pub(crate) commit: Result<Option<Said>, Problem>,
    /// What may surprise, whatever the user says.
    pub(crate) warnings: Vec<Note>,
}

/// What a system says about a field, or why it does not.
pub(crate) type Fact = Result<Said, Problem>;

/// What a system says, and by which variables.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Said {
    pub(crate) value: String,
    pub(crate) source: String,
    pub(crate) warning: Option<String>,
}

impl Said {
    pub(crate) fn new(value: impl Into<String>, source: impl Into<String>) -> Self {
        Self { value: value.into(), source: source.into(), warning: None }
    }

    fn warned(mut self, text: impl Into<String>) -> Self {
        self.warning = Some(text.into());
        self
    }
}

/// What the environment of `system` says.
pub(crate) fn facts(system: System, environment: &Environment) -> Facts {
    match system {
        System::GitHub => github::facts(environment),
        System::GitLab => gitlab::facts(environment),
        System::CircleCi => circleci::facts(environment),
        System::Jenkins => jenkins::facts(environment),
        System::Buildkite => buildkite::facts(environment),
        System::CodeBuild => codebuild::facts(environment),
        System::Bitbucket => bitbucket::facts(environment),
        System::Azure => azure::facts(environment),
        System::Atlantis => atlantis::facts(environment),
    }
}

/// A token that the system puts into the environment by itself, and where.
pub(crate) fn own_token(system: System, environment: &Environment) -> Option<(&str, &'static str)> {
    let names: &[&'static str] = match system {
        System::CircleCi => &[TOKEN, "CIRCLE_OIDC_TOKEN_V2", "CIRCLE_OIDC_TOKEN"],
        System::Bitbucket => &[TOKEN, "BITBUCKET_STEP_OIDC_TOKEN"],
        _ => &[TOKEN],
    };
    names.iter().find_map(|name| environment.get(name).map(|token| (token, *name)))
}

/// The value of one variable as a fact; `missing` says what to pass without it.
fn said(environment: &Environment, name: &str, kind: Kind, help: &str) -> Fact {
    match environment.get(name) {
        Some(value) => Ok(Said::new(value, format!("`{name}`"))),
        None => Err(Problem::new(kind, format!("`{name}` is not set"), help)),
    }
}

/// What to do where the repository is not known.
const PASS_REPOSITORY: &str = "pass the repository, as in `github.com/acme/infrastructure-live`";

/// What to do where the ref is not known.
const PASS_REF: &str = "pass the ref in full, as in `refs/heads/main` or `refs/tags/v1`";

/// The commit of `name`, if it is one. A name of git such as `HEAD` is none, and left out.
fn commit(environment: &Environment, name: &str) -> Result<Option<Said>, Problem> {
    let Some(value) = environment.get(name) else { return Ok(None) };
    if is_commit(value) {
        return Ok(Some(Said::new(value, format!("`{name}`"))));
    }
    Err(Problem::new(
        Kind::Commit,
        format!("`{name}` does not hold a commit, 40 or 64 lower-case hexadecimal digits"),
        "pass the commit, as `git rev-parse HEAD` prints it",
    ))
}

/// The id of a commit in full.
fn is_commit(text: &str) -> bool {
    matches!(text.len(), 40 | 64) && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

/// A number of a pull request: digits only, no leading zero.
fn is_number(text: &str) -> bool {
    !text.is_empty() && !text.starts_with('0') && text.bytes().all(|byte| byte.is_ascii_digit())
}
