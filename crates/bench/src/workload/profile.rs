//! One workload of ours in a loop, for a profiler to look at.
//!
//! Owns the loop. It loads first and says so, so that a profiler may be attached after the loading,
//! and it runs for a time, or for a number of rounds where the profiler is slow itself.

use crate::Outcome;
use crate::context::Context;
use crate::peer::ours::Ours;
use crate::peer::{Durability, Form, Ids, Peer};
use crate::workload::data::{Gait, Scene, Spread, Walker};
use crate::workload::stage::{Actor, Engine, Work};
use ::ours::Space;
use std::time::{Duration, Instant};

/// How many operations a round has.
const ROUND: usize = 100_000;
/// How many different rounds there are.
const PREPARED: usize = 10;

/// The workloads that can be profiled, by their names on the command line.
const WORKS: [(&str, Work); 11] = [
    ("insert", Work::Insert),
    ("move-small", Work::Move(Gait::Small)),
    ("move-jump", Work::Move(Gait::Jump)),
    ("batch-small", Work::MoveBatch(Gait::Small)),
    ("batch-jump", Work::MoveBatch(Gait::Jump)),
    ("get", Work::Get),
    ("radius", Work::Ask(Form::Circle)),
    ("box", Work::Ask(Form::Box)),
    ("knn", Work::Ask(Form::Nearest)),
    ("mixed", Work::Mixed),
    ("durable", Work::Move(Gait::Commute)),
];

/// Runs the workload `name` on `scene` for so long, or for `rounds` rounds.
pub fn run(
    context: &Context,
    name: &str,
    scene: Scene,
    seconds: f64,
    rounds: Option<usize>,
) -> Outcome<()> {
    let Some(&(_, work)) = WORKS.iter().find(|work| work.0 == name) else {
        let names: Vec<&str> = WORKS.iter().map(|work| work.0).collect();
        return Err(
            format!("unknown workload {name:?}, expected one of {}", names.join(", ")).into()
        );
    };
    let ids = Ids::plain(scene.count);
    let (mut actor, _) = match name {
        "durable" => {
            let walker = Walker::new(scene, &ids, 1);
            let path = context.fresh_directory()?;
            let mut ours = Ours::open(&path, Durability::EverySecond, scene.space, ids.clone())?;
            ours.apply(&walker.all())?;
            (Actor { peer: Box::new(ours), walker }, Default::default())
        }
        _ => Actor::load(context, Engine::Ours, scene, &ids)?,
    };
    let form = if let Work::Ask(form) = work { form } else { Form::Circle };
    let pool = scene.questions(form, 1_000, 1);
    // Prepared once and done again and again, so that a profile shows the engine alone.
    let rounds_made =
        if work == Work::Insert { 0 } else { rounds.unwrap_or(PREPARED).min(PREPARED) };
    let prepared: Vec<_> = (0..rounds_made).map(|_| actor.prepare(work, &pool, ROUND)).collect();
    eprintln!("loaded {scene}; process {}; running {name}", std::process::id());
    let (started, mut done, mut cpu) = (Instant::now(), 0, Duration::ZERO);
    while rounds.map_or(started.elapsed().as_secs_f64() < seconds, |rounds| done < rounds) {
        cpu += match work {
            Work::Insert => Actor::load(context, Engine::Ours, scene, &ids)?.1.cpu,
            _ => actor.run(&prepared[done % prepared.len()])?.cpu,
        };
        done += 1;
    }
    let each = if work == Work::Insert { scene.count } else { ROUND };
    let ns = cpu.as_nanos() as f64 / (done * each) as f64;
    println!("{name}, {scene}: {ns:.1} ns an operation by processor time");
    Ok(())
}

/// The world that is asked for on the command line.
pub fn scene(cartesian: bool, altitudes: bool, city: bool, count: usize) -> Scene {
    Scene {
        space: if cartesian { Space::Cartesian } else { Space::Geographic },
        spread: if city { Spread::City } else { Spread::Uniform },
        altitudes,
        count,
    }
}
