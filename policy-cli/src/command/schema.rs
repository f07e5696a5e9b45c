//! `portcullis schema`: the JSON Schemas, as they are kept in `docs/schemas/`.

use crate::arguments::{Schema, SchemaName};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::{output, schema};

pub(super) fn run(typed: &Schema) -> Result<Exit, Failure> {
    output::write(match typed.name {
        SchemaName::Invocation => schema::INVOCATION,
        SchemaName::Decision => schema::DECISION,
        SchemaName::Diagnostics => schema::DIAGNOSTICS,
        SchemaName::Compiled => schema::COMPILED,
        SchemaName::Bundle => schema::BUNDLE,
    })?;
    Ok(Exit::Good)
}
