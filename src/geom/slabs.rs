//! The index that answers whether a point is in a polygon without walking its whole border.
//!
//! Owns: the edges of all parts, and for every slab of equal height the edges that reach into it,
//! in runs of one part each. Does not own the rule of one edge, which is `ring::pass`.
//!
//! Invariants: the slab of a coordinate grows with the coordinate, for edges and for points alike
//! as both are computed by `slab_of`; so an edge that spans a point's y is in that point's slab,
//! and the answer is exactly that of the walk over all edges. In a run edges are ordered by their
//! east ends, the furthest first, so the rest of a run is west of a point when one edge is. The
//! runs hold at most eight entries an edge, all told.

use super::ring::{Pass, Xy, pass};

/// How many edges there are to a slab, at first.
const EDGES_A_SLAB: usize = 2;
/// How many entries an edge may have on average, before slabs are made higher.
pub(super) const ENTRIES_AN_EDGE: usize = 8;

#[derive(Clone, Copy, Debug)]
struct Edge {
    low: Xy,
    high: Xy,
    part: u32,
}

impl Edge {
    fn east(&self) -> f64 {
        self.low.0.max(self.high.0)
    }

    fn west(&self) -> f64 {
        self.low.0.min(self.high.0)
    }
}

/// The edges of one part in one slab, and how far they reach.
#[derive(Clone, Copy, Debug)]
struct Run {
    west: f64,
    east: f64,
    start: u32,
    end: u32,
}

#[derive(Debug)]
pub(super) struct Slabs {
    /// From south to north, so that those of a slab are near each other.
    edges: Vec<Edge>,
    /// Of slab `i`: where its runs begin; one more than there are slabs.
    starts: Vec<u32>,
    runs: Vec<Run>,
    /// Numbers of edges, run by run.
    entries: Vec<u32>,
    min_y: f64,
    per_y: f64,
}

impl Slabs {
    /// Indexes closed rings, each with the number of its part.
    pub(super) fn new<'a>(
        rings: impl Iterator<Item = (u32, &'a [Xy])>,
        min_y: f64,
        max_y: f64,
    ) -> Slabs {
        let mut edges = Vec::new();
        for (part, ring) in rings {
            edges.extend(ring.windows(2).map(|edge| {
                let (a, b) = (edge[0], edge[1]);
                let (low, high) = if a.1 <= b.1 { (a, b) } else { (b, a) };
                Edge { low, high, part }
            }));
        }
        edges.sort_unstable_by(|a, b| a.low.1.total_cmp(&b.low.1));
        let mut slabs =
            Slabs { edges, starts: vec![0], runs: vec![], entries: vec![], min_y, per_y: 0.0 };
        let mut count = (slabs.edges.len() / EDGES_A_SLAB).max(1);
        // Tall edges are in many slabs: fewer, higher slabs keep the runs within bounds.
        loop {
            slabs.per_y = count as f64 / (max_y - min_y);
            slabs.starts.resize(count + 1, 0);
            let spans = slabs.edges.iter().map(|edge| slabs.span(edge).count());
            if count == 1 || spans.sum::<usize>() <= ENTRIES_AN_EDGE * slabs.edges.len() {
                break;
            }
            count = count.div_ceil(2);
        }
        slabs.fill();
        slabs
    }

    /// Puts the edges of each slab in place, then orders them and makes the runs.
    fn fill(&mut self) {
        let count = self.starts.len() - 1;
        let mut next = vec![0u32; count + 1];
        for edge in &self.edges {
            self.span(edge).for_each(|slab| next[slab + 1] += 1);
        }
        for slab in 0..count {
            next[slab + 1] += next[slab];
        }
        let places = next.clone();
        self.entries = vec![0; places[count] as usize];
        for (index, edge) in (0u32..).zip(&self.edges) {
            for place in &mut next[self.span(edge)] {
                self.entries[*place as usize] = index;
                *place += 1;
            }
        }
        let edges = &self.edges;
        for slab in 0..count {
            let (mut start, end) = (places[slab], places[slab + 1]);
            let entries = &mut self.entries[start as usize..end as usize];
            let of = |index: u32| &edges[index as usize];
            entries.sort_unstable_by(|&a, &b| {
                let (a, b) = (of(a), of(b));
                a.part.cmp(&b.part).then_with(|| b.east().total_cmp(&a.east()))
            });
            for run in entries.chunk_by(|&a, &b| of(a).part == of(b).part) {
                let west = run.iter().map(|&index| of(index).west()).fold(f64::INFINITY, f64::min);
                let end = start + run.len() as u32;
                self.runs.push(Run { west, east: of(run[0]).east(), start, end });
                start = end;
            }
            self.starts[slab + 1] = self.runs.len() as u32;
        }
    }

    fn span(&self, edge: &Edge) -> std::ops::RangeInclusive<usize> {
        self.slab_of(edge.low.1)..=self.slab_of(edge.high.1)
    }

    /// The slab of a coordinate. Each step keeps the order; a cast to an integer saturates, and
    /// what is no number, from a height of 0 or infinity, is slab 0 for all alike.
    #[inline(always)]
    fn slab_of(&self, y: f64) -> usize {
        (((y - self.min_y) * self.per_y) as usize).min(self.starts.len() - 2)
    }

    /// Whether a point within the bounds is inside any part, or on a border.
    pub(super) fn contains(&self, x: f64, y: f64) -> bool {
        let slab = self.slab_of(y);
        let (start, end) = (self.starts[slab] as usize, self.starts[slab + 1] as usize);
        let mut runs = self.runs[start..end].iter().filter(|run| run.west <= x && x <= run.east);
        runs.any(|run| self.is_in_run(run, x, y))
    }

    #[inline]
    fn is_in_run(&self, run: &Run, x: f64, y: f64) -> bool {
        let mut inside = false;
        for &index in &self.entries[run.start as usize..run.end as usize] {
            let edge = &self.edges[index as usize];
            if edge.east() < x {
                break;
            }
            match pass(edge.low, edge.high, (x, y)) {
                Pass::Border => return true,
                Pass::Crossed => inside = !inside,
                Pass::Missed => {}
            }
        }
        inside
    }
}
