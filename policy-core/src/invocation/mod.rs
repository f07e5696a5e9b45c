//! Invocations: as they are asked ([`RawInvocation`]), and as rules see them ([`Invocation`]).

mod claims;
mod evidence;
mod fields;
mod identity;
mod raw;
mod time;
mod typed;

pub use claims::{Claim, Claims};
pub use evidence::{Clock, Evidence, PlanSummary, ZoneTime};
pub use fields::InvalidInvocation;
pub use identity::{Identity, Token};
pub use raw::{RawCaller, RawInvocation};
pub use time::{Day, Timestamp};
pub use typed::{Invocation, MalformedPart};
