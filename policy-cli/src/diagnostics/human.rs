//! Diagnostics for people: the line it is about, a caret under the place, and what would be right.

use std::borrow::Cow;
use std::ops::Range;

use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};
use policy_core::redact;
use policy_core::source::Span;

use super::Checked;
use super::document::{Finding, Place};
use ci_feedback::{Colors, visible};

/// An excerpt longer than this is not drawn: a line of a megabyte helps nobody.
const EXCERPT: usize = 4 << 10;

pub(super) fn write(checked: &Checked, colors: Colors) -> String {
    let renderer = if colors.enabled() { Renderer::styled() } else { Renderer::plain() };
    let mut out = String::new();
    for (finding, span) in &checked.findings {
        out.push_str(&renderer.render(&groups(checked, finding, *span)));
        out.push_str("\n\n");
    }
    out
}

fn groups<'a>(checked: &'a Checked, finding: &'a Finding, span: Option<Span>) -> Vec<Group<'a>> {
    let level = if finding.severity == "error" { Level::ERROR } else { Level::WARNING };
    let title = level.primary_title(visible(&finding.message)).id(finding.code);
    let mut groups = vec![match span.and_then(|span| excerpt(checked, span, finding.confidential)) {
        Some(excerpt) => title.element(excerpt.snippet(&checked.path_of(&finding.place.file), AnnotationKind::Primary)),
        None => title.element(origin(checked, &finding.place)),
    }];
    for related in &finding.related {
        let title = Level::NOTE.secondary_title(visible(&related.message));
        groups.push(match excerpt(checked, related.span, finding.confidential) {
            Some(excerpt) => {
                title.element(excerpt.snippet(&checked.path_of(&related.place.file), AnnotationKind::Context))
            }
            None => title.element(origin(checked, &related.place)),
        });
    }
    if let Some(help) = &finding.help {
        groups.push(Group::with_title(Level::HELP.secondary_title(visible(help))));
    }
    groups
}

fn origin(checked: &Checked, place: &Place) -> Origin<'static> {
    Origin::path(visible(&checked.path_of(&place.file)).into_owned())
        .line(place.line as usize)
        .char_column(place.column as usize)
}

/// Whole lines of a file, and a place in them.
struct Excerpt<'a> {
    /// Without what is secret in it, each byte in its place (C1).
    text: Cow<'a, str>,
    line: usize,
    span: Range<usize>,
}

impl<'a> Excerpt<'a> {
    fn snippet(self, path: &str, kind: AnnotationKind) -> Snippet<'a, annotate_snippets::Annotation<'a>> {
        Snippet::source(self.text)
            .line_start(self.line)
            .path(visible(path).into_owned())
            .annotation(kind.span(self.span))
    }
}

/// The lines that `span` touches; nothing where there is no text, or too much.
fn excerpt(checked: &Checked, span: Span, confidential: bool) -> Option<Excerpt<'_>> {
    let file = checked.report.sources.file(span.file)?;
    let text = file.text();
    let (start, end) = (span.start as usize, (span.end as usize).max(span.start as usize));
    // Looking no further than an excerpt may reach: one line may be four megabytes with a mistake every few bytes.
    let before = text.as_bytes().get(start.saturating_sub(EXCERPT)..start)?;
    let first = match before.iter().rposition(|byte| *byte == b'\n') {
        Some(newline) => start - before.len() + newline + 1,
        None if before.len() == start => 0,
        None => return None,
    };
    let behind = text.as_bytes().get(end..text.len().min(end + EXCERPT))?;
    let last = match behind.iter().position(|byte| *byte == b'\n') {
        Some(newline) => end + newline,
        None if end + behind.len() == text.len() => text.len(),
        None => return None,
    };
    let lines = text.get(first..last).filter(|lines| !lines.trim().is_empty() && lines.len() <= EXCERPT)?;
    let text = redact::lines(lines, confidential);
    Some(Excerpt { text, line: file.line(span.start) as usize, span: start - first..end - first })
}
