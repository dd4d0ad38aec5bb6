//! Real positions: every row of every recording as a point, with the clumps and the repetitions
//! that they have.

use super::contest::{Contest, Role};
use super::others::{Aabb, Geo, Rstar};
use super::theirs::Psi;
use super::{K, ours, theirs};
use crate::Outcome;
use crate::context::Context;
use crate::workload::data::Random;
use crate::workload::replay;
use ::ours::packed::{BoxN, Index};
use packed_spatial_index::{Index2D, SimdIndex2D};

const WINDOW: &str = "recorded positions, window of 0.01 degrees";
const NEAREST: &str = "recorded positions, k = 10";
const QUESTIONS: usize = 2_000;
/// Half the side of a window, in degrees.
const REACH: f64 = 0.005;

/// Windows and nearest neighbours beside positions that were recorded.
pub fn run(context: &Context) -> Outcome<()> {
    if ![WINDOW, NEAREST].iter().any(|label| context.wants(label)) {
        return Ok(());
    }
    let places = replay::places(context)?;
    if places.is_empty() {
        return Ok(());
    }
    context.say(&format!("{} recorded positions", places.len()));
    let boxes: Vec<BoxN<2>> = places.iter().map(|at| BoxN::point([at.x, at.y])).collect();
    let mut random = Random::new(29);
    let mut beside = || {
        let at = boxes[random.below(boxes.len())].min;
        at.map(|c| c + (random.unit() - 0.5) * REACH)
    };
    let points: Vec<[f64; 2]> = (0..QUESTIONS).map(|_| beside()).collect();
    let window = |at: &[f64; 2]| BoxN::new(at.map(|c| c - REACH), at.map(|c| c + REACH));
    let windows: Vec<BoxN<2>> = points.iter().map(window).collect();

    let index = Index::build(&boxes)?;
    let (scalar, simd) =
        (Index2D::build(&boxes, None, false)?, SimdIndex2D::build(&boxes, None, false)?);
    let (aabb, geo, rstar) = (Aabb::build(&boxes)?, Geo::build(&boxes), Rstar::build(&boxes));
    let role = Role::Ours { exact: None, inexact: None };
    let contenders = vec![
        ours::window("", role, &index, &windows),
        ours::scan_windows(&boxes, &windows),
        theirs::window(&scalar, &windows),
        theirs::window(&simd, &windows),
        aabb.window(&windows),
        geo.window(&windows),
        rstar.window(&windows),
    ];
    Contest { label: WINDOW.into(), questions: QUESTIONS, contenders }.run(context)?;
    let contenders = vec![
        ours::nearest(role, &index, &boxes, &points, K),
        ours::scan_nearest(&boxes, &points, K),
        theirs::nearest(&scalar, &boxes, &points, K),
        theirs::nearest(&simd, &boxes, &points, K),
        aabb.nearest(&boxes, &points, K),
        geo.nearest(&boxes, &points, K),
        rstar.nearest(&boxes, &points, K, None),
    ];
    Contest { label: NEAREST.into(), questions: QUESTIONS, contenders }.run(context)
}
