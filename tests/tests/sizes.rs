//! The sizes that keep files and functions readable, measured on every Rust file of the workspace.

use std::fmt;
use std::path::Path;

use syn::visit::{self, Visit};

const FILE_LINES: usize = 700;
const FILE_LINES_MEDIAN: usize = 180;
const FUNCTION_LINES: usize = 60;
const FUNCTION_LINES_P90: usize = 25;
const PARAMETERS: usize = 5;

/// A function: lines from the signature to the closing brace, parameters beside `self`.
struct Function {
    path: String,
    line: usize,
    name: String,
    lines: usize,
    parameters: usize,
}

impl fmt::Display for Function {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { path, line, name, lines, parameters } = self;
        write!(out, "{path}:{line}: `{name}` has {lines} lines and {parameters} parameters")
    }
}

/// Collects the functions of one file, those inside functions too.
struct Functions<'a> {
    path: &'a str,
    found: Vec<Function>,
}

impl Functions<'_> {
    fn add(&mut self, signature: &syn::Signature, body: &syn::Block) {
        let line = signature.fn_token.span.start().line;
        let typed = |parameter: &&syn::FnArg| matches!(parameter, syn::FnArg::Typed(_));
        self.found.push(Function {
            path: self.path.to_owned(),
            line,
            name: signature.ident.to_string(),
            lines: body.brace_token.span.close().end().line.saturating_sub(line) + 1,
            parameters: signature.inputs.iter().filter(typed).count(),
        });
    }
}

impl<'ast> Visit<'ast> for Functions<'_> {
    fn visit_item_fn(&mut self, item: &'ast syn::ItemFn) {
        self.add(&item.sig, &item.block);
        visit::visit_item_fn(self, item);
    }

    fn visit_impl_item_fn(&mut self, item: &'ast syn::ImplItemFn) {
        self.add(&item.sig, &item.block);
        visit::visit_impl_item_fn(self, item);
    }

    fn visit_trait_item_fn(&mut self, item: &'ast syn::TraitItemFn) {
        if let Some(body) = &item.default {
            self.add(&item.sig, body);
        }
        visit::visit_trait_item_fn(self, item);
    }
}

fn functions(path: &str, text: &str) -> Vec<Function> {
    let file = syn::parse_file(text).unwrap_or_else(|error| panic!("{path}: {error}"));
    let mut functions = Functions { path, found: Vec::new() };
    functions.visit_file(&file);
    functions.found
}

/// Every Rust file: its name and text.
fn files() -> Vec<(String, String)> {
    let read =
        |path: &Path| std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let paths = workspace_tests::rust_files(&workspace_tests::root()).expect("the workspace can be listed");
    paths.iter().map(|path| (workspace_tests::shown(path), read(path))).collect()
}

fn all_functions() -> Vec<Function> {
    files().iter().flat_map(|(path, text)| functions(path, text)).collect()
}

/// The value that `percent` of `values` do not exceed.
fn percentile(mut values: Vec<usize>, percent: usize) -> usize {
    values.sort_unstable();
    let rank = (values.len() * percent).div_ceil(100);
    values.get(rank.saturating_sub(1)).copied().unwrap_or(0)
}

fn none<T: fmt::Display>(wrong: impl Iterator<Item = T>, limit: &str) {
    let wrong: Vec<_> = wrong.map(|item| item.to_string()).collect();
    assert!(wrong.is_empty(), "{limit}:\n{}", wrong.join("\n"));
}

#[test]
fn no_file_is_too_long() {
    let long = files().into_iter().map(|(path, text)| (path, text.lines().count()));
    let long = long.filter(|(_, lines)| *lines > FILE_LINES);
    none(long.map(|(path, lines)| format!("{path}:1: {lines} lines")), "a file has at most 700 lines");
}

#[test]
fn files_are_short_at_the_median() {
    let median = percentile(files().iter().map(|(_, text)| text.lines().count()).collect(), 50);
    assert!(median < FILE_LINES_MEDIAN, "the median file has {median} lines, to stay under {FILE_LINES_MEDIAN}");
}

#[test]
fn no_function_is_too_long() {
    let long = all_functions().into_iter().filter(|function| function.lines > FUNCTION_LINES);
    none(long, "a function has at most 60 lines");
}

#[test]
fn no_function_has_too_many_parameters() {
    let many = all_functions().into_iter().filter(|function| function.parameters > PARAMETERS);
    none(many, "a function has at most 5 parameters");
}

#[test]
fn functions_are_short_at_the_ninetieth_percentile() {
    let p90 = percentile(all_functions().iter().map(|function| function.lines).collect(), 90);
    assert!(p90 < FUNCTION_LINES_P90, "90 % of functions have up to {p90} lines, to stay under {FUNCTION_LINES_P90}");
}

/// The measure itself: what is too long is found, wherever it stands, and its doc comment does not count.
#[test]
fn a_function_that_is_too_long_is_found() {
    let body = "        let _ = 1;\n".repeat(59);
    let text = format!(
        "/// Doc.\nfn outer(a: u8, b: u8) {{\n    mod inner {{\n      impl X {{\n      #[inline]\n      pub fn long(&self) {{\n{body}      }}\n      }}\n    }}\n}}\n"
    );
    let found = functions("made.rs", &text);
    let shown: Vec<_> = found.iter().map(ToString::to_string).collect();
    assert_eq!(
        shown,
        ["made.rs:2: `outer` has 68 lines and 2 parameters", "made.rs:6: `long` has 61 lines and 0 parameters"]
    );
}

#[test]
fn percentiles_are_those_of_the_nearest_rank() {
    assert_eq!(percentile((1..=10).collect(), 90), 9);
    assert_eq!(percentile((1..=10).collect(), 50), 5);
    assert_eq!(percentile(vec![7], 90), 7);
    assert_eq!(percentile(Vec::new(), 90), 0);
}
