//! Reading the sections of a bundle where they lie. Nothing is copied; what is out of bounds is nothing.

use alloc::vec::Vec;

use super::automaton;
use super::index;
use super::layout::{Header, Section, word};
use super::records::Record;
use super::rule_set::RuleSet;
use crate::decision::Digest;
use crate::prose::joined;
use crate::text::parts;

/// A bundle's bytes and where its sections lie. It is handed on everywhere, so that it holds no more than that.
#[derive(Debug, Clone, Copy)]
pub(crate) struct View<'a> {
    bytes: &'a [u8],
    pub(crate) header: &'a Header,
}

/// A list of numbers among the words.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Numbers<'a>(&'a [[u8; 4]]);

impl<'a> Numbers<'a> {
    /// How many.
    pub(crate) fn len(self) -> usize {
        self.0.len()
    }

    /// The number at a place.
    pub(crate) fn get(self, at: usize) -> Option<u32> {
        self.0.get(at).map(|word| u32::from_le_bytes(*word))
    }

    /// All of them.
    pub(crate) fn iter(self) -> impl DoubleEndedIterator<Item = u32> + ExactSizeIterator + 'a {
        self.0.iter().map(|word| u32::from_le_bytes(*word))
    }
}

impl<'a> View<'a> {
    pub(crate) const fn new(bytes: &'a [u8], header: &'a Header) -> Self {
        Self { bytes, header }
    }

    /// The bytes of a section.
    #[inline]
    pub(crate) fn section(&self, section: Section) -> &'a [u8] {
        self.bytes.get(self.header.range(section)).unwrap_or_default()
    }

    /// How many records a section has.
    pub(crate) fn count<R: Record>(&self, section: Section) -> usize {
        self.section(section).len() / (R::WORDS * 4)
    }

    /// The record of a number.
    #[inline]
    pub(crate) fn record<R: Record>(&self, section: Section, number: u32) -> Option<R> {
        let bytes = R::WORDS * 4;
        let start = (number as usize).checked_mul(bytes)?;
        R::read(self.section(section).get(start..start + bytes)?)
    }

    /// The record of an optional reference: nothing is nothing, and what is out of bounds too.
    pub(crate) fn optional<R: Record>(&self, section: Section, reference: u32) -> Option<R> {
        self.record(section, reference.checked_sub(1)?)
    }

    /// The list at a place among the words.
    #[inline]
    pub(crate) fn list(&self, at: u32) -> Option<Numbers<'a>> {
        let (count, behind) = self.section(Section::Words).as_chunks().0.get(at as usize..)?.split_first()?;
        behind.get(..u32::from_le_bytes(*count) as usize).map(Numbers)
    }

    /// The same, empty where there is none: loading has checked that none is missing.
    pub(crate) fn numbers(&self, at: u32) -> Numbers<'a> {
        self.list(at).unwrap_or(Numbers(&[]))
    }

    /// The records of a list of their numbers.
    pub(crate) fn records<R: Record>(self, section: Section, list: u32) -> impl Iterator<Item = R> + 'a {
        self.numbers(list).iter().filter_map(move |number| self.record(section, number))
    }

    /// The bytes of a text.
    #[inline]
    pub(crate) fn text_bytes(&self, at: u32) -> Option<&'a [u8]> {
        let texts = self.section(Section::Texts).get(at as usize..)?;
        let length = word(texts, 0)? as usize;
        texts.get(4..length.checked_add(4)?)
    }

    /// A text. Loading has checked that all of them are UTF-8.
    pub(crate) fn text(&self, at: u32) -> &'a str {
        self.text_bytes(at).and_then(|bytes| core::str::from_utf8(bytes).ok()).unwrap_or_default()
    }

    /// A text, if there is one.
    pub(crate) fn optional_text(&self, reference: u32) -> Option<&'a str> {
        reference.checked_sub(1).map(|at| self.text(at))
    }

    /// The texts of a list.
    pub(crate) fn texts(self, list: u32) -> impl DoubleEndedIterator<Item = &'a str> {
        self.numbers(list).iter().map(move |at| self.text(at))
    }

    /// A digest.
    pub(crate) fn digest(&self, number: u32) -> Option<Digest> {
        self.digest_bytes(number).map(|bytes| Digest(*bytes))
    }

    /// Where a digest lies.
    pub(crate) fn digest_bytes(&self, number: u32) -> Option<&'a [u8; 32]> {
        let start = (number as usize).checked_mul(32)?;
        self.section(Section::Digests).get(start..)?.first_chunk()
    }

    /// A set of rules.
    #[inline]
    pub(crate) fn set(&self, at: u32) -> Option<RuleSet<'a>> {
        RuleSet::read(self.section(Section::Sets), at)
    }

    /// The record that an index has for a key; `is_it` tells whether a record is the one.
    #[inline]
    pub(crate) fn find<R: Record>(
        &self,
        section: Section,
        index: u32,
        hash: u64,
        is_it: impl Fn(&R) -> bool,
    ) -> Option<(u32, R)> {
        let mut candidates = index::Candidates::new(self.list(index)?, hash);
        loop {
            let number = candidates.next()?;
            if let Some(record) = self.record(section, number).filter(&is_it) {
                return Some((number, record));
            }
        }
    }

    /// The label of an automaton for a text, and where the automaton goes on.
    #[inline]
    pub(crate) fn walk(&self, automaton: u32, text: &[u8]) -> Option<(u32, u32)> {
        use super::records::AutomatonRecord;
        let AutomatonRecord { start, otherwise, next } = self.record(Section::Automata, automaton)?;
        let label = automaton::walk(self.section(Section::States), start, text);
        Some((if label == 0 { otherwise } else { label }, next))
    }

    /// Whether an automaton whose label is 1 matches a text.
    pub(crate) fn matches(&self, automaton: u32, text: &str) -> bool {
        self.walk(automaton, text.as_bytes()).is_some_and(|(label, _)| label == 1)
    }
}

/// Where the name of the account stands in a text of a rule. No text holds it otherwise: control characters are escaped.
pub(crate) const ACCOUNT_NAME: u8 = 1;

/// A rule's text with the name of the account put in: accounts that share a template share its texts.
pub(crate) fn with_account_name<'a>(text: &'a str, name: &str) -> alloc::borrow::Cow<'a, str> {
    if !text.as_bytes().contains(&ACCOUNT_NAME) {
        return text.into();
    }
    let parts: Vec<&str> = parts(text, ACCOUNT_NAME).collect();
    joined(&parts, name).into()
}
