//! One request (section 5, "Invocation"): its JSON shape and limits, and its canonical form.
//!
//! [`RawInvocation`] is what was asked, in a right shape and within the limits (`invalid-invocation` otherwise);
//! [`Invocation`] is the same with every part in its canonical form, read in E8's order.

mod canonical;
mod claims;
mod clock;
mod compact;
mod evidence;
mod evidence_json;
mod fields;
mod identity;
mod invalid;
mod raw;
mod raw_json;
mod timestamp;
mod write_json;

pub use canonical::{Invocation, MalformedPart};
pub use claims::{Claim, Claims, Element, Nested};
pub use clock::{Clock, Day, ZoneName, ZoneTime, Zones};
pub use compact::{CompactCaller, CompactError, CompactInvocation};
pub use evidence::{Evidence, PlanSummary};
#[cfg(feature = "author")]
pub(crate) use evidence_json::EVIDENCE_FIELDS;
pub use identity::{Identity, Token};
pub use invalid::InvalidInvocation;
pub use raw::{RawCaller, RawInvocation};
pub use timestamp::Timestamp;
