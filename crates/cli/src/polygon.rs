//! Polygons from GeoJSON: a file, the standard input, or the command line itself.

use std::io::{BufRead, Cursor};
use std::path::Path;

use serde_json::Value;
use spatio::{Polygon, PolygonRings};

use crate::failure::{Failure, Outcome};
use crate::import::{each_feature, open_input};

const NAMES_SHOWN: usize = 8;

/// Reads the one polygon of `source`, or of its features the one that `wanted` names.
pub(crate) fn read(source: &str, wanted: Option<&str>) -> Outcome<Polygon> {
    let mut reader: Box<dyn BufRead> = match source.trim_start().starts_with('{') {
        true => Box::new(Cursor::new(source.to_owned())),
        false => open_input(Path::new(source))?.reader,
    };
    let (mut found, mut names, mut count) = (None, Vec::new(), 0);
    let outcome = each_feature(&mut *reader, &mut |feature| {
        if wanted.is_some_and(|wanted| !is_named(feature, wanted)) {
            if names.len() < NAMES_SHOWN {
                names.push(name(feature));
            }
            return true;
        }
        count += 1;
        if names.len() < NAMES_SHOWN {
            names.push(name(feature));
        }
        found.get_or_insert_with(|| feature.clone());
        // A named one is enough; without a name there must be no second.
        wanted.is_none()
    });
    let Some(feature) = found else {
        outcome?;
        let known = names.join(", ");
        return Err(Failure::not_found(match wanted {
            Some(wanted) => format!("no feature {wanted:?} in {source}; it has {known}, ..."),
            None => format!("no feature in {source}"),
        }));
    };
    if wanted.is_none() {
        outcome?;
        if count > 1 {
            let known = names.join(", ");
            let message =
                format!("{count} features in {source}: which? --feature, of {known}, ...");
            return Err(Failure::usage(message));
        }
    }
    polygon(&feature)
}

fn is_named(feature: &Value, wanted: &str) -> bool {
    [&feature["id"], &feature["properties"]["id"], &feature["properties"]["name"]].into_iter().any(
        |value| match value {
            Value::String(text) => text == wanted,
            Value::Number(number) => number.to_string() == wanted,
            _ => false,
        },
    )
}

fn name(feature: &Value) -> String {
    let id = &feature["id"];
    let value = if id.is_null() { &feature["properties"]["name"] } else { id };
    match value {
        Value::String(text) => text.clone(),
        Value::Null => "(unnamed)".to_owned(),
        other => other.to_string(),
    }
}

/// The polygon of a feature, or of a bare geometry.
fn polygon(value: &Value) -> Outcome<Polygon> {
    let geometry = if value["geometry"].is_object() { &value["geometry"] } else { value };
    let coordinates = &geometry["coordinates"];
    let parts = match geometry["type"].as_str() {
        Some("Polygon") => rings(coordinates).map(|rings| vec![rings]),
        Some("MultiPolygon") => {
            coordinates.as_array().and_then(|parts| parts.iter().map(rings).collect())
        }
        Some(other) => return Err(Failure::usage(format!("a {other} is no polygon"))),
        None => return Err(Failure::usage("the GeoJSON has no geometry")),
    };
    let wrong = || Failure::usage("the polygon's coordinates are not rings of positions");
    Ok(Polygon::multi(parts.ok_or_else(wrong)?)?)
}

fn rings(value: &Value) -> Option<PolygonRings> {
    let mut rings = value.as_array()?.iter().map(ring).collect::<Option<Vec<_>>>()?.into_iter();
    let exterior = rings.next()?;
    Some((exterior, rings.collect()))
}

fn ring(value: &Value) -> Option<Vec<(f64, f64)>> {
    let vertex = |vertex: &Value| Some((vertex.get(0)?.as_f64()?, vertex.get(1)?.as_f64()?));
    value.as_array()?.iter().map(vertex).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SQUARE: &str = r#"{"type":"Polygon","coordinates":[[[0,0],[4,0],[4,4],[0,4],[0,0]],
        [[1,1],[2,1],[2,2],[1,2],[1,1]]]}"#;

    #[test]
    fn a_geometry_a_feature_and_one_of_many_are_read() {
        let square = read(SQUARE, None).unwrap();
        assert!(square.contains(3.0, 3.0) && !square.contains(1.5, 1.5));
        let feature = |id: &str| {
            format!(r#"{{"type":"Feature","id":"{id}","properties":{{}},"geometry":{SQUARE}}}"#)
        };
        assert!(read(&feature("a"), None).is_ok());
        let two = format!(
            r#"{{"type":"FeatureCollection","features":[{},{}]}}"#,
            feature("a"),
            feature("b")
        );
        assert!(read(&two, Some("b")).is_ok());
        assert_eq!(read(&two, None).unwrap_err().code(), 2);
        assert_eq!(read(&two, Some("c")).unwrap_err().code(), 5);
        assert_eq!(read(r#"{"type":"Point","coordinates":[1,2]}"#, None).unwrap_err().code(), 2);
    }
}
