//! Random patterns and lists of them, each with texts that it matches.

use std::sync::LazyLock;

use policy_core::pattern::{Askable, Node, Separators, brace_results, check, difference_is_empty, glob, regex};

use workspace_tests::chance::Chance;

/// What texts of one kind are made of.
#[derive(Clone, Copy)]
pub(crate) struct Kind {
    pub(crate) words: &'static [&'static str],
    pub(crate) separators: Separators,
    /// The most segments.
    pub(crate) segments: usize,
    /// Whether characters beyond ASCII can occur in what is asked.
    pub(crate) wide: bool,
    /// What can be asked, where that is not any text (P8).
    pub(crate) askable: Option<&'static AskedAs>,
}

/// What can be asked, and what stands before the text in it.
pub(crate) struct AskedAs {
    pub(crate) askable: LazyLock<Askable>,
    pub(crate) before: &'static str,
}

static PATHS_ASKED: AskedAs = AskedAs { askable: LazyLock::new(Askable::paths), before: "" };
static BRANCHES_ASKED: AskedAs = AskedAs { askable: LazyLock::new(Askable::references), before: "refs/heads/" };
static SESSIONS_ASKED: AskedAs = AskedAs { askable: LazyLock::new(Askable::sessions), before: "" };
pub(crate) static PRINCIPALS_ASKED: AskedAs = AskedAs { askable: LazyLock::new(Askable::principals), before: "" };

impl AskedAs {
    fn text(&self, node: &Node) -> Node {
        Node::concat([Node::literal(self.before), node.clone()])
    }

    /// P8, for one pattern.
    pub(crate) fn meets(&self, node: &Node) -> bool {
        self.askable.meets(&self.text(node)) == Ok(true)
    }

    /// P8, for a list.
    fn leaves(&self, positive: &[&Node], negative: &[&Node]) -> bool {
        let texts = |nodes: &[&Node]| nodes.iter().map(|node| self.text(node)).collect::<Vec<_>>();
        let (positive, negative) = (texts(positive), texts(negative));
        let (positive, negative): (Vec<_>, Vec<_>) = (positive.iter().collect(), negative.iter().collect());
        self.askable.leaves_nothing(&positive, &negative) == Ok(false)
    }
}

/// P8: whether each result of the braces of a glob, or another pattern, can match something that can be asked.
fn can_be_asked(kind: &Kind, text: Option<&str>, node: &Node) -> bool {
    let Some(askable) = kind.askable else { return true };
    let results = text.and_then(|text| brace_results(text).ok()).unwrap_or_default();
    let parts = results.iter().map(|result| glob(result, kind.separators));
    askable.meets(node) && parts.flatten().all(|node| askable.meets(&node))
}

pub(crate) const PATHS: Kind = Kind {
    words: &["prod", "eu", "app", "prod-eu", "caf\u{e9}", "\u{65e5}\u{672c}", "\u{1f600}", "a.b", "stage", "x"],
    separators: Separators::Slash,
    segments: 5,
    wide: true,
    askable: Some(&PATHS_ASKED),
};
pub(crate) const REFS: Kind = Kind {
    words: &["main", "release", "v1", "feature", "\u{fc}ber", "\u{1f680}", "old"],
    separators: Separators::Slash,
    segments: 3,
    wide: true,
    askable: Some(&BRANCHES_ASKED),
};
pub(crate) const VALUES: Kind = Kind {
    words: &["module", "app", "x=y", "db.tfvars", "a,b", "\u{3b1}\u{3b2}", "-1", "", "env"],
    separators: Separators::Slash,
    segments: 2,
    wide: true,
    askable: None,
};
pub(crate) const PATH_VALUES: Kind = Kind { askable: Some(&PATHS_ASKED), ..VALUES };
pub(crate) const CLAIMS: Kind = Kind {
    words: &["4711", "true", "production", "repo:acme", "\u{df}", "\u{1f600}", "ana", "1.50"],
    separators: Separators::SlashAndColon,
    segments: 2,
    wide: true,
    askable: None,
};
pub(crate) const SESSIONS: Kind = Kind {
    words: &["run", "ana", "bob@acme", "mfa-1", "i-0", "x"],
    separators: Separators::SlashAndColon,
    segments: 1,
    wide: false,
    askable: Some(&SESSIONS_ASKED),
};
pub(crate) const ROLES: Kind = Kind {
    words: &["ci", "ci-main", "Reviewer", "team_a", "A", "x.y", "deploy"],
    separators: Separators::SlashAndColon,
    segments: 1,
    wide: false,
    askable: None,
};
pub(crate) const TYPES: Kind = Kind {
    words: &["aws_iam_role", "aws_s3_bucket", "null", "aws"],
    separators: Separators::Slash,
    segments: 1,
    wide: false,
    askable: None,
};

/// A pattern as a policy has it, what it means, and texts that it matches.
#[derive(Clone)]
pub(crate) struct Pattern {
    pub(crate) text: String,
    pub(crate) node: Node,
    pub(crate) hits: Vec<String>,
}

/// A list of patterns.
#[derive(Clone)]
pub(crate) struct List {
    pub(crate) text: String,
    /// Texts that a member matches, and some that one with `!` does.
    pub(crate) hits: Vec<String>,
}

/// A quoted string of a policy.
pub(crate) fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"").replace("${", "$${").replace("%{", "%%{"))
}

/// The syntax of a random regular expression.
enum Regex {
    Text(String),
    /// The class as it is written, and some of its characters.
    Class(&'static str, &'static [&'static str]),
    Row(Vec<Self>),
    Either(Vec<Self>),
    Repeated(Box<Self>, usize, Option<usize>),
}

const CLASSES: &[(&str, &[&str])] = &[
    ("[a-z]", &["a", "m", "z"]),
    (".", &["a", "/", "\u{e9}", "\u{1f600}", "-"]),
    ("[^/]", &["a", "\u{ff}", "-", "0"]),
    (r"\d", &["0", "9"]),
    (r"\w", &["_", "a", "Z"]),
    (r"\D", &["a", "\u{e9}", "/"]),
    ("[0-9a-f]", &["0", "f"]),
    ("[\u{e0}-\u{ff}]", &["\u{e0}", "\u{e9}", "\u{ff}"]),
    ("[^a-z\u{e9}]", &["A", "\u{e8}", "\u{1f600}"]),
    (r"[\x{1F600}-\x{1F64F}]", &["\u{1f600}", "\u{1f64f}"]),
    (r"[\x{7FF}-\x{801}]", &["\u{7ff}", "\u{800}", "\u{801}"]),
    (r"[\x{FFFD}-\x{10001}a]", &["\u{fffd}", "\u{10000}", "\u{10001}", "a"]),
    (r"[^\x{80}-\x{10FFFF}]", &["a", "-"]),
    (r"[\x{D7FF}-\x{E001}]", &["\u{d7ff}", "\u{e000}"]),
];

impl Regex {
    fn made(chance: &mut Chance, kind: &Kind, depth: usize) -> Self {
        match chance.below(if depth == 0 { 3 } else { 8 }) {
            0 | 1 => Self::Text((chance.word(kind.words)).to_owned()),
            2 => {
                let class = if kind.wide { chance.pick(CLASSES) } else { &CLASSES[[0, 3, 4, 6][chance.below(4)]] };
                Self::Class(class.0, class.1)
            }
            3 => Self::Row((0..2 + chance.below(2)).map(|_| Self::made(chance, kind, depth - 1)).collect()),
            4 => Self::Either((0..2).map(|_| Self::made(chance, kind, depth - 1)).collect()),
            _ => {
                let least = chance.below(3);
                let (least, most) = match chance.below(5) {
                    0 => (0, None),
                    1 => (1, None),
                    2 => (0, Some(1)),
                    _ => (least, Some(least.max(1) + chance.below(2))),
                };
                Self::Repeated(Box::new(Self::made(chance, kind, depth - 1)), least, most)
            }
        }
    }

    fn written(&self) -> String {
        match self {
            Self::Text(text) => {
                let escaped =
                    text.chars().map(|one| if ".-,=".contains(one) { format!("\\{one}") } else { one.into() });
                format!("(?:{})", escaped.collect::<String>().replace(r"\=", "=").replace(r"\,", ","))
            }
            Self::Class(class, _) => (*class).to_owned(),
            Self::Row(parts) => parts.iter().map(Self::written).collect(),
            Self::Either(parts) => format!("(?:{})", parts.iter().map(Self::written).collect::<Vec<_>>().join("|")),
            Self::Repeated(part, 0, None) => format!("(?:{})*", part.written()),
            Self::Repeated(part, 1, None) => format!("(?:{})+", part.written()),
            Self::Repeated(part, least, None) => format!("(?:{}){{{least},}}", part.written()),
            Self::Repeated(part, 0, Some(1)) => format!("(?:{})?", part.written()),
            Self::Repeated(part, least, Some(most)) => format!("(?:{}){{{least},{most}}}", part.written()),
        }
    }

    fn sample(&self, chance: &mut Chance) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Class(_, members) => (*chance.pick(members)).to_owned(),
            Self::Row(parts) => parts.iter().map(|part| part.sample(chance)).collect(),
            Self::Either(parts) => chance.pick(parts).sample(chance),
            Self::Repeated(part, least, most) => {
                let most = most.unwrap_or(least + 2);
                let count = if chance.once_in(2) { *least } else { least + chance.below(most - least + 1) };
                (0..count).map(|_| part.sample(chance)).collect()
            }
        }
    }
}

/// A random glob: what it is and a text that it matches, made together.
fn glob_text(chance: &mut Chance, kind: &Kind) -> (String, [String; 3]) {
    let deep = kind.segments > 2 && chance.once_in(8);
    let count = if deep { 2 + chance.below(kind.segments) } else { 1 + chance.below(kind.segments) };
    let (mut pattern, mut hits) = (String::new(), [const { String::new() }; 3]);
    let mut before_deep = false;
    for place in 0..count {
        let last = place + 1 == count;
        before_deep = deep && !before_deep && chance.once_in(2);
        let end = if last { "" } else { "/" };
        if before_deep {
            pattern += if last { "**" } else { "**/" };
            for hit in &mut hits {
                *hit += chance.word(if last { &["", "a", "b/app"] } else { &["", "a/", "eu/app/"] });
            }
            continue;
        }
        segment(chance, kind, &mut pattern, &mut hits);
        pattern += end;
        hits.iter_mut().for_each(|hit| *hit += end);
    }
    (pattern, hits)
}

/// One segment: a word, and what wildcards make of it. Two stars never meet, which would be a `**` that is no segment.
fn segment(chance: &mut Chance, kind: &Kind, pattern: &mut String, hits: &mut [String; 3]) {
    let word = chance.word(kind.words);
    let words = if word.is_empty() { "e" } else { word };
    *pattern += words;
    hits.iter_mut().for_each(|hit| *hit += words);
    match chance.below(6) {
        0 => {
            *pattern += "*";
            hits.iter_mut().for_each(|hit| *hit += chance.word(&["", "a", "-1", "prod"]));
        }
        1 => {
            *pattern += "?";
            let characters: &[&str] = if kind.wide { &["a", "\u{e9}", "\u{65e5}", "\u{1f600}"] } else { &["a", "0"] };
            hits.iter_mut().for_each(|hit| *hit += chance.word(characters));
        }
        2 => {
            let other = chance.word(kind.words);
            let other = other.replace(',', "\\,");
            pattern.extend(["{-x,", &other, ",}"]);
            hits.iter_mut().for_each(|hit| *hit += chance.word(&["-x", ""]));
        }
        3 => {
            *pattern += "*-?b";
            hits.iter_mut().for_each(|hit| *hit += chance.word(&["-ab", "c--b", "-\u{e9}b"]));
        }
        _ => {}
    }
}

/// A random pattern.
pub(crate) fn pattern(chance: &mut Chance, kind: &Kind) -> Pattern {
    for _ in 0..50 {
        let made = match chance.below(9) {
            0 => {
                let text = glob_text(chance, kind).1[0].clone();
                Some((exactly(&text), None))
            }
            1..=3 => {
                let depth = if chance.once_in(8) { 3 } else { 2 };
                let made = Regex::made(chance, kind, depth);
                let text = made.written();
                let hits = (0..3).map(|_| made.sample(chance)).collect();
                let made = |node| Pattern { text: format!("regex({})", quoted(&text)), node, hits };
                regex(&text).ok().map(|node| (made(node), None))
            }
            number => {
                let (text, hits) = glob_text(chance, kind);
                let written = if number == 4 { format!("glob({})", quoted(&text)) } else { quoted(&text) };
                let made = |node| Pattern { text: written, node, hits: hits.into() };
                glob(&text, kind.separators).ok().map(|node| (made(node), Some(text)))
            }
        };
        if let Some((made, text)) = made
            && check(&made.node).is_ok()
            && can_be_asked(kind, text.as_deref(), &made.node)
        {
            return made;
        }
    }
    Pattern { text: "\"a\"".to_owned(), node: Node::literal("a"), hits: vec!["a".to_owned()] }
}

/// A random list, which is never empty.
pub(crate) fn list(chance: &mut Chance, kind: &Kind) -> List {
    let mut include: Vec<Pattern> = vec![pattern(chance, kind)];
    include.extend(chance.some(2, |chance| pattern(chance, kind)));
    if chance.once_in(12) {
        let hits = vec!["anything".to_owned()];
        include.insert(0, Pattern { text: "any()".to_owned(), node: Node::AnyText, hits });
    }
    list_of(chance, kind.askable, include, |chance, near| match near {
        Some(near) => Some(exactly(near)),
        None => Some(pattern(chance, kind)),
    })
}

/// The pattern of one text.
pub(crate) fn exactly(text: &str) -> Pattern {
    Pattern { text: format!("exact({})", quoted(text)), node: Node::literal(text), hits: vec![text.to_owned()] }
}

/// A list of some patterns without some others, as many of them as leave anything.
pub(crate) fn list_of(
    chance: &mut Chance,
    askable: Option<&AskedAs>,
    include: Vec<Pattern>,
    other: impl Fn(&mut Chance, Option<&str>) -> Option<Pattern>,
) -> List {
    let mut exclude = Vec::new();
    for _ in 0..chance.below(3) {
        let member = chance.pick(&include);
        let near = if chance.once_in(2) { Some(chance.pick(&member.hits).as_str()) } else { None };
        let Some(pattern) = other(chance, near) else { continue };
        if askable.is_some_and(|askable| !askable.meets(&pattern.node)) {
            continue;
        }
        let positive: Vec<&Node> = include.iter().map(|member| &member.node).collect();
        let negative: Vec<&Node> = exclude.iter().chain([&pattern]).map(|member: &Pattern| &member.node).collect();
        let leaves = match askable {
            Some(askable) => askable.leaves(&positive, &negative),
            None => difference_is_empty(&positive, &negative) == Ok(false),
        };
        if leaves {
            exclude.push(pattern);
        }
    }
    let members = include.iter().map(|member| member.text.clone());
    let members: Vec<String> = members.chain(exclude.iter().map(|member| format!("!{}", member.text))).collect();
    let hits = include.into_iter().chain(exclude).flat_map(|member| member.hits).collect();
    List { text: format!("[{}]", members.join(", ")), hits }
}

/// The same text with a little of it changed.
pub(crate) fn near(chance: &mut Chance, text: &str) -> String {
    let mut characters: Vec<char> = text.chars().collect();
    let at = chance.below(characters.len() + 1);
    let other = *chance.pick(&['a', '-', '/', '.', '\u{e9}', '0', '\u{1f600}', '\u{65e5}', ':', 'A']);
    match chance.below(5) {
        0 => characters.insert(at, other),
        1 if at < characters.len() => drop(characters.remove(at)),
        2 if at < characters.len() => characters[at] = other,
        3 => return format!("{text}/extra"),
        _ => return text.rsplit_once('/').map_or(text, |(parent, _)| parent).to_owned(),
    }
    characters.into_iter().collect()
}
