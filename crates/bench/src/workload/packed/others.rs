//! The other packed trees: `rstar` in bulk, `static_aabb2d_index`, `geo-index`, FlatGeobuf's.
//!
//! Owns their building and how each question is put to them. Of FlatGeobuf only the packed tree
//! takes part, which is its index: the rest of the format is about features.

use super::contest::{Contender, Role};
use super::ours::{of_id, tell_distances, tell_ids};
use crate::Outcome;
use ::ours::packed::BoxN;
use flatgeobuf::packed_r_tree::{NodeItem, PackedRTree, calc_extent, hilbert_sort};
use geo_index::rtree::sort::HilbertSort;
use geo_index::rtree::{RTree as GeoTree, RTreeBuilder, RTreeIndex};
use rstar::primitives::{GeomWithData, Rectangle};
use rstar::{AABB, RTree};
use static_aabb2d_index::{Control, StaticAABB2DIndex, StaticAABB2DIndexBuilder};

type Item<const D: usize> = GeomWithData<Rectangle<[f64; D]>, u32>;

/// `rstar`, packed at once.
pub struct Rstar<const D: usize>(RTree<Item<D>>)
where
    [f64; D]: rstar::Point<Scalar = f64>;

impl<const D: usize> Rstar<D>
where
    [f64; D]: rstar::Point<Scalar = f64>,
{
    pub fn build(boxes: &[BoxN<D>]) -> Self {
        let item = |(id, one): (u32, &BoxN<D>)| {
            GeomWithData::new(Rectangle::from_corners(one.min, one.max), id)
        };
        Rstar(RTree::bulk_load((0..).zip(boxes).map(item).collect()))
    }

    pub fn window<'a>(&'a self, windows: &'a [BoxN<D>]) -> Contender<'a> {
        let mut ids = Vec::new();
        Contender::new("rstar", Role::Peer(None), move |question, found| {
            ids.clear();
            let BoxN { min, max } = windows[question];
            let hits = self.0.locate_in_envelope_intersecting(AABB::from_corners(min, max));
            ids.extend(hits.map(|item| item.data));
            tell_ids(found, &ids, of_id);
            Ok(ids.len())
        })
    }

    pub fn nearest<'a>(
        &'a self,
        boxes: &'a [BoxN<D>],
        points: &'a [[f64; D]],
        k: usize,
        target: Option<f64>,
    ) -> Contender<'a> {
        let mut ids = Vec::new();
        Contender::new("rstar", Role::Peer(target), move |question, found| {
            ids.clear();
            let at = points[question];
            ids.extend(self.0.nearest_neighbor_iter(at).take(k).map(|item| item.data as usize));
            tell_distances(found, boxes, at, ids.iter().copied());
            Ok(ids.len())
        })
    }
}

/// `static_aabb2d_index`.
pub struct Aabb(StaticAABB2DIndex<f64>);

impl Aabb {
    pub fn build(boxes: &[BoxN<2>]) -> Outcome<Self> {
        let mut builder = StaticAABB2DIndexBuilder::new(boxes.len());
        for BoxN { min, max } in boxes {
            builder.add(min[0], min[1], max[0], max[1]);
        }
        Ok(Aabb(builder.build().map_err(|error| format!("{error:?}"))?))
    }

    pub fn window<'a>(&'a self, windows: &'a [BoxN<2>]) -> Contender<'a> {
        let (mut ids, mut stack) = (Vec::new(), Vec::new());
        Contender::new("static_aabb2d", Role::Peer(None), move |question, found| {
            ids.clear();
            let BoxN { min, max } = windows[question];
            let mut push = |id: usize| ids.push(id);
            self.0.visit_query_with_stack(min[0], min[1], max[0], max[1], &mut push, &mut stack);
            tell_ids(found, &ids, |&id| id as f64);
            Ok(ids.len())
        })
    }

    pub fn nearest<'a>(
        &'a self,
        boxes: &'a [BoxN<2>],
        points: &'a [[f64; 2]],
        k: usize,
    ) -> Contender<'a> {
        let (mut ids, mut queue) = (Vec::new(), Default::default());
        Contender::new("static_aabb2d", Role::Peer(None), move |question, found| {
            ids.clear();
            let at = points[question];
            let mut push = |id: usize, _: f64| {
                ids.push(id);
                if ids.len() < k { Control::Continue } else { Control::Break(()) }
            };
            self.0.visit_neighbors_with_queue(at[0], at[1], &mut push, &mut queue);
            tell_distances(found, boxes, at, ids.iter().copied());
            Ok(ids.len())
        })
    }
}

/// `geo-index`, along the Hilbert curve, which its own figures prefer.
pub struct Geo(GeoTree<f64>);

impl Geo {
    pub fn build(boxes: &[BoxN<2>]) -> Self {
        let mut builder = RTreeBuilder::new(boxes.len() as u32);
        for BoxN { min, max } in boxes {
            builder.add(min[0], min[1], max[0], max[1]);
        }
        Geo(builder.finish::<HilbertSort>())
    }

    pub fn window<'a>(&'a self, windows: &'a [BoxN<2>]) -> Contender<'a> {
        Contender::new("geo-index", Role::Peer(None), move |question, found| {
            let BoxN { min, max } = windows[question];
            let ids = self.0.search(min[0], min[1], max[0], max[1]);
            tell_ids(found, &ids, of_id);
            Ok(ids.len())
        })
    }

    pub fn nearest<'a>(
        &'a self,
        boxes: &'a [BoxN<2>],
        points: &'a [[f64; 2]],
        k: usize,
    ) -> Contender<'a> {
        Contender::new("geo-index", Role::Peer(None), move |question, found| {
            let at = points[question];
            let ids = self.0.neighbors(at[0], at[1], Some(k), None);
            tell_distances(found, boxes, at, ids.iter().map(|&id| id as usize));
            Ok(ids.len())
        })
    }
}

/// The packed tree of FlatGeobuf; the offset of a feature is its id here.
pub struct Flat(PackedRTree);

impl Flat {
    pub fn build(boxes: &[BoxN<2>]) -> Outcome<Self> {
        let node = |(offset, one): (u64, &BoxN<2>)| {
            let BoxN { min, max } = one;
            NodeItem { offset, ..NodeItem::bounds(min[0], min[1], max[0], max[1]) }
        };
        let mut nodes: Vec<NodeItem> = (0..).zip(boxes).map(node).collect();
        let extent = calc_extent(&nodes);
        hilbert_sort(&mut nodes, &extent);
        Ok(Flat(PackedRTree::build(&nodes, &extent, PackedRTree::DEFAULT_NODE_SIZE)?))
    }

    pub fn window<'a>(&'a self, windows: &'a [BoxN<2>]) -> Contender<'a> {
        Contender::new("flatgeobuf", Role::Peer(None), move |question, found| {
            let BoxN { min, max } = windows[question];
            let hits = self.0.search(min[0], min[1], max[0], max[1])?;
            tell_ids(found, &hits, |hit| hit.offset as f64);
            Ok(hits.len())
        })
    }
}
