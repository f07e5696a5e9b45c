//! Functions of text. Characters are grapheme clusters where they are counted, scalar values where they are compared.

use unicode_segmentation::UnicodeSegmentation;

use super::Arguments;
use super::arguments::make_text;
use crate::evaluate::meter::Meter;
use crate::evaluate::{EvaluationError, Located, Value};
use crate::text::shared_nfc;

/// The texts of all lists with the separator between them.
pub(super) fn join(meter: &mut Meter, arguments: &Arguments) -> Result<Value, EvaluationError> {
    let separator = arguments.text(meter, 0)?;
    let mut texts: Vec<&str> = Vec::new();
    let mut bytes = 0_usize;
    for index in 1..arguments.all().len() {
        let list = arguments.list(meter, index)?;
        meter.spend(list.len(), arguments.span())?;
        for element in list.iter() {
            let text = arguments.element_text(meter, index, element)?;
            bytes = bytes.saturating_add(text.len());
            texts.push(text);
        }
    }
    let between = separator.len().saturating_mul(texts.len().saturating_sub(1));
    meter.make_text(bytes.saturating_add(between), arguments.span())?;
    Ok(Value::Text(shared_nfc(&texts.join(separator))))
}

/// The parts of a text between separators; with an empty separator its scalar values.
pub(super) fn split(meter: &mut Meter, arguments: &Arguments) -> Result<Value, EvaluationError> {
    let (separator, text, span) = (arguments.text(meter, 0)?, arguments.text(meter, 1)?, arguments.span());
    meter.read_text(text.len(), span)?;
    let mut made = Vec::new();
    let mut rest = Some(&**text).filter(|text| !(separator.is_empty() && text.is_empty()));
    while let Some(whole) = rest {
        let (part, after) = if separator.is_empty() {
            let first = whole.chars().next().map_or(0, char::len_utf8);
            let (part, after) = whole.split_at_checked(first).unwrap_or((whole, ""));
            (part, Some(after).filter(|after| !after.is_empty()))
        } else {
            whole.split_once(&**separator).map_or((whole, None), |(part, after)| (part, Some(after)))
        };
        rest = after;
        meter.spend(1, span)?;
        made.push(Located { value: make_text(meter, part, span)?, span });
    }
    Ok(Value::List(made.into()))
}

/// Every occurrence of one text replaced; the text is literal, also between slashes (X2).
pub(super) fn replace(meter: &mut Meter, arguments: &Arguments) -> Result<Value, EvaluationError> {
    let (text, search) = (arguments.text(meter, 0)?, arguments.text(meter, 1)?);
    let replacement = arguments.text(meter, 2)?;
    meter.read_text(text.len(), arguments.span())?;
    let matches = text.matches(&**search).count();
    let removed = matches.saturating_mul(search.len());
    let added = matches.saturating_mul(replacement.len());
    meter.make_text(text.len().saturating_sub(removed).saturating_add(added), arguments.span())?;
    Ok(Value::Text(shared_nfc(&text.replace(&**search, replacement))))
}

/// `length` characters from `offset`, which counts from the end where it is negative; all there are for a negative length.
pub(super) fn substr(meter: &mut Meter, arguments: &Arguments) -> Result<Value, EvaluationError> {
    let text = arguments.text(meter, 0)?;
    let (offset, length) = (arguments.whole(meter, 1)?, arguments.whole(meter, 2)?);
    meter.read_text(text.len(), arguments.span())?;
    let skipped = if offset < 0 {
        let back = usize::try_from(offset.unsigned_abs()).unwrap_or(usize::MAX);
        text.graphemes(true).count().saturating_sub(back)
    } else {
        usize::try_from(offset).unwrap_or(usize::MAX)
    };
    // A length of zero after a negative offset is "all", as it is in Terraform.
    let taken = if length < 0 || (length == 0 && offset < 0) {
        usize::MAX
    } else {
        usize::try_from(length).unwrap_or(usize::MAX)
    };
    let part: String = text.graphemes(true).skip(skipped).take(taken).collect();
    arguments.make_text(meter, &part)
}

/// The text without the characters of the second, at both ends.
pub(super) fn trim(meter: &mut Meter, arguments: &Arguments) -> Result<Value, EvaluationError> {
    let (text, characters) = (arguments.text(meter, 0)?, arguments.text(meter, 1)?);
    meter.read_text(text.len(), arguments.span())?;
    let unwanted: std::collections::BTreeSet<char> = characters.chars().collect();
    arguments.make_text(meter, text.trim_matches(|character| unwanted.contains(&character)))
}

pub(super) fn trim_prefix(meter: &mut Meter, arguments: &Arguments) -> Result<Value, EvaluationError> {
    let (text, prefix) = (arguments.text(meter, 0)?, arguments.text(meter, 1)?);
    arguments.make_text(meter, text.strip_prefix(&**prefix).unwrap_or(text))
}

pub(super) fn trim_suffix(meter: &mut Meter, arguments: &Arguments) -> Result<Value, EvaluationError> {
    let (text, suffix) = (arguments.text(meter, 0)?, arguments.text(meter, 1)?);
    arguments.make_text(meter, text.strip_suffix(&**suffix).unwrap_or(text))
}

pub(super) fn lower(meter: &mut Meter, arguments: &Arguments) -> Result<Value, EvaluationError> {
    mapped(meter, arguments, |_, character| simple_lower(character))
}

pub(super) fn upper(meter: &mut Meter, arguments: &Arguments) -> Result<Value, EvaluationError> {
    mapped(meter, arguments, |_, character| simple_upper(character))
}

/// The first letter of each word made a capital; a word begins after what is neither letter, digit nor `_`.
pub(super) fn title(meter: &mut Meter, arguments: &Arguments) -> Result<Value, EvaluationError> {
    mapped(
        meter,
        arguments,
        |before, character| {
            if before.is_none_or(is_separator) { simple_title(character) } else { character }
        },
    )
}

/// The text with every character mapped, by what stands before it and itself.
fn mapped(
    meter: &mut Meter,
    arguments: &Arguments,
    map: impl Fn(Option<char>, char) -> char,
) -> Result<Value, EvaluationError> {
    let text = arguments.text(meter, 0)?;
    let mut before = None;
    // Counted first: what is made has about as many bytes.
    meter.make_text(text.len(), arguments.span())?;
    let made: String = text.chars().map(|character| map(before.replace(character), character)).collect();
    Ok(Value::Text(shared_nfc(&made)))
}

/// Go's rule for `strings.Title`: of what is not ASCII only white space separates.
fn is_separator(character: char) -> bool {
    if character.is_ascii() {
        !(character.is_ascii_alphanumeric() || character == '_')
    } else {
        !character.is_alphanumeric() && character.is_whitespace()
    }
}

/// The one character that `character` is in lower case, if it is one: Terraform maps characters one to one.
fn simple_lower(character: char) -> char {
    match character {
        '\u{130}' => 'i',
        _ => single(character.to_lowercase()).unwrap_or(character),
    }
}

/// The same in upper case. Greek letters with iota below have one capital, which Rust writes as two.
fn simple_upper(character: char) -> char {
    match character {
        '\u{1f80}'..='\u{1f87}' | '\u{1f90}'..='\u{1f97}' | '\u{1fa0}'..='\u{1fa7}' => shifted(character, 8),
        '\u{1fb3}' | '\u{1fc3}' | '\u{1ff3}' => shifted(character, 9),
        _ => single(character.to_uppercase()).unwrap_or(character),
    }
}

/// The same at the beginning of a word. Digraphs have a form of their own there, Georgian letters no capitals.
fn simple_title(character: char) -> char {
    match character {
        'Ǆ' | 'ǅ' | 'ǆ' => 'ǅ',
        'Ǉ' | 'ǈ' | 'ǉ' => 'ǈ',
        'Ǌ' | 'ǋ' | 'ǌ' => 'ǋ',
        'Ǳ' | 'ǲ' | 'ǳ' => 'ǲ',
        '\u{10d0}'..='\u{10ff}' => character,
        _ => simple_upper(character),
    }
}

fn shifted(character: char, by: u32) -> char {
    u32::from(character).checked_add(by).and_then(char::from_u32).unwrap_or(character)
}

fn single(mut characters: impl Iterator<Item = char>) -> Option<char> {
    match (characters.next(), characters.next()) {
        (Some(only), None) => Some(only),
        _ => None,
    }
}

/// Text of text, a number or a boolean; null stays null, as in Terraform.
pub(super) fn to_string(meter: &mut Meter, arguments: &Arguments) -> Result<Value, EvaluationError> {
    let argument = arguments.get(meter, 0)?;
    match &argument.value {
        Value::Null => Ok(Value::Null),
        Value::Text(text) => Ok(Value::Text(text.clone())),
        Value::Number(number) => arguments.make_text(meter, &number.to_string()),
        Value::Bool(value) => arguments.make_text(meter, &value.to_string()),
        _ => Err(arguments.wrong_type(meter, 0, "text, a number or a boolean", argument)),
    }
}

#[cfg(test)]
mod tests {
    use crate::evaluate::testing::{call, check, flag, list, null, number, numbers, object, text, texts};
    use crate::syntax::tree::Expression;

    fn of(function: &str, arguments: &[&str]) -> Expression {
        call(function, arguments.iter().map(|argument| text(argument)).collect())
    }

    #[test]
    fn join_and_split_are_opposites() {
        check(vec![
            (call("join", vec![text(", "), texts(&["a", "b"]), texts(&["c"])]), "'a, b, c'"),
            (call("join", vec![text(","), list(vec![])]), "''"),
            (call("join", vec![text(""), texts(&["e", "\u{301}"])]), "'é'"),
            (call("join", vec![text(",")]), "PL307 `join` takes at least 2 arguments, but it is given 1"),
            (
                call("join", vec![text(","), numbers(&["1"])]),
                "PL303 `join` needs texts in `lists`, but this element is a number",
            ),
            (call("join", vec![text(","), text("a")]), "PL303 `join` needs a list as `lists`, but got text"),
            (of("split", &[",", "a,,b"]), "['a', '', 'b']"),
            (of("split", &[",", ""]), "['']"),
            (of("split", &[",", "a,"]), "['a', '']"),
            (of("split", &["", "aéb"]), "['a', 'é', 'b']"),
            (of("split", &["", ""]), "[]"),
            (of("split", &["--", "a--b"]), "['a', 'b']"),
        ]);
    }

    // X2
    #[test]
    fn replace_is_literal() {
        check(vec![
            (of("replace", &["a.b.c", ".", "--"]), "'a--b--c'"),
            (of("replace", &["a/b/c", "/b/", "-"]), "'a-c'"),
            (of("replace", &["abc", "/[a-z]/", "-"]), "'abc'"),
            (of("replace", &["abc", "", "-"]), "'-a-b-c-'"),
            (of("replace", &["aaa", "aa", ""]), "'a'"),
            (of("replace", &["ex", "x", "\u{301}"]), "'é'"),
            (
                call("replace", vec![text("a"), text("a"), number("1")]),
                "PL303 `replace` needs text as `replacement`, but got a number",
            ),
        ]);
    }

    #[test]
    fn substr_counts_characters() {
        let part = |whole, offset, length| call("substr", vec![text(whole), number(offset), number(length)]);
        check(vec![
            (part("hello", "1", "3"), "'ell'"),
            (part("hello", "1", "-1"), "'ello'"),
            (part("hello", "1", "-2"), "'ello'"),
            (part("hello", "-3", "2"), "'ll'"),
            (part("hello", "-10", "3"), "'hel'"),
            (part("hello", "9", "2"), "''"),
            (part("hello", "2", "0"), "''"),
            (part("hello", "0", "0"), "''"),
            (part("hello", "-2", "0"), "'lo'"),
            (part("hello", "1", "100"), "'ello'"),
            (part("👨‍👩‍👧éx", "1", "1"), "'é'"),
            (part("hello", "0.5", "1"), "PL307 `substr` needs a whole number as `offset`"),
        ]);
    }

    #[test]
    fn ends_are_trimmed() {
        check(vec![
            (of("trim", &["éxé", "é"]), "'x'"),
            (of("trim", &["?!hello?!", "!?"]), "'hello'"),
            (of("trim", &["  a ", ""]), "'  a '"),
            (of("trimprefix", &["aab", "a"]), "'ab'"),
            (of("trimprefix", &["aab", "x"]), "'aab'"),
            (of("trimsuffix", &["abb", "b"]), "'ab'"),
            (of("trimsuffix", &["abb", "x"]), "'abb'"),
            (call("trim", vec![text("a"), null()]), "PL303 `trim` needs text as `characters`, but got null"),
        ]);
    }

    /// As `terraform console` answers.
    #[test]
    fn cases_are_mapped_one_to_one() {
        check(vec![
            (of("upper", &["ßaŉᾀა"]), "'ßAŉᾈᲐ'"),
            (of("upper", &["\u{1f97}\u{1fa0}\u{1fb3}\u{1fc3}\u{1ff3}"]), "'\u{1f9f}\u{1fa8}\u{1fbc}\u{1fcc}\u{1ffc}'"),
            (of("lower", &["İΑΣÉ"]), "'iασé'"),
            (of("lower", &["ǅ"]), "'ǆ'"),
            (of("title", &["hello w-orld foo_bar ǆ it's 9a ა"]), "'Hello W-Orld Foo_bar ǅ It'S 9a ა'"),
            (of("title", &["ǉ ǌ ǳ éa c’d\u{a0}e"]), "'ǈ ǋ ǲ Éa C’d\u{a0}E'"),
            (call("upper", vec![number("1")]), "PL303 `upper` needs text as `text`, but got a number"),
            (call("lower", vec![null()]), "PL303"),
            (call("title", vec![call("any", vec![])]), "PL303"),
        ]);
    }

    #[test]
    fn tostring_converts_primitives() {
        let one = |argument| call("tostring", vec![argument]);
        check(vec![
            (one(text("a")), "'a'"),
            (one(number("1.50")), "'1.5'"),
            (one(flag(true)), "'true'"),
            (one(null()), "null"),
            (one(list(vec![])), "PL303 `tostring` needs text, a number or a boolean as `value`, but got a list"),
            (one(object(vec![])), "PL303"),
            (one(call("any", vec![])), "PL303"),
        ]);
    }
}
