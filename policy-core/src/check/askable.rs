//! P8: a member of a list that can match nothing that can be asked is a mistake, with what keeps it from matching and how
//! it would be right.

use std::sync::Arc;

use crate::canonical::{FullRef, Principal, UnitPath};
use crate::diagnostic::{Code, Diagnostic};
use crate::evaluate::PatternValue;
use crate::pattern::{self, Askable, Node};
use crate::redact;
use crate::source::Span;

use super::context::Context;
use super::patterns::{Place, checked};
use super::repair::repairs;

/// Right forms that are shown at most.
const SHOWN: usize = 2;

impl Place {
    /// What can be asked there, where that is not any text.
    fn askable(self) -> Option<Askable> {
        match self {
            Self::Ref => Some(Askable::references()),
            Self::Path | Self::PathArgument => Some(Askable::paths()),
            Self::Principal => Some(Askable::principals()),
            Self::Session => Some(Askable::sessions()),
            Self::Argument | Self::ResourceType | Self::Claim => None,
        }
    }

    /// What is asked there.
    fn noun(self) -> &'static str {
        match self {
            Self::Ref => "ref",
            Self::Path | Self::PathArgument => "path",
            Self::Principal => "principal",
            Self::Session => "session",
            Self::Argument | Self::ResourceType | Self::Claim => "text",
        }
    }
}

impl Context<'_> {
    /// What can be asked at `place`, made once; none where that is any text.
    pub(super) fn askable(&mut self, place: Place) -> Option<Arc<Askable>> {
        let known = self.patterns.askables.entry(place).or_insert_with(|| place.askable().map(Arc::new));
        known.clone()
    }

    /// P8: whether the pattern `value`, whose language is `node`, can match something that can be asked; of refs and paths
    /// also each result of its braces. What cannot is reported.
    pub(super) fn can_be_asked(&mut self, value: &PatternValue, node: &Node, (place, span): (Place, Span)) -> bool {
        let Some(askable) = self.askable(place).filter(|_| *value != PatternValue::Any) else { return true };
        let by_result = matches!(place, Place::Ref | Place::Path | Place::PathArgument);
        let Some(results) = brace_results(value).filter(|_| by_result) else {
            return self.meets(&askable, (value, value, node), (place, span));
        };
        results.into_iter().all(|result| match pattern::compile(&result, place.separators()) {
            Ok(node) => self.meets(&askable, (value, &result, &node), (place, span)),
            // The whole has been compiled from the same results.
            Err(_) => true,
        })
    }

    fn meets(
        &mut self,
        askable: &Askable,
        (value, result, node): (&PatternValue, &PatternValue, &Node),
        (place, span): (Place, Span),
    ) -> bool {
        match askable.meets(node) {
            Ok(true) => return true,
            Ok(false) => {
                let of_braces = if value == result { "" } else { ", which its braces stand for," };
                let shown = pattern::display(result);
                let why = flaw(place, node).map(|why| format!(": {why}")).unwrap_or_default();
                let message = format!("`{shown}`{of_braces} can match no {}{why}", place.noun());
                self.mistake(Code::NeverCanonical, span, message, help(askable, result, place));
            }
            Err(_) => {
                let message =
                    format!("`{}` is too large to be compared with what can be asked", pattern::display(value));
                let help = "write several simpler patterns, with smaller counts, or `*` for a counted repetition";
                self.report(Diagnostic::new(Code::PatternTooLarge, span, message).help(help));
            }
        }
        false
    }
}

/// The patterns that the braces of a glob stand for, also of one in `branch()` or `tag()`; none where it has no braces.
fn brace_results(value: &PatternValue) -> Option<Vec<PatternValue>> {
    match value {
        PatternValue::Plain(text) | PatternValue::Glob(text) => {
            let results = pattern::brace_results(text).ok().filter(|results| results.len() > 1)?;
            Some(results.into_iter().map(|result| PatternValue::Plain(result.into())).collect())
        }
        PatternValue::Branch(name) => {
            Some(brace_results(name)?.into_iter().map(|name| PatternValue::Branch(name.into())).collect())
        }
        PatternValue::Tag(name) => {
            Some(brace_results(name)?.into_iter().map(|name| PatternValue::Tag(name.into())).collect())
        }
        _ => None,
    }
}

/// What keeps a text that the pattern matches from being asked.
fn flaw(place: Place, node: &Node) -> Option<String> {
    let filler = if place == Place::Principal { "111111111111" } else { "x" };
    let text = pattern::example(node, filler)?;
    if text.contains(['\n', '\r']) {
        return Some("it holds a line end".to_owned());
    }
    match place {
        Place::Ref => FullRef::flaw(&text).map(str::to_owned),
        Place::Path | Place::PathArgument => UnitPath::flaw(&text),
        Place::Principal => principal_flaw(&text),
        Place::Session if text.contains('/') => Some("a session has no `/`".to_owned()),
        Place::Session => Some("a session is of letters, digits and `+=,.@_-`".to_owned()),
        Place::Argument | Place::ResourceType | Place::Claim => None,
    }
}

/// C6: what is a caller may be matched by another text.
fn principal_flaw(text: &str) -> Option<String> {
    match Principal::matched(text) {
        Err(_) => Principal::flaw(text),
        Ok((Some(_), "")) => Some("the path of a role or user is left out before it is matched".to_owned()),
        Ok((Some(_), _)) => Some("an assumed role is matched as its role, and its session by `sessions`".to_owned()),
        Ok((None, _)) => None,
    }
}

/// The right form, where one can be made of the pattern, and what is asked at the place.
fn help(askable: &Askable, value: &PatternValue, place: Place) -> String {
    let can_be_asked =
        |value: &PatternValue| checked(value, place).is_ok_and(|node| askable.meets(&node).unwrap_or(false));
    // What is made of an address with a user in it would be none, and show the user (C1).
    let shown = pattern::display(value);
    let may_be_shown = redact::text(&shown) == shown;
    let right: Vec<String> = repairs(value, place)
        .into_iter()
        .filter(|_| may_be_shown)
        .filter(can_be_asked)
        .take(SHOWN)
        .map(|value| format!("`{}`", pattern::display(&value)))
        .collect();
    let right = if right.is_empty() { String::new() } else { format!("write {}; ", right.join(" or ")) };
    format!("{right}{}", forms(place))
}

fn forms(place: Place) -> &'static str {
    match place {
        Place::Ref => {
            "refs are asked in full: `refs/heads/NAME`, which is `branch(\"NAME\")`, `refs/tags/NAME`, which is \
             `tag(\"NAME\")`, the forms of `pull_request()`, and commits"
        }
        Place::Path | Place::PathArgument => {
            "paths are relative to the repository's root, without `.`, `..` and empty segments, such as `prod/app`; the \
             root is `.`"
        }
        Place::Principal => {
            "callers are matched as `arn:aws:iam::ACCOUNT:role/NAME` (an assumed role too, without the role's path), \
             `arn:aws:iam::ACCOUNT:user/NAME`, `arn:aws:iam::ACCOUNT:root` or `local:user/NAME`; a session is matched by \
             `sessions`"
        }
        Place::Session => {
            "a session is what stands behind the role in `assumed-role/NAME/SESSION`, and empty for others"
        }
        Place::Argument | Place::ResourceType | Place::Claim => "",
    }
}
