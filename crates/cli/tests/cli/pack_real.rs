//! Packed files of recorded points and of counties, beside the plain walk over the files.
//!
//! Needs the data folder, as `real_data` does; without it the tests say so and pass.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::PathBuf;

use flate2::read::GzDecoder;
use serde_json::Value;

use crate::real_data::data;
use crate::run::Room;

fn file(name: &str) -> Option<PathBuf> {
    let path = data().map(|data| data.join(name)).filter(|path| path.is_file());
    if path.is_none() {
        eprintln!("left out: no {name}; set SPATIO_DATA to the folder of recordings");
    }
    path
}

#[test]
fn ships_of_a_harbour() {
    let Some(path) = file("ais_us_coast_2022-01-03.csv.gz") else { return };
    let room = Room::new();
    let built = format!("pack build '{}' s.psindex --payload object_id --json", path.display());
    let (mut rows, mut inside) = (0_u64, Vec::new());
    for line in BufReader::new(GzDecoder::new(File::open(&path).unwrap())).lines().skip(1) {
        let line = line.unwrap();
        let fields: Vec<&str> = line.split(',').collect();
        let (x, y): (f64, f64) = (fields[2].parse().unwrap(), fields[3].parse().unwrap());
        if (-95.3..=-94.7).contains(&x) && (29.2..=29.8).contains(&y) {
            inside.push((rows, fields[0].to_owned()));
        }
        rows += 1;
    }
    let summary = room.json(&built);
    assert_eq!((&summary["items"], &summary["bad"]), (&rows.into(), &0.into()));
    let found = room.json("pack query s.psindex -95.3,29.2,-94.7,29.8 --json --limit 0");
    let row = |row: &Value| {
        // An id of digits is a number as JSON.
        let payload = &row["payload"];
        let text = payload.as_str().map_or_else(|| payload.to_string(), str::to_owned);
        (row["item"].as_u64().unwrap(), text)
    };
    assert!(inside.len() > 1000);
    assert_eq!(found.as_array().unwrap().iter().map(row).collect::<Vec<_>>(), inside);
    room.ok("pack verify s.psindex");
    room.ok("pack query s.psindex -95.3,29.2,-94.7,29.8 --count --svg s.svg");
}

#[test]
fn counties_come_back_as_they_are() {
    let Some(path) = file("geofence_us_counties.geojson.gz") else { return };
    let room = Room::new();
    let path = path.display();
    let summary = room.json(&format!("pack build '{path}' c.psindex --payload feature --json"));
    assert_eq!((&summary["items"], &summary["bad"]), (&3230.into(), &0.into()));
    // Austin lies in Travis, whose number is 48453.
    let found = room.json("pack query c.psindex -97.74,30.27,-97.74,30.27 --geojson");
    let ids: Vec<_> = found["features"].as_array().unwrap().iter().map(|f| &f["id"]).collect();
    assert!(ids.contains(&&"48453".into()), "{ids:?}");
    room.ok(&format!("pack build '{path}' f.psindex --layout both --f32"));
    let count = |file: &str| {
        room.json(&format!("pack join {file} {file} --count --json"))["count"].as_u64().unwrap()
    };
    assert_eq!(count("c.psindex"), count("f.psindex"));
}
