//! The floor: a uniform grid over a known square, dense ids, no locks, no heights, no bad input.
//!
//! Owns the least that a move can cost: one table from object to slot, and cells that are vectors.
//! It is no peer that anyone could use; it says how far an engine is from the ground.

use super::{Form, Moves, Peer, Question, Step, Wanted};
use crate::Outcome;
use crate::workload::data::Extent;
use ::ours::Point;

const NOWHERE: u32 = u32::MAX;
const OBJECTS_PER_CELL: f64 = 8.0;

#[derive(Clone, Copy)]
struct Entry {
    x: f64,
    y: f64,
    object: u32,
}

/// A grid of cells with about eight objects each when they are spread evenly.
pub struct Grid {
    side: usize,
    extent: Extent,
    scale: f64,
    cells: Vec<Vec<Entry>>,
    /// The cell and the slot in it, by object.
    places: Vec<(u32, u32)>,
}

impl Grid {
    /// An empty grid for `count` objects over `extent`.
    pub fn new(extent: Extent, count: usize) -> Self {
        let side = ((count as f64 / OBJECTS_PER_CELL).sqrt() as usize).max(1);
        Grid {
            side,
            extent,
            scale: side as f64 / extent.side,
            cells: vec![Vec::new(); side * side],
            places: vec![(NOWHERE, 0); count],
        }
    }

    #[inline]
    fn column(&self, offset: f64) -> usize {
        ((offset * self.scale) as usize).min(self.side - 1)
    }

    #[inline]
    fn cell(&self, x: f64, y: f64) -> usize {
        self.column(y - self.extent.y) * self.side + self.column(x - self.extent.x)
    }

    #[inline]
    fn put(&mut self, entry: Entry) {
        let cell = self.cell(entry.x, entry.y);
        let (old_cell, slot) = self.places[entry.object as usize];
        if old_cell == cell as u32 {
            self.cells[cell][slot as usize] = entry;
            return;
        }
        if old_cell != NOWHERE {
            let left = &mut self.cells[old_cell as usize];
            left.swap_remove(slot as usize);
            if let Some(moved) = left.get(slot as usize) {
                self.places[moved.object as usize].1 = slot;
            }
        }
        let entered = &mut self.cells[cell];
        entered.push(entry);
        self.places[entry.object as usize] = (cell as u32, entered.len() as u32 - 1);
    }

    fn each_in_box(&self, corners: [f64; 4], mut found: impl FnMut(&Entry)) {
        let [min_x, min_y, max_x, max_y] = corners;
        let (x, y) = (self.extent.x, self.extent.y);
        for row in self.column(min_y - y)..=self.column(max_y - y) {
            for column in self.column(min_x - x)..=self.column(max_x - x) {
                for entry in &self.cells[row * self.side + column] {
                    let inside_x = entry.x >= min_x && entry.x <= max_x;
                    if inside_x && entry.y >= min_y && entry.y <= max_y {
                        found(entry);
                    }
                }
            }
        }
    }

    fn each_hit(&self, question: &Question, mut found: impl FnMut(&Entry)) {
        match *question {
            Question::Box { min_x, min_y, max_x, max_y } => {
                self.each_in_box([min_x, min_y, max_x, max_y], found)
            }
            Question::Circle { center, radius } => {
                let (x, y, square) = (center.x, center.y, radius * radius);
                self.each_in_box([x - radius, y - radius, x + radius, y + radius], |entry| {
                    let (dx, dy) = (entry.x - x, entry.y - y);
                    if dx * dx + dy * dy <= square {
                        found(entry);
                    }
                })
            }
            Question::Nearest { .. } => {}
        }
    }
}

impl Peer for Grid {
    fn name(&self) -> &'static str {
        "grid"
    }

    fn apply(&mut self, moves: &Moves) -> Outcome<()> {
        for &Step { object, to } in &moves.items {
            self.put(Entry { x: to.x, y: to.y, object });
        }
        Ok(())
    }

    fn get(&mut self, wanted: &Wanted) -> Outcome<f64> {
        let place = |object: &u32| {
            let (cell, slot) = self.places[*object as usize];
            self.cells[cell as usize][slot as usize].x
        };
        Ok(wanted.items.iter().map(place).sum())
    }

    fn position(&mut self, object: u32) -> Outcome<Option<Point>> {
        let (cell, slot) = self.places[object as usize];
        let entry = self.cells.get(cell as usize).map(|cell| cell[slot as usize]);
        Ok(entry.map(|entry| Point { x: entry.x, y: entry.y, z: 0.0 }))
    }

    fn can_ask(&self, form: Form) -> bool {
        form != Form::Nearest
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
