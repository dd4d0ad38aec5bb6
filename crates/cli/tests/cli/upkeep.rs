//! `namespaces`, `stats`, `check` and `salvage`, on sound and on damaged directories.

use std::fs;
use std::path::PathBuf;

use crate::run::{Room, ids};

fn room() -> Room {
    let room = Room::new();
    let rows: String = (0..2000).map(|i| format!("a{},{i},{},1\n", i % 50, i % 90)).collect();
    room.write("rows.csv", format!("object_id,timestamp_ms_utc,lon,lat\n{rows}"));
    room.ok("import rows.csv -n one -d db");
    room.ok("upsert b 1,2 -n two -d db");
    room
}

/// The one segment of the database.
fn segment(room: &Room) -> PathBuf {
    let files = fs::read_dir(room.path("db")).unwrap().map(|entry| entry.unwrap().path());
    files.filter(|path| path.extension().is_some_and(|e| e == "log")).max().unwrap()
}

#[test]
fn namespaces_and_stats_tell_what_is_there() {
    let room = room();
    let table = room.ok("namespaces -d db").out;
    assert!(table.contains("one        geographic       50  yes"), "{table}");
    let names = room.json("namespaces -d db --json");
    assert_eq!((&names[1]["name"], &names[1]["objects"]), (&"two".into(), &1.into()));
    let stats = room.json("stats -d db --json");
    assert_eq!((&stats["namespaces"], &stats["objects"]), (&2.into(), &51.into()));
    assert!(stats["records"].as_u64().unwrap() >= 2001, "{stats}");
    assert!(room.ok("stats -d db").out.contains("bytes a record"));
}

#[test]
fn a_sound_database_is_told_sound() {
    let room = room();
    assert!(room.ok("check db").out.ends_with("sound\n"));
    assert_eq!(room.json("check -d db --json")["sound"], true);
    room.fails(5, "no database at", "check elsewhere");
    fs::create_dir(room.path("empty")).unwrap();
    room.fails(5, "no database in", "check empty");
}

#[test]
fn a_torn_tail_is_told_but_is_no_corruption() {
    let room = room();
    let path = segment(&room);
    let mut bytes = fs::read(&path).unwrap();
    bytes.extend([17, 1, 2, 3]);
    fs::write(&path, bytes).unwrap();
    let report = room.ok("check db").out;
    assert!(report.contains("torn tail at byte"), "{report}");
    assert_eq!(room.json("stats -d db --json")["recovery"]["bytes_dropped"], 4);
    assert_eq!(room.json("query all -n one --limit 0 -d db --json").as_array().unwrap().len(), 50);
}

#[test]
fn a_flipped_byte_is_corruption_and_the_rest_can_be_salvaged() {
    let room = room();
    let path = segment(&room);
    let mut bytes = fs::read(&path).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 0x40;
    fs::write(&path, &bytes).unwrap();
    let ran = room.fails(4, "damaged", "check db");
    assert!(ran.out.contains("DAMAGED at byte"), "{}", ran.out);
    assert_eq!(room.run("check db --json").json()["sound"], false);
    room.fails(4, "log", "query all -n one -d db");

    let report = room.json("salvage db rescued --json");
    assert!(report["records_kept"].as_u64().unwrap() >= 1900, "{report}");
    assert_eq!(fs::read(&path).unwrap(), bytes, "salvage wrote to its source");
    room.ok("check rescued");
    let rows = room.json("query all -n one --limit 0 -d rescued --json");
    assert_eq!(ids(&rows).len(), 50);
    let target = room.run("salvage db rescued");
    assert_ne!(target.code, 0, "salvage wrote into a directory that has a database");
}
