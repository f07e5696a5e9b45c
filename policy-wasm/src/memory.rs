//! The memory of an instance. The decider hands it out in order and takes all of a call back at once, so that it neither
//! grows nor falls apart over millions of decisions; the other modules, which build and drop trees, have the general
//! allocator of the standard library.

#![expect(unsafe_code, reason = "an allocator deals in addresses")]

use core::alloc::{GlobalAlloc, Layout};
use core::cell::Cell;

/// What a module without threads keeps in a static.
struct Only<T>(T);

// SAFETY: the module is compiled without threads, and its memory is not shared.
unsafe impl<T> Sync for Only<T> {}

static RAN_OUT: Only<Cell<bool>> = Only(Cell::new(false));

/// Whether memory ran out in a call that did not end.
pub(crate) fn ran_out() -> bool {
    RAN_OUT.0.get()
}

#[cfg(not(feature = "general-memory"))]
pub(crate) use arena::{begin_call, keep};

#[cfg(not(feature = "general-memory"))]
#[global_allocator]
static ALLOCATOR: Watched<arena::Arena> = Watched(arena::Arena::new());

/// What a call leaves behind is dropped by the allocator block by block.
#[cfg(feature = "general-memory")]
pub(crate) fn begin_call() {
    RAN_OUT.0.set(false);
}

#[cfg(feature = "general-memory")]
pub(crate) fn keep() {}

#[cfg(feature = "general-memory")]
#[global_allocator]
static ALLOCATOR: Watched<std::alloc::System> = Watched(std::alloc::System);

/// A panic is a bug, and a trap says so; nobody reads what a module without imports prints.
#[cfg(not(feature = "general-memory"))]
#[panic_handler]
fn panicked(_: &core::panic::PanicInfo<'_>) -> ! {
    core::arch::wasm32::unreachable()
}

/// Remembers that there was no memory: what follows may be a trap, and a host should know why.
struct Watched<A>(A);

impl<A> Watched<A> {
    fn watch(address: *mut u8) -> *mut u8 {
        if address.is_null() {
            RAN_OUT.0.set(true);
        }
        address
    }
}

// SAFETY: all is done by `A`, which is an allocator.
unsafe impl<A: GlobalAlloc> GlobalAlloc for Watched<A> {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: as the caller promises.
        Self::watch(unsafe { self.0.alloc(layout) })
    }

    unsafe fn dealloc(&self, address: *mut u8, layout: Layout) {
        // SAFETY: as the caller promises.
        unsafe { self.0.dealloc(address, layout) }
    }

    unsafe fn realloc(&self, address: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        // SAFETY: as the caller promises.
        Self::watch(unsafe { self.0.realloc(address, layout, size) })
    }
}

#[cfg(not(feature = "general-memory"))]
mod arena {
    use core::alloc::{GlobalAlloc, Layout};
    use core::cell::Cell;

    use super::{ALLOCATOR, RAN_OUT};
    use crate::baked::baked_end;

    const PAGE: usize = 65_536;

    unsafe extern "C" {
        /// The linker puts it behind the stack and all data.
        static __heap_base: u8;
    }

    /// Blocks one behind the other. Addresses, in this order: `kept`, `top`, `end`.
    pub(crate) struct Arena {
        /// Behind what outlives calls.
        kept: Cell<usize>,
        /// Behind the last block.
        top: Cell<usize>,
        /// Behind what the arena may use.
        end: Cell<usize>,
    }

    // SAFETY: the module is compiled without threads, and its memory is not shared.
    unsafe impl Sync for Arena {}

    /// Takes back whatever the calls before used. Nothing of it may be in use any more.
    pub(crate) fn begin_call() {
        RAN_OUT.0.set(false);
        let arena = &ALLOCATOR.0;
        arena.top.set(arena.kept.get());
    }

    /// Keeps everything that is there now for good.
    pub(crate) fn keep() {
        let arena = &ALLOCATOR.0;
        arena.kept.set(arena.top.get());
    }

    impl Arena {
        pub(super) const fn new() -> Self {
            Self { kept: Cell::new(0), top: Cell::new(0), end: Cell::new(0) }
        }

        /// Sees to it that everything up to `needed` may be used.
        fn grow(&self, needed: usize) -> bool {
            let pages = (needed - self.end.get()).div_ceil(PAGE);
            let before = core::arch::wasm32::memory_grow::<0>(pages);
            if before == usize::MAX {
                return false;
            }
            self.end.set((before + pages) * PAGE);
            true
        }

        /// The first block begins behind everything that the module was made with, a baked bundle among it.
        fn begin(&self) {
            if self.end.get() == 0 {
                let start = baked_end().unwrap_or_else(|| (&raw const __heap_base).addr());
                self.kept.set(start);
                self.top.set(start);
                self.end.set(core::arch::wasm32::memory_size::<0>() * PAGE);
            }
        }

        /// Puts `top` there, if there is memory up to it.
        fn reach(&self, top: Option<usize>) -> bool {
            let Some(top) = top else { return false };
            let fits = top <= self.end.get() || self.grow(top);
            if fits {
                self.top.set(top);
            }
            fits
        }
    }

    // SAFETY: blocks are aligned, lie one behind the other, and never overlap as long as `begin_call` is called only when
    // nothing behind `kept` is in use.
    unsafe impl GlobalAlloc for Arena {
        unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
            self.begin();
            let start = self.top.get().next_multiple_of(layout.align());
            if self.reach(start.checked_add(layout.size())) { start as *mut u8 } else { core::ptr::null_mut() }
        }

        unsafe fn dealloc(&self, address: *mut u8, layout: Layout) {
            // The last block goes at once: much of what is allocated is dropped in the same order.
            if address as usize + layout.size() == self.top.get() && address as usize >= self.kept.get() {
                self.top.set(address as usize);
            }
        }

        unsafe fn realloc(&self, address: *mut u8, layout: Layout, size: usize) -> *mut u8 {
            let start = address as usize;
            if start + layout.size() == self.top.get() {
                return if self.reach(start.checked_add(size)) { address } else { core::ptr::null_mut() };
            }
            if size <= layout.size() {
                return address;
            }
            // SAFETY: the caller promises that the new size, too, makes a layout.
            let block = unsafe { self.alloc(Layout::from_size_align_unchecked(size, layout.align())) };
            if !block.is_null() {
                // SAFETY: the new block is larger, and lies behind the old one.
                unsafe { core::ptr::copy_nonoverlapping(address, block, layout.size()) };
            }
            block
        }
    }
}
