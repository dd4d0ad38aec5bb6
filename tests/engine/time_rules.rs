//! Guards the rules of time: what is late and what replaces, how long an object lives, what a
//! deletion leaves behind, what happens to a payload, and that handles outlive all of it. Each
//! rule is one small example, and what must last is looked at again after a reopen.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use spatio::clock::{Clock, ManualClock};
use spatio::vfs::MemoryVfs;
use spatio::{
    Database, ErrorKind, Interpolation, Interval, Namespace, NamespaceOptions, Options, Order,
    Outcome, Point, Query, SyncPolicy, Trajectory, Upsert,
};

const SECOND: i64 = 1_000_000;

/// A directory in memory, a clock in the hand, and a database on them.
struct House {
    vfs: MemoryVfs,
    clock: Arc<ManualClock>,
    db: Database,
}

impl House {
    fn new() -> Self {
        let (vfs, clock) = (MemoryVfs::new(), Arc::new(ManualClock::new(1_000 * SECOND)));
        let db = open(&vfs, &clock);
        House { vfs, clock, db }
    }

    fn ships(&self) -> Namespace {
        self.db.create_namespace("ships", &NamespaceOptions::geographic()).unwrap()
    }

    fn reopen(&mut self) {
        self.db.close().unwrap();
        self.db = open(&self.vfs, &self.clock);
    }
}

fn open(vfs: &MemoryVfs, clock: &Arc<ManualClock>) -> Database {
    let options = Options::new()
        .vfs(Arc::new(vfs.clone()))
        .clock(Arc::clone(clock) as Arc<dyn Clock>)
        .sync(SyncPolicy::Never)
        .seed(1);
    options.open(Path::new("/db")).unwrap()
}

fn at(time_us: i64) -> Upsert<'static> {
    Upsert::new().time_us(time_us)
}

fn point(x: f64) -> Point {
    Point::new(x, 0.0)
}

/// Writes and says what became of it.
fn put(ships: &Namespace, id: &str, x: f64, with: &Upsert<'_>) -> Outcome {
    ships.upsert_with(id, point(x), with).unwrap().outcome
}

/// Longitude and time of an object that is here.
fn state(ships: &Namespace, id: &str) -> Option<(f64, i64)> {
    ships.get(id).unwrap().map(|object| (object.position.x, object.time_us))
}

fn payload(ships: &Namespace, id: &str) -> Option<Vec<u8>> {
    ships.get(id).unwrap().and_then(|object| object.payload).map(|bytes| bytes.to_vec())
}

/// Times and longitudes of a track.
fn steps(track: &Trajectory) -> Vec<(i64, f64)> {
    track.iter().map(|(time_us, position)| (time_us, position.x)).collect()
}

fn whole_track(ships: &Namespace, id: &str) -> Vec<(i64, f64)> {
    let all = ships.trajectory(id, Interval::ALL, Order::OldestFirst, usize::MAX);
    steps(&all.unwrap())
}

#[test]
fn a_late_update_goes_to_history_and_moves_nothing() {
    let mut house = House::new();
    let ships = house.ships();
    assert_eq!(put(&ships, "a", 1.0, &at(200)), Outcome::Created);
    let late = ships.upsert_with("a", point(2.0), &at(100)).unwrap();
    assert_eq!(late.outcome, Outcome::Late);
    assert!(late.seq > 0, "it has a place in the order of changes");
    for round in 0..2 {
        let ships = house.ships();
        assert_eq!(state(&ships, "a"), Some((1.0, 200)), "round {round}");
        assert_eq!(whole_track(&ships, "a"), [(100, 2.0), (200, 1.0)]);
        house.reopen();
    }
}

#[test]
fn where_no_history_is_kept_a_late_update_leaves_nothing() {
    let house = House::new();
    let options = NamespaceOptions::geographic().history(false);
    let ships = house.db.create_namespace("no past", &options).unwrap();
    put(&ships, "a", 1.0, &at(200));
    let before = house.db.stats().unwrap().last_seq;
    let late = ships.upsert_with("a", point(2.0), &at(199)).unwrap();
    assert_eq!((late.outcome, late.seq), (Outcome::Late, 0));
    assert_eq!(house.db.stats().unwrap().last_seq, before);
    let refused = ships.query_trajectory("a", Interval::ALL, 9).unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::Unsupported);
}

#[test]
fn an_update_of_equal_time_replaces_and_both_are_history() {
    let mut house = House::new();
    let ships = house.ships();
    put(&ships, "a", 1.0, &at(200));
    assert_eq!(put(&ships, "a", 2.0, &at(200)), Outcome::Moved);
    assert_eq!(put(&ships, "a", 3.0, &at(200)), Outcome::Moved);
    for _ in 0..2 {
        let ships = house.ships();
        assert_eq!(state(&ships, "a"), Some((3.0, 200)));
        // Of one time, in the order of arrival.
        assert_eq!(whole_track(&ships, "a"), [(200, 1.0), (200, 2.0), (200, 3.0)]);
        let at_last = ships.position_at("a", 200, Interpolation::Linear).unwrap();
        assert_eq!(at_last, Some(point(3.0)));
        house.reopen();
    }
}

#[test]
fn without_a_time_an_update_is_of_now() {
    let house = House::new();
    let ships = house.ships();
    ships.upsert("a", point(1.0), None).unwrap();
    assert_eq!(state(&ships, "a"), Some((1.0, 1_000 * SECOND)));
    // An event time ahead of the clock is taken as it is; what is of now is late then.
    put(&ships, "a", 2.0, &at(5_000 * SECOND));
    let late = ships.upsert("a", point(3.0), None).unwrap();
    assert_eq!(late.outcome, Outcome::Late);
}

#[test]
fn an_object_is_absent_from_the_moment_its_time_to_live_ends() {
    let house = House::new();
    let options = NamespaceOptions::geographic().ttl(Duration::from_secs(10));
    let ships = house.db.create_namespace("short", &options).unwrap();
    // The time to live runs by the clock, whatever the event time.
    put(&ships, "a", 1.0, &at(5));
    put(&ships, "b", 2.0, &at(7).ttl(Duration::from_secs(60)));
    house.clock.advance(10 * SECOND - 1);
    assert_eq!(ships.count().unwrap(), 2);
    house.clock.advance(1);
    assert_eq!(state(&ships, "a"), None);
    assert_eq!(state(&ships, "b"), Some((2.0, 7)), "its own time to live counts");
    assert_eq!(ships.count().unwrap(), 1);
    assert_eq!(ships.len(), 2, "it is not swept yet");
    assert_eq!(ships.knn(point(1.0), 5).unwrap().len(), 1);
    assert_eq!(ships.query(&Query::everywhere()).unwrap().len(), 1);
    assert_eq!(ships.query_radius(point(1.0), 1e7, 5).unwrap().id(0), "b");
    assert_eq!(ships.bounding_box().unwrap().map(|bounds| bounds.min.x), Some(2.0));
    assert_eq!(ships.query_near("a", 1.0, 5).unwrap_err().kind(), ErrorKind::NotFound);
    assert_eq!(whole_track(&ships, "a"), [(5, 1.0)], "its track stays");
}

#[test]
fn an_update_renews_the_time_to_live_and_a_late_one_does_not() {
    let house = House::new();
    let ships = house.ships();
    let ten = Duration::from_secs(10);
    put(&ships, "a", 1.0, &at(1).ttl(ten));
    house.clock.advance(9 * SECOND);
    put(&ships, "a", 2.0, &at(2).ttl(ten));
    house.clock.advance(9 * SECOND);
    assert_eq!(put(&ships, "a", 3.0, &at(1).ttl(ten)), Outcome::Late);
    house.clock.advance(SECOND);
    assert_eq!(state(&ships, "a"), None);

    put(&ships, "b", 1.0, &at(1).ttl(ten));
    put(&ships, "b", 2.0, &at(2));
    house.clock.advance(100 * SECOND);
    assert_eq!(state(&ships, "b"), Some((2.0, 2)), "without one it lives on");
    assert_eq!(ships.get("b").unwrap().unwrap().expires_us, None);
}

#[test]
fn sweeping_removes_what_has_expired_once() {
    let mut house = House::new();
    let ships = house.ships();
    for n in 0..100 {
        let ttl = Duration::from_secs(if n % 4 == 0 { 10 } else { 100 });
        put(&ships, &format!("id {n}"), f64::from(n), &at(5).ttl(ttl));
    }
    assert_eq!(house.db.sweep().unwrap(), 0);
    house.clock.advance(10 * SECOND);
    assert_eq!(house.db.sweep().unwrap(), 25);
    assert_eq!(house.db.sweep().unwrap(), 0);
    assert_eq!((ships.len(), ships.count().unwrap()), (75, 75));
    house.reopen();
    assert_eq!(house.ships().len(), 75);
    // What expires while nobody has it open is absent as well.
    house.db.close().unwrap();
    house.clock.advance(90 * SECOND);
    house.reopen();
    assert_eq!(house.ships().count().unwrap(), 0);
}

#[test]
fn what_has_expired_comes_back_only_with_news() {
    let house = House::new();
    let ships = house.ships();
    for swept in [false, true] {
        let id = if swept { "swept" } else { "unswept" };
        let bytes = b"captain";
        put(&ships, id, 1.0, &at(50).ttl(Duration::from_secs(1)).payload(bytes));
        house.clock.advance(SECOND);
        if swept {
            house.db.sweep().unwrap();
        }
        assert_eq!(put(&ships, id, 2.0, &at(50)), Outcome::Late, "{id}");
        assert_eq!(state(&ships, id), None);
        assert_eq!(put(&ships, id, 3.0, &at(51)), Outcome::Created, "{id}");
        assert_eq!((state(&ships, id), payload(&ships, id)), (Some((3.0, 51)), None));
    }
}

#[test]
fn a_deletion_leaves_a_tombstone_and_the_track() {
    let mut house = House::new();
    put(&house.ships(), "a", 1.0, &at(100));
    assert!(house.ships().delete("a").unwrap());
    for round in 0..3 {
        let ships = house.ships();
        assert!(!ships.delete("a").unwrap(), "it is not here to be deleted again");
        assert!(!ships.delete("never seen").unwrap());
        assert_eq!(state(&ships, "a"), None);
        // An update that is not newer does not bring it back, not even in round 2 from a
        // checkpoint alone.
        assert_eq!(put(&ships, "a", 2.0, &at(100)), Outcome::Late, "round {round}");
        assert_eq!(put(&ships, "a", 3.0, &at(40)), Outcome::Late);
        assert_eq!((ships.len(), ships.count().unwrap()), (0, 0));
        assert_eq!(whole_track(&ships, "a").len(), 3 + 2 * round);
        if round == 1 {
            house.db.checkpoint().unwrap();
        }
        house.reopen();
    }
    assert_eq!(put(&house.ships(), "a", 4.0, &at(101)), Outcome::Created);
    house.reopen();
    assert_eq!(state(&house.ships(), "a"), Some((4.0, 101)));
}

#[test]
fn what_is_created_again_has_its_old_handle_and_no_payload() {
    let house = House::new();
    let ships = house.ships();
    let first = ships.upsert_with("a", point(1.0), &at(1).payload(b"old")).unwrap();
    assert!(ships.delete_handle(first.handle).unwrap());
    assert_eq!(ships.get_handle(first.handle).unwrap(), None);
    let again = ships.upsert_with("a", point(2.0), &at(2)).unwrap();
    assert_eq!((again.outcome, again.handle), (Outcome::Created, first.handle));
    assert!(again.seq > first.seq);
    assert_eq!(payload(&ships, "a"), None);
    assert_eq!(whole_track(&ships, "a"), [(1, 1.0), (2, 2.0)]);
}

#[test]
fn a_payload_is_kept_replaced_or_cleared() {
    let mut house = House::new();
    let ships = house.ships();
    put(&ships, "a", 1.0, &at(1).payload(b"one"));
    put(&ships, "a", 2.0, &at(2));
    assert_eq!(payload(&ships, "a").as_deref(), Some(&b"one"[..]), "kept");
    put(&ships, "a", 3.0, &at(3).payload(b"three"));
    assert_eq!(payload(&ships, "a").as_deref(), Some(&b"three"[..]), "replaced");
    put(&ships, "a", 9.0, &at(1).payload(b"late"));
    assert_eq!(payload(&ships, "a").as_deref(), Some(&b"three"[..]), "late changes nothing");
    house.reopen();
    let ships = house.ships();
    assert_eq!(payload(&ships, "a").as_deref(), Some(&b"three"[..]));
    put(&ships, "a", 4.0, &at(4).payload(b""));
    assert_eq!(payload(&ships, "a"), None, "cleared");
    house.reopen();
    assert_eq!(payload(&house.ships(), "a"), None);
    let rows = house.ships().query(&Query::everywhere()).unwrap();
    assert_eq!(rows.get(0).and_then(|row| row.payload.map(<[u8]>::to_vec)), None);
}

#[test]
fn handles_and_interned_ids_last() {
    let mut house = House::new();
    let (mut handles, mut given) = (Vec::new(), std::collections::BTreeSet::new());
    for round in 0..4 {
        let ships = house.ships();
        for n in 0..50 {
            let (moved, interned) = (format!("moved {round}.{n}"), format!("name {round}.{n}"));
            assert_eq!(ships.handle(&moved).unwrap(), None);
            handles.push((ships.upsert(&moved, point(1.0), None).unwrap().handle, moved));
            handles.push((ships.intern(&interned).unwrap(), interned));
        }
        given.extend(handles.iter().map(|pair| pair.0));
        assert_eq!(given.len(), 100 * (round + 1), "no handle is given twice");
        if round == 2 {
            house.db.checkpoint().unwrap();
        }
        house.reopen();
        let ships = house.ships();
        for (handle, id) in &handles {
            assert_eq!(ships.handle(id).unwrap(), Some(*handle));
            assert_eq!(ships.id(*handle).unwrap(), id);
            assert_eq!(ships.intern(id).unwrap(), *handle);
        }
        assert_eq!(ships.len(), 50 * (round + 1), "a name alone is no object");
    }
    let ships = house.ships();
    assert_eq!(ships.get("name 0.0").unwrap(), None);
    assert_eq!(whole_track(&ships, "name 0.0"), []);
    assert_eq!(ships.position_at("name 0.0", 5, Interpolation::Linear).unwrap(), None);
    let handle = ships.handle("name 0.0").unwrap().unwrap();
    assert_eq!(put(&ships, "name 0.0", 1.0, &at(1)), Outcome::Created);
    assert_eq!(ships.handle("name 0.0").unwrap(), Some(handle));
}

#[test]
fn a_track_is_read_by_a_closed_interval_in_either_order() {
    let mut house = House::new();
    let ships = house.ships();
    for (time_us, x) in [(10, 1.0), (30, 3.0), (20, 2.0), (30, 3.5), (40, 4.0)] {
        put(&ships, "a", x, &at(time_us));
    }
    for _ in 0..2 {
        let ships = house.ships();
        let newest = |interval: Interval, limit| {
            steps(&ships.query_trajectory("a", interval, limit).unwrap())
        };
        let oldest = |interval: Interval, limit| {
            steps(&ships.trajectory("a", interval, Order::OldestFirst, limit).unwrap())
        };
        let middle = Interval::new(20, 30);
        assert_eq!(oldest(middle, 9), [(20, 2.0), (30, 3.0), (30, 3.5)]);
        assert_eq!(newest(middle, 9), [(30, 3.5), (30, 3.0), (20, 2.0)]);
        assert_eq!(newest(Interval::ALL, 2), [(40, 4.0), (30, 3.5)], "a limit keeps the newest");
        assert_eq!(oldest(Interval::ALL, 2), [(10, 1.0), (20, 2.0)]);
        assert_eq!(oldest(Interval::new(41, 99), 9), []);
        assert_eq!(oldest(Interval::ALL, 0), []);
        house.reopen();
    }
}

#[test]
fn between_two_positions_is_the_straight_way_or_the_last_known() {
    let house = House::new();
    let ships = house.ships();
    put(&ships, "a", 179.0, &at(100));
    put(&ships, "a", -179.0, &at(300));
    let linear = |time_us| ships.position_at("a", time_us, Interpolation::Linear).unwrap();
    let last = |time_us| ships.position_at("a", time_us, Interpolation::Last).unwrap();
    assert_eq!((linear(99), last(99)), (None, None), "before the first it was nowhere");
    assert_eq!((linear(100), last(100)), (Some(point(179.0)), Some(point(179.0))));
    assert_eq!(linear(150), Some(point(179.5)), "the short way");
    assert_eq!(linear(250), Some(point(-179.5)));
    assert_eq!(last(299), Some(point(179.0)));
    assert_eq!((linear(300), last(300)), (Some(point(-179.0)), Some(point(-179.0))));
    assert_eq!(linear(i64::MAX), Some(point(-179.0)), "after the last it stays");
}

#[test]
fn a_bulk_of_the_past_becomes_track_and_its_newest_the_present() {
    let mut house = House::new();
    let ships = house.ships();
    put(&ships, "a", 5.0, &at(50).payload(b"kept"));
    let bulk = [(30, point(3.0)), (10, point(1.0)), (20, point(2.0))];
    assert_eq!(ships.insert_trajectory("a", &bulk).unwrap(), 3);
    assert_eq!(state(&ships, "a"), Some((5.0, 50)), "the present is newer");
    assert_eq!(ships.insert_trajectory("a", &[(70, point(7.0)), (60, point(6.0))]).unwrap(), 2);
    assert_eq!(ships.insert_trajectory("nothing", &[]).unwrap(), 0);
    assert_eq!(ships.handle("nothing").unwrap(), None);
    for _ in 0..2 {
        let ships = house.ships();
        assert_eq!(state(&ships, "a"), Some((7.0, 70)));
        assert_eq!(payload(&ships, "a").as_deref(), Some(&b"kept"[..]));
        let times: Vec<i64> = whole_track(&ships, "a").iter().map(|step| step.0).collect();
        assert_eq!(times, [10, 20, 30, 50, 60, 70]);
        house.reopen();
    }
}

#[test]
fn the_extremes_of_time_are_times() {
    let mut house = House::new();
    let ships = house.ships();
    put(&ships, "a", 1.0, &at(i64::MIN));
    assert_eq!(state(&ships, "a"), Some((1.0, i64::MIN)));
    put(&ships, "a", 2.0, &at(i64::MAX));
    assert_eq!(put(&ships, "a", 3.0, &at(i64::MAX - 1)), Outcome::Late);
    for _ in 0..2 {
        let ships = house.ships();
        assert_eq!(state(&ships, "a"), Some((2.0, i64::MAX)));
        let times: Vec<i64> = whole_track(&ships, "a").iter().map(|step| step.0).collect();
        assert_eq!(times, [i64::MIN, i64::MAX - 1, i64::MAX]);
        let end = ships.position_at("a", i64::MAX, Interpolation::Linear).unwrap();
        assert_eq!(end, Some(point(2.0)));
        house.reopen();
    }
    let ships = house.ships();
    put(&ships, "b", 1.0, &at(5).ttl(Duration::MAX));
    house.clock.set(i64::MAX - 2);
    assert_eq!(state(&ships, "b"), Some((1.0, 5)), "the longest life outlasts any clock");
}
