//! The examples of docs/language.md and docs/callers.md, checked and decided as the pages say.
//!
//! Fenced blocks by their info strings:
//!
//! * `hcl`: an estate of one file, `estate.hcl`, without any diagnostic;
//! * `hcl invalid CODE…`, `hcl warning CODE…`: exactly these diagnostics, in the order of L3; with `warning` none is an error;
//! * `hcl fragment …`: stands in place of the line [`PLACE`] of the estate `fragments`;
//! * `hcl … estate=NAME`: keeps the estate for invocations;
//! * `hcl tests`: a `*.test.hcl` file without mistakes;
//! * `json invocation estate=NAME`, and the next block `json decision`: the fields that it shows, at any depth, are
//!   those of the decision; lists are as long as shown.

use std::collections::BTreeMap;

use policy_core::diagnostic::Severity;
use policy_core::reference::Reference;
use policy_core::{PolicyFile, check, read_tests};
use serde_json::Value;

/// The line of the estate `fragments` that a fragment replaces.
const PLACE: &str = "  # fragments stand here\n";

/// Every code of a rule of the language. R has no number.
const RULES: &[(&str, u32)] =
    &[("L", 3), ("N", 7), ("X", 4), ("E", 10), ("P", 8), ("C", 6), ("A", 5), ("R", 0), ("D", 2), ("T", 1), ("V", 3)];

/// A fenced block.
struct Block {
    /// The line of the fence, from 1.
    line: usize,
    info: Vec<String>,
    text: String,
}

impl Block {
    fn says(&self, word: &str) -> bool {
        self.info.iter().any(|found| found == word)
    }

    fn estate(&self) -> Option<&str> {
        self.info.iter().find_map(|word| word.strip_prefix("estate="))
    }

    /// The diagnostics that the block is said to give.
    fn codes(&self) -> Vec<&str> {
        self.info.iter().filter(|word| word.starts_with("PL")).map(String::as_str).collect()
    }

    fn is(&self, language: &str, kind: Option<&str>) -> bool {
        self.info.first().is_some_and(|found| found == language) && kind.is_none_or(|kind| self.says(kind))
    }
}

/// A page, and how many estates and decisions it has at least.
struct Page {
    file: &'static str,
    estates: usize,
    decisions: usize,
}

const LANGUAGE: Page = Page { file: "docs/language.md", estates: 40, decisions: 20 };
const PAGES: [Page; 2] = [LANGUAGE, Page { file: "docs/callers.md", estates: 8, decisions: 3 }];

impl Page {
    fn text(&self) -> String {
        let path = workspace_tests::root().join(self.file);
        std::fs::read_to_string(path).expect("a page").replace("\r\n", "\n")
    }
}

fn blocks(page: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut open: Option<Block> = None;
    for (line, text) in (1..).zip(page.lines()) {
        match (text.strip_prefix("```"), open.as_mut()) {
            (Some(_), Some(_)) => blocks.extend(open.take()),
            (Some(info), None) => {
                let info = info.split_whitespace().map(str::to_owned).collect();
                open = Some(Block { line, info, text: String::new() });
            }
            (None, Some(block)) => {
                block.text.push_str(text);
                block.text.push('\n');
            }
            (None, None) => {}
        }
    }
    assert!(open.is_none(), "a block is not closed");
    blocks
}

/// The estate that a block stands for; the estate `fragments` comes before the first fragment.
fn whole(block: &Block, estates: &BTreeMap<String, String>) -> String {
    if !block.says("fragment") {
        return block.text.clone();
    }
    let frame = estates.get("fragments").expect("the estate `fragments` comes first");
    assert_eq!(frame.matches(PLACE).count(), 1, "the estate `fragments` has one place for a fragment");
    frame.replace(PLACE, &block.text)
}

/// What is wrong with an estate, if it is not what the block says.
fn check_estate(block: &Block, text: &str) -> Option<String> {
    let report = check(vec![PolicyFile::new("estate.hcl", text)]);
    let found: Vec<&str> = report.diagnostics.iter().map(|diagnostic| diagnostic.code.as_str()).collect();
    let errors = report.diagnostics.iter().any(|diagnostic| diagnostic.severity() == Severity::Error);
    let right = found == block.codes() && errors == block.says("invalid") && report.estate.is_some() != errors;
    (!right).then(|| format!("line {}: expected {:?}, found {:#?}", block.line, block.codes(), report.diagnostics))
}

#[test]
fn estates_check_as_the_pages_say() {
    PAGES.iter().for_each(estates_check);
}

fn estates_check(page: &Page) {
    let mut estates = BTreeMap::new();
    let mut wrong = Vec::new();
    let mut count = 0;
    for block in blocks(&page.text()).iter().filter(|block| block.is("hcl", None)) {
        count += 1;
        if block.says("tests") {
            let report = read_tests(vec![PolicyFile::new("estate.test.hcl", block.text.as_str())]);
            assert!(report.tests.is_some(), "line {}: {:#?}", block.line, report.diagnostics);
            continue;
        }
        assert_eq!(block.says("invalid") || block.says("warning"), !block.codes().is_empty(), "line {}", block.line);
        let text = whole(block, &estates);
        wrong.extend(check_estate(block, &text));
        if let Some(name) = block.estate() {
            assert!(estates.insert(name.to_owned(), text).is_none(), "line {}: a second estate `{name}`", block.line);
        }
    }
    assert!(wrong.is_empty(), "{}: {}", page.file, wrong.join("\n"));
    assert!(count >= page.estates, "{}: only {count} estates", page.file);
}

#[test]
fn decisions_are_as_the_pages_say() {
    PAGES.iter().for_each(decisions_are_right);
}

fn decisions_are_right(page: &Page) {
    let mut estates = BTreeMap::new();
    let mut asked: Option<Value> = None;
    let mut wrong = Vec::new();
    let mut count = 0;
    for block in blocks(&page.text()) {
        if let (true, Some(name)) = (block.is("hcl", None), block.estate()) {
            let text = whole(&block, &estates);
            estates.insert(name.to_owned(), text);
        } else if block.is("json", Some("invocation")) {
            assert!(asked.is_none(), "line {}: the invocation before it has no decision", block.line);
            let name = block.estate().unwrap_or_else(|| panic!("line {}: which estate?", block.line));
            let text = estates.get(name).unwrap_or_else(|| panic!("line {}: no estate `{name}`", block.line));
            asked = Some(decision(text, &block.text));
        } else if block.is("json", Some("decision")) {
            let decided = asked.take().unwrap_or_else(|| panic!("line {}: which invocation?", block.line));
            let shown =
                serde_json::from_str(&block.text).unwrap_or_else(|error| panic!("line {}: {error}", block.line));
            count += 1;
            if !shows(&shown, &decided) {
                wrong.push(format!("line {}: decided\n{decided:#}", block.line));
            }
        }
    }
    assert!(asked.is_none(), "the last invocation has no decision");
    assert!(wrong.is_empty(), "{}: {}", page.file, wrong.join("\n"));
    assert!(count >= page.decisions, "{}: only {count} decisions", page.file);
}

fn decision(policy: &str, invocation: &str) -> Value {
    let report = check(vec![PolicyFile::new("estate.hcl", policy)]);
    let estate = report.estate.unwrap_or_else(|| panic!("{:#?}", report.diagnostics));
    let json = Reference::new(&estate).decide_json(invocation.as_bytes()).to_json();
    serde_json::from_str(&json).expect("a decision is JSON")
}

/// Whether `whole` is what `part` shows of it: objects may have more fields, lists not more members.
fn shows(part: &Value, whole: &Value) -> bool {
    match (part, whole) {
        // The environment is a map: what is not shown is not there.
        (Value::Object(part), Value::Object(whole)) => part.iter().all(|(name, value)| {
            whole
                .get(name)
                .is_some_and(|found| if name == "environment" { found == value } else { shows(value, found) })
        }),
        (Value::Array(part), Value::Array(whole)) => {
            part.len() == whole.len() && part.iter().zip(whole).all(|(part, whole)| shows(part, whole))
        }
        (part, whole) => part == whole,
    }
}

#[test]
fn every_rule_of_the_language_has_its_place() {
    let page = LANGUAGE.text();
    let codes = RULES.iter().flat_map(|(letter, last)| match last {
        0 => vec![(*letter).to_owned()],
        last => (1..=*last).map(|number| format!("{letter}{number}")).collect(),
    });
    let missing: Vec<String> = codes.filter(|code| !page.lines().any(|line| begins_rule(line, code))).collect();
    assert!(missing.is_empty(), "no paragraph of docs/language.md begins with {}", missing.join(", "));
    assert!(page.lines().any(|line| line == "## 10 Limits"), "the limits have no section 10");
}

/// Whether a paragraph defines the rule: it begins with `**E4. `.
fn begins_rule(line: &str, code: &str) -> bool {
    line.strip_prefix("**").and_then(|line| line.strip_prefix(code)).is_some_and(|rest| rest.starts_with(". "))
}
