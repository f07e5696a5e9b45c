//! Runs a property over rows of choices, from the seed of the run, and says how to repeat it.

use proptest::collection::vec;
use proptest::prelude::any;
use proptest::strategy::Strategy;
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestError, TestRng, TestRunner};

/// What a property says of one row: it does not hold, and why.
pub(crate) type Outcome = Result<(), String>;

/// How many numbers a case may use: one row for what is described, one for what is asked about it.
const ESTATE: usize = 700;
const QUESTION: usize = 260;

/// Holds `property` against `cases` random pairs of rows, and panics with the smallest pair that it fails for.
pub(crate) fn holds(cases: u32, property: impl Fn(&[u16], &[u16]) -> Outcome) {
    let rows = (vec(any::<u16>(), ESTATE), vec(any::<u16>(), QUESTION));
    holds_for(cases, &rows, |(first, second)| property(&first, &second));
}

/// The same for values of any strategy.
pub(crate) fn holds_for<S: Strategy>(cases: u32, strategy: &S, property: impl Fn(S::Value) -> Outcome) {
    let seed = workspace_tests::seed();
    let soak = u32::try_from(workspace_tests::soak()).unwrap_or(u32::MAX);
    let config = Config {
        cases: cases.saturating_mul(soak),
        failure_persistence: None,
        max_shrink_iters: 4_000,
        ..Config::default()
    };
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    let mut runner = TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &bytes));
    let result = runner.run(strategy, |value| property(value).map_err(TestCaseError::fail));
    match result {
        Ok(()) => {}
        Err(TestError::Abort(reason)) => panic!("seed {seed}: given up: {reason}"),
        Err(TestError::Fail(reason, _)) => panic!("seed {seed}: {reason}"),
    }
}
