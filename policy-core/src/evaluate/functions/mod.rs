//! The functions of the language (X2, section 6).

mod arguments;
mod collection;
mod combine;
mod format;
mod pattern;
mod select;
mod text;

pub(super) use arguments::Arguments;

use super::meter::Meter;
use super::{EvaluationError, Value};

/// How a function makes its value of arguments that are evaluated; their number has been checked.
pub(super) type Run = fn(&mut Meter, &Arguments) -> Result<Value, EvaluationError>;

/// A function of the language, as the documentation shows it.
#[derive(Debug)]
pub struct FunctionInfo {
    /// The name.
    pub name: &'static str,
    /// How it is called: `?` follows what may be left out, `...` what may be repeated.
    pub signature: &'static str,
    /// The fewest arguments it takes.
    pub minimum: usize,
    /// The most arguments it takes; none where there is no bound.
    pub maximum: Option<usize>,
    /// None for `try`, which evaluates its arguments itself.
    pub(super) run: Option<Run>,
}

const fn fixed(name: &'static str, signature: &'static str, count: usize, run: Run) -> FunctionInfo {
    FunctionInfo { name, signature, minimum: count, maximum: Some(count), run: Some(run) }
}

const fn between(name: &'static str, signature: &'static str, counts: (usize, usize), run: Run) -> FunctionInfo {
    FunctionInfo { name, signature, minimum: counts.0, maximum: Some(counts.1), run: Some(run) }
}

const fn open(name: &'static str, signature: &'static str, minimum: usize, run: Run) -> FunctionInfo {
    FunctionInfo { name, signature, minimum, maximum: None, run: Some(run) }
}

/// Every function of the language, sorted by name.
pub const FUNCTIONS: &[FunctionInfo] = &[
    fixed("alltrue", "alltrue(list)", 1, select::all_true),
    fixed("any", "any()", 0, pattern::any),
    fixed("anytrue", "anytrue(list)", 1, select::any_true),
    fixed("branch", "branch(pattern)", 1, pattern::branch),
    open("coalesce", "coalesce(values...)", 1, select::coalesce),
    fixed("commit", "commit()", 0, pattern::commit),
    fixed("compact", "compact(list)", 1, collection::compact),
    open("concat", "concat(lists...)", 1, combine::concat),
    fixed("contains", "contains(list, value)", 2, select::contains),
    fixed("distinct", "distinct(list)", 1, collection::distinct),
    fixed("effect", "effect(kind)", 1, pattern::effect),
    fixed("element", "element(list, index)", 2, select::element),
    fixed("exact", "exact(text)", 1, pattern::exact),
    fixed("flatten", "flatten(list)", 1, collection::flatten),
    open("format", "format(format, values...)", 1, format::format_one),
    open("formatlist", "formatlist(format, values...)", 1, format::format_list),
    fixed("glob", "glob(text)", 1, pattern::glob),
    fixed("index", "index(list, value)", 2, select::index),
    open("join", "join(separator, lists...)", 2, text::join),
    fixed("keys", "keys(object)", 1, collection::keys),
    fixed("length", "length(value)", 1, collection::length),
    between("lookup", "lookup(object, key, default?)", (2, 3), select::lookup),
    fixed("lower", "lower(text)", 1, text::lower),
    open("merge", "merge(objects...)", 0, combine::merge),
    fixed("protected", "protected()", 0, pattern::protected),
    fixed("pull_request", "pull_request()", 0, pattern::pull_request),
    between("range", "range(start?, limit, step?)", (1, 3), combine::range),
    fixed("regex", "regex(text)", 1, pattern::regex),
    fixed("replace", "replace(text, search, replacement)", 3, text::replace),
    fixed("reverse", "reverse(list)", 1, collection::reverse),
    open("setproduct", "setproduct(lists...)", 2, combine::set_product),
    fixed("slice", "slice(list, start, end)", 3, collection::slice),
    fixed("sort", "sort(list)", 1, collection::sort),
    fixed("split", "split(separator, text)", 2, text::split),
    fixed("substr", "substr(text, offset, length)", 3, text::substr),
    fixed("tag", "tag(pattern)", 1, pattern::tag),
    fixed("title", "title(text)", 1, text::title),
    fixed("tolist", "tolist(list)", 1, collection::to_list),
    fixed("toset", "toset(list)", 1, collection::to_set),
    fixed("tostring", "tostring(value)", 1, text::to_string),
    fixed("trim", "trim(text, characters)", 2, text::trim),
    fixed("trimprefix", "trimprefix(text, prefix)", 2, text::trim_prefix),
    fixed("trimsuffix", "trimsuffix(text, suffix)", 2, text::trim_suffix),
    FunctionInfo { name: "try", signature: "try(expressions...)", minimum: 1, maximum: None, run: None },
    fixed("upper", "upper(text)", 1, text::upper),
    fixed("values", "values(object)", 1, collection::values),
    fixed("zipmap", "zipmap(keys, values)", 2, combine::zipmap),
];

/// The function of this name.
pub(super) fn find(name: &str) -> Option<&'static FunctionInfo> {
    FUNCTIONS.binary_search_by(|function| function.name.cmp(name)).ok().and_then(|index| FUNCTIONS.get(index))
}

#[cfg(test)]
mod tests {
    use super::{FUNCTIONS, find};

    // X2
    #[test]
    fn the_table_is_the_language() {
        let x2 = "alltrue anytrue coalesce compact concat contains distinct element flatten format formatlist index join \
                  keys length lookup lower merge range replace reverse setproduct slice sort split substr title tolist \
                  toset tostring trim trimprefix trimsuffix try upper values zipmap";
        let patterns = "any branch commit effect exact glob protected pull_request regex tag";
        let mut expected: Vec<&str> =
            x2.split(' ').chain(patterns.split(' ')).filter(|name| !name.is_empty()).collect();
        expected.sort_unstable();
        let names: Vec<&str> = FUNCTIONS.iter().map(|function| function.name).collect();
        assert_eq!(names, expected);
        assert!(FUNCTIONS.iter().all(|function| find(function.name).is_some_and(|found| found.name == function.name)));
        assert!(find("file").is_none());
    }

    #[test]
    fn signatures_agree_with_counts() {
        for function in FUNCTIONS {
            let inside = function.signature.trim_start_matches(function.name).trim_matches(['(', ')']);
            let parameters: Vec<&str> = inside.split(", ").filter(|name| !name.is_empty()).collect();
            let is_open = parameters.last().is_some_and(|name| name.ends_with("..."));
            assert_eq!(function.maximum.is_none(), is_open, "{}", function.name);
            assert_eq!(function.maximum.unwrap_or(parameters.len()), parameters.len(), "{}", function.name);
            let optional = parameters.iter().filter(|name| name.ends_with('?')).count();
            if !is_open {
                assert_eq!(function.minimum, parameters.len() - optional, "{}", function.name);
            }
        }
    }
}
