//! Annotations of GitHub Actions. Paths begin with the directory as it was named, so that they land where the job checked
//! out: <https://docs.github.com/actions/reference/workflow-commands-for-github-actions>.

use std::fmt::Write as _;

use policy_core::diagnostic::Code;

use super::Checked;

pub(super) fn write(checked: &Checked) -> String {
    let mut out = String::new();
    for (finding, _) in &checked.findings {
        let name = Code::parse(finding.code).map_or("", Code::name);
        let place = &finding.place;
        let message = match &finding.help {
            Some(help) => format!("{}\nhelp: {help}", finding.message),
            None => finding.message.clone(),
        };
        // Writing to a string does not fail.
        _ = writeln!(
            out,
            "::{} file={},line={},col={},endLine={},endColumn={},title={}::{}",
            finding.severity,
            property(&checked.path_of(&place.file)),
            place.line,
            place.column,
            place.end_line,
            place.end_column,
            property(&format!("{} {name}", finding.code)),
            data(&message),
        );
    }
    out
}

/// Escapes the text behind `::`.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// Escapes a value in front of `::`.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::{data, property};

    #[test]
    fn what_ends_a_command_is_escaped() {
        assert_eq!(data("50%\r\nof: a, b"), "50%25%0D%0Aof: a, b");
        assert_eq!(property("a:b,c"), "a%3Ab%2Cc");
    }
}
