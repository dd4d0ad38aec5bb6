//! Whether the rings of one part cross themselves or each other.
//!
//! Owns: the search over all pairs of edges whose boxes meet, and the exact test of one pair.
//! Does not own the containment of holes, which `polygon` tests.
//!
//! Invariants: found are two edges that cross in their insides, two that share more than a point,
//! and a path that crosses another one at a vertex. Not found, as they are allowed, are paths that
//! only touch. The search walks a tree of boxes over edges in the order of the ring, where
//! neighbours are near each other: n log n steps and a few for a border, and no worse than all
//! pairs of boxes for a ring whose edges all overlap.

use super::rect::Rect;
use super::ring::{Xy, turn};

/// Edges in a leaf of the tree.
const LEAF: usize = 8;

/// The edges of all rings of a part; edge `i` runs from vertex `i` to vertex `next[i]`.
struct Edges {
    vertices: Vec<Xy>,
    next: Vec<u32>,
    previous: Vec<u32>,
}

/// A place where closed rings cross or overlap, if there is one.
pub(super) fn find<'a>(rings: impl Iterator<Item = &'a [Xy]>) -> Option<Xy> {
    let mut edges = Edges { vertices: Vec::new(), next: Vec::new(), previous: Vec::new() };
    for ring in rings {
        let (start, count) = (edges.vertices.len(), ring.len() - 1);
        edges.vertices.extend_from_slice(&ring[..count]);
        edges.next.extend((0..count).map(|i| (start + (i + 1) % count) as u32));
        edges.previous.extend((0..count).map(|i| (start + (i + count - 1) % count) as u32));
    }
    let count = edges.vertices.len();
    let leaves = count.div_ceil(LEAF).next_power_of_two();
    let none = f64::INFINITY;
    let mut boxes = vec![Rect::new(none, none, -none, -none); 2 * leaves];
    for index in 0..count {
        let leaf = leaves + index / LEAF;
        boxes[leaf] = boxes[leaf].union(&edges.bounds(index));
    }
    for node in (1..leaves).rev() {
        boxes[node] = boxes[2 * node].union(&boxes[2 * node + 1]);
    }
    Search { edges, boxes, leaves }.within(1)
}

struct Search {
    edges: Edges,
    /// A binary tree: the children of box `i` are `2 i` and `2 i + 1`; the last half are leaves.
    boxes: Vec<Rect>,
    leaves: usize,
}

impl Search {
    /// Pairs of edges below one node. The depth is the logarithm of the number of edges.
    fn within(&self, node: usize) -> Option<Xy> {
        if node >= self.leaves {
            let range = self.leaf(node);
            return range.clone().find_map(|i| (i + 1..range.end).find_map(|j| self.pair(i, j)));
        }
        let (left, right) = (2 * node, 2 * node + 1);
        self.within(left).or_else(|| self.within(right)).or_else(|| self.between(left, right))
    }

    /// Pairs of one edge below each of two nodes of equal depth.
    fn between(&self, a: usize, b: usize) -> Option<Xy> {
        if !self.boxes[a].intersects(&self.boxes[b]) {
            return None;
        }
        if a >= self.leaves {
            return self.leaf(a).find_map(|i| self.leaf(b).find_map(|j| self.pair(i, j)));
        }
        [2 * a, 2 * a + 1]
            .into_iter()
            .find_map(|a| [2 * b, 2 * b + 1].into_iter().find_map(|b| self.between(a, b)))
    }

    fn leaf(&self, node: usize) -> std::ops::Range<usize> {
        let start = (node - self.leaves) * LEAF;
        let count = self.edges.vertices.len();
        start.min(count)..(start + LEAF).min(count)
    }

    fn pair(&self, i: usize, j: usize) -> Option<Xy> {
        if self.edges.bounds(i).intersects(&self.edges.bounds(j)) {
            self.edges.conflict(i, j)
        } else {
            None
        }
    }
}

impl Edges {
    fn ends(&self, edge: usize) -> (Xy, Xy) {
        (self.vertices[edge], self.vertices[self.next[edge] as usize])
    }

    fn bounds(&self, edge: usize) -> Rect {
        let (a, b) = self.ends(edge);
        Rect::new(a.0.min(b.0), a.1.min(b.1), a.0.max(b.0), a.1.max(b.1))
    }

    /// Where two edges, whose boxes meet, cross or overlap; or their paths, if they touch.
    fn conflict(&self, i: usize, j: usize) -> Option<Xy> {
        let ((a, b), (c, d)) = (self.ends(i), self.ends(j));
        let (c_side, d_side) = (turn(a, b, c), turn(a, b, d));
        if c_side * d_side > 0.0 || (c_side > 0.0 && d_side > 0.0) || (c_side < 0.0 && d_side < 0.0)
        {
            return None;
        }
        let (a_side, b_side) = (turn(c, d, a), turn(c, d, b));
        if (a_side > 0.0 && b_side > 0.0) || (a_side < 0.0 && b_side < 0.0) {
            return None;
        }
        if c_side == 0.0 && d_side == 0.0 {
            // On one line, on which points are ordered as pairs of numbers are.
            let (low, high) = if a <= b { (a, b) } else { (b, a) };
            let (other_low, other_high) = if c <= d { (c, d) } else { (d, c) };
            let start = if low >= other_low { low } else { other_low };
            let end = if high <= other_high { high } else { other_high };
            if start < end {
                return Some(start);
            }
        } else if c_side != 0.0 && d_side != 0.0 && a_side != 0.0 && b_side != 0.0 {
            return Some(near(a, b, c, d, c_side, d_side));
        }
        self.crossing_at_touch(i, j).or_else(|| self.crossing_at_touch(j, i))
    }

    /// Where an end of edge `j` lies on edge `i` and the path through it changes sides there.
    fn crossing_at_touch(&self, i: usize, j: usize) -> Option<Xy> {
        let (start, end) = (i, self.next[i] as usize);
        let (a, b) = self.ends(i);
        for vertex in [j, self.next[j] as usize] {
            let at = self.vertices[vertex];
            if vertex == start || vertex == end || turn(a, b, at) != 0.0 {
                continue;
            }
            let path = if at == a {
                self.path(start)
            } else if at == b {
                self.path(end)
            } else if self.bounds(i).contains(at.0, at.1) {
                (a, at, b)
            } else {
                continue;
            };
            let (before, _, after) = self.path(vertex);
            if is_left(path, before) != is_left(path, after) {
                return Some(at);
            }
        }
        None
    }

    fn path(&self, vertex: usize) -> (Xy, Xy, Xy) {
        let (previous, next) = (self.previous[vertex] as usize, self.next[vertex] as usize);
        (self.vertices[previous], self.vertices[vertex], self.vertices[next])
    }
}

/// Whether a direction is to the left of a path that bends. A direction along the path itself is
/// an overlap of edges, which another pair finds.
fn is_left((before, at, after): (Xy, Xy, Xy), point: Xy) -> bool {
    let (left_in, left_out) = (turn(before, at, point) > 0.0, turn(at, after, point) > 0.0);
    if turn(before, at, after) >= 0.0 { left_in && left_out } else { left_in || left_out }
}

/// About where two crossing edges meet, for the message.
fn near(a: Xy, b: Xy, c: Xy, d: Xy, c_side: f64, d_side: f64) -> Xy {
    let share = c_side / (c_side - d_side);
    let at = (c.0 + (d.0 - c.0) * share, c.1 + (d.1 - c.1) * share);
    if at.0.is_finite() && at.1.is_finite() { at } else { (0.5 * (a.0 + b.0), 0.5 * (a.1 + b.1)) }
}
