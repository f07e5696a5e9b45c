//! The first stage of a glob (P2): braces become the texts they stand for.

use std::str::Chars;

use super::error::{PatternError, grouped, within_bytes};
use crate::diagnostic::Code;
use crate::limits::{BRACE_NESTING, BRACE_RESULTS};

/// The texts that the braces of a glob stand for, in order, escapes kept; `text` itself where it has no braces (P2, P6).
///
/// # Errors
/// `Glob` for an unclosed `{`, a `}` without `{`, braces without a comma of their own, a final `\`, and for more than [`BRACE_NESTING`] braces in each other or
/// [`BRACE_RESULTS`] results; `PatternTooLarge` for too many bytes.
pub fn brace_results(text: &str) -> Result<Vec<String>, PatternError> {
    within_bytes(text)?;
    if !text.contains(['{', '}', '\\']) {
        return Ok(vec![text.to_owned()]);
    }
    let mut reader = Reader { rest: text.chars() };
    reader.sequence(0).map(|(results, _)| results)
}

/// What ended a sequence of characters and braces.
#[derive(PartialEq)]
enum End {
    Text,
    Comma,
    Brace,
}

struct Reader<'text> {
    rest: Chars<'text>,
}

impl Reader<'_> {
    /// Reads within `depth` braces, up to where this alternative, or the text, ends.
    fn sequence(&mut self, depth: usize) -> Result<(Vec<String>, End), PatternError> {
        let mut results = vec![String::new()];
        let mut run = String::new();
        let end = loop {
            match self.rest.next() {
                None if depth == 0 => break End::Text,
                None => return Err(unclosed()),
                Some('\\') => {
                    run.push('\\');
                    run.push(self.rest.next().ok_or_else(final_backslash)?);
                }
                Some('{') => {
                    let alternatives = self.alternatives(depth + 1)?;
                    append(&mut results, &run);
                    run.clear();
                    results = product(&results, &alternatives)?;
                }
                Some('}') if depth == 0 => return Err(unopened()),
                Some('}') => break End::Brace,
                Some(',') if depth > 0 => break End::Comma,
                Some(character) => run.push(character),
            }
        };
        append(&mut results, &run);
        Ok((results, end))
    }

    /// Reads the alternatives of a brace that makes the nesting `depth`, and its end.
    fn alternatives(&mut self, depth: usize) -> Result<Vec<String>, PatternError> {
        if depth > BRACE_NESTING {
            let message = format!("braces are nested more than {BRACE_NESTING} deep");
            return Err(PatternError::new(Code::Glob, message, "write it as several patterns of one list"));
        }
        let mut alternatives = Vec::new();
        let mut commas = 0;
        loop {
            let (results, end) = self.sequence(depth)?;
            within_results(alternatives.len() + results.len())?;
            alternatives.extend(results);
            match end {
                End::Comma => commas += 1,
                _ if commas == 0 => return Err(no_comma()),
                _ => return Ok(alternatives),
            }
        }
    }
}

fn append(results: &mut [String], run: &str) {
    for result in results {
        result.push_str(run);
    }
}

fn product(before: &[String], after: &[String]) -> Result<Vec<String>, PatternError> {
    within_results(before.len() * after.len())?;
    Ok(before.iter().flat_map(|before| after.iter().map(move |after| format!("{before}{after}"))).collect())
}

/// No part has more results than the whole, so that to stop at the first part with too many refuses nothing else.
fn within_results(count: usize) -> Result<(), PatternError> {
    if count <= BRACE_RESULTS {
        return Ok(());
    }
    let message = format!("the braces stand for more than {} texts", grouped(BRACE_RESULTS));
    Err(PatternError::new(Code::Glob, message, "write `*` for some of them, or several patterns of one list"))
}

fn unclosed() -> PatternError {
    let help = r"write `}` after the last alternative, or `\\{` in the quoted text for the character itself";
    PatternError::new(Code::Glob, "a `{` is not closed", help)
}

fn unopened() -> PatternError {
    let help = r"write `{` before the first alternative, or `\\}` in the quoted text for the character itself";
    PatternError::new(Code::Glob, "a `}` has no `{`", help)
}

/// One alternative is no choice: whoever writes it means the braces themselves, as in a UUID of Bitbucket.
fn no_comma() -> PatternError {
    let help = r#"write `\\{` and `\\}` in the quoted text, or `exact("…")`, for the characters themselves, and `{a,b}` for one of several"#;
    PatternError::new(Code::Glob, "these braces have no `,` of their own, so that they offer no choice", help)
}

fn final_backslash() -> PatternError {
    let help = r"write `\\\\` in the quoted text for the character itself, or leave it out";
    PatternError::new(Code::Glob, r"a final `\` makes no character literal", help)
}

#[cfg(test)]
mod tests {
    use super::brace_results;
    use crate::diagnostic::Code;

    #[test]
    fn braces_become_their_alternatives_in_order() {
        for (text, wanted) in [
            ("", vec![""]),
            ("a,b", vec!["a,b"]),
            ("{a,b}", vec!["a", "b"]),
            ("x{a,b}y", vec!["xay", "xby"]),
            ("{a,b}{c,d}", vec!["ac", "ad", "bc", "bd"]),
            ("a{,b}", vec!["a", "ab"]),
            ("{a,}c", vec!["ac", "c"]),
            ("{,}", vec!["", ""]),
            ("{a,b{c,d}e}f", vec!["af", "bcef", "bdef"]),
            (r"\{a,b\}", vec![r"\{a,b\}"]),
            (r"{a\,b,c\}}", vec![r"a\,b", r"c\}"]),
            (r"{\\,b}", vec![r"\\", "b"]),
            ("{a,{b,{c,{d,e}}}}", vec!["a", "b", "c", "d", "e"]),
            (r"\{1234-5678\}", vec![r"\{1234-5678\}"]),
        ] {
            assert_eq!(brace_results(text).unwrap(), wanted, "{text}");
        }
    }

    #[test]
    fn mistakes_say_what_to_write_instead() {
        for (text, message, help) in [
            ("{a", "`{` is not closed", r"`\\{`"),
            ("{a,b", "`{` is not closed", "`}`"),
            (r"{a\}", "`{` is not closed", "`}`"),
            ("a}", "`}` has no `{`", r"`\\}`"),
            ("{a,b}}", "`}` has no `{`", "`{`"),
            (r"a\", r"final `\`", r"`\\\\`"),
            (r"{a\", r"final `\`", r"`\\\\`"),
            ("{{{{{a,b}}}}}", "more than 4 deep", "several patterns"),
            ("{}", "no `,` of their own", r"`\\{`"),
            ("{a}", "no `,` of their own", r#"`exact("…")`"#),
            ("{d4e45493-4a33-477d-917b-a24e7e4bd39b}", "no `,` of their own", r"`\\}`"),
            ("a{,{b}}", "no `,` of their own", "`{a,b}`"),
            ("{{a,b}}", "no `,` of their own", "`{a,b}`"),
            (r"{a\,b}", "no `,` of their own", "`{a,b}`"),
        ] {
            let error = brace_results(text).unwrap_err();
            assert_eq!(error.code, Code::Glob);
            assert!(error.message.contains(message), "{text}: {}", error.message);
            assert!(error.help.as_ref().is_some_and(|text| text.contains(help)), "{text}: {:?}", error.help);
        }
    }

    #[test]
    fn at_most_1024_results() {
        let two = "{a,b}";
        assert_eq!(brace_results(&two.repeat(10)).unwrap().len(), 1_024);
        assert!(brace_results(&two.repeat(11)).unwrap_err().message.contains("1,024"));
        assert!(brace_results(&two.repeat(800)).is_err());
        let alternatives = |count: usize| format!("{{{}}}", ",".repeat(count - 1));
        assert_eq!(brace_results(&alternatives(1_024)).unwrap().len(), 1_024);
        assert!(brace_results(&alternatives(1_025)).is_err());
        assert!(brace_results(&format!("{{{},a}}", alternatives(1_024))).is_err());
    }
}
