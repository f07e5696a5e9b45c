//! Command lines without the values of arguments that may be secret (A5).

use std::collections::BTreeSet;

use policy_core::decision::Reason;
use policy_core::redact::HIDDEN;

use super::quoted;

/// The texts that are hidden in a command line: whole items, and values behind the `=` of an option.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Hidden(BTreeSet<String>);

impl Hidden {
    /// Everything that was given, where nobody knows what is secret: all values, and where the arguments were not accepted
    /// all of each item, since an option that nobody declares may have its value in its name.
    pub fn all(arguments: &[String], reason: Reason) -> Self {
        let accepted =
            matches!(reason, Reason::Forbidden | Reason::Permitted | Reason::RequirementsUnmet | Reason::NoPermit);
        let whole = arguments.iter().filter(|item| !accepted || !item.starts_with('-')).cloned();
        Self(whole.chain(arguments.iter().filter_map(|item| value(item)).map(str::to_owned)).collect())
    }

    /// Items as a POSIX shell would be given them, as [`command_line`](super::command_line) has them, without what is hidden.
    pub fn command_line<T: AsRef<str>>(&self, items: impl IntoIterator<Item = T>) -> String {
        let items: Vec<String> = items.into_iter().map(|item| self.item(item.as_ref())).collect();
        items.join(" ")
    }

    fn item(&self, item: &str) -> String {
        if self.0.contains(item) {
            return HIDDEN.to_owned();
        }
        match value(item).filter(|value| self.0.contains(*value)) {
            Some(value) => {
                let name = item.strip_suffix(value).unwrap_or_default();
                format!("{}{HIDDEN}", quoted(name))
            }
            None => quoted(item),
        }
    }
}

impl FromIterator<String> for Hidden {
    fn from_iter<I: IntoIterator<Item = String>>(texts: I) -> Self {
        Self(texts.into_iter().collect())
    }
}

/// What stands behind the first `=` of an option (A1).
fn value(item: &str) -> Option<&str> {
    item.split_once('=').filter(|(name, _)| name.starts_with('-')).map(|(_, value)| value)
}

#[cfg(test)]
mod tests {
    use policy_core::decision::Reason;

    use super::Hidden;

    // A5
    #[test]
    fn values_are_hidden_wherever_they_stand() {
        let hidden: Hidden = ["s3cr3t".to_owned(), String::new()].into_iter().collect();
        let items = ["tool", "-token=s3cr3t", "-token", "s3cr3t", "-empty=", "-other=s3cr3t2", "a b"];
        assert_eq!(
            hidden.command_line(items),
            "tool -token=[hidden] -token [hidden] -empty=[hidden] -other=s3cr3t2 'a b'"
        );
    }

    // A5
    #[test]
    fn where_nothing_is_known_all_that_was_given_is_hidden() {
        let given = ["-a=1", "-b", "2", "-pX", "3"].map(str::to_owned);
        let shown = |reason| Hidden::all(&given, reason).command_line(given.iter().chain(["plan".to_owned()].iter()));
        assert_eq!(shown(Reason::Permitted), "-a=[hidden] -b [hidden] -pX [hidden] plan");
        assert_eq!(shown(Reason::ArgumentRefused), "[hidden] [hidden] [hidden] [hidden] [hidden] plan");
    }
}
