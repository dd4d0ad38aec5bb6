//! Guards every write, and every way to name a thing, against bad input: whatever is refused is
//! refused with an error of the right kind that names the argument and its value, and nothing is
//! changed by it, neither in memory nor in the log.

use std::time::Duration;

use crate::refusal::{House, bad_ids, bad_places, bad_spots};
use spatio::ErrorKind::{
    AlreadyExists, InvalidArgument, LimitExceeded, NotFound, OutOfRange, Unsupported,
};
use spatio::{
    Columns, Database, Interval, MAX_ID_BYTES, MAX_PAYLOAD_BYTES, Moves, Namespace,
    NamespaceOptions, Options, Order, Point, Upsert,
};

const HERE: Point = Point::new(1.0, 2.0);

/// Every write of `namespace`, whose name is `name`, refuses `place`.
fn refuses_place(house: &House, namespace: &Namespace, place: Point, words: &[&str]) {
    let (db, name) = (&house.db, namespace.name());
    let no = |method: &str, result: spatio::Result<()>| {
        house.refuses(method, OutOfRange, words, result);
    };
    let with = Upsert::new().time_us(900);
    no("upsert", namespace.upsert("a", place, None).map(drop));
    no("upsert", namespace.upsert("new", place, None).map(drop));
    no("upsert_with", namespace.upsert_with("a", place, &with).map(drop));
    no("upsert", db.upsert(name, "a", place, None).map(drop));
    no("upsert_with", db.upsert_with(name, "a", place, &with).map(drop));
    let row = |place| ("a", place, with);
    let rows = [row(HERE), row(place), row(HERE)];
    no("upsert_batch", namespace.upsert_batch(&rows).map(drop));
    let track = [(800, HERE), (900, place), (1_000, HERE)];
    no("insert_trajectory", namespace.insert_trajectory("a", &track).map(drop));
    no("insert_trajectory", db.insert_trajectory(name, "a", &track).map(drop));
    let handle = namespace.handle("a").unwrap().unwrap();
    let moves = Moves {
        handles: &[handle; 3],
        x: &[1.0, place.x, 1.0],
        y: &[2.0, place.y, 2.0],
        z: Some(&[3.0, place.z, 3.0]),
        time_us: Some(&[900; 3]),
    };
    no("upsert_columns", namespace.upsert_columns(&moves).map(drop));
}

#[test]
fn a_place_that_is_none_is_refused_by_every_write() {
    let house = House::new();
    for (place, argument, value) in bad_places() {
        refuses_place(&house, &house.globe, place, &[argument, value]);
    }
    for (place, argument, value) in bad_spots() {
        refuses_place(&house, &house.plane, place, &[argument, value]);
    }
    // Degrees out of range are good numbers in the plane.
    assert!(house.plane.upsert("far", Point::new_3d(1e300, -181.0, 1e-300), None).is_ok());
}

#[test]
fn an_id_that_is_empty_or_too_long_is_refused_by_every_call_that_takes_one() {
    let house = House::new();
    let (db, globe) = (&house.db, &house.globe);
    for (id, kind, words) in &bad_ids() {
        let no = |method: &str, result: spatio::Result<()>| {
            house.refuses(method, *kind, words, result);
        };
        let all = Interval::ALL;
        no("upsert", globe.upsert(id, HERE, None).map(drop));
        no("upsert_with", globe.upsert_with(id, HERE, &Upsert::new()).map(drop));
        no("upsert", db.upsert("globe", id, HERE, None).map(drop));
        no("upsert_with", db.upsert_with("globe", id, HERE, &Upsert::new()).map(drop));
        no("insert_trajectory", globe.insert_trajectory(id, &[(9, HERE)]).map(drop));
        no("insert_trajectory", db.insert_trajectory("globe", id, &[(9, HERE)]).map(drop));
        no("intern", globe.intern(id).map(drop));
        no("delete", globe.delete(id).map(drop));
        no("delete", db.delete("globe", id).map(drop));
        no("get", globe.get(id).map(drop));
        no("get", db.get("globe", id).map(drop));
        no("query_trajectory", globe.query_trajectory(id, all, 1).map(drop));
        no("query_trajectory", db.query_trajectory("globe", id, all, 1).map(drop));
        no("trajectory", globe.trajectory(id, all, Order::OldestFirst, 1).map(drop));
        no("trajectory", db.trajectory("globe", id, all, Order::OldestFirst, 1).map(drop));
        no("position_at", globe.position_at(id, 1, Default::default()).map(drop));
        no("position_at", db.position_at("globe", id, 1, Default::default()).map(drop));
        no("handle", globe.handle(id).map(drop));
    }
    assert!(globe.upsert(&"x".repeat(MAX_ID_BYTES), HERE, None).is_ok(), "255 bytes are an id");
}

#[test]
fn a_payload_beyond_64_kib_is_refused() {
    let house = House::new();
    let bytes = vec![7; MAX_PAYLOAD_BYTES + 1];
    let no = |method: &str, result: spatio::Result<()>| {
        house.refuses(method, LimitExceeded, &["payload", "65537", "65536"], result);
    };
    let with = Upsert::new().payload(&bytes);
    no("upsert", house.globe.upsert("a", HERE, Some(&bytes)).map(drop));
    no("upsert_with", house.globe.upsert_with("a", HERE, &with).map(drop));
    no("upsert", house.db.upsert("globe", "a", HERE, Some(&bytes)).map(drop));
    no("upsert_with", house.db.upsert_with("globe", "a", HERE, &with).map(drop));
    let rows = [("a", HERE, Upsert::new()), ("b", HERE, with)];
    no("upsert_batch", house.globe.upsert_batch(&rows).map(drop));
    assert!(house.globe.upsert("a", HERE, Some(&bytes[1..])).is_ok(), "64 KiB are a payload");
    let held = house.globe.get("a").unwrap().unwrap().payload.unwrap();
    assert_eq!(held.len(), MAX_PAYLOAD_BYTES);
}

#[test]
fn a_time_to_live_of_nothing_is_refused() {
    let house = House::new();
    let zero = Upsert::new().time_us(900).ttl(Duration::ZERO);
    let no = |method: &str, result: spatio::Result<()>| {
        house.refuses(method, InvalidArgument, &["ttl", "0"], result);
    };
    no("upsert_with", house.globe.upsert_with("a", HERE, &zero).map(drop));
    no("upsert_with", house.short.upsert_with("a", HERE, &zero).map(drop));
    no("upsert_with", house.db.upsert_with("globe", "a", HERE, &zero).map(drop));
    let rows = [("a", HERE, Upsert::new()), ("b", HERE, zero), ("c", HERE, Upsert::new())];
    no("upsert_batch", house.globe.upsert_batch(&rows).map(drop));
    let options = NamespaceOptions::geographic().ttl(Duration::ZERO);
    no("create_namespace", house.db.create_namespace("new", &options).map(drop));
}

#[test]
fn a_batch_with_one_bad_row_is_refused_whole_and_the_row_is_named() {
    let house = House::new();
    let good = Upsert::new().time_us(900);
    let large = vec![0; MAX_PAYLOAD_BYTES + 1];
    let too_long = "x".repeat(256);
    let bad = [
        ("", HERE, good),
        (&*too_long, HERE, good),
        ("c", Point::new(1.0, f64::NAN), good),
        ("c", HERE, good.payload(&large)),
        ("c", HERE, good.ttl(Duration::ZERO)),
    ];
    for row in bad {
        for place in 0..4 {
            let mut rows = vec![("a", HERE, good), ("b", HERE, good), ("new", HERE, good)];
            rows.insert(place, row);
            let error = house.globe.upsert_batch(&rows).unwrap_err();
            assert_eq!(error.row(), Some(place), "{error}");
            house.refuses("upsert_batch", error.kind(), &["row"], Err::<(), _>(error));
        }
    }
    let track = [(600, HERE), (700, Point::new(200.0, 0.0))];
    let error = house.globe.insert_trajectory("a", &track).unwrap_err();
    assert_eq!(error.row(), Some(1), "{error}");
    assert_eq!(house.globe.upsert_batch(&[]).unwrap(), Default::default());
}

#[test]
fn columns_of_unequal_length_are_refused() {
    let house = House::new();
    let handles =
        [house.globe.handle("a").unwrap().unwrap(), house.globe.handle("b").unwrap().unwrap()];
    let good = Moves {
        handles: &handles,
        x: &[5.0; 2],
        y: &[6.0; 2],
        z: Some(&[7.0; 2]),
        time_us: Some(&[2_000_000; 2]),
    };
    let bad = [
        (Moves { x: &[5.0], ..good }, ["x has 1", "handles has 2"]),
        (Moves { y: &[6.0; 3], ..good }, ["y has 3", "handles has 2"]),
        (Moves { z: Some(&[]), ..good }, ["z has 0", "handles has 2"]),
        (Moves { time_us: Some(&[900; 5]), ..good }, ["time_us has 5", "handles has 2"]),
        (Moves { handles: &handles[..1], ..good }, ["x has 2", "handles has 1"]),
    ];
    for (moves, words) in bad {
        let result = house.globe.upsert_columns(&moves);
        house.refuses("upsert_columns", InvalidArgument, &words, result);
    }
    assert_eq!(house.globe.upsert_columns(&good).unwrap().applied, 2);
    assert_eq!(house.globe.upsert_columns(&Moves::default()).unwrap(), Default::default());
}

#[test]
fn a_handle_that_was_not_given_out_here_is_refused() {
    let house = House::new();
    let globe = &house.globe;
    let own = globe.handle("a").unwrap().unwrap();
    let of_others = house.plane.handle("a").unwrap().unwrap();
    let known = house.db.stats().unwrap().handles as u64;
    let never = (0..1_000).map(|n| own + n).find(|&handle| globe.id(handle).is_err()).unwrap();
    assert!(known < 1_000 && never > own);
    for handle in [of_others, never, own | 0xffff_ffff, 0, 1, u64::MAX, 99 << 32] {
        let text = format!("{handle:#x}");
        let no = |method: &str, result: spatio::Result<()>| {
            house.refuses(method, NotFound, &["handle", &text, "globe"], result);
        };
        no("id", globe.id(handle).map(drop));
        no("get_handle", globe.get_handle(handle).map(drop));
        no("delete_handle", globe.delete_handle(handle).map(drop));
        let moves = Moves {
            handles: &[own, handle, own],
            x: &[1.0; 3],
            y: &[2.0; 3],
            z: None,
            time_us: Some(&[900; 3]),
        };
        let error = globe.upsert_columns(&moves).unwrap_err();
        assert_eq!(error.row(), Some(1), "{error}");
        no("upsert_columns", Err(error));
        let mut columns = Columns::new();
        globe.get_columns(&[own, own], &mut columns).unwrap();
        let before = columns.clone();
        no("get_columns", globe.get_columns(&[own, handle], &mut columns));
        assert_eq!(columns, before, "a refused read leaves what was read before");
    }
}

#[test]
fn a_namespace_that_does_not_exist_is_refused_by_what_does_not_make_it() {
    let house = House::new();
    let no = |method: &str, result: spatio::Result<()>| {
        house.refuses(method, NotFound, &["namespace", "nowhere"], result);
    };
    no("namespace", house.db.namespace("nowhere").map(drop));
    no("delete", house.db.delete("nowhere", "a").map(drop));
    no("get", house.db.get("nowhere", "a").map(drop));
    for name in ["", "Globe", "globe "] {
        let result = house.db.namespace(name).map(drop);
        house.refuses("namespace", NotFound, &[&format!("{name:?}")], result);
    }
}

#[test]
fn a_refused_write_does_not_make_the_namespace_that_it_names() {
    let house = House::new();
    let db = &house.db;
    let (large, nowhere) = (vec![0; MAX_PAYLOAD_BYTES + 1], Point::new(181.0, 0.0));
    let no = |kind, words: &[&str], result: spatio::Result<()>| {
        house.refuses("upsert", kind, words, result);
    };
    no(InvalidArgument, &["id"], db.upsert("new", "", HERE, None).map(drop));
    no(OutOfRange, &["lon", "181"], db.upsert("new", "a", nowhere, None).map(drop));
    no(LimitExceeded, &["65537"], db.upsert("new", "a", HERE, Some(&large)).map(drop));
    let zero = Upsert::new().ttl(Duration::ZERO);
    no(InvalidArgument, &["ttl"], db.upsert_with("new", "a", HERE, &zero).map(drop));
    let track = db.insert_trajectory("new", "a", &[(1, HERE), (2, nowhere)]);
    house.refuses("insert_trajectory", OutOfRange, &["lon", "181", "row 1"], track);
    let memory = Database::memory();
    let track = memory.insert_trajectory("new", "a", &[(1, HERE)]).unwrap_err();
    assert_eq!(track.kind(), Unsupported, "{track}");
    assert_eq!(memory.namespaces(), [""; 0]);
}

#[test]
fn a_namespace_is_made_with_a_good_name_and_once() {
    let house = House::new();
    let (db, geographic) = (&house.db, NamespaceOptions::geographic());
    let long = "n".repeat(256);
    for (name, kind, words) in
        [("", InvalidArgument, ["namespace", "empty"]), (&*long, LimitExceeded, ["256", "255"])]
    {
        let result = db.create_namespace(name, &geographic);
        house.refuses("create_namespace", kind, &words, result);
        house.refuses("upsert", kind, &words, db.upsert(name, "a", HERE, None));
        let track = db.insert_trajectory(name, "a", &[(1, HERE)]);
        house.refuses("insert_trajectory", kind, &words, track);
    }
    let others = [
        NamespaceOptions::cartesian(),
        geographic.history(false),
        geographic.ttl(Duration::from_secs(1)),
    ];
    for options in others {
        let result = db.create_namespace("globe", &options);
        house.refuses("create_namespace", AlreadyExists, &["globe", "Geographic"], result);
    }
    let same = db.create_namespace("globe", &geographic.history(true)).unwrap();
    assert_eq!(same.get("a").unwrap(), house.globe.get("a").unwrap());
}

#[test]
fn what_a_namespace_does_not_offer_is_refused() {
    let house = House::new();
    let (db, no_past) = (&house.db, &house.no_past);
    let no = |method: &str, result: spatio::Result<()>| {
        house.refuses(method, Unsupported, &["no past", "history"], result);
    };
    no("query_trajectory", no_past.query_trajectory("a", Interval::ALL, 1).map(drop));
    no("query_trajectory", db.query_trajectory("no past", "a", Interval::ALL, 1).map(drop));
    no("trajectory", no_past.trajectory("a", Interval::ALL, Order::OldestFirst, 1).map(drop));
    no("position_at", no_past.position_at("a", 1, Default::default()).map(drop));
    no("insert_trajectory", no_past.insert_trajectory("a", &[(900, HERE)]).map(drop));
    let refused = Options::new().read_only(true).memory().unwrap_err();
    assert_eq!(refused.kind(), InvalidArgument);
    assert!(refused.to_string().contains("read_only"), "{refused}");
}
