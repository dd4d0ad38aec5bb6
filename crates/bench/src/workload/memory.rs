//! Bytes of memory for each object: what an engine allocates for ids of 16 bytes and no payload.
//!
//! Owns two measurements, when all objects are in and again when each has moved about once: what is
//! live by the bench's own allocator, and what a new process of this program grows by, which counts
//! the waste of the allocator too. Redis says its own figure.

use crate::alloc::live_bytes_of;
use crate::context::Context;
use crate::peer::{Ids, redis};
use crate::report::{Row, Target};
use crate::workload::data::{Gait, Scene, Spread, Walker};
use crate::workload::stage::Engine;
use crate::{Outcome, peer::Peer};
use ::ours::Space;
use rustix::param::page_size;
use std::fs;
use std::process::{Command, Stdio};
use std::sync::Arc;

/// What the table of targets allows for an object, in bytes.
const OURS_BYTES_MAX: f64 = 160.0;
const SEED: u64 = 7;

/// Reports bytes for each object, at 100 k and (unless quick) at 1 M objects.
pub fn run(context: &Context) -> Outcome<()> {
    let counts =
        if context.quick { vec![context.count()] } else { vec![context.count(), 1_000_000] };
    for count in counts {
        let altitudes = true;
        let scene = Scene { space: Space::Geographic, spread: Spread::Uniform, altitudes, count };
        compare(context, scene, "inserted", 0)?;
        compare(context, scene, "moved once each", count)?;
    }
    Ok(())
}

fn compare(context: &Context, scene: Scene, when: &str, moves: usize) -> Outcome<()> {
    let workload = format!("memory, {when}, {scene}");
    if !context.wants(&workload) {
        return Ok(());
    }
    let ids = Ids::plain(scene.count);
    let per_object = |bytes: f64| bytes / scene.count as f64;
    let ours = allocated(context, Engine::Ours, scene, &ids, moves)?;
    let metric = ("memory for each object", "B");
    let put = |peer: &str, theirs: f64, target| {
        context.put(Row::cost(
            &workload,
            metric,
            per_object(ours),
            peer,
            per_object(theirs),
            target,
        ));
    };
    let target = Some(Target::AtMost(OURS_BYTES_MAX));
    put("upstream", allocated(context, Engine::Upstream, scene, &ids, moves)?, target);
    let (ours, theirs) = (resident("ours", scene, moves)?, resident("upstream", scene, moves)?);
    let metric = ("resident memory for each object", "B RSS");
    let (ours, theirs) = (per_object(ours), per_object(theirs));
    context.put(Row::cost(&workload, metric, ours, "upstream", theirs, target));
    if !context.available(&[Engine::Redis]).is_empty() {
        put("redis", used_by_redis(context, scene, &ids, moves)?, None);
    }
    Ok(())
}

/// Live bytes of an engine of this process.
fn allocated(
    context: &Context,
    engine: Engine,
    scene: Scene,
    ids: &Arc<Ids>,
    moves: usize,
) -> Outcome<f64> {
    let mut walker = Walker::new(scene, ids, SEED);
    let (all, steps) = (walker.all(), walker.moves(Gait::Jump, moves));
    let (peer, bytes) = live_bytes_of(|| -> Outcome<Box<dyn Peer>> {
        let mut peer = engine.make(context, scene, ids)?;
        peer.apply(&all)?;
        peer.apply(&steps)?;
        Ok(peer)
    });
    drop(peer?);
    Ok(bytes as f64)
}

/// What a process of its own grows by: this program, run again with the command `probe`.
fn resident(engine: &str, scene: Scene, moves: usize) -> Outcome<f64> {
    let numbers = [scene.count.to_string(), moves.to_string()];
    let output = Command::new(std::env::current_exe()?)
        .args(["probe", engine])
        .args(numbers)
        .stderr(Stdio::inherit())
        .output()?;
    Ok(String::from_utf8(output.stdout)?.trim().parse()?)
}

/// The other side of it: loads and moves, and prints by how many bytes this process has grown.
pub fn probe(context: &Context, engine: &str, count: &str, moves: &str) -> Outcome<()> {
    let engine = match engine {
        "ours" => Engine::Ours,
        "upstream" => Engine::Upstream,
        other => return Err(format!("no probe of {other:?}").into()),
    };
    let scene = Scene {
        space: Space::Geographic,
        spread: Spread::Uniform,
        altitudes: true,
        count: count.parse()?,
    };
    let ids = Ids::plain(scene.count);
    let mut walker = Walker::new(scene, &ids, SEED);
    let (all, steps) = (walker.all(), walker.moves(Gait::Jump, moves.parse()?));
    let before = resident_bytes()?;
    let mut peer = engine.make(context, scene, &ids)?;
    peer.apply(&all)?;
    peer.apply(&steps)?;
    println!("{}", resident_bytes()?.saturating_sub(before));
    Ok(())
}

fn resident_bytes() -> Outcome<usize> {
    let pages = fs::read_to_string("/proc/self/statm")?;
    let resident = pages.split_whitespace().nth(1).ok_or("no second field in statm")?;
    Ok(resident.parse::<usize>()? * page_size())
}

fn used_by_redis(context: &Context, scene: Scene, ids: &Arc<Ids>, moves: usize) -> Outcome<f64> {
    let mut walker = Walker::new(scene, ids, SEED);
    let mut server = redis::Redis::start(&context.fresh_directory()?, ids.clone())?;
    let before = server.memory_bytes()?;
    server.apply(&walker.all())?;
    server.apply(&walker.moves(Gait::Jump, moves))?;
    Ok(server.memory_bytes()?.saturating_sub(before) as f64)
}
