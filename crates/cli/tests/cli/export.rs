//! `spatio export`, and that what is exported can be imported again without a loss.

use std::io::Read;
use std::process::Stdio;

use crate::run::Room;

/// Tracks with altitudes, a crossing of 180 degrees, odd ids, late rows and odd times.
const ROWS: &str = "object_id,timestamp_ms_utc,lon,lat,alt_m
\"a,b\",1000,0.1,0.2,
\"a,b\",2000,0.30000000000000004,-0.2,12.5
\"quote \"\"q\"\"\",1500.25,5,6,
ship,1000,178.5,-10,
ship,2000,179.5,-10.5,
ship,3000,-179.5,-11,
ship,4000,-178.5,-11.5,
ship,5000,179.9,-12,
ship,2500,180,-10.75,
007,-5,-97.73613,30.275755,-840.1
007,-5,-97.73613,30.275756,-840.1
";

fn room() -> Room {
    let room = Room::new();
    room.write("rows.csv", ROWS);
    let summary = room.json("import rows.csv -n n -d db --json");
    assert_eq!((&summary["written"], &summary["bad"]), (&11.into(), &0.into()));
    room
}

#[test]
fn a_history_goes_out_and_in_and_out_again_byte_by_byte() {
    let room = room();
    room.ok("export -d db -o first.csv");
    let first = room.read("first.csv");
    assert_eq!(first.lines().count(), 12);
    assert!(first.contains("\"a,b\",2000,0.30000000000000004,-0.2,12.5\n"), "{first}");
    assert!(first.contains("\"quote \"\"q\"\"\",1500.25,5,6,\n"), "{first}");
    room.ok("import first.csv -n n -d again");
    assert_eq!(room.ok("export -d again").out, first);

    room.ok("export -d db -o first.csv.gz --time-unit us");
    room.ok("import first.csv.gz -n n -d packed");
    assert_eq!(room.ok("export -d packed").out, first);
    room.ok("export -d db -o times.csv --time-unit rfc3339");
    room.ok("import times.csv -n n -d times");
    assert_eq!(room.ok("export -d times").out, first);
}

#[test]
fn geojson_goes_out_and_in_without_a_loss() {
    let room = room();
    let first = room.ok("export -d db").out;
    for what in ["history", "tracks"] {
        for unit in ["ms", "us", "s", "rfc3339"] {
            let file = format!("{what}-{unit}.geojson");
            room.ok(&format!("export -d db -o {file} --what {what} --time-unit {unit}"));
            let ran = room.json(&format!("import {file} -n n -d {what}-{unit} --json"));
            assert_eq!((&ran["written"], &ran["bad"]), (&11.into(), &0.into()), "{file}");
            assert_eq!(room.ok(&format!("export -d {what}-{unit}")).out, first, "{file}");
        }
    }
    let tracks: serde_json::Value = serde_json::from_str(&room.read("tracks-ms.geojson")).unwrap();
    let kinds: Vec<_> = tracks["features"].as_array().unwrap().iter().collect();
    assert!(kinds.iter().any(|f| f["geometry"]["type"] == "MultiLineString"), "{tracks}");
}

#[test]
fn the_latest_positions_are_exported_with_their_payloads() {
    let room = room();
    room.ok(r#"upsert 007 1,2 -n n -d db --time 9s --payload '{"a":1}'"#);
    let csv = room.ok("export -d db --what latest --payload").out;
    assert_eq!(csv.lines().count(), 5);
    assert!(csv.contains("007,9000,1,2,,\"{\"\"a\"\":1}\"\n"), "{csv}");
    let features = room.json("export -d db --geojson --payload");
    assert_eq!(features["features"][0]["properties"]["payload"]["a"], 1);
    room.write("latest.csv", csv);
    room.ok("import latest.csv -n n -d again --payload-column payload");
    assert_eq!(room.json("get 007 -d again --json")[0]["payload"]["a"], 1);
}

#[test]
fn an_interval_and_a_prefix_narrow_it_down() {
    let room = room();
    let csv = room.ok("export -d db --prefix ship --from 2s --to 3s").out;
    let times: Vec<&str> =
        csv.lines().skip(1).map(|line| line.split(',').nth(1).unwrap()).collect();
    assert_eq!(times, ["2000", "2500", "3000"]);
    room.fails(2, "tracks are lines", "export -d db --what tracks");
    room.fails(2, "--what latest", "export -d db --payload");
}

#[test]
fn a_closed_pipe_is_quiet() {
    let room = Room::new();
    let rows: String = (0..60_000).map(|i| format!("a{i},1,0,0\n")).collect();
    room.write("many.csv", format!("object_id,timestamp_ms_utc,lon,lat\n{rows}"));
    room.ok("import many.csv -n n -d db");
    let mut command = room.command("export -d db");
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut head = [0; 10];
    child.stdout.take().unwrap().read_exact(&mut head).unwrap();
    assert_eq!(&head, b"object_id,");
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{:?}", output.status);
    assert_eq!(String::from_utf8(output.stderr).unwrap(), "");
}
