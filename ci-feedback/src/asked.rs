//! From what a job knows to an invocation.

use policy_core::canonical::FullRef;
use policy_core::invocation::{Evidence, RawCaller, RawInvocation};
use policy_core::json::{Limits, ObjectWriter, read};
use policy_core::limits::{INVOCATION_BYTES, INVOCATION_NESTING};

use crate::input::{Environment, Input, Options};
use crate::limits::VARIABLE_BYTES;
use crate::problem::{Kind, Note, Problem};
use crate::system::{Facts, Said, System, facts, needed_variables, own_token, predicted_caller, recognised};
use crate::{repository, token};

/// How the caller is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CallerKind {
    /// The user said it: a principal, or claims.
    Given,
    /// The claims of a token, which nobody verified.
    Token,
    /// The claims that GitHub's token would have, from the environment: those that it says, of which it may have more.
    Predicted,
}

impl CallerKind {
    /// All.
    pub const ALL: [Self; 3] = [Self::Given, Self::Token, Self::Predicted];

    /// The word for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Given => "given",
            Self::Token => "token",
            Self::Predicted => "predicted",
        }
    }
}

/// What is asked, and how it came to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// The CI system.
    pub system: System,
    /// The invocation.
    pub invocation: RawInvocation,
    /// How its caller is known.
    pub caller: CallerKind,
    /// Of a predicted token the claims that it is known not to have. Others that it lacks are not known.
    pub absent: Vec<String>,
    /// Where its fields come from, and what may surprise.
    pub notes: Vec<Note>,
}

impl Asked {
    /// The invocation as one line of the language's JSON, as an engine reads it. It has no evidence.
    pub fn invocation_json(&self) -> String {
        self.invocation.to_json()
    }
}

/// From what a job knows to the invocation that it would ask for. Nothing is guessed: what the environment leaves open is a
/// problem that says what to pass.
///
/// ```
/// use std::collections::BTreeMap;
/// use ci_feedback::{Environment, Input, Options, invocation};
///
/// let variables = [("CIRCLECI", "true"), ("CIRCLE_TAG", "v1"), ("CIRCLE_REPOSITORY_URL", "git@github.com:acme/live.git")];
/// let asked = invocation(&Input {
///     environment: Environment::new(variables.map(|(name, value)| (name.to_owned(), value.to_owned())).into()),
///     options: Options {
///         account: Some("prod".to_owned()),
///         path: Some("prod/app".to_owned()),
///         command: Some("plan".to_owned()),
///         principal: Some("arn:aws:iam::111111111111:role/ci".to_owned()),
///         ..Options::default()
///     },
///     event: None,
/// })
/// .unwrap();
/// assert_eq!(asked.invocation.reference, "refs/tags/v1");
/// ```
///
/// # Errors
/// All problems that were found; none of them repeats what may be a secret.
pub fn invocation(input: &Input) -> Result<Asked, Vec<Problem>> {
    let mut gathered = Gathered::default();
    gathered.problems.extend(too_long(&input.environment));
    let options = &input.options;
    let account = gathered.needed(options.account.as_ref(), "account", "by name or id");
    let path = gathered.needed(options.path.as_ref(), "path", "the folder of the unit, `.` for the repository's root");
    let command = gathered.needed(options.command.as_ref(), "command", "by its name in the policy");
    let system = match recognised(input) {
        Ok(system) => system,
        Err(problem) => {
            gathered.problems.push(problem);
            return Err(gathered.problems);
        }
    };
    let facts = facts(system, &input.environment);
    gathered.origin(options, facts);
    let (caller, kind) = gathered.caller(system, input);
    let Gathered { repository, reference, commit, absent, notes, mut problems } = gathered;
    let (Some(caller), true) = (caller, problems.is_empty()) else {
        return Err(problems);
    };
    let invocation = RawInvocation {
        account,
        caller,
        repository,
        reference,
        commit,
        path,
        command,
        arguments: options.arguments.clone(),
        evidence: Evidence::default(),
    };
    match invocation.validate() {
        Ok(()) => Ok(Asked { system, invocation, caller: kind, absent, notes }),
        Err(invalid) => {
            problems.push(Problem::new(Kind::Limit, invalid.message, "pass less"));
            Err(problems)
        }
    }
}

/// The needed variables that are longer than a limit. They are not read.
fn too_long(environment: &Environment) -> Vec<Problem> {
    let needed = needed_variables();
    let long = environment.iter().filter(|(name, value)| value.len() > VARIABLE_BYTES && needed.contains(name));
    let problem = |(name, _): (&str, &str)| {
        Problem::new(
            Kind::Limit,
            format!("`{name}` has more than {VARIABLE_BYTES} bytes"),
            "unset it, and pass what it says",
        )
    };
    long.map(problem).collect()
}

/// What was found so far.
#[derive(Default)]
struct Gathered {
    repository: String,
    reference: String,
    commit: Option<String>,
    absent: Vec<String>,
    notes: Vec<Note>,
    problems: Vec<Problem>,
}

impl Gathered {
    /// An option without which there is no invocation.
    fn needed(&mut self, option: Option<&String>, name: &str, what: &str) -> String {
        match option.filter(|text| !text.is_empty()) {
            Some(text) => text.clone(),
            None => {
                self.problems.push(Problem::new(
                    Kind::Missing,
                    format!("the {name} is missing"),
                    format!("pass it: {what}"),
                ));
                String::new()
            }
        }
    }

    /// What the user said in place of what the environment says, with a note about where it is from.
    fn chosen(&mut self, field: &str, option: Option<&String>, fact: Result<Option<Said>, Problem>) -> Option<Said> {
        let said = match (option, fact) {
            (Some(value), _) => Said::new(value, "what was passed"),
            (None, Ok(Some(said))) => said,
            (None, Ok(None)) => return None,
            (None, Err(problem)) => {
                self.problems.push(problem);
                return None;
            }
        };
        self.notes.push(Note::source(field, said.source.clone()));
        if let Some(warning) = &said.warning {
            self.notes.push(Note::warning(field, warning.clone()));
        }
        Some(said)
    }

    /// Repository, ref and commit.
    fn origin(&mut self, options: &Options, facts: Facts) {
        if let Some(said) = self.chosen("repository", options.repository.as_ref(), facts.repository.map(Some)) {
            match repository::clean(&said.value, &said.source) {
                Ok(clean) => {
                    if clean.stripped && !said.value.starts_with("ssh://") {
                        self.notes.push(Note::warning("repository", "user and password were taken out of the address"));
                    }
                    self.repository = clean.address;
                }
                Err(problem) => self.problems.push(problem),
            }
        }
        if let Some(said) = self.chosen("ref", options.reference.as_ref(), facts.reference.map(Some)) {
            self.problems.extend(kind_is_open(&said));
            self.reference = said.value;
        }
        if let Some(said) = self.chosen("commit", options.commit.as_ref(), facts.commit) {
            self.commit = Some(said.value);
        }
        let overridden = |note: &Note| match note.field.as_str() {
            "repository" => options.repository.is_some(),
            "commit" => options.commit.is_some(),
            _ => options.reference.is_some(),
        };
        self.notes.extend(facts.warnings.into_iter().filter(|note| !overridden(note)));
    }

    /// Who asks: as the user says, by a token in the environment, or as GitHub's token would say.
    fn caller(&mut self, system: System, input: &Input) -> (Option<RawCaller>, CallerKind) {
        let (text, kind) = match self.caller_text(system, input) {
            Ok((Ok(text), kind)) => (text, kind),
            Ok((Err(caller), kind)) => return (Some(caller), kind),
            Err(problem) => {
                self.problems.push(problem);
                return (None, CallerKind::Given);
            }
        };
        match RawCaller::from_json(text.as_bytes()) {
            Ok(caller) => (Some(caller), kind),
            Err(invalid) => {
                let message = format!("the caller is over a limit, or of a wrong form: {}", invalid.message);
                let problem = match kind {
                    CallerKind::Given => Problem::new(Kind::Option, message, "pass claims as a JSON object"),
                    _ => Problem::new(Kind::Token, message, "no gate could decide about such a token"),
                };
                self.problems.push(problem);
                (None, kind)
            }
        }
    }

    /// The text of the caller's JSON, or a principal, which has none.
    fn caller_text(
        &mut self,
        system: System,
        input: &Input,
    ) -> Result<(Result<String, RawCaller>, CallerKind), Problem> {
        let options = &input.options;
        let said = [options.principal.is_some(), options.token.is_some(), options.claims.is_some()];
        if said.iter().filter(|said| **said).count() > 1 {
            let message = "principal, token and claims exclude each other";
            return Err(Problem::new(Kind::Option, message, "pass one of them"));
        }
        if !options.claim.is_empty() && (said.contains(&true) || system != System::GitHub) {
            let message = "single claims are said of the token that is predicted on GitHub, and of no other caller";
            return Err(Problem::new(Kind::Option, message, "pass all claims with their issuer, or a token"));
        }
        if let Some(principal) = &options.principal {
            self.notes.push(Note::source("caller", "what was passed"));
            return Ok((Err(RawCaller::Principal(principal.clone())), CallerKind::Given));
        }
        if let Some(claims) = &options.claims {
            return self.given_claims(options, claims).map(|text| (Ok(text), CallerKind::Given));
        }
        let given = options.token.as_ref().map(|token| (token.expose(), "what was passed".to_owned()));
        let found = own_token(system, &input.environment).map(|(token, name)| (token, format!("`{name}`")));
        if let Some((token, source)) = given.or(found) {
            if !options.claim.is_empty() {
                let message = format!("the token of {source} says its claims itself");
                return Err(Problem::new(Kind::Option, message, "leave out either the token or the single claims"));
            }
            let text = token::caller(token, &source)?;
            self.notes
                .push(Note::source("caller", format!("the claims of the token of {source}, which nobody verified")));
            return Ok((Ok(text), CallerKind::Token));
        }
        if system == System::GitHub {
            let predicted = predicted_caller(input, &mut self.notes)?;
            let text = format!("predicted: claims that a token of {} would have in this job", predicted.issuer);
            self.notes.push(Note::source("caller", text));
            let json = predicted.to_json();
            self.absent = predicted.absent;
            return Ok((Ok(json), CallerKind::Predicted));
        }
        Err(Problem::new(
            Kind::Caller,
            "nothing says who asks",
            "put a token of the job into `PORTCULLIS_ID_TOKEN`, or pass a principal (an ARN), or pass issuer and claims",
        ))
    }

    fn given_claims(&mut self, options: &Options, claims: &str) -> Result<String, Problem> {
        let Some(issuer) = &options.issuer else {
            return Err(Problem::new(Kind::Option, "claims need their issuer", "pass the issuer too"));
        };
        let limits = Limits { bytes: INVOCATION_BYTES, nesting: INVOCATION_NESTING };
        let claims = read(claims.as_bytes(), limits).map_err(|error| {
            Problem::new(Kind::Option, format!("the claims are no JSON: {error}"), "pass claims as a JSON object")
        })?;
        self.notes.push(Note::source("caller", "what was passed"));
        let mut text = String::new();
        let mut object = ObjectWriter::new(&mut text);
        object.text("issuer", issuer);
        claims.write(object.field("claims"));
        object.finish();
        Ok(text)
    }
}

/// A ref whose kind is not known. That a name is none is left to the decision, which says so.
fn kind_is_open(said: &Said) -> Option<Problem> {
    let known = ["refs/heads/", "refs/tags/", "refs/pull/", "refs/merge-requests/", "refs/pull-requests/"];
    let malformed = FullRef::parse(&said.value).err()?;
    if known.iter().any(|prefix| said.value.starts_with(prefix)) {
        return None;
    }
    let help =
        malformed.help.unwrap_or_else(|| "pass the ref in full, as in `refs/heads/main` or `refs/tags/v1`".to_owned());
    Some(Problem::new(Kind::Ref, malformed.message, help))
}
