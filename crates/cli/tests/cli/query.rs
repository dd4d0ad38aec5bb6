//! `spatio query`: every shape, every filter, every form of output.

use serde_json::json;

use crate::run::{Room, ids};

/// Five objects on the equator, a degree of longitude apart, with altitudes; one beyond 180.
fn room() -> Room {
    let room = Room::new();
    room.write(
        "some.csv",
        "object_id,timestamp_ms_utc,lon,lat,alt_m
bus:0,1000,0,0,0
bus:1,2000,1,0,100
car:2,3000,2,0,200
car:3,4000,3,0,300
car:far,5000,-179.9,0,0
",
    );
    room.ok("import some.csv -n n -d db");
    room
}

#[track_caller]
fn finds(room: &Room, query: &str, expected: &[&str]) {
    let rows = room.json(&format!("query {query} -d db --json"));
    let mut found = ids(&rows);
    if query.starts_with("bbox") || query.starts_with("box3d") || query.starts_with("polygon") {
        found.sort_unstable();
    }
    assert_eq!(found, expected, "{query}");
}

#[test]
fn every_shape_finds_what_it_should() {
    let room = room();
    finds(&room, "radius 0,0 112000", &["bus:0", "bus:1"]);
    finds(&room, "radius @bus:1 112000", &["bus:1", "bus:0", "car:2"]);
    finds(&room, "near bus:1 112000 --exclude-origin", &["bus:0", "car:2"]);
    finds(&room, "bbox -0.5,-1,1,1", &["bus:0", "bus:1"]);
    finds(&room, "bbox 179,-1,-179,1", &["car:far"]);
    finds(&room, "knn -0.1,0 2", &["bus:0", "bus:1"]);
    finds(&room, "knn 179.9,0 1", &["car:far"]);
    finds(&room, "knn 0,0 5 --within 112000", &["bus:0", "bus:1"]);
    finds(&room, "cylinder 0,0 400000 150 250", &["car:2"]);
    finds(&room, "box3d -1,-1,-10,5,1,150", &["bus:0", "bus:1"]);
    finds(&room, "all --prefix car: --max-alt 250 --min-alt 1", &["car:2"]);
    finds(&room, "radius 0,0 1e7 --since 4s", &["car:3"]);
    finds(&room, "radius 0,0 1e7 --limit 2", &["bus:0", "bus:1"]);
    finds(&room, "all --max-age 1h", &[]);
}

#[test]
fn polygons_come_from_a_file_or_the_command_line() {
    let room = room();
    let ring = "[[[-1,-1],[1.5,-1],[1.5,1],[-1,1],[-1,-1]]]";
    let geometry = format!(r#"{{"type":"Polygon","coordinates":{ring}}}"#);
    finds(&room, &format!("polygon '{geometry}'"), &["bus:0", "bus:1"]);
    let feature = |id: &str, name: &str| {
        json!({"type": "Feature", "id": id, "properties": {"name": name},
            "geometry": serde_json::from_str::<serde_json::Value>(&geometry).unwrap()})
    };
    let features = [feature("1", "West"), feature("2", "East")];
    let collection = json!({"type": "FeatureCollection", "features": features});
    room.write("areas.geojson", collection.to_string());
    finds(&room, "polygon areas.geojson --feature 2", &["bus:0", "bus:1"]);
    finds(&room, "polygon areas.geojson --feature West", &["bus:0", "bus:1"]);
    room.fails(2, "which? --feature", "query polygon areas.geojson -d db");
    room.fails(5, "no feature \"South\"", "query polygon areas.geojson --feature South -d db");
}

#[test]
fn tables_json_and_geojson_tell_the_same() {
    let room = room();
    let table = room.ok("query radius 0,0 112000 -d db").out;
    let lines: Vec<&str> = table.lines().collect();
    let head: Vec<&str> = lines[0].split_whitespace().collect();
    assert_eq!(head, ["id", "distance_m", "lon", "lat", "alt_m", "time"]);
    let row: Vec<&str> = lines[2].split_whitespace().collect();
    assert_eq!(row[0], "bus:1");
    assert_eq!(row[5], "1970-01-01T00:00:02Z");
    assert_eq!(lines.len(), 3);
    let width = lines[0].find("time");
    assert!(lines[1..].iter().all(|line| line.find("1970") == width), "{table}");

    let cut = room.ok("query all -d db --limit 2");
    assert!(cut.err.contains("--limit 0 shows all") && cut.out.lines().count() == 3);
    assert_eq!(room.ok("query all -d db").err, "");

    let rows = room.json("query radius 0,0 112000 -d db --json");
    let distance = rows[1]["distance_m"].as_f64().unwrap();
    assert!((111_195.0..111_196.0).contains(&distance), "{distance}");
    let collection = room.json("query radius 0,0 112000 -d db --geojson");
    assert_eq!(collection["type"], "FeatureCollection");
    let point = &collection["features"][1];
    assert_eq!(point["geometry"]["coordinates"], json!([1.0, 0.0, 100.0]));
    assert_eq!(point["properties"]["object_id"], "bus:1");
    assert_eq!(point["properties"]["timestamp_ms_utc"], 2000);
    assert_eq!(point["properties"]["distance_m"], rows[1]["distance_m"]);
}

#[test]
fn the_database_may_come_from_the_environment() {
    let room = room();
    let output = room.command("query knn 0,0 1").env("SPATIO_DB", "db").output().unwrap();
    assert!(output.status.success());
    assert!(String::from_utf8(output.stdout).unwrap().contains("bus:0"));
}

#[test]
fn a_cartesian_namespace_measures_in_its_unit() {
    let room = Room::new();
    room.write("a.csv", "object_id,timestamp_ms_utc,x,y,z\na,1,0,0,0\nb,1,3,4,12\n");
    room.ok("import a.csv -n arena -d db --space cartesian");
    let rows = room.json("query radius 0,0 13 -d db --json");
    assert_eq!((ids(&rows), &rows[1]["distance"]), (vec!["a", "b"], &13.0.into()));
    room.fails(2, "Cartesian", "query all -d db --geojson");
}
