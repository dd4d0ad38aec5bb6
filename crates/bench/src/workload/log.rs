//! The workloads on disk: durable moves under each policy, many writers, bytes for each record.
//!
//! Owns the pairs of databases on files and their targets. Upstream plays its kindest workload, its
//! own benchmark; ours plays random moves of a uniform world. Wall time counts here, because a sync
//! is waited for; processor time of all threads stands beside it.

use crate::Outcome;
use crate::clock::{Spent, Stopwatch, Whose};
use crate::context::Context;
use crate::measure::{Plan, Side, interleave};
use crate::peer::ours::Ours;
use crate::peer::{Durability, Ids, Moves, Peer, Step, upstream};
use crate::report::{By, Row, Target};
use crate::workload::data::{Gait, Scene, Spread, UpstreamGrid, Walker, short};
use crate::workload::upstream_grid::Lapper;
use crate::workload::{reopen, track};
use ::ours::Space;
use std::fs;
use std::path::Path;
use std::time::Duration;

const WRITERS: usize = 64;
const SEED: u64 = 17;
/// What the table of targets allows for a record, in bytes.
const OURS_BYTES_MAX: f64 = 48.0;
const MILLION: usize = 1_000_000;

/// Runs all workloads on disk.
pub fn run(context: &Context) -> Outcome<()> {
    let policies = [
        (Durability::EverySecond, "Every(1 s)", Some(8.0)),
        (Durability::Never, "Never", None),
        (Durability::Always, "Always, one writer", None),
    ];
    for (durability, policy, target) in policies {
        let counts = match durability {
            Durability::EverySecond => vec![context.count(), MILLION],
            _ => vec![context.count()],
        };
        for count in counts {
            durable_moves(context, durability, policy, count, target)?;
        }
    }
    many_writers(context)?;
    bytes_on_disk(context)?;
    track::run(context)?;
    reopen::run(context)
}

/// Slices that are long enough to hold the syncs that belong to them.
fn plan(context: &Context, durability: Durability) -> Plan {
    let (slice_ms, rounds) = match (durability, context.quick) {
        (Durability::EverySecond, true) => (1_100, 3),
        (Durability::EverySecond, false) => (2_200, 5),
        (_, true) => (200, 3),
        (_, false) => (1_000, 5),
    };
    Plan { slice: Duration::from_millis(slice_ms), rounds, operations_max: 20_000_000 }
}

fn scene(count: usize) -> Scene {
    Scene { space: Space::Geographic, spread: Spread::Uniform, altitudes: false, count }
}

/// A durable database of ours with every object of a walker in it.
fn loaded(path: &Path, durability: Durability, walker: &Walker) -> Outcome<Ours> {
    let mut ours = Ours::open(path, durability, walker.scene.space, walker.ids.clone())?;
    if durability == Durability::Always {
        // Loading record by record would wait for a sync each; a batch waits for one.
        for chunk in walker.all().items.chunks(1_000) {
            ours.insert_all(&Moves::of(&walker.ids, chunk.to_vec()))?;
        }
    } else {
        ours.apply(&walker.all())?;
    }
    Ok(ours)
}

fn durable_moves(
    context: &Context,
    durability: Durability,
    policy: &str,
    count: usize,
    target: Option<f64>,
) -> Outcome<()> {
    let gaits = [(Gait::Jump, "jumps"), (Gait::Small, "small steps")];
    let label = |what: &str| format!("durable move {policy}, {what} {}", short(count));
    if !gaits.iter().any(|gait| context.wants(&label(gait.1))) {
        return Ok(());
    }
    context.say(&format!("loading for durable moves, {policy}, {}", short(count)));
    let directory = context.fresh_directory()?;
    let mut walker = Walker::new(scene(count), &Ids::plain(count), SEED);
    let mut ours = loaded(&directory.join("ours"), durability, &walker)?;
    let grid = UpstreamGrid::new(context.count());
    let log = directory.join("upstream.log");
    let mut theirs = upstream_loaded(&log, durability, &grid)?;
    for (gait, what) in gaits {
        if !context.wants(&label(what)) {
            continue;
        }
        let our_side: Side<'_> = Box::new(|n| process_timed(&mut ours, &walker.moves(gait, n)));
        let their_side: Side<'_> = Box::new(|n| {
            let moves = theirs.moves(n);
            process_timed(&mut *theirs.peer, &moves)
        });
        let figures = interleave(plan(context, durability), vec![our_side, their_side])?;
        let target = target.map(Target::Ratio);
        let peer = "upstream's best";
        let put = |by, target| {
            context.put(Row::rate(&label(what), by, figures[0], peer, figures[1], target));
        };
        put(By::Wall, target);
        put(By::Cpu, None);
    }
    ours.close()?;
    drop(theirs);
    verify_after_reopening(&directory.join("ours"), &walker)?;
    Ok(fs::remove_dir_all(directory)?)
}

/// Upstream with every object of its grid. It is filled under the policy itself, since a tree that
/// it builds anew on opening is a worse one; only where each insertion would wait for a sync, and
/// the tree does not matter beside that, is the log filled first and opened again.
fn upstream_loaded<'g>(
    log: &Path,
    durability: Durability,
    grid: &'g UpstreamGrid,
) -> Outcome<Lapper<'g>> {
    let open = |durability| upstream::Upstream::open(log, durability, grid.ids.clone());
    if durability != Durability::Always {
        return Ok(Lapper::load(grid, Box::new(open(durability)?))?.0);
    }
    drop(Lapper::load(grid, Box::new(open(Durability::Never)?))?);
    Ok(Lapper::resume(grid, Box::new(open(durability)?)))
}

/// Applies steps and counts every thread of this process, such as one that syncs.
fn process_timed(peer: &mut dyn Peer, moves: &Moves) -> Outcome<Spent> {
    let watch = Stopwatch::start(Whose::Process);
    peer.apply(moves)?;
    Ok(watch.stop())
}

/// Fails unless a database holds exactly the positions of the model.
fn verify_after_reopening(path: &Path, walker: &Walker) -> Outcome<()> {
    let (space, ids) = (walker.scene.space, walker.ids.clone());
    let mut ours = Ours::open(path, Durability::Never, space, ids)?;
    for (object, &expected) in (0..).zip(&walker.positions) {
        let found = ours.position(object)?;
        if found != Some(expected) {
            let what = format!("reopened, object {object} is at {found:?}, not {expected:?}");
            return Err(what.into());
        }
    }
    ours.close()
}

/// 64 writers that share their syncs, over one that waits for each of its own.
fn many_writers(context: &Context) -> Outcome<()> {
    let label = format!("durable move Always, {WRITERS} writers");
    if !context.wants(&label) {
        return Ok(());
    }
    context.say("loading for many writers");
    let directory = context.fresh_directory()?;
    let count = context.count();
    let walker = Walker::new(scene(count), &Ids::plain(count), SEED);
    let ours = loaded(&directory, Durability::Always, &walker)?;
    let model = std::cell::RefCell::new(walker);
    let side = |writers: usize| -> Side<'_> {
        let (ours, model) = (&ours, &model);
        Box::new(move |n| written_by(ours, &mut model.borrow_mut(), n, writers))
    };
    let figures = interleave(plan(context, Durability::Always), vec![side(WRITERS), side(1)])?;
    let (many, one) = (figures[0], figures[1]);
    let target = Some(Target::Ratio(15.0));
    context.put(Row::rate(&label, By::Wall, many, "ours, one writer", one, target));
    ours.close()?;
    verify_after_reopening(&directory, &model.into_inner())
}

fn written_by(ours: &Ours, walker: &mut Walker, n: usize, writers: usize) -> Outcome<Spent> {
    // At least one move for each writer, and the time of those that were made.
    let mut shares = vec![Vec::new(); writers];
    for step in walker.steps(Gait::Jump, n) {
        shares[step.object as usize % writers].push(step);
    }
    let shares: Vec<Moves> =
        shares.into_iter().map(|steps: Vec<Step>| Moves::of(&walker.ids, steps)).collect();
    let watch = Stopwatch::start(Whose::Process);
    std::thread::scope(|scope| {
        let spawn = |share: Moves| {
            let mut ours = ours.clone();
            scope.spawn(move || ours.apply(&share))
        };
        let threads: Vec<_> = shares.into_iter().map(spawn).collect();
        let joined = threads
            .into_iter()
            .map(|thread| thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
        joined.collect::<Outcome<()>>()
    })?;
    Ok(watch.stop())
}

/// Bytes on disk for each record: definitions, moves and the indexes of segments, all files of
/// logs.
fn bytes_on_disk(context: &Context) -> Outcome<()> {
    for altitudes in [false, true] {
        let scene = Scene { altitudes, ..scene(context.count()) };
        let label = format!("disk, {scene}, ten moves each");
        if !context.wants(&label) {
            continue;
        }
        let directory = context.fresh_directory()?;
        let mut walker = Walker::new(scene, &Ids::plain(scene.count), SEED);
        let mut ours = loaded(&directory, Durability::Never, &walker)?;
        let moves = scene.count * 10;
        ours.apply(&walker.moves(Gait::Jump, moves))?;
        ours.close()?;
        let records = (scene.count + moves) as f64;
        let per_record = |bytes: u64| bytes as f64 / records;
        let logs = per_record(bytes_of(&directory, "log")?);
        let whole = per_record(bytes_of(&directory, "")?);
        let theirs = upstream_bytes_per_record(context, &walker)?;
        let target = Some(Target::AtMost(OURS_BYTES_MAX));
        let metric = ("log for each record", "B");
        context.put(Row::cost(&label, metric, logs, "upstream", theirs, target));
        let metric = ("all files for each record", "B");
        context.put(Row::cost(&label, metric, whole, "upstream", theirs, None));
        fs::remove_dir_all(directory)?;
    }
    Ok(())
}

/// The size of all files in a directory whose names end so.
fn bytes_of(directory: &Path, ending: &str) -> Outcome<u64> {
    let mut bytes = 0;
    for entry in fs::read_dir(directory)? {
        let entry = entry?;
        if entry.file_name().to_string_lossy().ends_with(ending) {
            bytes += entry.metadata()?.len();
        }
    }
    Ok(bytes)
}

/// The same for upstream, on fewer records: each of its lines is about as long as the next.
fn upstream_bytes_per_record(context: &Context, walker: &Walker) -> Outcome<f64> {
    let log = context.fresh_directory()?.join("upstream.log");
    let mut theirs = upstream::Upstream::open(&log, Durability::Never, walker.ids.clone())?;
    let mut steps = walker.all().items;
    steps.truncate(20_000);
    let records = steps.len() as f64;
    theirs.apply(&Moves::of(&walker.ids, steps))?;
    theirs.close()?;
    Ok(fs::metadata(&log)?.len() as f64 / records)
}
