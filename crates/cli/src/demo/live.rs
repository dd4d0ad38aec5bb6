//! The two threads of the running demo: one moves everything, one asks without pause.
//!
//! Owns the figures that they share with the board. Invariant: the first failure of either stops
//! both, and is told.

use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use spatio::{Interval, Namespace, Query};

use crate::demo::drone::{HOSPITAL, PADS};
use crate::demo::event::Event;
use crate::demo::land::{self, HALF_HEIGHT_M, HALF_WIDTH_M};
use crate::demo::latency::Latencies;
use crate::demo::rng::Rng;
use crate::demo::watch::Watch;
use crate::demo::world::{Positions, World};
use crate::demo::{TIME_SCALE, zones};
use crate::engine;
use crate::failure::{Failure, Outcome};

/// Every object reports so often.
const TICK: Duration = Duration::from_millis(50);
/// Events are looked for so often.
const LOOK: Duration = Duration::from_millis(50);
/// The asking thread rests so long after each round, to leave the processor to the city.
const REST: Duration = Duration::from_millis(1);
/// A late step is cut to this, so nothing jumps across a block.
const STEP_MAX_S: f64 = 6.0;

/// The queries that run all the time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Asked {
    Radius,
    Nearest,
    Polygon,
    Trajectory,
}

impl Asked {
    pub(crate) const ALL: [Asked; 4] =
        [Asked::Radius, Asked::Nearest, Asked::Polygon, Asked::Trajectory];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Asked::Radius => "radius",
            Asked::Nearest => "nearest",
            Asked::Polygon => "polygon",
            Asked::Trajectory => "trajectory",
        }
    }

    pub(crate) fn about(self) -> &'static str {
        match self {
            Asked::Radius => "all within 250 m of a spot",
            Asked::Nearest => "the 8 drones nearest to it",
            Asked::Polygon => "all in the inner city",
            Asked::Trajectory => "2 minutes of one object",
        }
    }
}

/// What is known of one query.
#[derive(Clone, Debug)]
pub(crate) struct Figures {
    /// Since the board last looked.
    pub(crate) recent: Latencies,
    pub(crate) all: Latencies,
    /// Rows of the last answer.
    pub(crate) rows: usize,
}

/// What the threads share.
pub(crate) struct Live {
    pub(crate) stop: AtomicBool,
    pub(crate) updates: AtomicU64,
    /// The city's time.
    pub(crate) city_us: AtomicI64,
    figures: Mutex<Vec<Figures>>,
    events: Mutex<Vec<Event>>,
    failure: Mutex<Option<Failure>>,
}

impl Live {
    pub(crate) fn new(start_us: i64) -> Self {
        let none = Figures { recent: Latencies::new(), all: Latencies::new(), rows: 0 };
        Live {
            stop: AtomicBool::new(false),
            updates: AtomicU64::new(0),
            city_us: AtomicI64::new(start_us),
            figures: Mutex::new(vec![none; Asked::ALL.len()]),
            events: Mutex::new(Vec::new()),
            failure: Mutex::new(None),
        }
    }

    pub(crate) fn stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }

    pub(crate) fn figures(&self) -> MutexGuard<'_, Vec<Figures>> {
        self.figures.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn events(&self) -> MutexGuard<'_, Vec<Event>> {
        self.events.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The failure that stopped the run, if one did.
    pub(crate) fn take_failure(&self) -> Option<Failure> {
        self.failure.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    fn guard(&self, outcome: Outcome<()>) {
        if let Err(failure) = outcome {
            let mut first = self.failure.lock().unwrap_or_else(PoisonError::into_inner);
            first.get_or_insert(failure);
            self.stop.store(true, Ordering::Relaxed);
        }
    }

    fn record(&self, asked: Asked, elapsed: Duration, rows: usize) {
        let figures = &mut self.figures()[asked as usize];
        figures.recent.record(elapsed);
        figures.rows = rows;
    }
}

/// Moves the city and writes every position, tick after tick, until told to stop.
pub(crate) fn move_all(live: &Live, namespace: &Namespace, world: &mut World, handles: &[u64]) {
    live.guard(try_move_all(live, namespace, world, handles));
}

fn try_move_all(
    live: &Live,
    namespace: &Namespace,
    world: &mut World,
    handles: &[u64],
) -> Outcome<()> {
    let mut positions = Positions::default();
    let mut times_us = vec![0; handles.len()];
    let mut last = Instant::now();
    while !live.stopped() {
        let elapsed = last.elapsed();
        last = Instant::now();
        let step_s = (elapsed.as_secs_f64() * TIME_SCALE).min(STEP_MAX_S);
        world.step(step_s);
        let step_us = (step_s * 1e6) as i64;
        let city_us = live.city_us.fetch_add(step_us, Ordering::Relaxed) + step_us;
        world.positions(&mut positions);
        times_us.fill(city_us);
        engine::write_columns(namespace, handles, &positions, &times_us)?;
        live.updates.fetch_add(handles.len() as u64, Ordering::Relaxed);
        std::thread::sleep(TICK.saturating_sub(last.elapsed()));
    }
    Ok(())
}

/// Asks the four queries in turn and looks for events, until told to stop.
pub(crate) fn ask_all(live: &Live, namespace: &Namespace, ids: &[String], seed: u64) {
    live.guard(try_ask_all(live, namespace, ids, seed));
}

fn try_ask_all(live: &Live, namespace: &Namespace, ids: &[String], seed: u64) -> Outcome<()> {
    let mut rng = Rng::new(seed ^ 0x51ee);
    let city = zones::inner_city()?;
    let mut watches = watches()?;
    let mut looked = Instant::now();
    let mut events = Vec::new();
    let one = |asked, ask: &mut dyn FnMut() -> Outcome<usize>| -> Outcome<()> {
        let start = Instant::now();
        let rows = ask()?;
        live.record(asked, start.elapsed(), rows);
        Ok(())
    };
    while !live.stopped() {
        let near = PADS[rng.below(PADS.len())].spot;
        let (dx, dy) =
            (rng.between(-0.3, 0.3) * HALF_WIDTH_M, rng.between(-0.3, 0.3) * HALF_HEIGHT_M);
        let spot = land::to_point((near.0 + dx, near.1 + dy), 0.0);
        let id = &ids[rng.below(ids.len())];
        let city_us = live.city_us.load(Ordering::Relaxed);
        let recent = Interval::new(city_us - 120_000_000, city_us);
        let query = Query::circle(spot, 250.0);
        one(Asked::Radius, &mut || Ok(namespace.query(&query)?.len()))?;
        let query = Query::nearest(8, spot).id_prefix("drone:");
        one(Asked::Nearest, &mut || Ok(namespace.query(&query)?.len()))?;
        let query = Query::polygon(city.clone());
        one(Asked::Polygon, &mut || Ok(namespace.query(&query)?.len()))?;
        one(Asked::Trajectory, &mut || {
            Ok(namespace.query_trajectory(id, recent, usize::MAX)?.time_us.len())
        })?;
        if looked.elapsed() >= LOOK {
            looked = Instant::now();
            for watch in &mut watches {
                watch.look(namespace, city_us, &mut events)?;
            }
            live.events().append(&mut events);
        }
        std::thread::sleep(REST);
    }
    Ok(())
}

fn watches() -> Outcome<Vec<Watch>> {
    let harbour = Query::polygon(zones::harbour()?).id_prefix("ship:");
    let hospital = Query::circle(land::to_point(HOSPITAL.spot, 0.0), 90.0)
        .altitude(0.0, 2.0)
        .id_prefix("drone:");
    Ok(vec![
        Watch::new(harbour, "entered the harbour", "left the harbour"),
        Watch::new(hospital, "landed at the hospital", "took off from the hospital"),
    ])
}
