//! Unified diffs, as `patch -p1` and `git apply` read them.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::io::{self, IsTerminal as _};
use std::time::Duration;

use similar::{ChangeTag, TextDiff};

use super::Change;
use crate::terminal::ColorWhen;
use ci_feedback::{Colors, visible};

/// How long the shortest diff of one file is looked for; after that, a longer one will do.
const PATIENCE: Duration = Duration::from_secs(2);

/// The diffs of all changes.
pub(super) fn write(changes: &[Change], color: ColorWhen) -> String {
    let stdout = io::stdout();
    // A patch has to hold what the file holds; on a terminal that could play tricks.
    let shown: fn(&str) -> Cow<'_, str> = if stdout.is_terminal() { visible } else { |text| Cow::Borrowed(text) };
    let colors = color.colors(&stdout);
    changes.iter().map(|change| one(change, colors, shown)).collect()
}

fn one(change: &Change, colors: Colors, shown: fn(&str) -> Cow<'_, str>) -> String {
    let (before, after): (Vec<&str>, Vec<&str>) =
        (change.before.split_inclusive('\n').collect(), change.after.split_inclusive('\n').collect());
    let mut config = TextDiff::configure();
    let diff = config.timeout(PATIENCE).newline_terminated(true).diff_slices(&before, &after);
    let name = visible(change.shown.trim_start_matches('/'));
    let (bad, good, faint, strong) = (colors.bad(), colors.good(), colors.faint(), colors.strong());
    // Writing to a text does not fail.
    let mut out = format!("{strong}--- a/{name}{strong:#}\n{strong}+++ b/{name}{strong:#}\n");
    for hunk in diff.unified_diff().iter_hunks() {
        _ = writeln!(out, "{faint}{}{faint:#}", hunk.header().to_string().trim_end());
        for line in hunk.iter_changes() {
            let text = line.value();
            let whole = text.strip_suffix('\n');
            let text = shown(whole.unwrap_or(text));
            _ = match line.tag() {
                ChangeTag::Equal => writeln!(out, " {text}"),
                ChangeTag::Delete => writeln!(out, "{bad}-{text}{bad:#}"),
                ChangeTag::Insert => writeln!(out, "{good}+{text}{good:#}"),
            };
            if whole.is_none() {
                out.push_str("\\ No newline at end of file\n");
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use super::{Change, one};
    use ci_feedback::Colors;

    #[test]
    fn a_diff_is_a_patch() {
        let change = Change {
            path: "a.hcl".into(),
            shown: "/x/a.hcl".to_owned(),
            before: "# a\r b\na=1".to_owned(),
            after: "# a\r b\na = 1\n".to_owned(),
        };
        let expected =
            "--- a/x/a.hcl\n+++ b/x/a.hcl\n@@ -1,2 +1,2 @@\n # a\r b\n-a=1\n\\ No newline at end of file\n+a = 1\n";
        assert_eq!(one(&change, Colors::NONE, |text| Cow::Borrowed(text)), expected);
    }
}
