//! The index that answers whether a point is in a polygon without walking its whole border.
//!
//! Owns: the edges of all parts, and for every slab of equal height the list of edges that reach
//! into it. Does not own the rule of one edge, which is `ring::pass`.
//!
//! Invariants: the slab of a coordinate grows with the coordinate, for edges and for points alike
//! as both are computed by `slab_of`; so an edge that spans a point's y is in that point's slab,
//! and the answer is exactly that of the walk over all edges. Edges in a slab are ordered by part.
//! The lists hold at most eight entries an edge, all told.

use super::ring::{Pass, Xy, pass};

/// How many edges there are to a slab, at first.
const EDGES_A_SLAB: usize = 4;
/// How many entries an edge may have on average, before slabs are made higher.
const ENTRIES_AN_EDGE: usize = 8;

#[derive(Clone, Copy, Debug)]
struct Edge {
    low: Xy,
    high: Xy,
    part: u32,
}

#[derive(Debug)]
pub(super) struct Slabs {
    edges: Vec<Edge>,
    /// Of slab `i`: where its entries begin; one more than there are slabs.
    starts: Vec<u32>,
    /// Edges, slab by slab.
    entries: Vec<u32>,
    min_y: f64,
    per_y: f64,
}

impl Slabs {
    /// Indexes closed rings, each with the number of its part, in the order of the parts.
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
        let mut slabs = Slabs { edges, starts: Vec::new(), entries: Vec::new(), min_y, per_y: 0.0 };
        let mut count = (slabs.edges.len() / EDGES_A_SLAB).max(1);
        // Tall edges are in many slabs: fewer, higher slabs keep the lists within bounds.
        loop {
            slabs.per_y = count as f64 / (max_y - min_y);
            slabs.starts = vec![0; count + 1];
            let total: usize = slabs
                .edges
                .iter()
                .map(|edge| {
                    let (first, last) = slabs.span(edge);
                    last - first + 1
                })
                .sum();
            if total <= ENTRIES_AN_EDGE * slabs.edges.len() || count == 1 {
                break;
            }
            count = count.div_ceil(2);
        }
        slabs.fill();
        slabs
    }

    /// Counts the entries of each slab, then puts them in place, edges in order.
    fn fill(&mut self) {
        for index in 0..self.edges.len() {
            let (first, last) = self.span(&self.edges[index]);
            for slab in first..=last {
                self.starts[slab + 1] += 1;
            }
        }
        for slab in 1..self.starts.len() {
            self.starts[slab] += self.starts[slab - 1];
        }
        let mut next = self.starts.clone();
        self.entries = vec![0; self.starts[self.starts.len() - 1] as usize];
        for index in 0..self.edges.len() {
            let (first, last) = self.span(&self.edges[index]);
            for place in &mut next[first..=last] {
                self.entries[*place as usize] = index as u32;
                *place += 1;
            }
        }
    }

    fn span(&self, edge: &Edge) -> (usize, usize) {
        (self.slab_of(edge.low.1), self.slab_of(edge.high.1))
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
        let mut inside = false;
        let mut part = 0;
        for &index in &self.entries[start..end] {
            let edge = &self.edges[index as usize];
            if edge.part != part {
                if inside {
                    return true;
                }
                part = edge.part;
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
