//! The order of the items: along the Hilbert curve through the middles of their boxes.
//!
//! Owns: how coordinates become cells, and how ties are broken. Invariants: the same order as the
//! format's other writer gives, on one thread, down to the ties; so the arithmetic is fixed.

use crate::packed::boxes::BoxN;
use crate::packed::each::each;
use crate::packed::hilbert::{hilbert2, hilbert3};
use crate::packed::radix::{sort_by_key, sort_by_wide_key};

/// From how many items on equal keys keep their order: in the plane, and in space.
const STABLE_FROM: [usize; 2] = [385, 513];
/// From how many items on they do so whatever the axes.
pub(crate) const STABLE: usize = STABLE_FROM[1];
/// The last cell of an axis.
const LAST: f64 = 65535.0;

/// The ids of the boxes in the order of a tree with groups of `node_size`. At most `u32::MAX`
/// boxes, of 2 or 3 dimensions; other axes do not count.
pub(crate) fn curve_order<const D: usize>(boxes: &[BoxN<D>], node_size: u16) -> Vec<u32> {
    // The only group needs no order.
    if boxes.len() <= usize::from(node_size) {
        return (0..boxes.len() as u32).collect();
    }
    let extent = boxes.iter().fold(BoxN::EMPTY, |all, bounds| all.union(bounds));
    let keys = CurveKeys::over(&extent);
    if D == 2 { plane_order(boxes, &keys) } else { space_order(boxes, &keys) }
}

/// Where boxes stand on the curve.
pub(crate) struct CurveKeys<const D: usize> {
    min: [f64; D],
    scale: [f64; D],
}

impl<const D: usize> CurveKeys<D> {
    /// The grid over the extent of all boxes.
    pub(crate) fn over(extent: &BoxN<D>) -> Self {
        let scale = each(|k| {
            let width = extent.max[k] - extent.min[k];
            // An axis without width is another matter in space than in the plane.
            if D == 2 || width > 0.0 && width.is_finite() { LAST / width } else { 0.0 }
        });
        CurveKeys { min: extent.min, scale }
    }

    /// The place of a box: of 32 bits in the plane, of 48 in space.
    #[inline(always)]
    pub(crate) fn key(&self, bounds: &BoxN<D>) -> u64 {
        // A conversion to whole numbers is bounded at both ends, and makes 0 of NaN.
        let cell = |k: usize| {
            let middle = 0.5 * (bounds.min[k] + bounds.max[k]);
            u32::from(((middle - self.min[k]) * self.scale[k]) as u16)
        };
        if D == 2 {
            hilbert2(cell(0), cell(1)).into()
        } else {
            hilbert3(cell(0), cell(1), cell(D - 1))
        }
    }
}

fn plane_order<const D: usize>(boxes: &[BoxN<D>], keys: &CurveKeys<D>) -> Vec<u32> {
    let key = |bounds: &BoxN<D>| keys.key(bounds) as u32;
    if boxes.len() < STABLE_FROM[0] {
        // What equal keys become here depends on the type that is sorted.
        let mut pairs: Vec<(u32, u32)> = boxes.iter().map(key).zip(0..).collect();
        pairs.sort_unstable_by_key(|&(key, _)| key);
        return pairs.into_iter().map(|(_, id)| id).collect();
    }
    let record = |(bounds, id): (&BoxN<D>, u32)| u64::from(key(bounds)) << 32 | u64::from(id);
    let mut records: Vec<u64> = boxes.iter().zip(0..).map(record).collect();
    sort_by_key(&mut records, &mut Vec::new());
    records.into_iter().map(|record| record as u32).collect()
}

fn space_order<const D: usize>(boxes: &[BoxN<D>], keys: &CurveKeys<D>) -> Vec<u32> {
    let key = |bounds: &BoxN<D>| keys.key(bounds);
    if boxes.len() < STABLE_FROM[1] {
        let mut pairs: Vec<(u64, usize)> = boxes.iter().map(key).zip(0..).collect();
        pairs.sort_unstable_by_key(|&(key, _)| key);
        return pairs.into_iter().map(|(_, id)| id as u32).collect();
    }
    let mut keys: Vec<u64> = boxes.iter().map(key).collect();
    let mut ids: Vec<u32> = (0..boxes.len() as u32).collect();
    sort_by_wide_key(&mut keys, &mut ids, &mut Vec::new(), &mut Vec::new());
    ids
}
