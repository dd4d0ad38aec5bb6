//! The boxes that a query surely lies in, with which leaves and rows are passed over cheaply.
//!
//! Owns: up to three boxes on the ground with one span of altitudes. Does not own the exact test.
//! Invariants: whatever the exact test accepts lies in one of the boxes.

use crate::geom::{DistanceFrom, Point, Rect, Rects, Space, cover_circle};
use crate::hot::{Cell, Columns, DIMS, Spot};

/// Boxes on the ground and a span of altitudes, all closed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Area {
    pub(crate) ground: Rects,
    pub(crate) min_z: f64,
    pub(crate) max_z: f64,
}

/// Rows that are tested together, one bit each.
pub(crate) const BLOCK: usize = 64;

impl Area {
    /// All of space.
    pub(crate) fn everywhere() -> Self {
        let all = Rect::new(f64::NEG_INFINITY, f64::NEG_INFINITY, f64::INFINITY, f64::INFINITY);
        Area { ground: all.into(), min_z: f64::NEG_INFINITY, max_z: f64::INFINITY }
    }

    /// The boxes on the ground, all altitudes.
    pub(crate) fn of(ground: Rects) -> Self {
        Area { ground, ..Area::everywhere() }
    }

    /// What lies within `radius` of the origin along the ground.
    pub(crate) fn circle(space: Space, from: &DistanceFrom, radius: f64) -> Self {
        match radius.is_finite() {
            true => Area::of(cover_circle(space, from.origin(), radius)),
            false => Area::everywhere(),
        }
    }

    /// What lies within `radius` of the origin, altitude included.
    pub(crate) fn sphere(space: Space, from: &DistanceFrom, radius: f64) -> Self {
        let center: Point = from.origin();
        // Altitudes are compared by their difference, so the span is rounded outwards.
        let reach = radius * (1.0 + 1e-12);
        let (min_z, max_z) = ((center.z - reach).next_down(), (center.z + reach).next_up());
        Area { min_z, max_z, ..Area::circle(space, from, radius) }
    }

    /// The same on the ground, of fewer altitudes.
    pub(crate) fn between(self, min_z: f64, max_z: f64) -> Self {
        Area { min_z: self.min_z.max(min_z), max_z: self.max_z.min(max_z), ..self }
    }

    /// Whether a cell has a point of it.
    #[inline]
    pub(crate) fn reaches(&self, cell: &Cell) -> bool {
        let reaches_altitude = self.min_z < cell.high[2] && cell.low[2] <= self.max_z;
        reaches_altitude
            && self.ground.iter().any(|rect| {
                rect.min_x < cell.high[0]
                    && cell.low[0] <= rect.max_x
                    && rect.min_y < cell.high[1]
                    && cell.low[1] <= rect.max_y
            })
    }

    /// Whether it is one box, so that a plane alone says on which sides of it there is some of it.
    #[inline]
    pub(crate) fn is_one_box(&self) -> bool {
        self.ground.len() == 1
    }

    /// The least and the greatest coordinates.
    pub(crate) fn bounds(&self) -> ([f64; DIMS], [f64; DIMS]) {
        let Some(first) = self.ground.first() else { return ([0.0; DIMS], [0.0; DIMS]) };
        let all = self.ground.iter().fold(*first, |all, rect| all.union(rect));
        ([all.min_x, all.min_y, self.min_z], [all.max_x, all.max_y, self.max_z])
    }

    #[inline]
    pub(crate) fn holds_altitude(&self, z: f64) -> bool {
        self.min_z <= z && z <= self.max_z
    }

    #[inline]
    pub(crate) fn contains(&self, x: f64, y: f64, z: f64) -> bool {
        self.ground.contains(x, y) && self.holds_altitude(z)
    }

    /// Which of the rows from `start` on, at most [`BLOCK`], lie in it: bit `i` is row
    /// `start + i`. The loops have no branch, so that the compiler makes them wide.
    #[inline]
    pub(crate) fn rows(&self, columns: &Columns, start: usize) -> u64 {
        let end = (start + BLOCK).min(columns.len());
        let spots = &columns.spots[start..end];
        if let ([rect], true) = (&*self.ground, columns.z.is_empty()) {
            return if self.holds_altitude(0.0) { rows_in(rect, spots) } else { 0 };
        }
        let mut inside = [0u8; BLOCK];
        for rect in &self.ground {
            for (inside, spot) in inside.iter_mut().zip(spots) {
                let on_x = (rect.min_x <= spot.x) & (spot.x <= rect.max_x);
                let on_y = (rect.min_y <= spot.y) & (spot.y <= rect.max_y);
                *inside |= u8::from(on_x & on_y);
            }
        }
        if let Some(z) = columns.z.get(start..end) {
            for (inside, &z) in inside.iter_mut().zip(z) {
                *inside &= u8::from((self.min_z <= z) & (z <= self.max_z));
            }
        } else if !self.holds_altitude(0.0) {
            return 0;
        }
        pack_bits(&inside)
    }
}

/// The usual case: one box on the ground, and no altitudes.
#[inline]
fn rows_in(rect: &Rect, spots: &[Spot]) -> u64 {
    bits_of(spots, |spot| {
        let on_x = (rect.min_x <= spot.x) & (spot.x <= rect.max_x);
        let on_y = (rect.min_y <= spot.y) & (spot.y <= rect.max_y);
        on_x & on_y
    })
}

/// One bit for each of at most [`BLOCK`] rows; eight at a time, as then the shifts are constant.
#[inline(always)]
pub(crate) fn bits_of(spots: &[Spot], is_in: impl Fn(&Spot) -> bool) -> u64 {
    const STEP: usize = 8;
    let (steps, rest) = spots.as_chunks::<STEP>();
    let mut bits = 0;
    for (step, eight) in steps.iter().enumerate() {
        let mut few = 0;
        for (at, spot) in eight.iter().enumerate() {
            few |= u64::from(is_in(spot)) << at;
        }
        bits |= few << (STEP * step);
    }
    for (at, spot) in rest.iter().enumerate() {
        bits |= u64::from(is_in(spot)) << (STEP * steps.len() + at);
    }
    bits
}

/// One bit for each byte of 0 or 1.
#[inline]
fn pack_bits(bytes: &[u8; BLOCK]) -> u64 {
    let mut bits = 0;
    for (at, eight) in bytes.chunks_exact(8).enumerate() {
        let word = u64::from_le_bytes(eight.try_into().expect("chunks of eight"));
        // Each byte's lowest bit is moved to a place of its own in the top byte of the product.
        bits |= (word.wrapping_mul(0x0102_0408_1020_4080) >> 56) << (8 * at);
    }
    bits
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    #[test]
    fn bytes_become_bits_in_order() {
        for seed in 0..500u64 {
            let word = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ (seed << 17);
            let bytes: [u8; BLOCK] = std::array::from_fn(|at| (word >> at & 1) as u8);
            assert_eq!(pack_bits(&bytes), word);
        }
    }

    #[test]
    fn an_area_reaches_the_cells_that_share_a_point_with_it() {
        let area = Area::of(Rect::new(1.0, 1.0, 2.0, 2.0).into()).between(0.0, 5.0);
        let low = |x, y, z| Cell { low: [x, y, z], high: [9.0, 9.0, 9.0] };
        assert!(area.reaches(&low(2.0, 2.0, 5.0)), "a border counts");
        assert!(!area.reaches(&low(2.1, 2.0, 5.0)) && !area.reaches(&low(2.0, 2.0, 5.1)));
        let high = Cell { low: [0.0; 3], high: [1.0, 9.0, 9.0] };
        assert!(!area.reaches(&high), "a cell is open above");
    }
}
