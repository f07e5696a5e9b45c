//! Walking through what refers to what, without recursion: a chain may be as long as the estate.

/// What a walk found.
pub(super) struct Walk {
    /// The nodes, each after everything it refers to; what closes a circle does not count as a reference.
    pub(super) order: Vec<usize>,
    /// The references that close a circle: (from, index of the reference among those of `from`).
    pub(super) closing: Vec<(usize, usize)>,
}

/// Walks depth first from node 0 upwards, through the references of each in order.
pub(super) fn walk(references: &[Vec<usize>]) -> Walk {
    #[derive(Clone, Copy, PartialEq)]
    enum State {
        New,
        Open,
        Done,
    }
    let mut states = vec![State::New; references.len()];
    let mut found = Walk { order: Vec::with_capacity(references.len()), closing: Vec::new() };
    for root in 0..references.len() {
        let mut open: Vec<(usize, usize)> = vec![(root, 0)];
        while let Some((node, next)) = open.pop() {
            let Some(state) = states.get_mut(node) else { continue };
            if next == 0 {
                if *state != State::New {
                    continue;
                }
                *state = State::Open;
            }
            let Some(&target) = references.get(node).and_then(|targets| targets.get(next)) else {
                *state = State::Done;
                found.order.push(node);
                continue;
            };
            open.push((node, next + 1));
            match states.get(target) {
                Some(State::New) => open.push((target, 0)),
                Some(State::Open) => found.closing.push((node, next)),
                _ => {}
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::walk;

    #[test]
    fn what_is_referred_to_comes_first() {
        let found = walk(&[vec![1, 2], vec![2], vec![]]);
        assert_eq!(found.order, [2, 1, 0]);
        assert!(found.closing.is_empty());
    }

    #[test]
    fn each_circle_is_closed_once() {
        let found = walk(&[vec![1], vec![2], vec![0, 2]]);
        assert_eq!(found.closing, [(2, 0), (2, 1)]);
        assert_eq!(found.order, [2, 1, 0]);
    }

    #[test]
    fn a_long_chain_does_not_recurse() {
        let references: Vec<Vec<usize>> = (0..200_000).map(|node| vec![node + 1]).chain([vec![]]).collect();
        assert_eq!(walk(&references).order.len(), 200_001);
    }
}
