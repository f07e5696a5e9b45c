//! What a module may use.

use std::time::Duration;

/// What a module may use. The default is enough for every policy of up to 500 accounts by far.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of memory of one instance, its bundle among them. 256 MiB.
    pub memory_bytes: usize,
    /// How long one call may take. 1 second; it is kept to within [`Limits::TICK`].
    pub time: Duration,
    /// How many instances there may be at once, over all policies of a host. 64.
    ///
    /// Each takes 4 GiB of addresses, and of memory only what it writes to.
    pub instances: u32,
}

impl Limits {
    /// How exactly [`time`](Self::time) is kept.
    pub const TICK: Duration = Duration::from_millis(20);

    /// The ticks after which a call is cut off.
    pub(crate) fn ticks(&self) -> u64 {
        let ticks = self.time.as_nanos().div_ceil(Self::TICK.as_nanos());
        // The current tick has begun already.
        u64::try_from(ticks).unwrap_or(u64::MAX).saturating_add(1)
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self { memory_bytes: 256 << 20, time: Duration::from_secs(1), instances: 64 }
    }
}
