//! Lists of patterns: what each may be where it stands, and that the list matches something (P1 to P8).

use std::collections::HashMap;
use std::collections::hash_map::DefaultHasher;
use std::hash::BuildHasherDefault;
use std::sync::Arc;

use crate::diagnostic::{Code, Diagnostic};
use crate::estate::{Pattern, PatternList, RefList, RefPattern};
use crate::evaluate::{Located, PatternValue, Value};
use crate::pattern::{self, Askable, Node, PatternError, Separators};
use crate::source::Span;

use super::context::Context;
use super::convert::Subject;

/// Where a pattern stands: decides its separators and which functions have a meaning there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Place {
    /// `refs` and what else lists refs.
    Ref,
    /// `paths`.
    Path,
    /// Values of options and positional arguments.
    Argument,
    /// Those that are paths.
    PathArgument,
    /// Resource types of a plan.
    ResourceType,
    /// `principals`.
    Principal,
    /// `sessions`.
    Session,
    /// Claims.
    Claim,
}

impl Place {
    pub(super) fn separators(self) -> Separators {
        match self {
            Self::Ref | Self::Path | Self::Argument | Self::PathArgument | Self::ResourceType => Separators::Slash,
            Self::Principal | Self::Session | Self::Claim => Separators::SlashAndColon,
        }
    }
}

/// Patterns that were checked already: accounts that share a pattern share one object.
#[derive(Default)]
pub(super) struct Interner {
    patterns: HashMap<(Place, PatternValue), Arc<Pattern>, BuildHasherDefault<DefaultHasher>>,
    /// What can be asked, where that is not any text (P8).
    pub(super) askables: HashMap<Place, Option<Arc<Askable>>, BuildHasherDefault<DefaultHasher>>,
    /// Where `protected()` was read first since this was set to none.
    pub(super) protected_use: Option<Span>,
}

/// A member of a list of patterns.
pub(super) enum Member {
    Pattern(Arc<Pattern>),
    Protected,
}

/// Members without and with `!`.
type Members = (Vec<Member>, Vec<Member>);

impl Context<'_> {
    /// A list of patterns, or one function by itself.
    pub(super) fn pattern_list(&mut self, subject: &Subject<'_>, value: &Located, place: Place) -> Option<PatternList> {
        if self.lacks_brackets(subject, value) {
            return None;
        }
        self.pattern_or_list(subject, value, place)
    }

    /// A pattern or a list of patterns.
    pub(super) fn pattern_or_list(
        &mut self,
        subject: &Subject<'_>,
        value: &Located,
        place: Place,
    ) -> Option<PatternList> {
        let (include, exclude) = self.pattern_members(subject, value, place, false)?;
        let plain = |members: Vec<Member>| -> Vec<Arc<Pattern>> {
            members
                .into_iter()
                .filter_map(|member| if let Member::Pattern(pattern) = member { Some(pattern) } else { None })
                .collect()
        };
        Some(PatternList { include: plain(include), exclude: plain(exclude) })
    }

    /// A list of refs; `text_alone` where the language says "pattern or list".
    pub(super) fn ref_list(&mut self, subject: &Subject<'_>, value: &Located, text_alone: bool) -> Option<RefList> {
        if !text_alone && self.lacks_brackets(subject, value) {
            return None;
        }
        let (include, exclude) = self.pattern_members(subject, value, Place::Ref, subject.name != "protected")?;
        let refs = |members: Vec<Member>| -> Vec<RefPattern> {
            let convert = |member| match member {
                Member::Pattern(pattern) => RefPattern::Pattern(pattern),
                Member::Protected => RefPattern::Protected,
            };
            members.into_iter().map(convert).collect()
        };
        Some(RefList { include: refs(include), exclude: refs(exclude) })
    }

    fn pattern_members(
        &mut self,
        subject: &Subject<'_>,
        value: &Located,
        place: Place,
        protected: bool,
    ) -> Option<Members> {
        let members = match &value.value {
            Value::Text(_) | Value::Pattern(_) => std::slice::from_ref(value),
            Value::Number(_) | Value::Bool(_) => {
                self.not_text(subject, value, "text or a list");
                return None;
            }
            _ => self.some_members(subject, value)?,
        };
        let (mut include, mut exclude) = (Vec::new(), Vec::new());
        let mut complete = true;
        let mut positives = false;
        for member in members {
            let (negated, inner) = match &member.value {
                Value::Text(text) => (false, PatternValue::Plain(text.clone())),
                Value::Pattern(pattern) => match &**pattern {
                    PatternValue::Not(inner) => (true, (**inner).clone()),
                    other => (false, other.clone()),
                },
                _ => {
                    self.not_text(
                        &subject.member(member),
                        member,
                        "patterns: text, or `regex()`, `exact()`, `any()` and the like",
                    );
                    complete = false;
                    positives = true;
                    continue;
                }
            };
            positives |= !negated;
            match self.pattern_member(subject, inner, member.span, (place, protected)) {
                Some(found) if negated => exclude.push(found),
                Some(found) => include.push(found),
                None => complete = false,
            }
        }
        if !positives {
            self.only_negated(subject);
            return None;
        }
        if !complete || !self.leaves_something(subject, place, (&include, &exclude)) {
            return None;
        }
        Some((include, exclude))
    }

    pub(super) fn pattern_member(
        &mut self,
        subject: &Subject<'_>,
        value: PatternValue,
        span: Span,
        (place, protected): (Place, bool),
    ) -> Option<Member> {
        if value == PatternValue::Protected && place == Place::Ref && protected {
            self.patterns.protected_use.get_or_insert(span);
            return Some(Member::Protected);
        }
        if !has_meaning(&value, place) {
            let message = format!("`{}` has no meaning in `{}`", pattern::display(&value), subject.name);
            self.mistake(Code::MisplacedPattern, span, message, misplaced_help(&value, place));
            return None;
        }
        if let Some(pattern) = self.patterns.patterns.get(&(place, value.clone())) {
            return Some(Member::Pattern(pattern.clone()));
        }
        let node = match checked(&value, place) {
            Ok(node) => node,
            Err(error) => {
                self.report(Diagnostic::new(error.code, span, error.message).maybe_help(error.help));
                return None;
            }
        };
        if !self.can_be_asked(&value, &node, (place, span)) {
            return None;
        }
        let pattern = Arc::new(Pattern::new(value.clone(), node));
        self.patterns.patterns.insert((place, value), pattern.clone());
        Some(Member::Pattern(pattern))
    }

    /// P8: whether the members without `!` leave something that can be asked after those with `!` are taken away.
    fn leaves_something(
        &mut self,
        subject: &Subject<'_>,
        place: Place,
        (include, exclude): (&[Member], &[Member]),
    ) -> bool {
        let taken: Vec<&Node> = exclude.iter().filter_map(node).collect();
        if taken.is_empty() {
            return true;
        }
        // What `protected()` lists depends on the repository: it counts as every ref, and with `!` as none.
        let anything = Node::AnyText;
        let given: Vec<&Node> = include.iter().map(|member| node(member).unwrap_or(&anything)).collect();
        let nothing = match self.askable(place) {
            Some(askable) => askable.leaves_nothing(&given, &taken),
            None => pattern::difference_is_empty(&given, &taken),
        };
        match nothing {
            Ok(false) => true,
            Ok(true) => {
                let message =
                    format!("`{}` takes away everything that it lists, as far as it can be asked", subject.name);
                let help = "a list means what stands in it without `!`, minus what stands in it with `!`";
                self.mistake(Code::MatchesNothing, subject.span, message, help);
                false
            }
            Err(_) => {
                let message = format!("the patterns of `{}` together are too large to be compared", subject.name);
                self.mistake(Code::PatternTooLarge, subject.span, message, "use fewer or simpler patterns with `!`");
                false
            }
        }
    }
}

fn node(member: &Member) -> Option<&Node> {
    match member {
        Member::Pattern(pattern) => Some(&pattern.node),
        Member::Protected => None,
    }
}

/// P6: the functions of refs have a meaning only where refs are listed; `effect` only in commands.
fn has_meaning(value: &PatternValue, place: Place) -> bool {
    match value {
        PatternValue::Plain(_)
        | PatternValue::Glob(_)
        | PatternValue::Regex(_)
        | PatternValue::Exact(_)
        | PatternValue::Any => true,
        PatternValue::Branch(_) | PatternValue::Tag(_) | PatternValue::Commit | PatternValue::PullRequest => {
            place == Place::Ref
        }
        PatternValue::Protected | PatternValue::Effect { .. } | PatternValue::Not(_) => false,
    }
}

fn misplaced_help(value: &PatternValue, place: Place) -> &'static str {
    match value {
        PatternValue::Effect { .. } => "`effect()` selects commands, in `commands`",
        PatternValue::Protected if place == Place::Ref => {
            "`protected` is what `protected()` looks at; list branches and tags"
        }
        _ => "it stands for refs, in `refs`, `protected`, `commit_on`, `commit_is_tip_of` and `includes_tip_of`",
    }
}

/// Compiles a pattern and checks it against the limits.
pub(super) fn checked(value: &PatternValue, place: Place) -> Result<Node, PatternError> {
    if let (Place::Ref, PatternValue::Plain(text) | PatternValue::Glob(text)) = (place, value) {
        begins_with_refs(text)?;
    }
    let node = pattern::compile(value, place.separators())?;
    pattern::check(&node)?;
    Ok(node)
}

/// P6: a glob of refs begins with `refs/`, in each result of its braces.
fn begins_with_refs(glob: &str) -> Result<(), PatternError> {
    let Some(short) = pattern::brace_results(glob)?.into_iter().find(|result| !result.starts_with("refs/")) else {
        return Ok(());
    };
    let text = short.escape_debug();
    Err(PatternError {
        code: Code::RefPrefix,
        message: format!("`{text}` is no full ref: it does not begin with `refs/`"),
        help: Some(format!("write `branch(\"{text}\")`, `tag(\"{text}\")` or `refs/heads/{text}`")),
    })
}
