//! Writing states: equal parts of automata are written once, also of different automata.

use std::collections::HashMap;

use super::fault::{self, Fault};
use super::lower::ByteState;
use crate::bundle::automaton::{ALL, BRANCH, LITERAL, MAP, TABLE};

/// Bytes of one literal.
const LITERAL_BYTES: usize = 255;
/// Ranges of a branch; with more a table is faster.
const BRANCH_RANGES: usize = 6;
/// States of a cycle that are compared with each other; a larger one is written as it is.
const COMPARED: usize = 2_048;

/// The section of states.
#[derive(Debug)]
pub(super) struct States {
    pub(super) bytes: Vec<u8>,
    /// Where a state, a map or the states of a cycle were written.
    written: HashMap<Vec<u8>, u32>,
}

/// Where a state is, or what it will be.
#[derive(Debug, Clone)]
pub(super) enum Place {
    At(u32),
    /// A literal that may still be put in front: its bytes from the last to the first.
    Literal {
        label: u32,
        reversed: Vec<u8>,
        next: u32,
    },
}

/// Where a way leads: to what is written, or into the same cycle.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
enum Target {
    Place(u32),
    Inside(u32),
}

/// A state whose ways are known.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Resolved {
    label: u32,
    otherwise: Target,
    ways: Vec<(u8, u8, Target)>,
}

impl Default for States {
    fn default() -> Self {
        // A byte of nothing, so that no state has place 0.
        Self { bytes: vec![0], written: HashMap::new() }
    }
}

impl States {
    /// Writes what is reached from state 0.
    pub(super) fn write(&mut self, states: &[ByteState]) -> Place {
        let mut places: Vec<Option<Place>> = vec![None; states.len()];
        for component in components(states) {
            match component.as_slice() {
                [one] if !leads_to(states, *one, *one) => {
                    let place = self.single(states, &mut places, *one);
                    set(&mut places, *one, place);
                }
                _ => self.cycle(states, &mut places, &component),
            }
        }
        places.first().cloned().flatten().unwrap_or(Place::At(0))
    }

    /// The place of what was written, behind the text `prefix`.
    pub(super) fn behind(&mut self, prefix: &str, place: &Place) -> u32 {
        let prefix = if fault::injected(Fault::ShortPrefix) { prefix.get(1..).unwrap_or_default() } else { prefix };
        if matches!(place, Place::At(0)) {
            return 0;
        }
        let mut first = place.clone();
        for byte in prefix.bytes().rev() {
            first = self.before(byte, 0, first);
        }
        self.place(&first)
    }

    /// A literal of one more byte at its beginning.
    fn before(&mut self, byte: u8, label: u32, place: Place) -> Place {
        match place {
            Place::Literal { label: 0, mut reversed, next } if reversed.len() < LITERAL_BYTES => {
                reversed.push(byte);
                Place::Literal { label, reversed, next }
            }
            place => Place::Literal { label, reversed: vec![byte], next: self.place(&place) },
        }
    }

    /// Where a state is, written if it was not.
    fn place(&mut self, place: &Place) -> u32 {
        match place {
            Place::At(at) => *at,
            Place::Literal { label, reversed, next } => {
                let mut bytes = head(LITERAL, u8::try_from(reversed.len()).unwrap_or(u8::MAX), *label, *next);
                bytes.extend(reversed.iter().rev());
                self.once(bytes)
            }
        }
    }

    fn once(&mut self, bytes: Vec<u8>) -> u32 {
        if let Some(at) = self.written.get(&bytes) {
            return *at;
        }
        let at = self.end();
        self.bytes.extend(&bytes);
        self.written.insert(bytes, at);
        at
    }

    /// A bundle's size is limited, which is checked when it is put together.
    fn end(&self) -> u32 {
        u32::try_from(self.bytes.len()).unwrap_or(u32::MAX)
    }

    /// A state that does not lead back to itself; all that it leads to has its place.
    fn single(&mut self, states: &[ByteState], places: &mut [Option<Place>], number: usize) -> Place {
        let Some(state) = states.get(number) else { return Place::At(0) };
        if let (None, [(first, last, next)]) = (state.otherwise, &*state.ways)
            && first == last
        {
            let next = places.get(*next as usize).cloned().flatten().unwrap_or(Place::At(0));
            if !matches!(next, Place::At(0)) {
                return self.before(*first, state.label, next);
            }
        }
        let resolved = self.resolve(state, places, &HashMap::new());
        if resolved.label == 0 && resolved.otherwise == Target::Place(0) && resolved.ways.is_empty() {
            return Place::At(0);
        }
        let bytes = self.record(&resolved, None, |_| 0);
        Place::At(self.once(bytes))
    }

    fn resolve(&mut self, state: &ByteState, places: &mut [Option<Place>], inside: &HashMap<u32, u32>) -> Resolved {
        let mut target = |number: u32| match inside.get(&number) {
            Some(inner) => Target::Inside(*inner),
            None => {
                let place = places.get(number as usize).cloned().flatten().unwrap_or(Place::At(0));
                let at = self.place(&place);
                set(places, number as usize, Place::At(at));
                Target::Place(at)
            }
        };
        let otherwise = state.otherwise.map_or(Target::Place(0), &mut target);
        let mut ways: Vec<(u8, u8, Target)> = Vec::new();
        for (first, last, next) in &state.ways {
            let next = target(*next);
            match ways.last_mut() {
                Some((_, end, before)) if *before == next && end.checked_add(1) == Some(*first) => *end = *last,
                _ => ways.push((*first, *last, next)),
            }
        }
        // Of ASCII, what leads where any other character does needs no way of its own.
        ways.retain(|(first, _, next)| *next != otherwise || *first >= 0x80);
        Resolved { label: state.label, otherwise, ways }
    }

    /// States that lead to each other.
    fn cycle(&mut self, states: &[ByteState], places: &mut [Option<Place>], component: &[usize]) {
        let classes = self.classes(states, places, component);
        let count = classes.values().copied().max().map_or(0, |last| last + 1);
        let mut members: Vec<Option<Resolved>> = vec![None; count as usize];
        for number in component {
            let class = u32::try_from(*number).ok().and_then(|number| classes.get(&number));
            if let (Some(state), Some(class)) = (states.get(*number), class)
                && let Some(member) = members.get_mut(*class as usize)
                && member.is_none()
            {
                *member = Some(self.resolve(state, places, &classes));
            }
        }
        let members: Vec<Resolved> = members.into_iter().flatten().collect();
        let starts = self.write_cycle(&members);
        for number in component {
            let class = u32::try_from(*number).ok().and_then(|number| classes.get(&number)).copied();
            let start = class.and_then(|class| starts.get(class as usize)).copied().unwrap_or_default();
            set(places, *number, Place::At(start));
        }
    }

    /// Which states of a cycle mean the same: told apart by label, then by where they lead, until nothing more differs.
    fn classes(
        &mut self,
        states: &[ByteState],
        places: &mut [Option<Place>],
        component: &[usize],
    ) -> HashMap<u32, u32> {
        let numbers: Vec<u32> = component.iter().filter_map(|number| u32::try_from(*number).ok()).collect();
        if component.len() > COMPARED {
            return numbers.into_iter().zip(0..).collect();
        }
        let mut classes: HashMap<u32, u32> = numbers.iter().map(|number| (*number, 0)).collect();
        let mut count = 0;
        loop {
            let mut signatures: HashMap<Resolved, u32> = HashMap::new();
            let mut refined = HashMap::with_capacity(numbers.len());
            for number in &numbers {
                let Some(state) = states.get(*number as usize) else { continue };
                let mut signature = self.resolve(state, places, &classes);
                if fault::injected(Fault::MergedTooEarly) {
                    signature.label = 0;
                }
                let next = u32::try_from(signatures.len()).unwrap_or(u32::MAX);
                refined.insert(*number, *signatures.entry(signature).or_insert(next));
            }
            let after = signatures.len();
            classes = refined;
            if after == count {
                return classes;
            }
            count = after;
        }
    }

    /// Writes the states of a cycle one behind the other; gives their places.
    fn write_cycle(&mut self, members: &[Resolved]) -> Vec<u32> {
        // Places inside are first counted from 0: equal cycles have equal bytes then. Maps are written before.
        let mut starts = Vec::with_capacity(members.len());
        let mut length = 0;
        for (own, member) in (0..).zip(members) {
            starts.push(length);
            length += u32::try_from(self.record(member, Some(own), |_| 0).len()).unwrap_or(u32::MAX);
        }
        let mut key = vec![0];
        for (own, member) in (0..).zip(members) {
            let inside = |inner: u32| starts.get(inner as usize).map_or(0, |start| start | 1 << 31);
            key.extend(self.record(member, Some(own), inside));
        }
        let start = match self.written.get(&key) {
            Some(start) => *start,
            None => {
                let base = self.end();
                for (own, member) in (0..).zip(members) {
                    let inside = |inner: u32| starts.get(inner as usize).map_or(0, |start| base + start);
                    let bytes = self.record(member, Some(own), inside);
                    self.bytes.extend(bytes);
                }
                self.written.insert(key, base);
                base
            }
        };
        starts.into_iter().map(|place| start + place).collect()
    }

    /// The bytes of a state; `inside` gives the places within its cycle, of which it is number `own`.
    fn record(&mut self, state: &Resolved, own: Option<u32>, inside: impl Fn(u32) -> u32) -> Vec<u8> {
        let place = |target: Target| match target {
            Target::Place(place) => place,
            Target::Inside(number) => inside(number),
        };
        if state.ways.is_empty() && own.is_some_and(|own| state.otherwise == Target::Inside(own)) {
            return head(ALL, 0, state.label, 0);
        }
        if let Ok(count) = u8::try_from(state.ways.len())
            && state.ways.len() <= BRANCH_RANGES
        {
            let mut bytes = head(BRANCH, count, state.label, place(state.otherwise));
            for (number, (first, last, _)) in state.ways.iter().enumerate() {
                let short = fault::injected(Fault::ShortRange) && first < last && number == 0;
                let long = fault::injected(Fault::LongRange) && *last < 0x7f && number == 0;
                bytes.extend([*first, last - u8::from(short) + u8::from(long)]);
            }
            bytes.extend(state.ways.iter().flat_map(|(_, _, next)| place(*next).to_le_bytes()));
            return bytes;
        }
        let mut bytes = head(TABLE, 0, state.label, place(state.otherwise));
        let mut targets: Vec<Target> = Vec::new();
        let mut map = vec![0_u8; 256];
        for (first, last, next) in &state.ways {
            let known = targets.iter().position(|target| target == next);
            let way = known.unwrap_or_else(|| {
                targets.push(*next);
                targets.len() - 1
            });
            for byte in *first..=*last {
                if let Some(place) = map.get_mut(usize::from(byte)) {
                    *place = u8::try_from(way + 1).unwrap_or_default();
                }
            }
        }
        if fault::injected(Fault::SwappedWays) && targets.len() > 1 {
            targets.swap(0, 1);
        }
        map.insert(0, MAP);
        bytes.extend(self.once(map).to_le_bytes());
        bytes.extend(u16::try_from(targets.len()).unwrap_or(u16::MAX).to_le_bytes());
        bytes.extend(targets.into_iter().flat_map(|next| place(next).to_le_bytes()));
        bytes
    }
}

/// The beginning of a state.
fn head(kind: u8, count: u8, label: u32, next: u32) -> Vec<u8> {
    let mut bytes = vec![kind, count];
    bytes.extend(label.to_le_bytes());
    bytes.extend(next.to_le_bytes());
    bytes
}

fn set(places: &mut [Option<Place>], number: usize, place: Place) {
    if let Some(slot) = places.get_mut(number) {
        *slot = Some(place);
    }
}

fn ways(states: &[ByteState], number: usize) -> impl Iterator<Item = usize> + '_ {
    let state = states.get(number);
    let others = state.into_iter().flat_map(|state| state.ways.iter().map(|(_, _, next)| *next));
    state.and_then(|state| state.otherwise).into_iter().chain(others).map(|next| next as usize)
}

fn leads_to(states: &[ByteState], from: usize, to: usize) -> bool {
    ways(states, from).any(|next| next == to)
}

/// The states reached from state 0 in groups that lead to each other, each group before those that lead to it: Tarjan's
/// strongly connected components, without recursion.
fn components(states: &[ByteState]) -> Vec<Vec<usize>> {
    const UNSEEN: usize = usize::MAX;
    let mut order = vec![UNSEEN; states.len()];
    let mut low = vec![UNSEEN; states.len()];
    let mut on_stack = vec![false; states.len()];
    let (mut stack, mut found, mut next_order) = (Vec::new(), Vec::new(), 0);
    let mut calls: Vec<(usize, Vec<usize>)> = Vec::new();
    let mut enter = Some(0).filter(|_| !states.is_empty());
    loop {
        if let Some(state) = enter.take() {
            for (list, value) in [(&mut order, next_order), (&mut low, next_order)] {
                if let Some(place) = list.get_mut(state) {
                    *place = value;
                }
            }
            next_order += 1;
            stack.push(state);
            if let Some(place) = on_stack.get_mut(state) {
                *place = true;
            }
            let mut next: Vec<usize> = ways(states, state).collect();
            next.reverse();
            calls.push((state, next));
        }
        let Some((state, rest)) = calls.last_mut() else { return found };
        let state = *state;
        let at = |list: &[usize], place: usize| list.get(place).copied().unwrap_or(UNSEEN);
        if let Some(next) = rest.pop() {
            if at(&order, next) == UNSEEN {
                enter = Some(next);
            } else if on_stack.get(next) == Some(&true) {
                let lower = at(&low, state).min(at(&order, next));
                if let Some(place) = low.get_mut(state) {
                    *place = lower;
                }
            }
            continue;
        }
        calls.pop();
        if at(&low, state) == at(&order, state) {
            let begin = stack.iter().rposition(|member| *member == state).unwrap_or_default();
            let mut component = stack.split_off(begin);
            component.iter().for_each(|member| {
                if let Some(place) = on_stack.get_mut(*member) {
                    *place = false;
                }
            });
            component.sort_unstable();
            found.push(component);
        }
        if let Some((before, _)) = calls.last() {
            let lower = at(&low, *before).min(at(&low, state));
            if let Some(place) = low.get_mut(*before) {
                *place = lower;
            }
        }
    }
}
