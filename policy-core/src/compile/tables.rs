//! The sections of a bundle while they are written; what is equal is written once.

use std::collections::HashMap;

use super::fault::{self, Fault};
use crate::bundle::index;
use crate::bundle::layout::Section;
use crate::bundle::records::{AutomatonRecord, Record};
use crate::bundle::rule_set::RuleSet;
use crate::decision::Digest;

/// Something is more than a bundle can hold.
#[derive(Debug)]
pub(super) struct Overflow;

/// All sections but the states.
#[derive(Debug, Default)]
pub(super) struct Tables {
    sections: HashMap<Section, Rows>,
    texts: Vec<u8>,
    text_places: HashMap<Box<str>, u32>,
    words: Vec<u8>,
    list_places: HashMap<Vec<u32>, u32>,
    sets: Vec<u8>,
    set_places: HashMap<Vec<u16>, u32>,
    digests: Vec<u8>,
    digest_numbers: HashMap<Digest, u32>,
}

/// The records of a section.
#[derive(Debug, Default)]
struct Rows {
    bytes: Vec<u8>,
    numbers: HashMap<Vec<u8>, u32>,
}

impl Tables {
    /// The number of a record.
    pub(super) fn record<R: Record>(&mut self, section: Section, record: &R) -> u32 {
        let mut row = Vec::with_capacity(R::WORDS * 4);
        record.write(&mut row);
        let rows = self.sections.entry(section).or_default();
        if let Some(number) = rows.numbers.get(&row) {
            return *number;
        }
        let number = number(rows.bytes.len() / row.len());
        rows.bytes.extend(&row);
        rows.numbers.insert(row, number);
        number
    }

    /// A record that is written, even if there is one like it; gives its number.
    pub(super) fn new_record<R: Record>(&mut self, section: Section, record: &R) -> u32 {
        let number = self.next::<R>(section);
        record.write(&mut self.sections.entry(section).or_default().bytes);
        number
    }

    /// The number of the record that is written next.
    pub(super) fn next<R: Record>(&self, section: Section) -> u32 {
        number(self.sections.get(&section).map_or(0, |rows| rows.bytes.len()) / (R::WORDS * 4))
    }

    /// An automaton of one or more parts, each of which goes on with the next.
    pub(super) fn automaton(&mut self, parts: &[u32], otherwise: &[u32]) -> u32 {
        if let ([start], [otherwise]) = (parts, otherwise) {
            return self.record(Section::Automata, &AutomatonRecord { start: *start, otherwise: *otherwise, next: 0 });
        }
        let mut first = None;
        for (place, (start, otherwise)) in parts.iter().zip(otherwise).enumerate() {
            let own = self.next::<AutomatonRecord>(Section::Automata);
            let next = if place + 1 < parts.len() { own + 2 } else { 0 };
            self.new_record(Section::Automata, &AutomatonRecord { start: *start, otherwise: *otherwise, next });
            first.get_or_insert(own);
        }
        first.unwrap_or_default()
    }

    /// The place of a text.
    pub(super) fn text(&mut self, text: &str) -> u32 {
        if let Some(place) = self.text_places.get(text) {
            return *place;
        }
        let place = number(self.texts.len());
        self.texts.extend(number(text.len()).to_le_bytes());
        self.texts.extend(text.as_bytes());
        self.text_places.insert(text.into(), place);
        place
    }

    /// The optional reference to a text.
    pub(super) fn optional_text(&mut self, text: Option<&str>) -> u32 {
        text.map_or(0, |text| self.text(text) + 1)
    }

    /// The place of a list.
    pub(super) fn list(&mut self, numbers: Vec<u32>) -> u32 {
        if let Some(place) = self.list_places.get(&numbers) {
            return *place;
        }
        let place = number(self.words.len() / 4);
        self.words.extend(number(numbers.len()).to_le_bytes());
        self.words.extend(numbers.iter().flat_map(|number| number.to_le_bytes()));
        self.list_places.insert(numbers, place);
        place
    }

    /// The place of a list of texts.
    pub(super) fn texts<'t>(&mut self, texts: impl IntoIterator<Item = &'t str>) -> u32 {
        let places = texts.into_iter().map(|text| self.text(text)).collect();
        self.list(places)
    }

    /// The place of an index of names.
    ///
    /// # Errors
    /// More records than an index can hold.
    pub(super) fn index<'n>(
        &mut self,
        entries: impl ExactSizeIterator<Item = (&'n str, u32)>,
    ) -> Result<u32, Overflow> {
        let entries: Vec<(&[u8], u32)> = entries.map(|(name, number)| (name.as_bytes(), number)).collect();
        if entries.iter().any(|(_, number)| *number as usize > index::MOST) {
            return Err(Overflow);
        }
        Ok(self.list(index::build(&entries)))
    }

    /// The place of a set of rules, or of callers; the members are sorted, each once.
    pub(super) fn set(&mut self, members: &[u16]) -> u32 {
        let mut members = members.to_vec();
        if fault::injected(Fault::LostRule) {
            members.pop();
        }
        if fault::injected(Fault::ExtraRule) && !members.contains(&0) {
            members.insert(0, 0);
        }
        if let Some(place) = self.set_places.get(&members) {
            return *place;
        }
        let place = number(self.sets.len() / 2) + 1;
        self.sets.extend(RuleSet::encode(&members));
        self.set_places.insert(members, place);
        place
    }

    /// The number of a digest.
    pub(super) fn digest(&mut self, digest: Digest) -> u32 {
        if let Some(number) = self.digest_numbers.get(&digest) {
            return *number;
        }
        let number = number(self.digests.len() / 32);
        self.digests.extend(digest.0);
        self.digest_numbers.insert(digest, number);
        number
    }

    /// The sections in their order.
    pub(super) fn into_sections(mut self, states: Vec<u8>) -> [Vec<u8>; Section::COUNT] {
        let mut states = Some(states);
        Section::ALL.map(|section| match section {
            Section::States => states.take().unwrap_or_default(),
            Section::Texts => std::mem::take(&mut self.texts),
            Section::Words => std::mem::take(&mut self.words),
            Section::Sets => std::mem::take(&mut self.sets),
            Section::Digests => std::mem::take(&mut self.digests),
            _ => self.sections.remove(&section).map(|rows| rows.bytes).unwrap_or_default(),
        })
    }
}

/// A bundle's size is limited, which is checked when it is put together: what is no number is refused then.
pub(super) fn number(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}
