//! A digest that is computed when it is first asked for, and shared by threads without a lock: `core` has no `OnceLock`.

use core::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use crate::decision::Digest;

/// Room for one digest. Whoever finds it empty computes the digest; all compute the same, so that it makes no difference
/// who writes last.
#[derive(Debug, Default)]
pub(super) struct LazyDigest {
    words: [AtomicU64; 4],
    filled: AtomicBool,
}

impl LazyDigest {
    /// One that is known already.
    pub(super) fn of(digest: Digest) -> Self {
        let lazy = Self::default();
        lazy.fill(digest);
        lazy
    }

    /// The digest, which is what `compute` gives, always the same.
    pub(super) fn get(&self, compute: impl FnOnce() -> Digest) -> Digest {
        // Whoever sees that it is filled sees the words that were stored before.
        if !self.filled.load(Ordering::Acquire) {
            let digest = compute();
            self.fill(digest);
            return digest;
        }
        let mut digest = Digest([0; 32]);
        for (word, bytes) in self.words.iter().zip(digest.0.as_chunks_mut().0) {
            *bytes = word.load(Ordering::Relaxed).to_le_bytes();
        }
        digest
    }

    fn fill(&self, digest: Digest) {
        for (word, bytes) in self.words.iter().zip(digest.0.as_chunks().0) {
            word.store(u64::from_le_bytes(*bytes), Ordering::Relaxed);
        }
        self.filled.store(true, Ordering::Release);
    }
}

#[cfg(test)]
mod tests {
    use core::sync::atomic::{AtomicUsize, Ordering};

    use super::LazyDigest;
    use crate::decision::Digest;

    #[test]
    fn it_is_computed_once_and_kept() {
        let digest = Digest(core::array::from_fn(|at| u8::try_from(at * 7).unwrap()));
        let (lazy, computed) = (LazyDigest::default(), AtomicUsize::new(0));
        for _ in 0..3 {
            let got = lazy.get(|| {
                computed.fetch_add(1, Ordering::Relaxed);
                digest
            });
            assert_eq!(got, digest);
        }
        assert_eq!(computed.into_inner(), 1);
    }

    #[test]
    fn threads_may_share_it() {
        fn shared<T: Send + Sync>() {}
        shared::<LazyDigest>();
        shared::<crate::bundle::Policy>();
    }
}
