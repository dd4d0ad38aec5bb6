//! The data of the workloads: where objects are, how they move, what is asked about them.
//!
//! Owns the generators, all of them seeded. A `Scene` says what the world looks like; a `Walker` is
//! the model of one engine's state, so that every engine may be moved as far as it gets in its time
//! and still be checked.

use crate::check::EARTH_RADIUS_M;
use crate::peer::{Form, Ids, Moves, Question, Step, Wanted};
use ::ours::{Point, Space};
use std::f64::consts::PI;
use std::fmt;
use std::sync::Arc;

/// The hits that a circle or a box is sized for.
pub const HITS: f64 = 30.0;
/// The k of k nearest.
pub const K: usize = 10;
/// Altitudes go from 0 to this, in metres.
const ALTITUDE_MAX_M: f64 = 100.0;
/// The share of the objects that is in the city, and the share of the side that the city takes.
const CITY_OBJECTS: f64 = 0.9;
const CITY_SIDE: f64 = 0.1;
const CITY_OFFSET: f64 = 0.4;
/// The reach of a small step, as a share of the side of the world.
const SMALL_STEP: f64 = 1e-4;

/// A square part of a space, in its coordinates.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Extent {
    pub x: f64,
    pub y: f64,
    pub side: f64,
}

/// How objects are spread over the world.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spread {
    Uniform,
    /// 90 % of the objects in 1 % of the area.
    City,
    /// All on one coordinate.
    OneCoordinate,
}

/// How objects move.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gait {
    /// At most 1e-4 of the side, any object next.
    Small,
    /// Anywhere that the spread allows, any object next.
    Jump,
    /// Away from its place by up to a tenth of the side, and back the next time.
    Commute,
}

/// A world.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scene {
    pub space: Space,
    pub spread: Spread,
    /// Whether objects have altitudes; all are 0 otherwise.
    pub altitudes: bool,
    pub count: usize,
}

impl fmt::Display for Scene {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let space = match self.space {
            Space::Geographic => "geographic",
            Space::Cartesian => "cartesian",
        };
        let spread = match self.spread {
            Spread::Uniform => "uniform",
            Spread::City => "city",
            Spread::OneCoordinate => "one coordinate",
        };
        let heights = if self.altitudes { "altitudes" } else { "flat" };
        write!(f, "{space} {spread} {heights} {}", short(self.count))
    }
}

/// A count for a person: 100 k, 1 M.
pub fn short(count: usize) -> String {
    match count {
        n if n >= 1_000_000 && n.is_multiple_of(100_000) => format!("{} M", n as f64 / 1e6),
        n if n >= 1_000 && n.is_multiple_of(100) => format!("{} k", n as f64 / 1e3),
        n => n.to_string(),
    }
}

impl Scene {
    /// The square that the objects are in: a degree of central Europe, or ten thousand units.
    pub fn extent(&self) -> Extent {
        match self.space {
            Space::Geographic => Extent { x: 13.0, y: 52.0, side: 1.0 },
            Space::Cartesian => Extent { x: 0.0, y: 0.0, side: 10_000.0 },
        }
    }

    /// The first position of every object.
    pub fn positions(&self, random: &mut Random) -> Vec<Point> {
        (0..self.count).map(|_| self.place(random)).collect()
    }

    /// Questions of about `HITS` hits, asked where the objects are.
    pub fn questions(&self, form: Form, count: usize, seed: u64) -> Vec<Question> {
        let mut random = Random::new(seed);
        (0..count).map(|_| self.question(form, &mut random)).collect()
    }

    fn place(&self, random: &mut Random) -> Point {
        let Extent { x, y, side } = self.extent();
        let z = if self.altitudes { random.unit() * ALTITUDE_MAX_M } else { 0.0 };
        let (u, v) = match self.spread {
            Spread::Uniform => (random.unit(), random.unit()),
            Spread::City if random.unit() < CITY_OBJECTS => {
                let mut within = || CITY_OFFSET + CITY_SIDE * random.unit();
                (within(), within())
            }
            Spread::City => (random.unit(), random.unit()),
            Spread::OneCoordinate => (0.5, 0.5),
        };
        Point { x: x + side * u, y: y + side * v, z }
    }

    fn question(&self, form: Form, random: &mut Random) -> Question {
        let mut center = self.place(random);
        if self.altitudes {
            center.z = ALTITUDE_MAX_M / 2.0;
        }
        let (metres_x, metres_y) = self.metres_per_unit();
        let density = self.density(center) / (metres_x * metres_y);
        match form {
            Form::Circle => Question::Circle { center, radius: self.radius(density) },
            Form::Nearest => Question::Nearest { center, k: K },
            Form::Box => {
                let half = (HITS / density).sqrt() / 2.0;
                let (dx, dy) = (half / metres_x, half / metres_y);
                let (min_x, max_x) = (center.x - dx, center.x + dx);
                Question::Box { min_x, min_y: center.y - dy, max_x, max_y: center.y + dy }
            }
        }
    }

    /// Metres (or units) that one unit of the coordinates takes, along x and along y.
    fn metres_per_unit(&self) -> (f64, f64) {
        let Extent { y, side, .. } = self.extent();
        match self.space {
            Space::Cartesian => (1.0, 1.0),
            Space::Geographic => {
                let degree = EARTH_RADIUS_M * PI / 180.0;
                (degree * (y + side / 2.0).to_radians().cos(), degree)
            }
        }
    }

    /// Objects for each square unit of the coordinates around a place.
    fn density(&self, at: Point) -> f64 {
        let Extent { x, y, side } = self.extent();
        let even = self.count as f64 / (side * side);
        let in_city = |offset: f64| (CITY_OFFSET..CITY_OFFSET + CITY_SIDE).contains(&offset);
        match self.spread {
            Spread::City => {
                let city = in_city((at.x - x) / side) && in_city((at.y - y) / side);
                let dense = CITY_OBJECTS / (CITY_SIDE * CITY_SIDE);
                even * (1.0 - CITY_OBJECTS + if city { dense } else { 0.0 })
            }
            Spread::Uniform | Spread::OneCoordinate => even,
        }
    }

    /// The radius of a circle (or a sphere, with altitudes) of about `HITS` hits.
    fn radius(&self, density: f64) -> f64 {
        let flat = (HITS / (PI * density)).sqrt();
        if !self.altitudes {
            return flat;
        }
        // The objects fill a slab, and the sphere stands in its middle: find its radius by halving.
        let half = ALTITUDE_MAX_M / 2.0;
        let volume = |r: f64| match r <= half {
            true => 4.0 / 3.0 * PI * r.powi(3),
            false => 2.0 * PI * (r * r * half - half.powi(3) / 3.0),
        };
        let (mut low, mut high) = (0.0, flat + ALTITUDE_MAX_M);
        for _ in 0..60 {
            let middle = (low + high) / 2.0;
            let hits = volume(middle) * density / ALTITUDE_MAX_M;
            if hits < HITS { low = middle } else { high = middle }
        }
        high
    }
}

/// The model of one engine's objects, and the source of its next moves.
#[derive(Clone)]
pub struct Walker {
    pub scene: Scene,
    pub ids: Arc<Ids>,
    pub positions: Vec<Point>,
    home: Arc<[Point]>,
    random: Random,
}

impl Walker {
    /// The objects of a scene in their first places.
    pub fn new(scene: Scene, ids: &Arc<Ids>, seed: u64) -> Self {
        let mut random = Random::new(seed);
        let positions = scene.positions(&mut random);
        Walker { scene, ids: ids.clone(), home: positions.clone().into(), positions, random }
    }

    /// Every object to where it is: what an insertion of all takes.
    pub fn all(&self) -> Moves {
        let step = |(object, &to): (u32, &Point)| Step { object, to };
        Moves::of(&self.ids, (0..).zip(&self.positions).map(step).collect())
    }

    /// The next `n` moves by id.
    pub fn moves(&mut self, gait: Gait, n: usize) -> Moves {
        let steps = self.steps(gait, n);
        Moves::of(&self.ids, steps)
    }

    /// `n` objects, any of them, by id.
    pub fn wanted(&mut self, n: usize) -> Wanted {
        let objects = self.objects(n);
        Wanted::of(&self.ids, objects)
    }

    /// The next `n` moves.
    pub fn steps(&mut self, gait: Gait, n: usize) -> Vec<Step> {
        (0..n).map(|_| self.step(gait)).collect()
    }

    /// `n` objects, any of them.
    pub fn objects(&mut self, n: usize) -> Vec<u32> {
        (0..n).map(|_| self.random.below(self.positions.len()) as u32).collect()
    }

    fn step(&mut self, gait: Gait) -> Step {
        let object = self.random.below(self.positions.len());
        let to = match gait {
            Gait::Jump => self.scene.place(&mut self.random),
            Gait::Small => self.shifted(self.positions[object], SMALL_STEP),
            Gait::Commute if self.positions[object] == self.home[object] => {
                self.shifted(self.home[object], CITY_SIDE)
            }
            Gait::Commute => self.home[object],
        };
        self.positions[object] = to;
        Step { object: object as u32, to }
    }

    fn shifted(&mut self, from: Point, reach: f64) -> Point {
        let Extent { x, y, side } = self.scene.extent();
        let mut by = || (self.random.unit() * 2.0 - 1.0) * reach * side;
        let (dx, dy) = (by(), by());
        let z = if self.scene.altitudes { from.z + dx.signum() * from.z * 1e-3 } else { from.z };
        Point {
            x: (from.x + dx).clamp(x, x + side),
            y: (from.y + dy).clamp(y, y + side),
            z: z.clamp(0.0, ALTITUDE_MAX_M),
        }
    }
}

/// Upstream's own benchmark: a sorted grid of about `count` ids a hundredth of a degree apart.
pub struct UpstreamGrid {
    pub ids: Arc<Ids>,
    pub positions: Vec<Point>,
}

impl UpstreamGrid {
    /// The grid of `floor(sqrt(count))` squared objects, x-major.
    pub fn new(count: usize) -> Self {
        let side = count.isqrt();
        let nodes = || (0..side).flat_map(|x| (0..side).map(move |y| (x, y)));
        let place =
            |(x, y): (usize, usize)| Point { x: x as f64 * 0.01, y: y as f64 * 0.01, z: 0.0 };
        UpstreamGrid {
            ids: Ids::new(nodes().map(|(x, y)| format!("obj:{x}:{y}")).collect()),
            positions: nodes().map(place).collect(),
        }
    }

    /// The same, every object a ten-thousandth of a degree further east for each lap.
    pub fn step(&self, object: usize, lap: usize) -> Step {
        let at = self.positions[object];
        Step { object: object as u32, to: Point { x: at.x + lap as f64 * 0.0001, ..at } }
    }
}

/// A small seeded generator (xorshift), the same on every machine.
#[derive(Clone)]
pub struct Random(u64);

impl Random {
    /// A generator of which every seed gives another sequence.
    pub fn new(seed: u64) -> Self {
        Random((seed ^ 0x9E37_79B9_7F4A_7C15).max(1))
    }

    /// The next 64 bits.
    pub fn bits(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    /// From 0 up to, not including, 1.
    pub fn unit(&mut self) -> f64 {
        (self.bits() >> 11) as f64 / (1u64 << 53) as f64
    }

    /// From 0 up to, not including, `count`.
    pub fn below(&mut self, count: usize) -> usize {
        (self.bits() % count as u64) as usize
    }
}
