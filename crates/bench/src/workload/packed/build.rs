//! Building: ours on one thread and on two, beside the peers, from the same boxes.
//!
//! Owns these rows. What a builder wants the boxes copied into counts, as nobody gets around it;
//! giving the finished index back does not. Fails unless two threads give the bytes of one.

use super::others::{Aabb, Flat, Geo, Rstar};
use super::theirs::{Psi, Rounded};
use crate::Outcome;
use crate::clock::{Spent, Stopwatch, Whose};
use crate::context::Context;
use crate::measure::{Figure, Plan, Side, interleave};
use crate::report::{Row, Target};
use crate::workload::data::short;
use ::ours::packed::{BoxN, Index, Items, WriteOptions, write_index};
use packed_spatial_index::{
    Index2D, Index3D, SimdIndex2D, SimdIndex2DF32, SimdIndex3D, SimdIndex3DF32,
};
use std::hint::black_box;
use std::time::Duration;

/// Runs all rows of building.
pub fn run(context: &Context, plane: &[BoxN<2>], space: &[BoxN<3>]) -> Outcome<()> {
    let sides: Vec<(&str, Side<'_>)> = vec![
        ("psi Index2D", side(|| Index2D::build(plane, None, false))),
        ("psi SimdIndex2D", side(|| SimdIndex2D::build(plane, None, false))),
        ("psi f32, inexact", side(|| <SimdIndex2DF32 as Rounded<2>>::build(plane))),
        ("static_aabb2d", side(|| Aabb::build(plane))),
        ("geo-index", side(|| Ok(Geo::build(plane)))),
        ("rstar", side(|| Ok(Rstar::build(plane)))),
        ("flatgeobuf", side(|| Flat::build(plane))),
    ];
    serial(context, plane, 1.0, sides)?;
    let sides: Vec<(&str, Side<'_>)> = vec![
        ("psi Index3D", side(|| Index3D::build(space, None, false))),
        ("psi SimdIndex3D", side(|| SimdIndex3D::build(space, None, false))),
        ("psi f32, inexact", side(|| <SimdIndex3DF32 as Rounded<3>>::build(space))),
        ("rstar", side(|| Ok(Rstar::build(space)))),
    ];
    serial(context, space, 1.3, sides)?;
    threads(context, plane, side_by(Whose::Process, || Index2D::build(plane, None, true)))?;
    threads(context, space, side_by(Whose::Process, || Index3D::build(space, None, true)))
}

fn side<'a, T>(build: impl FnMut() -> Outcome<T> + 'a) -> Side<'a> {
    side_by(Whose::Thread, build)
}

fn side_by<'a, T>(whose: Whose, mut build: impl FnMut() -> Outcome<T> + 'a) -> Side<'a> {
    Box::new(move |n| {
        // Once unmeasured: memory that was free for long the system may first have to fetch, which
        // would hit whoever comes first after a slow side.
        drop(black_box(build()?));
        let mut spent = Spent::default();
        for _ in 0..n {
            let watch = Stopwatch::start(whose);
            let built = black_box(build()?);
            spent += watch.stop();
            drop(built);
        }
        Ok(spent)
    })
}

/// One build a slice, more often than other work.
fn plan(context: &Context) -> Plan {
    let rounds = if context.quick { 5 } else { 15 };
    Plan { slice: Duration::from_millis(1), rounds, operations_max: 1 }
}

/// One thread, by processor time; the first two peers are exact variants, the better one counts.
fn serial<'a, const D: usize>(
    context: &Context,
    boxes: &'a [BoxN<D>],
    target: f64,
    peers: Vec<(&str, Side<'a>)>,
) -> Outcome<()> {
    let label = format!("build, {D}D, {}", short(boxes.len()));
    if !context.wants(&label) {
        return Ok(());
    }
    context.say(&label);
    let (names, mut sides): (Vec<&str>, Vec<Side<'_>>) = peers.into_iter().unzip();
    sides.insert(0, side(|| Ok(Index::build(boxes)?)));
    let figures = interleave(plan(context), sides)?;
    let best = if figures[1].cpu_ns <= figures[2].cpu_ns { 0 } else { 1 };
    let milliseconds = |figure: Figure| figure.cpu_ns / 1e6;
    for (index, name) in names.into_iter().enumerate() {
        let target = (index == best).then_some(Target::Ratio(target));
        let (we, they) = (milliseconds(figures[0]), milliseconds(figures[index + 1]));
        context.put(Row::cost(&label, ("processor time", "ms"), we, name, they, target));
    }
    Ok(())
}

/// Two threads over one, by wall time. The shortest of many rounds counts, since on a machine that
/// does other work two threads wait for each other longer than one waits alone.
fn threads<'a, const D: usize>(
    context: &Context,
    boxes: &'a [BoxN<D>],
    theirs: Side<'a>,
) -> Outcome<()> {
    let label = format!("build, two threads, {D}D, {}", short(boxes.len()));
    if !context.wants(&label) {
        return Ok(());
    }
    context.say(&label);
    compare_bytes(boxes)?;
    let on = |threads| side_by(Whose::Process, move || Ok(Index::build_on(boxes, threads)?));
    let mut sides = [on(2), on(1), theirs];
    let mut shortest = [f64::INFINITY; 3];
    for _ in 0..if context.quick { 7 } else { 31 } {
        for (side, shortest) in sides.iter_mut().zip(&mut shortest) {
            *shortest = shortest.min(side(1)?.wall.as_nanos() as f64);
        }
    }
    let target = Some(Target::Ratio(1.6));
    let metric = ("shortest wall time", "ms");
    for (peer, index, target) in [("ours, one thread", 1, target), ("psi, parallel", 2, None)] {
        let (we, they) = (shortest[0] / 1e6, shortest[index] / 1e6);
        context.put(Row::cost(&label, metric, we, peer, they, target));
    }
    Ok(())
}

/// Fails unless files built on one, two and three threads are equal.
fn compare_bytes<const D: usize>(boxes: &[BoxN<D>]) -> Outcome<()> {
    let written = |threads| -> Outcome<Vec<u8>> {
        let (mut bytes, options) = (Vec::new(), WriteOptions { threads, ..Default::default() });
        write_index(&Items::new(boxes), options, &mut bytes)?;
        Ok(bytes)
    };
    let one = written(1)?;
    for threads in [2, 3] {
        if written(threads)? != one {
            return Err(format!("{threads} threads write other bytes than one").into());
        }
    }
    Ok(())
}
