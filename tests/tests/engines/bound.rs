//! Random `bind` blocks, and tokens that say what they ask for.

use policy_core::invocation::{Claims, RawCaller};

use crate::callers::json;
use crate::patterns::{REFS, quoted};
use crate::refs::COMMIT;
use workspace_tests::chance::Chance;

/// A part of `bind`, and what it may read.
const TEXTS: [(&str, &[&str]); 3] = [
    ("repository", &["github.com/{repository}", "{address}", "https://{host}/{path}.git", "{host}/{path}"]),
    ("ref", &["{ref}", "refs/heads/{branch}", "refs/{kind}/{branch}"]),
    ("commit", &["{sha}", "{front}{back}"]),
];

/// What the claims of these names say, mostly.
const SAID: [(&str, &[&str]); 7] = [
    ("repository", &["acme/live", "Acme/Live", "acme/tools", "acme/live.git", "acme/../live"]),
    (
        "address",
        &[
            "git@github.com:acme/live.git",
            "ssh://git@git.acme.example:8443/platform/live",
            "gitlab.com/Acme/tools",
            "x",
        ],
    ),
    ("host", &["git.acme.example", "GIT.acme.example", "github.com", "git.acme.example:8443", "t@git.acme.example"]),
    ("path", &["Mono", "platform/Live", "platform/live", "acme/live", "un/Used"]),
    ("kind", &["heads", "tags"]),
    ("front", &["0123456789abcdef0123", "0123456789ABCDEF0123", ""]),
    ("back", &["456789abcdef01234567", "x"]),
];

/// What a caller binds: a part and its text.
pub(crate) type Bound = Vec<(&'static str, &'static str)>;

/// One part or more.
pub(crate) fn made(chance: &mut Chance) -> Bound {
    let mut bound: Bound = Vec::new();
    for (part, texts) in TEXTS {
        if chance.once_in(2) {
            bound.push((part, chance.word(texts)));
        }
    }
    if bound.is_empty() {
        bound.push(("ref", "{ref}"));
    }
    bound
}

/// The block.
pub(crate) fn written(bound: &Bound) -> String {
    let lines: Vec<String> = bound.iter().map(|(part, text)| format!("    {part} = {}\n", quoted(text))).collect();
    format!("  bind {{\n{}  }}\n", lines.concat())
}

/// The names of the claims of a text.
fn names(text: &'static str) -> impl Iterator<Item = &'static str> {
    text.split('{').skip(1).filter_map(|behind| Some(behind.split_once('}')?.0))
}

/// Claims that fill in the texts, mostly, as names and JSON.
pub(crate) fn claims(chance: &mut Chance, bound: &Bound) -> Vec<(&'static str, String)> {
    let mut claims: Vec<(&'static str, String)> = Vec::new();
    for name in bound.iter().flat_map(|(_, text)| names(text)) {
        if claims.iter().any(|(known, _)| *known == name) || chance.once_in(25) {
            continue;
        }
        let said = SAID.iter().find(|(known, _)| *known == name).map(|(_, said)| *said);
        let text = match (name, said) {
            (_, Some(said)) => (*chance.pick(said)).to_owned(),
            ("ref", _) => format!("refs/heads/{}", chance.word(REFS.words)),
            ("branch", _) => chance.word(REFS.words).to_owned(),
            _ => COMMIT.to_owned(),
        };
        let text = json(&text);
        claims.push((name, if chance.once_in(25) { format!("[{text}]") } else { text }));
    }
    claims
}

/// What a token says of one part, if it says anything.
pub(crate) fn said(bound: &Bound, part: &str, caller: &RawCaller) -> Option<String> {
    let RawCaller::Token { claims, .. } = caller else { return None };
    let (_, text) = bound.iter().find(|(known, _)| *known == part)?;
    names(text).try_fold((*text).to_owned(), |filled, name| {
        Some(filled.replacen(&format!("{{{name}}}"), text_of(claims, name)?, 1))
    })
}

fn text_of<'c>(claims: &'c Claims, name: &str) -> Option<&'c str> {
    claims.get(name)?.text()
}
