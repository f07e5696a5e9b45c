//! The refs that can be asked (C2).

use super::compile::{commit, pull_request};
use super::node::Node;

/// Texts that hold all refs of C2, without its rules about Unicode normalisation and format characters. Those that
/// [`refused`] matches are none.
pub(super) fn canonical_reference() -> Node {
    let any = || Node::visible_but(&['/', '\\', ' ', '~', '^', ':', '?', '*', '[']);
    let first = Node::visible_but(&['/', '\\', ' ', '~', '^', ':', '?', '*', '[', '.', '-']);
    let segment = Node::concat([first, any().repeat(0, None)]);
    let more = Node::concat([Node::literal("/"), segment.clone()]).repeat(0, None);
    let named = Node::concat([kinds(), segment, more]);
    Node::alternate([named, pull_request(), commit()])
}

/// What the names of refs do not hold, begin with or end with.
pub(super) fn refused() -> Vec<Node> {
    let holds = |text: &str| Node::concat([Node::AnyText, Node::literal(text), Node::AnyText]);
    let ends = |text: &str| Node::concat([Node::AnyText, Node::literal(text)]);
    let hexadecimal = |count| Node::class([('0', '9'), ('a', 'f'), ('A', 'F')]).repeat(count, Some(count));
    let name = |name: Node| Node::concat([kinds(), name]);
    vec![
        holds(".."),
        holds("@{"),
        holds(".lock/"),
        ends(".lock"),
        ends("."),
        name(Node::literal("@")),
        name(Node::concat([Node::literal("refs/"), Node::AnyText])),
        name(Node::alternate([hexadecimal(40), hexadecimal(64)])),
    ]
}

fn kinds() -> Node {
    Node::concat([Node::literal("refs/"), Node::alternate([Node::literal("heads/"), Node::literal("tags/")])])
}
