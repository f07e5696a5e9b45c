//! The bundle inside a policy module.

/// Marks the place that baking fills in.
pub const MARK: [u8; 16] = *b"portcullis-baked";

/// Where the bundle of a policy module lies, and its digest. All zero behind the mark in a module without a bundle.
///
/// `portcullis compile --format wasm` writes a data segment over it. It exports the address as the global
/// `portcullis_baked`.
#[derive(Debug, Clone, Copy)]
#[repr(C)]
pub struct Baked {
    /// [`MARK`].
    pub mark: [u8; 16],
    /// The bundle's address.
    pub address: u32,
    /// The bundle's length in bytes; 0 without a bundle.
    pub length: u32,
    /// SHA-256 of the bundle.
    pub digest: [u8; 32],
}

impl Baked {
    /// The place before anything is filled in.
    pub const EMPTY: Self = Self { mark: MARK, address: 0, length: 0, digest: [0; 32] };
}
