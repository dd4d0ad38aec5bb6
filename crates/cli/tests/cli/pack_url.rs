//! A file behind a URL beside the same file on the disk.

use serde_json::Value;

use crate::range_server::{CERTIFICATE, Manner, Server};
use crate::run::{Ran, Room};

const COUNT: usize = 60_000;

fn room(layout: &str) -> (Room, Vec<u8>) {
    let room = Room::new();
    let mut state = 5_u64;
    let mut next = move || {
        state = state * 16_807 % 2_147_483_647;
        (state % 1_000_000) as f64 / 10_000.0
    };
    let rows: String = (0..COUNT).map(|n| format!("n{n},{},{}\n", next(), next())).collect();
    room.write("points.csv", format!("name,x,y\n{rows}"));
    let build = "pack build points.csv a.psindex --payload name --crs here --attribution us";
    room.ok(&format!("{build} --layout {layout}"));
    let file = std::fs::read(room.path("a.psindex")).unwrap();
    (room, file)
}

/// The rows of an answer without the boxes, which are not asked for over a URL.
fn rows(mut rows: Value) -> Value {
    for row in rows.as_array_mut().unwrap() {
        for axis in ["x", "y"] {
            row.as_object_mut().unwrap().remove(axis);
        }
    }
    rows
}

/// Rounds, reads and bytes, as told.
fn stats(ran: &Ran) -> [u64; 3] {
    let line = ran.err.lines().find_map(|line| line.strip_prefix("requested: ")).unwrap();
    let numbers = line.split(", ").map(|part| part.split(' ').next().unwrap().replace(',', ""));
    let numbers: Vec<u64> = numbers.map(|number| number.parse().unwrap()).collect();
    numbers.try_into().unwrap()
}

#[test]
fn answers_are_those_of_the_file_and_take_few_requests() {
    for layout in ["fast", "origin", "both"] {
        let (room, file) = room(layout);
        let bytes = file.len() as u64;
        let server = Server::start(file, Manner::Well);
        let url = server.url();
        for ask in [
            "query FILE 20,30,23,32 --json --limit 0",
            "query FILE 20,30,23,32 --json --limit 7",
            "query FILE 200,300,201,301 --json",
            "knn FILE 50,50 -k 12 --json",
            "knn FILE 50,50 -k 500 --max-distance 0.5 --json",
            "knn FILE 50,50 -k 12 --metric great-circle --json",
            "ray FILE 0,0 77,99 --closest --json",
            "ray FILE 0,21.5 100,21.5 --closest --json",
        ] {
            let expected = rows(room.json(&format!("pack {}", ask.replace("FILE", "a.psindex"))));
            let ran = room.ok(&format!("pack {} --stats", ask.replace("FILE", &url)));
            assert_eq!(ran.json(), expected, "{layout} {ask}");
            let (requests, sent) = server.taken();
            let [rounds, reads, told] = stats(&ran);
            assert_eq!((reads, told), (requests, sent), "{layout} {ask}");
            // A ray past points goes down in many places before it finds one, or none.
            let most = if ask.starts_with("ray") { 40 } else { 12 };
            assert!(rounds <= reads && rounds <= most, "{layout} {ask}: {rounds} rounds");
            assert!(told < bytes, "{layout} {ask}: {told} of {bytes} bytes");
        }
        let count = "20.5,30.25,60,70 --count";
        let expected = room.ok(&format!("pack query a.psindex {count}")).out;
        assert_eq!(room.ok(&format!("pack query {url} {count}")).out, expected);
        let _ = server.taken();
        for form in ["", "--json"] {
            let expected = room.ok(&format!("pack info a.psindex {form}")).out;
            let ran = room.ok(&format!("pack info {url} --stats {form}"));
            assert_eq!(ran.out, expected);
            let (requests, sent) = server.taken();
            assert!(requests <= 6 && sent < bytes / 4, "{requests} requests, {sent} bytes");
        }
        let table = room.ok(&format!("pack knn {url} 50,50 -k 2")).out;
        let head: Vec<&str> = table.lines().next().unwrap().split_whitespace().collect();
        assert_eq!(head, ["item", "distance", "payload"]);
    }
}

#[test]
fn a_server_with_tls_is_asked_if_it_is_trusted() {
    let (room, file) = room("fast");
    let server = Server::start_tls(file, Manner::Well);
    let url = server.url();
    room.write("authorities.pem", format!("# Those of the house.\n{CERTIFICATE}"));
    room.write("nobody.pem", "# Nobody yet.\n");
    let run = |ask: &str, authorities: &str| {
        let mut command = room.command(&format!("pack {ask}"));
        Ran::from(command.env("SSL_CERT_FILE", authorities).output().unwrap())
    };
    for ask in ["query FILE 20,30,23,32 --json --limit 0", "knn FILE 50,50 -k 12 --json"] {
        let expected = rows(room.json(&format!("pack {}", ask.replace("FILE", "a.psindex"))));
        let ran = run(&format!("{} --stats", ask.replace("FILE", &url)), "authorities.pem");
        assert_eq!(ran.code, 0, "{}", ran.err);
        assert_eq!(ran.json(), expected, "{ask}");
        let [_, reads, told] = stats(&ran);
        assert_eq!((reads, told), server.taken(), "{ask}");
    }
    // No authority of the web has signed it.
    let ran = room.fails(1, "the request failed", &format!("pack info {url}"));
    assert!(ran.err.contains("UnknownIssuer") && !ran.err.contains("secret"), "{}", ran.err);
    for (authorities, code, reason) in [
        ("nobody.pem", 2, "nobody.pem, which has no certificate"),
        ("missing.pem", 1, "missing.pem"),
    ] {
        let ran = run(&format!("info {url}"), authorities);
        assert_eq!(ran.code, code, "{}", ran.err);
        assert!(ran.err.contains(reason), "{}", ran.err);
    }
    assert_eq!(server.taken(), (0, 0), "nothing was requested of a server without trust");
}

#[test]
fn features_come_back_whole() {
    let room = Room::new();
    let feature = |n: usize| {
        let (x, y) = (n % 71, n % 67);
        let geometry = format!(r#"{{"type":"Point","coordinates":[{x},{y}]}}"#);
        let head = format!(r#""type":"Feature","id":"f{n}","properties":{{}}"#);
        format!(r#"{{{head},"geometry":{geometry}}}"#)
    };
    let features: Vec<String> = (0..2000).map(feature).collect();
    let all = format!(r#"{{"type":"FeatureCollection","features":[{}]}}"#, features.join(","));
    room.write("f.geojson", all);
    room.ok("pack build f.geojson f.psindex --payload feature");
    let server = Server::start(std::fs::read(room.path("f.psindex")).unwrap(), Manner::Well);
    let ask = "3,3,20,20 --geojson --limit 0";
    let expected = room.json(&format!("pack query f.psindex {ask}"));
    assert_eq!(room.json(&format!("pack query {} {ask}", server.url())), expected);
}

#[test]
fn what_needs_the_whole_file_says_so() {
    let (room, file) = room("fast");
    let server = Server::start(file, Manner::Well);
    let url = server.url();
    for ask in [
        format!("verify {url}"),
        format!("join {url} a.psindex"),
        format!("join a.psindex {url}"),
        format!("query {url} 1,2,3,4 --svg a.svg"),
        format!("knn {url} 1,2 --svg a.svg"),
        format!("ray {url} 1,2 3,4"),
    ] {
        let ran = room.fails(2, "needs the whole file", &format!("pack {ask}"));
        assert!(!ran.err.contains("secret"), "{}", ran.err);
    }
    assert_eq!(server.taken().0, 0);
    room.fails(2, "--stats", "pack query a.psindex 1,2,3,4 --stats");
    room.fails(2, "stored features", &format!("pack query {url} 1,2,3,4 --geojson"));
    room.fails(2, "expected MINX", &format!("pack query {url} 1,2,3"));
}

#[test]
fn servers_that_answer_badly_are_named_with_the_reason() {
    let (room, file) = room("fast");
    for (manner, code, reason) in [
        (Manner::Whole, 1, "only all of the file"),
        (Manner::Growing, 1, "the file changed while it was read"),
        (Manner::Replaced, 1, "the file changed while it was read"),
        (Manner::Beside, 1, "were asked for"),
        (Manner::Short, 1, "the answer broke off"),
        (Manner::Silent, 1, "Content-Range"),
        (Manner::Status(404), 5, "404"),
        (Manner::Status(403), 1, "403"),
        (Manner::Status(500), 1, "500"),
        (Manner::Status(416), 1, "416"),
    ] {
        let server = Server::start(file.clone(), manner);
        let ask = format!("pack query {} 1,2,3,4", server.url());
        let ran = room.fails(code, reason, &ask);
        assert!(ran.err.contains("/some/a.psindex: "), "{}", ran.err);
        assert!(!ran.err.contains("secret"), "{}", ran.err);
    }
    let no_index = Server::start(b"name,x,y\n".repeat(99), Manner::Well);
    room.fails(4, "/some/a.psindex: ", &format!("pack info {}", no_index.url()));
    let mut damaged = file;
    let at = damaged.len() - 300;
    damaged[at] ^= 0x10;
    let server = Server::start(damaged, Manner::Well);
    let ask = format!("pack query {} 0,0,100,100 --limit 0", server.url());
    room.fails(4, "/some/a.psindex: ", &ask);
    // Nobody listens there.
    room.fails(1, "the request failed", "pack info http://127.0.0.1:9/a.psindex");
}
