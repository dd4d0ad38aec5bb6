//! `spatio import`: forms, columns, bad rows, and what is said about them.

use std::io::Write;
use std::process::Stdio;

use flate2::Compression;
use flate2::write::GzEncoder;

use crate::run::{Ran, Room};

const GOOD: &str = "object_id,timestamp_ms_utc,lon,lat,alt_m
007,1000,13.4,52.5,
bus:8,1000,13.5,52.6,34.5
007,2000,13.41,52.51,
007,1500,13.405,52.505,
";

const BAD: &str = "object_id,timestamp_ms_utc,lon,lat,alt_m
a,1000,13.4,52.5,
b,1000,13.4,91,
c,yesterday,13.4,52.5,
d,1000,east,52.5,
,1000,13.4,52.5,
e,1000,13.4
f,1000,13.4,52.5,high
g,1000,NaN,52.5,
h,2000,13.5,52.5,12
";

#[test]
fn a_csv_file_is_read_as_it_is_documented() {
    let room = Room::new();
    room.write("good.csv", GOOD);
    let summary = room.json("import good.csv -n buses -d db --json");
    assert_eq!(summary["rows"], 4);
    assert_eq!(summary["written"], 4);
    assert_eq!(summary["late"], 1);
    assert_eq!(summary["bad"], 0);
    assert_eq!(summary["new_objects"], 2);
    let object = &room.json("get 007 -d db --json")[0];
    assert_eq!((&object["lon"], &object["time_us"]), (&13.41.into(), &2_000_000.into()));
    assert_eq!(room.json("get bus:8 -d db --json")[0]["alt_m"], 34.5);
    let again = room.json("import good.csv -n buses -d db --json");
    assert_eq!((&again["objects"], &again["new_objects"]), (&2.into(), &0.into()));
}

#[test]
fn a_gzipped_file_is_known_by_its_bytes_and_a_pipe_is_read() {
    let room = Room::new();
    let mut packed = GzEncoder::new(Vec::new(), Compression::default());
    packed.write_all(GOOD.as_bytes()).unwrap();
    room.write("packed", packed.finish().unwrap());
    assert_eq!(room.json("import packed -n a -d db --json")["written"], 4);

    let mut command = room.command("import - -n b -d db --json");
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(GOOD.as_bytes()).unwrap();
    let ran = Ran::from(child.wait_with_output().unwrap());
    assert_eq!(ran.json()["written"], 4);
}

#[test]
fn bad_rows_are_counted_and_the_first_five_are_shown() {
    let room = Room::new();
    room.write("bad.csv", BAD);
    let ran = room.ok("import bad.csv -n a -d db --json");
    let summary = ran.json();
    assert_eq!((&summary["rows"], &summary["bad"]), (&9.into(), &7.into()));
    assert_eq!(summary["objects"], 2);
    let lines: Vec<&str> = ran.err.lines().collect();
    assert_eq!(lines.len(), 6, "{}", ran.err);
    let parts = [
        "bad.csv: line 3: lat is 91",
        "line 4: time `yesterday` is no number",
        "line 5: lon `east` is no number",
        "line 6: the id is empty",
        "line 7: 3 fields",
        "... and 2 more",
    ];
    for (line, part) in lines.iter().zip(parts) {
        assert!(line.contains(part), "{line}");
    }
}

#[test]
fn strict_stops_at_the_first_bad_row_and_keeps_what_came_before() {
    let room = Room::new();
    room.write("bad.csv", BAD);
    room.fails(3, "bad.csv: line 3: lat is 91", "import bad.csv -n a -d db --strict");
    assert_eq!(room.json("query all -d db --json").as_array().unwrap().len(), 1);
}

#[test]
fn columns_units_and_payloads_are_chosen_by_flags() {
    let room = Room::new();
    let text = "vehicle,ts,lng,latitude,h,speed,route\n0042,10.5,1.5,2.5,7,12.5,007\n";
    room.write("own.csv", text);
    room.ok("import own.csv -n cars -d db --id-column vehicle --time-column ts --time-unit s
        --lon-column lng --lat-column latitude --alt-column h --payload-columns speed,route");
    let object = &room.json("get 0042 -d db --json")[0];
    assert_eq!(object["time_us"], 10_500_000);
    assert_eq!(
        (&object["lon"], &object["lat"], &object["alt_m"]),
        (&1.5.into(), &2.5.into(), &7.0.into())
    );
    assert_eq!(object["payload"], serde_json::json!({"speed": 12.5, "route": "007"}));

    room.write("time.csv", "id,time,x,y\na,2016-11-24T06:00:01+01:00,5,6\n");
    room.ok("import time.csv -n cars -d db");
    assert_eq!(room.json("get a -d db --json")[0]["time"], "2016-11-24T05:00:01Z");

    room.write("none.csv", "id,lon,lat\nb,5,6\n");
    room.fails(2, "no column for the time", "import none.csv -n cars -d db");
    room.ok("import none.csv -n cars -d db --at 2020-01-01");
    assert_eq!(room.json("get b -d db --json")[0]["time"], "2020-01-01T00:00:00Z");
    room.fails(
        2,
        "no column for the altitude",
        "import none.csv -n cars -d db --at now
        --alt-column height",
    );
}

#[test]
fn a_cartesian_namespace_takes_any_finite_number() {
    let room = Room::new();
    room.write("arena.csv", "object_id,timestamp_us_utc,x,y,z\nnpc,5,1e9,-4000,0.5\n");
    room.ok("import arena.csv -n arena -d db --space cartesian");
    let npc = &room.json("get npc -d db --json")[0];
    assert_eq!((&npc["x"], &npc["y"], &npc["z"]), (&1e9.into(), &(-4000.0).into(), &0.5.into()));
    assert_eq!(npc["time_us"], 5);
    let again = "import arena.csv -n arena -d db --space geographic";
    room.fails(2, "exists and is Cartesian", again);
}

#[test]
fn geojson_points_and_tracks_are_read() {
    let room = Room::new();
    room.write(
        "mixed.geojson",
        r#"{"type":"FeatureCollection","name":"x","features":[
        {"type":"Feature","id":7,"properties":{"timestamp_ms_utc":1000,"color":"red"},
         "geometry":{"type":"Point","coordinates":[13.4,52.5,34]}},
        {"type":"Feature","properties":{"object_id":"t","timestamps":[1000,2000]},
         "geometry":{"type":"LineString","coordinates":[[1,2],[1.5,2.5]]}},
        {"type":"Feature","properties":{"object_id":"u","timestamps":[[1000],[2000,3000]]},
         "geometry":{"type":"MultiLineString","coordinates":[[[179,0]],[[-179,0],[-178,0]]]}},
        {"type":"Feature","properties":{"object_id":"w","timestamp_ms_utc":1},
         "geometry":{"type":"Polygon","coordinates":[]}},
        {"type":"Feature","properties":{"object_id":"v","timestamps":[1]},
         "geometry":{"type":"LineString","coordinates":[[1,2],[1.5,2.5]]}}]}"#,
    );
    let ran = room.ok("import mixed.geojson -n a -d db --payload-columns color --json");
    let summary = ran.json();
    assert_eq!((&summary["written"], &summary["bad"]), (&6.into(), &2.into()));
    assert!(ran.err.contains("feature 4: a Polygon is no position"), "{}", ran.err);
    assert!(ran.err.contains("feature 5: 2 vertices but 1 timestamps"), "{}", ran.err);
    let point = &room.json("get 7 -d db --json")[0];
    assert_eq!((&point["alt_m"], &point["payload"]["color"]), (&34.0.into(), &"red".into()));
    assert_eq!(room.json("trajectory u -d db --json").as_array().unwrap().len(), 3);
}

#[test]
fn a_broken_geojson_document_keeps_what_came_before_it() {
    let room = Room::new();
    let good = r#"{"type":"FeatureCollection","features":[{"type":"Feature","id":"a",
        "properties":{"timestamp_ms_utc":1},"geometry":{"type":"Point","coordinates":[1,2]}},"#;
    room.write("cut.geojson", good);
    room.fails(1, "reading GeoJSON", "import cut.geojson -n a -d db");
    assert_eq!(room.json("query all -d db --json").as_array().unwrap().len(), 1);
}

#[test]
fn a_small_batch_and_many_files_come_to_the_same() {
    let room = Room::new();
    room.write("good.csv", GOOD);
    room.write("more.csv", "object_id,timestamp_ms_utc,lon,lat\nx,1,2,3\n");
    let summary = room.json("import good.csv more.csv -n a -d db --batch 1 --json");
    assert_eq!((&summary["written"], &summary["objects"]), (&5.into(), &3.into()));
}
