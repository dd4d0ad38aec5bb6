//! Guards the hot index beside itself: small models of two and three threads, run through every
//! interleaving with a few forced switches. Under `--cfg loom` leaves split at five rows and rings
//! hold two departures, so that a handful of objects meets every path.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use loom::sync::Arc;
use loom::thread;

use super::cell::coordinates;
use super::*;
use crate::geom::{Point, Space};

/// Objects of every model by number; each begins at the `x` of its model.
type Layout = [(u32, f64)];

/// Takes every row within an interval of x, and holds leaves to their cells.
struct Between {
    low: f64,
    high: f64,
    found: Vec<(u32, f64)>,
}

impl Between {
    fn new(low: f64, high: f64) -> Self {
        Between { low, high, found: Vec::new() }
    }

    fn times(&self, index: u32) -> usize {
        self.found.iter().filter(|found| found.0 == index).count()
    }
}

impl Collector for Between {
    fn reaches(&self, cell: &Cell) -> bool {
        self.low < cell.high[0] && cell.low[0] <= self.high
    }
    fn bounds(&self) -> ([f64; DIMS], [f64; DIMS]) {
        ([self.low, 0.0, 0.0], [self.high, 0.0, 0.0])
    }
    fn focus(&self) -> Option<[f64; DIMS]> {
        None
    }
    fn read(&mut self, leaf: &Leaf) -> ControlFlow<()> {
        let columns = leaf.columns();
        for row in 0..columns.len() {
            let c = columns.coordinates(row);
            assert!(leaf.cell.contains(&c), "a row stands in a leaf of another place");
            if self.low <= c[0] && c[0] <= self.high {
                self.found.push((columns.spots[row].index, c[0]));
            }
        }
        ControlFlow::Continue(())
    }
    fn read_moved(&mut self, row: &Row) {
        let x = coordinates(row.position)[0];
        if self.times(row.index) == 0 && self.low <= x && x <= self.high {
            self.found.push((row.index, x));
        }
    }
    fn drop_repeated(&mut self) -> bool {
        let mut kept = BTreeMap::new();
        self.found.retain(|&(index, _)| kept.insert(index, ()).is_none());
        true
    }
    fn clear(&mut self) {
        self.found.clear();
    }
}

fn place(hot: &HotIndex, index: u32, x: f64) {
    let position = Point::new(x, 0.0);
    hot.put(index, Placement { position, time_us: 0, expires_us: NEVER, payload: None });
}

/// An index with some objects and room for more.
fn with(layout: &Layout) -> Arc<HotIndex> {
    let hot = HotIndex::new(Space::Cartesian);
    for index in 0..12 {
        assert!(hot.ids.restore(&format!("id {index}"), index));
    }
    hot.make_room(12);
    for &(index, x) in layout {
        place(&hot, index, x);
    }
    Arc::new(hot)
}

/// After the threads: every object is where it should be, in a walk and by itself, and no other.
fn assert_holds(hot: &HotIndex, expected: &Layout) {
    let mut all = Between::new(-1e9, 1e9);
    hot.walk(&mut all);
    let mut expected = expected.to_vec();
    expected.sort_by_key(|object| object.0);
    all.found.sort_by_key(|object| object.0);
    assert_eq!(all.found, expected);
    assert_eq!(hot.len(), expected.len());
    for (index, x) in expected {
        assert_eq!(hot.get(index).map(|row| row.position.x), Some(x));
    }
}

/// Runs a model through the interleavings with at most `switches` forced switches of threads.
fn explore(switches: usize, model: impl Fn() + Sync + Send + 'static) {
    let mut builder = loom::model::Builder::new();
    builder.preemption_bound = Some(switches);
    builder.max_branches = 10_000;
    builder.check(model);
}

/// Two leaves, parted at 0: three objects on the left and two on the right.
const TWO_LEAVES: [(u32, f64); 5] = [(0, -5.0), (1, 5.0), (2, -6.0), (3, 6.0), (4, -7.0)];

#[test]
fn loom_movers_that_cross_in_opposite_directions_both_arrive() {
    explore(3, || {
        let hot = with(&TWO_LEAVES);
        assert_eq!(hot.leaves(), 2);
        let other = hot.clone();
        let east = thread::spawn(move || place(&other, 0, 5.5));
        place(&hot, 1, -5.5);
        east.join().unwrap();
        assert_holds(&hot, &[(0, 5.5), (1, -5.5), (2, -6.0), (3, 6.0), (4, -7.0)]);
    });
}

#[test]
fn loom_a_walk_finds_what_stays_in_its_area_once_while_it_moves() {
    explore(2, || {
        let hot = with(&TWO_LEAVES);
        let other = hot.clone();
        let mover = thread::spawn(move || {
            place(&other, 0, 5.5);
            place(&other, 1, -5.5);
        });
        let mut look = Between::new(-5.5, 5.5);
        hot.walk(&mut look);
        assert_eq!((look.times(0), look.times(1)), (1, 1), "{:?}", look.found);
        assert_eq!(look.found.len(), 2);
        mover.join().unwrap();
    });
}

#[test]
fn loom_a_walk_finds_what_goes_to_and_fro_once() {
    explore(2, || {
        let hot = with(&TWO_LEAVES);
        let other = hot.clone();
        let mover = thread::spawn(move || {
            for x in [5.5, -5.5, 5.0] {
                place(&other, 0, x);
            }
        });
        let mut look = Between::new(-5.5, 5.5);
        hot.walk(&mut look);
        assert_eq!((look.times(0), look.times(1)), (1, 1), "{:?}", look.found);
        mover.join().unwrap();
    });
}

#[test]
fn loom_an_insert_that_splits_hides_nobody_from_a_get() {
    explore(2, || {
        // One leaf that is full: each of the two inserts can be the one that splits it.
        let hot = with(&[(0, -5.0), (1, 5.0), (2, -6.0), (3, 6.0)]);
        assert_eq!(hot.leaves(), 1);
        let inserts = [(4, -7.0), (5, 7.0)].map(|(index, x)| {
            let hot = hot.clone();
            thread::spawn(move || place(&hot, index, x))
        });
        for (index, x) in [(1, 5.0), (0, -5.0)] {
            assert_eq!(hot.get(index).map(|row| row.position.x), Some(x));
        }
        for insert in inserts {
            insert.join().unwrap();
        }
        assert_eq!(hot.leaves(), 2);
        let all = [(0, -5.0), (1, 5.0), (2, -6.0), (3, 6.0), (4, -7.0), (5, 7.0)];
        assert_holds(&hot, &all);
    });
}

#[test]
fn loom_a_walk_beside_a_split_tells_everybody_once() {
    explore(2, || {
        let hot = with(&[(0, -5.0), (1, 5.0), (2, -6.0), (3, 6.0)]);
        let other = hot.clone();
        let insert = thread::spawn(move || place(&other, 4, 7.0));
        let mut look = Between::new(-10.0, 10.0);
        hot.walk(&mut look);
        assert!((0..4).all(|index| look.times(index) == 1), "{:?}", look.found);
        assert!(look.times(4) <= 1);
        insert.join().unwrap();
        assert_eq!(hot.leaves(), 2);
    });
}

#[test]
fn loom_a_removal_that_merges_loses_no_mover() {
    explore(2, || {
        // The right leaf holds one object; without it the two leaves become one.
        let hot = with(&TWO_LEAVES);
        for index in [3, 2, 4] {
            hot.remove(index);
        }
        assert_eq!((hot.leaves(), hot.len()), (2, 2));
        let other = hot.clone();
        let remover = thread::spawn(move || assert!(other.remove(1).is_some()));
        place(&hot, 0, 5.5);
        place(&hot, 0, -5.5);
        remover.join().unwrap();
        assert_holds(&hot, &[(0, -5.5)]);
    });
}

#[test]
fn loom_a_walk_beside_a_merge_tells_everybody_once() {
    explore(2, || {
        let hot = with(&TWO_LEAVES);
        for index in [3, 2, 4] {
            hot.remove(index);
        }
        let other = hot.clone();
        let remover = thread::spawn(move || assert!(other.remove(1).is_some()));
        let mut look = Between::new(-10.0, 10.0);
        hot.walk(&mut look);
        assert_eq!(look.times(0), 1);
        assert!(look.times(1) <= 1);
        remover.join().unwrap();
        assert_holds(&hot, &[(0, -5.0)]);
    });
}

#[test]
fn loom_two_removals_and_a_move_leave_what_they_should() {
    explore(2, || {
        let hot = with(&TWO_LEAVES);
        for index in [2, 4] {
            hot.remove(index);
        }
        let threads = [1, 3].map(|index| {
            let hot = hot.clone();
            thread::spawn(move || assert!(hot.remove(index).is_some()))
        });
        place(&hot, 0, 5.5);
        for thread in threads {
            thread.join().unwrap();
        }
        assert_holds(&hot, &[(0, 5.5)]);
    });
}
