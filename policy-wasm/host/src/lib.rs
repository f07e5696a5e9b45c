//! Decides by Portcullis policies in WebAssembly, from Rust.
//!
//! The same module decides here, in Node, in Python and in a browser; this host runs it in wasmtime's sandbox: limited in
//! memory and time, without a way out, and, where it is asked for, fresh for each decision. It refuses every file but the
//! one whose digest it is told.
//!
//! ```
//! # use policy_core::{PolicyFile, check, compile::compile};
//! # let estate = check(vec![PolicyFile::new("estate.hcl", "account \"prod\" { id = \"222222222222\" }\n")]).estate.unwrap();
//! # let bundle = policy_core::bundle::Policy::load(compile(&estate, None).unwrap().bytes).unwrap();
//! # let (file, digest) = (policy_modules::bake(&bundle).unwrap(), policy_modules::bake(&bundle).unwrap());
//! # let digest = policy_host::Digest::of(&digest);
//! use policy_host::{Host, Limits};
//!
//! // What `portcullis compile --format wasm` wrote, and the digest that it printed.
//! let policy = Host::new(Limits::default())?.load(&file, digest)?;
//! let decision = policy.decide_json(br#"{"account": "prod", "caller": {"principal": "local:user/ana"},
//!     "repository": "github.com/acme/live", "ref": "refs/heads/main", "path": "prod/app", "command": "plan"}"#)?;
//! assert!(decision.contains(r#""outcome":"deny""#));
//! # Ok::<(), policy_host::HostError>(())
//! ```

mod error;
mod host;
mod instance;
mod limits;
mod policy;
mod ticker;
mod verdict;

pub use error::HostError;
pub use host::Host;
pub use limits::Limits;
pub use policy::{HostedPolicy, Session};
pub use verdict::Verdict;

pub use policy_core::decision::{Digest, Outcome, Reason};
pub use policy_core::invocation::{CompactCaller, CompactInvocation};
