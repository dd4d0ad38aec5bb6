//! Property: every query of a database in memory gives exactly what looking at all objects gives,
//! in the same order, after any sequence of moves, bursts and deletions.

use std::collections::BTreeMap;

use spatio::{
    Box3, Database, DistanceFrom, Namespace, NamespaceOptions, Point, Query, Rect, Space,
};

use crate::input::Input;

/// Where things go wrong: the antimeridian, the poles, the zeros, and their neighbours.
const ODD: [f64; 16] = [
    0.0,
    -0.0,
    180.0,
    -180.0,
    90.0,
    -90.0,
    179.999_999,
    -179.999_999,
    89.999_999,
    -89.999_999,
    1e-9,
    -1e-9,
    45.0,
    -45.0,
    1e-100,
    0.1,
];

struct World {
    space: Space,
    namespace: Namespace,
    /// What the database must hold.
    objects: BTreeMap<String, Point>,
}

/// Plays the bytes as operations.
pub fn check(bytes: &[u8]) {
    let mut input = Input(bytes);
    let (space, options) = match input.number(2) {
        0 => (Space::Geographic, NamespaceOptions::geographic()),
        _ => (Space::Cartesian, NamespaceOptions::cartesian()),
    };
    let db = Database::memory();
    let namespace = db.create_namespace("all", &options).expect("the name is good");
    let mut world = World { space, namespace, objects: BTreeMap::new() };
    while !input.0.is_empty() {
        match input.number(8) {
            0..3 => world.put(&mut input),
            3 => world.burst(&mut input),
            4 => world.delete(&mut input),
            _ => world.ask(&mut input),
        }
    }
    world.ask_around(Point::new(0.0, 0.0), 1e7, 10);
    assert_eq!(world.namespace.len(), world.objects.len());
}

/// Zero in place of a number whose square is no ordinary one: distances of less than 1e-150 or so
/// come out as 0, and nobody has needed others.
fn with_a_square(value: f64) -> f64 {
    if value.abs() < 1e-100 { 0.0 } else { value }
}

impl World {
    fn coordinate(&self, input: &mut Input<'_>, limit: f64) -> f64 {
        let value = match input.number(3) {
            0 => ODD[usize::from(input.number(16))],
            1 => input.whole() as f64 * limit / 127.0,
            _ => input.f64(),
        };
        let limit = if self.space == Space::Geographic { limit } else { 1e100 };
        if value.is_finite() { with_a_square(value).clamp(-limit, limit) } else { limit }
    }

    fn point(&self, input: &mut Input<'_>) -> Point {
        let (x, y) = (self.coordinate(input, 180.0), self.coordinate(input, 90.0));
        let z = if input.number(2) == 0 { 0.0 } else { self.coordinate(input, 9_000.0) };
        Point::new_3d(x, y, z)
    }

    fn set(&mut self, id: String, point: Point) {
        let moved = self.namespace.upsert(&id, point, None);
        assert_eq!(moved.is_ok(), self.space.validate("fuzz", point).is_ok(), "{point:?}");
        if moved.is_ok() {
            self.objects.insert(id, point);
        }
    }

    fn put(&mut self, input: &mut Input<'_>) {
        let id = format!("{}", input.number(100));
        let point = self.point(input);
        self.set(id, point);
    }

    /// Many objects around one point, so that leaves split.
    fn burst(&mut self, input: &mut Input<'_>) {
        let (center, count) = (self.point(input), input.number(200));
        let spread = [0.0, 1e-12, 1e-3, 10.0][usize::from(input.number(4))];
        let mut state = u64::from(input.number(255));
        let mut next = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            ((state >> 40) as f64 / 8_388_608.0 - 1.0) * spread
        };
        for number in 0..count {
            let point = Point::new(center.x + next(), center.y + next());
            if self.space.validate("fuzz", point).is_ok() {
                self.set(format!("burst {number}"), point);
            }
        }
    }

    fn delete(&mut self, input: &mut Input<'_>) {
        let count = usize::from(input.number(100));
        let ids: Vec<String> = self.objects.keys().take(count).cloned().collect();
        for id in ids {
            assert!(self.namespace.delete(&id).expect("the id is good"), "{id} was there");
            self.objects.remove(&id);
        }
    }

    fn ask(&self, input: &mut Input<'_>) {
        let center = self.point(input);
        let radius = match input.number(3) {
            0 => f64::from(input.number(200)) * 1e5,
            1 => f64::from(input.number(200)) * 1e-3,
            _ => with_a_square(input.f64().abs()),
        };
        if radius.is_finite() {
            self.ask_around(center, radius, usize::from(input.number(50)));
        }
        self.ask_boxes(center, self.point(input));
    }

    /// Circle, sphere and nearest.
    fn ask_around(&self, center: Point, radius: f64, limit: usize) {
        let from = DistanceFrom::new(self.space, center);
        let on_ground = |p: &Point| from.to_xy(p.x, p.y);
        let in_space = |p: &Point| from.to(p.x, p.y, p.z);
        let circle = Query::circle(center, radius).limit(limit);
        self.compare(&circle, &self.nearest(on_ground, radius, limit));
        let sphere = Query::sphere(center, radius).limit(limit);
        self.compare(&sphere, &self.nearest(in_space, radius, limit));
        let nearest = Query::nearest(limit, center);
        self.compare(&nearest, &self.nearest(in_space, f64::INFINITY, limit));
    }

    /// The ids within `radius`, nearest first, ties by id.
    fn nearest(&self, distance: impl Fn(&Point) -> f64, radius: f64, limit: usize) -> Vec<&str> {
        let mut all: Vec<(f64, &str)> =
            self.objects.iter().map(|(id, point)| (distance(point), id.as_str())).collect();
        all.retain(|(distance, _)| *distance <= radius);
        all.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(b.1)));
        all.into_iter().take(limit).map(|(_, id)| id).collect()
    }

    /// Boxes between two points, in no promised order.
    fn ask_boxes(&self, a: Point, b: Point) {
        let rect = Rect::new(a.x, a.y.min(b.y), b.x, a.y.max(b.y));
        let (low, high) = (a.z.min(b.z), a.z.max(b.z));
        let box3 = Box3::new((rect.min_x, rect.min_y, low), (rect.max_x, rect.max_y, high));
        if rect.validate(self.space, "fuzz").is_err() {
            assert!(self.namespace.query(&Query::rect(rect)).is_err());
            return;
        }
        let rects = rect.split(self.space);
        let inside = |p: &Point| rects.iter().any(|rect| rect.contains(p.x, p.y));
        self.compare_sets(&Query::rect(rect), inside);
        self.compare_sets(&Query::box3(box3), |p| inside(p) && low <= p.z && p.z <= high);
    }

    fn compare(&self, query: &Query, expected: &[&str]) {
        let rows = self.namespace.query(query).expect("the query is good");
        let found: Vec<&str> = rows.iter().map(|row| row.id).collect();
        assert_eq!(found, expected, "{query:?} of {:?}", self.objects);
    }

    fn compare_sets(&self, query: &Query, inside: impl Fn(&Point) -> bool) {
        let rows = self.namespace.query(query).expect("the query is good");
        let mut found: Vec<&str> = rows.iter().map(|row| row.id).collect();
        found.sort_unstable();
        let all = self.objects.iter();
        let expected: Vec<&str> =
            all.filter(|(_, p)| inside(p)).map(|(id, _)| id.as_str()).collect();
        assert_eq!(found, expected, "{query:?} of {:?}", self.objects);
    }
}
