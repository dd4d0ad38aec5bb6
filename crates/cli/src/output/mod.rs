//! Answers, written as a table for a person or as JSON or GeoJSON for a program.

pub(crate) mod number;
mod rows;
mod table;
mod values;

use std::io::{self, BufWriter, StdoutLock, Write};

use serde_json::Value;

pub(crate) use rows::{Found, Shown, time_number, write_rows};
pub(crate) use table::{Align, Table, write_facts};
pub(crate) use values::{feature, payload_value, point_feature};

use crate::failure::Outcome;

/// The standard output, buffered. A closed pipe comes back as an error, never as a panic.
pub(crate) fn stdout() -> BufWriter<StdoutLock<'static>> {
    BufWriter::with_capacity(64 * 1024, io::stdout().lock())
}

/// A JSON array, one element a line.
pub(crate) fn write_json_rows(out: &mut dyn Write, rows: &[Value]) -> Outcome<()> {
    write!(out, "[")?;
    write_lines(out, rows)?;
    writeln!(out, "]")?;
    out.flush()?;
    Ok(())
}

/// A GeoJSON document, one feature a line.
pub(crate) fn write_features(out: &mut dyn Write, features: &[Value]) -> Outcome<()> {
    write!(out, "{{\"type\":\"FeatureCollection\",\"features\":[")?;
    write_lines(out, features)?;
    writeln!(out, "]}}")?;
    out.flush()?;
    Ok(())
}

fn write_lines(out: &mut dyn Write, values: &[Value]) -> Outcome<()> {
    for (index, value) in values.iter().enumerate() {
        out.write_all(if index == 0 { b"\n" } else { b",\n" })?;
        serde_json::to_writer(&mut *out, value).map_err(io::Error::from)?;
    }
    if !values.is_empty() {
        writeln!(out)?;
    }
    Ok(())
}

/// One JSON document and a line end.
pub(crate) fn write_json(out: &mut dyn Write, value: &Value) -> Outcome<()> {
    serde_json::to_writer_pretty(&mut *out, value).map_err(io::Error::from)?;
    writeln!(out)?;
    out.flush()?;
    Ok(())
}
