//! Baking: the decider's sections as they are, with the bundle in a data segment behind the memory that it uses. A component
//! nests the decider; there the section that holds it is written anew.

use policy_core::bundle::Policy;
use wasm_encoder::{
    ConstExpr, CustomSection, DataCountSection, DataSection, MemorySection, MemoryType, Module, RawSection,
};
use wasmparser::{DataKind, DataSectionReader, ExternalKind, MemorySectionReader, Operator, Parser, Payload};

use policy_wasm::MARK;

use crate::description::{Description, SECTION};
use crate::kind::Kind;

/// The bytes of a page of memory.
const PAGE: u64 = 65_536;
/// Bytes of memory behind the bundle at least: what a decision needs, so that an instance need not grow before its first.
const ROOM: u64 = 48 << 10;
/// The global that tells where the place for the bundle's address is.
const BAKED: &str = "portcullis_baked";

/// Why a bundle was not baked.
#[derive(Debug, thiserror::Error)]
pub enum BakeError {
    /// The decider of this version is not as it should be: a bug.
    #[error("the decider cannot be read: {0}")]
    Decider(&'static str),
    /// The bundle does not fit into the memory of a module.
    #[error("the bundle is too large for a module")]
    TooLarge,
}

impl From<wasmparser::BinaryReaderError> for BakeError {
    fn from(_: wasmparser::BinaryReaderError) -> Self {
        Self::Decider("it is malformed")
    }
}

/// Makes a module of a policy: the decider with the bundle inside. The bytes depend on nothing else.
///
/// # Errors
/// A bundle that does not fit beside the decider in 4 GiB of memory.
pub fn bake<B: AsRef<[u8]>>(policy: &Policy<B>) -> Result<Vec<u8>, BakeError> {
    Kind::Module.bake(policy)
}

/// Makes a component of a policy, of the world `policy`. The bytes depend on nothing else.
///
/// # Errors
/// A bundle that does not fit beside the decider in 4 GiB of memory.
#[cfg(feature = "component")]
pub fn bake_component<B: AsRef<[u8]>>(policy: &Policy<B>) -> Result<Vec<u8>, BakeError> {
    Kind::Component.bake(policy)
}

impl Kind {
    pub(crate) fn bake<B: AsRef<[u8]>>(self, policy: &Policy<B>) -> Result<Vec<u8>, BakeError> {
        let description = Description::ours(self, policy.language(), policy.digest()).to_json();
        let description = CustomSection { name: SECTION.into(), data: description.as_bytes().into() };
        match self {
            Self::Module => {
                let mut module = baked(self.decider(), policy)?;
                module.section(&description);
                Ok(module.finish())
            }
            #[cfg(feature = "component")]
            Self::Component => {
                let mut component = component::baked(self.decider(), policy)?;
                component.section(&description);
                Ok(component.finish())
            }
        }
    }
}

/// A core module with the bundle inside.
fn baked<B: AsRef<[u8]>>(decider: &[u8], policy: &Policy<B>) -> Result<Module, BakeError> {
    let layout = Layout::of(decider)?;
    let bundle = policy.bytes();
    let length = u32::try_from(bundle.len()).map_err(|_| BakeError::TooLarge)?;
    let address = u32::try_from(layout.pages * PAGE).map_err(|_| BakeError::TooLarge)?;
    let pages = layout.pages + (u64::from(length) + ROOM).div_ceil(PAGE);
    let mut place = Vec::new();
    place.extend(address.to_le_bytes());
    place.extend(length.to_le_bytes());
    place.extend(policy.digest().0);

    let mut module = Module::new();
    for payload in Parser::new(0).parse_all(decider) {
        let payload = payload?;
        match &payload {
            Payload::MemorySection(memories) => {
                module.section(&grown(memories.clone(), pages)?);
            }
            Payload::DataCountSection { count, .. } => {
                module.section(&DataCountSection { count: count + 2 });
            }
            Payload::DataSection(segments) => {
                let mut data = DataSection::new();
                copy(segments.clone(), &mut data)?;
                data.active(0, &constant(layout.place), place.iter().copied());
                // The last one: whoever opens a module finds the bundle there.
                data.active(0, &constant(address), bundle.iter().copied());
                module.section(&data);
            }
            other => {
                if let Some(section) = as_it_is(decider, other)? {
                    module.section(&section);
                }
            }
        }
    }
    Ok(module)
}

/// The section that a payload begins, if it begins one.
fn as_it_is<'d>(decider: &'d [u8], payload: &Payload<'_>) -> Result<Option<RawSection<'d>>, BakeError> {
    let Some((id, range)) = payload.as_section() else { return Ok(None) };
    let bounds = usize::try_from(range.start).ok().zip(usize::try_from(range.end).ok());
    let data = bounds.and_then(|(start, end)| decider.get(start..end));
    Ok(Some(RawSection { id, data: data.ok_or(BakeError::Decider("a section is cut off"))? }))
}

#[cfg(feature = "component")]
mod component {
    use policy_core::bundle::Policy;
    use wasm_encoder::{Component, ModuleSection};
    use wasmparser::{Parser, Payload};

    use super::{BakeError, as_it_is};

    /// A component with the bundle in the core module that it nests. All the rest stays: no type and no index changes.
    pub(super) fn baked<B: AsRef<[u8]>>(decider: &[u8], policy: &Policy<B>) -> Result<Component, BakeError> {
        let mut component = Component::new();
        let mut depth = 0_u32;
        for payload in Parser::new(0).parse_all(decider) {
            let payload = payload?;
            match &payload {
                Payload::Version { .. } => depth += 1,
                Payload::End(_) => depth = depth.saturating_sub(1),
                // What follows until its end belongs to the section that was written already.
                _ if depth > 1 => {}
                _ => match as_it_is(decider, &payload)? {
                    Some(section) if matches!(payload, Payload::ModuleSection { .. }) => {
                        component.section(&ModuleSection(&super::baked(section.data, policy)?));
                    }
                    Some(section) => {
                        component.section(&section);
                    }
                    None => {}
                },
            }
        }
        Ok(component)
    }
}

/// What of the decider's layout matters for baking.
struct Layout {
    /// Pages of memory that it begins with.
    pages: u64,
    /// The address at which the bundle's address, length and digest are to stand.
    place: u32,
}

impl Layout {
    fn of(module: &[u8]) -> Result<Self, BakeError> {
        let (mut pages, mut globals, mut place) = (None, Vec::new(), None);
        for payload in Parser::new(0).parse_all(module) {
            match payload? {
                Payload::MemorySection(memories) => {
                    pages = memories.into_iter().next().transpose()?.map(|memory| memory.initial);
                }
                Payload::GlobalSection(section) => {
                    for global in section {
                        globals.push(match global?.init_expr.get_operators_reader().read()? {
                            Operator::I32Const { value } => Some(value.cast_unsigned()),
                            _ => None,
                        });
                    }
                }
                Payload::ExportSection(exports) => {
                    for export in exports {
                        let export = export?;
                        if export.name == BAKED && export.kind == ExternalKind::Global {
                            place = globals.get(export.index as usize).copied().flatten();
                        }
                    }
                }
                _ => {}
            }
        }
        Ok(Self {
            pages: pages.ok_or(BakeError::Decider("it has no memory"))?,
            // The mark stays as it is.
            place: place
                .and_then(|place| place.checked_add(u32::try_from(MARK.len()).ok()?))
                .ok_or(BakeError::Decider("it has no place for a bundle"))?,
        })
    }
}

fn grown(memories: MemorySectionReader<'_>, minimum: u64) -> Result<MemorySection, BakeError> {
    let mut section = MemorySection::new();
    for memory in memories {
        let memory = memory?;
        section.memory(MemoryType {
            minimum,
            maximum: memory.maximum,
            memory64: memory.memory64,
            shared: memory.shared,
            page_size_log2: memory.page_size_log2,
        });
    }
    Ok(section)
}

fn copy(segments: DataSectionReader<'_>, data: &mut DataSection) -> Result<(), BakeError> {
    for segment in segments {
        let segment = segment?;
        let DataKind::Active { memory_index, offset_expr } = segment.kind else {
            return Err(BakeError::Decider("it has a passive segment"));
        };
        let Operator::I32Const { value } = offset_expr.get_operators_reader().read()? else {
            return Err(BakeError::Decider("a segment does not lie at a constant address"));
        };
        data.active(memory_index, &ConstExpr::i32_const(value), segment.data.iter().copied());
    }
    Ok(())
}

fn constant(address: u32) -> ConstExpr {
    ConstExpr::i32_const(address.cast_signed())
}
