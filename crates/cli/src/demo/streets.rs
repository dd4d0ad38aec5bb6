//! The streets of the demo: a grid bent along the river, with arterials, gaps and bridges.
//!
//! Invariants: every edge leads both ways, every node has one at least, and all nodes hang
//! together, so a vehicle never gets stuck or jumps.

use crate::demo::land::{self, HALF_HEIGHT_M, HALF_WIDTH_M, Spot};
use crate::demo::rng::Rng;

/// What a street is like.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Class {
    Minor,
    Arterial,
    Bridge,
}

/// One way out of a node.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Edge {
    pub(crate) to: u32,
    pub(crate) class: Class,
    pub(crate) length_m: f32,
}

/// The street graph.
pub(crate) struct Streets {
    pub(crate) nodes: Vec<Spot>,
    pub(crate) edges: Vec<Vec<Edge>>,
}

const COLUMNS: usize = 58;
const ROWS: usize = 28;
const COLUMN_M: f64 = 176.0;
const ROW_M: f64 = 142.0;
/// Distance of the quay street from the water.
const QUAY_M: f64 = 60.0;
const GAP_CHANCE: f64 = 0.13;
/// The columns with a bridge.
const BRIDGES: [usize; 5] = [9, 27, 36, 42, 52];

/// A place of the grid: side of the river (0 north, 1 south), row from the water, column.
type Cell = (usize, usize, usize);

impl Streets {
    pub(crate) fn new(rng: &mut Rng) -> Self {
        let waters: Vec<_> = land::waters().into_iter().map(|area| area.ring).collect();
        let parks: Vec<_> = land::parks().into_iter().map(|area| area.ring).collect();
        let grid = Grid::new(rng);
        let mut streets = Streets { nodes: grid.spots.clone(), edges: Vec::new() };
        streets.edges.resize(streets.nodes.len(), Vec::new());
        let is_open = |spot: Spot| {
            spot.0.abs() < HALF_WIDTH_M + 250.0
                && spot.1.abs() < HALF_HEIGHT_M + 250.0
                && !waters.iter().any(|ring| land::inside(ring, spot))
                && !parks.iter().any(|ring| land::inside(ring, spot))
        };
        for side in 0..2 {
            for row in 0..ROWS {
                for column in 0..COLUMNS {
                    let here = (side, row, column);
                    let along = (side, row, column + 1);
                    let away = (side, row + 1, column);
                    let class_along = if row % 5 == 0 { Class::Arterial } else { Class::Minor };
                    let class_away = if column % 6 == 3 { Class::Arterial } else { Class::Minor };
                    for (there, class) in [(along, class_along), (away, class_away)] {
                        let is_gap = class == Class::Minor && rng.chance(GAP_CHANCE);
                        if there.1 < ROWS && there.2 < COLUMNS && !is_gap {
                            streets.connect(grid.index(here), grid.index(there), class, &is_open);
                        }
                    }
                }
            }
        }
        for column in BRIDGES {
            let (north, south) = (grid.index((0, 0, column)), grid.index((1, 0, column)));
            streets.link(north, south, Class::Bridge);
        }
        streets.keep_largest_part();
        streets
    }

    fn connect(&mut self, a: usize, b: usize, class: Class, is_open: &dyn Fn(Spot) -> bool) {
        let (from, to) = (self.nodes[a], self.nodes[b]);
        let mix = |t: f64| (from.0 + (to.0 - from.0) * t, from.1 + (to.1 - from.1) * t);
        if [0.0, 0.25, 0.5, 0.75, 1.0].into_iter().all(|t| is_open(mix(t))) {
            self.link(a, b, class);
        }
    }

    fn link(&mut self, a: usize, b: usize, class: Class) {
        let (from, to) = (self.nodes[a], self.nodes[b]);
        let length_m = (from.0 - to.0).hypot(from.1 - to.1) as f32;
        self.edges[a].push(Edge { to: b as u32, class, length_m });
        self.edges[b].push(Edge { to: a as u32, class, length_m });
    }

    /// Drops every node that the largest connected part does not reach.
    fn keep_largest_part(&mut self) {
        let mut part = vec![usize::MAX; self.nodes.len()];
        let mut sizes = Vec::new();
        for start in 0..self.nodes.len() {
            if part[start] != usize::MAX {
                continue;
            }
            let (number, mut size, mut open) = (sizes.len(), 0, vec![start]);
            part[start] = number;
            while let Some(node) = open.pop() {
                size += 1;
                for edge in &self.edges[node] {
                    if part[edge.to as usize] == usize::MAX {
                        part[edge.to as usize] = number;
                        open.push(edge.to as usize);
                    }
                }
            }
            sizes.push(size);
        }
        let largest = (0..sizes.len()).max_by_key(|&number| sizes[number]).unwrap_or(0);
        let mut renumbered = vec![u32::MAX; self.nodes.len()];
        let kept: Vec<usize> = (0..self.nodes.len()).filter(|&n| part[n] == largest).collect();
        for (new, &old) in kept.iter().enumerate() {
            renumbered[old] = new as u32;
        }
        self.nodes = kept.iter().map(|&old| self.nodes[old]).collect();
        self.edges = kept
            .iter()
            .map(|&old| {
                let edges = self.edges[old].iter();
                edges.map(|edge| Edge { to: renumbered[edge.to as usize], ..*edge }).collect()
            })
            .collect();
    }

    /// The streets as lines to draw: edges that go on straight are one line.
    pub(crate) fn lines(&self) -> Vec<(Class, Vec<Spot>)> {
        let mut lines = Vec::new();
        let mut done = std::collections::HashSet::new();
        for from in 0..self.nodes.len() {
            for edge in &self.edges[from] {
                if !done.insert(key(from, edge.to as usize)) {
                    continue;
                }
                let mut line = vec![self.nodes[from], self.nodes[edge.to as usize]];
                let (mut last, mut here) = (from, edge.to as usize);
                while let Some(next) = self.straight_on(last, here, edge.class, &done) {
                    done.insert(key(here, next));
                    line.push(self.nodes[next]);
                    (last, here) = (here, next);
                }
                lines.push((edge.class, line));
            }
        }
        lines
    }

    fn straight_on(
        &self,
        last: usize,
        here: usize,
        class: Class,
        done: &std::collections::HashSet<(usize, usize)>,
    ) -> Option<usize> {
        self.edges[here]
            .iter()
            .filter(|edge| edge.class == class && !done.contains(&key(here, edge.to as usize)))
            .map(|edge| (self.turn(last, here, edge.to as usize), edge.to as usize))
            .filter(|(cosine, _)| *cosine > 0.8)
            .max_by(|a, b| a.0.total_cmp(&b.0))
            .map(|(_, next)| next)
    }

    /// The cosine of the turn at `b` on the way from `a` to `c`: 1 is straight on.
    pub(crate) fn turn(&self, a: usize, b: usize, c: usize) -> f64 {
        let (a, b, c) = (self.nodes[a], self.nodes[b], self.nodes[c]);
        let (ux, uy, vx, vy) = (b.0 - a.0, b.1 - a.1, c.0 - b.0, c.1 - b.1);
        (ux * vx + uy * vy) / (ux.hypot(uy) * vx.hypot(vy)).max(1e-9)
    }
}

fn key(a: usize, b: usize) -> (usize, usize) {
    (a.min(b), a.max(b))
}

/// The bent grid before anything is left out.
struct Grid {
    spots: Vec<Spot>,
}

impl Grid {
    fn new(rng: &mut Rng) -> Self {
        let column_shift: Vec<f64> = (0..COLUMNS).map(|_| rng.between(-34.0, 34.0)).collect();
        let row_shift: Vec<f64> = (0..ROWS).map(|_| rng.between(-22.0, 22.0)).collect();
        let mut spots = Vec::with_capacity(2 * ROWS * COLUMNS);
        for side in 0..2 {
            for (row, row_shift) in row_shift.iter().enumerate() {
                for (column, column_shift) in column_shift.iter().enumerate() {
                    let x = (column as f64 - (COLUMNS - 1) as f64 / 2.0) * COLUMN_M + column_shift;
                    let shift = if row == 0 { 0.0 } else { *row_shift };
                    let away_m = QUAY_M + row as f64 * ROW_M + shift;
                    let wobble = (rng.between(-9.0, 9.0), rng.between(-9.0, 9.0));
                    let spot = bent(x, away_m, if side == 0 { 1.0 } else { -1.0 });
                    spots.push((spot.0 + wobble.0, spot.1 + wobble.1));
                }
            }
        }
        Grid { spots }
    }

    fn index(&self, (side, row, column): Cell) -> usize {
        (side * ROWS + row) * COLUMNS + column
    }
}

/// A place `away_m` from the bank: near the river streets follow it, far off they straighten.
fn bent(x: f64, away_m: f64, sign: f64) -> Spot {
    let (middle, half_width) = land::river(x);
    let (dx, dy) = land::river_direction(x);
    let near = (-away_m / 1500.0).exp();
    let offset = half_width + away_m;
    // Near the river the cross streets leave it at a right angle; the shift fades with distance.
    let lean = dy * (-away_m / 700.0).exp() * offset.min(900.0) * 0.8;
    let level = middle * near + (-260.0 + 0.06 * x) * (1.0 - near);
    (x - sign * lean, level + sign * offset * (1.0 - 0.1 * (1.0 - dx)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_node_has_a_street_and_all_hang_together() {
        let streets = Streets::new(&mut Rng::new(7));
        assert!(streets.nodes.len() > 1000, "{} nodes", streets.nodes.len());
        assert!(streets.edges.iter().all(|edges| !edges.is_empty()));
        let bridges = streets.edges.iter().flatten().filter(|e| e.class == Class::Bridge).count();
        assert!(bridges >= 6, "{bridges} ends of bridges");
        let drawn: usize = streets.lines().iter().map(|(_, line)| line.len() - 1).sum();
        let all: usize = streets.edges.iter().map(Vec::len).sum();
        assert_eq!(drawn * 2, all, "every edge is drawn once");
    }
}
