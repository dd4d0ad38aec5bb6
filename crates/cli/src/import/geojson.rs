//! Reads positions from a GeoJSON FeatureCollection, feature by feature.
//!
//! A Point is one position; a LineString or MultiLineString is a track whose property
//! `timestamps` holds one time for each vertex. Other geometries are bad rows.

use std::fmt;
use std::io::BufRead;

use serde::de::{DeserializeSeed, Error as _};
use serde::de::{Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};
use spatio::Point;

use crate::failure::{Failure, Outcome, exit};
use crate::import::columns::{Columns, Payload};
use crate::import::row::{self, Item, Mark, Row, TimeSource};
use crate::when::TimeUnit;

/// The property that holds the times of a track.
pub(crate) const TRACK_TIMES: &str = "timestamps";
/// The property that holds their unit, where it is not milliseconds.
pub(crate) const TRACK_UNIT: &str = "timestamps_unit";

/// Hands every position to `sink`, which may end the reading by a failure.
pub(crate) fn read(
    input: &mut dyn BufRead,
    columns: &Columns,
    sink: &mut dyn FnMut(Item) -> Outcome<()>,
) -> Outcome<()> {
    let mut stopped = None;
    let mut number = 0_u64;
    let mut each = |feature: &Value| -> bool {
        number += 1;
        let mark = Mark::Feature(number);
        let result = match rows(feature, columns) {
            Ok(rows) => rows.into_iter().try_for_each(|row| sink(Item { mark, row: Ok(row) })),
            Err(reason) => sink(Item { mark, row: Err(reason) }),
        };
        match result {
            Ok(()) => true,
            Err(failure) => {
                stopped = Some(failure);
                false
            }
        }
    };
    let outcome = each_feature(input, &mut each);
    match stopped {
        Some(failure) => Err(failure),
        None => outcome,
    }
}

/// Calls `each` with every feature of a FeatureCollection, or with the one feature that the
/// document is, without holding more than one in memory; ends early when it says false.
pub(crate) fn each_feature(
    input: &mut dyn BufRead,
    each: &mut dyn FnMut(&Value) -> bool,
) -> Outcome<()> {
    let mut deserializer = serde_json::Deserializer::from_reader(input);
    deserializer
        .deserialize_map(Document { each })
        .map_err(|error| Failure::new(exit::ENGINE, format!("reading GeoJSON: {error}")))
}

/// The top-level object.
struct Document<'a> {
    each: &'a mut dyn FnMut(&Value) -> bool,
}

impl<'de> Visitor<'de> for Document<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a GeoJSON object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let mut is_collection = false;
        let mut rest = Map::new();
        while let Some(key) = map.next_key::<String>()? {
            match key.as_str() {
                "features" => {
                    map.next_value_seed(Features { each: &mut *self.each })?;
                    is_collection = true;
                }
                "type" | "id" | "geometry" | "properties" | "coordinates" | "geometries" => {
                    rest.insert(key, map.next_value()?);
                }
                _ => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        if !is_collection {
            (self.each)(&Value::Object(rest));
        }
        Ok(())
    }
}

/// The array of features.
struct Features<'a> {
    each: &'a mut dyn FnMut(&Value) -> bool,
}

impl<'de> DeserializeSeed<'de> for Features<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for Features<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array of features")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        while let Some(feature) = seq.next_element::<Value>()? {
            if !(self.each)(&feature) {
                return Err(A::Error::custom("stopped"));
            }
        }
        Ok(())
    }
}

/// Every position of one feature; a track is taken wholly or not at all.
fn rows(feature: &Value, columns: &Columns) -> Result<Vec<Row>, String> {
    let id = id(feature, columns)?;
    let payload = payload(feature, columns)?;
    let geometry = &feature["geometry"];
    let coordinates = &geometry["coordinates"];
    let make =
        |time_us, position| Row { id: id.clone(), time_us, position, payload: payload.clone() };
    match geometry["type"].as_str() {
        Some("Point") => Ok(vec![make(time(feature, columns)?, position(coordinates)?)]),
        Some("LineString") => {
            track(feature, coordinates, &feature["properties"][TRACK_TIMES], &make)
        }
        Some("MultiLineString") => {
            let lines = coordinates.as_array().ok_or("the coordinates are no array")?;
            let times = feature["properties"][TRACK_TIMES].as_array();
            let times = times.filter(|times| times.len() == lines.len());
            let times = times.ok_or("`timestamps` is not one array for each line")?;
            let mut all = Vec::new();
            for (line, times) in lines.iter().zip(times) {
                all.extend(track(feature, line, times, &make)?);
            }
            Ok(all)
        }
        Some(other) => Err(format!("a {other} is no position")),
        None => Err("no geometry".to_owned()),
    }
}

fn track(
    feature: &Value,
    line: &Value,
    times: &Value,
    make: &dyn Fn(i64, Point) -> Row,
) -> Result<Vec<Row>, String> {
    let unit = match feature["properties"][TRACK_UNIT].as_str() {
        None | Some("ms") => TimeUnit::Ms,
        Some("s") => TimeUnit::S,
        Some("us") => TimeUnit::Us,
        Some("rfc3339") => TimeUnit::Rfc3339,
        Some(other) => return Err(format!("`{TRACK_UNIT}` is `{other}`")),
    };
    let line = line.as_array().ok_or("the coordinates are no array")?;
    let times = times.as_array().ok_or("a line without an array `timestamps` is no track")?;
    if line.len() != times.len() {
        return Err(format!("{} vertices but {} timestamps", line.len(), times.len()));
    }
    line.iter()
        .zip(times)
        .map(|(vertex, time)| Ok(make(row::parse_time(&text(time)?, unit)?, position(vertex)?)))
        .collect()
}

fn id(feature: &Value, columns: &Columns) -> Result<String, String> {
    let properties = &feature["properties"];
    columns
        .id
        .iter()
        .map(|name| &properties[name.as_str()])
        .chain([&feature["id"]])
        .find(|value| !value.is_null())
        .ok_or_else(|| format!("no id, and no property {}", columns.id.join(" or ")))
        .and_then(text)
}

fn time(feature: &Value, columns: &Columns) -> Result<i64, String> {
    if let Some(TimeSource::Fixed(time_us)) = columns.fixed_time {
        return Ok(time_us);
    }
    let properties = &feature["properties"];
    for (name, unit) in &columns.time {
        let value = &properties[name.as_str()];
        if !value.is_null() {
            return row::parse_time(&text(value)?, *unit);
        }
    }
    Err(format!("no property {}; --at gives every row one time", columns.time[0].0))
}

fn payload(feature: &Value, columns: &Columns) -> Result<Option<Vec<u8>>, String> {
    let properties = &feature["properties"];
    match &columns.payload {
        Payload::None => Ok(None),
        Payload::Raw(name) => match &properties[name.as_str()] {
            Value::Null => Ok(None),
            Value::String(text) => Ok(Some(text.clone().into_bytes())),
            value => Ok(Some(value.to_string().into_bytes())),
        },
        Payload::Json(names) => {
            let chosen: Map<_, _> = names
                .iter()
                .filter_map(|name| Some((name.clone(), properties.get(name)?.clone())))
                .collect();
            Ok(Some(Value::Object(chosen).to_string().into_bytes()))
        }
    }
}

fn position(coordinates: &Value) -> Result<Point, String> {
    let numbers: Option<Vec<f64>> =
        coordinates.as_array().and_then(|all| all.iter().map(Value::as_f64).collect());
    match numbers.as_deref() {
        Some([x, y]) => Ok(Point::new(*x, *y)),
        Some([x, y, z, ..]) => Ok(Point::new_3d(*x, *y, *z)),
        _ => Err("the coordinates are not two or three numbers".to_owned()),
    }
}

fn text(value: &Value) -> Result<String, String> {
    match value {
        Value::String(text) => Ok(text.clone()),
        Value::Number(number) => Ok(number.to_string()),
        other => Err(format!("`{other}` is neither text nor a number")),
    }
}
