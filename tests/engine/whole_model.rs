//! Guards the whole engine against a model that scans: long runs of random operations in both
//! kinds of space, with late and equal times, expiry, payloads, deletions, every question about
//! now and then, sweeping, checkpoints, closing and reopening, and crashes after a flush.
//!
//! The seed of a failing run is printed; `SPATIO_SEED` repeats it. `SPATIO_OPERATIONS` sets the
//! number of operations.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use crate::oracle::{Known, Objects, Question, compare};
use spatio::clock::{Clock, ManualClock};
use spatio::prng::Prng;
use spatio::vfs::MemoryVfs;
use spatio::{
    Box3, Database, Interpolation, Interval, Namespace, NamespaceOptions, Options, Order, Outcome,
    Point, Polygon, Rect, Space, SyncPolicy, Upsert, interpolate,
};

const OBJECTS: u64 = 150;

/// What the model knows of one object.
#[derive(Clone, Debug, Default)]
struct Life {
    /// Position, payload and expiry while it is live.
    live: Option<(Point, Option<Vec<u8>>, i64)>,
    /// The event time of its state, or of its end.
    time_us: Option<i64>,
    history: Vec<(i64, Point)>,
}

struct Run {
    seed: u64,
    prng: Prng,
    space: Space,
    clock: Arc<ManualClock>,
    vfs: MemoryVfs,
    db: Database,
    lives: BTreeMap<String, Life>,
}

impl Run {
    fn new(seed: u64, space: Space) -> Self {
        let clock = Arc::new(ManualClock::new(1_000_000));
        let vfs = MemoryVfs::new();
        let db = open(&vfs, &clock);
        let options = match space {
            Space::Geographic => NamespaceOptions::geographic(),
            Space::Cartesian => NamespaceOptions::cartesian(),
        };
        db.create_namespace("n", &options).unwrap();
        let prng = Prng::new(seed);
        Run { seed, prng, space, clock, vfs, db, lives: BTreeMap::new() }
    }

    fn namespace(&self) -> Namespace {
        self.db.namespace("n").unwrap()
    }

    fn id(&mut self) -> String {
        let number = self.prng.below(OBJECTS);
        format!("{}:{number}", if number.is_multiple_of(3) { "bus" } else { "tram" })
    }

    fn point(&mut self) -> Point {
        let prng = &mut self.prng;
        let (x, y) = match (self.space, prng.below(5)) {
            (Space::Geographic, 0) => {
                let x = prng.between(179.99, 180.0);
                (if prng.chance(1, 2) { x } else { -x }, prng.between(-10.0, 10.0))
            }
            (Space::Geographic, 1) => {
                let y = prng.between(89.9, 90.0);
                (prng.between(-180.0, 180.0), if prng.chance(1, 2) { y } else { -y })
            }
            (Space::Geographic, 2) => {
                (45.0 * (prng.below(9) as f64 - 4.0), 45.0 * (prng.below(5) as f64 - 2.0))
            }
            (Space::Geographic, _) => (prng.between(10.0, 10.3), prng.between(50.0, 50.3)),
            (Space::Cartesian, 0) => (prng.between(-1e9, 1e9), prng.between(-1e9, 1e9)),
            (Space::Cartesian, 1) => (prng.between(-1e-9, 1e-9), prng.between(-1e-9, 1e-9)),
            (Space::Cartesian, 2) => (prng.below(3) as f64, prng.below(3) as f64),
            (Space::Cartesian, _) => (prng.between(-10.0, 10.0), prng.between(-10.0, 10.0)),
        };
        let z = if prng.chance(1, 3) { prng.between(-50.0, 9_000.0) } else { 0.0 };
        Point::new_3d(x, y, z)
    }

    fn size(&mut self) -> f64 {
        let most = match self.space {
            Space::Geographic => [10.0, 5_000.0, 300_000.0, 2e7][self.prng.index(4)],
            Space::Cartesian => [1e-9, 1.0, 20.0, 2e9][self.prng.index(4)],
        };
        if self.prng.chance(1, 10) { 0.0 } else { self.prng.between(0.0, most) }
    }

    fn live(&self) -> Objects {
        let now_us = self.clock.now_us();
        let live = self.lives.iter().filter_map(|(id, life)| {
            let (position, _, expires_us) = life.live.as_ref()?;
            let time_us = life.time_us?;
            let known = Known { position: *position, time_us };
            (now_us < *expires_us).then(|| (id.clone(), known))
        });
        live.collect()
    }

    fn step(&mut self) {
        match self.prng.below(100) {
            0..55 => self.upsert(),
            55..60 => self.delete(),
            60..64 => self.clock.advance(self.prng.below(400_000) as i64),
            64..84 => self.ask(),
            84..92 => self.ask_the_past(),
            92..95 => self.insert_trajectory(),
            95 => self.sweep(),
            96 if self.prng.chance(1, 10) => self.reopen(),
            97 if self.prng.chance(1, 10) => self.db.checkpoint().unwrap(),
            98 => self.db.flush().unwrap(),
            _ => self.get(),
        }
    }

    fn upsert(&mut self) {
        let (id, position) = (self.id(), self.point());
        let now_us = self.clock.now_us();
        self.clock.advance(self.prng.below(3) as i64);
        let time_us =
            now_us - if self.prng.chance(1, 6) { self.prng.below(50_000) as i64 } else { 0 };
        let bytes = [self.prng.next_u64() as u8; 5];
        let payload = match self.prng.below(6) {
            0 => Some(&bytes[..]),
            1 => Some(&[][..]),
            _ => None,
        };
        let ttl = self.prng.chance(1, 5).then(|| 1 + self.prng.below(300_000));
        let mut with = Upsert::new().time_us(time_us);
        if let Some(payload) = payload {
            with = with.payload(payload);
        }
        if let Some(ttl) = ttl {
            with = with.ttl(Duration::from_micros(ttl));
        }
        let written = self.namespace().upsert_with(&id, position, &with).unwrap();
        let expires_us = ttl.map_or(i64::MAX, |ttl| self.clock.now_us() + ttl as i64);
        let outcome = self.accept(&id, (time_us, position), payload, expires_us);
        assert_eq!(written.outcome, outcome, "{id} at {time_us}");
    }

    /// The rule of the design: late goes to history alone, equal replaces, what ended stays ended
    /// for what is not newer.
    fn accept(
        &mut self,
        id: &str,
        (time_us, position): (i64, Point),
        payload: Option<&[u8]>,
        expires_us: i64,
    ) -> Outcome {
        let now_us = self.clock.now_us();
        let life = self.lives.entry(id.to_owned()).or_default();
        life.history.push((time_us, position));
        if life.live.as_ref().is_some_and(|live| live.2 <= now_us) {
            life.live = None;
        }
        let is_late = match (&life.live, life.time_us) {
            (Some(_), Some(known)) => time_us < known,
            (None, Some(known)) => time_us <= known,
            (_, None) => false,
        };
        if is_late {
            return Outcome::Late;
        }
        let before = life.live.take();
        let outcome = if before.is_some() { Outcome::Moved } else { Outcome::Created };
        let payload = match payload {
            None => before.and_then(|live| live.1),
            Some([]) => None,
            Some(bytes) => Some(bytes.to_vec()),
        };
        life.live = Some((position, payload, expires_us));
        life.time_us = Some(time_us);
        outcome
    }

    fn insert_trajectory(&mut self) {
        let id = self.id();
        let now_us = self.clock.now_us();
        let points: Vec<(i64, Point)> = (0..self.prng.below(6))
            .map(|_| (now_us - self.prng.below(100_000) as i64, self.point()))
            .collect();
        assert_eq!(self.namespace().insert_trajectory(&id, &points).unwrap(), points.len());
        for point in points {
            self.accept(&id, point, None, i64::MAX);
        }
    }

    fn delete(&mut self) {
        let id = self.id();
        let was_live = self.live().contains_key(&id);
        assert_eq!(self.namespace().delete(&id).unwrap(), was_live);
        if let Some(life) = self.lives.get_mut(&id) {
            life.live = None;
        }
    }

    fn sweep(&mut self) {
        let now_us = self.clock.now_us();
        let mut due = 0;
        for life in self.lives.values_mut() {
            if life.live.as_ref().is_some_and(|live| live.2 <= now_us) {
                life.live = None;
                due += 1;
            }
        }
        // An expired object that was written to again or deleted was laid to rest then.
        assert!(self.db.sweep().unwrap() <= due);
        assert_eq!(self.namespace().len(), self.live().len());
    }

    fn reopen(&mut self) {
        if self.prng.chance(1, 2) {
            self.db.close().unwrap();
        } else {
            // What a killed process leaves: everything that was handed to the system.
            self.db.flush().unwrap();
            let left = self.vfs.duplicate();
            self.db.close().unwrap();
            self.vfs = left;
        }
        self.db = open(&self.vfs, &self.clock);
        assert_eq!(self.db.recovery().bytes_dropped, 0);
        self.sweep();
        for id in self.lives.keys().cloned().collect::<Vec<_>>() {
            self.get_id(&id);
        }
    }

    fn get(&mut self) {
        let id = self.id();
        self.get_id(&id);
    }

    fn get_id(&self, id: &str) {
        let object = self.namespace().get(id).unwrap();
        let live = self.live();
        assert_eq!(object.is_some(), live.contains_key(id), "{id}");
        let Some(object) = object else { return };
        let (position, payload, expires_us) = self.lives[id].live.clone().unwrap();
        assert_eq!((object.position, object.time_us), (position, live[id].time_us));
        assert_eq!(object.payload.as_deref().map(<[u8]>::to_vec), payload);
        assert_eq!(object.expires_us.unwrap_or(i64::MAX), expires_us);
    }

    fn ask(&mut self) {
        let live = self.live();
        let Some(question) = self.question(&live) else { return };
        let rows = self.namespace().query(&question.query()).unwrap();
        if let Err(difference) = compare(&question, &rows, &live, self.space) {
            panic!("{difference}");
        }
    }

    fn question(&mut self, live: &Objects) -> Option<Question> {
        let (a, b, c, size) = (self.point(), self.point(), self.point(), self.size());
        let k = self.prng.index(12);
        let object = live.keys().nth(self.prng.index(live.len())).cloned();
        let low = Point::new_3d(a.x.min(b.x), a.y.min(b.y), a.z.min(b.z));
        let high = Point::new_3d(a.x.max(b.x), a.y.max(b.y), a.z.max(b.z));
        let (west, east) = match self.space {
            Space::Geographic => (a.x, b.x),
            Space::Cartesian => (low.x, high.x),
        };
        let degrees = if self.space == Space::Geographic { size / 50_000.0 } else { size };
        Some(match self.prng.below(14) {
            0 => Question::Circle(a, size),
            1 => Question::Sphere(a, size),
            2 => Question::Cylinder(a, size, low.z, high.z),
            3 => Question::Rect(Rect::new(west, low.y, east, high.y)),
            4 => Question::Box3(Box3::new((west, low.y, low.z), (east, high.y, high.z))),
            5 => {
                let ring = vec![(a.x, a.y), (b.x, b.y), (c.x, c.y)];
                Question::Polygon(Polygon::new(ring, vec![]).ok()?)
            }
            6 => Question::Everywhere,
            7 => Question::Nearest(k, a),
            8 => Question::NearestWithin(k, a, size),
            9 => Question::NearestTo(k, object?),
            10 => Question::Near(object?, size),
            11 => Question::OthersNear(object?, size),
            12 => Question::RectAround(object?, degrees, degrees / 2.0),
            _ => Question::Box3Around(object?, degrees, degrees * 2.0, size),
        })
    }

    fn ask_the_past(&mut self) {
        let id = self.id();
        let Some(life) = self.lives.get(&id) else { return };
        let mut points = life.history.clone();
        points.sort_by_key(|(time_us, _)| *time_us);
        let now_us = self.clock.now_us();
        let (a, b) = (self.prng.below(400_000) as i64, self.prng.below(400_000) as i64);
        let interval = Interval::new(now_us - a.max(b), now_us - a.min(b));
        let limit = self.prng.index(20);
        let namespace = self.namespace();
        let mut expected: Vec<(i64, Point)> =
            points.iter().copied().filter(|point| interval.contains(point.0)).collect();
        let oldest = namespace.trajectory(&id, interval, Order::OldestFirst, limit).unwrap();
        let first: Vec<_> = expected.iter().copied().take(limit).collect();
        assert_eq!(oldest.iter().collect::<Vec<_>>(), first, "{id} {interval:?}");
        expected.reverse();
        expected.truncate(limit);
        let newest = namespace.query_trajectory(&id, interval, limit).unwrap();
        assert_eq!(newest.iter().collect::<Vec<_>>(), expected, "{id} {interval:?}");

        let at_us = now_us - a;
        let before = points.iter().copied().rev().find(|point| point.0 <= at_us);
        let after = points.iter().copied().find(|point| point.0 > at_us);
        let last = namespace.position_at(&id, at_us, Interpolation::Last).unwrap();
        assert_eq!(last, before.map(|point| point.1));
        let linear = namespace.position_at(&id, at_us, Interpolation::Linear).unwrap();
        let between = match (before, after) {
            (Some(a), Some(b)) if a.0 < at_us => Some(interpolate(self.space, a, b, at_us)),
            _ => last,
        };
        assert_eq!(linear, between);
    }
}

fn open(vfs: &MemoryVfs, clock: &Arc<ManualClock>) -> Database {
    Options::new()
        .vfs(Arc::new(vfs.clone()))
        .clock(Arc::clone(clock) as Arc<dyn Clock>)
        .sync(SyncPolicy::Never)
        .segment_bytes(64 * 1024)
        .buffer_size(16)
        .seed(7)
        .open(Path::new("/db"))
        .unwrap()
}

/// Says the seed if the run panics.
struct Announce(u64);

impl Drop for Announce {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("the run failed with SPATIO_SEED={}", self.0);
        }
    }
}

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok().and_then(|value| value.parse().ok())
}

fn run(space: Space, seed: u64, operations: u64) {
    let mut run = Run::new(seed, space);
    let _announce = Announce(run.seed);
    for _ in 0..operations {
        run.step();
    }
}

#[test]
fn on_the_globe_the_engine_equals_the_model() {
    run(Space::Geographic, number("SPATIO_SEED").unwrap_or(1), operations());
}

#[test]
fn in_the_plane_the_engine_equals_the_model() {
    run(Space::Cartesian, number("SPATIO_SEED").unwrap_or(2), operations());
}

fn operations() -> u64 {
    number("SPATIO_OPERATIONS").unwrap_or(60_000)
}
