//! Strongly connected components, without recursion: the order in which locals are evaluated, and the circles among them.

/// The components of the graph whose node `n` points to `edges[n]`, each after all it points to; nodes and edges are
/// visited in their order. Tarjan's algorithm with its stack on the heap: a chain of 100,000 locals is legitimate.
pub(super) fn components(edges: &[Vec<usize>]) -> Vec<Vec<usize>> {
    let mut search = Search {
        edges,
        number: vec![None; edges.len()],
        low: vec![0; edges.len()],
        open: Vec::new(),
        is_open: vec![false; edges.len()],
        count: 0,
        found: Vec::new(),
    };
    for node in 0..edges.len() {
        if search.number.get(node).is_some_and(Option::is_none) {
            search.visit(node);
        }
    }
    search.found
}

struct Search<'a> {
    edges: &'a [Vec<usize>],
    /// When each node was first seen.
    number: Vec<Option<usize>>,
    /// The earliest node that each one reaches.
    low: Vec<usize>,
    /// Nodes whose component is not complete.
    open: Vec<usize>,
    is_open: Vec<bool>,
    count: usize,
    found: Vec<Vec<usize>>,
}

impl Search<'_> {
    fn visit(&mut self, start: usize) {
        let mut path = vec![(start, 0)];
        self.enter(start);
        while let Some((node, edge)) = path.last_mut() {
            let node = *node;
            let target = self.edges.get(node).and_then(|targets| targets.get(*edge)).copied();
            *edge = edge.saturating_add(1);
            let Some(target) = target else {
                path.pop();
                self.leave(node, path.last().map(|(parent, _)| *parent));
                continue;
            };
            match self.number.get(target).copied().flatten() {
                None => {
                    self.enter(target);
                    path.push((target, 0));
                }
                Some(number) if self.is_open.get(target) == Some(&true) => self.lower(node, number),
                Some(_) => {}
            }
        }
    }

    /// All that `node` points to has been seen.
    fn leave(&mut self, node: usize, parent: Option<usize>) {
        let low = self.low.get(node).copied().unwrap_or(0);
        if let Some(parent) = parent {
            self.lower(parent, low);
        }
        if self.number.get(node).copied().flatten() == Some(low) {
            self.close(node);
        }
    }

    fn enter(&mut self, node: usize) {
        set(&mut self.number, node, Some(self.count));
        set(&mut self.low, node, self.count);
        set(&mut self.is_open, node, true);
        self.open.push(node);
        self.count = self.count.saturating_add(1);
    }

    fn lower(&mut self, node: usize, number: usize) {
        if let Some(low) = self.low.get_mut(node) {
            *low = number.min(*low);
        }
    }

    fn close(&mut self, root: usize) {
        let mut component = Vec::new();
        while let Some(node) = self.open.pop() {
            set(&mut self.is_open, node, false);
            component.push(node);
            if node == root {
                break;
            }
        }
        component.reverse();
        self.found.push(component);
    }
}

fn set<T>(values: &mut [T], index: usize, value: T) {
    if let Some(place) = values.get_mut(index) {
        *place = value;
    }
}

#[cfg(test)]
mod tests {
    use super::components;

    #[test]
    fn components_come_after_what_they_point_to() {
        for (edges, expected) in [
            (vec![], vec![]),
            (vec![vec![]], vec![vec![0]]),
            (vec![vec![0]], vec![vec![0]]),
            (vec![vec![1, 2], vec![2], vec![]], vec![vec![2], vec![1], vec![0]]),
            (vec![vec![], vec![0], vec![1]], vec![vec![0], vec![1], vec![2]]),
            (vec![vec![1], vec![2], vec![0]], vec![vec![0, 1, 2]]),
            (vec![vec![1, 2], vec![0], vec![0]], vec![vec![0, 1, 2]]),
            // A diamond: the second way to 3 closes no circle.
            (vec![vec![1, 2], vec![3], vec![3], vec![]], vec![vec![3], vec![1], vec![2], vec![0]]),
            // Two circles, one behind the other.
            (vec![vec![1], vec![0, 2], vec![3], vec![2]], vec![vec![2, 3], vec![0, 1]]),
            // A circle of which an earlier node is reached only through a later one.
            (vec![vec![1], vec![2, 3], vec![0], vec![]], vec![vec![3], vec![0, 1, 2]]),
            (vec![vec![1], vec![2], vec![3], vec![1]], vec![vec![1, 2, 3], vec![0]]),
        ] {
            assert_eq!(components(&edges), expected, "{edges:?}");
        }
    }

    #[test]
    fn a_long_chain_needs_no_stack() {
        let length = 200_000;
        let mut edges: Vec<Vec<usize>> = (1..length).map(|next| vec![next]).collect();
        edges.push(vec![]);
        let found = components(&edges);
        assert_eq!((found.len(), found.first()), (length, Some(&vec![length - 1])));
        edges.pop();
        edges.push(vec![0]);
        assert_eq!(components(&edges).len(), 1);
    }
}
