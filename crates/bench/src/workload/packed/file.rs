//! Bytes on disk for each item, ids and exact boxes with them, and nothing else.
//!
//! Owns these rows and what they may come to.

use crate::Outcome;
use crate::context::Context;
use crate::report::{Row, Target};
use crate::workload::data::short;
use ::ours::packed::{BoxN, Items, Trees, WriteOptions, write_index};
use packed_spatial_index::{Index2D, Index3D, SimdIndex2DF32, SimdIndex3DF32};

use super::theirs::{Psi, Rounded};

/// What a box of the plane may take.
const PLANE_BYTES_MAX: f64 = 30.0;

/// Runs the rows of both numbers of axes.
pub fn run(context: &Context, plane: &[BoxN<2>], space: &[BoxN<3>]) -> Outcome<()> {
    let label = format!("disk, 2D, {}", short(plane.len()));
    if context.wants(&label) {
        let exact = Index2D::build(plane, None, false)?.to_bytes();
        let rounded = <SimdIndex2DF32 as Rounded<2>>::build(plane)?.to_bytes();
        rows(context, &label, plane, Some(PLANE_BYTES_MAX), [exact, rounded])?;
    }
    let label = format!("disk, 3D, {}", short(space.len()));
    if context.wants(&label) {
        let exact = Index3D::build(space, None, false)?.to_bytes();
        let rounded = <SimdIndex3DF32 as Rounded<3>>::build(space)?.to_bytes();
        rows(context, &label, space, None, [exact, rounded])?;
    }
    Ok(())
}

fn rows<const D: usize>(
    context: &Context,
    label: &str,
    boxes: &[BoxN<D>],
    most: Option<f64>,
    [exact, rounded]: [Vec<u8>; 2],
) -> Outcome<()> {
    let each = |bytes: usize| bytes as f64 / boxes.len() as f64;
    let (mut file, options) =
        (Vec::new(), WriteOptions { trees: Trees::Fast, ..Default::default() });
    write_index(&Items::new(boxes), options, &mut file)?;
    let metric = ("file for each item", "B");
    let ours = each(file.len());
    let target = most.map(Target::AtMost);
    context.put(Row::cost(label, metric, ours, "psi Index", each(exact.len()), target));
    context.put(Row::cost(label, metric, ours, "psi f32, inexact", each(rounded.len()), None));
    Ok(())
}
