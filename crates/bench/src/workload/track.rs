//! The track of one object out of many: its points in an interval, read back from the log.
//!
//! Owns two databases on files with the same times and places. Upstream keeps the last hundred
//! points of an object in memory and reads its whole log for anything older, so objects have two
//! hundred.

use crate::Outcome;
use crate::clock::{Stopwatch, Whose};
use crate::context::Context;
use crate::measure::{Side, interleave};
use crate::peer::ours::Ours;
use crate::peer::upstream::Upstream;
use crate::peer::{Durability, Ids};
use crate::report::{By, Row};
use crate::workload::data::{Gait, Random, Scene, Spread, Walker, short};
use ::ours::Space;
use std::fs;

const LAPS: i64 = 200;
const START_US: i64 = 1_767_225_600_000_000;
const LAP_US: i64 = 1_000_000;
const SEED: u64 = 29;

/// Measures whole tracks and windows of ten points.
pub fn run(context: &Context) -> Outcome<()> {
    let count = context.count() / 100;
    let windows = [("whole", 0, LAPS), ("ten points", 50, 10)];
    let records = short(count * LAPS as usize);
    let label =
        |what: &str| format!("trajectory, {what}, {} objects, {records} records", short(count));
    if count == 0 || !windows.iter().any(|window| context.wants(&label(window.0))) {
        return Ok(());
    }
    context.say("writing tracks");
    let scene = Scene { space: Space::Geographic, spread: Spread::Uniform, altitudes: true, count };
    let directory = context.fresh_directory()?;
    let ids = Ids::plain(count);
    let never = Durability::Never;
    let ours = Ours::open(&directory.join("ours"), never, scene.space, ids.clone())?;
    let theirs = Upstream::open(&directory.join("upstream.log"), never, ids.clone())?;
    let mut walker = Walker::new(scene, &ids, SEED);
    for lap in 0..LAPS {
        walker.steps(Gait::Small, count);
        for (id, step) in walker.all().iter() {
            let time_us = START_US + lap * LAP_US;
            ours.upsert_at(id, step.to, time_us)?;
            theirs.upsert_at(id, step.to, time_us)?;
        }
    }
    for (what, from, points) in windows {
        if !context.wants(&label(what)) {
            continue;
        }
        let from_us = START_US + from * LAP_US;
        let to_us = from_us + (points - 1) * LAP_US;
        let our_side = asked(points, count, |object| ours.trajectory(object, from_us, to_us));
        let their_side = asked(points, count, |object| theirs.trajectory(object, from_us, to_us));
        let figures = interleave(context.plan(), vec![our_side, their_side])?;
        context.put(Row::rate(&label(what), By::Cpu, figures[0], "upstream", figures[1], None));
    }
    ours.close()?;
    theirs.close()?;
    Ok(fs::remove_dir_all(directory)?)
}

/// A side that asks for tracks of any objects and fails unless each has so many points.
fn asked<'a>(points: i64, count: usize, ask: impl Fn(u32) -> Outcome<usize> + 'a) -> Side<'a> {
    let mut random = Random::new(SEED);
    Box::new(move |n| {
        let objects: Vec<u32> = (0..n).map(|_| random.below(count) as u32).collect();
        let watch = Stopwatch::start(Whose::Thread);
        for object in objects {
            let found = ask(object)?;
            if found as i64 != points {
                return Err(format!("object {object} has {found} points, not {points}").into());
            }
        }
        Ok(watch.stop())
    })
}
