//! The boxes of the features of GeoJSON.

use std::io::BufRead;

use serde_json::Value;

use super::{Entry, Growing, Sink, Wanted, WantedPayload};
use crate::failure::Outcome;
use crate::import::{Mark, each_feature};

/// What the coordinates of GeoJSON are, as RFC 7946 says.
const CRS: &str = "OGC:CRS84";

/// Hands every feature to `sink`.
pub(crate) fn read(input: &mut dyn BufRead, wanted: &Wanted, sink: &mut dyn Sink) -> Outcome<()> {
    sink.crs(CRS)?;
    let (mut number, mut stopped) = (0, None);
    let outcome = each_feature(input, &mut |feature| {
        number += 1;
        stopped = sink.row(Mark::Feature(number), entry(feature, wanted)).err();
        stopped.is_none()
    });
    match stopped {
        Some(failure) => Err(failure),
        None => outcome,
    }
}

fn entry(feature: &Value, wanted: &Wanted) -> Result<Entry, String> {
    let mut bounds = Growing::EMPTY;
    match &feature["geometry"] {
        Value::Null => return Err("no geometry".to_owned()),
        geometry => add_geometry(geometry, &mut bounds)?,
    }
    let payload = match &wanted.payload {
        WantedPayload::None => Vec::new(),
        WantedPayload::Feature => feature.to_string().into_bytes(),
        WantedPayload::Column(name) => property(feature, name),
    };
    bounds.finish(payload)
}

/// A property; `id`, where no property has that name, is the feature's own.
fn property(feature: &Value, name: &str) -> Vec<u8> {
    let value = match &feature["properties"][name] {
        Value::Null if name == "id" => &feature["id"],
        value => value,
    };
    match value {
        Value::Null => Vec::new(),
        Value::String(text) => text.clone().into_bytes(),
        value => value.to_string().into_bytes(),
    }
}

fn add_geometry(geometry: &Value, bounds: &mut Growing) -> Result<(), String> {
    match geometry["type"].as_str() {
        Some("GeometryCollection") => {
            let parts = geometry["geometries"].as_array().ok_or("a collection of no geometries")?;
            // How deep they nest is bounded by what the reader of JSON takes.
            parts.iter().try_for_each(|part| add_geometry(part, bounds))
        }
        Some(
            "Point" | "MultiPoint" | "LineString" | "MultiLineString" | "Polygon" | "MultiPolygon",
        ) => add_positions(&geometry["coordinates"], bounds),
        Some(other) => Err(format!("a {other} is no geometry")),
        None => Err("a geometry without a type".to_owned()),
    }
}

/// Adds every position of coordinates, however deep they nest.
fn add_positions(coordinates: &Value, bounds: &mut Growing) -> Result<(), String> {
    let wrong = || "the coordinates are not arrays of two or three numbers".to_owned();
    let all = coordinates.as_array().ok_or_else(wrong)?;
    if all.first().is_none_or(Value::is_array) {
        return all.iter().try_for_each(|part| add_positions(part, bounds));
    }
    let mut at = [0.0; 3];
    for (value, number) in all.iter().zip(&mut at) {
        *number = value.as_f64().ok_or_else(wrong)?;
    }
    if all.len() < 2 {
        return Err(wrong());
    }
    bounds.add(at);
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn entry_of(geometry: Value) -> Result<Entry, String> {
        let wanted = Wanted {
            payload: WantedPayload::Column("id".into()),
            names: Default::default(),
            with_z: true,
        };
        entry(&json!({ "type": "Feature", "id": 7, "geometry": geometry }), &wanted)
    }

    #[test]
    fn every_geometry_has_its_box() {
        let boxed = |min, max| Ok(Entry { min, max, payload: b"7".to_vec() });
        let point = json!({"type": "Point", "coordinates": [1, 2, 3]});
        assert_eq!(entry_of(point.clone()), boxed([1.0, 2.0, 3.0], [1.0, 2.0, 3.0]));
        let polygons = json!({"type": "MultiPolygon",
        "coordinates": [
            [[[0, 0], [4, 0], [4, -5], [0, 0]]],
            [[[9, 1], [9, 2], [8, 1], [9, 1]]],
        ]});
        assert_eq!(entry_of(polygons.clone()), boxed([0.0, -5.0, 0.0], [9.0, 2.0, 0.0]));
        let both = json!({"type": "GeometryCollection", "geometries": [point, polygons]});
        assert_eq!(entry_of(both), boxed([0.0, -5.0, 0.0], [9.0, 2.0, 3.0]));
        for bad in [
            json!(null),
            json!({"type": "Circle", "coordinates": [1, 2]}),
            json!({"type": "Point", "coordinates": []}),
            json!({"type": "Point", "coordinates": [1]}),
            json!({"type": "LineString", "coordinates": [[1, 2], ["a", 2]]}),
            json!({"type": "Polygon"}),
        ] {
            assert!(entry_of(bad.clone()).is_err(), "{bad}");
        }
    }
}
