//! `spatio demo`: a city on an embedded database, live in the terminal and then as a page.
//!
//! Owns the order of the show: build, run, ask for the last time, close, open again, write the
//! page. What is shown comes out of the database, not out of the simulation beside it.

mod board;
mod drone;
mod event;
mod finish;
mod folder;
mod land;
mod latency;
mod live;
mod page;
mod rng;
mod ship;
mod simplify;
mod streets;
mod summary;
mod vehicle;
mod watch;
pub(crate) mod world;
mod zones;

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Instant;

use spatio::{Database, NamespaceOptions};

use crate::args::DemoArgs;
use crate::demo::board::Board;
use crate::demo::finish::Finish;
use crate::demo::folder::Folder;
use crate::demo::live::Live;
use crate::demo::summary::{Reopened, Summary};
use crate::demo::world::{Positions, World};
use crate::engine;
use crate::failure::{Failure, Outcome};

/// The city's seconds in one second on the wall.
const TIME_SCALE: f64 = 30.0;
const NAMESPACE: &str = "city";

/// Runs the command.
pub(crate) fn run(args: &DemoArgs) -> Outcome<()> {
    let span_us = (args.seconds * TIME_SCALE * 1e6) as i64;
    // The city's time runs ahead of the wall, and is to end about now.
    let start_us = engine::now_us() - span_us;
    let folder = Folder::new(args.dir.as_deref(), engine::now_us())?;
    let mut world = World::new(args.objects as usize, args.seed);
    let live = Arc::new(Live::new(start_us));
    stop_on_interrupt(&live)?;

    let db = Database::open(folder.path())?;
    let namespace = db.create_namespace(NAMESPACE, &NamespaceOptions::geographic())?;
    let ids = world.ids();
    let handles = ids.iter().map(|id| namespace.intern(id)).collect::<Result<Vec<_>, _>>()?;
    let mut positions = Positions::default();
    world.positions(&mut positions);
    engine::write_columns(&namespace, &handles, &positions, &vec![start_us; handles.len()])?;

    let mut board = Board::new(&live, &world, args.seconds);
    let started = Instant::now();
    let shown = std::thread::scope(|scope| {
        scope.spawn(|| live::move_all(&live, &namespace, &mut world, &handles));
        scope.spawn(|| live::ask_all(&live, &namespace, &ids, args.seed));
        let shown = board.watch();
        live.stop.store(true, Ordering::Relaxed);
        shown
    });
    let ran_s = started.elapsed().as_secs_f64();
    if let Some(failure) = live.take_failure() {
        return Err(failure);
    }
    shown?;

    let finish = Finish::ask(&namespace, &ids, start_us)?;
    let stats = db.stats()?;
    db.close()?;
    drop((namespace, db));
    let reopened = Reopened::open(folder.path(), &finish)?;
    let summary = Summary { live: &live, ran_s, stats, reopened, folder: &folder };
    let html = finish.into_page(&world, &live, start_us, &summary).html();
    std::fs::write(&args.page, &html).map_err(|error| Failure::file(&args.page, &error))?;
    summary.write(&args.page, html.len() as u64)
}

/// The first Ctrl-C ends the run in order; the handler stays, so a second one does no more.
fn stop_on_interrupt(live: &Arc<Live>) -> Outcome<()> {
    let live = Arc::clone(live);
    ctrlc::set_handler(move || live.stop.store(true, Ordering::Relaxed))
        .map_err(|error| Failure::new(crate::failure::exit::ENGINE, error.to_string()))
}
