//! Values that pass through as the bytes of the protocol.

use crate::ffi::{Fault, Outcome};
use scylla::deserialize::row::ColumnIterator;
use scylla::response::query_result::QueryResult;
use scylla::serialize::row::{RowSerializationContext, SerializeRow};
use scylla::serialize::writers::RowWriter;
use scylla::serialize::SerializationError;
use std::fmt;

/// What the C++ side bound: for each marker a length and the value.
pub struct Values<T>(pub T);

#[derive(Debug)]
struct Malformed {
    found: usize,
    wanted: usize,
}

impl fmt::Display for Malformed {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} values were bound where there are {} markers", self.found, self.wanted)
    }
}

impl std::error::Error for Malformed {}

impl<T: AsRef<[u8]>> SerializeRow for Values<T> {
    fn serialize(
        &self,
        context: &RowSerializationContext<'_>,
        writer: &mut RowWriter,
    ) -> Result<(), SerializationError> {
        let wanted = context.columns().len();
        let mut left = self.0.as_ref();
        let mut found = 0;
        while let Some((length, rest)) = left.split_first_chunk::<4>() {
            found += 1;
            let cell = writer.make_cell_writer();
            let length = i32::from_be_bytes(*length);
            left = rest;
            match usize::try_from(length) {
                Ok(length) if length <= rest.len() => {
                    let (value, rest) = rest.split_at(length);
                    cell.set_value(value).map_err(SerializationError::new)?;
                    left = rest;
                }
                Ok(_) => break,
                Err(_) => {
                    cell.set_null();
                }
            }
        }
        if found == wanted && left.is_empty() {
            return Ok(());
        }
        Err(SerializationError::new(Malformed { found, wanted }))
    }

    fn is_empty(&self) -> bool {
        self.0.as_ref().is_empty()
    }
}

fn copy_rows(result: QueryResult) -> Result<Outcome, Box<dyn std::error::Error>> {
    let mut outcome = Outcome::success();
    if !result.is_rows() {
        return Ok(outcome);
    }
    let rows = result.into_rows_result()?;
    outcome.columns = rows.column_specs().len();
    outcome.values.reserve(rows.rows_bytes_size());
    for row in rows.rows::<ColumnIterator>()? {
        for column in row? {
            match column?.slice {
                Some(slice) => {
                    let value = slice.as_slice();
                    let length = i32::try_from(value.len())?;
                    outcome.values.extend_from_slice(&length.to_be_bytes());
                    outcome.values.extend_from_slice(value);
                }
                None => outcome.values.extend_from_slice(&(-1i32).to_be_bytes()),
            }
        }
    }
    Ok(outcome)
}

impl From<QueryResult> for Outcome {
    fn from(result: QueryResult) -> Self {
        copy_rows(result).unwrap_or_else(|error| Outcome::fault(Fault::Failed, error))
    }
}
