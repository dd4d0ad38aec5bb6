//! The packed index beside `packed_spatial_index` and other packed trees: what is asked, and what
//! has to be reached.
//!
//! Owns the list of rows and their targets. A target is the least ratio to the best of that
//! crate's exact variants for the question ("psi" in the rows); only a window has one to its
//! rounded variant, whose answers are not right. Everything runs on one thread unless its row says
//! otherwise.

mod build;
mod contest;
mod data;
mod file;
mod open;
mod others;
mod ours;
mod real;
mod theirs;

use crate::Outcome;
use crate::context::Context;
use crate::workload::data::short;
use ::ours::packed::{BoxN, Index, Isa, Items, WriteOptions};
use contest::{Contender, Contest, Role};
use data::Questions;
use others::{Aabb, Flat, Geo, Rstar};
use packed_spatial_index::{
    Index2D, Index3D, SimdIndex2D, SimdIndex2DF32, SimdIndex3D, SimdIndex3DF32,
};
use theirs::{Psi, Rounded};

const MILLION: usize = 1_000_000;
const K: usize = 10;
/// About 111 of a million boxes are so near to a point.
const RADIUS: f64 = 0.0058;
/// Where the far outlier lies, on every axis.
const OUTLIER: f64 = 1e4;

/// The boxes of one number of axes, and what is asked of them.
struct Scene<const D: usize> {
    count: usize,
    boxes: Vec<BoxN<D>>,
    questions: Questions<D>,
    /// The shares of the two sizes of windows, for people.
    shares: [&'static str; 2],
}

impl<const D: usize> Scene<D> {
    fn label(&self, what: &str) -> String {
        format!("{what}, {D}D, {}", short(self.count))
    }

    /// The two sizes of windows, with the names of their rows and each one's target.
    fn windows<T: Copy>(&self, what: &str, targets: [T; 2]) -> [(String, &[BoxN<D>], T); 2] {
        let label = |share| self.label(&format!("{what} {share}"));
        let [small, large] = self.shares.map(label);
        let Questions { small: few, large: many, .. } = &self.questions;
        [(small, few, targets[0]), (large, many, targets[1])]
    }
}

/// Runs every workload of the packed index.
pub fn run(context: &Context) -> Outcome<()> {
    let count = context.objects.unwrap_or(MILLION);
    let plane = Scene {
        count,
        boxes: data::boxes::<2>(count),
        questions: Questions::new(1e-4, 1e-2)?,
        shares: ["0.01 %", "1 %"],
    };
    let space = Scene {
        count,
        boxes: data::boxes::<3>(count),
        questions: Questions::new(1e-4, 1e-2)?,
        shares: ["1e-4", "1e-2"],
    };
    plane_windows(context, &plane)?;
    space_windows(context, &space)?;
    counts::<2, Index2D, SimdIndex2D>(context, &plane, [Some(2.5), Some(4.0)])?;
    counts::<3, Index3D, SimdIndex3D>(context, &space, [None, None])?;
    plane_nearest(context, &plane)?;
    space_nearest(context, &space)?;
    radius::<2, Index2D, SimdIndex2D>(context, &plane, RADIUS, Some(2.5))?;
    rays::<2, Index2D, SimdIndex2D>(context, &plane, Some(1.6))?;
    rays::<3, Index3D, SimdIndex3D>(context, &space, Some(2.2))?;
    pairs::<2, Index2D, SimdIndex2D>(context, &plane, Some(2.0))?;
    pairs::<3, Index3D, SimdIndex3D>(context, &space, None)?;
    aggregates(context, &plane)?;
    outlier(context, &plane)?;
    real::run(context)?;
    build::run(context, &plane.boxes, &space.boxes)?;
    file::run(context, &plane.boxes, &space.boxes)?;
    drop((plane, space));
    open::run(context)
}

/// Ours with nothing to reach but the best exact variant.
fn ours(exact: Option<f64>) -> Role {
    Role::Ours { exact, inexact: None }
}

fn any_wanted<const N: usize, T, U>(context: &Context, rows: &[(String, T, U); N]) -> bool {
    rows.iter().any(|(label, ..)| context.wants(label))
}

/// Our index under the widest instructions, and, to be held against it, under AVX2.
fn instructions<const D: usize>(boxes: &[BoxN<D>]) -> Outcome<Vec<(Isa, Index<D>)>> {
    let mut found = vec![(Isa::detect(), Index::build(boxes)?)];
    if found[0].0 == Isa::Avx512 {
        found.push((Isa::Avx2, Index::build(boxes)?.with_isa(Isa::Avx2)));
    }
    Ok(found)
}

fn plane_windows(context: &Context, scene: &Scene<2>) -> Outcome<()> {
    // To the best exact variant with AVX-512, to the rounded one; AVX2 has one for both windows.
    let rows = scene.windows("window", [(3.0, 1.7), (3.7, 1.9)]);
    if !any_wanted(context, &rows) {
        return Ok(());
    }
    let boxes = &scene.boxes[..];
    let indexes = instructions(boxes)?;
    let (scalar, simd) =
        (Index2D::build(boxes, None, false)?, SimdIndex2D::build(boxes, None, false)?);
    let rounded: SimdIndex2DF32 = Rounded::build(boxes)?;
    let (aabb, geo, rstar, flat) =
        (Aabb::build(boxes)?, Geo::build(boxes), Rstar::build(boxes), Flat::build(boxes)?);
    for (label, windows, (wide, inexact)) in rows {
        let mut contenders: Vec<Contender<'_>> = Vec::new();
        for (isa, index) in &indexes {
            let exact = Some(if *isa == Isa::Avx512 { wide } else { 1.8 });
            let inexact = (*isa == indexes[0].0).then_some(inexact);
            let role = Role::Ours { exact, inexact };
            contenders.push(ours::window(&format!("{isa:?}"), role, index, windows));
        }
        contenders.extend([
            ours::scan_windows(boxes, windows),
            theirs::window(&scalar, windows),
            theirs::window(&simd, windows),
            theirs::refined_window(&rounded, boxes, windows),
            theirs::rounded_window(&rounded, windows),
            aabb.window(windows),
            geo.window(windows),
            rstar.window(windows),
            flat.window(windows),
        ]);
        Contest { label, questions: windows.len(), contenders }.run(context)?;
    }
    Ok(())
}

fn space_windows(context: &Context, scene: &Scene<3>) -> Outcome<()> {
    let rows = scene.windows("window", [2.5, 3.0]);
    if !any_wanted(context, &rows) {
        return Ok(());
    }
    let boxes = &scene.boxes[..];
    let index = Index::build(boxes)?;
    let (scalar, simd) =
        (Index3D::build(boxes, None, false)?, SimdIndex3D::build(boxes, None, false)?);
    let (rounded, rstar): (SimdIndex3DF32, _) = (Rounded::build(boxes)?, Rstar::build(boxes));
    for (label, windows, target) in rows {
        let contenders = vec![
            ours::window("", ours(Some(target)), &index, windows),
            ours::scan_windows(boxes, windows),
            theirs::window(&scalar, windows),
            theirs::window(&simd, windows),
            theirs::refined_window(&rounded, boxes, windows),
            theirs::rounded_window(&rounded, windows),
            rstar.window(windows),
        ];
        Contest { label, questions: windows.len(), contenders }.run(context)?;
    }
    Ok(())
}

fn counts<const D: usize, A: Psi<D>, B: Psi<D>>(
    context: &Context,
    scene: &Scene<D>,
    targets: [Option<f64>; 2],
) -> Outcome<()> {
    let rows = scene.windows("count", targets);
    if !any_wanted(context, &rows) {
        return Ok(());
    }
    let boxes = &scene.boxes[..];
    let index = Index::build(boxes)?;
    let (scalar, simd) = (A::build(boxes, None, false)?, B::build(boxes, None, false)?);
    for (label, windows, target) in rows {
        let contenders = vec![
            ours::count(ours(target), &index, windows),
            ours::scan_counts(boxes, windows),
            theirs::count(&scalar, windows),
            theirs::count(&simd, windows),
        ];
        Contest { label, questions: windows.len(), contenders }.run(context)?;
    }
    Ok(())
}

fn plane_nearest(context: &Context, scene: &Scene<2>) -> Outcome<()> {
    let label = scene.label("k = 10");
    if !context.wants(&label) {
        return Ok(());
    }
    let (boxes, points) = (&scene.boxes[..], &scene.questions.points[..]);
    let index = Index::build(boxes)?;
    let (scalar, simd) =
        (Index2D::build(boxes, None, false)?, SimdIndex2D::build(boxes, None, false)?);
    let (aabb, geo, rstar) = (Aabb::build(boxes)?, Geo::build(boxes), Rstar::build(boxes));
    let contenders = vec![
        ours::nearest(ours(Some(1.25)), &index, boxes, points, K),
        ours::scan_nearest(boxes, points, K),
        theirs::nearest(&scalar, boxes, points, K),
        theirs::nearest(&simd, boxes, points, K),
        rstar.nearest(boxes, points, K, Some(1.0)),
        aabb.nearest(boxes, points, K),
        geo.nearest(boxes, points, K),
    ];
    Contest { label, questions: points.len(), contenders }.run(context)
}

fn space_nearest(context: &Context, scene: &Scene<3>) -> Outcome<()> {
    let label = scene.label("k = 10");
    if !context.wants(&label) {
        return Ok(());
    }
    let (boxes, points) = (&scene.boxes[..], &scene.questions.points[..]);
    let index = Index::build(boxes)?;
    let (scalar, simd) =
        (Index3D::build(boxes, None, false)?, SimdIndex3D::build(boxes, None, false)?);
    let rstar = Rstar::build(boxes);
    let contenders = vec![
        ours::nearest(ours(Some(1.5)), &index, boxes, points, K),
        ours::scan_nearest(boxes, points, K),
        theirs::nearest(&scalar, boxes, points, K),
        theirs::nearest(&simd, boxes, points, K),
        rstar.nearest(boxes, points, K, Some(1.0)),
    ];
    Contest { label, questions: points.len(), contenders }.run(context)
}

fn radius<const D: usize, A: Psi<D>, B: Psi<D>>(
    context: &Context,
    scene: &Scene<D>,
    radius: f64,
    target: Option<f64>,
) -> Outcome<()> {
    let label = scene.label("radius");
    if !context.wants(&label) {
        return Ok(());
    }
    let (boxes, points) = (&scene.boxes[..], &scene.questions.points[..]);
    let index = Index::build(boxes)?;
    let (scalar, simd) = (A::build(boxes, None, false)?, B::build(boxes, None, false)?);
    let contenders = vec![
        ours::within(ours(target), &index, points, radius),
        ours::scan_within(boxes, points, radius),
        theirs::within(&scalar, points, radius),
        theirs::within(&simd, points, radius),
    ];
    Contest { label, questions: points.len(), contenders }.run(context)
}

fn rays<const D: usize, A: Psi<D>, B: Psi<D>>(
    context: &Context,
    scene: &Scene<D>,
    target: Option<f64>,
) -> Outcome<()> {
    let label = scene.label("any-hit ray");
    if !context.wants(&label) {
        return Ok(());
    }
    let (boxes, rays) = (&scene.boxes[..], &scene.questions.rays[..]);
    let index = Index::build(boxes)?;
    let (scalar, simd) = (A::build(boxes, None, false)?, B::build(boxes, None, false)?);
    let contenders = vec![
        ours::any_ray(ours(target), &index, rays),
        ours::scan_rays(boxes, rays),
        theirs::any_ray(&scalar, rays),
        theirs::any_ray(&simd, rays),
        theirs::closest_on_ray(&simd, rays),
    ];
    Contest { label, questions: rays.len(), contenders }.run(context)
}

fn pairs<const D: usize, A: Psi<D>, B: Psi<D>>(
    context: &Context,
    scene: &Scene<D>,
    target: Option<f64>,
) -> Outcome<()> {
    let label = scene.label("touching pairs");
    if !context.wants(&label) {
        return Ok(());
    }
    let boxes = &scene.boxes[..];
    let index = Index::build(boxes)?;
    let (scalar, simd) = (A::build(boxes, None, false)?, B::build(boxes, None, false)?);
    let contenders =
        vec![ours::pairs(ours(target), &index), theirs::pairs(&scalar), theirs::pairs(&simd)];
    Contest { label, questions: 1, contenders }.run(context)
}

/// Sum, extremes and bits of a window. Ours are summaries of the format, beside its tree.
fn aggregates(context: &Context, scene: &Scene<2>) -> Outcome<()> {
    let rows = scene.windows("aggregate", [Some(2.3); 2]);
    if !any_wanted(context, &rows) {
        return Ok(());
    }
    let boxes = &scene.boxes[..];
    let mut random = crate::workload::data::Random::new(5);
    let scalars: Vec<f64> = boxes.iter().map(|_| random.unit()).collect();
    let masks: Vec<u64> = boxes.iter().map(|_| 1 << random.below(64)).collect();
    let columns = Some((&scalars[..], &masks[..]));
    let (scalar, simd) =
        (Index2D::build(boxes, columns, false)?, SimdIndex2D::build(boxes, columns, false)?);
    let items = Items { scalars: Some(&scalars), masks: Some(&masks), ..Items::new(boxes) };
    let index = Index::build_items(&items, WriteOptions::default())?;
    for (label, windows, target) in rows {
        let contenders = vec![
            ours::aggregate(ours(target), &index, windows),
            ours::scan_aggregate(boxes, (&scalars, &masks), windows),
            theirs::aggregate(&scalar, windows),
            theirs::aggregate(&simd, windows),
        ];
        Contest { label, questions: windows.len(), contenders }.run(context)?;
    }
    Ok(())
}

/// One more box, far away: what it does to us, and to them.
fn outlier(context: &Context, scene: &Scene<2>) -> Outcome<()> {
    let rows = scene.windows("one outlier, window", [(); 2]);
    let near = scene.label("one outlier, k = 10");
    if !any_wanted(context, &rows) && !context.wants(&near) {
        return Ok(());
    }
    let mut boxes = scene.boxes.clone();
    let without = Index::build(&boxes)?;
    boxes.push(BoxN::point([OUTLIER; 2]));
    let (with, theirs) = (Index::build(&boxes)?, Index2D::build(&boxes, None, false)?);
    // At most 1.5 times as slow.
    let peer = Role::Peer(Some(1.0 / 1.5));
    for (label, windows, ()) in rows {
        let contenders = vec![
            ours::window("", ours(None), &with, windows),
            ours::window("ours without it", peer, &without, windows),
            theirs::window(&theirs, windows),
        ];
        Contest { label, questions: windows.len(), contenders }.run(context)?;
    }
    let points = &scene.questions.points[..];
    let contenders = vec![
        ours::nearest(ours(None), &with, &boxes, points, K),
        ours::nearest(peer, &without, &boxes, points, K).named("ours without it"),
        theirs::nearest(&theirs, &boxes, points, K),
    ];
    Contest { label: near, questions: points.len(), contenders }.run(context)
}
