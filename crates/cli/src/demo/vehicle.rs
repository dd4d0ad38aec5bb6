//! Cars and buses: they follow streets, prefer to go straight on, and wait at lights and stops.

use crate::demo::land::Spot;
use crate::demo::rng::Rng;
use crate::demo::streets::{Class, Edge, Streets};

/// One car or bus.
pub(crate) struct Vehicle {
    from: u32,
    to: u32,
    class: Class,
    length_m: f64,
    along_m: f64,
    waiting_s: f64,
    /// How fast this driver is, against the usual.
    pace: f64,
    is_bus: bool,
}

/// Vehicles keep so far to the right of the middle of the street.
const LANE_M: f64 = 4.0;

impl Vehicle {
    pub(crate) fn new(streets: &Streets, is_bus: bool, rng: &mut Rng) -> Self {
        // Two tries, and the one nearer to the middle: a city is denser there.
        let middle = |node: usize| streets.nodes[node].0.hypot(streets.nodes[node].1 * 1.4);
        let (a, b) = (rng.below(streets.nodes.len()), rng.below(streets.nodes.len()));
        let from = if middle(a) < middle(b) { a } else { b };
        let edges = &streets.edges[from];
        let edge = edges[rng.below(edges.len())];
        Vehicle {
            from: from as u32,
            to: edge.to,
            class: edge.class,
            length_m: f64::from(edge.length_m),
            along_m: rng.unit() * f64::from(edge.length_m),
            waiting_s: 0.0,
            pace: rng.between(0.75, 1.2),
            is_bus,
        }
    }

    pub(crate) fn step(&mut self, streets: &Streets, seconds: f64, rng: &mut Rng) {
        let mut left_s = seconds;
        while left_s > 0.0 {
            if self.waiting_s > 0.0 {
                let waited_s = self.waiting_s.min(left_s);
                self.waiting_s -= waited_s;
                left_s -= waited_s;
                continue;
            }
            let speed = self.speed();
            let rest_m = self.length_m - self.along_m;
            if speed * left_s < rest_m {
                self.along_m += speed * left_s;
                return;
            }
            left_s -= rest_m / speed;
            self.turn(streets, rng);
        }
    }

    /// Metres a second.
    fn speed(&self) -> f64 {
        let usual = match (self.class, self.is_bus) {
            (Class::Minor, _) => 8.3,
            (_, true) => 10.5,
            (_, false) => 13.4,
        };
        usual * self.pace
    }

    fn turn(&mut self, streets: &Streets, rng: &mut Rng) {
        let (last, here) = (self.from as usize, self.to as usize);
        let edges = &streets.edges[here];
        let weight = |edge: &Edge| {
            if edge.to == self.from {
                return 1e-6;
            }
            let straight = 0.15 + (streets.turn(last, here, edge.to as usize) + 1.0) / 2.0;
            let class = match edge.class {
                Class::Minor if self.is_bus => 0.04,
                Class::Minor => 1.0,
                Class::Arterial => 3.0,
                Class::Bridge => 4.0,
            };
            straight * straight * class
        };
        let total: f64 = edges.iter().map(weight).sum();
        let mut pick = rng.unit() * total;
        let mut chosen = edges[edges.len() - 1];
        for edge in edges {
            pick -= weight(edge);
            if pick <= 0.0 {
                chosen = *edge;
                break;
            }
        }
        self.from = here as u32;
        self.to = chosen.to;
        self.class = chosen.class;
        self.length_m = f64::from(chosen.length_m);
        self.along_m = 0.0;
        self.waiting_s = match self.is_bus {
            true if rng.chance(0.35) => rng.between(12.0, 25.0),
            false if rng.chance(0.22) => rng.between(3.0, 22.0),
            _ => 0.0,
        };
    }

    pub(crate) fn spot(&self, streets: &Streets) -> Spot {
        let (a, b) = (streets.nodes[self.from as usize], streets.nodes[self.to as usize]);
        let (dx, dy) = ((b.0 - a.0) / self.length_m, (b.1 - a.1) / self.length_m);
        let (x, y) = (a.0 + dx * self.along_m, a.1 + dy * self.along_m);
        (x + dy * LANE_M, y - dx * LANE_M)
    }
}
