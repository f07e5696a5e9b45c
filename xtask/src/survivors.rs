//! The list of mutants that may survive: `docs/mutants.md`.

use std::collections::BTreeMap;

/// Mutants by name, with how many of that name there are: the name has no line number, so that moving code does not
/// change it, and one function can hold several mutants of one name.
pub(crate) type Count = BTreeMap<String, usize>;

/// Reads the lines of `docs/mutants.md` that list a survivor: ``* `PATH: CHANGE` — REASON``.
///
/// # Errors
/// When a listed survivor has no reason.
pub(crate) fn listed(text: &str) -> Result<Count, String> {
    let mut count = Count::new();
    for line in text.lines() {
        let Some((name, reason)) = line.strip_prefix("* `").and_then(|rest| rest.split_once('`')) else { continue };
        if reason.trim_start_matches([' ', '—', '-', ':']).is_empty() {
            return Err(format!("docs/mutants.md: `{name}` has no reason"));
        }
        *count.entry(name.to_owned()).or_default() += 1;
    }
    Ok(count)
}

/// Reads a list that cargo-mutants wrote: lines `PATH:LINE:COLUMN: CHANGE`.
pub(crate) fn reported(text: &str) -> Count {
    let mut count = Count::new();
    for line in text.lines().filter(|line| !line.trim().is_empty()) {
        *count.entry(without_place(line)).or_default() += 1;
    }
    count
}

fn without_place(line: &str) -> String {
    let mut parts = line.splitn(4, ':');
    match (parts.next(), parts.next(), parts.next(), parts.next()) {
        (Some(path), Some(_), Some(_), Some(change)) => format!("{path}:{change}"),
        _ => line.to_owned(),
    }
}

/// What `some` has beyond `others`.
pub(crate) fn beyond(some: &Count, others: &Count) -> Vec<String> {
    let more = some.iter().filter(|(name, count)| others.get(*name).copied().unwrap_or(0) < **count);
    more.map(|(name, _)| name.clone()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_survivor_is_known_by_its_name_and_number() {
        let missed = reported("a/b.rs:3:7: replace f -> bool with true\na/b.rs:9:1: replace f -> bool with true\n");
        let listed = listed("# Survivors\n* `a/b.rs: replace f -> bool with true` — the same by A1\n").unwrap();
        assert_eq!(beyond(&missed, &listed), ["a/b.rs: replace f -> bool with true"]);
        assert_eq!(beyond(&listed, &missed), [""; 0]);
    }

    #[test]
    fn a_reason_is_needed() {
        assert!(listed("* `a/b.rs: delete !` — ").is_err());
    }
}
