//! Rebuilding the hot state from what recovery keeps of the log.
//!
//! Owns: the rule by which replayed changes win over each other, which is the rule of `write.rs`
//! without a clock. Does not own files. Invariants: only the last state of each object is put into
//! the hot index, once, at the end.

use std::sync::Arc;

use ahash::RandomState;
use hashbrown::HashMap;

use crate::error::{Error, ErrorKind, Result};
use crate::format::{Change, namespace_of};
use crate::geom::Point;
use crate::hot::{NEVER, Payload, Placement};
use crate::sync::atomic::Ordering;

use super::core::{Place, Registry};

/// The state of an object so far.
#[derive(Clone)]
struct State {
    time_us: i64,
    position: Point,
    expires_us: i64,
    payload: Payload,
    standing: Standing,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Standing {
    /// Named, and nothing more.
    Unseen,
    Live,
    /// Deleted or expired at `time_us`.
    Gone,
}

const UNSEEN: State = State {
    time_us: 0,
    position: Point::new(0.0, 0.0),
    expires_us: NEVER,
    payload: None,
    standing: Standing::Unseen,
};

struct Space {
    place: Place,
    states: Vec<State>,
    names: usize,
}

/// Namespaces being rebuilt.
pub(super) struct Rebuild {
    spaces: HashMap<u32, Space, RandomState>,
}

/// An index may be so far ahead of the number of names: far more than the stripes of names can
/// differ, and little enough that a forged file cannot ask for much memory.
const SPREAD: usize = 1 << 20;

fn corrupt(message: String) -> Error {
    Error::new(ErrorKind::Corrupt, "open", message)
}

impl Rebuild {
    pub(super) fn new() -> Self {
        Rebuild { spaces: HashMap::with_hasher(RandomState::new()) }
    }

    /// Takes one change in.
    pub(super) fn apply(&mut self, change: Change<'_>) -> Result<()> {
        match change {
            Change::Namespace { number, name, settings } => {
                let space = self.spaces.entry(number).or_insert_with(|| Space {
                    place: Place::new(number, name, settings),
                    states: Vec::new(),
                    names: 0,
                });
                if space.place.name != name || space.place.settings != settings {
                    return Err(corrupt(format!("namespace {number} is told in two ways")));
                }
                Ok(())
            }
            Change::Define { handle, id } => self.define(handle, id),
            Change::Move { handle, time_us, position, expires_us, payload } => {
                let state = self.state(handle)?;
                let is_late = match state.standing {
                    Standing::Unseen => false,
                    Standing::Live => time_us < state.time_us,
                    Standing::Gone => time_us <= state.time_us,
                };
                if !is_late {
                    if state.standing == Standing::Gone {
                        state.payload = None;
                    }
                    state.standing = Standing::Live;
                    state.time_us = time_us;
                    state.position = position;
                    state.expires_us = expires_us.unwrap_or(NEVER);
                    match payload {
                        None => {}
                        Some([]) => state.payload = None,
                        Some(bytes) => state.payload = Some(Arc::from(bytes)),
                    }
                }
                Ok(())
            }
            Change::Delete { handle, time_us } | Change::Expire { handle, time_us } => {
                let state = self.state(handle)?;
                // A checkpoint may hold a state that is younger than the changes after its mark.
                if state.standing == Standing::Unseen || time_us >= state.time_us {
                    *state = State { time_us, standing: Standing::Gone, ..UNSEEN };
                }
                Ok(())
            }
        }
    }

    fn define(&mut self, handle: u64, id: &str) -> Result<()> {
        let number = namespace_of(handle);
        let Some(space) = self.spaces.get_mut(&number) else {
            return Err(corrupt(format!("object {id:?} is of an unknown namespace {number}")));
        };
        let index = handle as u32 as usize;
        if index < space.states.len() && space.place.hot.ids.name(index as u32) == Some(id) {
            return Ok(());
        }
        if index > SPREAD + 1_024 * space.names {
            return Err(corrupt(format!("handle {handle:#x} of {id:?} is out of all proportion")));
        }
        if !space.place.hot.ids.restore(id, index as u32) {
            return Err(corrupt(format!("handle {handle:#x} or id {id:?} is told in two ways")));
        }
        space.names += 1;
        if space.states.len() <= index {
            space.states.resize(index + 1, UNSEEN);
        }
        Ok(())
    }

    #[inline]
    fn state(&mut self, handle: u64) -> Result<&mut State> {
        self.spaces
            .get_mut(&namespace_of(handle))
            .and_then(|space| space.states.get_mut(handle as u32 as usize))
            .ok_or_else(|| corrupt(format!("handle {handle:#x} is used before it is named")))
    }

    /// Puts the last states into the hot indexes. A position that no upsert would have taken is
    /// refused here: a checksum vouches for the bytes, not for who wrote them.
    pub(super) fn finish(self) -> Result<Registry> {
        let mut spaces: Vec<Space> = self.spaces.into_values().collect();
        spaces.sort_by_key(|space| space.place.number);
        let mut registry = Registry::default();
        for Space { place, mut states, .. } in spaces {
            for index in near_after_near(&states) {
                let state = std::mem::replace(&mut states[index as usize], UNSEEN);
                if state.standing == Standing::Live {
                    let space = place.settings.space;
                    space.validate("open", state.position).map_err(|error| {
                        corrupt(format!("a position is impossible: {}", error.message()))
                    })?;
                }
                restore(&place, index, state);
            }
            registry.add(Arc::new(place));
        }
        Ok(registry)
    }
}

/// The objects in an order in which neighbours in space follow each other, so that most of them
/// go into the leaf that the one before went into: along a curve of Z over a grid of 2^16 by 2^16.
fn near_after_near(states: &[State]) -> Vec<u32> {
    let live = || states.iter().filter(|state| state.standing == Standing::Live);
    let span = |value: fn(&Point) -> f64| {
        let (mut min, mut max) = (f64::INFINITY, f64::NEG_INFINITY);
        live().for_each(|state| {
            min = min.min(value(&state.position));
            max = max.max(value(&state.position));
        });
        (min, f64::from(u16::MAX) / (max - min).max(f64::MIN_POSITIVE))
    };
    let (x, y) = (span(|p| p.x), span(|p| p.y));
    // A cast saturates, and makes 0 of what is not a number.
    let step = |value: f64, (min, scale): (f64, f64)| ((value - min) * scale) as u16;
    let mut order: Vec<(u32, u32)> = (states.iter().zip(0u32..))
        .filter(|(state, _)| state.standing != Standing::Unseen)
        .map(|(state, index)| {
            let Point { x: lon, y: lat, .. } = state.position;
            (spread(step(lon, x)) | spread(step(lat, y)) << 1, index)
        })
        .collect();
    order.sort_unstable();
    order.into_iter().map(|(_, index)| index).collect()
}

/// The bits of a number with a gap after each.
fn spread(value: u16) -> u32 {
    let mut bits = u32::from(value);
    bits = (bits | bits << 8) & 0x00ff_00ff;
    bits = (bits | bits << 4) & 0x0f0f_0f0f;
    bits = (bits | bits << 2) & 0x3333_3333;
    (bits | bits << 1) & 0x5555_5555
}

fn restore(place: &Place, index: u32, state: State) {
    match state.standing {
        Standing::Unseen => {}
        Standing::Gone => {
            place.objects.lock(index).insert(index, state.time_us);
        }
        Standing::Live => {
            if state.expires_us != NEVER {
                place.expires.store(true, Ordering::Relaxed);
            }
            let placement = Placement {
                position: state.position,
                time_us: state.time_us,
                expires_us: state.expires_us,
                payload: Some(state.payload),
            };
            place.hot.put(index, placement);
        }
    }
}
