//! The pages of `portcullis explain`: there is one for each code and each reason, and what they show is true.

use std::collections::BTreeMap;

use policy_core::decision::Reason;
use policy_core::diagnostic::{Code, Diagnostic};
use policy_core::estate::Requirement;
use policy_core::{PolicyFile, check};

/// The codes whose mistake no text of HCL of a bearable length can show; their pages say it in words.
const IN_WORDS: &[Code] = &[
    Code::NoPolicyFile,
    Code::NotAPlainFile,
    Code::Unreadable,
    Code::TooMuchText,
    Code::NotUtf8,
    Code::ByteOrderMark,
    Code::TooDeep,
    Code::TooMany,
];

/// The pages by their names without `.md`.
fn pages() -> BTreeMap<String, String> {
    let folder = workspace_tests::root().join("docs/explain");
    let files = std::fs::read_dir(&folder).expect("docs/explain").map(|entry| entry.expect("an entry of it").path());
    let page = |path: std::path::PathBuf| {
        let file = path.file_name().expect("a file").to_str().expect("a name in UTF-8");
        let name = file.strip_suffix(".md").unwrap_or_else(|| panic!("{file} is no page")).to_owned();
        (name, std::fs::read_to_string(&path).expect("a page in UTF-8"))
    };
    files.map(page).collect()
}

/// What stands under a heading of the second level, up to the next one.
fn section<'a>(page: &'a str, heading: &str) -> Option<&'a str> {
    let (_, rest) = page.split_once(&format!("\n## {heading}\n"))?;
    Some(rest.split("\n## ").next().unwrap_or(rest))
}

/// The blocks of HCL in a text.
fn estates(text: &str) -> Vec<&str> {
    text.split("```hcl\n").skip(1).map(|rest| rest.split_once("```").expect("a block that ends").0).collect()
}

fn diagnostics(estate: &str) -> Vec<Diagnostic> {
    check(vec![PolicyFile::new("estate.hcl", estate)]).diagnostics
}

fn shown(found: &[Diagnostic]) -> Vec<String> {
    found.iter().map(|diagnostic| format!("{}: {}", diagnostic.code.as_str(), diagnostic.message)).collect()
}

#[test]
fn each_code_and_each_reason_has_a_page_and_no_page_is_left_over() {
    let codes = Code::ALL.iter().map(|code| (code.as_str(), format!("# {} {}", code.as_str(), code.name())));
    let reasons = Reason::ALL.iter().map(|reason| (reason.as_str(), format!("# {}", reason.as_str())));
    let expected: BTreeMap<String, String> =
        codes.chain(reasons).map(|(name, title)| (name.to_owned(), title)).collect();
    let title = |page: &str| page.lines().next().unwrap_or_default().to_owned();
    let found: BTreeMap<String, String> = pages().into_iter().map(|(name, page)| (name, title(&page))).collect();
    assert_eq!(found, expected);
}

#[test]
fn a_bad_estate_has_the_one_mistake_that_its_page_is_about_and_the_good_one_has_none() {
    let pages = pages();
    let mut wrong = Vec::new();
    for code in Code::ALL {
        let page = pages.get(code.as_str()).unwrap_or_else(|| panic!("{} has a page", code.as_str()));
        let [bad, good] = ["Bad", "Good"].map(|heading| {
            estates(section(page, heading).unwrap_or_else(|| panic!("{} has a part `{heading}`", code.as_str())))
        });
        assert_eq!(estates(page).len(), bad.len() + good.len(), "{}: an estate that is neither", code.as_str());
        match (bad.as_slice(), good.as_slice()) {
            ([], []) if IN_WORDS.contains(code) => {}
            ([bad], [good]) if !IN_WORDS.contains(code) => {
                let found = diagnostics(bad);
                if !matches!(found.as_slice(), [one] if one.code == *code) {
                    wrong.push(format!("{} bad: {:?}", code.as_str(), shown(&found)));
                }
                let found = diagnostics(good);
                if !found.is_empty() {
                    wrong.push(format!("{} good: {:?}", code.as_str(), shown(&found)));
                }
            }
            _ => wrong.push(format!("{}: {} bad and {} good estates", code.as_str(), bad.len(), good.len())),
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn pages_link_to_pages() {
    let pages = pages();
    for (name, page) in &pages {
        for target in page.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let target = target.strip_suffix(".md").unwrap_or(target);
            assert!(pages.contains_key(target), "{name} links to `{target}`");
        }
    }
}

// E8
#[test]
fn the_order_of_the_checks_is_that_of_the_reasons() {
    let pages = pages();
    let order = section(&pages["no-permit"], "The order of the checks").expect("the order of the checks");
    let items = order.lines().filter(|line| line.starts_with(|first: char| first.is_ascii_digit()));
    let listed: Vec<&str> = items.filter_map(|line| line.split('`').nth(1)).collect();
    assert_eq!(listed, Reason::ALL.map(Reason::as_str));
}

// R
#[test]
fn every_requirement_says_who_can_bring_it_about() {
    let pages = pages();
    let table = section(&pages["requirements-unmet"], "What to do").expect("a part about what to do");
    let listed: Vec<&str> = table.lines().filter_map(|line| line.strip_prefix("| `")?.split('`').next()).collect();
    // `approvers` says of `approvals` whose they are, and is no requirement by itself.
    assert_eq!(listed, Requirement::ALL.map(Requirement::as_str));
}
