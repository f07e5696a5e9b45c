//! Signals that must not come in between (`docs/decisions/0014-files-are-written-whole.md`).

#[cfg(unix)]
mod unix {
    use std::io;

    use nix::sys::signal::{SigSet, SigmaskHow, Signal};

    /// What the processor itself raises: to go on after one of these is undefined.
    const FAULTS: [Signal; 5] = [Signal::SIGBUS, Signal::SIGFPE, Signal::SIGILL, Signal::SIGSEGV, Signal::SIGTRAP];

    /// As long as this lives, signals wait. One that came meanwhile does what it does when this is dropped.
    ///
    /// They wait in this thread alone: while it writes, there is no other.
    #[must_use]
    pub(crate) struct Deferred {
        before: SigSet,
    }

    impl Deferred {
        /// # Errors
        /// Where the system refuses.
        pub(crate) fn begin() -> io::Result<Self> {
            let mut signals = SigSet::all();
            FAULTS.into_iter().for_each(|fault| signals.remove(fault));
            Ok(Self { before: signals.thread_swap_mask(SigmaskHow::SIG_BLOCK)? })
        }
    }

    impl Drop for Deferred {
        fn drop(&mut self) {
            // Nobody could do anything about it.
            _ = self.before.thread_set_mask();
        }
    }

    /// A file that grows over its limit is an error of whoever writes, with a message, and not the end of the program.
    pub(crate) fn limits_are_errors() {
        let mut signals = SigSet::empty();
        signals.add(Signal::SIGXFSZ);
        _ = signals.thread_block();
    }
}

#[cfg(not(unix))]
mod elsewhere {
    use std::io;

    /// Nothing: there are no signals here.
    #[must_use]
    pub(crate) struct Deferred;

    impl Deferred {
        /// # Errors
        /// None.
        pub(crate) fn begin() -> io::Result<Self> {
            Ok(Self)
        }
    }

    /// Nothing to do: they are.
    pub(crate) fn limits_are_errors() {}
}

#[cfg(not(unix))]
pub(crate) use elsewhere::{Deferred, limits_are_errors};
#[cfg(unix)]
pub(crate) use unix::{Deferred, limits_are_errors};
