//! The box of space that a leaf is responsible for, and where to cut it.
//!
//! Owns: containment (closed below, open above), and the choice of the cutting plane. Does not own
//! the tree. Invariants: planes halve a cell at fixed places that do not depend on the order in
//! which objects came, so the depth of the tree is bounded by the precision of the numbers; a
//! plane lies strictly between the sides of its cell.

use crate::geom::{Point, Space};

/// Dimensions of a position.
pub(crate) const DIMS: usize = 3;

/// The coordinates of a point by number of dimension.
#[inline]
pub(crate) fn coordinates(point: Point) -> [f64; DIMS] {
    [point.x, point.y, point.z]
}

/// A half-open box: `low[d] <= c[d] < high[d]`; sides may be infinite.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Cell {
    pub(crate) low: [f64; DIMS],
    pub(crate) high: [f64; DIMS],
}

impl Cell {
    /// All of space.
    pub(crate) const ALL: Cell =
        Cell { low: [f64::NEG_INFINITY; DIMS], high: [f64::INFINITY; DIMS] };
    /// No space: the cell of a leaf that is out of use.
    pub(crate) const NONE: Cell =
        Cell { low: [f64::INFINITY; DIMS], high: [f64::NEG_INFINITY; DIMS] };

    #[inline]
    pub(crate) fn contains(&self, c: &[f64; DIMS]) -> bool {
        (0..DIMS).all(|d| self.low[d] <= c[d] && c[d] < self.high[d])
    }

    /// The part below (`side` 0) or from (`side` 1) `plane` on.
    pub(crate) fn half(&self, dim: usize, plane: f64, side: usize) -> Cell {
        let mut half = *self;
        if side == 0 {
            half.high[dim] = plane;
        } else {
            half.low[dim] = plane;
        }
        half
    }
}

/// The smallest box around some positions, closed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Extent {
    pub(crate) min: [f64; DIMS],
    pub(crate) max: [f64; DIMS],
}

impl Extent {
    pub(crate) const EMPTY: Extent =
        Extent { min: [f64::INFINITY; DIMS], max: [f64::NEG_INFINITY; DIMS] };

    #[inline]
    pub(crate) fn add(&mut self, c: &[f64; DIMS]) {
        for (d, &value) in c.iter().enumerate() {
            self.min[d] = self.min[d].min(value);
            self.max[d] = self.max[d].max(value);
        }
    }

    /// Whether all positions are one and the same.
    pub(crate) fn is_one_place(&self) -> bool {
        (0..DIMS).all(|d| self.min[d] == self.max[d])
    }
}

/// Metres of a degree of latitude, to weigh altitudes against degrees.
const METRES_PER_DEGREE: f64 = 111_195.08;

/// Where to cut `cell`: the dimension in which `extent` is longest and can be cut, and the plane.
pub(crate) fn choose_cut(space: Space, cell: &Cell, extent: &Extent) -> Option<(usize, f64)> {
    let scale = match space {
        Space::Cartesian => [1.0; DIMS],
        Space::Geographic => {
            let latitude = 0.5 * (extent.min[1] + extent.max[1]);
            [latitude.to_radians().cos().max(1e-3), 1.0, 1.0 / METRES_PER_DEGREE]
        }
    };
    let mut dims = [0, 1, 2];
    // Halved first, so that a span from -1e308 to 1e308 does not overflow.
    let length = |d: usize| (extent.max[d] * 0.5 - extent.min[d] * 0.5) * scale[d];
    dims.sort_by(|&a, &b| length(b).total_cmp(&length(a)));
    dims.into_iter()
        .filter(|&d| extent.min[d] < extent.max[d])
        .find_map(|d| middle(space, d, cell.low[d], cell.high[d]).map(|plane| (d, plane)))
}

/// The plane that halves the interval, if one lies strictly inside.
fn middle(space: Space, dim: usize, low: f64, high: f64) -> Option<f64> {
    let inside = |plane: &f64| low < *plane && *plane < high;
    let degrees = match (space, dim) {
        (Space::Geographic, 0) => Some(low.max(-180.0) * 0.5 + high.min(180.0) * 0.5),
        (Space::Geographic, 1) => Some(low.max(-90.0) * 0.5 + high.min(90.0) * 0.5),
        _ => None,
    };
    degrees.filter(inside).or_else(|| Some(middle_of_numbers(low, high)).filter(inside))
}

/// What planes across x and y are multiples of, halved some number of times.
pub(crate) fn plane_units(space: Space) -> [f64; 2] {
    match space {
        Space::Cartesian => [1.0; 2],
        Space::Geographic => [180.0, 90.0],
    }
}

/// Halves the set of floating-point numbers between two: the exponents first, then the fraction.
/// So any scale is reached in at most a dozen cuts, and no cut depends on a guessed extent. A
/// power of two near the middle is taken for it, so that all planes lie on grids of such powers.
fn middle_of_numbers(low: f64, high: f64) -> f64 {
    if low < 0.0 && high > 0.0 {
        return 0.0;
    }
    if low < 0.0 {
        return -middle_of_numbers(-high, -low);
    }
    let (a, b) = (ordered(low), ordered(high));
    let middle = a + (b - a) / 2;
    let below = middle & !FRACTION;
    match (below > a, below + FRACTION + 1) {
        (true, _) => number(below),
        (_, above) if above < b => number(above),
        _ => number(middle),
    }
}

/// The bits of a number's fraction.
const FRACTION: u64 = (1 << (f64::MANTISSA_DIGITS - 1)) - 1;

/// Maps numbers to integers of the same order.
fn ordered(value: f64) -> u64 {
    // A negative zero is a zero here.
    let bits = (value + 0.0).to_bits();
    if bits >> 63 == 1 { !bits } else { bits | 1 << 63 }
}

fn number(ordered: u64) -> f64 {
    f64::from_bits(if ordered >> 63 == 1 { ordered & !(1 << 63) } else { !ordered })
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_cut_lies_inside_and_cutting_on_separates_any_two_numbers(
            a in any::<f64>().prop_filter("finite", |v| v.is_finite()),
            b in any::<f64>().prop_filter("finite", |v| v.is_finite()),
        ) {
            prop_assume!(a != b);
            let (min, max) = (a.min(b), a.max(b));
            let (mut low, mut high) = (f64::NEG_INFINITY, f64::INFINITY);
            for cuts in 0.. {
                prop_assert!(cuts < 70, "{} cuts did not part {} and {}", cuts, a, b);
                let plane = middle(Space::Cartesian, 0, low, high).expect("can be cut");
                prop_assert!(low < plane && plane < high);
                match (plane <= min, plane > max) {
                    (true, _) => low = plane,
                    (_, true) => high = plane,
                    _ => break,
                }
            }
        }

        #[test]
        fn degrees_are_parted_within_sixty_cuts(a in -180.0..=180.0f64, b in -180.0..=180.0f64) {
            prop_assume!((a - b).abs() > 1e-13);
            let (min, max) = (a.min(b), a.max(b));
            let (mut low, mut high) = (f64::NEG_INFINITY, f64::INFINITY);
            for cuts in 0.. {
                prop_assert!(cuts < 60);
                let plane = middle(Space::Geographic, 0, low, high).expect("can be cut");
                match (plane <= min, plane > max) {
                    (true, _) => low = plane,
                    (_, true) => high = plane,
                    _ => break,
                }
            }
        }
    }

    #[test]
    fn the_longest_side_on_the_ground_is_cut() {
        let mut extent = Extent::EMPTY;
        extent.add(&[10.0, 60.0, 0.0]);
        extent.add(&[11.0, 60.8, 9_000.0]);
        // A degree of longitude at 60 degrees north is half a degree of latitude.
        let (dim, _) = choose_cut(Space::Geographic, &Cell::ALL, &extent).expect("can be cut");
        assert_eq!(dim, 1);
        assert!(choose_cut(Space::Geographic, &Cell::ALL, &Extent::EMPTY).is_none());
    }

    #[test]
    fn the_border_belongs_to_the_upper_cell() {
        let (below, above) = (Cell::ALL.half(0, 5.0, 0), Cell::ALL.half(0, 5.0, 1));
        assert!(!below.contains(&[5.0, 0.0, 0.0]) && above.contains(&[5.0, 0.0, 0.0]));
        assert!(!Cell::NONE.contains(&[0.0; 3]));
    }
}
