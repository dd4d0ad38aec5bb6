//! Guards an open database against a disk that fills up, an fsync that fails, and its own end:
//! what was acknowledged stays, what is refused leaves no trace, writing goes on when it can and
//! is refused when it must be, and after `close` every call says so.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use spatio::vfs::{Fault, FaultVfs, MemoryVfs, OperationKind, Survivors, Vfs};
use spatio::{
    Columns, Database, ErrorKind, Interval, Metric, Moves, NamespaceOptions, Options, Order, Point,
    Polygon, Query, Rect, Result, Rows, SyncPolicy, Upsert,
};

fn options(vfs: &(impl Vfs + Clone + 'static), policy: SyncPolicy) -> Options {
    let options = Options::new().vfs(Arc::new(vfs.clone())).sync(policy).seed(2);
    options.buffer_size(4).segment_bytes(4 << 10).background(false)
}

fn open(vfs: &(impl Vfs + Clone + 'static), policy: SyncPolicy) -> Result<Database> {
    options(vfs, policy).open(Path::new("/db"))
}

fn put(db: &Database, step: i64) -> Result<()> {
    let with = Upsert::new().time_us(step);
    let place = Point::new(step as f64 * 1e-3, 5.0);
    db.upsert_with("n", &format!("id {}", step % 7), place, &with).map(drop)
}

/// The event time of every live object.
fn present(db: &Database) -> BTreeMap<String, i64> {
    let rows = db.query("n", &Query::everywhere()).unwrap();
    rows.iter().map(|row| (row.id.to_owned(), row.time_us)).collect()
}

/// The event times of all tracks together.
fn past(db: &Database) -> Vec<i64> {
    let mut times = Vec::new();
    for id in (0..7).map(|n| format!("id {n}")) {
        if let Ok(track) = db.query_trajectory("n", &id, Interval::ALL, usize::MAX) {
            times.extend(track.time_us);
        }
    }
    times.sort_unstable();
    times
}

fn newest(steps: &[i64]) -> BTreeMap<String, i64> {
    steps.iter().map(|step| (format!("id {}", step % 7), *step)).collect()
}

/// Writes until the disk refuses; what was acknowledged, and the step that was refused.
fn write_until_full(db: &Database, from: i64) -> (Vec<i64>, i64) {
    let mut done = Vec::new();
    for step in from..from + 100_000 {
        match put(db, step) {
            Ok(()) => done.push(step),
            Err(error) => {
                assert_eq!(error.kind(), ErrorKind::NoSpace, "{error}");
                return (done, step);
            }
        }
    }
    panic!("the disk never filled up");
}

#[test]
fn on_a_full_disk_what_is_refused_leaves_no_trace_and_writing_goes_on_with_room() {
    for spare in [0, 1, 100, 500, 3_000, 9_000] {
        let vfs = FaultVfs::new(spare);
        let db = open(&vfs, SyncPolicy::Never).unwrap();
        put(&db, 0).unwrap();
        db.sync().unwrap();
        vfs.set_capacity(Some(vfs.used() + spare));
        let (done, refused) = write_until_full(&db, 1);
        let mut all = vec![0];
        all.extend(done);
        // Again and again it is refused, reads go on, and nothing of it is seen.
        for _ in 0..3 {
            assert_eq!(put(&db, refused).unwrap_err().kind(), ErrorKind::NoSpace);
            assert_eq!(
                db.upsert("n", "new", Point::new(1.0, 1.0), None).unwrap_err().kind(),
                ErrorKind::NoSpace
            );
            assert_eq!(db.delete("n", "id 0").unwrap_err().kind(), ErrorKind::NoSpace);
            assert_eq!(db.flush().unwrap_err().kind(), ErrorKind::NoSpace);
            assert_eq!(db.sync().unwrap_err().kind(), ErrorKind::NoSpace);
            assert_eq!((present(&db), past(&db)), (newest(&all), all.clone()), "spare {spare}");
        }
        vfs.set_capacity(None);
        for step in refused..refused + 50 {
            put(&db, step).unwrap();
            all.push(step);
        }
        assert_eq!((present(&db), past(&db)), (newest(&all), all.clone()), "spare {spare}");
        db.close().unwrap();
        let crashed = vfs.crash_image(Survivors::None);
        let db = open(&crashed, SyncPolicy::Never).unwrap();
        assert_eq!((present(&db), past(&db)), (newest(&all), all), "spare {spare}");
        assert_eq!(db.recovery().bytes_dropped, 0);
    }
}

#[test]
fn under_always_a_full_disk_loses_nothing_that_was_acknowledged() {
    for spare in [0, 60, 500, 5_000] {
        let vfs = FaultVfs::new(spare);
        let db = open(&vfs, SyncPolicy::Always).unwrap();
        put(&db, 0).unwrap();
        vfs.set_capacity(Some(vfs.used() + spare));
        let (mut done, refused) = write_until_full(&db, 1);
        done.insert(0, 0);
        let crashed = open(&vfs.crash_image(Survivors::None), SyncPolicy::Always).unwrap();
        let mut kept = past(&crashed);
        kept.retain(|&step| step != refused);
        assert_eq!(kept, done, "spare {spare}: the fate of the refused one alone is open");
        vfs.set_capacity(None);
        put(&db, refused + 1).unwrap();
        done.push(refused + 1);
        let crashed = open(&vfs.crash_image(Survivors::None), SyncPolicy::Always).unwrap();
        let mut kept = past(&crashed);
        kept.retain(|&step| step != refused);
        assert_eq!(kept, done, "spare {spare}");
        assert_eq!(past(&crashed), past(&db), "what is seen is what is kept");
    }
}

#[test]
fn a_namespace_and_a_name_that_the_full_disk_refused_do_no_harm_later() {
    // Under `Always` the first refusal leaves a change in the buffer: a move, or the namespace.
    let cases =
        [(SyncPolicy::Always, false), (SyncPolicy::Always, true), (SyncPolicy::Never, true)];
    for (policy, by_a_move) in cases {
        let vfs = FaultVfs::new(1);
        let db = open(&vfs, policy).unwrap();
        put(&db, 0).unwrap();
        db.sync().unwrap();
        vfs.set_capacity(Some(vfs.used()));
        if by_a_move {
            write_until_full(&db, 1);
        }
        let cartesian = NamespaceOptions::cartesian();
        for name in ["x", "y"] {
            let error = db.create_namespace(name, &cartesian).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::NoSpace, "{policy:?}: {error}");
        }
        let namespace = db.namespace("n").unwrap();
        assert_eq!(namespace.intern("name").unwrap_err().kind(), ErrorKind::NoSpace);
        vfs.set_capacity(None);
        let handle = namespace.intern("name").unwrap();
        let z = db.create_namespace("z", &cartesian).unwrap();
        z.upsert("a", Point::new(1.0, 1.0), None).unwrap();
        db.sync().unwrap();
        let image = vfs.crash_image(Survivors::None);
        let again = open(&image, policy).unwrap_or_else(|error| panic!("{policy:?}: {error}"));
        assert_eq!(again.namespaces(), db.namespaces(), "{policy:?}");
        assert_eq!(again.get("z", "a").unwrap(), z.get("a").unwrap());
        let names = again.namespace("n").unwrap();
        assert_eq!(
            names.handle("name").unwrap(),
            Some(handle),
            "{policy:?}: an interned name is kept"
        );
    }
}

#[test]
fn a_database_that_cannot_be_closed_for_want_of_room_stays_open_until_it_can() {
    for policy in [SyncPolicy::Never, SyncPolicy::Every(Duration::from_secs(3_600))] {
        let vfs = FaultVfs::new(1);
        let db = open(&vfs, policy).unwrap();
        put(&db, 0).unwrap();
        db.sync().unwrap();
        vfs.set_capacity(Some(vfs.used()));
        put(&db, 1).unwrap();
        for _ in 0..2 {
            assert_eq!(db.close().unwrap_err().kind(), ErrorKind::NoSpace);
            assert_eq!(present(&db), newest(&[0, 1]), "it can still be read");
        }
        vfs.set_capacity(None);
        put(&db, 2).unwrap();
        db.close().unwrap();
        assert_eq!(put(&db, 3).unwrap_err().kind(), ErrorKind::Closed);
        let again = open(&vfs.crash_image(Survivors::None), policy).unwrap();
        assert_eq!(past(&again), [0, 1, 2], "{policy:?}: a close that succeeded is a promise");
    }
}

#[test]
fn a_failed_fsync_refuses_writes_until_the_database_is_opened_again() {
    for policy in [SyncPolicy::Always, SyncPolicy::Never] {
        let vfs = FaultVfs::new(1);
        let db = open(&vfs, policy).unwrap();
        let done: Vec<i64> = (0..20).collect();
        done.iter().for_each(|&step| put(&db, step).unwrap());
        db.sync().unwrap();
        vfs.fail_next(OperationKind::SyncData, 1, Fault::Eio);
        let failed = match policy {
            SyncPolicy::Always => put(&db, 20),
            _ => put(&db, 20).and_then(|()| db.sync()),
        };
        let error = failed.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Poisoned, "{error}");
        assert!(error.to_string().contains("Eio"), "it tells the cause: {error}");
        let seen = (present(&db), past(&db));
        let namespace = db.namespace("n").unwrap();
        let place = Point::new(1.0, 1.0);
        let refused: Vec<(&str, Result<()>)> = vec![
            ("upsert", put(&db, 21)),
            ("upsert", db.upsert("n", "new", place, None).map(drop)),
            ("delete", db.delete("n", "id 1").map(drop)),
            ("bulk", namespace.insert_trajectory("id 1", &[(1, place)]).map(drop)),
            ("intern", namespace.intern("new name").map(drop)),
            ("create", db.create_namespace("m", &NamespaceOptions::cartesian()).map(drop)),
            ("sync", db.sync()),
            ("checkpoint", db.checkpoint()),
        ];
        for (what, result) in refused {
            let error = result.expect_err(what);
            assert_eq!(error.kind(), ErrorKind::Poisoned, "{policy:?} {what}: {error}");
        }
        // Reads go on, and see no trace of what was refused.
        assert_eq!((present(&db), past(&db)), seen);
        assert_eq!(db.knn("n", place, 3).unwrap().len(), 3);
        assert_eq!(db.namespaces(), ["n"]);
        let crashed = open(&vfs.crash_image(Survivors::None), policy).unwrap();
        assert_eq!(past(&crashed), done, "{policy:?}: what was synced is there");
        assert_eq!(db.close().unwrap_err().kind(), ErrorKind::Poisoned);
        drop(db);
        let db = open(&vfs, policy).unwrap();
        assert_eq!(past(&db)[..20], done);
        put(&db, 99).unwrap();
        db.close().unwrap();
    }
}

#[test]
fn after_close_every_call_of_every_handle_says_so() {
    let db = open(&MemoryVfs::new(), SyncPolicy::Never).unwrap();
    put(&db, 0).unwrap();
    let other = db.clone();
    let n = other.namespace("n").unwrap();
    let handle = n.handle("id 0").unwrap().unwrap();
    db.close().unwrap();
    db.close().unwrap();
    other.close().unwrap();
    let here = Point::new(1.0, 1.0);
    let moves = Moves { handles: &[handle], x: &[1.0], y: &[1.0], z: None, time_us: None };
    let triangle = vec![(0.0, 0.0), (1.0, 0.0), (1.0, 1.0)];
    let polygon = Polygon::new(triangle, vec![]).unwrap();
    let (all, order) = (Interval::ALL, Order::OldestFirst);
    let everywhere = Query::everywhere();
    let closed: Vec<(&str, Result<()>)> = vec![
        ("upsert", n.upsert("id 0", here, None).map(drop)),
        ("upsert", other.upsert("new", "a", here, None).map(drop)),
        ("upsert_columns", n.upsert_columns(&moves).map(drop)),
        ("upsert_batch", n.upsert_batch(&[]).map(drop)),
        ("insert_trajectory", n.insert_trajectory("id 0", &[]).map(drop)),
        ("delete", n.delete("id 0").map(drop)),
        ("delete", n.delete_handle(handle).map(drop)),
        ("intern", n.intern("id 0").map(drop)),
        ("id", n.id(handle).map(drop)),
        ("get", n.get("id 0").map(drop)),
        ("get", n.get_handle(handle).map(drop)),
        ("get_columns", n.get_columns(&[], &mut Columns::new())),
        ("query", n.query(&everywhere).map(drop)),
        ("query", other.query("n", &everywhere).map(drop)),
        ("query_into", n.query_into(&everywhere, &mut Rows::new())),
        ("query_radius", n.query_radius(here, 1.0, 1).map(drop)),
        ("query_bbox", n.query_bbox(Rect::GLOBE, 1).map(drop)),
        ("query_polygon", n.query_polygon(&polygon, 1).map(drop)),
        ("knn", n.knn(here, 1).map(drop)),
        ("query_near", n.query_near("id 0", 1.0, 1).map(drop)),
        ("distance_between", n.distance_between("id 0", "id 0", Metric::Rhumb).map(drop)),
        ("distance_to", n.distance_to("id 0", here, Metric::Rhumb).map(drop)),
        ("count", n.count().map(drop)),
        ("bounding_box", n.bounding_box().map(drop)),
        ("convex_hull", n.convex_hull().map(drop)),
        ("query_trajectory", n.query_trajectory("id 0", all, 1).map(drop)),
        ("trajectory", n.trajectory("id 0", all, order, 1).map(drop)),
        ("position_at", n.position_at("id 0", 0, Default::default()).map(drop)),
        ("namespace", other.namespace("n").map(drop)),
        (
            "create_namespace",
            other.create_namespace("n", &NamespaceOptions::geographic()).map(drop),
        ),
        ("flush", other.flush()),
        ("sync", other.sync()),
        ("checkpoint", other.checkpoint()),
        ("sweep", other.sweep().map(drop)),
        ("stats", other.stats().map(drop)),
    ];
    for (method, result) in closed {
        let error = result.expect_err(method);
        assert_eq!((error.kind(), error.operation()), (ErrorKind::Closed, method), "{error}");
    }
}

#[test]
fn two_handles_share_one_database_that_lives_as_long_as_either() {
    let vfs = MemoryVfs::new();
    let one = open(&vfs, SyncPolicy::Never).unwrap();
    let two = one.clone();
    put(&one, 0).unwrap();
    put(&two, 1).unwrap();
    assert_eq!(present(&one), present(&two));
    let namespace = one.namespace("n").unwrap();
    drop(one);
    put(&two, 2).unwrap();
    drop(two);
    assert_eq!(namespace.count().unwrap(), 3, "a namespace keeps its database");
    assert_eq!(open(&vfs, SyncPolicy::Never).unwrap_err().kind(), ErrorKind::Locked);
    drop(namespace);
    let again = open(&vfs, SyncPolicy::Never).unwrap();
    assert_eq!(past(&again), [0, 1, 2], "the last handle has written everything down");
}

#[test]
fn every_kind_of_error_that_a_database_gives_is_one_of_these() {
    let vfs = FaultVfs::new(1);
    let db = open(&vfs, SyncPolicy::Never).unwrap();
    put(&db, 0).unwrap();
    db.checkpoint().unwrap();
    let here = Point::new(1.0, 1.0);
    let mut kinds = vec![
        db.upsert("n", "", here, None).unwrap_err().kind(),
        db.query_radius("n", here, -1.0, 1).unwrap_err().kind(),
        db.namespace("nowhere").unwrap_err().kind(),
        db.create_namespace("n", &NamespaceOptions::cartesian()).unwrap_err().kind(),
        open(&vfs, SyncPolicy::Never).unwrap_err().kind(),
        db.upsert("n", &"x".repeat(256), here, None).unwrap_err().kind(),
    ];
    let plane = db.create_namespace("plane", &NamespaceOptions::cartesian()).unwrap();
    plane.upsert("a", here, None).unwrap();
    kinds.push(plane.distance_to("a", here, Metric::Geodesic).unwrap_err().kind());
    vfs.fail_next(OperationKind::Write, 1, Fault::NoSpace);
    kinds.push(db.flush().unwrap_err().kind());
    vfs.fail_next(OperationKind::Write, 1, Fault::Eio);
    kinds.push(db.flush().unwrap_err().kind());
    vfs.fail_next(OperationKind::SyncData, 1, Fault::Eio);
    kinds.push(db.sync().unwrap_err().kind());
    drop(db.close());
    kinds.push(db.sync().unwrap_err().kind());
    drop((db, plane));
    let image = vfs.crash_image(Survivors::All);
    let reader = options(&image, SyncPolicy::Never).read_only(true).open("/db").unwrap();
    kinds.push(reader.sweep().unwrap_err().kind());
    for (byte, value) in [(8, 9), (30, 0xee)] {
        let copy = image.duplicate();
        let path = Path::new("/db/00000001.log");
        let mut bytes = copy.read(path).unwrap();
        bytes[byte] ^= value;
        copy.replace(path, bytes);
        kinds.push(open(&copy, SyncPolicy::Never).unwrap_err().kind());
    }
    let reached = |kind: &ErrorKind| kinds.contains(kind);
    let missed: Vec<ErrorKind> = ErrorKind::ALL.into_iter().filter(|kind| !reached(kind)).collect();
    // Nothing here can be cancelled yet, and a bug cannot be asked for.
    assert_eq!(missed, [ErrorKind::Cancelled, ErrorKind::Internal]);
}
