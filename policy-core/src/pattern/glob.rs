//! Globs (P2): what stands after the braces are expanded.

use std::iter::Peekable;
use std::str::Chars;

use super::braces::brace_results;
use super::error::PatternError;
use super::node::Node;
use crate::diagnostic::Code;

/// The characters that `*` and `?` do not match, and that bound a segment (P2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Separators {
    /// `/`: in refs, paths, arguments and resource types.
    Slash,
    /// `/` and `:`: in principals, sessions and claims.
    SlashAndColon,
}

impl Separators {
    /// Whether `character` is one of them.
    pub fn contains(self, character: char) -> bool {
        character == '/' || (character == ':' && self == Self::SlashAndColon)
    }

    /// Any one character that is none of them.
    fn other(self) -> Node {
        match self {
            Self::Slash => Node::class([('\0', '.'), ('0', char::MAX)]),
            Self::SlashAndColon => Node::class([('\0', '.'), ('0', '9'), (';', char::MAX)]),
        }
    }
}

/// The language of the glob `text` (P2): the union of what its braces stand for.
///
/// # Errors
/// `Glob` for what is not a glob, with what to write instead; `PatternTooLarge` for too many bytes.
pub fn glob(text: &str, separators: Separators) -> Result<Node, PatternError> {
    let results = brace_results(text)?;
    let nodes = results.iter().map(|result| Reader::new(result, separators).read());
    Ok(Node::alternate(nodes.collect::<Result<Vec<_>, _>>()?))
}

/// Reads one result of the braces from left to right.
struct Reader<'text> {
    rest: Peekable<Chars<'text>>,
    separators: Separators,
    nodes: Vec<Node>,
    run: String,
    /// Whether a segment begins here: at the start, and after a separator, also one that a `**` before it has taken.
    at_start: bool,
}

impl<'text> Reader<'text> {
    fn new(text: &'text str, separators: Separators) -> Self {
        Self { rest: text.chars().peekable(), separators, nodes: Vec::new(), run: String::new(), at_start: true }
    }

    fn read(mut self) -> Result<Node, PatternError> {
        if self.rest.peek() == Some(&'!') {
            let help = r#"write `!"…"` with the `!` before the quotes, or `\\!` in them for the character itself"#;
            return Err(PatternError::new(Code::Glob, "a glob does not begin with `!`", help));
        }
        while let Some(character) = self.rest.next() {
            match character {
                '*' => self.stars()?,
                '?' => self.push(self.separators.other()),
                '[' | ']' => return Err(bracket(character)),
                // The brace stage has refused a final one.
                '\\' => {
                    if let Some(literal) = self.rest.next() {
                        self.literal(literal);
                    }
                }
                other => self.literal(other),
            }
        }
        self.nodes.push(Node::literal(self.run));
        Ok(Node::concat(self.nodes))
    }

    fn literal(&mut self, character: char) {
        self.at_start = self.separators.contains(character);
        self.run.push(character);
    }

    fn push(&mut self, node: Node) {
        self.nodes.push(Node::literal(std::mem::take(&mut self.run)));
        self.nodes.push(node);
        self.at_start = false;
    }

    /// Reads on after a `*`.
    fn stars(&mut self) -> Result<(), PatternError> {
        if self.rest.next_if_eq(&'*').is_none() {
            self.push(self.separators.other().repeat(0, None));
            return Ok(());
        }
        if !self.at_start {
            return Err(partial_segment());
        }
        self.whole_segment()
    }

    /// Reads on after a `**` that begins a segment.
    ///
    /// From left to right each `**` takes the separator after it, and a final one stands after a separator that is
    /// already there. So in `a/**/**` the first `**/` is nothing or text that ends in `/`, the final `**` is any text, and
    /// the whole is what `a/**` is; in the same way `**/**` is any text.
    fn whole_segment(&mut self) -> Result<(), PatternError> {
        // `\/` is the same character as `/`, so it ends a segment as well.
        let mut next = self.rest.next();
        if next == Some('\\') {
            next = self.rest.next();
        }
        match next {
            None => self.push(Node::AnyText),
            Some(separator) if self.separators.contains(separator) => {
                let text = Node::concat([Node::AnyText, Node::literal(separator.to_string())]);
                self.push(text.optional());
                self.at_start = true;
            }
            Some('\n' | '\r') => return Err(line_end()),
            Some(_) => return Err(partial_segment()),
        }
        Ok(())
    }
}

fn bracket(character: char) -> PatternError {
    let message = format!("a glob has no character sets, so `{character}` means nothing");
    let help = format!(
        "write `{{a,b}}` or `regex(\"[ab]\")` for one of several characters, or `\\\\{character}` in the quoted text for the \
         character itself"
    );
    PatternError::new(Code::Glob, message, help)
}

fn line_end() -> PatternError {
    let help = "write the pattern in quotes; a heredoc ends with a line end, which is a character like any other";
    PatternError::new(Code::Glob, "`**` is followed by a line end, so that it is not a whole segment", help)
}

fn partial_segment() -> PatternError {
    let help = "write `*` for text within a segment, or `**` between two separators for any number of segments";
    PatternError::new(Code::Glob, "`**` is not a whole segment", help)
}

#[cfg(test)]
mod tests {
    use super::super::Nfa;
    use super::Separators::{self, Slash, SlashAndColon};
    use super::glob;
    use crate::diagnostic::Code;

    fn decides(separators: Separators, table: &[(&str, &[&str], &[&str])]) {
        for (pattern, matching, other) in table {
            let nfa = Nfa::new(&glob(pattern, separators).unwrap()).unwrap();
            for text in *matching {
                assert!(nfa.matches(text.as_bytes()), "`{pattern}` matches {text:?}");
            }
            for text in *other {
                assert!(!nfa.matches(text.as_bytes()), "`{pattern}` does not match {text:?}");
            }
        }
    }

    // P2
    #[test]
    fn wildcards_stay_within_a_segment() {
        decides(
            Slash,
            &[
                ("", &[""], &["a", "/"]),
                ("prod", &["prod"], &["", "pro", "prod/", "prod-eu", "Prod"]),
                ("*", &["", "a", "a.b", "é", "日本", "\n", "a:b", "."], &["/", "a/", "a/b"]),
                ("a*", &["a", "ab", "a:"], &["", "ba", "a/"]),
                ("a*c", &["ac", "abc", "acc"], &["a/c", "ab"]),
                ("*/*", &["/", "a/", "a/b"], &["", "a", "a/b/c"]),
                ("?", &["a", "é", "日", "\u{10ffff}", "\n", ":", "\0"], &["", "ab", "/", "e\u{301}"]),
                ("a?c", &["abc", "aéc"], &["ac", "a/c", "abbc"]),
                ("*.tfvars", &[".tfvars", "a.tfvars", "a.tfvars.tfvars"], &["a/b.tfvars", "a.tfvarsx"]),
            ],
        );
        decides(
            SlashAndColon,
            &[
                ("*", &["", "a"], &["a:b", "a/b", ":"]),
                ("?", &["a", "é", "9", ";", ".", "0"], &[":", "/"]),
                (
                    "arn:aws:iam::1:role/ci-*",
                    &["arn:aws:iam::1:role/ci-", "arn:aws:iam::1:role/ci-a"],
                    &["arn:aws:iam::1:role/ci-a:b", "arn:aws:iam::1:role/ci-a/b"],
                ),
                ("a:*:b", &["a::b", "a:x:b"], &["a:x:y:b"]),
            ],
        );
    }

    // P2
    #[test]
    fn two_stars_cross_segments() {
        decides(
            Slash,
            &[
                ("**", &["", "a", "a/b", "/", "é\n/"], &[]),
                ("prod/**", &["prod/", "prod/a", "prod/a/b"], &["prod", "prod-eu/a", "xprod/a"]),
                ("**/a", &["a", "/a", "x/a", "x/y/a"], &["xa", "a/", ""]),
                ("a/**/b", &["a/b", "a//b", "a/x/b", "a/x/y/b"], &["a/xb", "ab", "a/"]),
                ("a/**/**", &["a/", "a/b", "a/b/c"], &["a"]),
                ("**/**", &["", "a", "a/b", "/"], &[]),
                ("**/", &["", "/", "a/"], &["a"]),
                ("/**", &["/", "/a"], &["", "a"]),
                ("**/*.tf", &["a.tf", "x/a.tf", ".tf"], &["a.tf/x"]),
                (r"**\/a", &["a", "x/a"], &["xa"]),
                ("{a,b}/**", &["a/", "b/x"], &["c/x"]),
            ],
        );
        decides(
            SlashAndColon,
            &[
                ("**:a", &["a", "x:a", "x/y:a"], &["x/a"]),
                ("a:**", &["a:", "a:b/c:d"], &["a", "a/"]),
                ("a/**:b", &["a/b", "a/x:b"], &["a/x/b"]),
            ],
        );
    }

    // P2
    #[test]
    fn a_backslash_makes_the_next_character_literal() {
        decides(
            Slash,
            &[
                (r"\*", &["*"], &["a", r"\*", ""]),
                (r"\?", &["?"], &["a"]),
                (r"\[\]", &["[]"], &[]),
                (r"\\", &["\\"], &[""]),
                (r"\!a", &["!a"], &["a"]),
                (r"\{a,b\}", &["{a,b}"], &["a"]),
                (r"{\!a,\,}", &["!a", ","], &["a"]),
                (r"\a\é", &["aé"], &[]),
                ("a!", &["a!"], &[]),
                (r"\**", &["*", "*a"], &["a", "*/"]),
                (r"a/\**", &["a/*x"], &["a/x"]),
            ],
        );
    }

    #[test]
    fn mistakes_say_what_to_write_instead() {
        for (pattern, message, help) in [
            ("[ab]", "`[`", r"`\\[`"),
            ("a]", "`]`", r"`\\]`"),
            ("!a", "begin with `!`", r"`\\!`"),
            ("{b,!a}", "begin with `!`", r"`\\!`"),
            ("{,x}!", "begin with `!`", r"`\\!`"),
            ("a**", "not a whole segment", "`*`"),
            ("**a", "not a whole segment", "`*`"),
            ("a/**b", "not a whole segment", "`*`"),
            ("***", "not a whole segment", "`*`"),
            ("**/***", "not a whole segment", "`*`"),
            ("?**", "not a whole segment", "`*`"),
            (r"\a**", "not a whole segment", "`*`"),
            (r"**\a", "not a whole segment", "`*`"),
            ("{a,b}**", "not a whole segment", "`*`"),
            ("**:a", "not a whole segment", "`*`"),
            ("{a", "not closed", "`}`"),
            (r"a\", "final", "leave it out"),
        ] {
            let error = glob(pattern, Slash).unwrap_err();
            assert_eq!(error.code, Code::Glob);
            assert!(error.message.contains(message), "{pattern}: {}", error.message);
            assert!(error.help.as_ref().is_some_and(|text| text.contains(help)), "{pattern}: {:?}", error.help);
        }
    }

    #[test]
    fn a_glob_has_at_most_4096_bytes() {
        assert!(glob(&"?".repeat(4_096), Slash).is_ok());
        assert_eq!(glob(&"?".repeat(4_097), Slash).unwrap_err().code, Code::PatternTooLarge);
    }
}
