//! The paths that can be asked (C3).

use super::node::Node;

/// The paths of C3, without its rules about Unicode normalisation, format characters and length: `.`, or segments that are
/// neither empty nor `.` nor `..` and do not begin with `-`, without `\` and control characters.
pub(super) fn canonical_path() -> Node {
    let any = || Node::visible_but(&['/', '\\']);
    let rest = || any().repeat(0, None);
    let behind_dot = Node::alternate([
        Node::concat([Node::visible_but(&['/', '\\', '.']), rest()]),
        Node::concat([Node::literal("."), any(), rest()]),
    ]);
    let segment = Node::alternate([
        Node::concat([Node::visible_but(&['/', '\\', '.', '-']), rest()]),
        Node::concat([Node::literal("."), behind_dot]),
    ]);
    let more = Node::concat([Node::literal("/"), segment.clone()]).repeat(0, None);
    Node::alternate([Node::literal("."), Node::concat([segment, more])])
}
