//! The pages of `portcullis explain`, from `docs/explain/`. A page that is missing does not compile; a code
//! without a page fails a test.

use policy_core::decision::Reason;
use policy_core::diagnostic::Code;

/// Something that can be explained.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Topic {
    /// What is typed: `PL203`, `no-permit`.
    pub(crate) code: &'static str,
    /// `diagnostic` or `reason`.
    pub(crate) kind: &'static str,
    /// The name in words.
    pub(crate) name: &'static str,
    /// Of a diagnostic `error` or `warning`, of a reason the outcome.
    pub(crate) severity: &'static str,
    /// One sentence.
    pub(crate) summary: &'static str,
    /// The page, in Markdown.
    pub(crate) page: &'static str,
}

macro_rules! page {
    ($name:literal) => {
        include_str!(concat!("../../docs/explain/", $name, ".md"))
    };
}

/// Every topic: codes in order, then reasons in the order of E8.
pub(crate) fn all() -> impl Iterator<Item = Topic> {
    let diagnostics = Code::ALL.iter().copied().filter_map(about_code);
    diagnostics.chain(Reason::ALL.into_iter().map(about_reason))
}

/// The topic with this code, in any case.
pub(crate) fn find(code: &str) -> Option<Topic> {
    all().find(|topic| topic.code.eq_ignore_ascii_case(code))
}

fn about_code(code: Code) -> Option<Topic> {
    Some(Topic {
        code: code.as_str(),
        kind: "diagnostic",
        name: code.name(),
        severity: code.severity().as_str(),
        summary: code.summary(),
        page: page_of(code)?,
    })
}

fn about_reason(reason: Reason) -> Topic {
    let (summary, page) = reason_page(reason);
    Topic {
        code: reason.as_str(),
        kind: "reason",
        name: reason.as_str(),
        severity: reason.outcome().as_str(),
        summary,
        page,
    }
}

/// A table, found by the stable form, since the core may add codes; a test shows that none is missing.
fn page_of(code: Code) -> Option<&'static str> {
    PAGES.iter().find(|(name, _)| *name == code.as_str()).map(|(_, page)| *page)
}

macro_rules! pages {
    ($($name:literal)*) => {
        const PAGES: &[(&str, &str)] = &[$(($name, page!($name))),*];
    };
}

pages! {
    "PL001" "PL002" "PL003" "PL004" "PL005" "PL006" "PL101" "PL102" "PL103" "PL104" "PL105" "PL106" "PL107"
    "PL108" "PL109" "PL201" "PL202" "PL203" "PL204" "PL205" "PL206" "PL207" "PL208" "PL209" "PL301" "PL302"
    "PL303" "PL304" "PL305" "PL306" "PL307" "PL308" "PL401" "PL402" "PL403" "PL404" "PL405" "PL406" "PL407"
    "PL501" "PL502" "PL503" "PL504" "PL505" "PL506" "PL507" "PL508" "PL509" "PL601" "PL602" "PL603" "PL701"
}

fn reason_page(reason: Reason) -> (&'static str, &'static str) {
    match reason {
        Reason::InvalidInvocation => {
            ("The invocation is not the JSON that it should be, or over a limit.", page!("invalid-invocation"))
        }
        Reason::UnknownAccount => ("No account of the policy has that name or id.", page!("unknown-account")),
        Reason::MalformedCaller => {
            ("The caller is not a principal or a token as callers are written.", page!("malformed-caller"))
        }
        Reason::MalformedRepository => (
            "The repository is not written in a way that can mean only one, or differs only in case from a known one.",
            page!("malformed-repository"),
        ),
        Reason::MalformedRef => ("The ref is not written in full, or git would not take it.", page!("malformed-ref")),
        Reason::MalformedCommit => {
            ("The commit is no commit id, or not the one that the ref names.", page!("malformed-commit"))
        }
        Reason::MalformedPath => {
            ("The path is not a plain relative path inside the repository.", page!("malformed-path"))
        }
        Reason::UnknownCommand => {
            ("The command does not exist, or no rule of the account is about it.", page!("unknown-command"))
        }
        Reason::ArgumentRefused => ("The command does not take one of the arguments.", page!("argument-refused")),
        Reason::Forbidden => ("A forbid rule matches, and nothing overrides it.", page!("forbidden")),
        Reason::Permitted => ("A permit rule matches, and all that it requires is shown.", page!("permitted")),
        Reason::RequirementsUnmet => {
            ("A permit rule matches, but what it requires is not shown yet.", page!("requirements-unmet"))
        }
        Reason::NoPermit => ("No permit rule matches in every dimension.", page!("no-permit")),
    }
}

#[cfg(test)]
mod tests {
    use policy_core::diagnostic::Code;

    use super::{PAGES, all, find};

    #[test]
    fn every_code_has_a_page_and_every_page_a_code() {
        let pages: Vec<_> = PAGES.iter().map(|(name, _)| *name).collect();
        let codes: Vec<_> = Code::ALL.iter().map(|code| code.as_str()).collect();
        assert_eq!(pages, codes);
        assert!(all().all(|topic| topic.page.contains(topic.code) && topic.page.ends_with('\n')));
    }

    #[test]
    fn case_does_not_matter() {
        assert_eq!(find("pl203").unwrap().code, "PL203");
        assert_eq!(find("No-Permit").unwrap().code, "no-permit");
        assert!(find("PL999").is_none());
    }
}
