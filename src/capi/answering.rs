//! The caller's questions answered: all of a call into a result, or one into columns of its own.
//!
//! Owns: the way from queries to columns, and rows that are kept to search in. Does not own who is
//! asked, a namespace or a pack. Invariants: after a failure a result is empty.

use crate::db::{Cancel, Query, Rows};
use crate::error::Result;
use crate::sync::Mutex;

use super::border::{Fallible, Out};
use super::cancel::{self, spatio_cancel};
use super::query::{
    Queries, SPATIO_NO_LIMIT, SPATIO_QUERY_WITH_IDS, SPATIO_QUERY_WITH_PAYLOADS, spatio_query,
};
use super::result::{Answer, Held, spatio_columns, spatio_result};

/// Who answers queries.
pub(super) trait Asked {
    fn ask(&self, query: &Query, rows: &mut Rows, cancel: Option<&Cancel>) -> Result<()>;
    fn spare(&self) -> &Spare;
}

/// Rows to search in, so that a frame loop does not allocate.
pub(super) struct Spare(Mutex<Vec<Rows>>);

impl Spare {
    pub(super) fn new() -> Self {
        Spare(Mutex::new(Vec::with_capacity(8)))
    }

    /// Runs `work` with rows that are kept for the next time.
    fn with_rows<T>(&self, work: impl FnOnce(&mut Rows) -> T) -> T {
        let kept = self.0.lock().pop();
        let mut rows = kept.unwrap_or_default();
        let done = work(&mut rows);
        let mut spare = self.0.lock();
        if spare.len() < spare.capacity() {
            spare.push(rows);
        }
        done
    }
}

/// Answers all queries of a call.
///
/// # Safety
///
/// The pointers, also those in the queries, are what the header asks for.
pub(super) unsafe fn run(
    asked: &impl Asked,
    (queries, n): (*const spatio_query, usize),
    cancel: *mut spatio_cancel,
    (result, columns): (*mut *mut spatio_result, *mut spatio_columns),
) -> Fallible {
    // SAFETY: what the caller of this function vouches for.
    unsafe {
        let mut answer = Answer::new(result, columns)?;
        let held = answer.begin();
        let queries = Queries::new(queries, n)?;
        let cancel = cancel::flag(cancel.cast_const())?;
        if let Err(failure) = run_all(asked, queries, cancel, held) {
            held.begin();
            return Err(failure);
        }
        answer.finish();
    }
    Ok(())
}

/// Answers all queries.
///
/// # Safety
///
/// The pointers in the queries are what the header asks for.
unsafe fn run_all(
    asked: &impl Asked,
    queries: Queries,
    cancel: Option<&Cancel>,
    held: &mut Held,
) -> Fallible {
    let asks = |flag| (0..queries.len()).any(|at| queries.get(at).is_ok_and(|q| q.has(flag)));
    let (with_ids, with_payloads) = (asks(SPATIO_QUERY_WITH_IDS), asks(SPATIO_QUERY_WITH_PAYLOADS));
    for at in 0..queries.len() {
        let given = queries.get(at).map_err(|failure| failure.in_row(at))?;
        // SAFETY: what the caller of this function vouches for.
        let query = unsafe { given.engine() }.map_err(|failure| failure.in_row(at))?;
        asked.ask(&query, &mut held.rows, cancel).map_err(|error| error.in_row(at))?;
        if with_ids {
            held.add_ids();
        }
        if with_payloads {
            held.add_payloads();
        }
        match queries.len() {
            1 => held.take_rows(given.is_measured()),
            _ => held.add_rows(given.is_measured()),
        }
    }
    Ok(())
}

/// Columns of the caller's for the rows of one query.
pub(super) struct Room {
    pub(super) capacity: usize,
    pub(super) handles: *mut u64,
    pub(super) x: *mut f64,
    pub(super) y: *mut f64,
    pub(super) z: *mut f64,
    pub(super) time_us: *mut i64,
    pub(super) distance: *mut f64,
    pub(super) rows: *mut usize,
}

/// Answers one query into the caller's columns.
///
/// # Safety
///
/// The pointers, also those in the query, are what the header asks for.
pub(super) unsafe fn run_into(
    asked: &impl Asked,
    query: *const spatio_query,
    Room { capacity, handles, x, y, z, time_us, distance, rows }: Room,
) -> Fallible {
    // SAFETY: what the caller of this function vouches for.
    unsafe {
        let count = Out::one(rows, "rows")?;
        count.set(0, 0);
        let mut given = Queries::new(query, 1)?.get(0)?;
        given.limit = given.limit.min(u32::try_from(capacity).unwrap_or(SPATIO_NO_LIMIT));
        let query = given.engine()?;
        let handles = Out::optional(handles, capacity, "handles")?;
        let (x, y) = (Out::optional(x, capacity, "x")?, Out::optional(y, capacity, "y")?);
        let z = Out::optional(z, capacity, "z")?;
        let times = Out::optional(time_us, capacity, "time_us")?;
        let distance = Out::optional(distance, capacity, "distance")?;
        asked.spare().with_rows(|found| {
            asked.ask(&query, found, None)?;
            handles.copy(found.handles());
            x.copy(found.x());
            y.copy(found.y());
            z.copy(found.z());
            times.copy(found.time_us());
            distance.copy(found.distance());
            if !given.is_measured() {
                (0..found.len()).for_each(|row| distance.set(row, f64::NAN));
            }
            count.set(0, found.len());
            Ok(())
        })
    }
}
