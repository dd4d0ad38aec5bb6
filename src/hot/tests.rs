//! Guards the hot index as a whole: against a linear scan under random operations of every scale,
//! under skew, and while other threads move what a walk is looking for.

use std::collections::{BTreeMap, HashSet};
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, Ordering};

use proptest::prelude::*;

use super::cell::coordinates;
use super::*;
use crate::geom::{Point, Space};

/// Collects what lies in a closed box.
#[derive(Default)]
struct InBox {
    min: [f64; DIMS],
    max: [f64; DIMS],
    found: Vec<(u32, Point)>,
    repeated: usize,
}

impl InBox {
    fn new(min: [f64; DIMS], max: [f64; DIMS]) -> Self {
        InBox { min, max, ..InBox::default() }
    }

    fn holds(&self, c: &[f64; DIMS]) -> bool {
        (0..DIMS).all(|d| self.min[d] <= c[d] && c[d] <= self.max[d])
    }

    fn indexes(&self) -> Vec<u32> {
        let mut all: Vec<u32> = self.found.iter().map(|found| found.0).collect();
        all.sort_unstable();
        all
    }
}

impl Collector for InBox {
    fn reaches(&self, cell: &Cell) -> bool {
        (0..DIMS).all(|d| self.min[d] < cell.high[d] && cell.low[d] <= self.max[d])
    }
    fn bounds(&self) -> ([f64; DIMS], [f64; DIMS]) {
        (self.min, self.max)
    }
    fn focus(&self) -> Option<[f64; DIMS]> {
        None
    }
    fn read(&mut self, leaf: &Leaf) -> ControlFlow<()> {
        let columns = leaf.columns();
        for row in 0..columns.len() {
            if self.holds(&columns.coordinates(row)) {
                self.found.push((columns.spots[row].index, columns.position(row)));
            }
        }
        ControlFlow::Continue(())
    }
    fn read_moved(&mut self, row: &Row) {
        let held = self.found.iter().any(|found| found.0 == row.index);
        if !held && self.holds(&coordinates(row.position)) {
            self.found.push((row.index, row.position));
        }
    }
    fn drop_repeated(&mut self) -> bool {
        let before = self.found.len();
        let mut seen = HashSet::new();
        self.found.retain(|found| seen.insert(found.0));
        self.repeated += before - self.found.len();
        true
    }
    fn clear(&mut self) {
        self.found.clear();
    }
}

fn placement(position: Point, time_us: i64) -> Placement {
    Placement { position, time_us, expires_us: NEVER, payload: None }
}

fn index_with(space: Space, ids: u32) -> (HotIndex, Vec<u32>) {
    let hot = HotIndex::new(space);
    let given = (0..ids).map(|n| hot.ids.intern(&format!("id {n}")).unwrap()).collect();
    (hot, given)
}

/// Coordinates of every scale, with many repeats.
fn coordinate() -> impl Strategy<Value = f64> {
    prop_oneof![
        4 => -10.0..10.0f64,
        2 => (-3i32..3).prop_map(f64::from),
        1 => -1e9..1e9f64,
        1 => -1e-9..1e-9f64,
        1 => Just(-0.0),
    ]
}

#[derive(Clone, Debug)]
enum Op {
    Put(usize, [f64; DIMS]),
    Remove(usize),
    Look([f64; DIMS], [f64; DIMS]),
}

fn op(objects: usize) -> impl Strategy<Value = Op> {
    let point = || [coordinate(), coordinate(), coordinate()];
    prop_oneof![
        8 => (0..objects, point()).prop_map(|(object, c)| Op::Put(object, c)),
        2 => (0..objects).prop_map(Op::Remove),
        1 => (point(), point()).prop_map(|(a, b)| {
            let min = std::array::from_fn(|d| a[d].min(b[d]));
            let max = std::array::from_fn(|d| a[d].max(b[d]));
            Op::Look(min, max)
        }),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn random_operations_equal_a_linear_scan(
        ops in proptest::collection::vec(op(300), 1..3_000),
    ) {
        let (hot, ids) = index_with(Space::Cartesian, 300);
        let mut model: BTreeMap<u32, Point> = BTreeMap::new();
        for (step, op) in ops.into_iter().enumerate() {
            match op {
                Op::Put(object, [x, y, z]) => {
                    let position = Point::new_3d(x, y, z);
                    hot.put(ids[object], placement(position, step as i64));
                    model.insert(ids[object], position);
                }
                Op::Remove(object) => {
                    let removed = hot.remove(ids[object]).map(|row| row.position);
                    prop_assert_eq!(removed, model.remove(&ids[object]));
                }
                Op::Look(min, max) => {
                    let mut look = InBox::new(min, max);
                    hot.walk(&mut look);
                    let expected: Vec<u32> = model
                        .iter()
                        .filter(|(_, position)| look.holds(&coordinates(**position)))
                        .map(|(&index, _)| index)
                        .collect();
                    prop_assert_eq!(look.indexes(), expected);
                }
            }
            prop_assert_eq!(hot.len(), model.len());
        }
        for (&index, position) in &model {
            let row = hot.get(index).expect("a live object is found");
            prop_assert_eq!(row.position.x.to_bits(), position.x.to_bits());
            prop_assert_eq!(row.position.z.to_bits(), position.z.to_bits());
        }
    }
}

#[test]
fn leaves_come_and_go_with_the_crowd() {
    let (hot, ids) = index_with(Space::Cartesian, 5_000);
    for (n, &index) in ids.iter().enumerate() {
        hot.put(index, placement(Point::new((n % 71) as f64, (n / 71) as f64), 0));
    }
    assert!(hot.leaves() > 5_000 / 64, "a crowd is split");
    for &index in &ids[1..] {
        hot.remove(index);
    }
    assert!(hot.leaves() < 12, "{} leaves are left for one object", hot.leaves());
    let mut all = InBox::new([f64::MIN; 3], [f64::MAX; 3]);
    hot.walk(&mut all);
    assert_eq!(all.indexes(), vec![ids[0]]);
}

#[test]
fn a_line_in_order_and_a_pile_do_not_unbalance() {
    let (hot, ids) = index_with(Space::Geographic, 20_000);
    for (n, &index) in ids.iter().enumerate() {
        let x = if n < 10_000 { n as f64 * 1e-3 } else { 5.0 };
        hot.put(index, placement(Point::new(x, 1.0), 0));
    }
    // The pile jitters, one after the other, and comes back.
    for (n, &index) in ids[10_000..].iter().enumerate() {
        hot.put(index, placement(Point::new(5.0 + n as f64 * 1e-9, 1.0 - n as f64 * 1e-9), 1));
    }
    for &index in &ids[10_000..] {
        hot.put(index, placement(Point::new(5.0, 1.0), 2));
    }
    let mut pile = InBox::new([5.0, 1.0, 0.0], [5.0, 1.0, 0.0]);
    hot.walk(&mut pile);
    assert_eq!(pile.found.len(), 10_001);
}

#[test]
fn a_walk_beside_movers_misses_nobody_and_tells_nobody_twice() {
    const OBJECTS: u32 = 3_000;
    let (hot, ids) = index_with(Space::Cartesian, OBJECTS + 500);
    let spot = |n: usize, round: usize| {
        let mixed = (n * 7_919 + round * 104_729) % 1_000_003;
        Point::new((mixed % 1_000) as f64, (mixed / 1_000) as f64)
    };
    let residents = &ids[..OBJECTS as usize];
    let guests = &ids[OBJECTS as usize..];
    for (n, &index) in residents.iter().enumerate() {
        hot.put(index, placement(spot(n, 0), 0));
    }
    let stop = AtomicBool::new(false);
    std::thread::scope(|scope| {
        for half in 0..2 {
            let (hot, stop) = (&hot, &stop);
            scope.spawn(move || {
                // Every resident stays within the box that is asked for, but jumps all over it;
                // guests come and go, so that leaves are split and merged.
                let mut round = 1;
                while !stop.load(Ordering::Relaxed) {
                    for (n, &index) in residents.iter().enumerate().filter(|(n, _)| n % 2 == half) {
                        hot.put(index, placement(spot(n, round), 0));
                    }
                    for (n, &index) in guests.iter().enumerate().filter(|(n, _)| n % 2 == half) {
                        match round % 2 {
                            0 => drop(hot.remove(index)),
                            _ => hot.put(index, placement(Point::new(n as f64 * 1e-3, 1.0), 0)),
                        }
                    }
                    round += 1;
                }
            });
        }
        let residents: HashSet<u32> = residents.iter().copied().collect();
        for _ in 0..300 {
            let mut look = InBox::new([-1.0; 3], [1_001.0; 3]);
            hot.walk(&mut look);
            let found = look.indexes();
            let distinct: HashSet<u32> = found.iter().copied().collect();
            assert_eq!(distinct.len(), found.len(), "somebody was told twice");
            assert!(distinct.is_superset(&residents), "somebody who stayed was missed");
        }
        stop.store(true, Ordering::Relaxed);
    });
    assert!((OBJECTS as usize..=ids.len()).contains(&hot.len()));
}
