//! Many objects in one call: by handle in columns, or by id.
//!
//! Owns: the batch types and the order of work in a batch. Does not own the rule for one update
//! (`write.rs`). Invariants: a batch is checked whole before its first row is written; rows take
//! effect in their order; if the log fails in the middle, the error names the row, and the rows
//! before it stand.

use crate::error::{Error, Result};
use crate::geom::{Point, Space};
use crate::hot::{AHEAD, NEVER};

use super::limits::check_id;
use super::namespace::Namespace;
use super::write::{Outcome, Update, Upsert, Written, check_update, expiry};

/// Moves by handle, a column for each field; all columns have one length.
#[derive(Clone, Copy, Debug, Default)]
pub struct Moves<'a> {
    /// The objects.
    pub handles: &'a [u64],
    /// Longitudes in degrees, or x.
    pub x: &'a [f64],
    /// Latitudes in degrees, or y.
    pub y: &'a [f64],
    /// Altitudes in metres, or z; absent, they are 0.
    pub z: Option<&'a [f64]>,
    /// Event times in microseconds; absent, they are now.
    pub time_us: Option<&'a [i64]>,
}

/// What a batch did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct BatchOutcome {
    /// Rows that set the present state.
    pub applied: usize,
    /// Rows older than what was known, which went to history.
    pub late: usize,
}

impl BatchOutcome {
    fn add(&mut self, outcome: Outcome) {
        match outcome {
            Outcome::Late => self.late += 1,
            Outcome::Created | Outcome::Moved => self.applied += 1,
        }
    }
}

/// The state of several objects, a column for each field.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Columns {
    /// Whether the object is here; where not, the other columns hold 0.
    pub found: Vec<bool>,
    /// Longitudes in degrees, or x.
    pub x: Vec<f64>,
    /// Latitudes in degrees, or y.
    pub y: Vec<f64>,
    /// Altitudes in metres, or z.
    pub z: Vec<f64>,
    /// Event times in microseconds.
    pub time_us: Vec<i64>,
}

/// Rows between the one that is checked and the one whose place is fetched.
const CHECKED_AHEAD: usize = 24;

impl Namespace {
    /// Moves many objects in one call; payloads stay.
    pub fn upsert_columns(&self, moves: &Moves<'_>) -> Result<BatchOutcome> {
        const OPERATION: &str = "upsert_columns";
        self.core.check_writable(OPERATION)?;
        self.check_moves(OPERATION, moves)?;
        let ttl_us = self.place.settings.ttl_us;
        let now_us = match (moves.time_us, ttl_us) {
            (Some(_), None) => 0,
            _ => self.core.clock.now_us(),
        };
        let expires_us = expiry(now_us, ttl_us);
        let mut outcome = BatchOutcome::default();
        let mut last = 0;
        let rows = moves.handles.len();
        let mut scout = self.place.hot.scout();
        let ahead = AHEAD.min(rows);
        for step in 0..rows + 3 * ahead {
            if step < rows {
                scout.fetch_place(moves.handles[step] as u32, moves.position(step));
            }
            if let Some(row) = step.checked_sub(2 * ahead).filter(|&row| row < rows) {
                scout.fetch_rows(row);
            }
            if let Some(row) = step.checked_sub(ahead).filter(|&row| row < rows) {
                scout.fetch_leaves(row, moves.handles[row] as u32, moves.position(row));
            }
            let Some(row) = step.checked_sub(3 * ahead) else { continue };
            let update = Update {
                position: moves.position(row),
                time_us: moves.time_us.map_or(now_us, |time_us| time_us[row]),
                expires_us,
                payload: None,
            };
            let written = self
                .core
                .write(&self.place, moves.handles[row] as u32, &update)
                .map_err(|error| error.in_row(row))?;
            last = last.max(written.seq);
            outcome.add(written.outcome);
        }
        self.core.settle(&self.place, last)?;
        Ok(outcome)
    }

    fn check_moves(&self, operation: &'static str, moves: &Moves<'_>) -> Result<()> {
        let rows = moves.handles.len();
        let lengths = [
            ("x", Some(moves.x.len())),
            ("y", Some(moves.y.len())),
            ("z", moves.z.map(<[f64]>::len)),
            ("time_us", moves.time_us.map(<[i64]>::len)),
        ];
        for (name, length) in lengths {
            if let Some(length) = length.filter(|&length| length != rows) {
                let message = format!("{name} has {length} rows, handles has {rows}");
                return Err(Error::invalid(operation, message));
            }
        }
        for row in 0..rows {
            if let Some(&later) = moves.handles.get(row + CHECKED_AHEAD) {
                self.place.hot.fetch_place(later as u32);
            }
            self.place.index(operation, moves.handles[row]).map_err(|error| error.in_row(row))?;
            self.space()
                .validate(operation, moves.position(row))
                .map_err(|error| error.in_row(row))?;
        }
        Ok(())
    }

    /// Updates many objects by id in one call.
    pub fn upsert_batch(&self, rows: &[(&str, Point, Upsert<'_>)]) -> Result<BatchOutcome> {
        let mut outcome = BatchOutcome::default();
        self.upsert_each(rows.iter().copied(), |_, written| outcome.add(written.outcome))?;
        Ok(outcome)
    }

    /// The same for rows that stand in no slice; tells of each what it did. They are gone through
    /// twice: checked, then written.
    pub fn upsert_each<'a>(
        &self,
        rows: impl Iterator<Item = (&'a str, Point, Upsert<'a>)> + Clone,
        mut tell: impl FnMut(usize, Written),
    ) -> Result<()> {
        const OPERATION: &str = "upsert_batch";
        self.core.check_writable(OPERATION)?;
        for (row, (id, position, with)) in rows.clone().enumerate() {
            check_update(OPERATION, self.space(), id, position, &with)
                .map_err(|error| error.in_row(row))?;
        }
        let mut last = 0;
        for (row, (id, position, with)) in rows.enumerate() {
            let update = self.update(position, &with);
            let written = self
                .intern_index(OPERATION, id)
                .and_then(|index| self.core.write(&self.place, index, &update))
                .map_err(|error| error.in_row(row))?;
            last = last.max(written.seq);
            tell(row, written);
        }
        self.core.settle(&self.place, last)
    }

    /// Adds a bulk of past positions to an object's track; the newest becomes its present state
    /// unless that is newer still. Returns how many there were.
    pub fn insert_trajectory(&self, id: &str, points: &[(i64, Point)]) -> Result<usize> {
        const OPERATION: &str = "insert_trajectory";
        self.core.check_writable(OPERATION)?;
        check_track(OPERATION, self.space(), id, points)?;
        self.check_history(OPERATION)?;
        let Some(newest) = points.iter().map(|(time_us, _)| *time_us).max() else { return Ok(0) };
        let expires_us = match self.place.settings.ttl_us {
            None => NEVER,
            ttl_us => expiry(self.core.clock.now_us(), ttl_us),
        };
        let index = self.intern_index(OPERATION, id)?;
        let mut last = 0;
        for (row, &(time_us, position)) in points.iter().enumerate() {
            let update = Update { position, time_us, expires_us, payload: None };
            let written = self.core.write(&self.place, index, &update);
            last = written.map_err(|error| error.in_row(row))?.seq.max(last);
        }
        debug_assert!(self.place.hot.times(index).is_none_or(|(held, _)| held >= newest));
        self.core.settle(&self.place, last)?;
        Ok(points.len())
    }

    /// Reads the state of many objects into `columns`, whose former content goes.
    pub fn get_columns(&self, handles: &[u64], columns: &mut Columns) -> Result<()> {
        self.check_handles(handles)?;
        columns.clear();
        self.tell_each(handles, |_, state| {
            let (position, time_us) = state.unwrap_or_default();
            columns.found.push(state.is_some());
            columns.x.push(position.x);
            columns.y.push(position.y);
            columns.z.push(position.z);
            columns.time_us.push(time_us);
        });
        Ok(())
    }

    /// Tells position and event time of many objects, `None` for those that are not here.
    pub fn get_each(
        &self,
        handles: &[u64],
        tell: impl FnMut(usize, Option<(Point, i64)>),
    ) -> Result<()> {
        self.check_handles(handles)?;
        self.tell_each(handles, tell);
        Ok(())
    }

    fn check_handles(&self, handles: &[u64]) -> Result<()> {
        const OPERATION: &str = "get_columns";
        self.core.check_open(OPERATION)?;
        for (row, &handle) in handles.iter().enumerate() {
            self.place.index(OPERATION, handle).map_err(|error| error.in_row(row))?;
        }
        Ok(())
    }

    fn tell_each(&self, handles: &[u64], mut tell: impl FnMut(usize, Option<(Point, i64)>)) {
        for (row, &handle) in handles.iter().enumerate() {
            tell(row, self.live(handle as u32).map(|row| (row.position, row.time_us)));
        }
    }
}

/// Refuses a bulk of past positions that no namespace of `space` takes.
pub(super) fn check_track(
    operation: &'static str,
    space: Space,
    id: &str,
    points: &[(i64, Point)],
) -> Result<()> {
    check_id(operation, "id", id)?;
    points.iter().enumerate().try_for_each(|(row, (_, position))| {
        space.validate(operation, *position).map_err(|error| error.in_row(row))
    })
}

impl Moves<'_> {
    #[inline]
    fn position(&self, row: usize) -> Point {
        Point::new_3d(self.x[row], self.y[row], self.z.map_or(0.0, |z| z[row]))
    }
}

impl Columns {
    /// No rows yet.
    pub fn new() -> Self {
        Columns::default()
    }

    fn clear(&mut self) {
        self.found.clear();
        self.x.clear();
        self.y.clear();
        self.z.clear();
        self.time_us.clear();
    }
}
