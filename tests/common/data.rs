//! Reads the recorded tracks and polygons that tests compare answers on.
//!
//! They are not part of the repository: a test asks [`is_available`] first and passes without
//! them, saying so. They are looked for where `SPATIO_DATA` says, or in `../shared/data`.

use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::PathBuf;

use flate2::read::GzDecoder;
use serde_json::Value;

/// One row of a point file: object, milliseconds since 1970, longitude, latitude, altitude.
pub(crate) type Row = (String, i64, f64, f64, Option<f64>);
/// A ring, and an exterior with its holes.
pub(crate) type Ring = Vec<(f64, f64)>;
pub(crate) type Part = (Ring, Vec<Ring>);
/// One feature of a polygon file: id, name, parts.
pub(crate) type Feature = (String, String, Vec<Part>);

// Each test that includes this file uses some of it; these lines use the rest.
const _: fn() -> bool = is_available;
const _: fn(&str) -> Box<dyn Iterator<Item = Row>> = |name| Box::new(open_points(name));
const _: fn(&str) -> Vec<Feature> = open_polygons;

fn folder() -> PathBuf {
    let beside = || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/data");
    std::env::var_os("SPATIO_DATA").map_or_else(beside, PathBuf::from)
}

/// Whether the data is there; prints why a test is skipped when it is not.
#[expect(clippy::print_stderr, reason = "a skipped test says so")]
pub(crate) fn is_available() -> bool {
    let there = folder().join("README.md").is_file();
    if !there {
        eprintln!("skipped: no recorded data, set SPATIO_DATA to its folder");
    }
    there
}

fn open(name: &str) -> impl Read + use<> {
    let path = folder().join(name);
    let file = File::open(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    GzDecoder::new(BufReader::new(file))
}

/// The rows of a point file, in the order of the file; `name` is without `.csv.gz`.
pub(crate) fn open_points(name: &str) -> impl Iterator<Item = Row> + use<> {
    let lines = BufReader::with_capacity(1 << 16, open(&format!("{name}.csv.gz"))).lines();
    lines.skip(1).map(|line| {
        let line = line.expect("the file is UTF-8");
        let mut fields = line.split(',');
        let mut next = || fields.next().expect("a row has five fields");
        let (id, time_ms, lon, lat, alt) = (next(), next(), next(), next(), next());
        let number = |field: &str| field.parse::<f64>().expect("a coordinate is a number");
        (
            id.to_owned(),
            time_ms.parse().expect("a time is a whole number"),
            number(lon),
            number(lat),
            (!alt.is_empty()).then(|| number(alt)),
        )
    })
}

/// The features of a polygon file; `name` is without `.geojson.gz`.
pub(crate) fn open_polygons(name: &str) -> Vec<Feature> {
    let mut text = String::new();
    open(&format!("{name}.geojson.gz")).read_to_string(&mut text).expect("the file is UTF-8");
    let json: Value = serde_json::from_str(&text).expect("the file is JSON");
    list(&json["features"]).map(feature).collect()
}

fn feature(json: &Value) -> Feature {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let coordinates = &json["geometry"]["coordinates"];
    let parts = match json["geometry"]["type"].as_str() {
        Some("Polygon") => vec![part(coordinates)],
        Some("MultiPolygon") => list(coordinates).map(part).collect(),
        other => panic!("geometry is {other:?}"),
    };
    (text(&json["id"]), text(&json["properties"]["name"]), parts)
}

fn part(json: &Value) -> Part {
    let mut rings = list(json).map(|ring| {
        let number = |value: &Value| value.as_f64().expect("a coordinate is a number");
        list(ring).map(|at| (number(&at[0]), number(&at[1]))).collect()
    });
    let exterior = rings.next().expect("a polygon has an exterior");
    (exterior, rings.collect())
}

fn list(json: &Value) -> impl Iterator<Item = &Value> {
    json.as_array().expect("a JSON array").iter()
}
