//! What goes wrong has one sentence and the documented exit code.

use std::fs;

use crate::run::Room;

fn room() -> Room {
    let room = Room::new();
    room.ok("upsert a 1,2 -n one -d db");
    room
}

#[test]
fn the_command_line_is_wrong() {
    let room = room();
    let refused = [
        ("no database: give its directory", "query all"),
        ("Usage", "query"),
        ("unrecognized subcommand", "fly"),
        ("cannot be used with", "query all -d db --json --geojson"),
        ("is no place", "query radius 1 5 -d db"),
        ("is no box", "query bbox 1,2,3 -d db"),
        ("is no instant", "query all --since yesterday -d db"),
        ("is no duration", "query all --max-age 5 -d db"),
        ("into which namespace", "upsert b 1,2 -d db"),
    ];
    room.all_fail(2, &refused);
    room.ok("upsert b 1,2 -n two -d db");
    room.fails(2, "which namespace? -n one or -n two", "query all -d db");
}

#[test]
fn the_engine_refuses_an_argument_by_name_and_value() {
    let room = room();
    let refused = [
        ("lat is 91", "query radius 0,91 5 -d db"),
        ("radius is -5", "query radius 0,0 -5 -d db"),
        ("lon is NaN", "query knn NaN,0 5 -d db"),
        ("lat is -90.5", "upsert b 0,-90.5 -n one -d db"),
    ];
    room.all_fail(2, &refused);
    let two = r#"{"type":"Polygon","coordinates":[[[0,0],[1,1],[0,0]]]}"#;
    room.fails(2, "polygon", &format!("query polygon '{two}' -d db"));
}

#[test]
fn what_was_named_does_not_exist() {
    let room = room();
    room.fails(5, "no database at missing", "query all -d missing");
    assert!(!room.path("missing").exists(), "a reading command made a directory");
    let refused = [
        ("does not exist", "query all -d db -n three"),
        ("not in namespace \"one\": x, y", "get a x y -d db"),
        ("x", "query near x 5 -d db"),
    ];
    room.all_fail(5, &refused);
    room.fails(1, "none.csv", "import none.csv -n one -d fresh");
    assert!(!room.path("fresh").exists(), "a missing file made a database");
    room.fails(1, "none.geojson", "query polygon none.geojson -d db");
}

#[test]
fn a_database_that_is_written_to_can_be_read_but_not_written_by_others() {
    let room = room();
    let db = spatio::Database::open(room.path("db")).unwrap();
    db.upsert("one", "b", spatio::Point::new(3.0, 4.0), None).unwrap();
    db.flush().unwrap();
    room.fails(1, "db", "upsert c 1,2 -n one -d db");
    assert_eq!(room.json("query all -d db --json").as_array().unwrap().len(), 2);
    db.close().unwrap();
    room.ok("upsert c 1,2 -n one -d db");
}

#[test]
fn a_directory_that_is_a_file_is_refused() {
    let room = room();
    fs::write(room.path("file"), "x").unwrap();
    room.fails(1, "file", "query all -d file");
    room.fails(1, "file", "upsert a 1,2 -n n -d file");
}

#[test]
fn help_and_version_are_successes_with_examples() {
    let room = Room::new();
    let help = room.ok("--help").out;
    assert!(help.contains("Exit codes:") && help.contains("Examples:"), "{help}");
    for command in [
        "demo",
        "import",
        "query",
        "trajectory",
        "at",
        "get",
        "upsert",
        "delete",
        "namespaces",
        "stats",
        "export",
        "check",
        "salvage",
        "pack",
    ] {
        assert!(help.contains(&format!("  {command} ")), "{command} is not in the help");
        let own = room.ok(&format!("{command} --help")).out;
        assert!(own.contains("Examples:\n  spatio "), "{command} has no examples");
    }
    for verb in ["build", "info", "query", "knn", "ray", "join", "verify"] {
        let own = room.ok(&format!("pack {verb} --help")).out;
        assert!(own.contains("Examples:\n  spatio pack "), "pack {verb} has no examples");
    }
    assert!(room.ok("--version").out.starts_with("spatio "));
}
