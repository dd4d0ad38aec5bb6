//! Opening again: ours after a close and after a crash, upstream by the log that it would have.
//!
//! Owns the two directories. Upstream's log is written here in its own text form, since its engine
//! would need hours for ten million moves; it then opens that file as it opens any. It replays its
//! whole log the first time (that is what reopening costs after the process that wrote it) and
//! leaves a snapshot, with which a second opening is shown too.

use crate::Outcome;
use crate::clock::{Stopwatch, Whose};
use crate::context::Context;
use crate::peer::ours::Ours;
use crate::peer::{Batch, Durability, Ids, Moves, Peer, upstream};
use crate::report::{Row, Target};
use crate::workload::data::{Gait, Scene, Spread, UpstreamGrid, Walker, short};
use ::ours::Space;
use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::Path;
use std::sync::Arc;

const LAPS: usize = 10;
const BATCH: usize = 10_000;
const SEED: u64 = 19;
const TEN_TIMES: Option<Target> = Some(Target::Ratio(10.0));
const BASE_TIME_US: i64 = 1_767_225_600_000_000;

/// Measures the opening of 1 M objects in 10 M records, or a tenth of it when quick.
pub fn run(context: &Context) -> Outcome<()> {
    let default = if context.quick { 100_000 } else { 1_000_000 };
    let count = context.objects.unwrap_or(default);
    let size = format!("{} objects, {} records", short(count), short(count * LAPS));
    let label = |how: &str| format!("reopen {how}, {size}");
    let hows = ["after a close", "after a crash", "once more"];
    if !hows.iter().any(|how| context.wants(&label(how))) {
        return Ok(());
    }
    context.say(&format!("writing {size}"));
    let directory = context.fresh_directory()?;
    let (closed, crashed) = (directory.join("closed"), directory.join("crashed"));
    let walker = write_ours(&closed, &crashed, count)?;
    let grid = UpstreamGrid::new(count);
    let log = directory.join("upstream.log");
    write_upstream(&log, &grid)?;

    context.say("opening");
    let their_first = open_upstream(&log, &grid)?;
    let their_second = open_upstream(&log, &grid)?;
    let ours_crashed = open_ours(&crashed, &walker)?;
    let ours_closed = open_ours(&closed, &walker)?;
    let ours_again = open_ours(&closed, &walker)?;
    let put = |how: &str, ours: f64, peer: &str, theirs: f64, target| {
        let metric = ("time to open", "s");
        context.put(Row::cost(&label(how), metric, ours, peer, theirs, target));
    };
    put("after a close", ours_closed, "upstream", their_first, TEN_TIMES);
    put("after a crash", ours_crashed, "upstream", their_first, TEN_TIMES);
    put("once more", ours_again, "upstream.snap", their_second, None);
    Ok(fs::remove_dir_all(directory)?)
}

/// Writes every object ten times, copies the files as a crash would leave them, and closes.
fn write_ours(closed: &Path, crashed: &Path, count: usize) -> Outcome<Walker> {
    let scene =
        Scene { space: Space::Geographic, spread: Spread::Uniform, altitudes: false, count };
    let ids = Ids::plain(count);
    let mut walker = Walker::new(scene, &ids, SEED);
    let mut ours = Ours::open(closed, Durability::Never, scene.space, ids)?;
    for chunk in walker.all().items.chunks(BATCH) {
        ours.insert_all(&Moves::of(&walker.ids, chunk.to_vec()))?;
    }
    for _ in 0..(LAPS - 1) * count / BATCH {
        let batch = Batch::new(&ours, walker.moves(Gait::Jump, BATCH));
        ours.apply_batch(&batch)?;
    }
    ours.sync()?;
    fs::create_dir_all(crashed)?;
    for entry in fs::read_dir(closed)? {
        let entry = entry?;
        fs::copy(entry.path(), crashed.join(entry.file_name()))?;
    }
    ours.close()?;
    Ok(walker)
}

/// Seconds on the wall to open, with every position compared afterwards.
fn open_ours(path: &Path, walker: &Walker) -> Outcome<f64> {
    let ids = walker.ids.clone();
    let watch = Stopwatch::start(Whose::Process);
    let mut ours = Ours::open(path, Durability::Never, walker.scene.space, ids)?;
    let seconds = watch.stop().wall.as_secs_f64();
    for (object, &expected) in (0..).zip(&walker.positions) {
        let found = ours.position(object)?;
        if found != Some(expected) {
            let what = format!("reopened, object {object} is at {found:?}, not {expected:?}");
            return Err(what.into());
        }
    }
    ours.close()?;
    Ok(seconds)
}

fn open_upstream(log: &Path, grid: &UpstreamGrid) -> Outcome<f64> {
    let ids = Arc::clone(&grid.ids);
    let watch = Stopwatch::start(Whose::Process);
    let mut theirs = upstream::Upstream::open(log, Durability::Never, ids)?;
    let seconds = watch.stop().wall.as_secs_f64();
    let last = grid.step(0, LAPS - 1).to;
    let found = theirs.position(0)?;
    if !found.is_some_and(|at| (at.x - last.x).abs() < 1e-6) {
        return Err(format!("upstream opened with object 0 at {found:?}, not {last:?}").into());
    }
    theirs.close()?;
    Ok(seconds)
}

/// Upstream's log of its own benchmark, line by line: checksum, time, names, place, metadata.
fn write_upstream(path: &Path, grid: &UpstreamGrid) -> Outcome<()> {
    let mut file = BufWriter::with_capacity(1 << 20, File::create(path)?);
    file.write_all(b"#spatio-log v2\n")?;
    let mut time_us = BASE_TIME_US;
    for lap in 0..LAPS {
        for object in 0..grid.positions.len() {
            let step = grid.step(object, lap);
            let (id, to) = (grid.ids.name(step.object), step.to);
            let body = format!("{time_us}|bench|{id}|{:.6}|{:.6}|{:.6}|4|null", to.y, to.x, to.z);
            writeln!(file, "{:08x}|{body}", crc32fast::hash(body.as_bytes()))?;
            time_us += 1;
        }
    }
    Ok(file.flush()?)
}
