//! What `spatio pack build` takes: CSV, GeoJSON, FlatGeobuf, gzipped or not, with bad rows.

use std::fs::File;
use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;
use flatgeobuf::{ColumnType, FgbCrs, FgbWriter, FgbWriterOptions, GeometryType};
use geozero::geojson::GeoJson;
use geozero::{ColumnValue, PropertyProcessor};

use crate::run::Room;

const ROWS: &str = "object_id,timestamp_ms_utc,lon,lat,alt_m
a,1,1.5,2.5,100
b,1,x,2.5,
c,1
d,1,inf,0,
e,1,-3,4,
";

#[test]
fn csv_is_taken_as_an_import_takes_it() {
    let room = Room::new();
    room.write("rows.csv", ROWS);
    let ran = room.ok("pack build rows.csv a.psindex --payload object_id --json");
    assert_eq!((&ran.json()["items"], &ran.json()["bad"]), (&2.into(), &3.into()));
    assert!(ran.err.contains("rows.csv: line 3: lon `x` is no number"), "{}", ran.err);
    assert!(ran.err.contains("line 5: a coordinate is inf"), "{}", ran.err);
    let rows = room.json("pack query a.psindex -10,-10,10,10 --json");
    assert_eq!((&rows[0]["payload"], &rows[1]["payload"]), (&"a".into(), &"e".into()));
    assert_eq!(rows[1]["x"], -3.0);
    room.fails(3, "line 3", "pack build rows.csv b.psindex --strict");
    assert!(!room.path("b.psindex").exists(), "a stopped build left a file");
    let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
    packed.write_all(ROWS.as_bytes()).unwrap();
    room.write("rows.csv.gz", packed.finish().unwrap());
    room.ok("pack build rows.csv.gz c.psindex --payload object_id");
    assert_eq!(std::fs::read(room.path("a.psindex")).unwrap(), {
        std::fs::read(room.path("c.psindex")).unwrap()
    });
    room.ok("pack build rows.csv d.psindex --dims 3 --lon-column lat --lat-column lon");
    let rows = room.json("pack query d.psindex 0,0,0,10,10,1000 --json");
    assert_eq!((&rows[0]["x"], &rows[0]["z"]), (&2.5.into(), &100.0.into()));
    let names: Vec<_> = std::fs::read_dir(room.dir()).unwrap().collect();
    assert_eq!(names.len(), 5, "temporary files stayed: {names:?}");
}

#[test]
fn geojson_without_a_geometry_is_a_bad_row() {
    let room = Room::new();
    room.write(
        "f.geojson",
        r#"{"type":"FeatureCollection","features":[
        {"type":"Feature","properties":{"name":"x"},"geometry":null},
        {"type":"Feature","properties":{"name":"y"},
         "geometry":{"type":"Polygon","coordinates":[[[0,0],[2,0],[2,3],[0,0]]]}}]}"#,
    );
    let ran = room.ok("pack build f.geojson a.psindex --payload name --json");
    assert_eq!((&ran.json()["items"], &ran.json()["bad"]), (&1.into(), &1.into()));
    assert!(ran.err.contains("feature 1: no geometry"), "{}", ran.err);
    let rows = room.json("pack query a.psindex 1,2,1,2 --json");
    assert_eq!(rows[0]["max"], serde_json::json!([2.0, 3.0]));
    assert_eq!((&rows[0]["payload"], &rows[0]["item"]), (&"y".into(), &0.into()));
}

#[test]
fn flatgeobuf_gives_boxes_properties_and_features() {
    let room = Room::new();
    let crs = FgbCrs { code: 4326, ..Default::default() };
    let options = FgbWriterOptions { crs, has_z: true, ..Default::default() };
    let options = FgbWriterOptions { detect_type: false, promote_to_multi: false, ..options };
    let mut writer =
        FgbWriter::create_with_options("places", GeometryType::Unknown, options).unwrap();
    writer.add_column("name", ColumnType::String, |_, _| {});
    writer.add_column("size", ColumnType::Double, |_, _| {});
    let shapes = [
        r#"{"type":"Point","coordinates":[1,2,30]}"#,
        r#"{"type":"LineString","coordinates":[[5,5,1],[7,4,2]]}"#,
        r#"{"type":"MultiPolygon","coordinates":[[[[10,10,0],[12,10,0],[12,13,5],[10,10,0]]],
            [[[20,20,0],[21,20,0],[21,21,0],[20,20,0]]]]}"#,
    ];
    for (at, shape) in shapes.into_iter().enumerate() {
        let name = ["a", "b", "c"][at];
        writer
            .add_feature_geom(GeoJson(shape), |feature| {
                feature.property(0, "name", &ColumnValue::String(name)).unwrap();
                feature.property(1, "size", &ColumnValue::Double(at as f64 + 0.5)).unwrap();
            })
            .unwrap();
    }
    writer.write(File::create(room.path("a.fgb")).unwrap()).unwrap();
    room.ok("pack build a.fgb a.psindex --payload name");
    assert_eq!(room.json("pack info a.psindex --json")["crs"], "EPSG:4326");
    let rows = room.json("pack query a.psindex 0,0,30,30 --json");
    // The file has them in an order of its own.
    let found = |name: &str| {
        let rows = rows.as_array().unwrap();
        rows.iter().find(|row| row["payload"] == name).unwrap().clone()
    };
    assert_eq!((&found("a")["x"], &found("a")["y"]), (&1.0.into(), &2.0.into()));
    assert_eq!(found("b")["min"], serde_json::json!([5.0, 4.0]));
    assert_eq!(found("c")["max"], serde_json::json!([21.0, 21.0]));
    room.ok("pack build a.fgb b.psindex --payload feature --dims 3");
    let features = room.json("pack query b.psindex 0,0,0,8,8,10 --geojson");
    let feature = &features["features"][0];
    assert_eq!(features["features"].as_array().unwrap().len(), 1, "a is too high");
    assert_eq!(feature["properties"]["size"], 1.5);
    room.fails(2, "no property \"names\"", "pack build a.fgb c.psindex --payload names");
    let bytes = std::fs::read(room.path("a.fgb")).unwrap();
    room.write("cut.fgb", &bytes[..bytes.len() - 20]);
    room.fails(1, "cut.fgb: reading FlatGeobuf", "pack build cut.fgb c.psindex");
    room.fails(1, "reading FlatGeobuf", "pack build a.psindex c.psindex --format fgb");
    assert!(!room.path("c.psindex").exists());
    // Whatever byte is wrong, the program ends in order.
    for at in (12..bytes.len()).step_by(23) {
        let mut bad = bytes.clone();
        bad[at] = bad[at].wrapping_add(0x81);
        room.write("bad.fgb", bad);
        let ran = room.run("pack build bad.fgb d.psindex --payload feature");
        assert!((0..=5).contains(&ran.code), "byte {at}: {} {}", ran.code, ran.err);
    }
}
