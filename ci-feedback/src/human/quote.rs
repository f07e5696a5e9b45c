//! Command lines that can be read in one way only.

use policy_core::redact;

use super::visible;

/// Items as a POSIX shell would be given them. No shell ever runs this: it is for reading, and for copying.
pub fn command_line<T: AsRef<str>>(items: impl IntoIterator<Item = T>) -> String {
    let items: Vec<String> = items.into_iter().map(|item| quoted(item.as_ref())).collect();
    items.join(" ")
}

/// One item: bare where nothing in it is special, else in single quotes; with an escape, in `$'…'`. Of an address in it, the
/// user is hidden (C1).
pub fn quoted(item: &str) -> String {
    let item = &*redact::text(item);
    let plain = |character: char| character.is_alphanumeric() || "-._~/+@,=:%".contains(character);
    let shown = visible(item);
    if !item.is_empty() && item.chars().all(plain) {
        item.to_owned()
    } else if shown != item {
        let escaped: String = item.chars().map(escaped).collect();
        format!("$'{escaped}'")
    } else {
        format!("'{}'", item.replace('\'', "'\\''"))
    }
}

fn escaped(character: char) -> String {
    match character {
        '\'' | '\\' => format!("\\{character}"),
        '\n' => "\\n".to_owned(),
        '\t' => "\\t".to_owned(),
        _ if visible(character.encode_utf8(&mut [0; 4])).len() == character.len_utf8() => character.to_string(),
        _ => format!("\\U{:08x}", u32::from(character)),
    }
}

#[cfg(test)]
mod tests {
    use super::{command_line, quoted};

    #[test]
    fn what_a_shell_would_read_otherwise_is_quoted() {
        assert_eq!(quoted("-target=module.app"), "-target=module.app");
        assert_eq!(quoted(""), "''");
        assert_eq!(quoted("a b"), "'a b'");
        assert_eq!(quoted("-from=https://SECRET@h/x"), "'-from=https://[hidden]@h/x'");
        assert_eq!(quoted("it's"), "'it'\\''s'");
        assert_eq!(quoted("$(reboot)"), "'$(reboot)'");
        assert_eq!(quoted("a\nb'\u{1b}"), "$'a\\nb\\'\\U0000001b'");
        assert_eq!(command_line(&["a".to_owned(), "b c".to_owned()]), "a 'b c'");
    }
}
