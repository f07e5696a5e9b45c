//! The model of a pattern: what it is made of, how it is written as a glob and as a regex, which texts it matches by a
//! matcher of its own, and a text that it matches. None of it reads a pattern's text.

use crate::choices::Choices;

/// A piece of a segment.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Part {
    Literal(String),
    /// `?`
    One,
    /// `*`
    Star,
    /// `{a,b}`
    Either(Vec<String>),
}

/// What stands between two separators.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Segment {
    Parts(Vec<Part>),
    /// `**`
    Deep,
}

/// A pattern: segments with `/` between them. Other separators can stand in its literals.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Glob(pub(crate) Vec<Segment>);

/// What the matcher walks over.
enum Token<'a> {
    Character(char),
    One,
    Star,
    Either(&'a [String]),
    /// `**/`: nothing, or any text that ends in `/`.
    DeepThenSeparator,
    /// A final `**`: any text.
    DeepEnd,
}

impl Glob {
    /// One literal text, in which `/` parts segments.
    pub(crate) fn literal(text: &str) -> Self {
        Self(text.split('/').map(|part| Segment::Parts(vec![Part::Literal(part.to_owned())])).collect())
    }

    /// The pattern in the syntax of globs.
    pub(crate) fn as_glob(&self) -> String {
        let segment = |segment: &Segment| match segment {
            Segment::Deep => "**".to_owned(),
            Segment::Parts(parts) => parts.iter().map(Part::as_glob).collect(),
        };
        self.0.iter().map(segment).collect::<Vec<String>>().join("/")
    }

    /// The same pattern in the syntax of regexes, for texts in which only the given separators part segments.
    pub(crate) fn as_regex(&self, separators: &str) -> String {
        let tokens = self.tokens();
        let one = |token: &Token<'_>| match token {
            Token::Character(character) => quoted(&character.to_string(), r".+*?()|[]{}^$\#&-~/"),
            Token::One => format!("[^{separators}]"),
            Token::Star => format!("[^{separators}]*"),
            Token::Either(texts) => {
                let texts: Vec<String> = texts.iter().map(|text| quoted(text, r".+*?()|[]{}^$\#&-~/")).collect();
                format!("(?:{})", texts.join("|"))
            }
            Token::DeepThenSeparator => r"(?:[\s\S]*/)?".to_owned(),
            Token::DeepEnd => r"[\s\S]*".to_owned(),
        };
        tokens.iter().map(one).collect()
    }

    fn tokens(&self) -> Vec<Token<'_>> {
        let mut tokens = Vec::new();
        for (index, segment) in self.0.iter().enumerate() {
            let last = index + 1 == self.0.len();
            match segment {
                Segment::Deep => tokens.push(if last { Token::DeepEnd } else { Token::DeepThenSeparator }),
                Segment::Parts(parts) => {
                    for part in parts {
                        part.add_tokens(&mut tokens);
                    }
                    tokens.extend((!last).then_some(Token::Character('/')));
                }
            }
        }
        tokens
    }

    /// Whether the pattern matches the whole of `text`.
    pub(crate) fn matches(&self, text: &str, separators: &str) -> bool {
        let text: Vec<char> = text.chars().collect();
        matches(&self.tokens(), &text, separators)
    }

    /// A text that it matches.
    pub(crate) fn sample(&self, choices: &mut Choices<'_>) -> String {
        let mut text = String::new();
        for token in self.tokens() {
            match token {
                Token::Character(character) => text.push(character),
                Token::One => text.push(choices.pick(&['a', 'b', '0', '-', '.'])),
                Token::Star => text.push_str(choices.pick(&["a", "", "b0", "prod", "x-1"])),
                Token::Either(texts) => text.push_str(&choices.pick(texts)),
                Token::DeepThenSeparator => text.push_str(choices.pick(&["", "a/", "eu/app/"])),
                Token::DeepEnd => text.push_str(choices.pick(&["a", "b/app", ""])),
            }
        }
        text
    }
}

impl Part {
    fn as_glob(&self) -> String {
        match self {
            Self::Literal(text) => quoted(text, r"*?{}[]\!,"),
            Self::One => "?".to_owned(),
            Self::Star => "*".to_owned(),
            Self::Either(texts) => {
                let texts: Vec<String> = texts.iter().map(|text| quoted(text, r"*?{}[]\!,")).collect();
                format!("{{{}}}", texts.join(","))
            }
        }
    }

    fn add_tokens<'a>(&'a self, tokens: &mut Vec<Token<'a>>) {
        match self {
            Self::Literal(text) => tokens.extend(text.chars().map(Token::Character)),
            Self::One => tokens.push(Token::One),
            Self::Star => tokens.push(Token::Star),
            Self::Either(texts) => tokens.push(Token::Either(texts)),
        }
    }
}

/// Straight from P2: what the first token can take away, and whether the others match what is left.
fn matches(tokens: &[Token<'_>], text: &[char], separators: &str) -> bool {
    let Some((first, rest)) = tokens.split_first() else { return text.is_empty() };
    let parts = |character: char| separators.contains(character);
    match first {
        Token::Character(character) => text.first() == Some(character) && matches(rest, &text[1..], separators),
        Token::One => text.first().is_some_and(|first| !parts(*first)) && matches(rest, &text[1..], separators),
        Token::Star => {
            let run = text.iter().take_while(|character| !parts(**character)).count();
            (0..=run).any(|taken| matches(rest, &text[taken..], separators))
        }
        Token::Either(texts) => texts.iter().any(|either| {
            let either: Vec<char> = either.chars().collect();
            text.strip_prefix(&*either).is_some_and(|left| matches(rest, left, separators))
        }),
        Token::DeepThenSeparator => {
            matches(rest, text, separators)
                || (0..text.len()).any(|at| text[at] == '/' && matches(rest, &text[at + 1..], separators))
        }
        Token::DeepEnd => true,
    }
}

fn quoted(text: &str, special: &str) -> String {
    let mut out = String::new();
    for character in text.chars() {
        out.extend(special.contains(character).then_some('\\'));
        out.push(character);
    }
    out
}
