//! What a call answers with: columns that the library owns and the caller looks at.
//!
//! Owns: the memory of an answer and the views of it. Does not own finding it. Invariants: views
//! stay valid until the result is filled anew, exported or freed; the answer of one question is
//! the engine's own rows, without a copy; all columns that are present have one length.

use std::ffi::c_char;

use std::sync::Arc;

use crate::db::Rows;

use super::border::{Fallible, Out, give, handle, take_back};
use super::status::spatio_status;
use super::versioned::{OutStruct, Versioned};

/// The answer of a call, in columns. It is the caller's, who frees it by spatio_result_free, or
/// hands it to a further call, which fills it anew and so allocates nothing once it is large
/// enough. Any number of threads may look at one; filling and freeing is for one thread alone. It
/// may outlive its namespace and its database.
pub struct spatio_result {
    /// Shared with the arrays that it was exported to; these keep what they were given.
    pub(super) held: Arc<Held>,
}

/// The columns of an answer.
#[derive(Default)]
pub(super) struct Held {
    /// The rows of one question, if that is the answer; else room to find rows in.
    pub(super) rows: Rows,
    is_one: bool,
    offsets: Vec<u64>,
    pub(super) merged: Merged,
    present: Present,
    id_offsets: Vec<u64>,
    ids: Vec<u8>,
    payload_offsets: Vec<u64>,
    payloads: Vec<u8>,
}

/// Which columns an answer has, also when it has no rows.
#[derive(Clone, Copy, Default)]
pub(super) struct Present {
    pub(super) handles: bool,
    pub(super) plane: bool,
    /// Altitudes and times.
    pub(super) states: bool,
    pub(super) distance: bool,
}

impl Present {
    /// Of rows without a distance.
    pub(super) const STATES: Present =
        Present { handles: true, plane: true, states: true, distance: false };
}

/// The rows of several questions, one after the other.
#[derive(Default)]
pub(super) struct Merged {
    pub(super) handles: Vec<u64>,
    pub(super) x: Vec<f64>,
    pub(super) y: Vec<f64>,
    pub(super) z: Vec<f64>,
    pub(super) time_us: Vec<i64>,
    pub(super) distance: Vec<f64>,
    /// Rows, also of answers that have none of the columns above.
    rows: usize,
}

/// Views of the columns of a result. Column entries with the same index belong to one row; a
/// column that the answer does not have is NULL. The memory is the result's: it stays until the
/// result is filled anew, exported or freed, and must not be written to.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct spatio_columns {
    /// sizeof(spatio_columns), set by the caller.
    pub struct_size: u32,
    /// 0.
    pub reserved: u32,
    /// Rows of all queries together.
    pub rows: u64,
    /// Queries (or objects, of spatio_trajectory) that were answered.
    pub queries: u64,
    /// queries + 1 numbers: the rows of query q are offsets[q] up to, not including,
    /// offsets[q + 1].
    pub offsets: *const u64,
    /// Handles of the objects.
    pub handles: *const u64,
    /// Longitudes in degrees, or x.
    pub x: *const f64,
    /// Latitudes in degrees, or y.
    pub y: *const f64,
    /// Altitudes in metres, or z.
    pub z: *const f64,
    /// Event times in microseconds since 1970-01-01 UTC.
    pub time_us: *const i64,
    /// Distances from the query's origin in metres or units; NaN in the rows of a query without
    /// an origin, NULL if no query has one.
    pub distance: *const f64,
    /// rows + 1 numbers: the id of row r is the bytes id_offsets[r] up to, not including,
    /// id_offsets[r + 1] of ids. Present if SPATIO_QUERY_WITH_IDS was asked for.
    pub id_offsets: *const u64,
    /// The ids behind each other, UTF-8, without NULs.
    pub ids: *const c_char,
    /// The same for payloads, if SPATIO_QUERY_WITH_PAYLOADS was asked for; no bytes: none.
    pub payload_offsets: *const u64,
    /// The payloads behind each other.
    pub payloads: *const u8,
}

// SAFETY: `repr(C)`, begins with its size, has no padding; numbers and pointers of any value.
unsafe impl Versioned for spatio_columns {
    const NAME: &'static str = "spatio_columns";
    const FIRST_SIZE: usize = size_of::<spatio_columns>();

    fn defaults() -> Self {
        spatio_columns {
            struct_size: size_of::<spatio_columns>() as u32,
            reserved: 0,
            rows: 0,
            queries: 0,
            offsets: std::ptr::null(),
            handles: std::ptr::null(),
            x: std::ptr::null(),
            y: std::ptr::null(),
            z: std::ptr::null(),
            time_us: std::ptr::null(),
            distance: std::ptr::null(),
            id_offsets: std::ptr::null(),
            ids: std::ptr::null(),
            payload_offsets: std::ptr::null(),
            payloads: std::ptr::null(),
        }
    }
}

/// A column as the caller sees it: NULL where it is not there.
fn view<T>(column: &[T]) -> *const T {
    match column.is_empty() {
        true => std::ptr::null(),
        false => column.as_ptr(),
    }
}

/// A column that may be without values and yet be there.
fn view_with<T, U>(offsets: &[u64], column: &[T]) -> *const U {
    match offsets.is_empty() {
        true => std::ptr::null(),
        false => column.as_ptr().cast(),
    }
}

impl Held {
    /// Forgets the former answer and keeps the room.
    pub(super) fn begin(&mut self) {
        self.rows.clear();
        self.is_one = false;
        self.offsets.clear();
        self.offsets.push(0);
        let Merged { handles, x, y, z, time_us, distance, rows } = &mut self.merged;
        handles.clear();
        [x, y, z, distance].into_iter().for_each(Vec::clear);
        time_us.clear();
        *rows = 0;
        self.present = Present::default();
        self.id_offsets.clear();
        self.ids.clear();
        self.payload_offsets.clear();
        self.payloads.clear();
    }

    pub(super) fn len(&self) -> usize {
        if self.is_one { self.rows.len() } else { self.merged.rows }
    }

    /// Makes the rows just found the whole answer.
    pub(super) fn take_rows(&mut self, is_measured: bool) {
        self.is_one = true;
        self.present = Present { distance: is_measured, ..Present::STATES };
        self.offsets.push(self.rows.len() as u64);
    }

    /// Adds the rows just found to the answer.
    pub(super) fn add_rows(&mut self, is_measured: bool) {
        let (rows, merged) = (&self.rows, &mut self.merged);
        merged.handles.extend_from_slice(rows.handles());
        merged.x.extend_from_slice(rows.x());
        merged.y.extend_from_slice(rows.y());
        merged.z.extend_from_slice(rows.z());
        merged.time_us.extend_from_slice(rows.time_us());
        let had_distance = self.present.distance;
        self.present = Present { distance: had_distance || is_measured, ..Present::STATES };
        if is_measured && !had_distance {
            merged.distance.resize(merged.rows, f64::NAN);
        }
        merged.rows = merged.handles.len();
        if is_measured {
            merged.distance.extend_from_slice(rows.distance());
        } else if had_distance {
            merged.distance.resize(merged.rows, f64::NAN);
        }
        self.offsets.push(self.merged.rows as u64);
    }

    /// Says that the rows added since the last time belong to one question.
    pub(super) fn end_query(&mut self) {
        let columns = [self.merged.handles.len(), self.merged.x.len()];
        let ids = self.id_offsets.len().saturating_sub(1);
        self.merged.rows = columns.into_iter().fold(ids, usize::max);
        self.offsets.push(self.merged.rows as u64);
    }

    /// Says which columns an answer has that is not made of rows found.
    pub(super) fn says(&mut self, present: Present) {
        self.present = present;
    }

    pub(super) fn present(&self) -> Present {
        self.present
    }

    /// Adds an id to the column of ids.
    pub(super) fn push_id(&mut self, id: &str) {
        if self.id_offsets.is_empty() {
            self.id_offsets.push(0);
        }
        self.ids.extend_from_slice(id.as_bytes());
        self.id_offsets.push(self.ids.len() as u64);
    }

    /// Adds the ids of the rows just found.
    pub(super) fn add_ids(&mut self) {
        self.open_ids();
        for row in 0..self.rows.len() {
            self.ids.extend_from_slice(self.rows.id(row).as_bytes());
            self.id_offsets.push(self.ids.len() as u64);
        }
    }

    /// Makes the column of ids present, even without rows.
    pub(super) fn open_ids(&mut self) {
        if self.id_offsets.is_empty() {
            self.id_offsets.push(0);
        }
    }

    /// Makes the column of payloads present, even without rows.
    pub(super) fn open_payloads(&mut self) {
        if self.payload_offsets.is_empty() {
            self.payload_offsets.push(0);
        }
    }

    /// Adds a payload to that column.
    pub(super) fn push_payload(&mut self, payload: &[u8]) {
        self.payloads.extend_from_slice(payload);
        self.payload_offsets.push(self.payloads.len() as u64);
    }

    /// Adds the payloads of the rows just found.
    pub(super) fn add_payloads(&mut self) {
        self.open_payloads();
        for row in 0..self.rows.len() {
            self.payloads.extend_from_slice(self.rows.payload(row).unwrap_or_default());
            self.payload_offsets.push(self.payloads.len() as u64);
        }
    }

    /// The columns of the answer.
    pub(super) fn columns(&self) -> spatio_columns {
        let (rows, merged) = (&self.rows, &self.merged);
        let pick = |one, many| view(if self.is_one { one } else { many });
        spatio_columns {
            rows: self.len() as u64,
            queries: self.offsets.len().saturating_sub(1) as u64,
            offsets: view(&self.offsets),
            handles: match self.is_one {
                true => view(rows.handles()),
                false => view(&merged.handles),
            },
            x: pick(rows.x(), &merged.x),
            y: pick(rows.y(), &merged.y),
            z: pick(rows.z(), &merged.z),
            time_us: match self.is_one {
                true => view(rows.time_us()),
                false => view(&merged.time_us),
            },
            distance: match (self.present.distance, self.is_one) {
                (false, _) => std::ptr::null(),
                (true, true) => rows.distance().as_ptr(),
                (true, false) => merged.distance.as_ptr(),
            },
            id_offsets: view(&self.id_offsets),
            ids: view_with(&self.id_offsets, &self.ids),
            payload_offsets: view(&self.payload_offsets),
            payloads: view_with(&self.payload_offsets, &self.payloads),
            ..Versioned::defaults()
        }
    }
}

/// An answer under way: the caller's result, or a new one that it is given at the end.
pub(super) struct Answer<'a> {
    place: Out<*mut spatio_result>,
    reused: Option<&'a mut spatio_result>,
    fresh: Option<Arc<Held>>,
    columns: Option<OutStruct<spatio_columns>>,
}

impl Answer<'_> {
    /// Looks at what the caller gave.
    ///
    /// # Safety
    ///
    /// `result` is NULL or points to NULL or to a result of the caller's that nobody else uses
    /// during the call; `columns` is NULL or a struct of the caller's.
    pub(super) unsafe fn new(
        result: *mut *mut spatio_result,
        columns: *mut spatio_columns,
    ) -> Fallible<Self> {
        // SAFETY: what the caller of this function vouches for.
        unsafe {
            let place = Out::one(result, "result")?;
            let given = result.read();
            let columns = OutStruct::optional(columns, "columns")?;
            let reused = match given.is_null() {
                true => None,
                false => {
                    super::versioned::check_pointer(given.cast_const(), "*result")?;
                    Some(&mut *given)
                }
            };
            Ok(Answer { place, reused, fresh: None, columns })
        }
    }

    /// The columns to fill, emptied.
    pub(super) fn begin(&mut self) -> &mut Held {
        let held = match &mut self.reused {
            Some(result) => &mut result.held,
            None => self.fresh.get_or_insert_default(),
        };
        if Arc::get_mut(held).is_none() {
            *held = Arc::default();
        }
        let held = Arc::get_mut(held).expect("it is shared with nobody");
        held.begin();
        held
    }

    /// Hands the answer over.
    pub(super) fn finish(self) {
        let Answer { place, reused, fresh, columns } = self;
        let views = match &reused {
            Some(result) => result.held.columns(),
            None => {
                let fresh = fresh.unwrap_or_default();
                let views = fresh.columns();
                place.set(0, give(spatio_result { held: fresh }));
                views
            }
        };
        if let Some(columns) = columns {
            columns.set(&views);
        }
    }
}

/// Views of the columns of a result that an earlier call filled.
///
/// @param result   a result
/// @param columns  receives the views; its struct_size must be set
///
/// SPATIO_NULL_POINTER or SPATIO_INVALID_ARGUMENT. Any thread. Since 0.1.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn spatio_result_columns(
    result: *const spatio_result,
    columns: *mut spatio_columns,
) -> spatio_status {
    // SAFETY: the caller's pointers are what the header asks for.
    unsafe {
        super::border::enter(std::ptr::null_mut(), "spatio_result_columns", || {
            let out = OutStruct::new(columns, "columns")?;
            out.set(&handle(result, "result")?.held.columns());
            Ok(())
        })
    }
}

/// Frees a result with its columns. NULL is fine. Since 0.1.
///
/// @param result  a result
#[unsafe(no_mangle)]
pub unsafe extern "C" fn spatio_result_free(result: *mut spatio_result) {
    // SAFETY: the caller gives the result up.
    drop(unsafe { take_back(result) });
}
