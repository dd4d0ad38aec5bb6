//! The crate `rstar`: an R*-tree of points in two or three dimensions, a move is remove and insert.
//!
//! Owns the tree and the positions that a remove needs to know. It has no ids, no locks and no
//! geography: distances are Euclidean, so it plays in Cartesian scenes only.

use super::{Form, Moves, Peer, Question, Step, Wanted};
use crate::Outcome;
use ::ours::Point;
use rstar::{AABB, PointDistance, RTree, RTreeObject};

#[derive(Clone, Copy, PartialEq)]
struct Entry<const D: usize> {
    at: [f64; D],
    object: u32,
}

impl<const D: usize> RTreeObject for Entry<D>
where
    [f64; D]: rstar::Point<Scalar = f64>,
{
    type Envelope = AABB<[f64; D]>;

    fn envelope(&self) -> Self::Envelope {
        AABB::from_point(self.at)
    }
}

impl<const D: usize> PointDistance for Entry<D>
where
    [f64; D]: rstar::Point<Scalar = f64>,
{
    fn distance_2(&self, point: &[f64; D]) -> f64 {
        self.at.iter().zip(point).map(|(a, b)| (a - b) * (a - b)).sum()
    }
}

/// A tree in `D` dimensions; objects that have no place yet are `None`.
pub struct Tree<const D: usize>
where
    [f64; D]: rstar::Point<Scalar = f64>,
{
    tree: RTree<Entry<D>>,
    positions: Vec<Option<[f64; D]>>,
}

impl<const D: usize> Tree<D>
where
    [f64; D]: rstar::Point<Scalar = f64>,
{
    /// An empty tree for `count` objects.
    pub fn new(count: usize) -> Self {
        Tree { tree: RTree::new(), positions: vec![None; count] }
    }

    /// A tree packed at once, which answers better than one grown by insertion: its kindest form.
    pub fn packed(positions: &[Point]) -> Self {
        let entry = |(object, &at): (usize, &Point)| Entry { at: key(at), object: object as u32 };
        Tree {
            tree: RTree::bulk_load(positions.iter().enumerate().map(entry).collect()),
            positions: positions.iter().map(|&at| Some(key(at))).collect(),
        }
    }

    fn each_hit(&self, question: &Question, mut found: impl FnMut(&Entry<D>)) {
        match *question {
            Question::Box { min_x, min_y, max_x, max_y } => {
                let min = key(Point { x: min_x, y: min_y, z: f64::NEG_INFINITY });
                let max = key(Point { x: max_x, y: max_y, z: f64::INFINITY });
                self.tree.locate_in_envelope(AABB::from_corners(min, max)).for_each(&mut found)
            }
            Question::Circle { center, radius } => {
                let square = radius * radius;
                self.tree.locate_within_distance(key(center), square).for_each(&mut found)
            }
            Question::Nearest { center, k } => {
                self.tree.nearest_neighbor_iter(key(center)).take(k).for_each(&mut found)
            }
        }
    }
}

fn key<const D: usize>(point: Point) -> [f64; D] {
    std::array::from_fn(|axis| [point.x, point.y, point.z][axis])
}

impl<const D: usize> Peer for Tree<D>
where
    [f64; D]: rstar::Point<Scalar = f64>,
{
    fn name(&self) -> &'static str {
        "rstar"
    }

    fn apply(&mut self, moves: &Moves) -> Outcome<()> {
        for &Step { object, to } in &moves.items {
            let to = key(to);
            if let Some(at) = self.positions[object as usize].replace(to) {
                self.tree.remove(&Entry { at, object }).ok_or("rstar lost an object")?;
            }
            self.tree.insert(Entry { at: to, object });
        }
        Ok(())
    }

    fn can_get(&self) -> bool {
        false
    }

    fn get(&mut self, _wanted: &Wanted) -> Outcome<f64> {
        Err("rstar has no ids".into())
    }

    fn position(&mut self, object: u32) -> Outcome<Option<Point>> {
        let Some(at) = self.positions[object as usize] else { return Ok(None) };
        let known = self.tree.contains(&Entry { at, object });
        let z = at.get(2).copied().unwrap_or(0.0);
        Ok(known.then_some(Point { x: at[0], y: at[1], z }))
    }

    fn can_ask(&self, _form: Form) -> bool {
        true
    }

    fn ask(&mut self, questions: &[Question]) -> Outcome<usize> {
        let (mut hits, mut sum) = (0, 0u64);
        for question in questions {
            self.each_hit(question, |entry| {
                hits += 1;
                sum += u64::from(entry.object);
            });
        }
        std::hint::black_box(sum);
        Ok(hits)
    }

    fn answer(&mut self, question: &Question) -> Outcome<Vec<u32>> {
        let mut objects = Vec::new();
        self.each_hit(question, |entry| objects.push(entry.object));
        Ok(objects)
    }
}
