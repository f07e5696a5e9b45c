//! Text for people: a decision for someone who was just denied, command lines, tables and colour.

mod colors;
mod decision;
mod hidden;
mod quote;
mod table;
mod visible;

pub use colors::Colors;
pub use decision::explanation;
pub(crate) use decision::{by_use, grounds, lacking, meaning, repository};
pub use hidden::Hidden;
pub use quote::{command_line, quoted};
pub use table::Table;
pub use visible::visible;
