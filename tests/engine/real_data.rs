//! Guards the engine on recorded movement: every point file is replayed row by row, in the order
//! of the file, into a database in a directory. Along the way and at the end every kind of question
//! equals a scan over the last positions; at the end the tracks equal the rows of the file, a
//! position in between equals an interpolation of its own, and closing, reopening and a crash
//! after a sync change none of it. Which rows are late is told by a model of one line.
//!
//! The tracks of a sample of objects are compared; with `SPATIO_FULL=1` those of all.

use std::collections::HashMap;
use std::path::Path;
use std::sync::{Arc, OnceLock};

use crate::oracle::{Known, Objects, Question, compare};
use spatio::prng::Prng;
use spatio::vfs::MemoryVfs;
use spatio::{
    Box3, Database, Interpolation, Interval, Namespace, Options, Order, Outcome, Point, Polygon,
    Rect, Space, SyncPolicy, Upsert, haversine_m,
};

/// Objects whose tracks are compared in the everyday run, and moments of each that are asked for.
const SAMPLE: usize = 24;
const INSTANTS: usize = 20;
const QUESTIONS: usize = 60;

/// A point file in memory: names by number, and rows as number, time and place.
struct Recording {
    names: Vec<String>,
    rows: Vec<(usize, i64, Point)>,
}

fn read(file: &str) -> Recording {
    let mut numbers: HashMap<String, usize> = HashMap::new();
    let (mut names, mut rows) = (Vec::new(), Vec::new());
    for (id, time_ms, x, y, z) in crate::data::open_points(file) {
        let number = *numbers.entry(id).or_insert_with_key(|id| {
            names.push(id.clone());
            names.len() - 1
        });
        rows.push((number, time_ms * 1_000, Point::new_3d(x, y, z.unwrap_or(0.0))));
    }
    Recording { names, rows }
}

fn countries() -> &'static [(String, Polygon)] {
    static COUNTRIES: OnceLock<Vec<(String, Polygon)>> = OnceLock::new();
    COUNTRIES.get_or_init(|| {
        let features = crate::data::open_polygons("geofence_countries_10m").into_iter();
        // The features are valid, which tests/reference_counts.rs guards.
        let polygon = |parts| Polygon::multi_unchecked(parts).unwrap();
        features.map(|(_, name, parts)| (name, polygon(parts))).collect()
    })
}

fn open(vfs: &MemoryVfs) -> Database {
    let options = Options::new().vfs(Arc::new(vfs.clone())).sync(SyncPolicy::Never).seed(1);
    options.segment_bytes(2 << 20).open(Path::new("/db")).unwrap()
}

/// A replay in progress, beside its model.
struct Replay {
    file: &'static str,
    recording: Recording,
    vfs: MemoryVfs,
    db: Database,
    prng: Prng,
    /// The last accepted row of each object.
    live: Vec<Option<(i64, Point)>>,
    /// Every row of each object, in the order of arrival.
    tracks: Vec<Vec<(i64, Point)>>,
    late: usize,
}

impl Replay {
    fn new(file: &'static str) -> Self {
        let recording = read(file);
        let vfs = MemoryVfs::new();
        let db = open(&vfs);
        db.create_namespace("n", &spatio::NamespaceOptions::geographic()).unwrap();
        let live = vec![None; recording.names.len()];
        let tracks = vec![Vec::new(); recording.names.len()];
        Replay { file, recording, vfs, db, prng: Prng::new(1), live, tracks, late: 0 }
    }

    fn namespace(&self) -> Namespace {
        self.db.namespace("n").unwrap()
    }

    /// Writes rows `from..to`; each is late if and only if it is older than what is known.
    fn play(&mut self, from: usize, to: usize) {
        let namespace = self.namespace();
        for row in from..to {
            let (object, time_us, position) = self.recording.rows[row];
            let id = &self.recording.names[object];
            let with = Upsert::new().time_us(time_us);
            let outcome = namespace.upsert_with(id, position, &with).unwrap().outcome;
            let expected = match self.live[object] {
                None => Outcome::Created,
                Some((known_us, _)) if time_us < known_us => Outcome::Late,
                Some(_) => Outcome::Moved,
            };
            assert_eq!(outcome, expected, "{}: row {row}", self.file);
            if outcome != Outcome::Late {
                self.live[object] = Some((time_us, position));
            }
            self.late += usize::from(outcome == Outcome::Late);
            self.tracks[object].push((time_us, position));
        }
    }

    fn objects(&self) -> Objects {
        let live = self.live.iter().zip(&self.recording.names);
        let known = live.filter_map(|(live, name)| {
            live.map(|(time_us, position)| (name.clone(), Known { position, time_us }))
        });
        known.collect()
    }

    fn ask(&self, objects: &Objects, question: &Question) {
        let rows = self.namespace().query(&question.query()).unwrap();
        if let Err(difference) = compare(question, &rows, objects, Space::Geographic) {
            panic!("{}: {difference}", self.file);
        }
    }

    /// Asks questions of every kind about places of the recording, and beside them.
    fn ask_all(&mut self) {
        let objects = self.objects();
        let namespace = self.namespace();
        assert_eq!(namespace.count().unwrap(), objects.len());
        for round in 0..QUESTIONS {
            let question = self.question(&objects, round);
            self.ask(&objects, &question);
        }
        let is_met = |polygon: &Polygon| {
            let bounds = polygon.bounds();
            objects.values().any(|known| bounds.contains(known.position.x, known.position.y))
        };
        for (_, polygon) in countries().iter().filter(|(_, polygon)| is_met(polygon)) {
            self.ask(&objects, &Question::Polygon(polygon.clone()));
        }
        for (id, known) in &objects {
            let object = namespace.get(id).unwrap().expect("a live object is found");
            assert_eq!((object.position, object.time_us), (known.position, known.time_us));
        }
    }

    /// A place of some row, often moved a little.
    fn place(&mut self) -> Point {
        let (_, _, Point { x, y, z }) =
            self.recording.rows[self.prng.index(self.recording.rows.len())];
        if self.prng.chance(1, 3) {
            return Point::new_3d(x, y, z);
        }
        let prng = &mut self.prng;
        let step = [1e-6, 1e-3, 0.1, 5.0][prng.index(4)];
        let x = x + prng.between(-step, step);
        let x = if x.abs() > 180.0 { x - 360.0 * x.signum() } else { x };
        let y = (y + prng.between(-step, step)).clamp(-90.0, 90.0);
        Point::new_3d(x, y, z + prng.between(-100.0, 100.0))
    }

    fn question(&mut self, objects: &Objects, round: usize) -> Question {
        let (a, b, c) = (self.place(), self.place(), self.place());
        let most = [10.0, 2_000.0, 50_000.0, 1e6, 2.1e7][self.prng.index(5)];
        let size = self.prng.between(0.0, most);
        let k = self.prng.index(40);
        let object = objects.keys().nth(self.prng.index(objects.len())).expect("it moved").clone();
        let low = Point::new_3d(a.x.min(b.x), a.y.min(b.y), a.z.min(b.z));
        let high = Point::new_3d(a.x.max(b.x), a.y.max(b.y), a.z.max(b.z));
        let degrees = size / 1e5;
        match round % 16 {
            0 => Question::Circle(a, size),
            1 => Question::Sphere(a, size),
            2 => Question::Cylinder(a, size, low.z, high.z),
            // Half of these have their west side east of the other: over the antimeridian.
            3 => Question::Rect(Rect::new(a.x, low.y, b.x, high.y)),
            4 => Question::Box3(Box3::new((a.x, low.y, low.z), (b.x, high.y, high.z))),
            5 => match Polygon::new(vec![(a.x, a.y), (b.x, b.y), (c.x, c.y)], vec![]) {
                Ok(triangle) => Question::Polygon(triangle),
                Err(_) => Question::Everywhere,
            },
            6 => Question::Everywhere,
            7 => Question::Nearest(k, a),
            8 => Question::NearestWithin(k, a, size),
            9 => Question::NearestTo(k, object),
            10 => Question::Near(object, size),
            11 => Question::OthersNear(object, size),
            12 => Question::RectAround(object, degrees, degrees / 2.0),
            13 => Question::Box3Around(object, degrees, degrees * 2.0, size),
            14 => Question::Rect(Rect::new(170.0, -90.0, -170.0, 90.0)),
            // A circle on whose border an object lies.
            _ => Question::Circle(a, haversine_m(a, objects[&object].position)),
        }
    }

    /// Objects whose tracks are compared: those with the most rows of one time, the longest, the
    /// shortest, and some more.
    fn sample(&mut self) -> Vec<usize> {
        let all = 0..self.tracks.len();
        if std::env::var_os("SPATIO_FULL").is_some_and(|value| value == "1") {
            return all.collect();
        }
        let ties = |track: &Vec<(i64, Point)>| {
            let mut times: Vec<i64> = track.iter().map(|row| row.0).collect();
            times.sort_unstable();
            times.windows(2).filter(|pair| pair[0] == pair[1]).count()
        };
        let mut order: Vec<(usize, usize, usize)> = all
            .map(|object| (ties(&self.tracks[object]), self.tracks[object].len(), object))
            .collect();
        order.sort_unstable();
        let mut sample: Vec<usize> =
            order.iter().rev().take(SAMPLE / 3).map(|found| found.2).collect();
        order.sort_unstable_by_key(|found| found.1);
        sample.extend(order.iter().take(2).chain(order.iter().rev().take(2)).map(|found| found.2));
        sample.extend((0..SAMPLE / 2).map(|_| self.prng.index(self.tracks.len())));
        sample
    }

    fn compare_track(&mut self, object: usize) {
        let namespace = self.namespace();
        let id = &self.recording.names[object];
        // Stable, so that rows of one time stay in the order of arrival.
        let mut rows = self.tracks[object].clone();
        rows.sort_by_key(|row| row.0);
        let track = |interval: Interval, order, limit| -> Vec<(i64, Point)> {
            namespace.trajectory(id, interval, order, limit).unwrap().iter().collect()
        };
        let found = track(Interval::ALL, Order::OldestFirst, usize::MAX);
        assert!(found == rows, "{}: the track of {id:?} is not its rows", self.file);
        let at = |prng: &mut Prng| rows[prng.index(rows.len())].0;
        let (a, b) = (at(&mut self.prng), at(&mut self.prng));
        let (interval, limit) = (Interval::new(a.min(b), a.max(b)), 1 + self.prng.index(50));
        let mut piece: Vec<(i64, Point)> =
            rows.iter().copied().filter(|row| interval.contains(row.0)).collect();
        assert_eq!(track(interval, Order::OldestFirst, usize::MAX), piece);
        piece.reverse();
        piece.truncate(limit);
        assert_eq!(track(interval, Order::NewestFirst, limit), piece, "{}: {id:?}", self.file);
        self.compare_instants(object, &rows);
    }

    /// Where an object was at some of its times, between them, before and after all.
    fn compare_instants(&mut self, object: usize, rows: &[(i64, Point)]) {
        let namespace = self.namespace();
        let id = &self.recording.names[object];
        for _ in 0..INSTANTS {
            let (time_us, _) = rows[self.prng.index(rows.len())];
            let shift = [0, 1, 500_000, 40_000_000, 86_400_000_000][self.prng.index(5)];
            let at_us = if self.prng.chance(1, 2) { time_us - shift } else { time_us + shift };
            let last = namespace.position_at(id, at_us, Interpolation::Last).unwrap();
            let linear = namespace.position_at(id, at_us, Interpolation::Linear).unwrap();
            let next = rows.partition_point(|row| row.0 <= at_us);
            let before = next.checked_sub(1).map(|before| rows[before]);
            assert_eq!(last, before.map(|row| row.1), "{}: {id:?} at {at_us}", self.file);
            let between = before.map(|before| match rows.get(next) {
                Some(&after) if before.0 < at_us => go_straight(before, after, at_us),
                _ => before.1,
            });
            let agree = match (linear, between) {
                (Some(a), Some(b)) => {
                    let east = (a.x - b.x).abs();
                    let near = |a: f64, b: f64| (a - b).abs() <= 1e-9 * b.abs().max(1.0);
                    east.min(360.0 - east) < 1e-9 && near(a.y, b.y) && near(a.z, b.z)
                }
                (a, b) => a == b,
            };
            assert!(agree, "{}: {id:?} at {at_us}: {linear:?}, not {between:?}", self.file);
        }
    }

    fn compare_tracks(&mut self) {
        for object in self.sample() {
            self.compare_track(object);
        }
    }

    fn look(&mut self) {
        self.ask_all();
        self.compare_tracks();
        let stats = self.db.stats().unwrap();
        assert_eq!(stats.objects, self.recording.names.len());
    }
}

/// Even motion along the shorter way round, written down another way than the engine's.
fn go_straight(a: (i64, Point), b: (i64, Point), at_us: i64) -> Point {
    let share = (at_us - a.0) as f64 / (b.0 - a.0) as f64;
    let mix = |from: f64, to: f64| from * (1.0 - share) + to * share;
    let unrolled = match b.1.x - a.1.x {
        east if east > 180.0 => b.1.x - 360.0,
        east if east < -180.0 => b.1.x + 360.0,
        _ => b.1.x,
    };
    let x = mix(a.1.x, unrolled);
    let x = if x.abs() > 180.0 { x - 360.0 * x.signum() } else { x };
    Point::new_3d(x, mix(a.1.y, b.1.y), mix(a.1.z, b.1.z))
}

/// Replays a file; `rows` and `late` are what it is known to hold.
fn replay(file: &'static str, rows: usize, late: usize) {
    if !crate::data::is_available() {
        return;
    }
    let mut replay = Replay::new(file);
    assert_eq!(replay.recording.rows.len(), rows);
    let moments = [rows / 50, rows / 3, rows * 2 / 3, rows];
    let mut from = 0;
    for to in moments {
        replay.play(from, to);
        replay.ask_all();
        from = to;
    }
    assert_eq!(replay.late, late, "{file}");
    replay.compare_tracks();
    // A crash after a sync: there is no checkpoint, the log alone is read.
    replay.db.sync().unwrap();
    let crashed = replay.vfs.duplicate();
    let closed = std::mem::replace(&mut replay.db, open(&crashed));
    replay.look();
    closed.close().unwrap();
    replay.db = open(&replay.vfs);
    assert!(replay.db.recovery().checkpoint_seq.is_some());
    replay.look();
}

#[test]
fn buses_of_austin() {
    replay("bus_austin_2016-11-24_27", 115_088, 0);
}

#[test]
fn buses_of_austin_on_other_days() {
    replay("bus_austin_other_days", 484_730, 0);
}

#[test]
fn ships_of_the_us_coast() {
    replay("ais_us_coast_2022-01-03", 99_999, 0);
}

#[test]
fn ships_in_the_order_of_their_source() {
    replay("ais_us_coast_2022-01-03.source_order", 99_999, 12_642);
}

#[test]
fn aircraft_around_paris() {
    replay("aircraft_adsb_paris_2021-10-07", 284_505, 0);
}

#[test]
fn aircraft_over_switzerland() {
    replay("aircraft_adsb_switzerland_2018-08-01", 139_098, 0);
}

#[test]
fn gliders_and_firefighters_and_a_spoofed_flight() {
    replay("aircraft_adsb_noisy_gliders_firefighting", 44_902, 0);
}

#[test]
fn people_of_beijing() {
    replay("people_geolife_beijing", 164_531, 0);
}

#[test]
fn storks_to_africa() {
    replay("stork_migration_de_africa", 155_173, 0);
}

#[test]
fn icebergs_around_antarctica() {
    replay("icebergs_antarctic_1976_2022", 384_558, 0);
}
