//! The form in which callers are matched (C6).

use super::node::Node;

/// The principals as callers are matched (C6): a role or user without its path, never an assumed role. A pattern of `principals`
/// that has no text in common with it can match nobody (P8).
pub(super) fn canonical_principal() -> Node {
    let named = |kind: &str| Node::concat([Node::literal(kind), name()]);
    let partition = Node::concat([Node::literal("-"), Node::class([('a', 'z')]).repeat(1, None)]).repeat(0, None);
    let arn = Node::concat([
        Node::literal("arn:aws"),
        partition,
        Node::literal(":iam::"),
        Node::class([('0', '9')]).repeat(12, Some(12)),
        Node::literal(":"),
        Node::alternate([named("role/"), named("user/"), Node::literal("root")]),
    ]);
    Node::alternate([arn, named("local:user/")])
}

/// The sessions of C6, and that of who has none.
pub(super) fn session() -> Node {
    name().optional()
}

/// `[A-Za-z0-9+=,.@_-]+`.
fn name() -> Node {
    Node::class([('A', 'Z'), ('a', 'z'), ('0', '9'), ('+', '-'), ('=', '='), ('.', '.'), ('@', '@'), ('_', '_')])
        .repeat(1, None)
}

#[cfg(test)]
mod tests {
    use super::super::{Nfa, Separators, glob, intersects};
    use super::canonical_principal;

    // C6
    #[test]
    fn samples_of_principals() {
        let nfa = Nfa::new(&canonical_principal()).unwrap();
        for (text, wanted) in [
            ("arn:aws:iam::111111111111:role/ci", true),
            ("arn:aws-us-gov:iam::111111111111:role/A9+=,.@_-z", true),
            ("arn:aws-cn:iam::000000000000:user/ana", true),
            ("arn:aws:iam::111111111111:root", true),
            ("local:user/ana", true),
            ("arn:aws:iam::111111111111:role/path/ci", false),
            ("arn:aws:iam::111111111111:user/path/ana", false),
            ("arn:aws:iam::111111111111:role/", false),
            ("arn:aws:iam::111111111111:root/x", false),
            ("arn:aws:iam::11111111111:role/ci", false),
            ("arn:aws:iam::1111111111111:role/ci", false),
            ("arn:aws-:iam::111111111111:role/ci", false),
            ("arn:aws-US:iam::111111111111:role/ci", false),
            ("arn:awsx:iam::111111111111:role/ci", false),
            ("arn:aws:iam:us-east-1:111111111111:role/ci", false),
            ("arn:aws:iam::111111111111:group/ci", false),
            ("arn:aws:sts::111111111111:assumed-role/ci/run", false),
            ("arn:aws:iam::111111111111:role/é", false),
            ("arn:aws:iam::111111111111:role/a*", false),
            ("local:user/", false),
            ("local:role/ana", false),
            ("", false),
        ] {
            assert_eq!(nfa.matches(text.as_bytes()), wanted, "{text}");
        }
    }

    // P8
    #[test]
    fn a_member_that_can_match_nobody_is_found() {
        for (text, wanted) in [
            ("arn:aws:iam::111111111111:role/ci-*", true),
            ("arn:aws:iam::*:role/*", true),
            ("**", true),
            ("*", false),
            ("*:user/*", true),
            ("arn:aws:iam::111111111111:role/path/ci", false),
            ("arn:aws:iam::111111111111:role/*/ci", false),
            ("arn:aws:sts::111111111111:assumed-role/ci/*", false),
            ("arn:aws:iam::1111:role/ci", false),
        ] {
            let node = glob(text, Separators::SlashAndColon).unwrap();
            assert_eq!(intersects(&node, &canonical_principal()), Ok(wanted), "{text}");
        }
    }
}
