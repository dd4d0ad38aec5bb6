//! The crate `packed_spatial_index`: its exact variants, scalar and SIMD, in two and three
//! dimensions, and its rounded ones.
//!
//! Owns how each question is put to them: with buffers and workspaces used again, where they have
//! such a form. Its zero-copy views are left out: they are as fast as the scalar variants at best.

use super::contest::{Contender, Role};
use super::ours::{PairSum, tell_aggregate, tell_count, tell_distances, tell_ids};
use crate::Outcome;
use ::ours::packed::{BoxN, Ray};
use packed_spatial_index::{
    Aggregate, Box2D, Box3D, Index2D, Index2DBuilder, Index3D, Index3DBuilder, NeighborWorkspace,
    Point2D, Point3D, Ray2D, Ray3D, SimdIndex2D, SimdIndex2DF32, SimdIndex3D, SimdIndex3DF32,
};
use std::ops::ControlFlow;

/// Numbers and bits of each item.
pub type Columns<'a> = (&'a [f64], &'a [u64]);

/// A variant with exact boxes.
pub trait Psi<const D: usize>: Sized {
    const NAME: &'static str;
    type Ray: Copy;

    fn build(boxes: &[BoxN<D>], columns: Option<Columns<'_>>, is_parallel: bool) -> Outcome<Self>;
    fn ray(ray: &Ray<D>) -> Self::Ray;
    fn window(&self, window: &BoxN<D>, ids: &mut Vec<usize>);
    fn count_in(&self, window: &BoxN<D>) -> usize;
    fn nearest<'w>(&self, at: [f64; D], k: usize, space: &'w mut NeighborWorkspace) -> &'w [usize];
    fn within(&self, at: [f64; D], radius: f64, ids: &mut Vec<usize>);
    fn any_ray(&self, ray: Self::Ray) -> bool;
    fn closest_on_ray(&self, ray: Self::Ray, space: &mut NeighborWorkspace) -> bool;
    fn each_pair(&self, visitor: impl FnMut(usize, usize) -> ControlFlow<()>);
    fn sum_in(&self, window: &BoxN<D>) -> Option<Aggregate>;
}

fn box2(b: &BoxN<2>) -> Box2D {
    Box2D::new(b.min[0], b.min[1], b.max[0], b.max[1])
}

fn box3(b: &BoxN<3>) -> Box3D {
    Box3D::new(b.min[0], b.min[1], b.min[2], b.max[0], b.max[1], b.max[2])
}

fn point2([x, y]: [f64; 2]) -> Point2D {
    Point2D::new(x, y)
}

fn point3([x, y, z]: [f64; 3]) -> Point3D {
    Point3D::new(x, y, z)
}

fn ray2(ray: &Ray<2>) -> Ray2D {
    let [x, y] = ray.direction();
    Ray2D::new(point2(ray.origin()), x, y, ray.max_t())
}

fn ray3(ray: &Ray<3>) -> Ray3D {
    let [x, y, z] = ray.direction();
    Ray3D::new(point3(ray.origin()), x, y, z, ray.max_t())
}

macro_rules! variant {
    ($index:ident, $axes:literal, $builder:ident, $finish:ident, $bounds:ident, $point:ident,
     $to_ray:ident, $ray:ident) => {
        impl Psi<$axes> for $index {
            const NAME: &'static str = concat!("psi ", stringify!($index));
            type Ray = $ray;

            fn build(
                boxes: &[BoxN<$axes>],
                columns: Option<Columns<'_>>,
                is_parallel: bool,
            ) -> Outcome<Self> {
                let mut builder = $builder::new(boxes.len()).parallel(is_parallel);
                for one in boxes {
                    builder.add($bounds(one));
                }
                if let Some((scalars, masks)) = columns {
                    builder = builder.aggregate_scalar(scalars).aggregate_mask(masks);
                }
                Ok(builder.$finish()?)
            }

            fn ray(ray: &Ray<$axes>) -> $ray {
                $to_ray(ray)
            }

            #[inline]
            fn window(&self, window: &BoxN<$axes>, ids: &mut Vec<usize>) {
                self.search_into($bounds(window), ids);
            }

            #[inline]
            fn count_in(&self, window: &BoxN<$axes>) -> usize {
                self.count($bounds(window))
            }

            #[inline]
            fn nearest<'w>(
                &self,
                at: [f64; $axes],
                k: usize,
                space: &'w mut NeighborWorkspace,
            ) -> &'w [usize] {
                self.neighbors_with($point(at), k, f64::INFINITY, space)
            }

            #[inline]
            fn within(&self, at: [f64; $axes], radius: f64, ids: &mut Vec<usize>) {
                self.search_within_into($bounds(&BoxN::point(at)), radius, ids);
            }

            #[inline]
            fn any_ray(&self, ray: $ray) -> bool {
                self.raycast_any(ray)
            }

            #[inline]
            fn closest_on_ray(&self, ray: $ray, space: &mut NeighborWorkspace) -> bool {
                self.raycast_closest_with(ray, space).is_some()
            }

            fn each_pair(&self, visitor: impl FnMut(usize, usize) -> ControlFlow<()>) {
                // Our visitors never break off.
                let _ = self.pairs_each(visitor);
            }

            #[inline]
            fn sum_in(&self, window: &BoxN<$axes>) -> Option<Aggregate> {
                self.aggregate($bounds(window))
            }
        }
    };
}

variant!(Index2D, 2, Index2DBuilder, finish, box2, point2, ray2, Ray2D);
variant!(SimdIndex2D, 2, Index2DBuilder, finish_simd, box2, point2, ray2, Ray2D);
variant!(Index3D, 3, Index3DBuilder, finish, box3, point3, ray3, Ray3D);
variant!(SimdIndex3D, 3, Index3DBuilder, finish_simd, box3, point3, ray3, Ray3D);

/// A variant with rounded boxes, whose answers have more in them, or, with the boxes at hand, not.
pub trait Rounded<const D: usize>: Sized {
    fn build(boxes: &[BoxN<D>]) -> Outcome<Self>;
    fn window(&self, window: &BoxN<D>, ids: &mut Vec<usize>);
    fn exact_window(&self, window: &BoxN<D>, boxes: &[BoxN<D>], ids: &mut Vec<usize>);
}

macro_rules! rounded {
    ($index:ident, $axes:literal, $builder:ident, $bounds:ident) => {
        impl Rounded<$axes> for $index {
            fn build(boxes: &[BoxN<$axes>]) -> Outcome<Self> {
                let mut builder = $builder::new(boxes.len());
                for one in boxes {
                    builder.add($bounds(one));
                }
                Ok(builder.finish_simd_f32()?)
            }

            #[inline]
            fn window(&self, window: &BoxN<$axes>, ids: &mut Vec<usize>) {
                self.search_into($bounds(window), ids);
            }

            #[inline]
            fn exact_window(
                &self,
                window: &BoxN<$axes>,
                boxes: &[BoxN<$axes>],
                ids: &mut Vec<usize>,
            ) {
                self.search_exact_into($bounds(window), |id| $bounds(&boxes[id]), ids);
            }
        }
    };
}

rounded!(SimdIndex2DF32, 2, Index2DBuilder, box2);
rounded!(SimdIndex3DF32, 3, Index3DBuilder, box3);

fn of_id(id: &usize) -> f64 {
    *id as f64
}

pub fn window<'a, const D: usize, P: Psi<D>>(
    index: &'a P,
    windows: &'a [BoxN<D>],
) -> Contender<'a> {
    let mut ids = Vec::new();
    Contender::new(P::NAME, Role::Exact, move |question, found| {
        index.window(&windows[question], &mut ids);
        tell_ids(found, &ids, of_id);
        Ok(ids.len())
    })
}

pub fn rounded_window<'a, const D: usize>(
    index: &'a impl Rounded<D>,
    windows: &'a [BoxN<D>],
) -> Contender<'a> {
    let mut ids = Vec::new();
    Contender::new("psi f32, inexact", Role::Inexact, move |question, found| {
        index.window(&windows[question], &mut ids);
        tell_ids(found, &ids, of_id);
        Ok(ids.len())
    })
}

pub fn refined_window<'a, const D: usize>(
    index: &'a impl Rounded<D>,
    boxes: &'a [BoxN<D>],
    windows: &'a [BoxN<D>],
) -> Contender<'a> {
    let mut ids = Vec::new();
    Contender::new("psi f32, refined", Role::Exact, move |question, found| {
        index.exact_window(&windows[question], boxes, &mut ids);
        tell_ids(found, &ids, of_id);
        Ok(ids.len())
    })
}

pub fn count<'a, const D: usize, P: Psi<D>>(index: &'a P, windows: &'a [BoxN<D>]) -> Contender<'a> {
    Contender::new(P::NAME, Role::Exact, move |question, found| {
        let count = index.count_in(&windows[question]);
        tell_count(found, count);
        Ok(count)
    })
}

pub fn nearest<'a, const D: usize, P: Psi<D>>(
    index: &'a P,
    boxes: &'a [BoxN<D>],
    points: &'a [[f64; D]],
    k: usize,
) -> Contender<'a> {
    let mut space = NeighborWorkspace::new();
    Contender::new(P::NAME, Role::Exact, move |question, found| {
        let at = points[question];
        let ids = index.nearest(at, k, &mut space);
        tell_distances(found, boxes, at, ids.iter().copied());
        Ok(ids.len())
    })
}

pub fn within<'a, const D: usize, P: Psi<D>>(
    index: &'a P,
    points: &'a [[f64; D]],
    radius: f64,
) -> Contender<'a> {
    let mut ids = Vec::new();
    Contender::new(P::NAME, Role::Exact, move |question, found| {
        index.within(points[question], radius, &mut ids);
        tell_ids(found, &ids, of_id);
        Ok(ids.len())
    })
}

fn converted<const D: usize, P: Psi<D>>(rays: &[Ray<D>]) -> Vec<P::Ray> {
    rays.iter().map(P::ray).collect()
}

pub fn any_ray<'a, const D: usize, P: Psi<D>>(index: &'a P, rays: &[Ray<D>]) -> Contender<'a>
where
    P::Ray: 'a,
{
    let rays = converted::<D, P>(rays);
    Contender::new(P::NAME, Role::Exact, move |question, found| {
        let hits = usize::from(index.any_ray(rays[question]));
        tell_count(found, hits);
        Ok(hits)
    })
}

/// Whether anything is hit, by asking for the closest: a peer, as it answers more than was asked.
pub fn closest_on_ray<'a, const D: usize, P: Psi<D>>(index: &'a P, rays: &[Ray<D>]) -> Contender<'a>
where
    P::Ray: 'a,
{
    let (rays, mut space) = (converted::<D, P>(rays), NeighborWorkspace::new());
    Contender::new("psi SIMD closest", Role::Peer(None), move |question, found| {
        let hits = usize::from(index.closest_on_ray(rays[question], &mut space));
        tell_count(found, hits);
        Ok(hits)
    })
}

pub fn pairs<const D: usize, P: Psi<D>>(index: &P) -> Contender<'_> {
    Contender::new(P::NAME, Role::Exact, move |_, found| {
        let mut sum = PairSum::default();
        index.each_pair(|a, b| sum.add(a as u64, b as u64));
        Ok(sum.tell(found))
    })
}

pub fn aggregate<'a, const D: usize, P: Psi<D>>(
    index: &'a P,
    windows: &'a [BoxN<D>],
) -> Contender<'a> {
    Contender::new(P::NAME, Role::Exact, move |question, found| {
        let sum = index.sum_in(&windows[question]).ok_or("nothing to add up")?;
        tell_aggregate(found, sum.count, [sum.sum, sum.min, sum.max], sum.mask);
        Ok(sum.count as usize)
    })
}
