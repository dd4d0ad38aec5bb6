//! The workloads on memory: which scenes are played, by which engines, and what they have to reach.
//!
//! Owns the list of scenes and the targets that belong to them. Does not own how a stage is loaded,
//! checked and measured (`stage`).

use crate::Outcome;
use crate::context::Context;
use crate::measure::Figure;
use crate::peer::Form;
use crate::report::{By, Row, Target};
use crate::workload::data::{Gait, Scene, Spread};
use crate::workload::stage::{Engine, Stage, Work};
use crate::workload::{skew, threads, upstream_grid};
use ::ours::Space;

const MILLION: usize = 1_000_000;

const EVERY_WORK: [Work; 8] = [
    Work::Insert,
    Work::Ask(Form::Circle),
    Work::Ask(Form::Box),
    Work::Ask(Form::Nearest),
    Work::Get,
    Work::Mixed,
    Work::Move(Gait::Small),
    Work::Move(Gait::Jump),
];
const BATCHES: [Work; 2] = [Work::MoveBatch(Gait::Small), Work::MoveBatch(Gait::Jump)];
const AT_ONE_COORDINATE: [Work; 5] = [
    Work::Insert,
    Work::Ask(Form::Circle),
    Work::Ask(Form::Nearest),
    Work::Get,
    Work::Move(Gait::Commute),
];

/// Runs all workloads on memory.
pub fn run(context: &Context) -> Outcome<()> {
    let count = context.count();
    let scene = |space, spread, altitudes, count| Scene { space, spread, altitudes, count };
    let (earth, plane) = (Space::Geographic, Space::Cartesian);
    let everything: Vec<Work> = EVERY_WORK.into_iter().chain(BATCHES).collect();

    let flat_earth = [Engine::Ours, Engine::Upstream, Engine::Redis];
    let flat_plane = [Engine::Ours, Engine::Rstar, Engine::Sqlite, Engine::Grid];
    let (earth_3d, plane_3d) = ([Engine::Ours, Engine::Upstream], [Engine::Ours, Engine::Rstar]);
    play(context, scene(earth, Spread::Uniform, false, count), &flat_earth, &EVERY_WORK)?;
    play(context, scene(earth, Spread::Uniform, true, count), &earth_3d, &EVERY_WORK)?;
    upstream_grid::run(context)?;
    play(context, scene(plane, Spread::Uniform, false, count), &flat_plane, &everything)?;
    play(context, scene(plane, Spread::Uniform, true, count), &plane_3d, &everything)?;
    let floor = [Engine::Ours, Engine::Rstar, Engine::Grid];
    if context.quick {
        play(context, scene(plane, Spread::Uniform, false, MILLION), &floor, &BATCHES)?;
    } else {
        play(context, scene(plane, Spread::Uniform, false, MILLION), &flat_plane, &everything)?;
        play(context, scene(plane, Spread::Uniform, true, MILLION), &plane_3d, &everything)?;
        play(context, scene(earth, Spread::Uniform, false, MILLION), &flat_earth, &EVERY_WORK)?;
        play(context, scene(earth, Spread::Uniform, true, MILLION), &earth_3d, &EVERY_WORK)?;
        play(context, scene(earth, Spread::City, false, count), &flat_earth, &EVERY_WORK)?;
        play(context, scene(plane, Spread::City, false, count), &flat_plane, &everything)?;
        let (pile, peers) = (Spread::OneCoordinate, [Engine::Ours, Engine::Rstar, Engine::Sqlite]);
        play(context, scene(earth, pile, false, count), &flat_earth, &AT_ONE_COORDINATE)?;
        play(context, scene(plane, pile, false, count), &peers, &AT_ONE_COORDINATE)?;
    }
    skew::run(context)?;
    threads::run(context)
}

/// Plays one scene: loads, compares, measures each wanted work, and checks what is left at the end.
fn play(context: &Context, scene: Scene, engines: &[Engine], works: &[Work]) -> Outcome<()> {
    let name = |work: Work| format!("{}, {scene}", work.name());
    let wanted = works.iter().copied().filter(|&work| context.wants(&name(work)));
    let wanted: Vec<Work> = wanted.collect();
    if wanted.is_empty() {
        return Ok(());
    }
    let engines = context.available(engines);
    context.say(&format!("loading {scene} into {engines:?}"));
    let rounds = if scene.count >= MILLION { 1 } else { 3 };
    let mut stage = Stage::load(context, scene, &engines, rounds)?;
    context.say("comparing the answers");
    stage.settle_and_compare()?;
    for work in wanted {
        let figures: Vec<(usize, Figure)> = match work {
            Work::Insert => stage.insertion.iter().copied().enumerate().collect(),
            _ => stage.measure(context.plan(), work)?,
        };
        let Some((&(_, ours), peers)) = figures.split_first() else { continue };
        for &(index, theirs) in peers {
            let engine = stage.engines[index];
            let target = target(work, scene, engine).map(Target::Ratio);
            let peer = stage.actors[index].peer.name();
            context.put(Row::rate(&name(work), By::Cpu, ours, peer, theirs, target));
        }
    }
    stage.verify_end()
}

/// The least ratio that the table of targets asks for.
fn target(work: Work, scene: Scene, against: Engine) -> Option<f64> {
    if scene.spread != Spread::Uniform {
        return None;
    }
    let jumps = work == Work::Move(Gait::Jump);
    match (against, work) {
        (Engine::Upstream, Work::Move(_)) => (jumps && !scene.altitudes).then_some(500.0),
        (Engine::Upstream, Work::Insert) => Some(5.0),
        (Engine::Upstream, Work::Get) => Some(1.5),
        (Engine::Upstream, Work::Ask(_)) => Some(20.0),
        (Engine::Rstar, Work::Ask(_)) => Some(2.0),
        (Engine::Rstar, Work::MoveBatch(_)) => Some(8.0),
        // Within 2.5 times of the floor.
        (Engine::Grid, Work::MoveBatch(_)) => Some(0.4),
        (Engine::Redis | Engine::Sqlite, Work::Move(_)) => Some(10.0),
        (Engine::Redis | Engine::Sqlite, Work::Ask(Form::Circle)) => Some(10.0),
        _ => None,
    }
}
