//! Choices as a row of numbers. Everything random is made from such a row, so that what shrinks is the row: a number that
//! becomes smaller, or goes away, makes something simpler. Zero is always the simplest choice.

/// A row of numbers that is used from its beginning; behind its end there are zeros.
pub(crate) struct Choices<'a> {
    rest: &'a [u16],
}

impl<'a> Choices<'a> {
    pub(crate) fn new(numbers: &'a [u16]) -> Self {
        Self { rest: numbers }
    }

    fn next(&mut self) -> usize {
        let Some((first, rest)) = self.rest.split_first() else { return 0 };
        self.rest = rest;
        usize::from(*first)
    }

    /// A number below `bound`.
    pub(crate) fn below(&mut self, bound: usize) -> usize {
        self.next() % bound
    }

    /// Yes, once in `one_in` times.
    pub(crate) fn chance(&mut self, one_in: usize) -> bool {
        self.below(one_in) == one_in - 1
    }

    /// One of several; the first is the simplest.
    pub(crate) fn pick<T: Clone>(&mut self, from: &[T]) -> T {
        from[self.below(from.len())].clone()
    }

    /// Up to `most` things.
    pub(crate) fn some<T>(&mut self, most: usize, mut make: impl FnMut(&mut Self) -> T) -> Vec<T> {
        (0..self.below(most + 1)).map(|_| make(self)).collect()
    }

    /// The same things in another order; with zeros only, in the same.
    pub(crate) fn shuffled<T>(&mut self, mut things: Vec<T>) -> Vec<T> {
        for index in 0..things.len() {
            let other = index + self.below(things.len() - index);
            things.swap(index, other);
        }
        things
    }
}
