//! The policy engine of Portcullis: may this caller run this command, from this ref of this repository, on this path, in
//! this account?
//!
//! Policy text becomes a checked [`Estate`] by [`check`]; an engine, such as [`reference::Reference`], decides about
//! invocations. Everything here is pure: no files, clock, network, environment, printing or threads. Rules of the
//! language are cited by their codes (`E4`, `C1`); `docs/language.md` has them.
//!
//! ```
//! use policy_core::reference::Reference;
//! use policy_core::{PolicyFile, check};
//!
//! let policy = r#"
//!     repository "live" { remotes = ["github.com/acme/live"] }
//!     caller "ci" { principals = ["arn:aws:iam::111111111111:role/ci-*"] }
//!     runner "planner" {
//!       image = "planner:1"
//!       role  = "planner"
//!     }
//!     command "plan" {
//!       runner  = "planner"
//!       program = ["terraform", "plan"]
//!       effect  = "read"
//!     }
//!     account "prod" {
//!       id = "222222222222"
//!       permit "plan anything" {
//!         callers      = ["ci"]
//!         repositories = ["live"]
//!         refs         = any()
//!         paths        = ["prod/**"]
//!         commands     = ["plan"]
//!       }
//!     }
//! "#;
//! let report = check(vec![PolicyFile::new("estate.hcl", policy)]);
//! let estate = report.estate.expect("the policy has no mistakes");
//! let decision = Reference::new(&estate).decide_json(
//!     br#"{"account": "prod", "caller": {"principal": "arn:aws:iam::111111111111:role/ci-main"},
//!          "repository": "git@github.com:acme/live.git", "ref": "refs/heads/main",
//!          "path": "prod/app", "command": "plan"}"#,
//! );
//! assert_eq!(decision.outcome().as_str(), "permit");
//! assert_eq!(decision.launch.unwrap().argv, ["terraform", "plan"]);
//! ```

// What decides without policy text needs no operating system under it: a WebAssembly module around it then has no panic
// messages and no table of the standard library's in it.
#![cfg_attr(not(any(test, feature = "author")), no_std)]
#![cfg_attr(
    all(test, feature = "author"),
    expect(
        clippy::disallowed_macros,
        reason = "tests put mistakes into the compiler, each into that of its own thread"
    )
)]

extern crate alloc;

pub mod bundle;
pub mod canonical;
#[cfg(feature = "author")]
mod check;
#[cfg(feature = "author")]
pub mod compile;
pub mod decision;
#[cfg(feature = "author")]
pub mod diagnostic;
#[cfg(feature = "author")]
mod digest;
#[cfg(feature = "author")]
pub mod estate;
#[cfg(feature = "author")]
pub mod evaluate;
#[cfg(feature = "author")]
pub mod format;
pub mod invocation;
pub mod json;
pub mod limits;
#[cfg(feature = "author")]
pub mod number;
#[cfg(feature = "author")]
pub mod pattern;
mod prose;
#[cfg(feature = "author")]
pub mod prove;
pub mod redact;
#[cfg(feature = "author")]
pub mod reference;
#[cfg(feature = "author")]
pub mod source;
mod suggestion;
#[cfg(feature = "author")]
pub mod syntax;
mod text;

#[cfg(feature = "author")]
pub use check::{Expectation, PolicyFile, PolicyTest, Report, STANDARD, TestReport, check, read_tests};
#[cfg(feature = "author")]
pub use estate::Estate;
