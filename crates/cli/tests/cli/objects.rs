//! The commands about single objects.

use crate::run::Room;

#[test]
fn an_object_is_put_moved_found_and_removed() {
    let room = Room::new();
    let at = |time| format!("upsert bus:7 13.405,52.52 -n buses -d db --time {time} --json");
    assert_eq!(room.json(&at("2020-01-01T00:00:02Z"))["outcome"], "created");
    assert_eq!(room.json(&at("2020-01-01T00:00:03Z"))["outcome"], "moved");
    assert_eq!(room.json(&at("2020-01-01T00:00:01Z"))["outcome"], "late");
    let table = room.ok("get bus:7 -d db").out;
    assert!(table.starts_with("id"), "{table}");
    assert!(table.contains("bus:7  13.4050000  52.5200000  2020-01-01T00:00:03Z"), "{table}");
    assert_eq!(room.ok("delete bus:7 -d db").out, "deleted 1\n");
    room.fails(5, "bus:7", "get bus:7 -d db");
    let ran = room.fails(5, "bus:7", "delete bus:7 -d db --json");
    assert_eq!(ran.json()["deleted"], 0);
}

#[test]
fn a_payload_is_shown_as_what_it_is() {
    let room = Room::new();
    room.ok(r#"upsert a 1,2,3 -n n -d db --payload '{"battery":81}'"#);
    room.ok("upsert b -1,-2 -n n -d db --payload 'two words'");
    let rows = room.json("get a b -d db --json");
    assert_eq!(rows[0]["payload"]["battery"], 81);
    assert_eq!(rows[1]["payload"], "two words");
    room.ok("upsert b -1,-2 -n n -d db --payload ''");
    assert!(room.json("get b -d db --json")[0]["payload"].is_null());
    let point = &room.json("get a -d db --geojson")["features"][0];
    assert_eq!(point["geometry"]["coordinates"], serde_json::json!([1.0, 2.0, 3.0]));
    assert_eq!(point["properties"]["object_id"], "a");
}

fn with_track() -> Room {
    let room = Room::new();
    let rows: String = (0..10).map(|i| format!("a,{},{},{}\n", i * 1000, i, i * 2)).collect();
    room.write("a.csv", format!("object_id,timestamp_ms_utc,lon,lat\n{rows}"));
    room.ok("import a.csv -n n -d db");
    room
}

#[test]
fn a_trajectory_is_newest_first_and_its_limit_keeps_the_newest() {
    let room = with_track();
    let times = |arguments: &str| -> Vec<i64> {
        let rows = room.json(&format!("trajectory a -d db --json {arguments}"));
        rows.as_array().unwrap().iter().map(|row| row["time_us"].as_i64().unwrap()).collect()
    };
    assert_eq!(times("--limit 3"), [9_000_000, 8_000_000, 7_000_000]);
    assert_eq!(times("--limit 2 --oldest-first"), [0, 1_000_000]);
    assert_eq!(times("--from 2s --to 4s"), [4_000_000, 3_000_000, 2_000_000]);
    assert_eq!(times("--limit 0").len(), 10);
    let line = &room.json("trajectory a -d db --geojson --limit 3")["features"][0];
    let expected = serde_json::json!([[7.0, 14.0], [8.0, 16.0], [9.0, 18.0]]);
    assert_eq!(line["geometry"]["coordinates"], expected);
    assert_eq!(line["properties"]["timestamps"], serde_json::json!([7000, 8000, 9000]));
    room.fails(5, "never seen", "trajectory b -d db");
    room.fails(2, "after its end", "trajectory a -d db --from 4s --to 2s");
}

#[test]
fn a_position_at_an_instant_lies_between_or_is_the_last_one() {
    let room = with_track();
    let lon =
        |arguments: &str| room.json(&format!("at a {arguments} -d db --json"))[0]["lon"].clone();
    assert_eq!(lon("2500"), 2.5);
    assert_eq!(lon("2500 --last"), 2.0);
    assert_eq!(lon("1970-01-01T00:00:03Z"), 3.0);
    assert_eq!(lon("now"), 9.0);
    room.fails(5, "not known yet", "at a -1 -d db");
}
