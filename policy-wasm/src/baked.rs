//! The bundle inside a policy module.

#[cfg(target_family = "wasm")]
pub use place::baked;
#[cfg(all(target_family = "wasm", feature = "module", not(feature = "general-memory")))]
pub(crate) use place::baked_end;

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

#[cfg(target_family = "wasm")]
mod place {
    #![expect(unsafe_code, reason = "the place is exported by name, and the bundle lies at an address")]

    use policy_core::bundle::{BundleError, Policy};
    use policy_core::decision::Digest;

    use super::Baked;

    /// Filled in by baking. Mutable for the compiler's eyes alone: it must not believe what it sees here.
    #[unsafe(export_name = "portcullis_baked")]
    static mut BAKED: Baked = Baked::EMPTY;

    /// What baking filled in, if it did.
    fn filled_in() -> Option<Baked> {
        // SAFETY: nothing writes it while the module runs; volatile, since a data segment replaced what was compiled.
        let baked = unsafe { core::ptr::read_volatile(&raw const BAKED) };
        (baked.length != 0).then_some(baked)
    }

    /// Behind the bundle that was baked in, if any was.
    #[cfg(all(feature = "module", not(feature = "general-memory")))]
    pub(crate) fn baked_end() -> Option<usize> {
        filled_in().map(|baked| baked.address as usize + baked.length as usize)
    }

    /// The policy that was baked in, if any was. It was checked when it was baked, and is not checked again.
    pub fn baked() -> Option<Result<Policy<&'static [u8]>, BundleError>> {
        let baked = filled_in()?;
        // SAFETY: baking put `length` bytes at `address`, behind all that the module uses, and nothing writes them.
        let bundle = unsafe { core::slice::from_raw_parts(baked.address as *const u8, baked.length as usize) };
        Some(Policy::from_loaded(bundle, Digest(baked.digest)))
    }
}
