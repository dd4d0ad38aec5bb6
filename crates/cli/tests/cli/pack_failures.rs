//! What goes wrong with packed files has one sentence and the documented exit code.

use crate::run::Room;

fn room() -> Room {
    let room = Room::new();
    let rows: String = (0..5000).map(|n| format!("{},{}\n", n % 71, n % 67)).collect();
    room.write("points.csv", format!("x,y\n{rows}"));
    room.ok("pack build points.csv a.psindex");
    room
}

#[test]
fn the_command_line_is_wrong() {
    let room = room();
    let refused = [
        ("expected MINX,MINY,MAXX,MAXY", "pack query a.psindex 1,2,3"),
        ("no box of 2 axes", "pack query a.psindex 1,2,3,4,5,6"),
        ("a.psindex", "pack query a.psindex 3,3,1,1"),
        ("expected X,Y", "pack knn a.psindex 1"),
        ("max_distance is -1", "pack knn a.psindex 1,2 --max-distance -1"),
        ("lat is 91", "pack knn a.psindex 1,91 --metric great-circle"),
    ];
    room.all_fail(2, &refused);
    let svg = "pack knn a.psindex 1,2 --metric great-circle --svg a.svg";
    let refused = [
        ("--metric euclidean", svg),
        ("max_distance is -2", "pack join a.psindex a.psindex --distance -2"),
        ("--layout origin or both", "pack build points.csv b.psindex --f32"),
        ("both INPUT and OUT", "pack build points.csv points.csv"),
        ("4 is not in 2..=3", "pack build points.csv b.psindex --dims 4"),
        ("no column for the altitude", "pack build points.csv b.psindex --dims 3"),
        ("looked for name", "pack build points.csv b.psindex --payload name"),
        ("no feature", "pack build points.csv b.psindex --payload feature"),
    ];
    room.all_fail(2, &refused);
    room.write("3.csv", "x,y,z\n1,2,3\n");
    room.ok("pack build 3.csv 3.psindex --dims 3");
    room.fails(2, "3.psindex has boxes of 3 axes", "pack join a.psindex 3.psindex");
    room.write(
        "f.geojson",
        r#"{"type":"Feature","geometry":{"type":"Point","coordinates":[1,2]}}"#,
    );
    room.fails(2, "under \"name\"", "pack build f.geojson b.psindex --payload name");
    assert!(!room.path("b.psindex").exists());
}

#[test]
fn what_is_not_there_and_what_is_no_index() {
    let room = room();
    for verb in ["info none", "query none 1,2,3,4", "knn none 1,2", "verify none", "join none none"]
    {
        room.fails(5, "no packed file at none", &format!("pack {verb}"));
    }
    room.fails(5, "no packed file at none", "pack join a.psindex none");
    room.fails(1, "none.csv", "pack build none.csv b.psindex");
    room.fails(1, "missing", "pack build points.csv missing/b.psindex");
    room.fails(4, "points.csv: ", "pack info points.csv");
    room.write("empty", "");
    room.fails(4, "empty: ", "pack verify empty");
}

#[test]
fn damage_is_found_and_told() {
    let room = room();
    let good = std::fs::read(room.path("a.psindex")).unwrap();
    room.ok("pack verify a.psindex");
    let mut bad = good.clone();
    let at = bad.len() - 300;
    bad[at] ^= 0x10;
    room.write("bad.psindex", &bad);
    let ran = room.fails(4, "bad.psindex: ", "pack verify bad.psindex --json");
    assert_eq!(ran.json()["sound"], false);
    room.fails(4, "bad.psindex: ", "pack query bad.psindex 0,0,80,80 --limit 0");
    room.fails(4, "bad.psindex: ", "pack query bad.psindex 0,0,80,80 --svg bad.svg");
    room.write("cut.psindex", &good[..good.len() / 2]);
    room.fails(4, "cut.psindex: ", "pack info cut.psindex");
    let mut newer = good;
    newer[8] = 9;
    room.write("newer.psindex", &newer);
    room.fails(1, "format 9", "pack info newer.psindex");
}
