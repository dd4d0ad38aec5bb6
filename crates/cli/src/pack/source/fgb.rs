//! The boxes of the features of FlatGeobuf.
//!
//! Owns: what a feature becomes. Does not own the format, which the crate `flatgeobuf` reads and
//! verifies.

use std::io::BufRead;

use flatgeobuf::{
    FallibleStreamingIterator, FeatureAccess, FeatureProperties, FgbFeature, FgbReader, Geometry,
    Header,
};
use geozero::geojson::GeoJsonWriter;
use geozero::{ColumnValue, CoordDimensions, PropertyProcessor};
use serde_json::Value;

use super::{Entry, Growing, Sink, Wanted, WantedPayload};
use crate::failure::{Failure, Outcome, exit};
use crate::import::Mark;

/// Hands every feature to `sink`, in the order of the file.
pub(crate) fn read(input: &mut dyn BufRead, wanted: &Wanted, sink: &mut dyn Sink) -> Outcome<()> {
    let unreadable = |error: flatgeobuf::Error| {
        Failure::new(exit::ENGINE, format!("reading FlatGeobuf: {error}"))
    };
    let reader = FgbReader::open(input).map_err(unreadable)?;
    let (crs, has_z) = (crs(&reader.header()), reader.header().has_z());
    if let WantedPayload::Column(name) = &wanted.payload {
        check_column(&reader.header(), name)?;
    }
    if let Some(crs) = crs {
        sink.crs(&crs)?;
    }
    let mut features = reader.select_all_seq().map_err(unreadable)?;
    let mut number = 0;
    while let Some(feature) = features.next().map_err(unreadable)? {
        number += 1;
        let entry = guarded(|| entry(feature, &wanted.payload, has_z));
        sink.row(Mark::Feature(number), entry)?;
    }
    Ok(())
}

/// The crate verifies the structure of a feature, and trusts the lengths inside of its properties
/// and geometry: where these are wrong it panics, and the row is a bad one.
fn guarded(entry: impl FnOnce() -> Result<Entry, String>) -> Result<Entry, String> {
    let caught = std::panic::catch_unwind(std::panic::AssertUnwindSafe(entry));
    caught.unwrap_or_else(|_| Err("the feature is damaged".to_owned()))
}

fn check_column(header: &Header<'_>, name: &str) -> Outcome<()> {
    let columns: Vec<&str> =
        header.columns().iter().flatten().map(|column| column.name()).collect();
    if columns.contains(&name) {
        return Ok(());
    }
    let columns = columns.join(", ");
    Err(Failure::usage(format!("no property {name:?} in the file, which has {columns}")))
}

fn crs(header: &Header<'_>) -> Option<String> {
    let crs = header.crs()?;
    match (crs.code_string(), crs.code()) {
        (Some(code), _) => Some(code.to_owned()),
        (None, 0) => crs.wkt().map(str::to_owned),
        (None, code) => Some(format!("{}:{code}", crs.org().unwrap_or("EPSG"))),
    }
}

fn entry(feature: &FgbFeature, payload: &WantedPayload, has_z: bool) -> Result<Entry, String> {
    let mut bounds = Growing::EMPTY;
    add_geometry(&feature.geometry().ok_or("no geometry")?, &mut bounds);
    let payload = match payload {
        WantedPayload::None => Vec::new(),
        WantedPayload::Feature => whole(feature, has_z)?,
        WantedPayload::Column(name) => {
            let mut property = Property { name, value: Vec::new() };
            let told = feature.process_properties(&mut property);
            told.map_err(|error| format!("its properties: {error}"))?;
            property.value
        }
    };
    bounds.finish(payload)
}

/// Adds every position of a geometry and of its parts.
fn add_geometry(geometry: &Geometry<'_>, bounds: &mut Growing) {
    let altitudes = geometry.z();
    let numbers: Vec<f64> = geometry.xy().iter().flatten().collect();
    for (at, position) in numbers.chunks_exact(2).enumerate() {
        let z = altitudes.filter(|z| at < z.len()).map_or(0.0, |z| z.get(at));
        bounds.add([position[0], position[1], z]);
    }
    for part in geometry.parts().iter().flatten() {
        add_geometry(&part, bounds);
    }
}

/// The feature as GeoJSON.
fn whole(feature: &FgbFeature, has_z: bool) -> Result<Vec<u8>, String> {
    let dimensions = if has_z { CoordDimensions::xyz() } else { CoordDimensions::xy() };
    let mut text = Vec::new();
    let mut writer = GeoJsonWriter::with_dims(&mut text, dimensions);
    feature.process(&mut writer, 0).map_err(|error| format!("its geometry: {error}"))?;
    // What is stored is JSON for sure, and without needless blanks.
    let value: Value =
        serde_json::from_slice(&text).map_err(|error| format!("as JSON: {error}"))?;
    Ok(value.to_string().into_bytes())
}

/// Picks one property.
struct Property<'a> {
    name: &'a str,
    value: Vec<u8>,
}

impl PropertyProcessor for Property<'_> {
    fn property(
        &mut self,
        _column: usize,
        name: &str,
        value: &ColumnValue<'_>,
    ) -> geozero::error::Result<bool> {
        if name != self.name {
            return Ok(false);
        }
        self.value = match value {
            ColumnValue::Binary(bytes) => bytes.to_vec(),
            other => other.to_string().into_bytes(),
        };
        Ok(true)
    }
}
