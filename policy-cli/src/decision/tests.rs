//! What someone sees who was denied.

use std::path::Path;

use policy_core::decision::Decision;
use policy_core::invocation::RawInvocation;
use policy_core::reference::Reference;
use policy_core::{PolicyFile, check};

use super::human;
use ci_feedback::{Colors, Hidden};

fn decided(line: &str) -> (Decision<'static>, Option<RawInvocation>) {
    let policy = include_str!("../../tests/policy/estate.hcl");
    let estate = check(vec![PolicyFile::new("estate.hcl", policy)]).estate.unwrap();
    (Reference::new(&estate).decide_json(line.as_bytes()), RawInvocation::from_json(line.as_bytes()).ok())
}

fn shown(line: &str) -> String {
    let (decision, asked) = decided(line);
    let hidden = Hidden::default();
    human(&decision, asked.as_ref().map(|asked| (asked, &hidden)), Path::new("policy"), Colors::NONE)
}

/// The line of the requests that is decided with `reason`.
fn request(reason: &str) -> &'static str {
    let lines = include_str!("../../tests/requests.jsonl").lines();
    lines.clone().find(|line| decided(line).0.reason.as_str() == reason).unwrap_or_else(|| panic!("no {reason}"))
}

#[test]
fn the_denied_learn_the_one_thing_that_would_have_to_differ() {
    let text = shown(request("no-permit"));
    assert!(text.starts_with("deny: "), "{text}");
    assert!(text.contains("only the path would have to differ"), "{text}");
    assert!(text.contains("policy/estate.hcl:"), "{text}");
    assert!(text.contains("asked   stage/app"), "{text}");
    assert!(text.contains("`portcullis explain no-permit`"), "{text}");
}

#[test]
fn the_forbidden_learn_the_place_of_the_rule() {
    let text = shown(request("forbidden"));
    assert!(text.contains("forbid") && text.contains("policy/estate.hcl:"), "{text}");
}

#[test]
fn the_unmet_learn_what_is_to_be_shown() {
    let text = shown(request("requirements-unmet"));
    assert!(text.starts_with("unmet: ") && text.contains("to show") && text.contains("would run"), "{text}");
}

#[test]
fn the_permitted_see_the_command_line() {
    let text = shown(request("permitted"));
    assert!(text.starts_with("permit: ") && text.contains("runs") && text.contains("terragrunt plan"), "{text}");
    assert!(text.contains("sha256:") && !text.contains("help"), "{text}");
}

#[test]
fn what_cannot_be_read_is_not_shown_as_a_question() {
    let text = shown("{}");
    assert!(text.starts_with("deny: ") && !text.contains("repository  "), "{text}");
}
