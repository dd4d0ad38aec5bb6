//! Our index as a contender, and the scan that decides.
//!
//! Owns how each question is put to ours: into buffers that are used again, as to the peers.

use super::contest::{Contender, Role};
use ::ours::packed::{BoxN, Index, Ray, Workspace};
use std::ops::ControlFlow;

/// Tells sorted ids, if that is wanted.
pub fn tell_ids<I>(found: Option<&mut Vec<f64>>, ids: &[I], number: impl Fn(&I) -> f64) {
    let Some(found) = found else { return };
    found.extend(ids.iter().map(number));
    found.sort_by(f64::total_cmp);
}

/// The number of an id.
pub fn of_id(id: &u32) -> f64 {
    f64::from(*id)
}

/// A count, as an answer.
pub fn tell_count(found: Option<&mut Vec<f64>>, count: usize) {
    if let Some(found) = found {
        found.push(count as f64);
    }
}

/// Tells the squared distances of items from a point, in the order of the answer.
pub fn tell_distances<const D: usize>(
    found: Option<&mut Vec<f64>>,
    boxes: &[BoxN<D>],
    at: [f64; D],
    ids: impl Iterator<Item = usize>,
) {
    if let Some(found) = found {
        let at = BoxN::point(at);
        found.extend(ids.map(|id| boxes[id].distance_squared_to_box(&at)));
    }
}

pub fn window<'a, const D: usize>(
    name: &str,
    role: Role,
    index: &'a Index<D>,
    windows: &'a [BoxN<D>],
) -> Contender<'a> {
    let mut ids = Vec::new();
    Contender::new(name, role, move |question, found| {
        ids.clear();
        index.search_into(&windows[question], &mut ids)?;
        tell_ids(found, &ids, of_id);
        Ok(ids.len())
    })
}

pub fn scan_windows<'a, const D: usize>(
    boxes: &'a [BoxN<D>],
    windows: &'a [BoxN<D>],
) -> Contender<'a> {
    Contender::new("scan", Role::Scan, move |question, found| {
        let hits = (0..).zip(boxes).filter(|(_, one)| one.intersects(&windows[question]));
        let ids: Vec<u32> = hits.map(|(id, _)| id).collect();
        tell_ids(found, &ids, of_id);
        Ok(ids.len())
    })
}

pub fn count<'a, const D: usize>(
    role: Role,
    index: &'a Index<D>,
    windows: &'a [BoxN<D>],
) -> Contender<'a> {
    Contender::new("", role, move |question, found| {
        let count = index.count(&windows[question])?;
        tell_count(found, count);
        Ok(count)
    })
}

pub fn scan_counts<'a, const D: usize>(
    boxes: &'a [BoxN<D>],
    windows: &'a [BoxN<D>],
) -> Contender<'a> {
    Contender::new("scan", Role::Scan, move |question, found| {
        let count = boxes.iter().filter(|one| one.intersects(&windows[question])).count();
        tell_count(found, count);
        Ok(count)
    })
}

pub fn nearest<'a, const D: usize>(
    role: Role,
    index: &'a Index<D>,
    boxes: &'a [BoxN<D>],
    points: &'a [[f64; D]],
    k: usize,
) -> Contender<'a> {
    let (mut workspace, mut near) = (Workspace::new(), Vec::new());
    Contender::new("", role, move |question, found| {
        near.clear();
        let at = points[question];
        index.neighbors_into(at, k, f64::INFINITY, &mut workspace, &mut near)?;
        tell_distances(found, boxes, at, near.iter().map(|one| one.id as usize));
        Ok(near.len())
    })
}

pub fn scan_nearest<'a, const D: usize>(
    boxes: &'a [BoxN<D>],
    points: &'a [[f64; D]],
    k: usize,
) -> Contender<'a> {
    Contender::new("scan", Role::Scan, move |question, found| {
        let mut all = Vec::new();
        tell_distances(Some(&mut all), boxes, points[question], 0..boxes.len());
        all.sort_by(f64::total_cmp);
        all.truncate(k);
        if let Some(found) = found {
            found.extend(&all);
        }
        Ok(all.len())
    })
}

pub fn within<'a, const D: usize>(
    role: Role,
    index: &'a Index<D>,
    points: &'a [[f64; D]],
    radius: f64,
) -> Contender<'a> {
    let mut ids = Vec::new();
    Contender::new("", role, move |question, found| {
        ids.clear();
        index.search_within_into(&BoxN::point(points[question]), radius, &mut ids)?;
        tell_ids(found, &ids, of_id);
        Ok(ids.len())
    })
}

pub fn scan_within<'a, const D: usize>(
    boxes: &'a [BoxN<D>],
    points: &'a [[f64; D]],
    radius: f64,
) -> Contender<'a> {
    Contender::new("scan", Role::Scan, move |question, found| {
        let at = BoxN::point(points[question]);
        let near = |one: &BoxN<D>| one.distance_squared_to_box(&at) <= radius * radius;
        let ids: Vec<u32> = (0..).zip(boxes).filter(|(_, b)| near(b)).map(|(id, _)| id).collect();
        tell_ids(found, &ids, of_id);
        Ok(ids.len())
    })
}

pub fn any_ray<'a, const D: usize>(
    role: Role,
    index: &'a Index<D>,
    rays: &'a [Ray<D>],
) -> Contender<'a> {
    Contender::new("", role, move |question, found| {
        let hits = usize::from(index.raycast_any(&rays[question])?);
        tell_count(found, hits);
        Ok(hits)
    })
}

pub fn scan_rays<'a, const D: usize>(boxes: &'a [BoxN<D>], rays: &'a [Ray<D>]) -> Contender<'a> {
    Contender::new("scan", Role::Scan, move |question, found| {
        let hits = usize::from(boxes.iter().any(|one| rays[question].enters(one).is_some()));
        tell_count(found, hits);
        Ok(hits)
    })
}

/// What pairs come to: how many there are, and the sum of something of each, so that every one has
/// to be looked at and none can be mistaken for another.
#[derive(Default)]
pub struct PairSum {
    count: usize,
    sum: u64,
}

impl PairSum {
    /// Adds a pair, in either order.
    #[inline]
    pub fn add(&mut self, a: u64, b: u64) -> ControlFlow<()> {
        self.count += 1;
        self.sum = self.sum.wrapping_add((a + b) ^ (a * b));
        ControlFlow::Continue(())
    }

    /// Tells it in parts that fit a number.
    pub fn tell(self, found: Option<&mut Vec<f64>>) -> usize {
        if let Some(found) = found {
            let parts = [self.count as u64, self.sum >> 32, self.sum & 0xffff_ffff];
            found.extend(parts.map(|part| part as f64));
        }
        self.count
    }
}

pub fn pairs<const D: usize>(role: Role, index: &Index<D>) -> Contender<'_> {
    Contender::new("", role, move |_, found| {
        let mut sum = PairSum::default();
        index.pairs_each(|a, b| sum.add(a.into(), b.into()))?;
        Ok(sum.tell(found))
    })
}

/// Tells count, sum, extremes and bits.
pub fn tell_aggregate(
    found: Option<&mut Vec<f64>>,
    count: u64,
    numbers: [Option<f64>; 3],
    mask: Option<u64>,
) {
    let Some(found) = found else { return };
    found.push(count as f64);
    found.extend(numbers.map(|number| number.unwrap_or(0.0)));
    let mask = mask.unwrap_or(0);
    found.extend([mask >> 32, mask & 0xffff_ffff].map(|half| half as f64));
}

pub fn aggregate<'a, const D: usize>(
    role: Role,
    index: &'a Index<D>,
    windows: &'a [BoxN<D>],
) -> Contender<'a> {
    Contender::new("", role, move |question, found| {
        let sum = index.aggregate(&windows[question])?.ok_or("the index has nothing to add up")?;
        tell_aggregate(found, sum.count, [sum.sum, sum.min, sum.max], sum.mask);
        Ok(sum.count as usize)
    })
}

pub fn scan_aggregate<'a, const D: usize>(
    boxes: &'a [BoxN<D>],
    (scalars, masks): (&'a [f64], &'a [u64]),
    windows: &'a [BoxN<D>],
) -> Contender<'a> {
    Contender::new("scan", Role::Scan, move |question, found| {
        let hit = |id: &usize| boxes[*id].intersects(&windows[question]);
        let hits: Vec<usize> = (0..boxes.len()).filter(hit).collect();
        let numbers = || hits.iter().map(|&id| scalars[id]);
        let numbers =
            [Some(numbers().sum()), numbers().reduce(f64::min), numbers().reduce(f64::max)];
        let mask = hits.iter().fold(0, |all, &id| all | masks[id]);
        tell_aggregate(found, hits.len() as u64, numbers, Some(mask));
        Ok(hits.len())
    })
}
