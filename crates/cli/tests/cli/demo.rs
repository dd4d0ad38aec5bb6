//! `spatio demo` at its smallest, where no terminal is.

use crate::run::Room;

#[test]
fn the_demo_runs_without_a_terminal_and_leaves_a_page_and_a_database() {
    let room = Room::new();
    let ran = room.ok("demo --seconds 2 --objects 500 --dir city --page city.html");
    assert!(ran.out.contains(" updates/s"), "{}", ran.out);
    assert!(!ran.out.contains('\x1b'), "no control characters without a terminal");
    assert!(ran.out.contains("500 of 500 objects where they were"), "{}", ran.out);
    let page = room.read("city.html");
    assert!(page.len() > 50_000 && page.trim_end().ends_with("</html>"));
    assert!(!page.contains("https://"), "the page needs no network");
    let ships = room.json("query all --prefix ship: --limit 0 -d city --json");
    assert_eq!(ships.as_array().unwrap().len(), 12);
    room.ok("check city");
    room.fails(2, "is not empty", "demo --seconds 1 --objects 100 --dir city --page again.html");
}

#[test]
fn a_temporary_database_goes_away() {
    let room = Room::new();
    let mut command = room.command("demo --seconds 1 --objects 100 --page p.html");
    let output = command.env("TMPDIR", room.dir()).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let left: Vec<_> =
        std::fs::read_dir(room.dir()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left, ["p.html"]);
}
