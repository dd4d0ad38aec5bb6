//! Guards that a frozen namespace answers as it did: every question, with and without filters and
//! limits, of both spaces, flat and with altitudes, asked of the pack and of the live namespace,
//! whose own answers are guarded by `queries_model.rs`.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use proptest::prelude::*;
use spatio::clock::ManualClock;
use spatio::packed::Trees;
use spatio::vfs::MemoryVfs;
use spatio::{
    Database, ErrorKind, FreezeOptions, Namespace, NamespaceOptions, Options, Pack, Point, Query,
    Rows, Space, Upsert,
};

use crate::oracle::{Known, Objects};
use crate::queries_model::{Ask, Op, cartesian_point, geographic_point, op, question};

const NOW_US: i64 = 1_000_000;

/// A row without its handle, which is another one in a pack.
type Told = (String, [u64; 3], i64, Option<u64>, Option<Vec<u8>>);

fn told(rows: &Rows) -> Vec<Told> {
    let row = |row: spatio::FoundRow<'_>| {
        let Point { x, y, z } = row.position;
        let bits = [x, y, z].map(f64::to_bits);
        let distance = row.distance.map(f64::to_bits);
        (row.id.to_owned(), bits, row.time_us, distance, row.payload.map(<[u8]>::to_vec))
    };
    rows.iter().map(row).collect()
}

/// Asks both, and compares.
fn same(live: &Namespace, pack: &Pack, query: &Query, limit: usize) -> Result<(), TestCaseError> {
    let (live, pack) = (live.query(query), pack.query(query));
    let (live, pack) = match (live, pack) {
        (Ok(live), Ok(pack)) => (live, pack),
        (live, pack) => {
            let (live, pack) = (live.unwrap_err(), pack.unwrap_err());
            prop_assert_eq!(live.to_string(), pack.to_string());
            return Ok(());
        }
    };
    let has_order = live.distance().len() == live.len() && !live.is_empty();
    let (mut live, mut pack) = (told(&live), told(&pack));
    if !has_order {
        if limit < usize::MAX {
            prop_assert_eq!(live.len(), pack.len());
            return Ok(());
        }
        live.sort();
        pack.sort();
    }
    prop_assert_eq!(live, pack, "{:?}", query);
    Ok(())
}

fn forms(query: &Query, ask: &Ask, last_us: i64) -> Vec<(Query, usize)> {
    let query = || query.clone();
    let limit = ask.k;
    vec![
        (query(), usize::MAX),
        (query().exclude_origin(), usize::MAX),
        (query().id_prefix("tram:1"), usize::MAX),
        (query().since(last_us / 2), usize::MAX),
        (query().max_age(Duration::from_micros((NOW_US - last_us / 3) as u64)), usize::MAX),
        (query().altitude(-5.0, 100.0), usize::MAX),
        (query().limit(limit), limit),
        (query().limit(3).id_prefix("bus:").altitude(0.0, 0.0).since(last_us / 4), 3),
    ]
}

fn run(space: Space, ops: Vec<Op>, trees: Trees, is_flat: bool) -> Result<(), TestCaseError> {
    let (clock, vfs) = (Arc::new(ManualClock::new(0)), Arc::new(MemoryVfs::new()));
    let db = Options::new().clock(clock.clone()).vfs(vfs.clone()).memory().unwrap();
    let options = match space {
        Space::Geographic => NamespaceOptions::geographic(),
        Space::Cartesian => NamespaceOptions::cartesian(),
    };
    let live = db.create_namespace("n", &options).unwrap();
    let mut asks = Vec::new();
    let mut last_us = 0;
    for (step, op) in (0_i64..).zip(ops) {
        let id = |object: usize| {
            format!("{}:{object}", if object.is_multiple_of(3) { "bus" } else { "tram" })
        };
        match op {
            Op::Upsert(object, mut position) => {
                position.z = if is_flat { 0.0 } else { position.z };
                let payload = vec![object as u8; object % 5];
                // Every seventh has expired when it is frozen, others live on or for ever.
                let ttl = Duration::from_micros(if object.is_multiple_of(7) {
                    1
                } else {
                    2 * NOW_US as u64
                });
                let mut with = Upsert::new().time_us(step);
                with = if object % 4 > 0 { with.payload(&payload) } else { with };
                with =
                    if object % 2 == 0 || object.is_multiple_of(7) { with.ttl(ttl) } else { with };
                live.upsert_with(&id(object), position, &with).unwrap();
                last_us = step;
            }
            Op::Delete(object) => {
                live.delete(&id(object)).unwrap();
            }
            Op::Ask(ask) => asks.push(ask),
        }
    }
    clock.set(NOW_US);
    let path = Path::new("/n.psindex");
    let frozen = db.freeze_with("n", path, FreezeOptions::new().trees(trees)).unwrap();
    let pack = Pack::open_on(&*vfs, path).unwrap();
    pack.verify().unwrap();
    prop_assert_eq!((frozen.items, frozen.bytes), (pack.count(), pack.byte_len() as u64));
    prop_assert_eq!(pack.count(), live.count().unwrap());
    prop_assert_eq!((pack.space(), pack.frozen_us()), (space, NOW_US));
    same(&live, &pack, &Query::everywhere(), usize::MAX)?;
    let mut objects = Objects::new();
    for row in live.query(&Query::everywhere()).unwrap().iter() {
        let mut object = live.get(row.id).unwrap().expect("it is live");
        let packed = pack.get(row.id).unwrap().expect("it is in the pack");
        object.handle = packed.handle;
        prop_assert_eq!(object, packed);
        let known = Known { position: row.position, time_us: row.time_us };
        objects.insert(row.id.to_owned(), known);
    }
    prop_assert!(pack.get("bus:0").unwrap().is_none(), "it has expired, or never was");
    for ask in asks {
        let Some(question) = question(&ask, space, &objects) else { continue };
        for (query, limit) in forms(&question.query(), &ask, last_us) {
            same(&live, &pack, &query, limit)?;
        }
    }
    Ok(())
}

fn trees() -> impl Strategy<Value = Trees> {
    prop::sample::select(vec![Trees::Fast, Trees::Origin, Trees::Both])
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn on_the_globe_a_pack_answers_as_the_namespace_did(
        ops in proptest::collection::vec(
            op(geographic_point().boxed(), vec![10.0, 5_000.0, 300_000.0, 2e7]), 1..800,
        ),
        trees in trees(),
        is_flat in any::<bool>(),
    ) {
        run(Space::Geographic, ops, trees, is_flat)?;
    }

    #[test]
    fn in_the_plane_a_pack_answers_as_the_namespace_did(
        ops in proptest::collection::vec(
            op(cartesian_point().boxed(), vec![1e-9, 1.0, 20.0, 2e9]), 1..800,
        ),
        trees in trees(),
        is_flat in any::<bool>(),
    ) {
        run(Space::Cartesian, ops, trees, is_flat)?;
    }
}

#[test]
fn a_heap_and_many_objects_are_told_nearest_first_and_by_id() {
    let (vfs, path) = (Arc::new(MemoryVfs::new()), Path::new("/heap"));
    let db = Options::new().vfs(vfs.clone()).memory().unwrap();
    let heap = db.create_namespace("heap", &NamespaceOptions::cartesian()).unwrap();
    for n in (0..5_000).rev() {
        let at = if n % 2 == 0 { Point::new(1.0, 1.0) } else { Point::new(f64::from(n), 2.0) };
        heap.upsert(&format!("id {n:04}"), at, None).unwrap();
    }
    heap.freeze(path).unwrap();
    let pack = Pack::open_on(&*vfs, path).unwrap();
    assert_eq!(pack.dimensions(), 2);
    for k in [0, 1, 5, 300, 2_499, 2_503, 5_000, 9_999] {
        for query in [
            Query::nearest(k, Point::new(1.0, 1.1)),
            Query::nearest(k, "id 0778"),
            Query::circle(Point::new(1.0, 1.0), 50.0).limit(k),
            Query::rect_around("id 0778", 90.0, 90.0).limit(k).exclude_origin(),
        ] {
            let (live, packed) = (heap.query(&query).unwrap(), pack.query(&query).unwrap());
            assert_eq!(told(&live), told(&packed), "{query:?}");
        }
    }
}

#[test]
fn an_empty_namespace_and_handles_of_its_own() {
    let (vfs, path) = (Arc::new(MemoryVfs::new()), Path::new("/p"));
    let db = Options::new().vfs(vfs.clone()).memory().unwrap();
    let live = db.create_namespace("n", &NamespaceOptions::geographic()).unwrap();
    assert_eq!(live.freeze(path).unwrap().items, 0);
    let empty = Pack::open_on(&*vfs, path).unwrap();
    empty.verify().unwrap();
    assert!(empty.is_empty() && empty.get("a").unwrap().is_none());
    assert!(empty.query(&Query::nearest(3, Point::new(0.0, 0.0))).unwrap().is_empty());
    for id in ["b", "c", "a"] {
        live.upsert(id, Point::new(1.0, 2.0), None).unwrap();
    }
    live.freeze(path).unwrap();
    let pack = Pack::open_on(&*vfs, path).unwrap();
    let near = pack.query(&Query::nearest(2, spatio::Origin::Handle(1))).unwrap();
    assert_eq!((near.id(0), near.id(1), near.handles()), ("b", "a", &[1, 0][..]));
    let error = pack.query(&Query::nearest(2, spatio::Origin::Handle(3))).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotFound, "{error}");
    let cancel = spatio::Cancel::new();
    cancel.fire();
    let error = pack.query_unless(&cancel, &Query::everywhere(), &mut Rows::new()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Cancelled);
    let error = Pack::open_on(&*vfs, "/q").unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotFound, "{error}");
    drop(db);
    assert_eq!(empty.count(), 0, "who has the former file open keeps it");
}

/// Objects whose payload, time and place all say the same number, moved while they are frozen.
#[test]
fn objects_that_move_meanwhile_are_each_whole_and_there_once() {
    const OBJECTS: u64 = 2_000;
    let vfs = Arc::new(MemoryVfs::new());
    let db: Database = Options::new().vfs(vfs.clone()).memory().unwrap();
    let live = db.create_namespace("n", &NamespaceOptions::cartesian()).unwrap();
    let put = |n: u64, step: i64| {
        let at = Point::new((n * 7_919 % 1_000) as f64 + step as f64 * 31.0, step as f64);
        let payload = step.to_le_bytes();
        live.upsert_with(&n.to_string(), at, &Upsert::new().time_us(step).payload(&payload))
    };
    for n in 0..OBJECTS {
        put(n, 0).unwrap();
    }
    let is_over = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            for step in 1.. {
                for n in 0..OBJECTS {
                    if is_over.load(Ordering::Relaxed) {
                        return;
                    }
                    put(n, step).unwrap();
                }
            }
        });
        for _ in 0..12 {
            let path = Path::new("/moving");
            live.freeze(path).unwrap();
            let rows = Pack::open_on(&*vfs, path).unwrap().query(&Query::everywhere()).unwrap();
            let mut seen = BTreeMap::new();
            for row in rows.iter() {
                assert_eq!(row.payload, Some(&row.time_us.to_le_bytes()[..]));
                assert_eq!(row.position.y, row.time_us as f64);
                assert!(seen.insert(row.id.to_owned(), row.time_us).is_none());
            }
            assert_eq!(seen.len() as u64, OBJECTS);
        }
        is_over.store(true, Ordering::Relaxed);
    });
}
