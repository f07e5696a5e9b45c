//! How a bundle begins: what it is, which version, how long, and where its sections lie. `docs/bundle-format.md` has it
//! for people.

use super::checksum::checksum;
use super::error::BundleError;
use crate::limits::BUNDLE_BYTES;

/// The first bytes of every bundle.
pub(crate) const MAGIC: [u8; 8] = *b"PORTCLLS";
/// The version of the format that this program writes. A reader accepts its own major version; a minor version above its
/// own may hold what it does not know, and nothing in a bundle is ignored, so that it is refused too.
pub(crate) const MAJOR: u16 = 1;
/// See [`MAJOR`].
pub(crate) const MINOR: u16 = 0;
/// Where the check sum stands; it is taken over everything behind it.
const CHECKSUM_AT: usize = 24;
/// Where the checked bytes begin.
const CHECKED_AT: usize = 32;
/// Where the list of sections begins.
const SECTIONS_AT: usize = 64;
/// Bytes of the header and the list of sections.
pub(crate) const HEADER_BYTES: usize = SECTIONS_AT + 8 * Section::COUNT;

/// The parts of a bundle, in the order in which they lie in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Section {
    /// Records, one for each account.
    Accounts,
    /// Digests, 32 bytes each.
    Digests,
    /// Records of what accounts share: all but their name, id, digest and paths.
    Scopes,
    /// Records of automata: where they begin.
    Automata,
    /// The states of the automata.
    States,
    /// Sets of rules.
    Sets,
    /// Lists of numbers: members, and indexes by name.
    Words,
    /// Records of repositories that rules select.
    Repositories,
    /// Records of repositories that are declared, for explanations.
    Declared,
    /// Records of tokens' issuers.
    Issuers,
    /// Records of the conditions on one claim.
    Claims,
    /// Records of what tokens must say of the invocation.
    Binds,
    /// Records of commands.
    Commands,
    /// Records of what a command executes.
    Tools,
    /// Records of options, flags and reserved names.
    Options,
    /// Records of rules' conditions on the values of one option.
    Conditions,
    /// Records of rules.
    Rules,
    /// Records of rules' arguments, for explanations.
    Arguments,
    /// Records of lists of refs.
    RefLists,
    /// Records of what rules require.
    Requirements,
    /// Records of hours.
    Windows,
    /// Records of approvers.
    Approvers,
    /// The texts, each with its length before it.
    Texts,
}

impl Section {
    /// How many there are.
    pub(crate) const COUNT: usize = 23;
    /// All, in order.
    pub(crate) const ALL: [Self; Self::COUNT] = [
        Self::Accounts,
        Self::Digests,
        Self::Scopes,
        Self::Automata,
        Self::States,
        Self::Sets,
        Self::Words,
        Self::Repositories,
        Self::Declared,
        Self::Issuers,
        Self::Claims,
        Self::Binds,
        Self::Commands,
        Self::Tools,
        Self::Options,
        Self::Conditions,
        Self::Rules,
        Self::Arguments,
        Self::RefLists,
        Self::Requirements,
        Self::Windows,
        Self::Approvers,
        Self::Texts,
    ];

    /// The name in `portcullis bundle show` and in the documentation.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Accounts => "accounts",
            Self::Digests => "digests",
            Self::Scopes => "scopes",
            Self::Automata => "automata",
            Self::States => "states",
            Self::Sets => "sets",
            Self::Words => "words",
            Self::Repositories => "repositories",
            Self::Declared => "declared",
            Self::Issuers => "issuers",
            Self::Claims => "claims",
            Self::Binds => "binds",
            Self::Commands => "commands",
            Self::Tools => "tools",
            Self::Options => "options",
            Self::Conditions => "conditions",
            Self::Rules => "rules",
            Self::Arguments => "arguments",
            Self::RefLists => "ref_lists",
            Self::Requirements => "requirements",
            Self::Windows => "windows",
            Self::Approvers => "approvers",
            Self::Texts => "texts",
        }
    }
}

/// What the proof of a bundle went through; all zero in one that is not proved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ProofRecord {
    /// Pairs of a state of the bundle and a set of states of the independent automaton that were compared.
    pub pairs: u64,
    /// Entries of tables that were compared.
    pub entries: u64,
}

/// The header of a bundle.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Header {
    /// The version of the language whose meaning the bundle has.
    pub(crate) language: u32,
    /// Whether it is of one account alone.
    pub(crate) one_account: bool,
    /// What was proved; nothing only in what is about to be proved.
    pub(crate) proof: Option<ProofRecord>,
    /// The index of the accounts by name and id, in the words.
    pub(crate) accounts: u32,
    /// The index of the declared repositories, in the words.
    pub(crate) declared: u32,
    /// Where each section begins, and its bytes.
    sections: [(u32, u32); Section::COUNT],
}

impl Header {
    /// Where a section lies.
    pub(crate) fn range(&self, section: Section) -> core::ops::Range<usize> {
        let (start, length) = self.sections.get(section as usize).copied().unwrap_or_default();
        let start = start as usize;
        start..start + length as usize
    }

    /// Reads and checks the header, the check sum and the bounds of the sections.
    pub(crate) fn read(bytes: &[u8]) -> Result<Self, BundleError> {
        framed(bytes)?;
        if checksum(bytes.get(CHECKED_AT..).unwrap_or_default()) != long(bytes, CHECKSUM_AT).unwrap_or_default() {
            return Err(BundleError::Damaged);
        }
        Self::parts(bytes).ok_or(BundleError::Malformed { part: "header" })?.bounded(bytes.len())
    }

    /// Reads the header of a bundle that was checked before.
    pub(crate) fn read_again(bytes: &[u8]) -> Result<Self, BundleError> {
        framed(bytes)?;
        Self::parts(bytes).ok_or(BundleError::Malformed { part: "header" })
    }

    fn parts(bytes: &[u8]) -> Option<Self> {
        let flags = word(bytes, 32)?;
        let proof = ProofRecord { pairs: long(bytes, 48)?, entries: long(bytes, 56)? };
        // Nothing in a bundle is ignored, not even what is nothing.
        if flags > 3 || word(bytes, 12)? == 0 || word(bytes, 44)? != 0 {
            return None;
        }
        let mut sections = [(0, 0); Section::COUNT];
        for (number, section) in sections.iter_mut().enumerate() {
            let at = SECTIONS_AT + 8 * number;
            *section = (word(bytes, at)?, word(bytes, at + 4)?);
        }
        Some(Self {
            language: word(bytes, 12)?,
            one_account: flags & 1 != 0,
            proof: (flags & 2 != 0).then_some(proof),
            accounts: word(bytes, 36)?,
            declared: word(bytes, 40)?,
            sections,
        })
    }

    /// The sections lie one behind the other and fill the bundle: no byte is outside, none has two meanings.
    fn bounded(self, bytes: usize) -> Result<Self, BundleError> {
        let mut end = HEADER_BYTES as u64;
        for (section, (start, length)) in Section::ALL.iter().zip(self.sections) {
            if u64::from(start) != end {
                return Err(BundleError::Malformed { part: section.name() });
            }
            end += u64::from(length);
        }
        if end != bytes as u64 {
            return Err(BundleError::Malformed { part: "header" });
        }
        Ok(self)
    }
}

/// Checks that bytes begin as a bundle of this version, and are as long as they say.
fn framed(bytes: &[u8]) -> Result<(), BundleError> {
    if bytes.len() > BUNDLE_BYTES {
        return Err(BundleError::TooLarge { bytes: bytes.len() });
    }
    let shared = bytes.len().min(MAGIC.len());
    if bytes.is_empty() || bytes.get(..shared) != MAGIC.get(..shared) {
        return Err(BundleError::NotABundle);
    }
    let [major, minor] = [short(bytes, 8), short(bytes, 10)].map(Option::unwrap_or_default);
    if bytes.len() >= 12 && (major, minor) > (MAJOR, MINOR) || major != MAJOR && bytes.len() >= 12 {
        return Err(BundleError::Version { major, minor });
    }
    if bytes.len() < HEADER_BYTES {
        return Err(BundleError::Truncated { bytes: bytes.len(), expected: HEADER_BYTES });
    }
    let length = long(bytes, 16).unwrap_or_default();
    match usize::try_from(length) {
        Ok(expected) if expected == bytes.len() => Ok(()),
        Ok(expected) if expected > bytes.len() => Err(BundleError::Truncated { bytes: bytes.len(), expected }),
        _ => Err(BundleError::TooLong { bytes: bytes.len(), expected: length }),
    }
}

/// What a writer puts into the header.
#[cfg(feature = "author")]
pub(crate) struct Heading {
    pub(crate) language: u32,
    pub(crate) one_account: bool,
    pub(crate) accounts: u32,
    pub(crate) declared: u32,
}

/// Puts header and sections together; none is proved yet.
#[cfg(feature = "author")]
pub(crate) fn assemble(heading: &Heading, sections: &[Vec<u8>; Section::COUNT]) -> Option<Vec<u8>> {
    let length = sections.iter().fold(HEADER_BYTES, |sum, section| sum.saturating_add(section.len()));
    if length > BUNDLE_BYTES {
        return None;
    }
    let mut bytes = Vec::with_capacity(length);
    bytes.extend(MAGIC);
    bytes.extend(MAJOR.to_le_bytes());
    bytes.extend(MINOR.to_le_bytes());
    bytes.extend(heading.language.to_le_bytes());
    bytes.extend((length as u64).to_le_bytes());
    bytes.extend([0; CHECKED_AT - CHECKSUM_AT]);
    bytes.extend(u32::from(heading.one_account).to_le_bytes());
    bytes.extend(heading.accounts.to_le_bytes());
    bytes.extend(heading.declared.to_le_bytes());
    bytes.resize(SECTIONS_AT, 0);
    let mut start = u32::try_from(HEADER_BYTES).ok()?;
    for section in sections {
        let length = u32::try_from(section.len()).ok()?;
        bytes.extend(start.to_le_bytes());
        bytes.extend(length.to_le_bytes());
        start += length;
    }
    sections.iter().for_each(|section| bytes.extend(section));
    seal(&mut bytes);
    Some(bytes)
}

/// Records that the bundle was proved.
#[cfg(feature = "author")]
pub(crate) fn record_proof(bytes: &mut [u8], proof: ProofRecord) {
    if let Some(flags) = bytes.get_mut(32) {
        *flags |= 2;
    }
    put(bytes, 48, proof.pairs);
    put(bytes, 56, proof.entries);
    seal(bytes);
}

/// Writes the check sum: for tests that change a bundle and see that loading finds it all the same.
#[cfg(feature = "author")]
#[doc(hidden)]
pub fn seal(bytes: &mut [u8]) {
    let sum = checksum(bytes.get(CHECKED_AT..).unwrap_or_default());
    put(bytes, CHECKSUM_AT, sum);
}

#[cfg(feature = "author")]
fn put(bytes: &mut [u8], at: usize, number: u64) {
    if let Some(place) = bytes.get_mut(at..at + 8) {
        place.copy_from_slice(&number.to_le_bytes());
    }
}

/// The number of two bytes at `at`.
pub(crate) fn short(bytes: &[u8], at: usize) -> Option<u16> {
    bytes.get(at..)?.first_chunk().map(|chunk| u16::from_le_bytes(*chunk))
}

/// The number of four bytes at `at`.
pub(crate) fn word(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..)?.first_chunk().map(|chunk| u32::from_le_bytes(*chunk))
}

/// The number of eight bytes at `at`.
pub(crate) fn long(bytes: &[u8], at: usize) -> Option<u64> {
    bytes.get(at..)?.first_chunk().map(|chunk| u64::from_le_bytes(*chunk))
}
