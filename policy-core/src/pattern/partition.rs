//! A partition of numbers that can only become finer, after Valmari, "Fast brief practical DFA minimization" (2012).

use super::nfa::index;

/// Numbers below a fixed one, in blocks. What is out of range counts as 0, and is never asked for.
pub(super) struct Partition {
    /// The elements, block after block.
    elements: Vec<u32>,
    /// Where in `elements` each element stands.
    location: Vec<u32>,
    /// The block of each element.
    block_of: Vec<u32>,
    blocks: Vec<Block>,
    /// Blocks that hold a marked element.
    touched: Vec<u32>,
}

/// A part of `elements`: its first and its end, and how many at its beginning are marked.
#[derive(Clone, Copy, Default)]
struct Block {
    first: u32,
    end: u32,
    marked: u32,
}

impl Partition {
    /// All numbers below `count` in one block; no block for none.
    pub(super) fn whole(count: u32) -> Self {
        let blocks = if count == 0 { Vec::new() } else { vec![Block { first: 0, end: count, marked: 0 }] };
        Self {
            elements: (0..count).collect(),
            location: (0..count).collect(),
            block_of: vec![0; index(count)],
            blocks,
            touched: Vec::new(),
        }
    }

    /// The positions of `keys`, a block for each key.
    pub(super) fn by_key(keys: &[u8]) -> Self {
        let mut partition = Self::whole(u32::try_from(keys.len()).unwrap_or(u32::MAX));
        partition.elements.sort_by_key(|element| keys.get(index(*element)));
        partition.blocks.clear();
        let mut before = None;
        for position in 0..keys.len() {
            let element = get(&partition.elements, position);
            let place = u32::try_from(position).unwrap_or(u32::MAX);
            let key = keys.get(index(element));
            if key != before || position == 0 {
                partition.blocks.push(Block { first: place, end: place, marked: 0 });
                before = key;
            }
            if let Some(block) = partition.blocks.last_mut() {
                block.end += 1;
            }
            let number = u32::try_from(partition.blocks.len().saturating_sub(1)).unwrap_or(u32::MAX);
            set(&mut partition.location, index(element), place);
            set(&mut partition.block_of, index(element), number);
        }
        partition
    }

    /// How many blocks there are.
    pub(super) fn len(&self) -> usize {
        self.blocks.len()
    }

    /// The elements of a block.
    pub(super) fn elements(&self, block: usize) -> &[u32] {
        let block = self.blocks.get(block).copied().unwrap_or_default();
        self.elements.get(index(block.first)..index(block.end)).unwrap_or(&[])
    }

    /// Marks an element that is not marked.
    pub(super) fn mark(&mut self, element: u32) {
        let number = get(&self.block_of, index(element));
        let Some(block) = self.blocks.get_mut(index(number)) else { return };
        let from = get(&self.location, index(element));
        let to = block.first + block.marked;
        if block.marked == 0 {
            self.touched.push(number);
        }
        block.marked += 1;
        let other = get(&self.elements, index(to));
        set(&mut self.elements, index(from), other);
        set(&mut self.location, index(other), from);
        set(&mut self.elements, index(to), element);
        set(&mut self.location, index(element), to);
    }

    /// Parts each block that has both into its marked elements and the others, and takes all marks away. The smaller part
    /// becomes the new block: that makes the whole refinement fast.
    pub(super) fn split(&mut self) {
        while let Some(number) = self.touched.pop() {
            let Some(block) = self.blocks.get_mut(index(number)) else { continue };
            let middle = block.first + block.marked;
            block.marked = 0;
            if middle == block.end {
                continue;
            }
            let new = if middle - block.first <= block.end - middle {
                let new = Block { first: block.first, end: middle, marked: 0 };
                block.first = middle;
                new
            } else {
                let new = Block { first: middle, end: block.end, marked: 0 };
                block.end = middle;
                new
            };
            let number = u32::try_from(self.blocks.len()).unwrap_or(u32::MAX);
            self.blocks.push(new);
            for element in self.elements.get(index(new.first)..index(new.end)).unwrap_or(&[]) {
                set(&mut self.block_of, index(*element), number);
            }
        }
    }
}

fn get(values: &[u32], at: usize) -> u32 {
    values.get(at).copied().unwrap_or(0)
}

fn set(values: &mut [u32], at: usize, value: u32) {
    if let Some(place) = values.get_mut(at) {
        *place = value;
    }
}

#[cfg(test)]
mod tests {
    use super::Partition;

    fn blocks(partition: &Partition) -> Vec<Vec<u32>> {
        let mut blocks: Vec<Vec<u32>> = (0..partition.len()).map(|block| partition.elements(block).to_vec()).collect();
        for block in &mut blocks {
            block.sort_unstable();
        }
        blocks.sort();
        blocks
    }

    #[test]
    fn marked_elements_leave_their_blocks() {
        let mut partition = Partition::whole(5);
        for element in [1, 3, 4] {
            partition.mark(element);
        }
        partition.split();
        assert_eq!(blocks(&partition), [vec![0, 2], vec![1, 3, 4]]);
        assert_eq!(partition.elements(1).len(), 2, "the smaller part is the new block");
        for element in [0, 2, 4] {
            partition.mark(element);
        }
        partition.split();
        assert_eq!(blocks(&partition), [vec![0, 2], vec![1, 3], vec![4]]);
        assert_eq!(Partition::whole(0).len(), 0);
    }

    #[test]
    fn keys_make_blocks() {
        assert_eq!(blocks(&Partition::by_key(&[7, 0, 7, 1])), [vec![0, 2], vec![1], vec![3]]);
        assert_eq!(Partition::by_key(&[]).len(), 0);
        let mut partition = Partition::by_key(&[7, 0, 7, 1]);
        partition.mark(2);
        partition.split();
        assert_eq!(blocks(&partition), [vec![0], vec![1], vec![2], vec![3]]);
    }
}
